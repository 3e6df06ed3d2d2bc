"""Who speaks or acts in each sentence of a document.

In news, claims are found clause by clause and their holders in the cast of the article; a
quotation that spans sentences goes to the speaker of its cue. In a transcript the turn has the
speaker. In an official document or an opinion, what nobody else holds is the document's own voice.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.text.actors import Directory
from pipeline.text.cast import Cast, Holder
from pipeline.text.quotes import Quote, find_quotes
from pipeline.text.scenes import Scene
from pipeline.text.sentences import Sentence, parse_texts
from pipeline.text.speech import Heard, Line, Reader, speakers_of_quotes
from pipeline.text.turns import Turn, find_turns
from pipeline.text.verbs import ACT
from pipeline.text.voices import institution, outlet_holder, own_voices, statement_voice, turn_holder

DIRECT, INDIRECT, MIXED, OWN_VOICE, NARRATOR = "direct", "indirect", "mixed", "own_voice", "narrator"
_BESIDE_CLAIM = 0.5
_WHOLE_WORDS, _MOSTLY = 3, 0.5
_FIRST_PERSON = re.compile(r"\bI(?:['’](?:m|d|ve|ll))?(?= [a-z])")
_EDITORIAL = re.compile(
    r"\b[Ww]e (?:(?:would|would not|still|do not|don['’]t|also) )?(?:think|believe|expect|find|doubt|hope|suspect|reserve|trust|prefer|guess)\b"
    r"|\b[Oo]ur (?:own )?(?:reading|view|guess|part|advice)\b"
)
_EDITORIAL_SCORE = 0.5
# what a transcript says of the scene: '(Laughter.)'
_DIRECTION = re.compile(r"\([^()]*\)\.?$")
_COLUMN_COUNT, _COLUMN_SHARE = 3, 0.1

Voices = tuple[tuple[Holder, str], ...]


@dataclass(frozen=True)
class Document:
    """A document whose sentences are to be attributed; `country` is its outlet's, `date` None where unknown."""

    text: str
    title: str
    date: datetime.date | None
    genre: str
    outlet: str
    country: str


@dataclass(frozen=True)
class Attribution:
    """One holder of a sentence; the narrator's holder and cue are empty, side and kind 'unknown'."""

    holder: str
    side: str
    kind: str
    cue: str
    attribution: str
    score: float


_NARRATOR = Attribution("", "unknown", "unknown", "", NARRATOR, 1.0)


@dataclass(frozen=True)
class AttributedSentence:
    """text[start:end] of a document and its holders, the surest first."""

    start: int
    end: int
    holders: tuple[Attribution, ...]


def attribute_documents(
    documents: Sequence[Document], directory: Directory
) -> list[list[AttributedSentence]]:
    """For each document its sentences in order, each with its holders; parsed together."""
    parsed = parse_texts([document.text for document in documents])
    return [
        [
            AttributedSentence(sentence.start, sentence.end, tuple(holders))
            for sentence, holders in zip(
                sentences, attribute_document(document, sentences, directory), strict=True
            )
        ]
        for document, sentences in zip(documents, parsed, strict=True)
    ]


def attribute_document(
    document: Document, sentences: Sequence[Sentence], directory: Directory
) -> list[list[Attribution]]:
    """For each sentence its holders, the surest first; the narrator alone where nobody holds it."""
    cast = Cast(document.text, document.date, directory)
    quotes = find_quotes(document.text)
    voices = _voices(document, sentences, directory, cast, quotes)
    scene = Scene.of(document.text, document.country)
    lines = Reader(document.text, quotes, cast, scene, document.genre == "official").read(sentences)
    speakers = speakers_of_quotes(document.text, lines, quotes)
    return [
        _rows(document.text, line, quoted, voice, quotes)
        for line, quoted, voice in zip(lines, speakers, voices, strict=True)
    ]


def _rows(
    text: str, line: Line, quoted: Sequence[Heard], voices: Voices, quotes: Sequence[Quote]
) -> list[Attribution]:
    """The holders of a sentence, one row each."""
    form = _form(text, line, quotes)
    rows = [_row(heard, "act" if heard.kind == ACT else form) for heard in line.heard]
    rows += [_row(heard, DIRECT) for heard in quoted]
    beside = _BESIDE_CLAIM if rows else 1.0
    for holder, attribution in voices:
        cue = "own voice" if attribution == OWN_VOICE else "turn"
        rows.append(
            Attribution(holder.name, holder.side, holder.kind, cue, attribution, beside * holder.certainty)
        )
    best: dict[str, Attribution] = {}
    for row in rows:
        if row.holder not in best or row.score > best[row.holder].score:
            best[row.holder] = row
    return sorted(best.values(), key=lambda row: -row.score) or [_NARRATOR]


def _row(heard: Heard, attribution: str) -> Attribution:
    holder = heard.holder
    return Attribution(holder.name, holder.side, holder.kind, heard.cue, attribution, heard.score)


def _form(text: str, line: Line, quotes: Sequence[Quote]) -> str:
    """Direct where a whole sentence is quoted, mixed where some words are, else indirect."""
    inner = " ".join(text[quotes[i].start : quotes[i].end].strip("\"'“”‘’«» ") for i in line.quotes)
    whole = inner[:1].isupper() and len(inner.split()) >= _WHOLE_WORDS
    if whole or line.quoted > _MOSTLY:
        return DIRECT
    return MIXED if inner else INDIRECT


def _voices(
    document: Document,
    sentences: Sequence[Sentence],
    directory: Directory,
    cast: Cast,
    quotes: Sequence[Quote],
) -> list[Voices]:
    """For each sentence whose voice it is where nobody else holds it; empty for the narrator's."""
    if document.genre == "opinion" or (
        document.genre in ("news", "unknown") and _is_column(document.text, quotes, sentences)
    ):
        return [((outlet_holder(document.outlet, document.country), OWN_VOICE),)] * len(sentences)
    if document.genre not in ("official", "transcript"):
        return _voices_in_news(document, sentences, cast, quotes)
    body = institution(document.outlet, document.country, directory)
    own: Voices = ()
    if document.genre == "official":
        unquoted = _unquoted(document.text, quotes)
        own = tuple((holder, OWN_VOICE) for holder in own_voices(document.title, body, cast, unquoted))
    turns = find_turns(document.text, titled=document.genre == "official")
    said: dict[str, Voices] = {"": own}
    for label in {turn.label for turn in turns} - {""}:
        holder = turn_holder(label, cast, body, f"{document.title}\n{document.text}")
        said[label] = ((holder, DIRECT),) if holder is not None else ()
    return [
        ()
        if _DIRECTION.match(document.text, sentence.start, sentence.end)
        else said[_turn_at(turns, sentence.start).label]
        for sentence in sentences
    ]


def _voices_in_news(
    document: Document, sentences: Sequence[Sentence], cast: Cast, quotes: Sequence[Quote]
) -> list[Voices]:
    """A press release speaks for who issues it; of a report, what says 'we think' speaks for the outlet."""
    stated = statement_voice(document.title, cast)
    if stated is not None:
        return [((stated, OWN_VOICE),)] * len(sentences)
    outlet = replace(outlet_holder(document.outlet, document.country), certainty=_EDITORIAL_SCORE)
    spoken = [
        (match := _EDITORIAL.search(document.text, sentence.start, sentence.end)) is not None
        and not any(quote.start < match.end() and match.start() < quote.end for quote in quotes)
        for sentence in sentences
    ]
    return [((outlet, OWN_VOICE),) if ours else () for ours in spoken]


def _is_column(text: str, quotes: Sequence[Quote], sentences: Sequence[Sentence]) -> bool:
    """Whether the writer says 'I' too often for a report."""
    said = len(_FIRST_PERSON.findall(_unquoted(text, quotes)))
    return said >= _COLUMN_COUNT and said >= _COLUMN_SHARE * len(sentences)


def _turn_at(turns: Sequence[Turn], start: int) -> Turn:
    return next((turn for turn in reversed(turns) if turn.start <= start), turns[0])


def _unquoted(text: str, quotes: Iterable[Quote]) -> str:
    """A text without its quotations."""
    pieces, last = [], 0
    for quote in quotes:
        pieces.append(text[last : quote.start])
        last = quote.end
    return " ".join([*pieces, text[last:]])
