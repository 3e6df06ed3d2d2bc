"""Topics with their terms and typical headlines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.evidence import known, web_address
from pipeline.report.wording import short_day
from pipeline.tables.topics import NO_TOPIC

HEADLINES = 3  # of a topic


@dataclass(frozen=True)
class Headline:
    """An article as a line; `url` is empty where there is no web address."""

    title: str
    url: str
    outlet: str
    date: str


@dataclass(frozen=True)
class Topic:
    """One row of the table `topics`, with the headlines of its most typical articles."""

    row: Mapping[str, Any]
    theme: str
    headlines: list[Headline]


@dataclass(frozen=True)
class Topics:
    """Topics, the largest first, among so many relevant articles, of which so many have none."""

    articles: int
    without: int
    topics: list[Topic]


def topics(
    topics: pd.DataFrame, article_topics: pd.DataFrame, coverage: pd.DataFrame, articles: pd.DataFrame
) -> Topics:
    """Put headlines to topics."""
    wanted = {key for keys in topics["article_ids"] for key in keys[:HEADLINES]}
    typical = coverage[coverage["article_id"].isin(wanted)].merge(
        articles[["article_id", "url"]], on="article_id"
    )
    headlines = {row["article_id"]: _headline(row) for row in typical.to_dict("records")}
    return Topics(
        articles=len(article_topics),
        without=int((article_topics["topic_id"] == NO_TOPIC).sum()),
        topics=[
            Topic(
                row={str(key): value for key, value in row.items()},
                theme=row["theme"].replace("_", " "),
                headlines=[headlines[key] for key in row["article_ids"][:HEADLINES] if key in headlines],
            )
            for row in topics.sort_values("topic_id").to_dict("records")
        ],
    )


def _headline(row: Mapping[Any, Any]) -> Headline:
    return Headline(
        title=known(row["title"]) or "untitled",
        url=web_address(row["url"]),
        outlet=known(row["outlet"]) or "outlet unknown",
        date="no date" if pd.isna(row["published_date"]) else short_day(row["published_date"]),
    )
