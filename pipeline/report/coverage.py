"""What a corpus covers: articles and stories a period, outlets, and outlets spelled alike."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from pipeline.report.periods import Calendar, calendar

MOST_PERIODS = 200  # a chart of more bars cannot be read: a longer kind of period is taken
MOST_ALIKE = 20  # pairs that are named
ALIKE = 90  # rapidfuzz ratio from which two names look like one


@dataclass(frozen=True)
class Timeline:
    """Articles and stories of each period from the first to the last, empty ones included.

    `rows` has the columns period (a name), start, articles and stories. A story counts
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
    drawn = calendar(dates.min(), dates.max(), period_kind, MOST_PERIODS) if len(dates) else None
    kind = drawn.kind if drawn else period_kind
    rows = _count(dates, story_dates, drawn) if drawn else pd.DataFrame(columns=["period"])
    return Timeline(
        kind=kind,
        is_coarser=kind != period_kind,
        rows=rows,
        undated_articles=len(joined) - len(dates),
        undated_stories=len(first) - len(story_dates),
    )


def _count(dates: pd.Series, story_dates: pd.Series, drawn: Calendar) -> pd.DataFrame:
    counts = {
        name: each.dt.to_period(drawn.frequency).value_counts().reindex(drawn.index, fill_value=0).to_numpy()
        for name, each in (("articles", dates), ("stories", story_dates))
    }
    return pd.DataFrame({"period": drawn.names, "start": drawn.starts, **counts})


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
    """The first pairs of distinct names that may be one outlet spelled in two ways, case ignored."""
    ordered = sorted(set(filter(None, names)))
    folded = [name.casefold() for name in ordered]
    pairs = (
        (one, other)
        for i, one in enumerate(ordered)
        for j, other in enumerate(ordered[i + 1 :], start=i + 1)
        if fuzz.ratio(folded[i], folded[j], score_cutoff=ALIKE)
    )
    return list(itertools.islice(pairs, MOST_ALIKE))


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
