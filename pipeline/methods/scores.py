"""How far the steps can be trusted: their answers beside gold, as shares in [0, 1] and counts."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

_UNKNOWN = "unknown"
_SMALL_WORDS = frozenset({"the", "a", "an", "of", "in", "at", "from", "for", "and", "s", "to"})
_SAME_NAME = 0.5


class Held(NamedTuple):
    """Someone who holds something in a sentence, by gold or by a step; the narrator's name is empty."""

    sentence_id: str
    holder: str
    side: str
    kind: str


def holder_side_scores(
    gold: Sequence[Held],
    found: Iterable[Held],
    without_statement: Collection[str] = (),
    aliases: Mapping[str, Collection[str]] | None = None,
) -> dict[str, float]:
    """Holders found in sentences against those of gold statements; every share is of gold statements unless it says otherwise.

    Args:
        gold: one a gold statement.
        found: all holders found, the surest of a sentence first; a narrator's row has an empty name.
        without_statement: ids of coded sentences that hold no gold statement.
        aliases: other names of a found holder, by its name.

    Returns:
        n_statements;
        side: someone with the right side is found; side_first: the surest one has it;
        holder: someone with like enough a name is found (half of the shorter name's words);
        holder_and_side: the same one has both;
        side_of_holder, kind_of_holder: share of those holders with the right side or kind;
        unattributed: nobody is found; side_unknown: somebody, all without a side;
        right_rows: share of the holders found in gold's sentences whose side some gold holder has;
        attributed_without_statement: share of the coded sentences without a statement in which
        somebody is found, and n_without_statement.
    """
    rows: dict[str, list[Held]] = defaultdict(list)
    for row in found:
        if row.holder:
            rows[row.sentence_id].append(row)
    counts: dict[str, int] = defaultdict(int)
    sides: dict[str, set[str]] = defaultdict(set)
    for statement in gold:
        held = rows[statement.sentence_id]
        sides[statement.sentence_id].add(statement.side)
        named = [row for row in held if _is_same(row.holder, statement.holder, aliases)]
        counts["side"] += any(row.side == statement.side for row in held)
        counts["side_first"] += bool(held) and held[0].side == statement.side
        counts["holder"] += bool(named)
        counts["holder_and_side"] += any(row.side == statement.side for row in named)
        counts["kind"] += any(row.kind == statement.kind for row in named)
        counts["unattributed"] += not held
        counts["side_unknown"] += bool(held) and all(row.side == _UNKNOWN for row in held)
    beside = [row for sentence_id in sides for row in rows[sentence_id] if row.side != _UNKNOWN]
    right = sum(row.side in sides[row.sentence_id] for row in beside)
    idle = set(without_statement) - set(sides)
    shares = ("side", "side_first", "holder", "holder_and_side", "unattributed", "side_unknown")
    return {
        "n_statements": len(gold),
        **{name: _share(counts[name], len(gold)) for name in shares},
        "side_of_holder": _share(counts["holder_and_side"], counts["holder"]),
        "kind_of_holder": _share(counts["kind"], counts["holder"]),
        "right_rows": _share(right, len(beside)),
        "n_without_statement": len(idle),
        "attributed_without_statement": _share(sum(bool(rows.get(key)) for key in idle), len(idle)),
    }


def _is_same(found: str, gold: str, aliases: Mapping[str, Collection[str]] | None) -> bool:
    """Whether half of the shorter name's words stand in the other, plural and singular alike."""
    wanted = _words(gold)
    for name in (found, *(aliases or {}).get(found, ())):
        words = _words(name)
        if words and wanted and len(words & wanted) >= _SAME_NAME * min(len(words), len(wanted)):
            return True
    return False


def _words(name: str) -> set[str]:
    words = set(re.findall(r"[^\W_]+", name.lower())) - _SMALL_WORDS
    return {word[:-1] if word.endswith("s") and len(word) > 3 else word for word in words}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
