"""Articles and sentences judged by the right models: gate, folds, thresholds, holders."""

import numpy as np
import pandas as pd
import pytest

from pipeline.fitted import Judges
from pipeline.methods.statements import Judgement, Target
from pipeline.params import read_params
from pipeline.stages.classify import classify
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.themes import ARTICLE_RELEVANCE, ARTICLE_THEMES
from tests.imports import ROOT

THEMES = ("metals", "autos", "off_topic")
BOTH = "Ottawa and Washington talk."


class Themes:
    """Gives every article the same probabilities, and notes which ones it was asked about."""

    themes = THEMES

    def __init__(self, probabilities, asked):
        self.given, self.asked = probabilities, asked

    def probabilities(self, titles, texts, vectors):
        self.asked += titles
        assert len(titles) == len(texts) == len(vectors)
        return np.tile(np.array(self.given, dtype=np.float32), (len(titles), 1))


class Stances:
    """Takes each sentence for favor on the first target, with the probability that its vector holds."""

    targets = (Target("trade_pact", ()), Target("us_tariffs", ()))

    def judge(self, sentences):
        own = sentences.vectors()[0][:, :1]
        sure = np.tile(np.array([0.2, 0.1, 0.7], dtype=np.float32), (len(own), 2, 1))
        sure[:, 0] = [0.7, 0.2, 0.1]
        return Judgement(np.hstack([own, 1 - own]), sure)


def article(article_id, text=BOTH, country="us"):
    return (article_id, article_id.upper(), text, country)


def judged(articles, stories=None, labelled=(), given=None, attributions=None, sentence_values=None):
    """classify on articles of one sentence each; `given` are the probabilities of the models of a fold."""
    ids = [row[0] for row in articles]
    tables = {
        "coverage": pd.DataFrame(articles, columns=["article_id", "title", "text", "outlet_country"]),
        "stories": pd.DataFrame(
            {"article_id": ids, "story_id": [(stories or {}).get(key, key) for key in ids]}
        ),
        "sentences": pd.DataFrame(
            {
                "sentence_id": [f"{key}-0000" for key in ids],
                "article_id": ids,
                "text": [row[2] for row in articles],
            }
        ),
        "attributions": pd.DataFrame(
            attributions or [(f"{key}-0000", "Ottawa", "canada", "government", "act") for key in ids],
            columns=["sentence_id", "holder", "holder_side", "holder_kind", "attribution"],
        ),
    }
    asked: dict[int, list[str]] = {}
    models = {
        fold: Judges(Themes(probabilities, asked.setdefault(fold, [])), Stances())
        for fold, probabilities in (given or {-1: (0.6, 0.3, 0.1)}).items()
    }
    values = np.array([[(sentence_values or {}).get(key, 0.9)] for key in ids], dtype=np.float32)
    done = classify(
        tables,
        (ids, np.ones((len(ids), 1), dtype=np.float32)),
        ([f"{key}-0000" for key in ids], values),
        pd.DataFrame(labelled, columns=["article_id", "fold"]),
        models.__getitem__,
        read_params(ROOT / "params.yaml"),
    )
    for contract, frame in zip((ARTICLE_RELEVANCE, ARTICLE_THEMES, STATEMENTS), done, strict=True):
        contract.conform(frame)
    return done, asked


def test_a_labelled_story_is_judged_by_the_models_that_have_not_seen_it():
    articles = [article("a"), article("b"), article("c")]
    given = {-1: (0.6, 0.3, 0.1), 3: (0.1, 0.8, 0.1)}
    done, asked = judged(articles, {"b": "a"}, [("a", 3)], given)
    relevance = done.article_relevance.set_index("article_id")
    assert relevance["fold"].to_dict() == {"a": 3, "b": 3, "c": -1}
    assert relevance["theme"].to_dict() == {"a": "autos", "b": "autos", "c": "metals"}
    assert asked == {3: ["A", "B"], -1: ["C"]}


def test_what_the_gate_keeps_out_is_off_topic_and_no_model_is_asked():
    done, asked = judged([article("a"), article("b", "The lilies bloom.")])
    relevance = done.article_relevance.set_index("article_id").loc["b"]
    assert (relevance["passes_gate"], relevance["relevance"], relevance["theme"]) == (False, 0, "off_topic")
    themes = done.article_themes.set_index(["article_id", "theme"])["probability"]
    assert themes["b"].to_dict() == {"metals": 0, "autos": 0, "off_topic": 1}
    assert asked == {-1: ["A"]}
    assert done.statements["sentence_id"].unique().tolist() == ["a-0000"]


@pytest.mark.parametrize(
    ("given", "is_relevant", "theme"),
    [
        ((0.3, 0.2, 0.5), True, "metals"),  # together as probable as off topic
        ((0.3, 0.19, 0.51), False, "off_topic"),
    ],
)
def test_relevance_is_all_themes_together(given, is_relevant, theme):
    done, _ = judged([article("a")], given={-1: given})
    row = done.article_relevance.iloc[0]
    assert (row["is_relevant"], row["theme"]) == (is_relevant, theme)


def test_statements_reach_the_threshold_and_have_a_holder_each():
    attributions = [
        ("a-0000", "Ottawa", "canada", "government", "direct"),
        ("a-0000", "Donald Trump", "us", "government", "indirect"),
        ("b-0000", "", "unknown", "unknown", "narrator"),
        ("c-0000", "Ottawa", "canada", "government", "act"),
    ]
    threshold = read_params(ROOT / "params.yaml").classify.statement
    values = {"a": threshold, "b": 0.9, "c": 0.99 * threshold}
    done, _ = judged(
        [article("a"), article("b"), article("c")], attributions=attributions, sentence_values=values
    )
    keys = ["sentence_id", "target", "holder", "stance"]
    expected = [
        ["a-0000", "trade_pact", "Donald Trump", "favor"],
        ["a-0000", "trade_pact", "Ottawa", "favor"],
    ]
    if 1 - threshold >= threshold:
        expected += [
            ["a-0000", "us_tariffs", "Donald Trump", "against"],
            ["a-0000", "us_tariffs", "Ottawa", "against"],
            ["c-0000", "us_tariffs", "Ottawa", "against"],
        ]
    found = done.statements.sort_values(keys)[keys].to_numpy().tolist()
    assert found == sorted(expected)


def test_a_corpus_without_articles_has_empty_tables():
    done, asked = judged([])
    assert all(frame.empty for frame in done)
    assert asked == {-1: []}


def test_the_order_of_rows_changes_nothing():
    articles = [article(key) for key in "abcd"]
    labelled, given = [("b", 0), ("d", 1)], {-1: (0.6, 0.3, 0.1), 0: (0.5, 0.4, 0.1), 1: (0.2, 0.7, 0.1)}
    first, _ = judged(articles, labelled=labelled, given=given)
    again, _ = judged(articles[::-1], labelled=labelled[::-1], given=given)
    for contract, one, other in zip(
        (ARTICLE_RELEVANCE, ARTICLE_THEMES, STATEMENTS), first, again, strict=True
    ):
        assert contract.conform(one).equals(contract.conform(other))
