"""The sentences behind a contrast, in their context, and how its figures come of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.wording import day
from pipeline.tables.words import STANCES

CONTEXT_CHARS = 320  # of the sentence on either side; a longer one is cut at its far end


@dataclass(frozen=True)
class Statement:
    """One gold statement as the page shows it; `url` is empty where there is no web address."""

    date: str
    outlet: str
    title: str
    url: str
    holder: str
    holder_kind: str
    stance: str
    weight: float
    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Period:
    """One side of a contrast: its statements as counted, and those that are shown."""

    name: str
    total: int
    shown: list[Statement]
    tally: dict[str, int]
    weighted: dict[str, float]

    @property
    def hidden(self) -> int:
        """How many statements the page leaves out."""
        return self.total - len(self.shown)

    @property
    def net_stance(self) -> float | None:
        """Weighted (favor − against) / all, as in docs/method.md; none without a statement."""
        whole = sum(self.weighted.values())
        return (self.weighted["favor"] - self.weighted["against"]) / whole if whole else None


@dataclass(frozen=True)
class Evidence:
    """What a contrast counts: its two periods, and who its statements are by, commonest kind first."""

    periods: tuple[Period, Period]
    kinds: dict[str, int]

    @property
    def total(self) -> int:
        """How many statements it counts."""
        return sum(period.total for period in self.periods)


@dataclass(frozen=True)
class Source:
    """What the evidence of all contrasts is drawn from: labelled statements joined with their articles.

    `statements` has one row a gold statement, with published_date, weight, outlet, title and url of
    its article; `sentences` maps sentence_id to text.
    """

    statements: pd.DataFrame
    sentences: Mapping[str, str]


def source(
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    sentences: pd.DataFrame,
    coverage: pd.DataFrame,
    articles: pd.DataFrame,
) -> Source:
    """Join gold statements with what is known of their articles; those of other corpora are left out."""
    stated = labelled_sentences[labelled_sentences["stance"].isin(STANCES)]
    labelled = labelled_articles[["article_id", "published_date", "inclusion_probability"]]
    joined = (
        stated.merge(labelled, on="article_id")
        .merge(coverage[["article_id", "outlet", "title"]], on="article_id", how="left")
        .merge(articles[["article_id", "url"]], on="article_id", how="left")
        .assign(weight=lambda frame: 1 / frame["inclusion_probability"])
        .sort_values(
            ["published_date", "article_id", "position", "raw_start", "target", "holder"], ignore_index=True
        )
    )
    near = sentences[sentences["article_id"].isin(joined["article_id"])]
    return Source(joined, dict(zip(near["sentence_id"], near["text"], strict=True)))


def evidence(row: Mapping[str, Any], source: Source, limit: int) -> Evidence:
    """The statements that a stance contrast counts, before and after, at most `limit` of them shown."""
    found = source.statements
    counted = found[
        found["sentence_id"].isin(row["evidence"])
        & (found["target"] == row["subject"])
        & (found["holder_side"] == row["group"])
    ]
    before, after = (
        counted[counted["published_date"].between(row[f"{side}_from"], row[f"{side}_to"])]
        for side in ("before", "after")
    )
    room = min(len(before), max(limit // 2, limit - len(after)))
    kinds = pd.concat([before, after])["holder_kind"].value_counts()
    return Evidence(
        periods=(
            _period("before", before, room, source.sentences),
            _period("after", after, limit - room, source.sentences),
        ),
        kinds={str(kind): int(kinds[kind]) for kind in sorted(kinds.index, key=lambda k: (-kinds[k], k))},
    )


def _period(name: str, rows: pd.DataFrame, room: int, sentences: Mapping[str, str]) -> Period:
    """A period's statements; where there are more than `room`, evenly spaced ones are shown."""
    total = len(rows)
    kept = min(total, room)
    spaced = rows.iloc[[index * total // kept for index in range(kept)]]
    return Period(
        name=name,
        total=total,
        shown=[_statement(row, sentences) for row in spaced.to_dict("records")],
        tally={stance: int((rows["stance"] == stance).sum()) for stance in STANCES},
        weighted={stance: float(rows.loc[rows["stance"] == stance, "weight"].sum()) for stance in STANCES},
    )


def _statement(row: Mapping[Any, Any], sentences: Mapping[str, str]) -> Statement:
    earlier, later = (
        sentences.get(f"{row['article_id']}-{row['position'] + step:04d}", "") for step in (-1, 1)
    )
    return Statement(
        date=day(row["published_date"]),
        outlet=known(row["outlet"]),
        title=known(row["title"]),
        url=web_address(row["url"]),
        holder=row["holder"],
        holder_kind=row["holder_kind"].replace("_", " "),
        stance=row["stance"],
        weight=row["weight"],
        before=earlier if len(earlier) <= CONTEXT_CHARS else f"… {earlier[-CONTEXT_CHARS:].lstrip()}",
        text=row["text"],
        after=later if len(later) <= CONTEXT_CHARS else f"{later[:CONTEXT_CHARS].rstrip()} …",
    )


def web_address(url: Any) -> str:
    """The address if a browser may be sent there: http or https, never javascript: or a local file."""
    text = known(url).strip()
    return text if text.lower().startswith(("http://", "https://")) else ""


def known(value: Any) -> str:
    """A text cell, empty where it is null."""
    return "" if pd.isna(value) else str(value)
