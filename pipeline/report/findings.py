"""Sentences from contrasts, by rules that cannot say more than the numbers do."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.params import Measure
from pipeline.report.wording import (
    SIDE_SPEAKERS,
    bound,
    count,
    day,
    listing,
    probability,
    share,
    signed,
    span,
)

MEASURES = {
    "stance": "net stance",
    "theme": "share of articles",
    "theme_group": "share of articles",
    "topic": "share of articles",
}
STANDINGS = ("change", "no_change", "described", "found_by_looking")


@dataclass(frozen=True)
class Finding:
    """One contrast in words: what stands of it, and whether its numbers may be called a finding.

    `anchor` is unique on a page; `standing` is one of STANDINGS.
    """

    anchor: str
    standing: str
    heading: str
    sentence: str
    row: Mapping[str, Any]


def find(contrasts: pd.DataFrame, targets: Mapping[str, str], measure: Measure) -> list[Finding]:
    """Word every contrast, claims that show a change first, then in the order of standing and name.

    Args:
        contrasts: rows of the table contrasts.
        targets: what each target is called in a sentence.
        measure: the confidence of the intervals, and the bar for a claim.
    """
    rows = contrasts.sort_values(["contrast", "family", "subject", "group"]).to_dict("records")
    found = [_finding({str(key): value for key, value in row.items()}, targets, measure) for row in rows]
    return sorted(found, key=lambda finding: STANDINGS.index(finding.standing))


def standing_of(row: Mapping[str, Any], confidence: float) -> str:
    """Whether a contrast shows a change, shows none, is only described, or was found by looking.

    A claim shows a change where its interval excludes zero and its q is below 1 − confidence.
    Nothing from models alone shows anything, whatever its status says.
    """
    if row["status"] == "found_by_looking":
        return "found_by_looking"
    if row["status"] != "claim" or row["method"] == "model_only":
        return "described"
    return "change" if shows_change(row, confidence) else "no_change"


def shows_change(row: Mapping[str, Any], confidence: float) -> bool:
    """Whether an interval excludes zero and q is below 1 − confidence; a missing bound excludes nothing."""
    excludes_zero = bool(row["low"] > 0 or row["high"] < 0)  # a missing bound compares as false
    return excludes_zero and bool(row["q"] < round(1 - confidence, 9))


def _finding(row: Mapping[str, Any], targets: Mapping[str, str], measure: Measure) -> Finding:
    standing = standing_of(row, measure.confidence)
    heading = heading_of(row, targets)
    tellers = {
        "change": _numbers,
        "no_change": _no_change,
        "described": _described,
        "found_by_looking": _numbers,
    }
    sentence = f"{heading}: {tellers[standing](row, measure)}."
    anchor = "-".join(str(row[key]) for key in ("contrast", "family", "subject", "group"))
    return Finding(anchor, standing, heading, sentence, row)


def heading_of(row: Mapping[str, Any], targets: Mapping[str, str]) -> str:
    """The comparison in words: its own label with the day that parts it, else 'who on what, before and after when'."""
    if row["label"]:
        return f"{row['label']}{_parting(row)}"
    subject = targets.get(row["subject"], row["subject"].replace("_", " "))
    if row["family"] == "stance":
        return f"{SIDE_SPEAKERS[row['group']]} on {subject}, {_periods(row)}"
    return f"Articles on {subject} ({row['group']}), {_periods(row)}"


def _parting(row: Mapping[str, Any]) -> str:
    """The day from which it is 'after', unless the label has it."""
    date = day(row["after_from"])
    if date in row["label"]:
        return ""
    return f" ({date})" if _touch(row) and "before and after" in row["label"] else f" (from {date})"


def _touch(row: Mapping[str, Any]) -> bool:
    return bool(row["after_from"] - row["before_to"] == datetime.timedelta(days=1))


def _periods(row: Mapping[str, Any]) -> str:
    """'before and after 20 January 2025' where the periods touch, else both in full."""
    if _touch(row):
        return f"before and after {day(row['after_from'])}"
    before, after = (span(row[f"{side}_from"], row[f"{side}_to"]) for side in ("before", "after"))
    return f"{before}, and {after}"


def _numbers(row: Mapping[str, Any], measure: Measure) -> str:
    """'net stance from … to …, a change of … (95% interval … to …); 62 and 54 labelled articles'."""
    change = signed(row["change"]) if _is_stance(row) else f"{points(row['change'])} percentage points"
    return f"{_estimates(row)}, a change of {change} ({_interval(row, measure.confidence)}); {_labelled(row)}"


def _no_change(row: Mapping[str, Any], measure: Measure) -> str:
    doubt = "no change shown"
    if row["low"] > 0 or row["high"] < 0:
        doubt += f" once all of the corpus's claims are weighed together (q = {probability(row['q'])})"
    return f"{doubt}; {_numbers(row, measure)}"


def _described(row: Mapping[str, Any], measure: Measure) -> str:
    return f"{_needs(row, measure)}; so far {_labelled(row)}{_so_far(row, measure.confidence)}"


def _so_far(row: Mapping[str, Any], confidence: float) -> str:
    """The estimates of a contrast that may only be described, as far as there are any."""
    if not pd.isna(row["change"]):
        return f", {_estimates(row)} ({_interval(row, confidence)} for the change), not tested"
    known = [side for side in ("before", "after") if not pd.isna(row[side])]
    return "".join(f", {MEASURES[row['family']]} {side} {level(row, row[side])}" for side in known)


def _estimates(row: Mapping[str, Any]) -> str:
    return f"{MEASURES[row['family']]} from {level(row, row['before'])} to {level(row, row['after'])}"


def level(row: Mapping[str, Any], value: float) -> str:
    """An estimate of one period: a net stance with its sign, a share in percent; 'none' where there is none."""
    if pd.isna(value):
        return "none"
    return signed(value) if _is_stance(row) else share(value, 1)


def difference(row: Mapping[str, Any], value: float) -> str:
    """A change or an end of its interval: of a net stance as it is, of a share in percentage points."""
    if pd.isna(value):
        return "none"
    return bound(value) if _is_stance(row) else points(value)


def points(value: float) -> str:
    """A difference of shares in percentage points: '−11.2'."""
    return signed(100 * value, 1)


def _is_stance(row: Mapping[str, Any]) -> bool:
    return bool(row["family"] == "stance")


def _interval(row: Mapping[str, Any], confidence: float) -> str:
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return f"no {percent(confidence)} interval"
    return f"{percent(confidence)} interval {difference(row, row['low'])} to {difference(row, row['high'])}"


def _labelled(row: Mapping[str, Any]) -> str:
    completed = ", completed by the models' counts" if row["method"] == "prediction_powered" else ""
    return f"{row['n_labelled_before']:,} and {row['n_labelled_after']:,} labelled articles{completed}"


def _needs(row: Mapping[str, Any], measure: Measure) -> str:
    """What a claim would take."""
    if row["method"] == "model_only":
        return "counted by models alone, which can carry no claim"
    if not pd.isna(row["n_needed"]):
        return (
            f"a claim needs about {count(int(row['n_needed']), 'further labelled article')}"
            if row["n_needed"]
            else "below the bar for a claim"
        )
    empty = [side for side in ("before", "after") if not row[f"n_labelled_{side}"]]
    if empty:
        return (
            f"no labelled article bears on it {listing(empty)} so far, so what a claim needs cannot be told"
        )
    fewest = min(row["n_labelled_before"], row["n_labelled_after"])
    if pd.isna(row["low"]) and fewest >= measure.census_claim_articles:
        return "no interval can be given, because the labelled articles that bear on it are too few or all lean alike"
    return "a claim needs more labelled articles than the corpus can supply"


def percent(confidence: float) -> str:
    """'95%'."""
    return f"{100 * confidence:g}%"


def nothing_found(found: Sequence[Finding], articles: int, labelled: int) -> str:
    """Why no change can be told, in a sentence or two; empty where one is told.

    Args:
        found: all findings of the corpus.
        articles: how many the corpus covers.
        labelled: how many of them are labelled.
    """
    if any(finding.standing == "change" for finding in found):
        return ""
    if not articles:
        return (
            "There is nothing to measure: no document of this corpus came through reading and cleaning. "
            "The report says what was dropped and why."
        )
    if not labelled:
        return (
            "No finding is possible yet: a finding rests on labelled articles, and none of this corpus is "
            "labelled. The report says how to add labels; coverage and speakers are described without them."
        )
    if not found:
        return "No finding is possible yet: seeds/contrasts.yaml declares no comparison for this corpus."
    if not any(finding.standing == "no_change" for finding in found):
        return "No comparison of this corpus has enough labelled articles for a claim."
    return "None of the comparisons that have enough labelled articles shows a change."
