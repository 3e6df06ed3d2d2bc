"""From documents as a source has them to text that can be measured: the whole of cleaning, on plain values."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipeline.text.aligned import AlignedText, Span, concatenate, inserted
from pipeline.text.boilerplate import (
    FURNITURE,
    RECURS,
    furniture,
    headline,
    is_standing,
    recurrence_key,
    recurring,
    slug_parts,
)
from pipeline.text.language import detect_language
from pipeline.text.lines import repaired, split_lines
from pipeline.text.outlets import Outlet, one_spelling
from pipeline.text.passages import (
    compile_terms,
    is_transcript,
    mentioning,
    running_labels,
    turn_label,
)

_OPINION_SECTION = re.compile(
    r"(?:opinions?|editorials?|columns?|columnists?|commentary|op-?eds?|letters(?: to the editor)?|views?|viewpoints?"
    r"|comment|commentisfree|perspectives?|guest columns?|opinion\b.*|editorial\b.*)",
    re.IGNORECASE,
)
_OPINION_TITLE = re.compile(
    r"^\W*(?:opinion|editorial|column|commentary|op-?ed|analysis & opinion|letters?|guest column)\s*[:|–—-]",
    re.IGNORECASE,
)
_SECTION_KEYS = ("section", "category", "genre", "type", "news_desk")
_LEAD_PARAGRAPHS = 3
_LINE_SHOWN = 300


@dataclass(frozen=True)
class Document:
    """A document as its source has it; `sections` and `language` are empty where the source is silent.

    `title_stated` is false where the title is only the first line of a text.
    """

    outlet: str
    title: str
    title_stated: bool
    body: str
    sections: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class CleaningRules:
    """What the params section `clean` says, compiled."""

    languages: Sequence[str]
    recurring_line_share: float
    recurring_line_articles: int
    recurring_line_words: int
    long_document_words: int
    passage_context_paragraphs: int
    passage_terms: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, section: Mapping[str, object]) -> "CleaningRules":
        """The rules of a params section, given as a mapping."""
        terms = {country: compile_terms(patterns) for country, patterns in section["passage_terms"].items()}  # type: ignore[attr-defined]
        return cls(**{**section, "passage_terms": terms})  # type: ignore[arg-type]


@dataclass(frozen=True)
class RemovedLine:
    """A line that cleaning took away: where it began in the source, the line, the rule."""

    raw_start: int
    line: str
    reason: str


@dataclass(frozen=True)
class CleanDocument:
    """A cleaned document; `dropped` says why it has no place in the coverage, with a detail, else it is empty."""

    outlet: str
    outlet_country: str
    genre: str
    title: str
    text: str
    language: str
    raw_spans: tuple[Span, ...]
    removed: tuple[RemovedLine, ...]
    dropped: str
    detail: str


def document_of(row: Mapping[Any, Any]) -> Document:
    """A document from a row of articles; its sections are looked for in `extra` and in the address's path."""
    first_line_is_title = row["path"].removesuffix(".gz").lower().endswith((".txt", ".md"))
    extra = json.loads(row["extra"])
    stated = [part for key in _SECTION_KEYS for part in re.split(r"[/,|;>]", str(extra.get(key) or ""))]
    address = urlsplit(row["url"] or "").path.split("/")[:-1]
    sections = tuple(part.strip() for part in (*stated, *address) if part.strip())
    return Document(
        row["outlet"], row["title"], not first_line_is_title, row["body"], sections, row["language"] or ""
    )


def clean_documents(
    documents: Sequence[Document], known: Mapping[str, Outlet], rules: CleaningRules
) -> Iterable[CleanDocument]:
    """Clean documents of one corpus together, since lines recur within outlets.

    Args:
        documents: in any order; the result has the same.
        known: outlets by key, from `known_outlets`.
        rules: the params section `clean`.
    """
    spelled = one_spelling([document.outlet for document in documents], known)
    lines = [split_lines(document.body) for document in documents]
    recurs = recurring(
        (
            (spelled[document.outlet].name, [line.text for line in own])
            for document, own in zip(documents, lines, strict=True)
        ),
        rules.recurring_line_share,
        rules.recurring_line_articles,
        rules.recurring_line_words,
    )
    for document, own in zip(documents, lines, strict=True):
        yield clean_document(document, own, spelled[document.outlet], recurs, rules)


def clean_document(
    document: Document,
    lines: Sequence[AlignedText],
    outlet: Outlet,
    recurs: set[tuple[str, str]],
    rules: CleaningRules,
) -> CleanDocument:
    """Clean one document, given its lines and what recurs in its outlet."""
    texts = [line.text for line in lines]
    genre = _genre(document, texts, outlet)
    title = headline(repaired(document.title), texts, outlet.name, document.title_stated)
    scope, outside = _in_scope(lines, outlet.country, rules)
    kept, removed = _without_boilerplate(lines, scope, title, outlet, genre, recurs)
    if genre in ("official", "transcript"):
        kept = _with_speakers(lines, kept)
    body = _paragraphs(list(kept.values()))
    text = body.text or title
    language = detect_language(text, document.language) if text else ""
    dropped, detail = _dropped(text, language, rules.languages)
    return CleanDocument(
        outlet=outlet.name,
        outlet_country=outlet.country,
        genre=genre,
        title=title,
        text=text,
        language=language,
        raw_spans=tuple(body.spans()),
        removed=tuple(sorted([*removed, *outside], key=lambda line: line.raw_start)),
        dropped=dropped,
        detail=detail,
    )


def _genre(document: Document, texts: Sequence[str], outlet: Outlet) -> str:
    """News, unless form, outlet, section or title say otherwise."""
    if is_transcript(texts):
        return "transcript"
    if outlet.kind == "government":
        return "official"
    if any(map(_OPINION_SECTION.fullmatch, document.sections)) or _OPINION_TITLE.search(document.title):
        return "opinion"
    return "news"


def _without_boilerplate(
    lines: Sequence[AlignedText],
    scope: Sequence[int],
    title: str,
    outlet: Outlet,
    genre: str,
    recurs: set[tuple[str, str]],
) -> tuple[dict[int, AlignedText], list[RemovedLine]]:
    """Lines in scope that stay, by index, and those that go with their reasons."""
    official = genre in ("official", "transcript")
    reasons = furniture([lines[i].text for i in scope], title, official)
    again = {i for i in scope if (outlet.name, recurrence_key(lines[i].text)) in recurs}
    # Where most of a text recurs, the outlet runs one story again and again: that is no boilerplate.
    if 2 * sum(len(lines[i]) for i in again) > sum(len(lines[i]) for i in scope):
        again = set()
    kept: dict[int, AlignedText] = {}
    removed = []
    for i, reason in zip(scope, reasons, strict=True):
        line = lines[i]
        if reason is None and i in again:
            reason = RECURS
        tail = None if official or reason == RECURS else _after_slug(line)
        if tail is not None:
            removed.append(_removed(line.slice(0, len(line) - len(tail)), FURNITURE))
            kept[i] = tail
        elif reason is None:
            kept[i] = line
        else:
            removed.append(_removed(line, reason))
    return kept, removed


def _after_slug(line: AlignedText) -> AlignedText | None:
    """The sentence that a site's slug runs into on the same line, if it does."""
    parts = slug_parts(line.text)
    if not parts:
        return None
    start, end = parts[-1]
    sentence = line.slice(start, end)
    words = len(sentence.text.split())
    return sentence if words >= 10 and sentence.text.rstrip()[-1:] in '.!?”"' else None


def _removed(line: AlignedText, reason: str) -> RemovedLine:
    shown = line.text if len(line.text) <= _LINE_SHOWN else line.text[: _LINE_SHOWN - 1] + "…"
    return RemovedLine(int(line.offsets[0]), shown, reason)


def _in_scope(
    lines: Sequence[AlignedText], country: str, rules: CleaningRules
) -> tuple[Sequence[int], list[RemovedLine]]:
    """Indices of all lines of a short document; of a long one, those around mentions of the other country.

    A long document that never mentions it keeps its first paragraphs: it counts as coverage, of
    something else.
    """
    if sum(len(line.text.split()) for line in lines) <= rules.long_document_words:
        return range(len(lines)), []
    terms = rules.passage_terms["us" if country == "canada" else "canada"]
    texts = ["" if is_standing(line.text) else line.text for line in lines]
    scope = mentioning(texts, terms, rules.passage_context_paragraphs)
    scope = scope or list(range(min(_LEAD_PARAGRAPHS, len(lines))))
    inside = set(scope)
    return scope, [_removed(line, "outside_passages") for i, line in enumerate(lines) if i not in inside]


def _with_speakers(lines: Sequence[AlignedText], kept: Mapping[int, AlignedText]) -> dict[int, AlignedText]:
    """Kept paragraphs of a transcript; one that follows a gap opens with the label of whoever has the word."""
    running = running_labels([line.text for line in lines])
    labelled = dict(kept)
    for i, paragraph in kept.items():
        speaker = running[i]
        if i - 1 not in kept and speaker is not None and speaker != i:
            span = turn_label(lines[speaker].text)
            label = lines[speaker].slice(*span) if span else lines[speaker].slice(0, 0)
            labelled[i] = concatenate([label, inserted(" ", int(label.offsets[-1])), paragraph])
    return labelled


def _paragraphs(lines: Sequence[AlignedText]) -> AlignedText:
    """Lines as paragraphs, a blank line between them."""
    pieces: list[AlignedText] = []
    for line in lines:
        if pieces:
            pieces.append(inserted("\n\n", int(pieces[-1].offsets[-1])))
        pieces.append(line)
    return concatenate(pieces)


def _dropped(text: str, language: str, languages: Sequence[str]) -> tuple[str, str]:
    if not text:
        return "no_text_left", "nothing but boilerplate, and no title"
    if language not in languages:
        return "other_language", f"detected as {language}; clean.languages has {', '.join(languages)}"
    return "", ""
