"""Find topics among the relevant articles of a corpus: docs/method.md, 'Topics', has the specification."""

from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray

from pipeline import store
from pipeline.methods.topic_scores import coherence, diversity, outlier_share, stability
from pipeline.methods.topics import (
    Articles,
    Settings,
    TopicModel,
    find_topics,
    first_of_each,
    split_words,
    take,
    typical_articles,
)
from pipeline.params import FitTopics, read_params
from pipeline.store import WHOLE
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.topics import ARTICLE_TOPICS, TOPICS
from pipeline.tables.vectors import ARTICLE_VECTORS
from pipeline.text.articles import whole_text

_LIBRARIES = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "numpy")


class Topics(NamedTuple):
    """Tables `topics` and `article_topics`, the model that made them, and its card."""

    topics: pd.DataFrame
    article_topics: pd.DataFrame
    model: TopicModel
    card: dict[str, Any]


def main(corpus: str) -> None:
    """Read a corpus's relevant articles, write topics, article_topics and models/topics/<corpus>."""
    folder = store.corpus_folder(corpus)
    coverage, relevance, stories = (
        store.read_table(folder, table) for table in (COVERAGE, ARTICLE_RELEVANCE, STORIES)
    )
    found = fit_topics(
        coverage, store.read_vectors(folder, ARTICLE_VECTORS), relevance, stories, read_params().fit_topics
    )
    store.write_table(folder, TOPICS, found.topics)
    store.write_table(folder, ARTICLE_TOPICS, found.article_topics)
    model = store.Arrays(*found.model.to_arrays())
    store.write_model(store.MODELS / "topics" / corpus, {WHOLE: model}, found.card)
    scores, reason = found.card["scores"], found.model.reason
    typer.echo(
        f"fit_topics: corpus {corpus} has no topics: {reason}; bring more articles or lower fit_topics.min_cluster_size"
        if reason
        else f"fit_topics: {scores['topics']} topics; {scores['outlier_share']:.0%} of "
        f"{len(found.article_topics)} relevant articles have none",
        err=True,
    )


def fit_topics(
    coverage: pd.DataFrame,
    article_vectors: tuple[list[str], NDArray[np.float32]],
    relevance: pd.DataFrame,
    stories: pd.DataFrame,
    params: FitTopics,
) -> Topics:
    """Topics of the relevant articles of one corpus; none, with the reason in the model, where they are too few.

    Args:
        coverage: table `coverage`.
        article_vectors: keys, and the (n, d) matrix whose rows they name.
        relevance: table `article_relevance`.
        stories: table `stories`.
        params: the section `fit_topics`.
    """
    articles = _relevant(coverage, article_vectors, relevance, stories)
    settings = Settings(**params.model_dump(exclude={"stability_seeds"}))
    model = find_topics(articles, settings)
    topic_ids, weights = model.assign(articles.vectors)
    texts = [split_words(text) for text in take(articles, first_of_each(articles.story_ids)).texts]
    coherences = coherence(model.words, texts)
    themes = relevance.set_index("article_id")["theme"]
    rows = []
    for topic, label in enumerate(model.labels):
        members = [articles.article_ids[row] for row in np.flatnonzero(topic_ids == topic).tolist()]
        theme, share = _most_common(themes.loc[members])
        typical = typical_articles(articles, topic_ids, weights, topic)
        rows.append(
            (topic, label, list(model.terms[topic]), len(members), coherences[topic], theme, share, typical)
        )
    scores = {
        "topics": len(rows),
        "outlier_share": outlier_share(topic_ids) if rows else None,
        "coherence": float(np.mean(coherences)) if rows else None,
        "diversity": diversity(model.words) if rows else None,
        "stability": _stability(articles, topic_ids, settings, params.stability_seeds) if rows else None,
    }
    return Topics(
        TOPICS.frame(rows) if rows else TOPICS.empty(),
        pd.DataFrame({"article_id": articles.article_ids, "topic_id": topic_ids, "weight": weights}),
        model,
        _card(articles, params, model, scores),
    )


def _relevant(
    coverage: pd.DataFrame,
    article_vectors: tuple[list[str], NDArray[np.float32]],
    relevance: pd.DataFrame,
    stories: pd.DataFrame,
) -> Articles:
    """The relevant articles, sorted by key."""
    ids = sorted(relevance.loc[relevance["is_relevant"], "article_id"])
    row_of = {key: row for row, key in enumerate(article_vectors[0])}
    texts = coverage.set_index("article_id").loc[ids, ["title", "text"]]
    return Articles(
        ids,
        [whole_text(title, text) for title, text in zip(texts["title"], texts["text"], strict=True)],
        article_vectors[1][np.array([row_of[key] for key in ids], dtype=np.intp)],
        stories.set_index("article_id").loc[ids, "story_id"].tolist(),
    )


def _most_common(themes: pd.Series) -> tuple[str, float]:
    """The theme of most articles, of equal ones the first by name, and its share."""
    counts = themes.value_counts()
    theme = min(counts[counts == counts.max()].index)
    return theme, counts[theme] / len(themes)


def _stability(
    articles: Articles, topic_ids: NDArray[np.int32], settings: Settings, seeds: int
) -> float | None:
    """Agreement of the fit with fits by the seeds that follow its own; None without any."""
    others = [
        find_topics(articles, settings._replace(seed=settings.seed + further)).assign(articles.vectors)[0]
        for further in range(1, seeds + 1)
    ]
    return stability([topic_ids, *others])


def _card(articles: Articles, params: FitTopics, model: TopicModel, scores: dict[str, Any]) -> dict[str, Any]:
    return {
        "learned_from": {
            "relevant_articles": len(articles.story_ids),
            "stories": len(set(articles.story_ids)),
        },
        "params": params.model_dump(),
        "versions": {library: version(library) for library in _LIBRARIES},
        "scores": {name: value if value is None else round(value, 4) for name, value in scores.items()},
        "without_topics_because": model.reason,
    }
