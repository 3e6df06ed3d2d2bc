"""The model's net stance beside that of labels, on the same labelled articles: the whole error of its curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.report.findings import Finding
from pipeline.tables.words import STANCES

LEANS = {"favor": 1.0, "neutral": 0.0, "against": -1.0}
PERIODS = ("before", "after")


@dataclass(frozen=True)
class Part:
    """Net stances in one period of a contrast, none without a statement, and the statements of each."""

    name: str
    gold: float | None
    gold_statements: int
    model: float | None
    model_statements: int


@dataclass(frozen=True)
class Comparison:
    """One stance contrast."""

    heading: str
    periods: list[Part]


def beside_labels(findings: Sequence[Finding], tables: Mapping[str, pd.DataFrame]) -> list[Comparison]:
    """For each stance contrast, what labels and the model count in the labelled articles of its periods.

    Both are weighted by the inverse of the article's chance of having been drawn. A labelled article was
    judged by models that had not seen it.

    Args:
        findings: contrasts in words.
        tables: labelled_articles and labelled_sentences of the corpus, and statements, by name.
    """
    articles = tables["labelled_articles"]
    weights = articles.assign(weight=1 / articles["inclusion_probability"])
    weights = weights[["article_id", "published_date", "weight"]]
    coded = tables["labelled_sentences"]
    gold = coded[coded["stance"].isin(STANCES)].merge(weights, on="article_id")
    statements = tables["statements"]
    ids = statements["sentence_id"].str.rsplit("-", n=1).str[0]
    model = statements.assign(article_id=ids).merge(weights, on="article_id")
    return [
        Comparison(finding.heading, [_part(finding, name, gold, model) for name in PERIODS])
        for finding in findings
        if finding.row["family"] == "stance"
    ]


def _part(finding: Finding, name: str, gold: pd.DataFrame, model: pd.DataFrame) -> Part:
    of_gold, of_model = (_counted(finding, name, rows) for rows in (gold, model))
    return Part(name, _net_stance(of_gold), len(of_gold), _net_stance(of_model), len(of_model))


def _counted(finding: Finding, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    row = finding.row
    return rows[
        (rows["target"] == row["subject"])
        & (rows["holder_side"] == row["group"])
        & rows["published_date"].between(row[f"{name}_from"], row[f"{name}_to"])
    ]


def _net_stance(rows: pd.DataFrame) -> float | None:
    whole = rows["weight"].sum()
    return float((rows["stance"].map(LEANS) * rows["weight"]).sum() / whole) if whole else None
