import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.methods.stance_features import count_cues, find_turns, learn_vocabulary
from pipeline.methods.stances import Penalties, StanceModel, fit_stances
from pipeline.methods.statements import STANCES, Gold, StanceError, Statements, Target, find_sentences

TARGETS = (Target("us_tariffs", ("tariff", "tariffs")), Target("cross_border_energy", ("pipeline", "line 5")))
OPTIONS = {"penalties": Penalties(1.0, 1.0), "word_sentences": 2, "detection_words": 50}
HOLDERS = ("Trump", "Carney", "Smith", "Joly")
# Turn of phrase and stance on whatever the sentence names.
PHRASES = (
    ("{} defended the {} and promised to keep it", 0),
    ("{} weighed whether the {} might be paused", 1),
    ("{} condemned the {} and wants it lifted", 2),
)
IDLE = (
    "{} spoke in the morning about the weather",
    "{} left the room with a smile",
    "{} met the press at noon",
)


def vectors_of(texts):
    """Vectors that know which words stand in a text, as an encoder's would."""
    table = np.random.default_rng(49).normal(size=(997, 16)).astype(np.float32)
    rows = np.stack(
        [table[[sum(word.encode()) % 997 for word in text.split()]].sum(axis=0) for text in texts]
    )
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def sentences_of(texts):
    """Each text an article of its own, so that none has a neighbour."""
    ids = [f"{i:016x}-0000" for i in range(len(texts))]
    articles = [key[:16] for key in ids]
    vectors = vectors_of(texts)
    return find_sentences(ids, texts, (ids, vectors), (articles, np.zeros_like(vectors)))


@pytest.fixture(scope="module")
def gold():
    texts, stated = [], []
    for repeat in range(6):
        for h, holder in enumerate(HOLDERS):
            for target, name in enumerate(("tariff", "pipeline")):
                phrase, stance = PHRASES[(repeat + h) % 3]
                stated.append((len(texts), target, stance))
                texts.append(phrase.format(holder, name))
            texts += [phrase.format(holder) for phrase in IDLE]
    folds = np.arange(len(texts)) % 4
    columns = (np.array(column) for column in zip(*stated, strict=True))
    return Gold(sentences_of(texts), Statements(*columns), folds, np.zeros(len(texts), dtype=int))


@pytest.fixture(scope="module")
def model(gold):
    return fit_stances(gold, TARGETS, **OPTIONS)


def judge(model, *texts):
    return model.judge(sentences_of(list(texts)))


def test_who_takes_up_what_and_which_way(model):
    found = judge(
        model,
        "Legault defended the tariff and promised to keep it",
        "Legault condemned the pipeline and wants it lifted",
    )
    assert (found.p_target.argmax(axis=1) == [0, 1]).all()
    assert (found.p_target.max(axis=1) > 0.5).all()
    assert STANCES[found.p_stance[0, 0].argmax()] == "favor"
    assert STANCES[found.p_stance[1, 1].argmax()] == "against"


def test_a_sentence_without_cue_or_position_takes_up_nothing(model):
    assert judge(model, "Legault met the press at noon").p_target.max() < 0.2


def test_names_are_no_words():
    vocabulary = learn_vocabulary(["Trump said yes", "Trump said no", "today Trump spoke"], 1)
    assert not {word for word in vocabulary.words if "rump" in word}
    assert "said yes" in vocabulary.words


def test_what_the_words_say_is_the_same_whoever_speaks(model):
    sentences = sentences_of([PHRASES[0][0].format(holder, "tariff") for holder in HOLDERS])
    alike = sentences._replace(places=sentences.places[[0] * len(HOLDERS)])  # the same vectors
    found = model.judge(alike)
    for each in found:
        np.testing.assert_allclose(each, np.broadcast_to(each[:1], each.shape), atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=8))
def test_probabilities_of_any_text_are_probabilities(model, texts):
    found = judge(model, *(f"x{text}" for text in texts))
    assert found.p_target.shape == (len(texts), len(TARGETS))
    assert ((found.p_target >= 0) & (found.p_target <= 1)).all()
    np.testing.assert_allclose(found.p_stance.sum(axis=2), 1, atol=1e-5)


def test_no_sentence_gives_no_answer(model):
    sentences = sentences_of(["one"]).take([])
    assert model.judge(sentences).p_target.shape == (0, 2)
    assert model.judge(sentences).p_stance.shape == (0, 2, 3)


def test_a_saved_model_answers_alike(model, gold):
    arrays, meaning = model.to_arrays()
    again = StanceModel.from_arrays(arrays, json.loads(json.dumps(meaning, sort_keys=True)))
    for before, after in zip(model.judge(gold.sentences), again.judge(gold.sentences), strict=True):
        np.testing.assert_array_equal(before, after)


def test_another_order_of_rows_changes_nothing(model, gold):
    order = np.random.default_rng(1).permutation(len(gold.folds))
    place = np.argsort(order)
    moved = gold.statements._replace(sentences=place[gold.statements.sentences])
    shuffled = Gold(gold.sentences.take(order), moved, gold.folds[order], gold.corpora[order])
    again = fit_stances(shuffled, TARGETS, **OPTIONS)
    for before, after in zip(model.judge(gold.sentences), again.judge(gold.sentences), strict=True):
        np.testing.assert_allclose(before, after, atol=2e-3)


def test_the_neighbour_of_a_sentence_is_the_next_of_its_article():
    ids = ["a-0000", "a-0001", "b-0001"]
    vectors = np.eye(3, dtype=np.float32)
    found = find_sentences(ids, ids, (ids, vectors), (["a", "b"], np.zeros((2, 3), np.float32)))
    assert found.places.tolist() == [[0, -1, 1, 0], [1, 0, -1, 0], [2, -1, -1, 1]]
    own, previous, following, _ = found.vectors()
    np.testing.assert_array_equal(previous, [[0, 0, 0], own[0], [0, 0, 0]])
    np.testing.assert_array_equal(following, [own[1], [0, 0, 0], [0, 0, 0]])


def test_cues_are_found_whatever_parts_their_words():
    texts = ["Counter-tariffs on U.S. alcohol", "the 51st-state talk", "Line 50 is no Line 5", "tariff " * 9]
    cues = [("counter-tariffs", "u.s. alcohol", "tariff"), ("51st state",), ("line 5",)]
    assert count_cues(texts, cues).tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 1], [3, 0, 0]]


def test_turns_are_found_in_every_form():
    found = find_turns(["He condemned it", "We won't", "Nothing at all happened"])
    assert found.sum(axis=1).tolist() == [1, 1, 1]
    assert found[0].argmax() != found[1].argmax() == found[2].argmax()


def without(gold, keep):
    return gold._replace(statements=gold.statements.take(keep))


def test_labels_without_a_statement_are_refused(gold):
    with pytest.raises(StanceError, match="no gold statement on any target"):
        fit_stances(without(gold, gold.statements.targets > 5), TARGETS, **OPTIONS)


def test_a_target_without_a_statement_is_refused(gold):
    with pytest.raises(StanceError, match="target cross_border_energy has no gold statement"):
        fit_stances(without(gold, gold.statements.targets == 0), TARGETS, **OPTIONS)


def test_labels_of_one_stance_are_refused(gold):
    with pytest.raises(StanceError, match=r"all \d+ gold statements are favor: stance needs two"):
        fit_stances(without(gold, gold.statements.stances == 0), TARGETS, **OPTIONS)


def test_labels_of_one_fold_are_refused(gold):
    with pytest.raises(StanceError, match="are in one fold: calibration needs two or more"):
        fit_stances(gold._replace(folds=np.zeros_like(gold.folds)), TARGETS, **OPTIONS)


def test_a_target_of_one_stance_still_has_all_three(gold):
    keep = (gold.statements.targets == 1) | (gold.statements.stances == 0)
    model = fit_stances(without(gold, keep), TARGETS, **OPTIONS)
    found = judge(model, "Legault condemned the tariff and wants it lifted")
    np.testing.assert_allclose(found.p_stance.sum(axis=2), 1, atol=1e-5)
    assert found.p_stance[0, 0, 2] > judge(model, "Legault defended the tariff").p_stance[0, 0, 2]


def test_a_stance_that_no_label_has_gets_no_probability(gold):
    model = fit_stances(without(gold, gold.statements.stances != 1), TARGETS, **OPTIONS)
    assert judge(model, "Legault weighed whether the tariff might be paused").p_stance[0, 0, 1] == 0


def test_vectors_of_another_encoder_are_refused(model):
    ids = ["a-0000"]
    sentences = find_sentences(
        ids, ids, (ids, np.zeros((1, 8), np.float32)), (["a"], np.zeros((1, 8), np.float32))
    )
    with pytest.raises(StanceError, match="reads vectors of 16 numbers, found 8"):
        model.judge(sentences)


def test_a_sentence_without_a_vector_is_refused():
    none = ([], np.zeros((0, 8), np.float32))
    with pytest.raises(StanceError, match="sentence a-0000 or its article has no vector"):
        find_sentences(["a-0000"], ["text"], none, none)


def test_a_model_of_other_turns_is_refused(model):
    arrays, meaning = model.to_arrays()
    with pytest.raises(StanceError, match="looks for other words of the turns this than"):
        StanceModel.from_arrays(arrays, {**meaning, "turns": {"this": "word"}})
