"""Scores by hand, and intervals that hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.methods import classification
from pipeline.methods.classification import (
    calibration_counts,
    calibration_error,
    class_counts,
    f1,
    macro_f1,
    match_counts,
    precision,
    recall,
    score,
    share,
)


def whole(counts):
    return counts.sum(axis=0)


def test_precision_recall_and_f1_by_hand():
    gold = np.array([True, True, True, False, False])
    found = np.array([True, False, True, True, False])
    sums = whole(match_counts(gold, found))
    assert sums.tolist() == [2, 1, 1]
    assert precision(sums) == pytest.approx(2 / 3)
    assert recall(sums) == pytest.approx(2 / 3)
    assert f1(sums) == pytest.approx(2 / 3)


def test_macro_f1_is_the_mean_over_classes_that_somebody_names():
    gold, found = ["a", "a", "b", "b"], ["a", "b", "b", "b"]
    sums = whole(class_counts(gold, found, ["a", "b", "c"]))
    assert macro_f1(sums) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_a_class_found_and_never_right_counts():
    sums = whole(class_counts(["a", "a"], ["a", "c"], ["a", "b", "c"]))
    assert macro_f1(sums) == pytest.approx((2 / 3 + 0) / 2)


def test_calibration_error_by_hand():
    probabilities = np.array([0.05, 0.05, 0.95, 0.95])
    hits = np.array([False, False, True, False])
    # In the first bin .05 beside 0, in the last .95 beside .5; half of the cases in each.
    assert calibration_error(whole(calibration_counts(probabilities, hits))) == pytest.approx(
        (0.05 + 0.45) / 2
    )


def test_probability_one_falls_into_the_last_bin():
    assert classification.bins_of(np.array([0.0, 0.0999, 0.1, 0.999, 1.0])).tolist() == [0, 0, 1, 9, 9]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30),
    st.permutations("abc"),
)
def test_macro_f1_does_not_depend_on_the_order_of_classes(pairs, order):
    gold, found = zip(*pairs, strict=True)
    straight = macro_f1(whole(class_counts(gold, found, "abc")))
    assert macro_f1(whole(class_counts(gold, found, order))) == pytest.approx(straight)
    assert 0 <= straight <= 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_f1_lies_between_precision_and_recall(pairs):
    gold, found = (np.array(each) for each in zip(*pairs, strict=True))
    sums = whole(match_counts(gold, found))
    ends = [precision(sums), recall(sums)]
    if not np.isnan(ends).any():
        assert min(ends) - 1e-12 <= f1(sums) <= max(ends) + 1e-12


def scored(counts, clusters, weights=None, **changes):
    weights = np.ones(len(counts)) if weights is None else weights
    settings = {"confidence": 0.95, "resamples": 500, "seed": 1} | changes
    return score(counts, clusters, weights, share, **settings)


def test_a_score_weighs_its_cases():
    counts = np.array([[1.0, 1], [0, 1]])
    found = scored(counts, ["a", "b"], np.array([3.0, 1.0]))
    assert found == (0.75, None, None)


def test_the_order_of_cases_changes_nothing():
    rng = np.random.default_rng(0)
    counts = np.stack([rng.integers(0, 2, 60), np.ones(60)], axis=1)
    clusters = [f"{i % 20:02d}" for i in range(60)]
    order = rng.permutation(60)
    again = scored(counts[order], [clusters[i] for i in order])
    assert again == pytest.approx(scored(counts, clusters))


def test_no_case_has_no_score():
    assert scored(np.zeros((0, 2)), []) is None
    assert scored(np.zeros((3, 2)), ["a", "b", "c"]) is None


@pytest.mark.slow
def test_intervals_hold_the_truth_when_cases_of_a_cluster_are_alike():
    """Shares of clusters vary around .7; in 95% of the draws or nearly so the interval holds .7."""
    rng = np.random.default_rng(49)
    held, naive = 0, 0
    for draw in range(300):
        rates = rng.beta(7, 3, size=60)
        hits = rng.random((60, 8)) < rates[:, None]
        counts = np.stack([hits.ravel(), np.ones(480)], axis=1)
        clusters = np.repeat([f"{i:02d}" for i in range(60)], 8)
        found = scored(counts, clusters, seed=draw)
        held += found.low <= 0.7 <= found.high
        alone = scored(counts, [str(i) for i in range(480)], seed=draw)
        naive += alone.low <= 0.7 <= alone.high
    assert held / 300 >= 0.9
    assert naive < held
