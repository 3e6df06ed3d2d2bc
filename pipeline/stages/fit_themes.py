"""Learn relevance and themes from the labelled articles: docs/method.md, 'Relevance and themes'."""

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray

from pipeline import store
from pipeline.methods.themes import (
    OFF_TOPIC,
    Patterns,
    ThemeModel,
    ThemesError,
    Weights,
    cross_fit,
    judged_themes,
    theme_scores,
    thin_themes,
)
from pipeline.params import FitThemes, read_params
from pipeline.tables.labels import LABELLED_ARTICLES, UNRELATED_ARTICLES
from pipeline.tables.vectors import ARTICLE_VECTORS
from pipeline.text.passages import compile_terms

FOLDER = store.MODELS / "themes"
COLUMNS = ["article_id", "corpus", "fold", "title", "text", "theme"]


class Fitted(NamedTuple):
    """The models by name, "whole" and one a fold that has not seen it, and what their card says."""

    models: dict[str, ThemeModel]
    card: dict[str, Any]


def fit_themes(
    labelled_articles: pd.DataFrame,
    unrelated_articles: pd.DataFrame,
    article_vectors: tuple[Sequence[str], NDArray[np.float32]],
    themes: Sequence[str],
    patterns: Patterns,
    params: FitThemes,
) -> Fitted:
    """Fit a model to all labels and one without each fold, and score those on the fold that they have not seen.

    Args:
        labelled_articles: gold.
        unrelated_articles: documents known to be off topic; learned from, never scored as gold.
        article_vectors: ids and (n, d) vectors of all of them.
        themes: of the codebook.
        patterns: what names either country, and cue words of the targets.
        params: of the stage.

    Raises:
        ThemesError: the labels do not suffice, or an article has no vector.
    """
    if labelled_articles.empty:
        raise ThemesError("no article is labelled, so themes cannot be learned; see prepare_labels.corpora")
    unrelated = unrelated_articles.assign(theme=OFF_TOPIC)
    both = pd.concat([labelled_articles[COLUMNS], unrelated[COLUMNS]])
    both["is_gold"] = np.repeat([True, False], [len(labelled_articles), len(unrelated)])
    articles = both.sort_values("article_id", ignore_index=True)
    labels = articles["theme"].tolist()
    thin = thin_themes(labels, themes, params.fewest_articles)
    fitted = cross_fit(
        articles["title"].tolist(),
        articles["text"].tolist(),
        _vectors_of(articles["article_id"].tolist(), *article_vectors),
        labels,
        articles["fold"].tolist(),
        thin=thin,
        themes=themes,
        patterns=patterns,
        weights=Weights(params.vector_weight, params.word_weight, params.mention_weight),
        inverse_regularisation=params.inverse_regularisation,
    )
    return Fitted(fitted.models, _card(articles, fitted.unseen, themes, thin, params))


def _vectors_of(
    wanted: Sequence[str], keys: Sequence[str], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The vectors of articles, in their order."""
    places = pd.Index(keys).get_indexer(pd.Index(wanted))
    if missing := int((places < 0).sum()):
        raise ThemesError(
            f"{missing} of {len(wanted)} labelled articles have no vector; run `dvc repro prepare_labels`"
        )
    return vectors[places]


def _card(
    articles: pd.DataFrame,
    unseen: NDArray[np.float32],
    themes: Sequence[str],
    thin: dict[str, int],
    params: FitThemes,
) -> dict[str, Any]:
    """What the models learned from, by which params, and their scores on folds that they had not seen."""
    gold = articles["is_gold"].to_numpy()
    scores = {}
    for corpus in [*sorted(set(articles.loc[gold, "corpus"])), "all"]:
        rows = gold & ((articles["corpus"] == corpus) | (corpus == "all")).to_numpy()
        scores[corpus] = theme_scores(articles.loc[rows, "theme"].tolist(), unseen[rows], themes)
    learned = articles[~articles["theme"].isin(list(thin))]
    sources = learned["corpus"].where(learned["is_gold"], learned["corpus"] + " (unrelated)")
    judged = judged_themes(unseen[~gold], themes)
    return {
        "model": "themes",
        "learned_from": {
            str(source): {str(theme): int(n) for theme, n in part["theme"].value_counts().items()}
            for source, part in learned.groupby(sources)
        },
        "themes_left_out": thin,
        "params": params.model_dump(),
        "scores": scores,
        "unrelated_judged_relevant": {"n": len(judged), "judged": int((judged != OFF_TOPIC).sum())},
        "versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
    }


def main() -> None:
    """Read the labels, write models/themes."""
    params = read_params()
    terms = params.clean.passage_terms.model_dump()
    targets = store.read_yaml(store.SEEDS / "targets.yaml")
    cues = "|".join(re.escape(cue) for cue in sorted({cue for target in targets for cue in target["cues"]}))
    named = {country: compile_terms(patterns).pattern for country, patterns in terms.items()}
    fitted = fit_themes(
        store.read_table(store.LABELS, LABELLED_ARTICLES),
        store.read_table(store.LABELS, UNRELATED_ARTICLES),
        store.read_vectors(store.LABELS, ARTICLE_VECTORS),
        [row["theme"] for row in store.read_csv(store.SEEDS / "themes.csv", ("theme",))],
        Patterns(**named, cue=rf"(?<!\w)(?:{cues})(?!\w)"),
        params.fit_themes,
    )
    for theme, n in fitted.card["themes_left_out"].items():
        fewest = params.fit_themes.fewest_articles
        typer.echo(f"fit_themes: {theme} is not learned: {n} labelled articles, {fewest} needed", err=True)
    models = {name: store.Arrays(*model.to_arrays()) for name, model in fitted.models.items()}
    store.write_model(FOLDER, models, fitted.card)
    scores = fitted.card["scores"]["all"]
    typer.echo(
        f"fit_themes: {len(models)} models; cross-fitted relevance F1 {scores['relevance_f1']:.2f} "
        f"(always yes {scores['always_yes_f1']:.2f}), theme accuracy {scores['theme_accuracy']:.2f}",
        err=True,
    )
