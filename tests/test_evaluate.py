"""Scores against gold: weighted to the corpus, clustered by story, silent where too little is labelled."""

import numpy as np
import pandas as pd
import pytest

from pipeline.methods.scores import share_interval
from pipeline.params import Evaluate
from pipeline.stages.evaluate import TABLES, evaluate

PARAMS = Evaluate(confidence=0.9, resamples=200, seed=49)
ARTICLE = ["article_id", "story_id", "inclusion_probability"]
SENTENCE = ["sentence_id", "article_id", "target", "holder", "holder_side", "holder_kind"]
HELD = ["sentence_id", "holder", "holder_side", "holder_kind", "holder_score", "attribution"]


def scored(articles, found_in):
    """Metrics and details where each article holds one statement, and its holder is found in some."""
    tables = {table.name: table.empty() for table in TABLES}
    tables["attributions"] = pd.DataFrame(
        [(f"{a}-0", "Ottawa", "canada", "government", 1.0, "act") for a in found_in], columns=HELD
    )
    sentences = pd.DataFrame(
        [(f"{a}-0", a, "trade_pact", "Ottawa", "canada", "government") for a, *_ in articles],
        columns=SENTENCE,
    )
    labelled = pd.DataFrame(articles, columns=ARTICLE)
    return evaluate(tables, labelled, sentences, [{"name": "Ottawa", "aliases": ""}], PARAMS)


def test_every_statement_counts_for_the_articles_that_its_own_stands_for():
    articles = [("a", "a", 0.5), ("b", "b", 1.0), ("c", "c", 0.25)]
    metrics, details = scored(articles, found_in="ab")
    assert metrics["attribution_side_found"] == round((2 + 1) / (2 + 1 + 4), 4)
    assert details["attribution_side_found"] == {
        "value": metrics["attribution_side_found"], "low": None, "high": None, "n": 3,
    }  # fmt: skip
    assert "attribution_without_statement" not in metrics


def test_interval_is_of_weighted_stories():
    articles = [(name, name.lower(), 0.5 if name.islower() else 0.1) for name in "aAbBcdefg"]
    _, details = scored(articles, found_in="aBdf")
    weights = {name: 2 if name.islower() else 10 for name in "aAbBcdefg"}
    stories = ["aA", "bB", "c", "d", "e", "f", "g"]
    wholes = [sum(weights[name] for name in story) for story in stories]
    parts = [sum(weights[name] for name in story if name in "aBdf") for story in stories]
    found = details["attribution_holder_and_side_found"]
    assert found["value"] == round(sum(parts) / sum(wholes), 4)
    assert (found["low"], found["high"]) == tuple(
        round(end, 4) for end in share_interval(parts, wholes, 0.9, 200, 49)
    )
    assert found["low"] < found["value"] < found["high"]


def test_a_corpus_without_labels_has_no_scores():
    metrics, details = scored([], found_in="")
    assert details == {}
    assert metrics["labelled_articles"] == 0
    assert not any(name.startswith("attribution") for name in metrics)


@pytest.mark.parametrize(
    ("wholes", "is_there"), [([1] * 5, True), ([1] * 4, False), ([1] * 4 + [0] * 9, False)]
)
def test_an_interval_needs_five_clusters_with_a_case(wholes, is_there):
    parts = [whole * (i % 2) for i, whole in enumerate(wholes)]
    assert (share_interval(parts, wholes, 0.95, 100, 1) is not None) == is_there


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="a share of no case has no interval"):
        share_interval([0, 0], [0, 0], 0.95, 100, 1)


def test_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(49)
    held = 0
    for seed in range(200):
        wholes = rng.integers(1, 6, size=60)
        parts = rng.binomial(wholes, rng.beta(6, 2, size=60))
        low, high = share_interval(parts.tolist(), wholes.tolist(), 0.9, 400, seed)
        held += low <= 0.75 <= high
    assert 0.84 <= held / 200 <= 0.96
