"""Counts by period: shares of articles by theme, theme group and topic, and the models' net stance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.coding import ALL, Coding
from pipeline.tables.series import SERIES
from pipeline.tables.topics import NO_TOPIC
from pipeline.tables.words import FREQUENCIES

COLUMNS = {"theme": "theme", "theme_group": "theme_group", "topic": "topic_id"}  # of the articles of a coding
Counts = NDArray[np.int64]


class Cells(NamedTuple):
    """Counts of a family in a group, (periods, subjects); one column where they are the same for all subjects."""

    family: str
    subjects: Sequence[str]
    group: str
    numerator: Counts
    denominator: Counts
    labelled: Counts


def count_series(
    model: Coding,
    gold: Coding,
    themes: Mapping[str, Sequence[str]],
    monthly_totals: Sequence[Mapping[str, str]],
    period_kind: str,
) -> pd.DataFrame:
    """The table series: every subject in every period from the first to the last that has a document.

    Args:
        model: the corpus as the models read it; undated articles are counted in no period.
        gold: its labels, which only say how many labelled articles bear on a cell.
        themes: of the families theme and theme_group, their subjects.
        monthly_totals: documents that the source published, rows of month and documents; they take the
            place of the articles below the line. Without rows where that is not known.
        period_kind: day, week, month, quarter or year.

    Raises:
        ValueError: monthly totals cannot be counted by that kind of period, or are fewer than the articles.
    """
    frequency = FREQUENCIES[period_kind]
    coded, labelled = (_dated(coding, frequency) for coding in (model, gold))
    totals = _totals(monthly_totals, period_kind)
    starts = [each.min() for each in (coded.articles["period"], totals.index.to_series()) if len(each)]
    if not starts:
        return SERIES.empty()
    ends = [each.max() for each in (coded.articles["period"], totals.index.to_series()) if len(each)]
    periods = pd.period_range(min(starts), max(ends), freq=frequency)
    documents = totals.reindex(periods, fill_value=0).to_numpy(np.int64)[:, None] if len(totals) else None
    cells = [
        *_share_cells(coded.articles, labelled.articles, themes, periods, documents),
        *_stance_cells(coded.statements, labelled.statements, periods),
    ]
    frame = pd.concat([_frame(each, periods, period_kind) for each in cells], ignore_index=True)
    return frame.sort_values(list(SERIES.key), ignore_index=True)


def _dated(coding: Coding, frequency: str) -> Coding:
    """What has a date, with the period that it falls in."""
    articles = coding.articles[coding.articles["published_date"].notna()]
    articles = articles.assign(period=articles["published_date"].dt.to_period(frequency))
    return Coding(articles, coding.statements.merge(articles[["article_id", "period"]], on="article_id"))


def _totals(monthly: Sequence[Mapping[str, str]], period_kind: str) -> pd.Series:
    """Documents by period, summed over what else the rows tell apart."""
    if monthly and period_kind in ("day", "week"):
        raise ValueError(
            f"monthly_totals.csv counts documents by month, and the corpus's period_kind is {period_kind}; "
            "choose month, quarter or year, or take the file away"
        )
    months = pd.PeriodIndex([row["month"] for row in monthly], freq="M")
    documents = pd.Series([int(row["documents"]) for row in monthly], dtype="int64")
    return documents.groupby(months.asfreq(FREQUENCIES[period_kind])).sum() if monthly else documents


def _share_cells(
    coded: pd.DataFrame,
    labelled: pd.DataFrame,
    themes: Mapping[str, Sequence[str]],
    periods: pd.PeriodIndex,
    documents: Counts | None,
) -> Iterator[Cells]:
    """Articles by theme, theme group and topic, among those of each country's outlets and among all.

    The source's documents are below the line for all outlets, and for a country's where all are its.
    """
    topics = sorted(set(coded["topic_id"].dropna().astype("int64")) - {NO_TOPIC})
    coded = coded.assign(topic_id=coded["topic_id"].astype("Int64").astype("string"))
    subjects = {**themes, "topic": [str(topic) for topic in topics]}
    countries = sorted(set(coded["outlet_country"]))
    for group in (ALL, *countries):
        of_group, of_labelled = (
            articles[(articles["outlet_country"] == group) | (group == ALL)] for articles in (coded, labelled)
        )
        articles = _count(of_group, periods)
        is_whole = group == ALL or countries == [group]
        denominator = documents if documents is not None and is_whole else articles
        _check_documents(articles, denominator, periods)
        gold = _count(of_labelled, periods)
        for family, names in subjects.items():
            numerator = _count(of_group, periods, COLUMNS[family], names)
            yield Cells(family, names, group, numerator, denominator, gold * (family != "topic"))


def _check_documents(articles: Counts, documents: Counts, periods: pd.PeriodIndex) -> None:
    short = np.flatnonzero(articles > documents)
    if len(short):
        first = short[0]
        raise ValueError(
            f"monthly_totals.csv has {documents[first, 0]} documents in {periods[first]}, and the coverage "
            f"{articles[first, 0]} articles; complete the file or take it away"
        )


def _stance_cells(coded: pd.DataFrame, labelled: pd.DataFrame, periods: pd.PeriodIndex) -> Iterator[Cells]:
    """Favor minus against and all statements, by target, for each side that takes it up."""
    articles = labelled.drop_duplicates(["article_id", "target", "holder_side"])
    for side in sorted(set(coded["holder_side"])):
        of_side = coded[coded["holder_side"] == side]
        of_labelled = articles[articles["holder_side"] == side]
        targets = sorted(set(of_side["target"]))
        numerator, denominator = (
            _count(of_side, periods, "target", targets, weights) for weights in (of_side["lean"], None)
        )
        yield Cells(
            "stance", targets, side, numerator, denominator, _count(of_labelled, periods, "target", targets)
        )


def _count(
    rows: pd.DataFrame,
    periods: pd.PeriodIndex,
    column: str | None = None,
    names: Sequence[str] = (),
    weights: pd.Series | None = None,
) -> Counts:
    """Rows, or their weights summed, by period and by name in a column, (periods, names); (periods, 1) without one."""
    row = (rows["period"].astype("int64") - periods[0].ordinal).to_numpy()
    width = len(names) if column else 1
    place = (
        pd.Index(list(names)).get_indexer(pd.Index(rows[column]))
        if column
        else np.zeros(len(rows), dtype=np.int64)
    )
    inside = (place >= 0) & (row >= 0) & (row < len(periods))
    cells = row[inside] * width + place[inside]
    counted = np.bincount(
        cells, None if weights is None else weights.to_numpy()[inside], minlength=len(periods) * width
    )
    return np.rint(counted).astype(np.int64).reshape(len(periods), width)


def _frame(cells: Cells, periods: pd.PeriodIndex, period_kind: str) -> pd.DataFrame:
    """Rows of the table series."""
    shape = cells.numerator.shape
    numerator, denominator, labelled = (
        np.broadcast_to(each, shape).ravel() for each in (cells.numerator, cells.denominator, cells.labelled)
    )
    return pd.DataFrame(
        {
            "family": cells.family,
            "subject": np.tile(np.array(cells.subjects, dtype=object), len(periods)),
            "group": cells.group,
            "period_kind": period_kind,
            "period": np.repeat(periods.to_timestamp().to_numpy(), shape[1]),
            "numerator": numerator,
            "denominator": denominator,
            "value": np.divide(
                numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0
            ),
            "low": np.nan,
            "high": np.nan,
            "n_labelled": labelled,
            "method": "model_only",
        }
    )
