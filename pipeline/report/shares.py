"""The labelled articles behind a contrast of shares, and how its figures come of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.evidence import evenly_spaced, known, web_address, within
from pipeline.report.wording import short_day

FAMILIES = ("theme", "theme_group")  # of contrasts, those that are counted in articles
ALL = "all"  # the group of all outlets
MOST_SHOWN = 40  # articles of a period


@dataclass(frozen=True)
class Article:
    """One labelled article that has the theme; `url` is empty where there is no web address."""

    title: str
    url: str
    outlet: str
    date: str
    theme: str
    weight: float


@dataclass(frozen=True)
class Period:
    """One side of a contrast: labelled articles with the theme, and all of the same outlets; both weighted too."""

    name: str
    total: int
    labelled: int
    weighted: float
    weighted_labelled: float
    shown: list[Article]

    @property
    def hidden(self) -> int:
        """How many articles with the theme are not shown."""
        return self.total - len(self.shown)

    @property
    def level(self) -> float | None:
        """The share by the labels, with the theme / all labelled by weight; none without a labelled article."""
        return self.weighted / self.weighted_labelled if self.labelled else None


@dataclass(frozen=True)
class Part:
    """The labelled articles of one theme in one period, and their weighted share of all; none without any."""

    articles: int
    share: float | None


@dataclass(frozen=True)
class Theme:
    """One theme of a contrast, before and after."""

    name: str
    periods: tuple[Part, Part]


@dataclass(frozen=True)
class Shares:
    """What a contrast of shares counts in its two periods, and of which themes, the commonest first."""

    periods: tuple[Period, Period]
    themes: list[Theme]

    @property
    def total(self) -> int:
        """How many articles with the theme it counts."""
        return sum(period.total for period in self.periods)


def shares(row: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Shares:
    """The labelled articles that a contrast of shares counts, before and after.

    Args:
        row: of contrasts.
        tables: labelled_articles of the corpus, coverage and articles, by name.
    """
    labelled = (
        tables["labelled_articles"][
            ["article_id", "published_date", "theme", "outlet_country", "inclusion_probability"]
        ]
        .merge(tables["coverage"][["article_id", "title", "outlet"]], on="article_id", how="left")
        .merge(tables["articles"][["article_id", "url"]], on="article_id", how="left")
        .assign(weight=lambda frame: 1 / frame["inclusion_probability"])
        .sort_values(["published_date", "article_id"], ignore_index=True)
    )
    of_group = labelled[(labelled["outlet_country"] == row["group"]) | (row["group"] == ALL)]
    labelled_before, labelled_after = (within(row, name, of_group) for name in ("before", "after"))
    parts = (labelled_before, labelled_after)
    having = of_group[of_group["article_id"].isin(row["evidence"])]
    return Shares(
        periods=(_period(row, "before", labelled_before), _period(row, "after", labelled_after)),
        themes=[
            Theme(str(theme).replace("_", " "), (_part(row, theme, parts[0]), _part(row, theme, parts[1])))
            for theme in having["theme"]
            .value_counts()
            .sort_index()
            .sort_values(ascending=False, kind="stable")
            .index
        ],
    )


def _part(row: Mapping[str, Any], theme: Any, labelled: pd.DataFrame) -> Part:
    having = labelled[labelled["article_id"].isin(row["evidence"]) & (labelled["theme"] == theme)]
    whole = float(labelled["weight"].sum())
    return Part(len(having), float(having["weight"].sum()) / whole if whole else None)


def _period(row: Mapping[str, Any], name: str, labelled: pd.DataFrame) -> Period:
    having = labelled[labelled["article_id"].isin(row["evidence"])]
    return Period(
        name=name,
        total=len(having),
        labelled=len(labelled),
        weighted=float(having["weight"].sum()),
        weighted_labelled=float(labelled["weight"].sum()),
        shown=[_article(each) for each in evenly_spaced(having, MOST_SHOWN).to_dict("records")],
    )


def _article(row: Mapping[Any, Any]) -> Article:
    return Article(
        title=known(row["title"]) or "untitled",
        url=web_address(row["url"]),
        outlet=known(row["outlet"]) or "outlet unknown",
        date=short_day(row["published_date"]),
        theme=row["theme"].replace("_", " "),
        weight=row["weight"],
    )
