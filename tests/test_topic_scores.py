import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.methods.topic_scores import (
    coherence,
    diversity,
    matched_similarity,
    npmi,
    outlier_share,
    stability,
)

TOPIC_IDS = st.lists(st.integers(-1, 3), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("first", "second", "both", "value"),
    [
        (0.2, 0.2, 0.2, 1.0),  # only ever together
        (0.5, 0.4, 0.2, 0.0),  # as chance has it
        (0.5, 0.5, 0.0, -1.0),  # never
        (1.0, 1.0, 1.0, 1.0),  # everywhere
        (0.5, 0.25, 0.25, 0.5),
    ],
)
def test_npmi_of_known_shares(first, second, both, value):
    assert npmi(first, second, both) == pytest.approx(value)


def test_coherence_of_short_texts_by_hand():
    texts = [["a", "b"], ["a", "b"], ["c", "d"], ["c"]]
    found = coherence([["a", "b"], ["a", "c"], ["c", "d"], ["a", "b", "c"], ["a"], []], texts)
    assert found == pytest.approx([1.0, -1.0, 0.5, -1 / 3, 0.0, 0.0])


def test_words_further_apart_than_a_window_never_meet():
    text = ["first", *["x"] * 8, "tenth", "x", "twelfth"]
    assert coherence([["first", "twelfth"]], [text], window=10) == [-1.0]
    assert coherence([["first", "tenth"]], [text], window=10) == pytest.approx(
        [0.0]
    )  # tenth is in every window
    assert coherence([["tenth", "twelfth"]], [text], window=10) == pytest.approx([0.0])


@given(
    texts=st.lists(st.lists(st.sampled_from("abcx"), max_size=9), min_size=1, max_size=5),
    window=st.integers(1, 5),
)
def test_coherence_is_that_of_windows_counted_one_by_one(texts, window):
    windows = [
        set(text[start : start + window]) for text in texts for start in range(max(1, len(text) - window + 1))
    ]

    def share(*words):
        return sum(set(words) <= held for held in windows) / len(windows)

    pairs = [npmi(share(a), share(b), share(a, b)) for a, b in ("ab", "ac", "bc")]
    assert coherence([["a", "b", "c"]], texts, window) == pytest.approx([np.mean(pairs)])


def test_diversity_is_the_share_of_distinct_words():
    assert diversity([["a", "b"], ["a", "c"]]) == 0.75
    assert diversity([]) == 0.0


def test_outlier_share():
    assert outlier_share([0, -1, 1, -1]) == 0.5
    assert outlier_share([]) == 0.0


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),  # other numbers, same topics
        ([0, 0, 1, 1], [0, 0, 0, 0], 0.25),  # one half of two: 2/4 for one topic, nothing for the other
        ([0, 0, 0, 1], [0, 0, 1, 1], (2 / 3 + 1 / 2) / 2),
        ([0, 0, -1, -1], [0, 0, 1, 1], 0.5),
        ([-1, -1], [-1, -1], 1.0),
        ([-1, -1], [0, 0], 0.0),
    ],
)
def test_matched_similarity_by_hand(first, second, value):
    assert matched_similarity(first, second) == pytest.approx(value)


@given(first=TOPIC_IDS, order=st.permutations([0, 1, 2, 3]))
def test_numbers_of_topics_do_not_matter(first, order):
    second = [order[topic] if topic >= 0 else -1 for topic in first]
    assert matched_similarity(first, second) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=1, max_size=30))
def test_matched_similarity_is_symmetric_and_a_share(pairs):
    first, second = zip(*pairs, strict=True)
    assert 0 <= matched_similarity(first, second) <= 1
    assert matched_similarity(first, second) == pytest.approx(matched_similarity(second, first))


def test_fits_of_other_articles_are_refused():
    with pytest.raises(ValueError, match="two fits of 3 and 2 articles cannot be matched"):
        matched_similarity([0, 0, 1], [0, 1])


def test_stability_is_the_mean_over_pairs_of_fits():
    same, halves = [0, 0, 1, 1], [0, 0, 0, 0]
    assert stability([same, same, halves]) == pytest.approx((1 + 0.25 + 0.25) / 3)
    assert stability([same]) is None
