"""Periods as a chart's axis: how long they may be to be read, and where a day stands among them."""

import datetime
from dataclasses import dataclass

import pandas as pd

from pipeline.report.wording import period_name
from pipeline.tables.words import FREQUENCIES, PERIOD_KINDS


@dataclass(frozen=True)
class Calendar:
    """Periods of one kind from the first to the last, each one step wide on an axis from 0 on."""

    kind: str
    index: pd.PeriodIndex

    @property
    def frequency(self) -> str:
        """What pandas calls the kind."""
        return FREQUENCIES[self.kind]

    @property
    def starts(self) -> list[pd.Timestamp]:
        """The first day of each period."""
        return [period.start_time for period in self.index]

    @property
    def names(self) -> list[str]:
        """What each period is called."""
        return [period_name(period, self.kind) for period in self.index]

    def place(self, day: datetime.date) -> float:
        """Where a day begins on the axis; before 0 or beyond the last step where it lies outside."""
        moment = pd.Timestamp(day)
        period = moment.to_period(self.frequency)
        passed = (moment - period.start_time) / (period.end_time - period.start_time)
        return float(period.ordinal - self.index[0].ordinal + passed)


def calendar(first: datetime.date, last: datetime.date, kind: str, most: int) -> Calendar:
    """Periods of that kind from a day to another, or of the next longer one that leaves at most so many."""
    kinds = PERIOD_KINDS[PERIOD_KINDS.index(kind) :]
    ranges = (pd.period_range(first, last, freq=FREQUENCIES[each]) for each in kinds)
    found = [Calendar(each, index) for each, index in zip(kinds, ranges, strict=True)]
    return next((each for each in found if len(each.index) <= most), found[-1])
