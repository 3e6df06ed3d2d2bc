"""A corpus as coded, by gold or by the models: what each article adds to a net stance or to a share of articles."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables.words import COUNTRIES, SIDES
from pipeline.text.gold import OFF_TOPIC

ALL = "all"
SHARES = ("theme", "theme_group")  # families counted in articles, each a column of them
THEME_GROUPS = ("trade", "security", "both")  # of themes.csv, without neither
LEAN = {"favor": 1, "neutral": 0, "against": -1}
_STATED = ["article_id", "sentence_id", "target", "holder_side", "stance"]
Counts = tuple[NDArray[np.float64], NDArray[np.float64]]


class Choices(NamedTuple):
    """What may be counted in a family."""

    subjects: tuple[str, ...]
    groups: tuple[str, ...]


class Coding(NamedTuple):
    """Articles with their theme and theme group, and the statements that they hold, a row each."""

    articles: pd.DataFrame
    statements: pd.DataFrame

    def counts(self, family: str, subject: str, group: str) -> Counts:
        """Numerator and denominator of each article, (articles,): statements, or 1 where it has the theme and 1."""
        if family in SHARES:
            inside = (self.articles["outlet_country"] == group) | (group == ALL)
            has = inside & (self.articles[family] == subject)
            return np.asarray(has, dtype=np.float64), np.asarray(inside, dtype=np.float64)
        stated = self.stated(subject, group)
        sums = stated["lean"].groupby(stated["article_id"]).agg(["sum", "count"])
        sums = sums.reindex(self.articles["article_id"], fill_value=0)
        return sums["sum"].to_numpy(float), sums["count"].to_numpy(float)

    def stated(self, target: str, side: str) -> pd.DataFrame:
        """The statements on a target by holders of a side."""
        return self.statements[
            (self.statements["target"] == target) & (self.statements["holder_side"] == side)
        ]


def choices_of(targets: Sequence[str], themes: Sequence[str]) -> dict[str, Choices]:
    """What may be counted in each family, of the targets and themes of the codebook."""
    shared = (ALL, *COUNTRIES)
    return {
        "stance": Choices(tuple(targets), SIDES),
        "theme": Choices(tuple(theme for theme in themes if theme != OFF_TOPIC), shared),
        "theme_group": Choices(THEME_GROUPS, shared),
    }


def code_by_gold(
    labelled_articles: pd.DataFrame, labelled_sentences: pd.DataFrame, groups: Mapping[str, str], corpus: str
) -> Coding:
    """The labels of a corpus; its articles in order of publication, undated ones last.

    Args:
        labelled_articles: of all corpora.
        labelled_sentences: of all corpora.
        groups: of each theme, its theme group.
        corpus: whose labels are meant.
    """
    own = labelled_articles[labelled_articles["corpus"] == corpus]
    ordered = own.assign(published_date=pd.to_datetime(own["published_date"])).sort_values(
        ["published_date", "source_id"], na_position="last", ignore_index=True
    )
    stated = labelled_sentences[labelled_sentences["article_id"].isin(ordered["article_id"])]
    return Coding(ordered.assign(theme_group=ordered["theme"].map(groups)), _lean(stated))


def code_by_model(tables: Mapping[str, pd.DataFrame], groups: Mapping[str, str]) -> Coding:
    """The corpus as the models read it; labelled stories by the models that had not seen them.

    Args:
        tables: coverage, stories, article_relevance, article_topics and statements of a corpus, by name.
        groups: of each theme, its theme group.
    """
    articles = tables["coverage"][["article_id", "published_date", "outlet_country"]]
    of_articles = {
        "stories": ["story_id"],
        "article_relevance": ["theme"],
        "article_topics": ["topic_id"],
    }
    for table, columns in of_articles.items():
        articles = articles.merge(tables[table][["article_id", *columns]], on="article_id", how="left")
    articles = articles.assign(
        published_date=pd.to_datetime(articles["published_date"]), theme_group=articles["theme"].map(groups)
    ).sort_values("article_id", ignore_index=True)
    statements = tables["statements"]
    article_ids = statements["sentence_id"].str.rsplit("-", n=1).str[0]
    return Coding(articles, _lean(statements.assign(article_id=article_ids)))


def _lean(statements: pd.DataFrame) -> pd.DataFrame:
    """Statements alone, with their lean: 1 in favor, 0 neutral, -1 against."""
    lean = statements["stance"].map(LEAN)
    return statements.loc[lean.notna(), _STATED].assign(lean=lean.dropna().astype("int64"))
