"""Gold labels: checked against their articles, and carried onto the sentences of the cleaned text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.text.aligned import Span, locate

Interval = tuple[int, int]
Label = Mapping[str, Any]


class LabelsError(ValueError):
    """A label does not fit its article; the message names the file, the line and what is wrong."""


@dataclass(frozen=True)
class GoldSentence:
    """What one sentence holds: a statement, or target and stance 'none' where it was coded and holds none."""

    position: int
    target: str
    holder: str
    raw_start: int
    stance: str
    holder_side: str
    holder_kind: str


def check_labels(
    corpus: str,
    article_labels: Sequence[Label],
    statement_labels: Sequence[Label],
    bodies: Mapping[str, str],
    targets: Collection[str],
) -> None:
    """Check that every label has its article, its target and its sentence.

    Args:
        corpus: folder of seeds, for messages.
        article_labels: rows of article_labels.jsonl.
        statement_labels: rows of statement_labels.jsonl.
        bodies: text of each article as the source has it, by the source's own id.
        targets: names of targets.yaml.

    Raises:
        LabelsError: one has not; the message names file, line and remedy.
    """
    labelled = set()
    for number, label in enumerate(article_labels, start=1):
        where = f"seeds/{corpus}/article_labels.jsonl, line {number}"
        if label["id"] not in bodies:
            raise LabelsError(f"{where}: no article {label['id']!r} in seeds/{corpus}; mend the id")
        if label["id"] in labelled:
            raise LabelsError(f"{where}: article {label['id']!r} is labelled twice; keep one line")
        if not 0 < label["inclusion_probability"] <= 1:
            raise LabelsError(
                f"{where}: inclusion_probability {label['inclusion_probability']} is not in (0, 1]"
            )
        labelled.add(label["id"])
    for number, label in enumerate(statement_labels, start=1):
        where = f"seeds/{corpus}/statement_labels.jsonl, line {number}"
        if label["id"] not in labelled:
            raise LabelsError(
                f"{where}: article {label['id']!r} has no line in article_labels.jsonl; add one"
            )
        if label["target"] not in targets:
            raise LabelsError(
                f"{where}: no target {label['target']!r}; targets.yaml has {', '.join(targets)}"
            )
        found = bodies[label["id"]][label["start"] : label["end"]]
        if found != label["sentence"]:
            raise LabelsError(
                f"{where}: characters {label['start']} to {label['end']} of the text are {found[:60]!r}, "
                f"not the sentence {label['sentence'][:60]!r}; mend start and end"
            )


def gold_sentences(
    statements: Sequence[Label],
    coded: Sequence[Interval],
    sentences: Sequence[Interval],
    spans: Sequence[Span],
) -> Iterator[GoldSentence]:
    """Each gold statement on the sentence that it overlaps most; then each coded sentence that none overlaps.

    Args:
        statements: rows of statement_labels.jsonl of one article.
        coded: intervals of the raw text that were coded.
        sentences: (start, end) in the cleaned text, in order.
        spans: where the pieces of the cleaned text stood in the raw text.

    Raises:
        LabelsError: cleaning took a gold sentence away.
    """
    touched: set[int] = set()
    for s in statements:
        found = overlapped(sentences, spans, s["start"], s["end"])
        if not found:
            raise LabelsError(
                f"article {s['id']!r}: cleaning removed the gold sentence {s['sentence'][:80]!r}"
            )
        touched.update(found)
        yield GoldSentence(
            found[0], s["target"], s["holder"], s["start"], s["stance"], s["holder_side"], s["holder_kind"]
        )
    for i in inside(sentences, spans, coded):
        if i not in touched:
            yield GoldSentence(i, "none", "", 0, "none", "unknown", "unknown")


def overlapped(
    sentences: Sequence[Interval], spans: Sequence[Span], raw_start: int, raw_end: int
) -> list[int]:
    """Indices of the sentences that raw[raw_start:raw_end] overlaps, the one it overlaps most first."""
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
