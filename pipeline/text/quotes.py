"""Quotations: where each stands in a text, and which go on from one paragraph to the next.

Double marks, straight or curly, are paired by their direction; single ones count where a text has
no double ones, or where they enclose whole words and cannot be apostrophes.
"""

import re
from dataclasses import dataclass

_PARAGRAPH = re.compile(r"[^\n]+")
_DOUBLE = re.compile(r"[\"“”„«»]|''|``|‘‘|’’")
_SINGLE_QUOTE = re.compile(
    r"(?<![\w.,!?’'])[‘'](?=[^\s‘’'])(?P<inside>(?:[^‘’'\n]|(?<=\w)[’'](?=\w)|(?<=s)[’'](?= \w))+?)(?<=[\w.,!?…—–-])[’'](?!\w)"
)


@dataclass(frozen=True)
class Quote:
    """text[start:end], marks included; `goes_on` where it opens the paragraph after one that did not close."""

    start: int
    end: int
    goes_on: bool


def find_quotes(text: str) -> list[Quote]:
    """All quotations of a text, in order; none overlaps another."""
    single = _uses_single_marks(text)
    quotes: list[Quote] = []
    open_before = False
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        found, left_open = _single_quotes(text, start, end) if single else _double_quotes(text, start, end)
        opens = bool(found) and not text[start : found[0][0]].strip()
        quotes += [Quote(*span, goes_on=open_before and opens and span == found[0]) for span in found]
        open_before = left_open
    return quotes


def _uses_single_marks(text: str) -> bool:
    """Whether a text quotes with single marks, as British papers do."""
    return not _DOUBLE.search(text) and bool(_SINGLE_QUOTE.search(text))


def _double_quotes(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    """Spans of quotations of one paragraph, and whether the last was left open."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in _DOUBLE.finditer(text, start, end):
        opens = _opens(text, mark, start, opened is not None)
        if opens and opened is None:
            opened = mark.start()
        elif opens and opened is not None and mark.group() in "“«":
            continue  # a quotation within one
        elif opened is not None:
            found.append((opened, mark.end()))
            opened = None
    if opened is not None:
        found.append((opened, end))
    return found, opened is not None


def _opens(text: str, mark: re.Match[str], start: int, is_open: bool) -> bool:
    """Whether a mark opens a quotation, by its shape or by what stands beside it."""
    if mark.group() in ("“", "„", "«", "``", "‘‘"):
        return True
    if mark.group() in ("”", "»", "''", "’’"):
        return False
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end() : mark.end() + 1]
    if before in " \t([—–-/" and after.strip() and after not in ".,;:!?)":
        return not is_open or before in " \t(["
    if not before.isspace():
        return False
    return not is_open


def _single_quotes(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    """Spans of quotations in single marks of one paragraph, and whether one was left open."""
    found = [match.span() for match in _SINGLE_QUOTE.finditer(text, start, end)]
    last = found[-1][1] if found else start
    left = re.compile(r"(?:^|(?<=\s))‘(?=\w)").search(text, last, end)
    if left:
        found.append((left.start(), end))
    return found, left is not None


@dataclass(frozen=True)
class Post:
    """text[start:end] is a post that an article shows; `author` is who signed it."""

    start: int
    end: int
    author: str


_HANDLE = re.compile(r" \(⁦?@\w+⁩?\)")
_SIGNATURE = re.compile(r"\s(?:—|–|--|-)\s(?P<author>[^(@—]{2,60})$")


def find_posts(text: str) -> list[Post]:
    """Posts of social media that stand in a text with their signature ('... — Jane Doe (@janedoe) June 9, 2018')."""
    posts: list[Post] = []
    for handle in _HANDLE.finditer(text):
        start = max(text.rfind("\n", 0, handle.start()) + 1, posts[-1].end if posts else 0)
        signature = _SIGNATURE.search(text, max(start, handle.start() - 70), handle.start())
        if signature is not None:
            posts.append(Post(start, signature.start(), signature["author"]))
    return posts
