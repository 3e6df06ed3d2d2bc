"""How good a stance model is beside gold, unweighted, and the threshold that suits it."""

import numpy as np
from numpy.typing import NDArray

from pipeline.methods.classification import (
    calibration_counts,
    calibration_error,
    class_counts,
    f1,
    macro_f1,
    match_counts,
)
from pipeline.methods.statements import STANCES, Floats, Gold, Judgement


def best_threshold(judgement: Judgement, gold: Gold) -> float:
    """The p_target, in hundredths, from which on F1 over pairs is highest.

    Args:
        judgement: of n sentences by models that had not seen them.
        gold: of those sentences.
    """
    taken_up = gold.taken_up(judgement.p_target.shape[1])
    thresholds = np.arange(1, 100) / 100
    scores = [
        f1(match_counts(taken_up.ravel(), judgement.p_target.ravel() >= each).sum(axis=0))
        for each in thresholds
    ]
    return float(thresholds[int(np.nanargmax(scores))])


def stance_scores(judgement: Judgement, gold: Gold, threshold: float) -> dict[str, float]:
    """Unweighted scores of n judged sentences beside gold.

    Args:
        judgement: of the sentences.
        gold: of those sentences.
        threshold: least p_target of a statement.

    Returns:
        target_f1 over pairs of sentence and target, target_macro_f1 over targets, target_calibration_error of
        p_target; stance_macro_f1, stance_accuracy and stance_calibration_error (of the likeliest stance) over
        gold statements; n_sentences and n_statements. One that has nothing to
        divide by is left out.
    """
    found, statements = judgement.p_target >= threshold, gold.statements
    taken_up = gold.taken_up(found.shape[1])
    by_target = np.hstack([match_counts(taken_up[:, i], found[:, i]) for i in range(found.shape[1])])
    stances = judgement.p_stance[statements.sentences, statements.targets]
    likeliest = stances.argmax(axis=1)
    right = likeliest == statements.stances
    names = np.array(STANCES)
    by_stance = class_counts(names[statements.stances], names[likeliest], STANCES)
    scores = {
        "target_f1": f1(match_counts(taken_up.ravel(), found.ravel()).sum(axis=0)),
        "target_macro_f1": macro_f1(by_target.sum(axis=0)),
        "target_calibration_error": _calibration_error(judgement.p_target.ravel(), taken_up.ravel()),
        "stance_macro_f1": macro_f1(by_stance.sum(axis=0)),
        "stance_accuracy": right.mean() if len(right) else np.nan,
        "stance_calibration_error": _calibration_error(stances.max(axis=1), right),
    }
    counts = {"n_sentences": len(found), "n_statements": len(right)}
    return {name: float(value) for name, value in scores.items() if not np.isnan(value)} | counts


def _calibration_error(probabilities: Floats, hits: NDArray[np.bool_]) -> float:
    counts = calibration_counts(probabilities.astype(np.float64), hits)
    return float(calibration_error(counts.sum(axis=0)))
