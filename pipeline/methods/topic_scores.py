"""How good topics are: coherence, diversity, and stability over refits, by the measures that are usual."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix

WINDOW = 10  # words of a sliding window, as in Lau, Newman and Baldwin (2014)


def coherence(
    topics: Sequence[Sequence[str]], texts: Sequence[Sequence[str]], window: int = WINDOW
) -> list[float]:
    """Mean NPMI of the pairs of each topic's words, in [-1, 1] (Bouma 2009; Lau, Newman and Baldwin 2014).

    A word's probability is the share of windows that hold it; windows slide over each text by one word, and a
    text no longer than a window is one window.

    Args:
        topics: words of each topic, each a single word.
        texts: words of each text, in order.
        window: words of a window.

    Returns:
        One mean a topic; 0 for a topic of fewer than two words.
    """
    names = sorted({word for words in topics for word in words})
    column = {name: i for i, name in enumerate(names)}
    holds = _windows(texts, column, window)
    together = np.asarray((holds.T @ holds).todense(), dtype=np.float64) / max(1, holds.shape[0])
    return [_mean_npmi(together, sorted({column[word] for word in words})) for words in topics]


def _windows(texts: Sequence[Sequence[str]], column: dict[str, int], window: int) -> csr_matrix:
    """Which words each window of the texts holds, (windows, words), as ones."""
    rows: list[int] = []
    columns: list[int] = []
    first = 0
    for text in texts:
        count = max(1, len(text) - window + 1)
        found = [(position, column[word]) for position, word in enumerate(text) if word in column]
        for position, word in found:
            windows = range(max(0, position - window + 1), min(count, position + 1))
            rows.extend(first + start for start in windows)
            columns.extend([word] * len(windows))
        first += count
    holds = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(first, len(column)))
    holds.data[:] = 1  # a word that stands twice in a window is there once
    return holds


def _mean_npmi(together: NDArray[np.float64], columns: Sequence[int]) -> float:
    pairs = [npmi(together[a, a], together[b, b], together[a, b]) for a, b in combinations(columns, 2)]
    return float(np.mean(pairs)) if pairs else 0.0


def npmi(first: float, second: float, both: float) -> float:
    """Normalised pointwise mutual information (Bouma 2009) of two events, from their shares of all cases.

    It is 1 where they only occur together, 0 where they are independent, -1 where they never meet.
    """
    if both <= 0:
        return -1.0
    if both >= 1:
        return 1.0
    return float(np.log(both / (first * second)) / -np.log(both))


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Distinct words of all topics over all their words, in [0, 1] (Dieng, Ruiz and Blei 2020); 0 without words."""
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else 0.0


def outlier_share(topic_ids: ArrayLike) -> float:
    """Share of articles without a topic (-1); 0 of no articles."""
    topics = np.asarray(topic_ids)
    return float(np.mean(topics < 0)) if topics.size else 0.0


def matched_similarity(first: ArrayLike, second: ArrayLike) -> float:
    """How far two sets of topics hold the same articles, in [0, 1].

    Topics are matched one to one so that the matches' Jaccard similarities of members are largest in sum (the
    agreement of Greene, O'Callaghan and Cunningham 2014, on members as in Hennig 2007), and the mean is over
    the larger set, so that a topic without a match counts as 0.

    Args:
        first: (n,) topic of each article in one fit, -1 for none.
        second: (n,) topic of the same articles in another.

    Raises:
        ValueError: the numbers of articles differ.
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape:
        raise ValueError(
            f"two fits of {a.size} and {b.size} articles cannot be matched; give the same articles"
        )
    members_a = (a[:, None] == np.unique(a[a >= 0])).astype(np.float64)
    members_b = (b[:, None] == np.unique(b[b >= 0])).astype(np.float64)
    most = max(members_a.shape[1], members_b.shape[1])
    if not most:
        return 1.0
    shared = members_a.T @ members_b
    union = members_a.sum(axis=0)[:, None] + members_b.sum(axis=0) - shared
    jaccard = shared / union
    matched = linear_sum_assignment(jaccard, maximize=True)
    return float(jaccard[matched].sum() / most)


def stability(fits: Sequence[ArrayLike]) -> float | None:
    """Mean `matched_similarity` over all pairs of fits to the same articles; None of fewer than two."""
    pairs = [matched_similarity(a, b) for a, b in combinations(fits, 2)]
    return float(np.mean(pairs)) if pairs else None
