"""What the articles are about, as the theme model counts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.tables.words import COUNTRIES

OFF_TOPIC = "off_topic"


@dataclass(frozen=True)
class Theme:
    """One theme of the codebook and its relevant articles, in all and by country of the outlet."""

    name: str
    group: str
    wording: str
    articles: int
    by_country: dict[str, int]


@dataclass(frozen=True)
class Themes:
    """How many articles are relevant, and their themes, the commonest first.

    `countries` has the relevant articles of each outlet country that has any; `groups` those of each
    theme group, most first; `absent` names the themes that no article has, of those that the model knows.
    """

    covered: int
    past_gate: int
    relevant: int
    themes: list[Theme]
    absent: list[str]
    countries: dict[str, int]
    groups: dict[str, int]

    @property
    def by_country(self) -> pd.DataFrame:
        """Articles, one row a theme and one column a country."""
        names = [theme.name for theme in self.themes]
        return pd.DataFrame([theme.by_country for theme in self.themes], index=names)


def themes(
    relevance: pd.DataFrame,
    coverage: pd.DataFrame,
    codebook: Sequence[Mapping[str, str]],
    left_out: Mapping[str, int],
) -> Themes:
    """Count relevant articles by theme.

    Args:
        relevance: table `article_relevance`.
        coverage: table `coverage`.
        codebook: rows of themes.csv.
        left_out: themes that the model has not learned.
    """
    known = {row["theme"]: row for row in codebook if row["theme"] != OFF_TOPIC}
    relevant = relevance[relevance["is_relevant"]].merge(
        coverage[["article_id", "outlet_country"]], on="article_id"
    )
    counts = relevant["theme"].value_counts()
    present = [country for country in COUNTRIES if (relevant["outlet_country"] == country).any()]
    table = pd.crosstab(relevant["theme"], relevant["outlet_country"]).reindex(columns=present)
    rows = [
        Theme(
            name=theme.replace("_", " "),
            group=known.get(theme, {}).get("group", ""),
            wording=known.get(theme, {}).get("wording", ""),
            articles=int(counts[theme]),
            by_country={country: int(table.loc[theme, country]) for country in present},
        )
        for theme in sorted(counts.index, key=lambda name: (-counts[name], name))
    ]
    groups = pd.Series({group: 0 for group in sorted({row.group for row in rows})}, dtype=int)
    for row in rows:
        groups[row.group] += row.articles
    return Themes(
        covered=len(relevance),
        past_gate=int(relevance["passes_gate"].sum()),
        relevant=len(relevant),
        themes=rows,
        absent=[
            name.replace("_", " ") for name in known if name not in counts.index and name not in left_out
        ],
        countries={country: int((relevant["outlet_country"] == country).sum()) for country in present},
        groups={
            str(group): int(groups[group]) for group in sorted(groups.index, key=lambda g: (-groups[g], g))
        },
    )
