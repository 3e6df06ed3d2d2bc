"""The metrics of the default run stay as they were, until someone accepts new ones."""

import json
from pathlib import Path

import pytest

from tests.imports import ROOT

CORPORA = ("sample", "white_house")
COUNT_TOLERANCE = 0.01  # of the old value
SHARE_TOLERANCE = 0.01


def is_near(old: float, new: float) -> bool:
    """Whether a metric is as it was: a count within a hundredth of itself, a share within .01."""
    tolerance = COUNT_TOLERANCE * old if isinstance(old, int) else SHARE_TOLERANCE
    return abs(new - old) <= tolerance + 1e-9


def differences(old: dict[str, float], new: dict[str, float]) -> list[str]:
    """A line for each metric that moved, came or went."""
    lines = [
        f"{name}: {old[name]} -> {new[name]}"
        for name in old.keys() & new.keys()
        if not is_near(old[name], new[name])
    ]
    lines += [f"{name}: {old[name]} -> none" for name in old.keys() - new.keys()]
    lines += [f"{name}: none -> {new[name]}" for name in new.keys() - old.keys()]
    return sorted(lines)


def read(folder: Path, corpus: str) -> dict[str, float]:
    return json.loads((folder / f"{corpus}.json").read_text(encoding="utf-8"))[corpus]


@pytest.mark.slow
@pytest.mark.parametrize("corpus", CORPORA)
def test_metrics_stay_as_they_were(default_run, corpus):
    moved = differences(read(ROOT / "tests/golden", corpus), read(default_run / "metrics", corpus))
    shown = "\n  ".join(moved)
    assert not moved, (
        f"metrics of {corpus}, old -> new:\n  {shown}\n"
        "to accept them, after `python -m pipeline run`: "
        f"cp metrics/{corpus}.json tests/golden/{corpus}.json"
    )


def test_what_moves_is_shown_old_and_new():
    old = {"documents": 1000, "side": 0.9, "gone": 1, "stories": 0}
    assert differences(old, old) == []
    assert differences(old, {"documents": 1010, "side": 0.91, "gone": 1, "stories": 0}) == []
    assert differences(old, {"documents": 1011, "side": 0.889, "stories": 1, "new": 0.5}) == [
        "documents: 1000 -> 1011",
        "gone: 1 -> none",
        "new: none -> 0.5",
        "side: 0.9 -> 0.889",
        "stories: 0 -> 1",
    ]
