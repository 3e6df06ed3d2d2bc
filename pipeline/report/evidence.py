"""The statements behind a contrast, in their context, and how its figures come of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.wording import day, listing
from pipeline.tables.words import STANCES

CONTEXT_CHARS = 320  # of the sentence on either side; a longer one is cut at its far end
EXAMPLES = 6  # statements of a period that stand with its figures; the list of statements has them all


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
    """One side of a contrast: its statements as counted, where they stand in the source, some in full."""

    name: str
    places: list[int]
    shown: list[Statement]
    tally: dict[str, int]
    weighted: dict[str, float]

    @property
    def total(self) -> int:
        """How many statements it counts."""
        return len(self.places)

    @property
    def hidden(self) -> int:
        """How many of them are not shown with its figures."""
        return self.total - len(self.shown)

    @property
    def level(self) -> float | None:
        """Net stance by the labels, (favor − against) / all by weight; none without a statement."""
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
    """All statements of a corpus, in order of time, undated ones last, and the sentences around them.

    `statements` has one row a gold statement or a statement of the model (`coded_by`), numbered from 0,
    with published_date, outlet, title and url of its article; weight is null where the model coded it,
    p_target and p_stance where it did not. `sentences` maps sentence_id to text.
    """

    statements: pd.DataFrame
    sentences: Mapping[str, str]

    def context(self, article_id: str, position: int) -> tuple[str, str]:
        """The sentences before and after one, empty where there is none."""
        before, after = (self.sentences.get(f"{article_id}-{position + step:04d}", "") for step in (-1, 1))
        return before, after


def source(tables: Mapping[str, pd.DataFrame]) -> Source:
    """Join statements with what is known of their articles.

    Args:
        tables: labelled_articles and labelled_sentences of the corpus, statements, sentences, coverage
            and articles, by name.
    """
    labelled, sentences, coverage = (tables[name] for name in ("labelled_articles", "sentences", "coverage"))
    gold = tables["labelled_sentences"].merge(
        labelled[["article_id", "published_date"]].assign(weight=1 / labelled["inclusion_probability"]),
        on="article_id",
    )
    model = (
        tables["statements"]
        .assign(p_stance=lambda frame: frame[[f"p_{stance}" for stance in STANCES]].max(axis=1))
        .merge(sentences[["sentence_id", "article_id", "position", "text"]], on="sentence_id")
        .merge(coverage[["article_id", "published_date"]], on="article_id")
    )
    coded = [gold[gold["stance"].isin(STANCES)].assign(coded_by="gold"), model.assign(coded_by="model")]
    joined = (
        pd.concat(coded)
        .merge(coverage[["article_id", "outlet", "title"]], on="article_id", how="left")
        .merge(tables["articles"][["article_id", "url"]], on="article_id", how="left")
        .sort_values(
            ["published_date", "article_id", "position", "coded_by", "raw_start", "target", "holder"],
            ignore_index=True,
        )
    )
    near = sentences[sentences["article_id"].isin(joined["article_id"])]
    return Source(joined, dict(zip(near["sentence_id"], near["text"], strict=True)))


def evidence(row: Mapping[str, Any], source: Source) -> Evidence:
    """The statements that a stance contrast counts, before and after."""
    found = source.statements
    counted = found[
        (found["coded_by"] == "gold")
        & found["sentence_id"].isin(row["evidence"])
        & (found["target"] == row["subject"])
        & (found["holder_side"] == row["group"])
    ]
    before, after = (_period(name, within(row, name, counted), source) for name in ("before", "after"))
    kinds = counted.loc[before.places + after.places, "holder_kind"].value_counts()
    return Evidence(
        periods=(before, after),
        kinds={str(kind): int(kinds[kind]) for kind in sorted(kinds.index, key=lambda k: (-kinds[k], k))},
    )


def meaning(
    row: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]], themes: Sequence[Mapping[str, str]]
) -> str:
    """What a contrast's subject stands for, in the codebook's words; empty where it has none."""
    subject = row["subject"]
    if row["family"] == "stance":
        wording = targets.get(subject, {}).get("wording", "")
        return f"In favor means: “{wording}”" if wording else ""
    if row["family"] == "theme_group":
        members = [theme["theme"].replace("_", " ") for theme in themes if theme["group"] == subject]
        return f"Themes that count as {subject}: {listing(members)}." if members else ""
    return next((f"The theme: {theme['wording']}." for theme in themes if theme["theme"] == subject), "")


def within(row: Mapping[str, Any], name: str, dated: pd.DataFrame) -> pd.DataFrame:
    """What was published in a contrast's period `before` or `after`, first and last day included."""
    return dated[dated["published_date"].between(row[f"{name}_from"], row[f"{name}_to"])]


def evenly_spaced(rows: pd.DataFrame, room: int) -> pd.DataFrame:
    """All rows, or as many as there is room for, evenly spaced."""
    kept = min(len(rows), room)
    return rows.iloc[[index * len(rows) // kept for index in range(kept)]]


def _period(name: str, rows: pd.DataFrame, source: Source) -> Period:
    examples = evenly_spaced(rows, EXAMPLES)
    return Period(
        name=name,
        places=rows.index.tolist(),
        shown=[_statement(row, source) for row in examples.to_dict("records")],
        tally={stance: int((rows["stance"] == stance).sum()) for stance in STANCES},
        weighted={stance: float(rows.loc[rows["stance"] == stance, "weight"].sum()) for stance in STANCES},
    )


def _statement(row: Mapping[Any, Any], source: Source) -> Statement:
    before, after = source.context(row["article_id"], row["position"])
    return Statement(
        date=day(row["published_date"]),
        outlet=known(row["outlet"]),
        title=known(row["title"]),
        url=web_address(row["url"]),
        holder=row["holder"],
        holder_kind=row["holder_kind"].replace("_", " "),
        stance=row["stance"],
        weight=row["weight"],
        before=before if len(before) <= CONTEXT_CHARS else f"… {before[-CONTEXT_CHARS:].lstrip()}",
        text=row["text"],
        after=after if len(after) <= CONTEXT_CHARS else f"{after[:CONTEXT_CHARS].rstrip()} …",
    )


def web_address(url: Any) -> str:
    """The address if a browser may be sent there: http or https, never javascript: or a local file."""
    text = known(url).strip()
    return text if text.lower().startswith(("http://", "https://")) else ""


def known(value: Any) -> str:
    """A text cell, empty where it is null."""
    return "" if pd.isna(value) else str(value)
