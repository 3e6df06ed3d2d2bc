"""Shifts in words: when the models' counts changed, and whether a finding from labels says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.findings import Finding, percent, shows_change
from pipeline.report.wording import bound, count, period_name, probability, signed
from pipeline.tables.words import FREQUENCIES

ARTICLES = "articles"  # what shares are shares of, unless the source's own documents are counted


@dataclass(frozen=True)
class Shift:
    """One row of the table shifts in words.

    `dates_end` is the day after the date's interval. `is_sure` where its interval excludes no change and
    q is small enough; `agreeing` has the headings of findings from labels that compare the same share
    across its date and changed the same way.
    """

    subject: str
    change: str
    points: str
    interval: str
    date: str
    dates: str
    dates_end: pd.Timestamp
    near: str
    q: str
    is_sure: bool
    is_topic: bool
    agreeing: list[str]
    sentence: str
    row: Mapping[str, Any]


def shifts(
    table: pd.DataFrame,
    labels: Mapping[tuple[str, str], str],
    found: Sequence[Finding],
    period_kind: str,
    confidence: float,
    below_the_line: str,
) -> list[Shift]:
    """Word every shift, the sure ones first, then by date and subject.

    Args:
        table: rows of the table shifts.
        labels: what each family and subject is called.
        found: contrasts in words.
        period_kind: of the series that were searched.
        confidence: of the intervals; 1 − confidence is the bar for q.
        below_the_line: what the shares are shares of. Labels are of articles, so they agree with no share
            of anything else.
    """
    worded = [
        _shift(
            {str(key): value for key, value in row.items()},
            labels,
            found if below_the_line == ARTICLES else (),
            period_kind,
            confidence,
            below_the_line,
        )
        for row in table.to_dict("records")
    ]
    return sorted(worded, key=lambda shift: (not shift.is_sure, shift.row["period"], shift.subject))


def _shift(
    row: Mapping[str, Any],
    labels: Mapping[tuple[str, str], str],
    found: Sequence[Finding],
    period_kind: str,
    confidence: float,
    below_the_line: str,
) -> Shift:
    subject = labels.get((row["family"], row["subject"]), row["subject"].replace("_", " "))
    change = f"{fine_share(row['before'])} to {fine_share(row['after'])}"
    interval = f"{fine_points(row['low'])} to {fine_points(row['high'])}"
    begins, earliest, latest = (
        _name(row[column], period_kind) for column in ("period", "period_low", "period_high")
    )
    dates = earliest if earliest == latest else f"{earliest} to {latest}"
    dates_end = pd.Timestamp(row["period_high"]).to_period(FREQUENCIES[period_kind]).end_time.ceil("D")
    return Shift(
        subject=subject,
        change=change,
        points=fine_points(row["change"]),
        interval=interval,
        date=begins,
        dates=dates,
        dates_end=dates_end,
        near=_near(row),
        q=probability(row["q"]),
        is_topic=row["family"] == "topic",
        is_sure=shows_change(row, confidence),
        agreeing=[finding.heading for finding in found if _agrees(finding, row, dates_end)],
        sentence=(
            f"{subject}: from {change} of {below_the_line} in the models' counts, a change of "
            f"{fine_points(row['change'])} percentage points ({percent(confidence)} interval {interval}), "
            f"from {begins} on (interval of the date: {dates})"
        ),
        row=row,
    )


def _agrees(finding: Finding, row: Mapping[str, Any], dates_end: pd.Timestamp) -> bool:
    """Whether labels show a change of the same share, the same way, between two periods that the shift may part."""
    gold = finding.row
    if finding.standing != "change" or any(gold[key] != row[key] for key in ("family", "subject", "group")):
        return False
    parts = gold["before_to"] < dates_end and gold["after_from"] >= row["period_low"]
    return bool(parts and gold["change"] * row["change"] > 0)


def _near(row: Mapping[str, Any]) -> str:
    """The nearest turning point and how near it is; empty where none is declared."""
    if pd.isna(row["turning_point_label"]):
        return ""
    days = int(row["days_apart"])
    apart = (
        "in that period" if not days else f"{count(abs(days), 'day')} {'earlier' if days > 0 else 'later'}"
    )
    return f"{row['turning_point_label']} ({apart})"


def _name(day: pd.Timestamp, period_kind: str) -> str:
    return period_name(pd.Timestamp(day).to_period(FREQUENCIES[period_kind]), period_kind)


def fine_share(value: float) -> str:
    """A share in percent, with two decimals where it is below a tenth."""
    return f"{100 * value:.{2 if value < 0.1 else 1}f}%"


def fine_points(value: float) -> str:
    """A difference of shares in percentage points: one decimal from ten on, else two, more where two show nought."""
    points = 100 * value
    return signed(points, 1) if abs(points) >= 10 else bound(points)


def longest(series: pd.DataFrame) -> int:
    """The most periods with articles that a share among all outlets has."""
    held = series[(series["family"] != "stance") & (series["group"] == "all") & (series["denominator"] > 0)]
    return int(held.groupby(["family", "subject"]).size().max()) if len(held) else 0
