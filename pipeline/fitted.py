"""Fitted models, read from disk, and which of them judges an article."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import store
from pipeline.methods.stances import StanceModel
from pipeline.methods.themes import ThemeModel
from pipeline.methods.topics import TopicModel
from pipeline.store import WHOLE
from pipeline.tables.themes import WHOLE_MODEL


class Judges(NamedTuple):
    """The models of all labels, or those that have not seen one fold."""

    themes: ThemeModel
    stances: StanceModel


def folds_of(
    article_ids: pd.Series, stories: pd.DataFrame, labelled_articles: pd.DataFrame
) -> NDArray[np.int32]:
    """A labelled article's own fold; that of its story where a labelled article tells it; else `WHOLE_MODEL`."""
    fold_of_article = labelled_articles.set_index("article_id")["fold"]
    judged = stories.assign(fold=stories["article_id"].map(fold_of_article))
    fold_of_story = judged.dropna(subset=["fold"]).groupby("story_id")["fold"].first()
    found = judged.set_index("article_id")["story_id"].map(fold_of_story)
    own = article_ids.map(fold_of_article)
    return own.fillna(article_ids.map(found)).fillna(WHOLE_MODEL).to_numpy(dtype=np.int32)


def read_judges() -> Callable[[int], Judges]:
    """The fitted models by fold, each read once.

    Raises:
        StoreError: a model is missing or damaged.
    """

    @cache
    def judges(fold: int) -> Judges:
        name = WHOLE if fold == WHOLE_MODEL else f"fold_{fold}"
        return Judges(
            ThemeModel.from_arrays(*store.read_model(store.MODELS / "themes", name)),
            StanceModel.from_arrays(*store.read_model(store.MODELS / "stance", name)),
        )

    return judges


def read_topic_model(corpus: str) -> TopicModel:
    """The topic model of a corpus.

    Raises:
        StoreError: it is missing or damaged.
    """
    return TopicModel.from_arrays(*store.read_model(store.MODELS / "topics" / corpus, WHOLE))
