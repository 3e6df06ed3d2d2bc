"""Of a long document, the passages around mentions of the other country."""

import re
from collections.abc import Sequence

_TURN_LABEL = re.compile(
    r"^((?:THE )?[A-Z][A-Z .'’\-]{1,40}(?:\([^)]{1,60}\))?:(?=\s|$)|[QA]:(?=\s)|Q(?=\s))"
)


def compile_terms(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern for any of several, case ignored.

    Raises:
        re.error: a pattern is not a regular expression.
    """
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def mentioning(paragraphs: Sequence[str], terms: re.Pattern[str], context: int) -> list[int]:
    """Indices of the paragraphs that mention a term, with `context` paragraphs on either side."""
    keep: set[int] = set()
    for i, paragraph in enumerate(paragraphs):
        if terms.search(paragraph):
            keep.update(range(max(0, i - context), min(len(paragraphs), i + context + 1)))
    return sorted(keep)


def turn_label(paragraph: str) -> tuple[int, int] | None:
    """Interval of the speaker's label at the start of a transcript's paragraph ('THE PRESIDENT:', 'Q')."""
    match = _TURN_LABEL.match(paragraph)
    return match.span(1) if match else None


def running_labels(paragraphs: Sequence[str]) -> list[int | None]:
    """For each paragraph, the index of the paragraph whose label holds for it (itself included)."""
    running: list[int | None] = []
    last: int | None = None
    for i, paragraph in enumerate(paragraphs):
        if turn_label(paragraph):
            last = i
        running.append(last)
    return running


def is_transcript(paragraphs: Sequence[str]) -> bool:
    """Whether paragraphs open with the labels of two speakers or more who take turns.

    At least four do, one in ten of all, and most labels come again: a list of topics in
    capitals has each once.
    """
    labels = [paragraph[slice(*span)] for paragraph in paragraphs if (span := turn_label(paragraph))]
    enough = len(labels) >= 4 and len(labels) >= 0.1 * len(paragraphs)
    return enough and 2 <= len(set(labels)) <= len(labels) / 1.5
