"""What U.S. and Canadian outlets differ in: themes, voices and stances, as the models and rules count them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.stances import FEW_STATEMENTS
from pipeline.tables.words import SIDES

COUNTRIES = ("us", "canada")
FEW_ARTICLES = 20  # relevant ones; of fewer by one country's outlets, shares say nothing general


@dataclass(frozen=True)
class Pair:
    """One row of a comparison: a value for either country's outlets, each with how many bear on it."""

    label: str
    us: float
    canada: float
    n_us: int
    n_canada: int


@dataclass(frozen=True)
class SideBySide:
    """Outlets of both countries.

    `articles` are the relevant ones of each, `voices` the attributions of each, the narrator's and the
    outlet's own voice left out.

    `themes` are shares of the relevant articles, `sides` shares of the attributions, and `stances` net
    stances by target and side, of which only those with enough statements in either country's outlets.
    """

    articles: dict[str, int]
    voices: dict[str, int]
    themes: list[Pair]
    sides: list[Pair]
    stances: list[Pair]


def side_by_side(
    tables: Mapping[str, pd.DataFrame], targets: Mapping[str, str], side_names: Mapping[str, str]
) -> SideBySide | None:
    """Compare the outlets of both countries; none where one has too few relevant articles.

    Args:
        tables: coverage, article_relevance, attributions and statements, by name.
        targets: what each target is called.
        side_names: what the speakers of each side are called.
    """
    countries = tables["coverage"].set_index("article_id")["outlet_country"]
    relevance = tables["article_relevance"]
    relevant = relevance[relevance["is_relevant"]].assign(
        country=lambda rows: rows["article_id"].map(countries)
    )
    articles = {country: int((relevant["country"] == country).sum()) for country in COUNTRIES}
    if min(articles.values()) < FEW_ARTICLES:
        return None
    attributions = tables["attributions"]
    voiced = _placed(attributions[~attributions["attribution"].isin(("narrator", "own_voice"))], countries)
    stated = _placed(tables["statements"], countries).assign(
        lean=lambda rows: rows["stance"].map({"favor": 1, "against": -1}).fillna(0)
    )
    return SideBySide(
        articles=articles,
        voices={country: int((voiced["country"] == country).sum()) for country in COUNTRIES},
        themes=_shares(relevant, "theme", {}),
        sides=_shares(voiced, "holder_side", side_names),
        stances=_stances(stated, targets, side_names),
    )


def _placed(rows: pd.DataFrame, countries: pd.Series) -> pd.DataFrame:
    """Rows of sentences with the country of their article's outlet."""
    articles = rows["sentence_id"].str.rsplit("-", n=1).str[0]
    return rows.assign(country=articles.map(countries))


def _shares(rows: pd.DataFrame, column: str, names: Mapping[str, str]) -> list[Pair]:
    """The share that each value of a column has in either country's outlets, the commonest first."""
    counts = pd.crosstab(rows[column], rows["country"]).reindex(columns=list(COUNTRIES), fill_value=0)
    counts = counts[counts.sum(axis=1) > 0]
    totals = counts.sum()
    ordered = (
        counts.assign(all=counts.sum(axis=1)).sort_index().sort_values("all", ascending=False, kind="stable")
    )
    return [
        Pair(
            _called(names, str(value)),
            us=row["us"] / totals["us"] if totals["us"] else float("nan"),
            canada=row["canada"] / totals["canada"] if totals["canada"] else float("nan"),
            n_us=int(row["us"]),
            n_canada=int(row["canada"]),
        )
        for value, row in ordered.iterrows()
    ]


def _called(names: Mapping[str, str], name: str) -> str:
    return names.get(name, name.replace("_", " "))


def _stances(stated: pd.DataFrame, targets: Mapping[str, str], side_names: Mapping[str, str]) -> list[Pair]:
    """Net stances by target and side in either country's outlets; most statements first."""
    pairs = []
    for (target, side), rows in stated.groupby(["target", "holder_side"], sort=True):
        us, canada = (rows.loc[rows["country"] == country, "lean"] for country in COUNTRIES)
        if side in SIDES[:2] and min(len(us), len(canada)) >= FEW_STATEMENTS:
            label = f"{side_names[str(side)]} on {_called(targets, str(target))}"
            pairs.append(Pair(label, float(us.mean()), float(canada.mean()), len(us), len(canada)))
    return sorted(pairs, key=lambda pair: (-pair.n_us - pair.n_canada, pair.label))
