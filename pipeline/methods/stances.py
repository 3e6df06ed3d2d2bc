"""Whether a sentence takes up a target, and which way: ridge regression on vectors and words, calibrated.

Scores come from regularised least squares (Rifkin et al. 2003), for which leaving a fold out costs one more solution
of a small system. The scores of sentences whose fold was left out then teach a logistic regression what a score is worth
(stacking, Wolpert 1992; Platt 1999), so that probabilities are calibrated on sentences that no score had seen.
Neither who holds a statement nor whom the holder speaks for is asked anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.sparse import csr_matrix

from pipeline.methods.linear import LinearModel, fit_linear
from pipeline.methods.stance_features import TURNS, Vocabulary, count_cues, find_turns, learn_vocabulary
from pipeline.methods.statements import (
    STANCES,
    Floats,
    Gold,
    Judgement,
    Sentences,
    StanceError,
    Statements,
    Target,
)

# What each kind of feature weighs beside the sentence's own vector and words.
_NEIGHBOUR_IN_DETECTION, _ARTICLE_IN_DETECTION, _CUES_IN_DETECTION = 0.6, 0.6, 0.3
_NEIGHBOUR_IN_STANCE, _CUES_IN_STANCE, _TURNS_IN_STANCE = 0.5, 0.3, 0.3
# A statement teaches its own target's stance three times as much as another target's.
_OTHER_TARGET, _OWN_TARGET = 0.5, 1.0
_BALANCE = 0.8  # 1: the three stances weigh alike in the scores; 0: as often as they occur
_BATCH = 8192


class Penalties(NamedTuple):
    """Ridge penalties of detection and of stance: larger follows the labels less closely."""

    detection: float
    stance: float


@dataclass(frozen=True)
class StanceModel:
    """A fitted model of k targets; see `fit_stances`.

    Attributes:
        targets: that it knows; it says nothing on others.
        vocabulary: words of stance; detection knows the first `detection_words` of them.
        detection: (features, k + 1) and (k + 1,): scores of the targets, and of any of them.
        detection_link: from scores to whether a sentence takes up a target.
        stance: (k, features, 3) and (3,): scores of the stances.
        stance_link: from scores to stances.
    """

    targets: tuple[Target, ...]
    vocabulary: Vocabulary
    detection_words: int
    detection: tuple[Floats, Floats]
    detection_link: LinearModel
    stance: tuple[Floats, Floats]
    stance_link: LinearModel

    def judge(self, sentences: Sentences) -> Judgement:
        """What sentences take up and which way; some 8,000 are worked on at a time.

        Raises:
            StanceError: the vectors are not as long as those that the model learned from.
        """
        width = (len(self.detection[0]) - len(self.targets) - self.detection_words) // 4
        if (found := sentences.sentence_vectors.shape[1]) != width:
            raise StanceError(
                f"the stance model reads vectors of {width} numbers, found {found}; "
                "embed with the encoder of the labels, or run `dvc repro` to fit anew"
            )
        starts = range(0, len(sentences.texts), _BATCH)
        rows = (range(start, min(start + _BATCH, len(sentences.texts))) for start in starts)
        parts = [self._judge(sentences.take(list(batch))) for batch in rows]
        if not parts:
            none = np.zeros((0, len(self.targets)), dtype=np.float32)
            return Judgement(none, np.zeros((*none.shape, len(STANCES)), dtype=np.float32))
        return Judgement(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _judge(self, sentences: Sentences) -> Judgement:
        words = self.vocabulary.weigh(sentences.texts)
        cues = count_cues(sentences.texts, [target.cues for target in self.targets])
        features = _detection_features(sentences, cues, words[:, : self.detection_words])
        scores = features @ self.detection[0] + self.detection[1]
        taken_up = self.detection_link.probabilities(_pairs(scores, cues))[:, 1]
        features = _stance_features(sentences, cues, words)
        leans = [features @ coefficients + self.stance[1] for coefficients in self.stance[0]]
        stances = np.stack([_all_stances(self.stance_link, lean) for lean in leans], axis=1)
        return Judgement(taken_up.reshape(cues.shape), stances)

    def to_arrays(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Named arrays, and what they mean as a JSON value."""
        arrays: dict[str, NDArray[Any]] = {"rarities": self.vocabulary.rarities}
        meaning: dict[str, Any] = {
            "targets": {target.name: list(target.cues) for target in self.targets},
            "order": [target.name for target in self.targets],
            "words": list(self.vocabulary.words),
            "detection_words": self.detection_words,
            "turns": TURNS,
        }
        for name in ("detection", "stance"):
            arrays[f"{name}_coefficients"], arrays[f"{name}_intercepts"] = getattr(self, name)
            link: LinearModel = getattr(self, f"{name}_link")
            arrays[f"{name}_link_coefficients"] = link.coefficients
            arrays[f"{name}_link_intercepts"] = link.intercepts
            meaning[f"{name}_link_classes"] = list(link.classes)
        return arrays, meaning

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]], meaning: dict[str, Any]) -> "StanceModel":
        """The model that `to_arrays` gave.

        Raises:
            StanceError: it was fitted by a version that looks for other turns.
        """
        if meaning["turns"] != TURNS:
            raise StanceError(
                f"the stance model looks for other words of the turns {', '.join(meaning['turns'])} than this "
                f"version, which knows {', '.join(TURNS)}; run `dvc repro fit_stance`"
            )
        fitted = {
            name: (arrays[f"{name}_coefficients"], arrays[f"{name}_intercepts"])
            for name in ("detection", "stance")
        }
        links = {
            name: LinearModel(
                tuple(meaning[f"{name}_link_classes"]),
                arrays[f"{name}_link_coefficients"],
                arrays[f"{name}_link_intercepts"],
            )
            for name in fitted
        }
        return cls(
            targets=tuple(Target(name, tuple(meaning["targets"][name])) for name in meaning["order"]),
            vocabulary=Vocabulary(tuple(meaning["words"]), arrays["rarities"]),
            detection_words=meaning["detection_words"],
            detection=fitted["detection"],
            detection_link=links["detection"],
            stance=fitted["stance"],
            stance_link=links["stance"],
        )


def fit_stances(
    gold: Gold,
    targets: Sequence[Target],
    *,
    penalties: Penalties,
    word_sentences: int,
    detection_words: int,
) -> StanceModel:
    """Fit detection and stance of k targets on n coded sentences; the folds serve the calibration.

    Args:
        gold: a sentence without a statement on a target is a negative of that target; of two statements that
            differ both count for stance.
        targets: each with a statement at least.
        penalties: of both ridge regressions.
        word_sentences: a word or pair of words must stand in so many sentences to be known.
        detection_words: the most frequent ones that detection knows; stance knows all.

    Raises:
        StanceError: there is no statement, all have one stance, a target has none, or there is one fold only.
    """
    _check(gold, targets)
    sentences, statements, folds, corpora = gold
    vocabulary = learn_vocabulary(sentences.texts, word_sentences)
    detection_words = min(detection_words, len(vocabulary.words))
    words = vocabulary.weigh(sentences.texts)
    cues = count_cues(sentences.texts, [target.cues for target in targets])
    taken_up = gold.taken_up(len(targets))
    wanted = np.hstack([taken_up, taken_up.any(axis=1, keepdims=True)]).astype(np.float32)
    features = _detection_features(sentences, cues, words[:, :detection_words])
    whole = np.hstack([features.dense, features.words.toarray()])
    detection, unseen = _fit_ridge(whole, wanted, folds, penalties.detection)
    detection_link = fit_linear(_pairs(unseen, cues), _yes_no(taken_up.ravel()), 1.0)
    features = _stance_features(sentences, cues, words).take(statements.sentences)
    weights = _balance(statements.stances, corpora[statements.sentences])
    stance, unseen = _fit_leans(
        features, statements, weights, folds[statements.sentences], len(targets), penalties.stance
    )
    stance_link = fit_linear(unseen, [STANCES[i] for i in statements.stances], 1.0)
    return StanceModel(
        tuple(targets), vocabulary, detection_words, detection, detection_link, stance, stance_link
    )


def _check(gold: Gold, targets: Sequence[Target]) -> None:
    statements = gold.statements
    if not len(statements.sentences):
        raise StanceError("no gold statement on any target: label some, or leave fit_stance out")
    if missing := [t.name for i, t in enumerate(targets) if i not in set(statements.targets.tolist())]:
        raise StanceError(f"target {missing[0]} has no gold statement, so it cannot be learned: leave it out")
    if len(stances := np.unique(statements.stances)) < 2:
        raise StanceError(
            f"all {len(statements.stances)} gold statements are {STANCES[stances[0]]}: stance needs two stances or more"
        )
    if len(np.unique(gold.folds[statements.sentences])) < 2:
        raise StanceError(
            f"all {len(statements.stances)} gold statements are in one fold: calibration needs two or more; raise prepare_labels.folds"
        )


def _yes_no(values: NDArray[np.bool_]) -> list[str]:
    return ["yes" if value else "no" for value in values]  # sorted: no, yes


class Features(NamedTuple):
    """(n, d) features in two parts: dense ones, then sparse words."""

    dense: Floats
    words: csr_matrix

    def __matmul__(self, coefficients: Floats) -> Floats:
        width = self.dense.shape[1]
        return self.dense @ coefficients[:width] + self.words @ coefficients[width:]

    def take(self, rows: NDArray[np.intp]) -> "Features":
        """The features of some rows."""
        return Features(self.dense[rows], self.words[rows])

    def likeness(self) -> Floats:
        """Inner products of all rows: (n, n)."""
        return self.dense @ self.dense.T + (self.words @ self.words.T).toarray()

    def combine(self, duals: NDArray[np.float64]) -> Floats:
        """Sums of rows, weighted by (n, m) duals: (d, m)."""
        return np.vstack([self.dense.T @ duals, self.words.T @ duals]).astype(np.float32)


def _detection_features(sentences: Sentences, cues: Floats, words: csr_matrix) -> Features:
    """4 d + k dense features, then words."""
    own, previous, following, article = sentences.vectors()
    blocks = (
        own,
        _NEIGHBOUR_IN_DETECTION * previous,
        _NEIGHBOUR_IN_DETECTION * following,
        _ARTICLE_IN_DETECTION * article,
        _CUES_IN_DETECTION * cues,
    )
    return Features(np.hstack(blocks).astype(np.float32), words)


def _stance_features(sentences: Sentences, cues: Floats, words: csr_matrix) -> Features:
    """3 d + k + turns dense features, then words."""
    own, previous, following, _ = sentences.vectors()
    blocks = (
        own,
        _NEIGHBOUR_IN_STANCE * previous,
        _NEIGHBOUR_IN_STANCE * following,
        _CUES_IN_STANCE * np.minimum(cues, 1),
        _TURNS_IN_STANCE * find_turns(sentences.texts),
    )
    return Features(np.hstack(blocks).astype(np.float32), words)


def _pairs(scores: Floats, cues: Floats) -> Floats:
    """What the link of detection reads of n × k pairs: (n k, 6 + 2 k).

    Args:
        scores: (n, k + 1), of targets and of any.
        cues: (n, k).
    """
    own, anything = scores[:, :-1], np.repeat(scores[:, -1:], cues.shape[1], axis=1)
    ordered = np.sort(np.hstack([own, np.full_like(own[:, :1], -1.0)]), axis=1)
    best_other = np.where(own == ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
    read = np.stack([own, anything, best_other, np.minimum(cues, 1), own * anything, own**2], axis=-1)
    of_target = np.broadcast_to(np.eye(cues.shape[1]), (*cues.shape, cues.shape[1]))
    whole = np.concatenate([read, of_target, of_target * own[..., None]], axis=-1)
    return whole.reshape(-1, whole.shape[-1]).astype(np.float32)


def _all_stances(link: LinearModel, leans: Floats) -> Floats:
    """Probabilities in the order of `STANCES`: (n, 3); 0 for one that no label has."""
    found = link.probabilities(leans)
    whole = np.zeros((len(found), len(STANCES)), dtype=np.float32)
    whole[:, [STANCES.index(name) for name in link.classes]] = found
    return whole


def _fit_ridge(
    features: Floats, wanted: Floats, folds: NDArray[np.intp], penalty: float
) -> tuple[tuple[Floats, Floats], Floats]:
    """Coefficients and intercepts of a ridge regression, and every row's scores by the one that left its fold out.

    Sums of squares and products are added up by fold, so that a fold is left out by a subtraction.
    """
    parts = {}
    for fold in np.unique(folds):
        x = np.hstack([features[folds == fold], np.ones((int((folds == fold).sum()), 1), dtype=np.float32)])
        parts[fold] = (x.T @ x, x.T @ wanted[folds == fold])
    squares = np.sum([part[0] for part in parts.values()], axis=0)
    products = np.sum([part[1] for part in parts.values()], axis=0)
    unseen = np.empty_like(wanted)
    for fold, (square, product) in parts.items():
        coefficients, intercepts = _solve_centred(squares - square, products - product, penalty)
        unseen[folds == fold] = features[folds == fold] @ coefficients + intercepts
    return _solve_centred(squares, products, penalty), unseen


def _solve_centred(squares: Floats, products: Floats, penalty: float) -> tuple[Floats, Floats]:
    """The ridge solution with an intercept that is not shrunk; the last column of the features is of ones."""
    n, sums, totals = squares[-1, -1], squares[:-1, -1], products[-1]
    centred = squares[:-1, :-1] - np.outer(sums, sums) / n
    centred[np.diag_indices(len(centred))] += penalty
    right = products[:-1] - np.outer(sums, totals) / n
    coefficients = solve(centred, right, assume_a="pos", overwrite_a=True, check_finite=False)
    return coefficients.astype(np.float32), ((totals - sums @ coefficients) / n).astype(np.float32)


def _fit_leans(
    features: Features,
    statements: Statements,
    weights: NDArray[np.float64],
    folds: NDArray[np.intp],
    targets: int,
    penalty: float,
) -> tuple[tuple[Floats, Floats], Floats]:
    """Coefficients (k, features, 3) and intercepts (3,) of stance, and each statement's scores by the ones that left its fold out.

    A kernel ridge regression whose kernel is the product of features times what two targets have in common
    (multi-task learning, Evgeniou and Pontil 2004): what is learned of one target serves the others in part.
    """
    same = (statements.targets[:, None] == statements.targets[None, :]).astype(np.float32)
    likeness = features.likeness() * (_OTHER_TARGET + _OWN_TARGET * same)
    wanted = np.eye(len(STANCES))[statements.stances]
    unseen = np.empty((len(folds), len(STANCES)), dtype=np.float32)
    for fold in np.unique(folds):
        rest, left_out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        duals, means = _solve_dual(likeness[np.ix_(rest, rest)], wanted[rest], weights[rest], penalty)
        unseen[left_out] = likeness[np.ix_(left_out, rest)] @ duals + means
    duals, means = _solve_dual(likeness, wanted, weights, penalty)
    shared = _OTHER_TARGET * features.combine(duals)
    own = [features.combine(duals * (statements.targets == target)[:, None]) for target in range(targets)]
    coefficients = np.stack([shared + _OWN_TARGET * each for each in own])
    return (coefficients.astype(np.float32), means.astype(np.float32)), unseen


def _balance(stances: NDArray[np.intp], corpora: NDArray[np.intp]) -> NDArray[np.float64]:
    """Weights of m statements, 1 on average in each corpus; in each, rarer stances weigh more.

    Without it, how a kind of document is written would pass for the stance that is common there.
    """
    weights = np.zeros(len(stances))
    for corpus in np.unique(corpora):
        inside = corpora == corpus
        counts = np.bincount(stances[inside], minlength=len(STANCES))
        raw = counts[stances[inside]].astype(np.float64) ** -_BALANCE
        weights[inside] = raw / raw.mean()
    return weights


def _solve_dual(
    likeness: Floats, wanted: NDArray[np.float64], weights: NDArray[np.float64], penalty: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dual coefficients (m, 3) and the weighted means (3,) of stances."""
    means = weights @ wanted / weights.sum()
    system = likeness.astype(np.float64)
    system[np.diag_indices(len(system))] += penalty / weights
    return solve(system, wanted - means, assume_a="pos", overwrite_a=True, check_finite=False), means
