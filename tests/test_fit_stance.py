import numpy as np
import pandas as pd
import pytest

from pipeline import store
from pipeline.methods.stances import StanceModel
from pipeline.methods.statements import StanceError
from pipeline.params import FitStance
from pipeline.stages.fit_stance import fit_stance
from pipeline.tables.statements import JUDGED_SENTENCES
from tests.test_stances import HOLDERS, IDLE, PHRASES, vectors_of

PARAMS = FitStance(
    least_statements=4, detection_penalty=1.0, stance_penalty=1.0, word_sentences=2, detection_words=50
)
NAMES = ("favor", "neutral", "against")
TARGETS = [
    {"target": "us_tariffs", "cues": ["tariff"]},
    {"target": "cross_border_energy", "cues": ["pipeline"]},
    {"target": "annexation", "cues": ["51st state"]},
]


def labels():
    """Labelled articles, labelled sentences, and vectors of both: two corpora, four folds, no gold on annexation."""
    rows, articles, vectors = [], [], {}
    for number in range(16):
        article = f"{number:016x}"
        articles.append((article, ("sample", "white_house")[number % 2], number // 2 % 4))
        texts = []
        for target, word in (("us_tariffs", "tariff"), ("cross_border_energy", "pipeline")):
            phrase, stance = PHRASES[(number + len(word)) % 3]
            texts.append((phrase.format(HOLDERS[number % 4], word), target, NAMES[stance]))
        texts += [(phrase.format(HOLDERS[number % 4]), "none", "none") for phrase in IDLE]
        found = vectors_of([text for text, _, _ in texts])
        for position, (text, target, stance) in enumerate(texts):
            key = f"{article}-{position:04d}"
            holder = "" if target == "none" else HOLDERS[number % 4]
            rows.append((key, target, holder, 0, article, position, text, stance, "us", "government"))
            vectors[key] = found[position]
    columns = ["sentence_id", "target", "holder", "raw_start", "article_id", "position", "text", "stance"]
    sentences = pd.DataFrame(rows, columns=[*columns, "holder_side", "holder_kind"])
    frame = pd.DataFrame(articles, columns=["article_id", "corpus", "fold"])
    ids = frame["article_id"].tolist()
    return (
        frame,
        sentences,
        (list(vectors), np.stack(list(vectors.values()))),
        (ids, np.zeros((16, 16), np.float32)),
    )


def fit(articles, sentences, *vectors, params=PARAMS):
    return fit_stance(articles, sentences, *vectors, targets=TARGETS, params=params)


@pytest.fixture(scope="module")
def fitted():
    return fit(*labels())


def test_one_model_of_all_labels_and_one_a_fold(fitted):
    assert sorted(fitted.models) == ["fold_0", "fold_1", "fold_2", "fold_3", "whole"]


def test_the_card_says_what_was_learned_and_left_out(fitted):
    card = fitted.card
    assert card["targets_left_out"] == {"annexation": 0}
    assert card["learned_from"]["sample"] == {"sentences": 40, "us_tariffs": 8, "cross_border_energy": 8}
    assert set(card["scores"]) == {"sample", "white_house", "all"}
    assert card["scores"]["all"]["target_f1"] > 0.8
    assert card["params"] == PARAMS.model_dump()
    assert "scikit-learn" in card["versions"]


def test_each_coded_sentence_is_judged_once_beside_each_target(fitted):
    judged = JUDGED_SENTENCES.conform(fitted.judged_sentences).to_pandas()
    assert len(judged) == 16 * 5 * 2
    assert set(judged["target"]) == {"us_tariffs", "cross_border_energy"}


def test_a_fold_is_judged_by_the_model_that_has_not_seen_it():
    articles, sentences, *vectors = labels()
    before = fit(articles, sentences, *vectors)
    strange = sentences.merge(articles, on="article_id")["fold"].to_numpy() == 0
    flipped = {"favor": "against", "against": "favor", "neutral": "neutral", "none": "none"}
    sentences["stance"] = sentences["stance"].where(~strange, sentences["stance"].map(flipped))
    after = fit(articles, sentences, *vectors)
    judged = before.judged_sentences["sentence_id"].isin(set(sentences.loc[strange, "sentence_id"]))
    pd.testing.assert_frame_equal(before.judged_sentences[judged], after.judged_sentences[judged])
    assert not before.judged_sentences[~judged].equals(after.judged_sentences[~judged])


def test_rows_in_another_order_give_the_same_models(fitted):
    articles, sentences, *vectors = labels()
    again = fit(articles.sample(frac=1, random_state=1), sentences.sample(frac=1, random_state=2), *vectors)
    assert again.card == fitted.card
    pd.testing.assert_frame_equal(again.judged_sentences, fitted.judged_sentences)
    for name, model in fitted.models.items():
        for key, array in model.to_arrays()[0].items():
            np.testing.assert_array_equal(array, again.models[name].to_arrays()[0][key])


def test_the_holder_is_no_feature(fitted):
    articles, sentences, *vectors = labels()
    others = sentences.assign(holder_side="canada", holder_kind="expert")
    others["holder"] = others["holder"].where(others["target"] == "none", "someone else")
    pd.testing.assert_frame_equal(fit(articles, others, *vectors).judged_sentences, fitted.judged_sentences)


def test_two_holders_of_two_stances_in_one_sentence_both_count(fitted):
    articles, sentences, *vectors = labels()
    second = sentences[sentences["target"] == "us_tariffs"].head(1).assign(holder="another", stance="neutral")
    both = fit(articles, pd.concat([sentences, second]), *vectors)
    assert both.card["scores"]["all"]["n_statements"] == fitted.card["scores"]["all"]["n_statements"] + 1
    assert len(both.judged_sentences) == len(fitted.judged_sentences)


def test_models_stand_on_disk_and_answer_alike(fitted, tmp_path):
    store.write_model(tmp_path, {"whole": store.Arrays(*fitted.models["whole"].to_arrays())}, fitted.card)
    again = StanceModel.from_arrays(*store.read_model(tmp_path, "whole"))
    before, after = fitted.models["whole"].to_arrays(), again.to_arrays()
    assert before[1] == after[1]
    for key, array in before[0].items():
        np.testing.assert_array_equal(array, after[0][key])


def test_labels_without_a_statement_are_refused():
    articles, sentences, *vectors = labels()
    with pytest.raises(StanceError, match="no target has 4 gold statements in 3 folds or more"):
        fit(articles, sentences[sentences["target"] == "none"], *vectors)


def test_labels_of_one_stance_are_refused():
    articles, sentences, *vectors = labels()
    sentences["stance"] = sentences["stance"].where(sentences["target"] == "none", "favor")
    with pytest.raises(StanceError, match="gold statements are favor"):
        fit(articles, sentences, *vectors)


def test_a_target_with_too_few_statements_is_left_out():
    articles, sentences, *vectors = labels()
    few = sentences[(sentences["target"] != "cross_border_energy") | (sentences["article_id"] < f"{3:016x}")]
    found = fit(articles, few, *vectors)
    assert found.card["targets_left_out"] == {"cross_border_energy": 3, "annexation": 0}
    assert [target.name for target in found.models["whole"].targets] == ["us_tariffs"]
