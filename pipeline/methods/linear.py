"""Multinomial logistic regression as plain arrays: fitted by scikit-learn, applied by a product and a softmax."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = Any  # a numpy array or a SciPy sparse matrix, (n, features)


@dataclass(frozen=True)
class LinearModel:
    """A softmax over classes: coefficients (features × classes), intercepts, and a temperature.

    The temperature divides the scores: above 1 it makes probabilities less sure (Guo et al. 2017).
    """

    classes: tuple[str, ...]
    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    temperature: float = 1.0

    def probabilities(self, features: Matrix) -> NDArray[np.float32]:
        """The (n, classes) probabilities of n rows of features; each row sums to 1."""
        scores = (features @ self.coefficients + self.intercepts) / self.temperature
        scores = np.asarray(scores, dtype=np.float64)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def fit_linear(
    features: Matrix,
    labels: Sequence[str],
    inverse_regularisation: float,
    weights: NDArray[np.float64] | None = None,
) -> LinearModel:
    """Fit a logistic regression with an L2 penalty (scikit-learn, lbfgs: no randomness).

    Args:
        features: (n, d).
        labels: a class a row, at least two distinct ones.
        inverse_regularisation: scikit-learn's C; larger fits closer.
        weights: of the rows; all alike where not given.

    Raises:
        ValueError: there are fewer than two classes.
    """
    from sklearn.linear_model import LogisticRegression  # its import takes a second

    if len(set(labels)) < 2:
        raise ValueError(f"a classifier needs two classes or more, found {sorted(set(labels))}")
    model = LogisticRegression(C=inverse_regularisation, max_iter=2000)
    model.fit(features, np.asarray(labels, dtype=object).astype(str), sample_weight=weights)
    coefficients, intercepts = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps the second class's scores alone
        coefficients = np.hstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([[0.0], intercepts])
    return LinearModel(
        tuple(str(name) for name in model.classes_),
        np.ascontiguousarray(coefficients, dtype=np.float32),
        np.ascontiguousarray(intercepts, dtype=np.float32),
    )
