"""Words of a text as names are compared: without full stops, curly apostrophes and hyphens."""

import re
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’](?![sS]\b)[^\W_]+)*|['’][sS]\b|&")


class Word(NamedTuple):
    """text[start:end] with its key; `dotted` where a full stop follows ('Mich.')."""

    key: str
    start: int
    end: int
    dotted: bool


def split_words(text: str, start: int, end: int) -> list[Word]:
    """The words of text[start:end]; the ending 's is a word of its own, and hyphens part words."""
    return [
        Word(
            match.group().replace(".", "").replace("’", "'"),
            match.start(),
            match.end(),
            text[match.end() : match.end() + 1] == ".",
        )
        for match in _WORD.finditer(text, start, end)
    ]


def word_keys(text: str) -> tuple[str, ...]:
    """The keys of all words of a text."""
    return tuple(word.key for word in split_words(text, 0, len(text)))


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())
