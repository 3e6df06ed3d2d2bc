"""Find when the shares of themes and topics changed: docs/method.md, 'Shifts', has the specification."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import typer

from pipeline.methods.estimate import false_discovery
from pipeline.methods.shifts import Finding, find_shifts
from pipeline.params import Detect, read_params
from pipeline.store import SEEDS, corpus_folder, read_csv, read_table, write_table
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS
from pipeline.tables.words import FREQUENCIES

FAMILIES = ("theme", "theme_group", "topic")  # stances of a period are too few
GROUP = "all"
TURNING_POINT_COLUMNS = ("turning_point", "date", "label")


def main(corpus: str) -> None:
    """Read the series of a corpus and the turning points, write its shifts."""
    params = read_params().detect
    series = read_table(corpus_folder(corpus), SERIES)
    shifts = detect(series, read_csv(SEEDS / "turning_points.csv", TURNING_POINT_COLUMNS), params)
    write_table(corpus_folder(corpus), SHIFTS, shifts)
    searched = _searched(series)
    tested = sum(_is_tested(one, params) for one in searched)
    longest = max((len(one) for one in searched), default=0)
    why = (
        f"; the others are shorter than {params.least_periods} periods with articles "
        f"(the longest of all has {longest}), or always 0 or always 1"
    )
    typer.echo(
        f"detect: corpus {corpus}: {tested} of {len(searched)} series tested, shifts found: {len(shifts)}"
        + (why if tested < len(searched) else ""),
        err=True,
    )


def detect(series: pd.DataFrame, turning_points: Sequence[Mapping[str, str]], params: Detect) -> pd.DataFrame:
    """The shifts of a corpus's shares, sorted by key; q counts every series that was tested.

    Args:
        series: the table of that name; stances, and outlets of one country, are left alone.
        turning_points: rows of turning_points.csv.
        params: of this stage.

    Raises:
        ValueError: a numerator is not in [0, denominator].
    """
    tested = [one for one in _searched(series) if _is_tested(one, params)]
    findings = [_find(one, params) for one in tested]
    q_values = false_discovery([finding.p for finding in findings])
    rows = [
        row
        for one, finding, q in zip(tested, findings, q_values, strict=True)
        for row in _rows(one, finding, float(q), turning_points)
    ]
    if not rows:
        return SHIFTS.empty()
    frame = SHIFTS.frame(rows).sort_values(list(SHIFTS.key), ignore_index=True)
    return frame.astype({"days_apart": "Int64"})


def _searched(series: pd.DataFrame) -> list[pd.DataFrame]:
    """The periods with articles of each series that may be searched, in order of key and time."""
    shares = series[series["family"].isin(FAMILIES) & (series["group"] == GROUP)]
    held = shares.assign(held=shares["denominator"] > 0).sort_values("period")
    return [one[one["held"]] for _, one in held.groupby(["family", "subject", "group"], sort=True)]


def _is_tested(one: pd.DataFrame, params: Detect) -> bool:
    is_constant = one["numerator"].sum() in (0, one["denominator"].sum())
    return len(one) >= params.least_periods and not is_constant


def _find(one: pd.DataFrame, params: Detect) -> Finding:
    """Search one series, its draws seeded by its name."""
    name = "/".join(one.iloc[0][["family", "subject", "group"]])
    try:
        return find_shifts(
            one["numerator"].to_numpy(np.float64),
            one["denominator"].to_numpy(np.float64),
            _calendar(one).asi8,
            least_segment=params.least_segment,
            most_breaks=params.most_breaks,
            confidence=params.confidence,
            resamples=params.resamples,
            rng=np.random.default_rng([params.seed, zlib.crc32(name.encode())]),
        )
    except ValueError as error:
        raise ValueError(f"series {name}: {error}; run `dvc repro measure` anew") from error


def _calendar(one: pd.DataFrame) -> pd.PeriodIndex:
    frequency = FREQUENCIES[one["period_kind"].iloc[0]]
    return pd.DatetimeIndex(pd.to_datetime(one["period"])).to_period(frequency)


def _rows(
    one: pd.DataFrame, finding: Finding, q: float, turning_points: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The shifts of one series."""
    calendar = _calendar(one)
    days = [period.start_time.date() for period in calendar]
    return [
        {
            **{name: one[name].iloc[0] for name in ("family", "subject", "group")},
            "period": days[shift.row],
            "before": shift.before,
            "after": shift.after,
            "change": shift.after - shift.before,
            "low": shift.low,
            "high": shift.high,
            "period_low": days[shift.first_row],
            "period_high": days[shift.last_row],
            "p": finding.p,
            "q": q,
            **_nearest(calendar[shift.row], turning_points),
            "periods": len(one),
        }
        for shift in finding.shifts
    ]


def _nearest(period: pd.Period, turning_points: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The turning point nearest to a period, of equally near ones the earliest."""
    if not turning_points:
        return {"turning_point": None, "turning_point_label": None, "days_apart": None}
    apart = [(_days_apart(period, pd.Timestamp(point["date"])), point) for point in turning_points]
    days, point = min(apart, key=lambda found: (abs(found[0]), found[1]["date"], found[1]["turning_point"]))
    return {
        "turning_point": point["turning_point"],
        "turning_point_label": point["label"],
        "days_apart": days,
    }


def _days_apart(period: pd.Period, day: pd.Timestamp) -> int:
    """Days from a day to a period: 0 within it, negative where the day comes after it."""
    first, last = period.start_time, period.end_time.normalize()
    return max((first - day).days, 0) + min((last - day).days, 0)
