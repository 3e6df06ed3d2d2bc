"""Gold labels: checked against their articles, and carried onto the sentences of the cleaned text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.text.aligned import Span, locate
from pipeline.text.label_fields import Codebook, article_fields, field_problem, statement_fields

OFF_TOPIC = "off_topic"

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
    codebook: Codebook,
) -> None:
    """Check that every label has its fields, its article and its sentence, and that no two say otherwise.

    Args:
        corpus: folder of seeds, for messages.
        article_labels: rows of article_labels.jsonl.
        statement_labels: rows of statement_labels.jsonl.
        bodies: text of each article as the source has it, by the source's own id.
        codebook: the closed lists that labels are coded in.

    Raises:
        LabelsError: a label does not, or a file holds none; the message names file, line and remedy.
    """
    file = f"seeds/{corpus}/article_labels.jsonl"
    labelled: dict[str, int] = {}
    for number, label in _numbered(file, article_labels):
        problem = field_problem(label, article_fields(codebook)) or _article_problem(label, bodies, labelled)
        if problem:
            raise LabelsError(f"{file}, line {number}: {problem}")
        labelled[label["id"]] = number
    file = f"seeds/{corpus}/statement_labels.jsonl"
    coded: dict[tuple[Any, ...], tuple[int, str]] = {}
    for number, label in _numbered(file, statement_labels):
        problem = field_problem(label, statement_fields(codebook)) or _statement_problem(
            label, bodies, labelled, coded
        )
        if problem:
            raise LabelsError(f"{file}, line {number}: {problem}")
        coded[_statement_key(label)] = number, label["stance"]


def _numbered(file: str, labels: Sequence[Label]) -> Iterator[tuple[int, Label]]:
    if not labels:
        raise LabelsError(
            f"{file} holds no label; add some, or take its corpus out of prepare_labels.corpora"
        )
    return enumerate(labels, start=1)


def _article_problem(label: Label, bodies: Mapping[str, str], labelled: Mapping[str, int]) -> str:
    """What keeps an article's label from its article, given the lines of those before it; empty if nothing."""
    article = label["id"]
    if article not in bodies:
        return f"no article {article!r} in the corpus's articles; mend the id"
    if article in labelled:
        return f"article {article!r} is labelled on line {labelled[article]} too; keep one line"
    if label["relevant"] != (label["theme"] != OFF_TOPIC):
        return (
            f"relevant is {str(label['relevant']).lower()} and theme is {label['theme']!r}, which contradict "
            f"each other: an article is {OFF_TOPIC} where it is not relevant, and only there; mend one"
        )
    length = len(bodies[article])
    beyond = [span for span in label.get("coded_spans", []) if span[1] > length]
    return f"coded_spans has {beyond[0]}, and the text ends at {length}; mend it" if beyond else ""


def _statement_key(label: Label) -> tuple[Any, ...]:
    return tuple(label[name] for name in ("id", "start", "target", "holder"))


def _statement_problem(
    label: Label,
    bodies: Mapping[str, str],
    labelled: Mapping[str, int],
    coded: Mapping[tuple[Any, ...], tuple[int, str]],
) -> str:
    """What keeps a statement's label from its sentence, or two from both being true; empty if nothing."""
    article, start, end = label["id"], label["start"], label["end"]
    if article not in labelled:
        return f"article {article!r} has no line in article_labels.jsonl; add one"
    if end <= start:
        return f"end is {end}; it must be above start, which is {start}"
    found = bodies[article][start:end]
    if found != label["sentence"]:
        return (
            f"characters {start} to {end} of the text are {found[:60]!r}, "
            f"not the sentence {label['sentence'][:60]!r}; mend start and end"
        )
    before, stance = coded.get(_statement_key(label), (0, ""))
    if not before:
        return ""
    if stance == label["stance"]:
        return f"the same statement stands on line {before}; keep one line"
    return (
        f"stance is {label['stance']!r}, and {stance!r} on line {before} for the same sentence, "
        "target and holder; keep the right one"
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
