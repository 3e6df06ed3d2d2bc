"""Series as they are drawn: by periods that can be read, the commonest subjects first."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.report.periods import Calendar, calendar
from pipeline.report.wording import short_day
from pipeline.tables.words import SIDES

MOST_PERIODS = 120  # of a small panel
MOST_PANELS = 12
ALL = "all"  # the group of a share that counts all outlets
DRAWN_SIDES = SIDES[:2]  # of stances
VALUES = ["numerator", "denominator"]


@dataclass(frozen=True)
class Moment:
    """A dated event on the axis."""

    place: float
    label: str


@dataclass(frozen=True)
class OverTime:
    """One family of series on one axis.

    `rows` has the columns subject, label, group, place, period, start, numerator, denominator and value
    (null where there is no denominator), of the subjects in `shown` and of the others; `shown` maps
    subject to label, the commonest first; `noun` is what stands below the line. A longer kind of period
    than the series' own is the sum of the shorter ones that begin in it.
    """

    noun: str
    kind: str
    axis: Calendar
    rows: pd.DataFrame
    shown: dict[str, str]
    left_out: list[str]
    turning_points: list[Moment]

    @property
    def is_coarser(self) -> bool:
        """Whether the series' own periods would be too many to draw."""
        return self.axis.kind != self.kind

    def of(self, subject: str, group: str) -> pd.DataFrame:
        """The rows of one curve, in order of time."""
        rows = self.rows
        return rows[(rows["subject"] == subject) & (rows["group"] == group)]

    @property
    def counts(self) -> dict[str, int]:
        """What stands below the line of all subjects together, by group."""
        groups = self.rows.groupby("group")["denominator"].sum()
        return defaultdict(int, {str(group): int(total) for group, total in groups.items()})

    @property
    def data(self) -> pd.DataFrame:
        """What is drawn, and the same by group, as a reader's table."""
        columns = ["subject", "label", "group", "period_kind", "start", *VALUES, "value"]
        drawn = self.rows[self.rows["subject"].isin(self.shown)].assign(period_kind=self.axis.kind)
        return drawn[columns].rename(columns={"start": "period"})


def over_time(
    series: pd.DataFrame,
    family: str,
    labels: Mapping[str, str],
    turning_points: Sequence[Mapping[str, str]],
    *,
    noun: str = "article",
    least: int = 1,
) -> OverTime | None:
    """One family of the table series, made ready to draw; none where it has no period or subject.

    Numerators and denominators add up, so a longer kind of period is their sum.

    Args:
        series: the table of that name.
        family: theme, theme_group, topic or stance.
        labels: what each subject is called; one without is called by its name.
        turning_points: rows of turning_points.csv.
        noun: what stands below the line, statements apart.
        least: articles (of a stance: statements by U.S. and Canadian speakers) that a subject needs to be shown.
    """
    rows = series[series["family"] == family]
    if family == "stance":
        rows = rows[rows["group"].isin(DRAWN_SIDES)]
    if rows.empty:
        return None
    kind = rows["period_kind"].iloc[0]
    axis = calendar(rows["period"].min(), rows["period"].max(), kind, MOST_PERIODS)
    counts = _counts(rows, family)
    shown = [subject for subject in counts.index if counts[subject] >= least]
    if not shown:
        return None
    names = {subject: labels.get(subject, subject.replace("_", " ")) for subject in counts.index}
    scarce = [subject for subject in counts.index if 0 < counts[subject] < least]
    return OverTime(
        noun="statement" if family == "stance" else noun,
        kind=kind,
        axis=axis,
        rows=_summed(rows, axis, names),
        shown={subject: names[subject] for subject in shown[:MOST_PANELS]},
        left_out=[names[subject] for subject in [*shown[MOST_PANELS:], *scarce]],
        turning_points=_moments(turning_points, axis),
    )


def _counts(rows: pd.DataFrame, family: str) -> pd.Series:
    """Articles of each subject, or statements on it, most first and of equally many by name."""
    if family == "stance":
        summed = rows.groupby("subject")["denominator"].sum()
    else:
        summed = rows[rows["group"] == ALL].groupby("subject")["numerator"].sum()
    return summed.sort_index().sort_values(ascending=False, kind="stable")


def _summed(rows: pd.DataFrame, axis: Calendar, names: Mapping[str, str]) -> pd.DataFrame:
    periods = pd.to_datetime(rows["period"]).dt.to_period(axis.frequency)
    summed = (
        rows.assign(place=axis.index.get_indexer(pd.PeriodIndex(periods)))
        .groupby(["subject", "group", "place"], as_index=False, sort=True)[VALUES]
        .sum()
    )
    starts, called = axis.starts, axis.names
    return summed.assign(
        label=summed["subject"].map(names),
        value=(summed["numerator"] / summed["denominator"]).where(summed["denominator"] > 0),
        period=[called[place] for place in summed["place"]],
        start=[starts[place] for place in summed["place"]],
    )


def _moments(turning_points: Sequence[Mapping[str, str]], axis: Calendar) -> list[Moment]:
    """The turning points that lie on the axis, in order of time."""
    dated = sorted((datetime.date.fromisoformat(row["date"]), row["label"]) for row in turning_points)
    placed = [Moment(axis.place(day), f"{short_day(day)}: {label}") for day, label in dated]
    return [moment for moment in placed if 0 <= moment.place < len(axis.index)]
