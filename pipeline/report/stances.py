"""Who stands where, as the stance model counts it: a description that carries no claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.evidence import known, web_address
from pipeline.report.wording import short_day
from pipeline.tables.words import SIDES, STANCES

EXAMPLES = 3  # of a target
FEW_STATEMENTS = 10  # of fewer by one side on one target, shares are not drawn


@dataclass(frozen=True)
class Side:
    """The statements of one side on one target, counted by stance."""

    side: str
    tally: dict[str, int]

    @property
    def total(self) -> int:
        """How many statements there are."""
        return sum(self.tally.values())

    @property
    def net_stance(self) -> float:
        """(favor − against) / all, as in docs/method.md, unweighted."""
        return (self.tally["favor"] - self.tally["against"]) / self.total


@dataclass(frozen=True)
class Example:
    """A statement that the model is sure of; `url` is empty where there is no web address."""

    text: str
    holder: str
    stance: str
    p_target: float
    p_stance: float
    title: str
    url: str
    outlet: str
    date: str


@dataclass(frozen=True)
class Target:
    """One target: sides that take it up, and the surest statements, of one story at most one."""

    label: str
    wording: str
    sides: list[Side]
    examples: list[Example]

    @property
    def heading(self) -> str:
        """The label with a capital, as a heading has it."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def total(self) -> int:
        """How many statements there are."""
        return sum(side.total for side in self.sides)


@dataclass(frozen=True)
class Stances:
    """Targets that statements take up, most statements first; `absent` names those that none does."""

    statements: int
    sentences: int
    articles: int
    targets: list[Target]
    absent: list[str]


def stances(
    tables: Mapping[str, pd.DataFrame],
    targets: Mapping[str, Mapping[str, Any]],
    left_out: Mapping[str, int],
) -> Stances:
    """Count the model's statements by target and side.

    Args:
        tables: statements, sentences, stories, coverage and articles, by name.
        targets: rows of targets.yaml by target.
        left_out: targets that the model has not learned.
    """
    statements = tables["statements"].merge(
        tables["sentences"][["sentence_id", "article_id", "text"]], on="sentence_id"
    )
    counts = statements["target"].value_counts()
    return Stances(
        statements=len(statements),
        sentences=statements["sentence_id"].nunique(),
        articles=statements["article_id"].nunique(),
        targets=[
            _target(target, statements[statements["target"] == target], targets, tables)
            for target in sorted(counts.index, key=lambda name: (-counts[name], name))
        ],
        absent=[
            row["label"] for name, row in targets.items() if name not in counts.index and name not in left_out
        ],
    )


def _target(
    name: str,
    statements: pd.DataFrame,
    targets: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, pd.DataFrame],
) -> Target:
    row = targets.get(name, {"label": name.replace("_", " "), "wording": ""})
    by_side = {side: statements.loc[statements["holder_side"] == side, "stance"] for side in SIDES}
    return Target(
        label=row["label"],
        wording=row["wording"],
        sides=[
            Side(side, {stance: int((said == stance).sum()) for stance in STANCES})
            for side, said in by_side.items()
            if len(said)
        ],
        examples=_surest(statements, tables),
    )


def _surest(statements: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[Example]:
    """The statements with the largest probability of target and stance together, each of another story."""
    ranked = (
        statements.assign(p_stance=statements[[f"p_{stance}" for stance in STANCES]].max(axis=1))
        .assign(sure=lambda frame: frame["p_target"] * frame["p_stance"])
        .merge(tables["stories"][["article_id", "story_id"]], on="article_id")
        .sort_values(["sure", "sentence_id", "holder"], ascending=[False, True, True])
        .drop_duplicates("story_id")
        .head(EXAMPLES)
        .merge(
            tables["coverage"][["article_id", "title", "outlet", "published_date"]],
            on="article_id",
            how="left",
        )
        .merge(tables["articles"][["article_id", "url"]], on="article_id", how="left")
    )
    return [
        Example(
            text=row["text"],
            holder=row["holder"],
            stance=row["stance"],
            p_target=row["p_target"],
            p_stance=row["p_stance"],
            title=known(row["title"]) or "untitled",
            url=web_address(row["url"]),
            outlet=known(row["outlet"]) or "outlet unknown",
            date="no date" if pd.isna(row["published_date"]) else short_day(row["published_date"]),
        )
        for row in ranked.to_dict("records")
    ]
