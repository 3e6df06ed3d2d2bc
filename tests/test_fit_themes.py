import json

import numpy as np
import pandas as pd
import pytest

from pipeline.methods.themes import OFF_TOPIC, Patterns, ThemesError
from pipeline.params import FitThemes
from pipeline.stages.fit_themes import fit_themes

THEMES = ["lumber", "metals", "norad", OFF_TOPIC]
PATTERNS = Patterns(canada="canada", us="washington", cue="tariff")
PARAMS = FitThemes(
    fewest_articles=3,
    inverse_regularisation=3.0,
    vector_weight=4.0,
    word_weight=3.0,
    mention_weight=0.6,
)
SUBJECTS = {
    "lumber": "spruce logs",
    "metals": "molten steel",
    "norad": "arctic radar",
    OFF_TOPIC: "a concert",
}


def articles(counts, name="a", corpus="sample"):
    """Articles of each theme, so many of each, in folds 0 and 1."""
    rows = [
        {
            "article_id": f"{name}-{theme}-{number}",
            "corpus": corpus,
            "fold": number % 2,
            "title": f"Day {number}",
            "text": f"They saw {SUBJECTS[theme]}."
            + (" Canada told Washington of a tariff." if theme != OFF_TOPIC else ""),
            "theme": theme,
            "relevant": theme != OFF_TOPIC,
        }
        for theme, n in counts.items()
        for number in range(n)
    ]
    return pd.DataFrame(rows)


def vectors(*frames):
    keys = sorted(key for frame in frames for key in frame["article_id"])
    rng = np.random.default_rng(49)
    places = [THEMES.index(key.split("-")[1]) for key in keys]
    return keys, (np.eye(4)[places] + rng.normal(0, 0.2, (len(keys), 4))).astype(np.float32)


LABELLED = articles({"lumber": 4, "metals": 5, "norad": 2, OFF_TOPIC: 4})
UNRELATED = articles({OFF_TOPIC: 6}, name="u").drop(columns=["theme", "relevant"])
VECTORS = vectors(LABELLED, UNRELATED)


def fitted(labelled=LABELLED, unrelated=UNRELATED, found=VECTORS):
    return fit_themes(labelled, unrelated, found, THEMES, PATTERNS, PARAMS)


def test_one_model_of_all_labels_and_one_a_fold():
    assert sorted(fitted().models) == ["fold_0", "fold_1", "whole"]


def test_a_theme_with_two_examples_is_left_out_and_reported():
    done = fitted()
    assert done.card["themes_left_out"] == {"norad": 2}
    assert "norad" not in done.card["learned_from"]["sample"]
    found = done.models["whole"].probabilities(["Day"], ["Arctic radar."], np.ones((1, 4), dtype=np.float32))
    assert found[0, THEMES.index("norad")] == 0


def test_the_card_counts_what_was_learned_from_and_scores_gold_alone():
    card = fitted().card
    assert card["learned_from"] == {
        "sample": {"lumber": 4, "metals": 5, OFF_TOPIC: 4},
        "sample (unrelated)": {OFF_TOPIC: 6},
    }
    assert card["scores"]["sample"]["n"] == card["scores"]["all"]["n"] == len(LABELLED)
    assert card["unrelated_judged_relevant"] == {"n": 6, "judged": 0}
    assert card["params"] == PARAMS.model_dump()
    assert json.loads(json.dumps(card)) == card


def test_row_order_does_not_matter():
    keys, matrix = VECTORS
    back = fitted(LABELLED[::-1], UNRELATED[::-1], (keys[::-1], matrix[::-1]))
    forth = fitted()
    assert back.card == forth.card
    for name, model in forth.models.items():
        arrays, meaning = model.to_arrays()
        others, other_meaning = back.models[name].to_arrays()
        assert meaning == other_meaning
        assert all(np.array_equal(arrays[key], others[key]) for key in arrays)


def test_works_without_unrelated_documents():
    assert fitted(unrelated=UNRELATED.head(0)).card["unrelated_judged_relevant"] == {"n": 0, "judged": 0}


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"lumber": 4, "metals": 4}, "none of 8 labelled articles is off_topic"),
        ({"lumber": 2, "metals": 2, "norad": 2, OFF_TOPIC: 4}, "at least 3 labelled articles: 0, and two"),
        ({"lumber": 9, OFF_TOPIC: 4}, "at least 3 labelled articles: 1, and two"),
    ],
)
def test_labels_that_do_not_suffice(counts, message):
    labelled = articles(counts)
    with pytest.raises(ThemesError, match=message):
        fitted(labelled, UNRELATED.head(0), vectors(labelled))


def test_no_labelled_article():
    with pytest.raises(ThemesError, match="no article is labelled"):
        fitted(LABELLED.head(0))


def test_an_article_without_vector():
    keys, matrix = VECTORS
    with pytest.raises(ThemesError, match="1 of 21 labelled articles have no vector"):
        fitted(found=(keys[1:], matrix[1:]))
