"""Scores against gold: weighted to the corpus, clustered by story, silent where too little is labelled."""

import numpy as np
import pandas as pd
import pytest

from pipeline.methods.classification import score, share
from pipeline.params import Classify, Evaluate
from pipeline.stages.evaluate import LABELS, TABLES, evaluate

PARAMS = Evaluate(confidence=0.9, resamples=200, seed=49)
THRESHOLDS = Classify(relevance=0.5, statement=0.5)
TOPIC_SCORES = {"topics": 3, "coherence": 0.1, "stability": None, "outlier_share": 0.2, "diversity": 0.9}
ACTORS = [{"name": "Ottawa", "aliases": ""}]
ARTICLE = ["article_id", "story_id", "inclusion_probability", "relevant", "theme"]
SENTENCE = ["sentence_id", "article_id", "target", "holder", "holder_side", "holder_kind", "stance"]
HELD = ["sentence_id", "holder", "holder_side", "holder_kind", "holder_score", "attribution"]
JUDGED = ["sentence_id", "target", "p_target", "p_favor", "p_neutral", "p_against"]


def tables_of(**frames):
    return {table.name: table.empty() for table in TABLES} | frames


def labels_of(articles, sentences, judged=()):
    frames = {
        "labelled_articles": pd.DataFrame(articles, columns=ARTICLE).assign(
            outlet_country="us", published_date=pd.Timestamp("2025-03-01")
        ),
        "labelled_sentences": pd.DataFrame(sentences, columns=SENTENCE),
        "judged_sentences": pd.DataFrame(judged, columns=JUDGED),
    }
    assert list(frames) == [table.name for table in LABELS]
    return frames


def evaluated(tables, labels):
    found = evaluate(
        tables, labels, TOPIC_SCORES, ACTORS, ["metals", "autos", "off_topic"], PARAMS, THRESHOLDS
    )
    return found.metrics, found.details["scores"], found


def attributed(articles, found_in):
    """Scores where each article holds one statement, and its holder is found in some."""
    held = [(f"{a}-0", "Ottawa", "canada", "government", 1.0, "act") for a in found_in]
    sentences = [(f"{a}-0", a, "trade_pact", "Ottawa", "canada", "government", "favor") for a, *_ in articles]
    labelled = [(*article, True, "metals") for article in articles]
    tables = tables_of(attributions=pd.DataFrame(held, columns=HELD))
    return evaluated(tables, labels_of(labelled, sentences))[1]


def test_every_statement_counts_for_the_articles_that_its_own_stands_for():
    scores = attributed([("a", "a", 0.5), ("b", "b", 1.0), ("c", "c", 0.25)], found_in="ab")
    assert scores["attribution_side_found"] == {
        "value": round((2 + 1) / (2 + 1 + 4), 4), "low": None, "high": None, "n": 3,
    }  # fmt: skip
    assert "attribution_without_statement" not in scores


def test_interval_is_of_weighted_stories():
    articles = [(name, name.lower(), 0.5 if name.islower() else 0.1) for name in "aAbBcdefg"]
    found = attributed(articles, found_in="aBdf")["attribution_holder_and_side_found"]
    counts = np.array([[name in "aBdf", 1] for name in "aAbBcdefg"], dtype=float)
    weights = np.array([2.0 if name.islower() else 10.0 for name in "aAbBcdefg"])
    wanted = score(counts, [name.lower() for name in "aAbBcdefg"], weights, share, 0.9, 200, 49)
    assert (found["value"], found["low"], found["high"]) == tuple(round(end, 4) for end in wanted)
    assert found["low"] < found["value"] < found["high"]


def test_a_corpus_without_labels_has_no_scores():
    metrics, scores, found = evaluated(tables_of(), labels_of([], []))
    assert scores == {}
    assert metrics == {
        "articles_in_coverage": 0, "topics": 3, "topic_coherence": 0.1, "topic_outlier_share": 0.2,
    }  # fmt: skip
    assert found.details["counts"]["labelled_articles"] == 0
    assert all(list(plot.columns) and plot.empty for plot in found.plots.values())


RELEVANCE = ["article_id", "passes_gate", "relevance", "is_relevant", "theme", "fold"]


def test_an_article_that_is_not_in_the_coverage_counts_as_off_topic():
    labelled = [
        ("a", "a", 1, True, "metals"),
        ("b", "b", 1, True, "autos"),
        ("c", "c", 1, False, "off_topic"),
        ("d", "d", 1, False, "off_topic"),
    ]
    judged = [("a", True, 0.9, True, "metals", 0), ("c", True, 0.8, True, "metals", 0)]
    tables = tables_of(article_relevance=pd.DataFrame(judged, columns=RELEVANCE))
    _, scores, found = evaluated(tables, labels_of(labelled, []))
    value = {name: detail["value"] for name, detail in scores.items()}
    assert value["relevance_precision"] == 0.5
    assert value["relevance_recall"] == 0.5
    assert value["gate_recall"] == 0.5
    assert value["theme_accuracy"] == 0.5
    assert value["relevance_f1_of_always_yes"] == round(2 * 2 / (2 * 2 + 2), 4)
    # metals: one right, one too many (2/3); autos: missed (0); off_topic: one right, one missed, one too many.
    assert value["theme_macro_f1"] == round((2 / 3 + 0 + 0.5) / 3, 4)
    assert found.plots["theme_confusion"].values.tolist() == [
        ["metals", "metals"], ["autos", "off_topic"], ["off_topic", "metals"], ["off_topic", "off_topic"],
    ]  # fmt: skip


STATEMENT = ["sentence_id", "target", "holder", "holder_side", "stance"]


def test_targets_stances_and_whole_statements():
    labelled = [("a", "a", 1, True, "metals")]
    sentences = [
        ("a-0", "a", "trade_pact", "Ottawa", "canada", "government", "favor"),
        ("a-0", "a", "trade_pact", "Washington", "us", "government", "against"),
        ("a-1", "a", "us_tariffs", "Ottawa", "canada", "government", "against"),
        ("a-2", "a", "none", "", "unknown", "unknown", "none"),
    ]
    judged = [
        ("a-0", "trade_pact", 0.95, 0.7, 0.2, 0.1),
        ("a-0", "us_tariffs", 0.05, 0.7, 0.2, 0.1),
        ("a-1", "trade_pact", 0.05, 0.7, 0.2, 0.1),
        ("a-1", "us_tariffs", 0.45, 0.1, 0.1, 0.8),
        ("a-2", "trade_pact", 0.55, 0.7, 0.2, 0.1),
        ("a-2", "us_tariffs", 0.05, 0.7, 0.2, 0.1),
    ]
    statements = [
        ("a-0", "trade_pact", "Ottawa", "canada", "favor"),
        ("a-0", "trade_pact", "The White House", "us", "favor"),
        ("a-2", "trade_pact", "Ottawa", "canada", "favor"),
        ("z-0", "trade_pact", "Ottawa", "canada", "favor"),
    ]
    tables = tables_of(statements=pd.DataFrame(statements, columns=STATEMENT))
    _, scores, _ = evaluated(tables, labels_of(labelled, sentences, judged))
    value = {name: detail["value"] for name, detail in scores.items()}
    # Pairs that hold a statement: two; found at .5: one of them, and one that holds none.
    assert (value["target_precision"], value["target_recall"], value["target_f1"]) == (0.5, 0.5, 0.5)
    assert scores["target_f1"]["n"] == 6
    assert value["target_macro_f1"] == round((2 / 3 + 0) / 2, 4)
    gaps = abs(0.95 - 1) + abs(0.45 - 1) + abs(0.55 - 0) + 3 * 0.05
    assert value["target_calibration_error"] == round(gaps / 6, 4)
    # Three statements: favor and against right, Washington's taken for favor.
    assert value["stance_accuracy"] == round(2 / 3, 4)
    assert value["stance_accuracy_holders_us"] == 0
    assert value["stance_lean_holders_us"] == 2
    assert value["stance_lean_holders_canada"] == 0
    assert value["stance_lean_published_2025"] == round(2 / 3, 4)
    # Whole ones: one of three is right; of three found in coded sentences one is right.
    assert value["statement_recall"] == value["statement_precision"] == round(1 / 3, 4)


@pytest.mark.parametrize(("stories", "is_there"), [(5, True), (4, False)])
def test_an_interval_needs_five_stories_with_a_case(stories, is_there):
    articles = [(f"{i}", f"{i % stories}", 1.0) for i in range(10)]
    found = attributed(articles, found_in=["0", "3", "7"])["attribution_side_found"]
    assert (found["low"] is not None) == is_there
