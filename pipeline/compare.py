"""Compare any two periods of a corpus, after looking: by the estimator of declared contrasts, and never as a claim."""

import calendar
import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from pipeline.coding import Choices, Coding, choices_of
from pipeline.contrasts import PERIODS, count_by_model, estimate
from pipeline.params import Measure, read_params
from pipeline.sources.contrasts import check_periods
from pipeline.stages.measure import read_codebook, read_codings
from pipeline.store import write_csv

Period = dict[str, datetime.date]
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_WIDTH = 130  # characters of a line in a file or pipe
KEY = ["family", "subject", "group"]
COLUMNS = (
    *KEY,
    *("before_from", "before_to", "after_from", "after_to"),
    *("before", "after", "change", "low", "high"),
    *("n_labelled_before", "n_labelled_after", "n_needed", "status", "population", "method"),
)
FOUND_BY_LOOKING = "found_by_looking"


class PeriodError(ValueError):
    """What was given is no period; the message has what is."""


class SubjectError(ValueError):
    """There is nothing of that name to compare; the message lists what there is."""


def main(corpus: str, before: str, after: str, wanted: Mapping[str, str | None], out: Path | None) -> None:
    """Print the comparison of two periods, and write it where asked to.

    Raises:
        PeriodError: a period cannot be read.
        ContrastError: the periods overlap, or the later one comes first.
        SubjectError: a family, subject or group is unknown.
    """
    params = read_params().measure
    periods = read_period(before), read_period(after)
    check_periods(f"{before} with {after}", *periods)
    choices = choose(choices_of(*read_codebook()), wanted)
    model, gold = read_codings(corpus)
    frame = compare(model, gold, choices, *periods, params)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH)
    if frame.empty:
        console.print(f"corpus {corpus} has nothing of this kind in either period")
    else:
        console.print(_as_table(frame, f"{corpus}: {_span(periods[0])} and {_span(periods[1])}"))
        console.print(_caption(params), soft_wrap=True)
    if out is not None:
        write_csv(out, frame)


def compare(
    model: Coding,
    gold: Coding,
    choices: Mapping[str, Choices],
    before: Period,
    after: Period,
    params: Measure,
) -> pd.DataFrame:
    """Every stance and share of which either period holds something, sorted; columns are `COLUMNS`.

    By gold, or prediction-powered, as a declared contrast would be; where gold is below the bar for a
    claim the models' counts stand on a row of their own, with method model_only and no interval.
    """
    rows = []
    for family, subject, group in _domains(choices):
        contrast = {
            **{"contrast": f"{family}:{subject}:{group}", "label": ""},
            **{"family": family, "subject": subject, "group": group, "before": before, "after": after},
        }
        by_model = count_by_model(contrast, model)
        row = estimate(contrast, gold, model, params)
        if row["evidence"]:
            rows.append({**row, "status": FOUND_BY_LOOKING})
        if row["status"] != "claim" and _holds(by_model, family):
            rows.append({**row, "low": None, "high": None, **by_model, "status": FOUND_BY_LOOKING})
    return pd.DataFrame(rows, columns=COLUMNS)


def read_period(text: str) -> Period:
    """The first and last day of a year, month, day, or range of them, such as 2024, 2024-11:2025-01.

    Raises:
        PeriodError: it is none of these.
    """
    ends = text.split(":")
    if len(ends) > 2:
        raise PeriodError(f"period {text!r} has {len(ends)} parts; a range has two, such as 2024-11:2025-01")
    first, last = _days(ends[0], text)[0], _days(ends[-1], text)[1]
    if last < first:
        raise PeriodError(f"period {text!r} runs from {first} to {last}; swap the two")
    return {"from": first, "to": last}


def choose(choices: Mapping[str, Choices], wanted: Mapping[str, str | None]) -> dict[str, Choices]:
    """What is left of the choices once a family, subject or group is asked for.

    Raises:
        SubjectError: nothing is left.
    """
    kept = {family: each for family, each in choices.items() if wanted["family"] in (None, family)}
    _check(wanted["family"], "family", kept, choices)
    for key in ("subject", "group"):
        name, attribute = wanted[key], f"{key}s"
        valid = dict.fromkeys(value for each in kept.values() for value in getattr(each, attribute))
        if name is not None:
            kept = {
                family: each._replace(**{attribute: (name,)})
                for family, each in kept.items()
                if name in getattr(each, attribute)
            }
        _check(name, key, kept, valid)
    return kept


def _check(name: str | None, key: str, kept: Mapping[str, Choices], valid: Mapping[str, Any]) -> None:
    if not kept:
        raise SubjectError(f"{key} {name!r} is none of {', '.join(valid)}")


def _domains(choices: Mapping[str, Choices]) -> Iterator[tuple[str, str, str]]:
    for family, (subjects, groups) in sorted(choices.items()):
        yield from ((family, subject, group) for subject in subjects for group in groups)


def _holds(counted: Mapping[str, Any], family: str) -> bool:
    """Whether the models count a statement, or an article of the theme, in either period."""
    found = [counted[period] for period in PERIODS if not pd.isna(counted[period])]
    return bool(found) if family == "stance" else any(found)


def _days(text: str, period: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day of a year, month or day."""
    found = _DAY.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        first = datetime.date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last_day = day or calendar.monthrange(first.year, last_month)[1]
        return first, datetime.date(first.year, last_month, last_day)
    except ValueError:
        raise PeriodError(
            f"period {period!r}: {text!r} is no year, month or day; write 2025, 2025-03, 2025-03-14, "
            "or a range such as 2024-11:2025-01"
        ) from None


def _as_table(frame: pd.DataFrame, title: str) -> Table:
    """The figures for people: shares in percent, net stances signed."""
    table = Table(title=title)
    for name, width in zip(KEY, (6, 9, 4), strict=True):
        table.add_column(name, min_width=width, overflow="fold")
    for name in (*PERIODS, "change", "interval", "labelled"):
        table.add_column(name, justify="right", no_wrap=name in (*PERIODS, "change"))
    table.add_column("method", overflow="fold")
    for row in frame.to_dict("records"):
        written = _signed if row["family"] == "stance" else _percent
        interval = "" if pd.isna(row["low"]) else f"{written(row['low'])} to {written(row['high'])}"
        labelled = f"{row['n_labelled_before']} | {row['n_labelled_after']}"
        figures = [_written(row[name], written) for name in (*PERIODS, "change")]
        table.add_row(*(row[name] for name in KEY), *figures, interval, labelled, row["method"])
    return table


def _caption(params: Measure) -> str:
    return (
        f"Found by looking: no row is a finding, and no p is given; declare a contrast and label more to claim one. "
        f"Intervals of the change at {params.confidence:.0%}, population {params.population}; labelled: articles "
        f"that bear on it, before | after; model_only: the models' counts, where fewer than a claim needs."
    )


def _written(value: float, write: Any) -> str:
    return "" if pd.isna(value) else write(value)


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _span(period: Period) -> str:
    return f"{period['from']} to {period['to']}"
