import numpy as np
import pytest

from pipeline.methods.themes import (
    OFF_TOPIC,
    Patterns,
    ThemeModel,
    ThemesError,
    Weights,
    choose_temperature,
    cross_fit,
    fit_theme_model,
    judged_themes,
    theme_scores,
    thin_themes,
)
from pipeline.store import Arrays, read_model, write_model

THEMES = ("lumber", "metals", "norad", OFF_TOPIC)
PATTERNS = Patterns(
    canada=r"canad|ottawa", us=r"(?-i:\bUS\b)|washington", cue=r"(?<!\w)(?:tariff|duty)(?!\w)"
)
SETTINGS = {
    "themes": THEMES,
    "patterns": PATTERNS,
    "weights": Weights(vectors=4.0, words=3.0, mentions=0.6),
    "inverse_regularisation": 3.0,
}
SUBJECTS = {
    "lumber": "The mill saws spruce logs.",
    "metals": "The smelter pours molten steel.",
    "norad": "The radar watches arctic skies.",
    OFF_TOPIC: "The band plays a concert.",
}


def labelled(each=6, without=()):
    """Articles of every theme, (titles, texts, vectors, labels): words, vectors and countries tell them apart."""
    rng = np.random.default_rng(49)
    titles, texts, vectors, labels = [], [], [], []
    for column, theme in enumerate(THEMES):
        for number in range(0 if theme in without else each):
            tail = (
                "It was seen in town." if theme == OFF_TOPIC else "Ottawa asked Washington about the tariff."
            )
            titles.append(f"Day {number}")
            texts.append(f"{SUBJECTS[theme]} {tail}")
            vectors.append(np.eye(len(THEMES))[column] + rng.normal(0, 0.3, len(THEMES)))
            labels.append(theme)
    return titles, texts, np.array(vectors, dtype=np.float32), labels


@pytest.fixture(scope="module")
def model():
    return fit_theme_model(*labelled(), **SETTINGS)


def test_learns_what_it_was_shown(model):
    titles, texts, vectors, labels = labelled()
    found = model.probabilities(titles, texts, vectors)
    assert found.shape == (len(labels), len(THEMES))
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    assert judged_themes(found, THEMES).tolist() == labels


def test_saved_and_read_it_says_the_same(model, tmp_path):
    titles, texts, vectors, _ = labelled()
    write_model(tmp_path, {"whole": Arrays(*model.to_arrays())}, {"model": "themes"})
    again = ThemeModel.from_arrays(*read_model(tmp_path, "whole"))
    assert again.themes == THEMES
    assert np.array_equal(
        again.probabilities(titles, texts, vectors), model.probabilities(titles, texts, vectors)
    )


def test_an_article_is_judged_alike_in_any_company(model, monkeypatch):
    titles, texts, vectors, _ = labelled()
    together = model.probabilities(titles, texts, vectors)
    alone = model.probabilities(titles[3:4], texts[3:4], vectors[3:4])
    assert np.array_equal(together[3:4], alone)
    monkeypatch.setattr("pipeline.methods.themes._BATCH", 5)
    assert np.array_equal(model.probabilities(titles, texts, vectors), together)


def test_a_theme_without_example_has_probability_0():
    fitted = fit_theme_model(*labelled(without=("norad",)), **SETTINGS)
    titles, texts, vectors, _ = labelled()
    found = fitted.probabilities(titles, texts, vectors)
    assert (found[:, THEMES.index("norad")] == 0).all()
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_naming_both_countries_beside_a_cue_speaks_for_relevance(model):
    vector = np.full((1, len(THEMES)), 0.25, dtype=np.float32)
    plain = model.probabilities(["News"], ["Somebody was seen."], vector)
    named = model.probabilities(["Tariff news"], ["Canada told the US of a duty."], vector)
    assert named[0, THEMES.index(OFF_TOPIC)] < plain[0, THEMES.index(OFF_TOPIC)]


@pytest.mark.parametrize(("title", "text"), [("", ""), ("Only a title", "Only a title"), ("", "— — …")])
def test_odd_articles_have_an_answer(model, title, text):
    found = model.probabilities([title], [text], np.zeros((1, len(THEMES)), dtype=np.float32))
    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1, abs=1e-5)


def test_no_article_no_answer(model):
    assert model.probabilities([], [], np.zeros((0, len(THEMES)), dtype=np.float32)).shape == (0, len(THEMES))


def test_thin_themes_are_named_with_their_numbers():
    labels = ["lumber"] * 5 + ["metals"] * 5 + ["norad"] * 2 + [OFF_TOPIC]
    assert thin_themes(labels, THEMES, 5) == {"norad": 2}


def test_without_off_topic_there_is_nothing_to_learn():
    with pytest.raises(ThemesError, match="none of 18 labelled articles is off_topic"):
        fit_theme_model(*labelled(without=(OFF_TOPIC,)), **SETTINGS)


def test_one_theme_is_not_enough():
    with pytest.raises(ThemesError, match="two are needed"):
        thin_themes(["lumber"] * 5 + ["metals"] * 4 + [OFF_TOPIC] * 9, THEMES, 5)


def test_cross_fitting_judges_each_article_by_a_model_that_has_not_seen_it():
    titles, texts, vectors, labels = labelled()
    folds = [number % 3 for number in range(len(labels))]
    fitted = cross_fit(titles, texts, vectors, labels, folds, thin={"norad"}, **SETTINGS)
    assert sorted(fitted.models) == ["fold_0", "fold_1", "fold_2", "whole"]
    assert all("norad" not in model.judge.classes for model in fitted.models.values())
    own = [row for row, fold in enumerate(folds) if fold == 1]
    judged = fitted.models["fold_1"].probabilities(
        [titles[row] for row in own], [texts[row] for row in own], vectors[own]
    )
    assert np.array_equal(fitted.unseen[own], judged)
    changed = [
        "metals" if fold == 1 and label == "lumber" else label
        for fold, label in zip(folds, labels, strict=True)
    ]
    other = cross_fit(titles, texts, vectors, changed, folds, thin={"norad"}, **SETTINGS).models["fold_1"]
    assert np.array_equal(other.judge.coefficients, fitted.models["fold_1"].judge.coefficients)


def test_a_fold_may_hold_all_of_a_theme():
    titles, texts, vectors, labels = labelled()
    folds = [0 if label == "norad" else 1 + number % 2 for number, label in enumerate(labels)]
    fitted = cross_fit(titles, texts, vectors, labels, folds, thin=(), **SETTINGS)
    norad = THEMES.index("norad")
    assert (fitted.unseen[np.array(folds) == 0, norad] == 0).all()
    assert "norad" in fitted.models["whole"].sorter.classes


def test_the_temperature_makes_the_unsure_surer_and_the_rash_less_sure():
    labels = ["lumber"] * 9 + ["metals"]
    unsure = np.tile(np.array([[0.55, 0.45, 0.0, 0.0]], dtype=np.float32), (10, 1))
    rash = np.tile(np.array([[0.999, 0.001, 0.0, 0.0]], dtype=np.float32), (10, 1))
    assert choose_temperature(labels, unsure, THEMES) < 1 < choose_temperature(labels, rash, THEMES)


def test_scores_by_hand():
    labels = ["lumber", "metals", "metals", OFF_TOPIC]
    found = np.array(
        [
            [0.6, 0.1, 0.0, 0.3],  # right
            [0.5, 0.1, 0.0, 0.4],  # another theme
            [0.0, 0.4, 0.0, 0.6],  # taken for off topic
            [0.0, 0.5, 0.0, 0.5],  # taken for metals: as likely as not is enough
        ],
        dtype=np.float32,
    )
    scores = theme_scores(labels, found, THEMES)
    assert scores["n"] == 4
    assert scores["relevance_precision"] == pytest.approx(2 / 3)
    assert scores["relevance_recall"] == pytest.approx(2 / 3)
    assert scores["always_yes_f1"] == pytest.approx(6 / 7)
    assert scores["theme_accuracy"] == pytest.approx(1 / 4)
    assert scores["theme_accuracy_of_relevant"] == pytest.approx(2 / 3)
    assert scores["theme_macro_f1"] == pytest.approx((2 / 3 + 0 + 0) / 3)


def test_scores_without_a_relevant_article_are_missing_and_not_zero():
    found = np.array([[0.1, 0.1, 0.0, 0.8]], dtype=np.float32)
    scores = theme_scores([OFF_TOPIC], found, THEMES)
    assert scores["relevance_f1"] is None
    assert scores["theme_accuracy_of_relevant"] is None
    assert scores["theme_accuracy"] == 1
