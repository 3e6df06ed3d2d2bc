"""Learn targets and stances from the labelled sentences: docs/method.md, 'Stances'."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import typer

from pipeline import store
from pipeline.methods.stance_scores import best_threshold, stance_scores
from pipeline.methods.stances import Penalties, StanceModel, fit_stances
from pipeline.methods.statements import (
    STANCES,
    Gold,
    Judgement,
    StanceError,
    Statements,
    Target,
    Vectors,
    find_sentences,
)
from pipeline.params import FitStance, read_params
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.statements import JUDGED_SENTENCES
from pipeline.tables.vectors import ARTICLE_VECTORS, SENTENCE_VECTORS

FOLDER = store.MODELS / "stance"
FEWEST_FOLDS = 3  # with statements: one is left out, and calibration needs two
ALL = "all"  # the scores of all corpora


class Fitted(NamedTuple):
    """The models by name, "whole" and one a fold that has not seen it, what their card says, and judged_sentences."""

    models: dict[str, StanceModel]
    card: dict[str, Any]
    judged_sentences: pd.DataFrame


def fit_stance(
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    sentence_vectors: Vectors,
    article_vectors: Vectors,
    targets: Sequence[Mapping[str, Any]],
    params: FitStance,
) -> Fitted:
    """Fit a model to all labels and one without each fold, and judge each fold by the one that has not seen it.

    Args:
        labelled_articles: gold.
        labelled_sentences: gold; every other target of a coded sentence is a negative.
        sentence_vectors: ids and (n, d) vectors of every sentence of those articles.
        article_vectors: ids and vectors of those articles.
        targets: rows of targets.yaml; one with too few statements is left out, and named in the card.
        params: of the stage.

    Raises:
        StanceError: there is no statement, all lean one way, or a sentence has no vector.
    """
    frame = labelled_sentences.merge(labelled_articles[["article_id", "corpus", "fold"]], on="article_id")
    frame = frame.sort_values(["sentence_id", "target", "holder", "raw_start"], ignore_index=True)
    counts = {row["target"]: frame.loc[frame["target"] == row["target"], "fold"] for row in targets}
    left_out = {
        name: len(folds)
        for name, folds in counts.items()
        if len(folds) < params.least_statements or folds.nunique() < FEWEST_FOLDS
    }
    learned = [Target(row["target"], tuple(row["cues"])) for row in targets if row["target"] not in left_out]
    if not learned:
        raise StanceError(
            f"no target has {params.least_statements} gold statements in {FEWEST_FOLDS} folds or more, so no stance can be "
            "learned; label more, or lower fit_stance.least_statements"
        )
    coded = frame.drop_duplicates("sentence_id", ignore_index=True)
    gold = _gold(frame, coded, learned, sentence_vectors, article_vectors)
    folds = sorted(set(labelled_articles["fold"]))  # of which one may hold no coded sentence
    chosen = {store.WHOLE: gold.folds >= 0} | {f"fold_{fold}": gold.folds != fold for fold in folds}
    models = {
        name: fit_stances(
            gold.take(rows),
            learned,
            penalties=Penalties(params.detection_penalty, params.stance_penalty),
            word_sentences=params.word_sentences,
            detection_words=params.detection_words,
        )
        for name, rows in chosen.items()
    }
    shape = (len(coded), len(learned))
    judgement = Judgement(np.zeros(shape, np.float32), np.zeros((*shape, len(STANCES)), np.float32))
    for fold in np.unique(gold.folds):
        rows = gold.folds == fold
        judged = models[f"fold_{fold}"].judge(gold.take(rows).sentences)
        judgement.p_target[rows], judgement.p_stance[rows] = judged
    card = {"targets_left_out": left_out, "params": params.model_dump()}
    card |= _card(coded["corpus"].to_numpy(), gold, judgement, [target.name for target in learned])
    return Fitted(models, card, _judged_sentences(coded["sentence_id"], learned, judgement))


def _gold(frame: pd.DataFrame, coded: pd.DataFrame, targets: Sequence[Target], *vectors: Vectors) -> Gold:
    """The labels as arrays, from rows sorted by key and those of coded sentences, each once."""
    ids = coded["sentence_id"].tolist()
    sentences = find_sentences(ids, coded["text"].tolist(), *vectors)
    names = [target.name for target in targets]
    stated = frame[frame["target"].isin(names)]
    columns = ((ids, "sentence_id"), (names, "target"), (STANCES, "stance"))
    found = [pd.Index(values).get_indexer(pd.Index(stated[name])) for values, name in columns]
    corpora = pd.factorize(coded["corpus"], sort=True)[0]
    return Gold(sentences, Statements(*found), coded["fold"].to_numpy(), corpora)


def _judged_sentences(ids: pd.Series, targets: Sequence[Target], judgement: Judgement) -> pd.DataFrame:
    """A row a coded sentence and target."""
    names = np.array([target.name for target in targets], dtype=object)
    pairs = {"sentence_id": np.repeat(ids.to_numpy(), len(names)), "target": np.tile(names, len(ids))}
    stances = {f"p_{name}": judgement.p_stance[:, :, i].ravel() for i, name in enumerate(STANCES)}
    return pd.DataFrame(pairs | {"p_target": judgement.p_target.ravel()} | stances)


def _card(corpora: np.ndarray, gold: Gold, judgement: Judgement, targets: Sequence[str]) -> dict[str, Any]:
    """What the models learned from, and their scores on folds that they had not seen, by corpus."""
    threshold = best_threshold(judgement, gold)
    learned_from, scores = {}, {}
    for corpus in [*sorted(set(corpora)), ALL]:
        part = gold.take(rows := (corpora == corpus) | (corpus == ALL))
        found = stance_scores(Judgement(*(each[rows] for each in judgement)), part, threshold)
        scores[corpus] = {name: round(value, 4) for name, value in found.items()}
        counts = np.bincount(part.statements.targets, minlength=len(targets)).tolist()
        learned_from[corpus] = {"sentences": len(part.folds), **dict(zip(targets, counts, strict=True))}
    return {
        "model": "stance",
        "learned_from": learned_from,
        "threshold_of_scores": threshold,
        "scores": scores,
        "versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
    }


def main() -> None:
    """Read the labels, write models/stance and judged_sentences."""
    params = read_params().fit_stance
    tables = (LABELLED_ARTICLES, LABELLED_SENTENCES)
    articles, sentences = (store.read_table(store.LABELS, table) for table in tables)
    vectors, around = (store.read_vectors(store.LABELS, each) for each in (SENTENCE_VECTORS, ARTICLE_VECTORS))
    targets = store.read_yaml(store.SEEDS / "targets.yaml")
    fitted = fit_stance(articles, sentences, vectors, around, targets, params)
    for target, n in fitted.card["targets_left_out"].items():
        least = f"{params.least_statements} in {FEWEST_FOLDS} folds or more are needed"
        typer.echo(f"fit_stance: target {target} is not learned: {n} gold statements, {least}", err=True)
    models = {name: store.Arrays(*model.to_arrays()) for name, model in fitted.models.items()}
    store.write_model(FOLDER, models, fitted.card)
    store.write_table(store.LABELS, JUDGED_SENTENCES, fitted.judged_sentences)
    scores, threshold = fitted.card["scores"]["all"], fitted.card["threshold_of_scores"]
    typer.echo(
        f"fit_stance: {len(models)} models; cross-fitted stance macro-F1 {scores['stance_macro_f1']:.2f}, target F1 "
        f"{scores['target_f1']:.2f} at {threshold:.2f}, the best threshold on the same sentences",
        err=True,
    )
