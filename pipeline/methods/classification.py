"""Scores of a classifier beside gold, each a function of sums over clusters, so that all get their intervals alike."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Sums = NDArray[np.float64]  # (..., k): sums over cases of k counts
Classes: TypeAlias = Sequence[str] | NDArray[np.str_]
Statistic = Callable[[Sums], NDArray[np.float64]]  # (..., k) to (...)

CALIBRATION_BINS = 10
FEWEST_CLUSTERS = 5  # with a case; fewer cannot show how much they vary


class Score(NamedTuple):
    """A score and its interval, None where too few clusters hold a case."""

    value: float
    low: float | None
    high: float | None


def score(
    counts: Sums,
    clusters: Sequence[str],
    weights: NDArray[np.float64],
    statistic: Statistic,
    confidence: float,
    resamples: int,
    seed: int,
) -> Score | None:
    """A statistic of weighted counts, with the percentile interval of a bootstrap of clusters.

    Efron and Tibshirani 1993, chapter 13: as many clusters as there are, drawn with replacement.

    Args:
        counts: (cases, k).
        clusters: the cluster of each case.
        weights: of each case.
        statistic: from sums of the k counts to the score; NaN where it is not defined.
        confidence: of the interval, in (0, 1).
        resamples: draws.
        seed: of the draws.

    Returns:
        None where the score is not defined: there is no case, or nothing to divide by.
    """
    names, of_case = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    sums = np.zeros((len(names), counts.shape[1]))
    np.add.at(sums, of_case, counts * weights[:, None])
    value = float(statistic(sums.sum(axis=0)))
    if np.isnan(value):
        return None
    if len(names) < FEWEST_CLUSTERS:
        return Score(value, None, None)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(names), [1 / len(names)] * len(names), size=resamples)
    found = statistic(drawn @ sums)
    low, high = np.nanquantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Score(value, float(low), float(high))


def share(sums: Sums) -> NDArray[np.float64]:
    """Hits over cases, from (hits, cases)."""
    return _divide(sums[..., 0], sums[..., 1])


def precision(sums: Sums) -> NDArray[np.float64]:
    """True positives over all that were found, from (true positives, false positives, false negatives)."""
    return _divide(sums[..., 0], sums[..., 0] + sums[..., 1])


def recall(sums: Sums) -> NDArray[np.float64]:
    """True positives over all that there are, from (true positives, false positives, false negatives)."""
    return _divide(sums[..., 0], sums[..., 0] + sums[..., 2])


def f1(sums: Sums) -> NDArray[np.float64]:
    """Harmonic mean of precision and recall, from (true positives, false positives, false negatives)."""
    return _divide(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def macro_f1(sums: Sums) -> NDArray[np.float64]:
    """Mean F1 of the classes that gold or the classifier names, from three counts a class, class after class."""
    scores = f1(sums.reshape(*sums.shape[:-1], -1, 3))
    named = ~np.isnan(scores)
    return _divide(np.where(named, scores, 0).sum(axis=-1), named.sum(axis=-1))


def calibration_error(sums: Sums) -> NDArray[np.float64]:
    """Expected calibration error (Naeini et al. 2015), from (cases, sum of probabilities, hits) of each bin."""
    bins = sums.reshape(*sums.shape[:-1], -1, 3)
    gaps = np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1)
    return _divide(gaps, bins[..., 0].sum(axis=-1))


def match_counts(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> Sums:
    """(true positive, false positive, false negative) of each of n cases, 0 or 1."""
    return np.stack([gold & found, found & ~gold, gold & ~found], axis=1).astype(np.float64)


def class_counts(gold: Classes, found: Classes, classes: Sequence[str]) -> Sums:
    """The same for every class, (n, 3 × classes), as `macro_f1` takes them."""
    wanted, given = np.asarray(gold, dtype=str), np.asarray(found, dtype=str)
    return np.hstack([match_counts(wanted == name, given == name) for name in classes])


def calibration_counts(probabilities: NDArray[np.float64], hits: NDArray[np.bool_]) -> Sums:
    """(case, probability, hit) in the bin of each of n cases, (n, 3 × bins), as `calibration_error` takes them.

    The `CALIBRATION_BINS` bins are equally wide.
    """
    bins = bins_of(probabilities)
    counts = np.zeros((len(bins), CALIBRATION_BINS, 3))
    values = np.stack([np.ones(len(bins)), probabilities, hits], axis=1)
    counts[np.arange(len(bins)), bins] = values
    return counts.reshape(len(bins), 3 * CALIBRATION_BINS)


def bins_of(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each probability, from 0."""
    return np.minimum((probabilities * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)


def _divide(part: Sums, whole: Sums) -> NDArray[np.float64]:
    """Part over whole, NaN where there is no whole."""
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
