"""What a corpus covers: articles and stories a period, outlets, and outlets spelled alike."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from pipeline.report.wording import period_name
from pipeline.tables.words import FREQUENCIES, PERIOD_KINDS

MOST_PERIODS = 200  # a chart of more bars cannot be read: a longer kind of period is taken
ALIKE = 90  # rapidfuzz ratio from which two names look like one


@dataclass(frozen=True)
class Timeline:
    """Articles and stories of each period from the first to the last, empty ones included.

    `rows` has the columns period (a name), year, starts_year, articles and stories. A story counts
    once, in the period of its first article.
    """

    kind: str
    is_coarser: bool
    rows: pd.DataFrame
    undated_articles: int
    undated_stories: int


@dataclass(frozen=True)
class Scope:
    """How many articles name the countries that the pipeline is about."""

    articles: int
    naming: dict[str, int]
    naming_both: int


def timeline(coverage: pd.DataFrame, stories: pd.DataFrame, period_kind: str) -> Timeline:
    """Count articles and stories a period; undated ones apart."""
    joined = coverage[["article_id", "published_date"]].merge(stories, on="article_id")
    first = joined.groupby("story_id")["published_date"].min()
    dates, story_dates = (pd.to_datetime(each).dropna() for each in (joined["published_date"], first))
    kind = _readable_kind(dates, period_kind)
    rows = _count(dates, story_dates, kind) if len(dates) else pd.DataFrame(columns=["period"])
    return Timeline(
        kind=kind,
        is_coarser=kind != period_kind,
        rows=rows,
        undated_articles=len(joined) - len(dates),
        undated_stories=len(first) - len(story_dates),
    )


def _readable_kind(dates: pd.Series, period_kind: str) -> str:
    """The kind of period asked for, or the next longer one that leaves few enough periods."""
    kinds = PERIOD_KINDS[PERIOD_KINDS.index(period_kind) :]
    return next((kind for kind in kinds if len(_range(dates, kind)) <= MOST_PERIODS), kinds[-1])


def _range(dates: pd.Series, kind: str) -> pd.PeriodIndex:
    if dates.empty:
        return pd.PeriodIndex([], freq=FREQUENCIES[kind])
    return pd.period_range(dates.min(), dates.max(), freq=FREQUENCIES[kind])


def _count(dates: pd.Series, story_dates: pd.Series, kind: str) -> pd.DataFrame:
    index = _range(dates, kind)
    counts = {
        name: each.dt.to_period(FREQUENCIES[kind]).value_counts().reindex(index, fill_value=0)
        for name, each in (("articles", dates), ("stories", story_dates))
    }
    rows = pd.DataFrame({name: series.to_numpy() for name, series in counts.items()})
    years = [period.start_time.year for period in index]
    return rows.assign(
        period=[period_name(period, kind) for period in index],
        start=[period.start_time for period in index],
        starts_year=[year != earlier for year, earlier in zip(years, [None, *years], strict=False)],
    )


def outlets(coverage: pd.DataFrame, stories: pd.DataFrame) -> pd.DataFrame:
    """Each outlet's country, articles, stories, first and last date; most articles first."""
    joined = coverage.merge(stories[["article_id", "story_id"]], on="article_id")
    table = joined.groupby("outlet", as_index=False).agg(
        country=("outlet_country", "first"),
        articles=("article_id", "size"),
        stories=("story_id", "nunique"),
        first_date=("published_date", "min"),
        last_date=("published_date", "max"),
    )
    return table.sort_values(["articles", "outlet"], ascending=[False, True], ignore_index=True)


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of distinct names that may be one outlet spelled in two ways, case ignored."""
    ordered = sorted(set(filter(None, names)))
    folded = [name.casefold() for name in ordered]
    return [
        (one, other)
        for i, one in enumerate(ordered)
        for j, other in enumerate(ordered[i + 1 :], start=i + 1)
        if fuzz.ratio(folded[i], folded[j], score_cutoff=ALIKE)
    ]


def scope(coverage: pd.DataFrame, terms: Mapping[Any, Sequence[str]]) -> Scope:
    """Count the articles whose title or text names each country, and both (clean.passage_terms)."""
    texts = (coverage["title"] + "\n" + coverage["text"]).tolist()
    found = {
        country: [bool(pattern.search(text)) for text in texts]
        for country, pattern in (
            (country, re.compile("|".join(f"(?:{term})" for term in patterns), re.IGNORECASE))
            for country, patterns in terms.items()
        )
    }
    both = [all(row) for row in zip(*found.values(), strict=True)]
    return Scope(len(texts), {country: sum(row) for country, row in found.items()}, sum(both))
