"""Gold spans of a source's text, carried onto the sentences of the cleaned text."""

from collections.abc import Sequence

from pipeline.text.aligned import Span, locate

Interval = tuple[int, int]


def overlapped(sentences: Sequence[Interval], spans: Sequence[Span], raw_start: int, raw_end: int) -> list[int]:
    """Indices of the sentences that raw[raw_start:raw_end] overlaps, the one it overlaps most first.

    Args:
        sentences: (start, end) in the cleaned text, in order.
        spans: where the pieces of the cleaned text stood in the raw text.
        raw_start: first character of the gold span in the raw text.
        raw_end: one past its last.
    """
    pieces = locate(spans, raw_start, raw_end)
    shares = [(_shared(sentence, pieces), i) for i, sentence in enumerate(sentences)]
    return [i for share, i in sorted(shares, key=lambda pair: (-pair[0], pair[1])) if share > 0]


def inside(sentences: Sequence[Interval], spans: Sequence[Span], coded: Sequence[Interval]) -> list[int]:
    """Indices of the sentences of which at least half lies in coded intervals of the raw text."""
    pieces = [piece for start, end in coded for piece in locate(spans, start, end)]
    return [i for i, (start, end) in enumerate(sentences) if 2 * _shared((start, end), pieces) >= end - start]


def _shared(sentence: Interval, pieces: Sequence[Interval]) -> int:
    """Characters that an interval shares with disjoint pieces."""
    start, end = sentence
    return sum(max(0, min(end, piece_end) - max(start, piece_start)) for piece_start, piece_end in pieces)
