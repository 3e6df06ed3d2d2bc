"""Text that remembers where each of its characters stood in the source."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True)
class Span:
    """text[start:end] comes from raw[raw_start:raw_end]; all in characters."""

    start: int
    end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True)
class AlignedText:
    """A text with, for each character, its offset in the raw text (int32, same length)."""

    text: str
    offsets: np.ndarray

    @classmethod
    def of(cls, raw: str) -> "AlignedText":
        """The raw text itself, each character at its own offset."""
        return cls(raw, np.arange(len(raw), dtype=np.int32))

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> "AlignedText":
        """The part from `start` to `end`."""
        return AlignedText(self.text[start:end], self.offsets[start:end])

    def strip(self) -> "AlignedText":
        """The text without outer white space."""
        start = len(self.text) - len(self.text.lstrip())
        return self.slice(start, max(start, len(self.text.rstrip())))

    def substitute(
        self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str] | str
    ) -> "AlignedText":
        """Replace each match.

        A replacement that stands inside its match keeps its characters' own offsets; any other
        takes the offset of the match's first character.
        """
        pieces: list[AlignedText] = []
        last = 0
        for match in pattern.finditer(self.text):
            new = replacement(match) if callable(replacement) else replacement
            pieces.append(self.slice(last, match.start()))
            inside = self.text.find(new, match.start(), match.end()) if new else -1
            if inside >= 0:
                pieces.append(self.slice(inside, inside + len(new)))
            elif new:
                pieces.append(
                    AlignedText(new, np.full(len(new), self.offsets[match.start()], dtype=np.int32))
                )
            last = match.end()
        if not last:
            return self
        return concatenate([*pieces, self.slice(last, len(self.text))])

    def rewritten(self, new: str) -> "AlignedText":
        """The same text after an edit: characters that stayed keep their offsets."""
        if new == self.text:
            return self
        offsets = np.empty(len(new), dtype=np.int32)
        for edit in Levenshtein.opcodes(self.text, new):
            source = self.offsets[edit.src_start : edit.src_end]
            width = edit.dest_end - edit.dest_start
            if edit.tag == "equal":
                offsets[edit.dest_start : edit.dest_end] = source
            elif width:
                nearest = source[0] if len(source) else self.offsets[max(0, edit.src_start - 1)]
                offsets[edit.dest_start : edit.dest_end] = nearest
        return AlignedText(new, offsets)

    def spans(self) -> list[Span]:
        """Maximal runs in which text and raw text go in step."""
        if not self.text:
            return []
        breaks = np.flatnonzero(np.diff(self.offsets) != 1) + 1
        starts = [0, *breaks.tolist()]
        ends = [*breaks.tolist(), len(self.text)]
        return [
            Span(start, end, int(self.offsets[start]), int(self.offsets[end - 1]) + 1)
            for start, end in zip(starts, ends, strict=True)
        ]


def concatenate(pieces: Iterable[AlignedText]) -> AlignedText:
    """Pieces one after the other."""
    kept = [piece for piece in pieces if piece.text]
    if not kept:
        return AlignedText("", np.empty(0, dtype=np.int32))
    return AlignedText("".join(p.text for p in kept), np.concatenate([p.offsets for p in kept]))


def inserted(text: str, offset: int) -> AlignedText:
    """A text that the source does not have, placed at an offset (a paragraph break, say)."""
    return AlignedText(text, np.full(len(text), offset, dtype=np.int32))


def locate(spans: Iterable[Span], raw_start: int, raw_end: int) -> list[tuple[int, int]]:
    """Where raw[raw_start:raw_end] stands in the text: intervals in text order.

    Inserted characters (several at one raw offset) count as a run of length one in the raw text.
    """
    found = []
    for span in spans:
        start, end = max(span.raw_start, raw_start), min(span.raw_end, raw_end)
        if start < end:
            shift = span.start - span.raw_start
            found.append((start + shift, min(end + shift, span.end)))
    return found
