import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.methods.topics import (
    Articles,
    Settings,
    TopicModel,
    count_terms,
    find_topics,
    label,
    split_terms,
    split_words,
    take,
    typical_articles,
)
from tests.imports import ROOT

SETTINGS = Settings(
    min_cluster_size=10,
    n_neighbors=15,
    n_components=5,
    merge_similarity=0.9,
    floor_quantile=0.02,
    term_articles=3,
    term_share=0.5,
    seed=49,
)
PLANTED = {
    "dairy": ("milk quotas", "cheese", "farmers"),
    "lumber": ("softwood lumber", "mills", "timber"),
    "arctic": ("radars", "norad command", "icebreakers"),
    "steel": ("aluminum", "smelters", "steel mills"),
}
SIZES = (45, 35, 30, 20)


def planted(times=1):
    """Articles of four planted topics of falling size, so many times the sizes, and the topic of each."""
    rng = np.random.default_rng(0)
    directions = np.linalg.qr(rng.normal(size=(48, 48)))[0]
    truth = np.repeat(np.arange(4), times * np.array(SIZES))
    noise = rng.normal(size=(len(truth), 48)) / np.sqrt(48)
    vectors = directions[truth] + 0.8 * noise
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    subjects = list(PLANTED.values())
    texts = [
        f"Canada and the {subjects[topic][row % 3]} of {subjects[topic][(row + 1) % 3]} in {row}"
        for row, topic in enumerate(truth)
    ]
    ids = [f"{row:04d}" for row in range(len(truth))]
    return Articles(ids, texts, vectors, ids), truth


def arrays_of(model):
    arrays, meaning = model.to_arrays()
    return {name: array.tobytes() for name, array in arrays.items()}, meaning


def digest():
    return hashlib.sha256(repr(arrays_of(find_topics(planted()[0], SETTINGS))).encode()).hexdigest()


@pytest.fixture(scope="module")
def model():
    return find_topics(planted()[0], SETTINGS)


@pytest.mark.slow
def test_planted_topics_are_found_and_named_by_their_words(model):
    from sklearn.metrics import adjusted_rand_score

    articles, truth = planted()
    topics, weights = model.assign(articles.vectors)
    assert adjusted_rand_score(truth, topics) > 0.9
    assert weights.min() > 0
    assert np.bincount(topics[topics >= 0]).tolist() == sorted(np.bincount(topics[topics >= 0]), reverse=True)
    for topic, phrases in enumerate(PLANTED.values()):
        assert set(" ".join(phrases).split()) <= set(model.words[topic])
    assert "canada" not in model.words[0]  # it stands everywhere


@pytest.mark.slow
@pytest.mark.parametrize("times", [5, 10])
def test_one_planted_topic_stays_one_in_a_larger_corpus(times):
    from sklearn.metrics import adjusted_rand_score

    articles, truth = planted(times)
    found = find_topics(articles, SETTINGS)
    topics = found.assign(articles.vectors)[0]
    assert len(found.centres) == 4
    assert adjusted_rand_score(truth[topics >= 0], topics[topics >= 0]) > 0.99
    assert (topics < 0).mean() < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_row_order_changes_nothing(model, seed):
    articles = planted()[0]
    shuffled = take(articles, np.random.default_rng(seed).permutation(len(articles.article_ids)))
    assert arrays_of(find_topics(shuffled, SETTINGS)) == arrays_of(model)


@pytest.mark.slow
def test_another_process_and_hash_seed_give_the_same_bytes(model):
    wanted = hashlib.sha256(repr(arrays_of(model)).encode()).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", "from tests.test_topics import digest; print(digest())"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == wanted


@pytest.mark.slow
def test_copies_of_a_story_weigh_nothing_and_get_its_topic(model):
    articles = planted()[0]
    copies = 40
    more = Articles(
        [*articles.article_ids, *(f"copy-{i:04d}" for i in range(copies))],
        [*articles.texts, *[articles.texts[0]] * copies],
        np.vstack([articles.vectors, np.repeat(articles.vectors[:1], copies, axis=0)]),
        [*articles.story_ids, *[articles.story_ids[0]] * copies],
    )
    found = find_topics(more, SETTINGS)
    # Only the order may change, which is by articles, copies included.
    assert sorted(zip(found.centres.tolist(), found.floors, found.terms, strict=True)) == sorted(
        zip(model.centres.tolist(), model.floors, model.terms, strict=True)
    )
    topics = found.assign(more.vectors)[0]
    assert set(topics[-copies:]) == {topics[0]}


@pytest.mark.slow
def test_a_model_read_back_gives_the_same_topics(model, tmp_path):
    articles = planted(times=2)[0]
    store.write_model(tmp_path, {"whole": store.Arrays(*model.to_arrays())}, {})
    again = TopicModel.from_arrays(*store.read_model(tmp_path, "whole"))
    assert arrays_of(again) == arrays_of(model)
    for ours, theirs in zip(model.assign(articles.vectors), again.assign(articles.vectors), strict=True):
        assert ours.tobytes() == theirs.tobytes()


@pytest.mark.slow
def test_articles_alike_form_no_topics():
    articles = planted()[0]
    n = len(articles.article_ids)
    alike = Articles(
        articles.article_ids,
        ["tariffs on steel"] * n,
        np.repeat(articles.vectors[:1], n, axis=0),
        articles.article_ids,
    )
    found = find_topics(alike, SETTINGS._replace(term_share=1.0))
    assert found.reason == f"the {n} stories form no groups of 10 or more"
    assert found.assign(articles.vectors)[0].tolist() == [-1] * n


@pytest.mark.parametrize(
    ("rows", "changes", "reason"),
    [
        (0, {}, "there is no article"),
        (19, {}, "19 stories are fewer than the 20 that two topics need"),
        (20, {"term_articles": 21}, "no word stands in 21 of the 20 stories"),
    ],
)
def test_too_few_articles_give_no_topics_and_the_reason(rows, changes, reason):
    articles = take(planted()[0], np.arange(rows))
    found = find_topics(articles, SETTINGS._replace(**changes))
    assert (len(found.centres), found.reason) == (0, reason)
    topics, weights = found.assign(articles.vectors)
    assert (topics.tolist(), weights.tolist()) == ([-1] * rows, [0.0] * rows)
    assert arrays_of(TopicModel.from_arrays(*found.to_arrays())) == arrays_of(found)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [4, 5, 6])
def test_a_handful_of_articles_is_no_error(rows):
    articles = take(planted()[0], np.arange(rows) * 20)
    found = find_topics(articles, SETTINGS._replace(min_cluster_size=2, term_articles=1))
    assert len(found.labels) == len(found.centres)
    assert bool(found.reason) == (len(found.centres) == 0)


def test_an_article_below_the_floor_of_the_nearest_topic_has_none():
    model = TopicModel(np.eye(2, dtype=np.float32), np.array([0.9, 0.5]))
    topics, weights = model.assign(np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, -1]], dtype=np.float32))
    assert topics.tolist() == [0, -1, 1, -1]
    assert weights.tolist() == pytest.approx([1, 0.8, 0.8, 0])


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_an_article_gets_its_topic_in_any_company(seed, n):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    model = TopicModel(vectors[:3].copy(), np.array([0.0, 0.2, 0.4])[: min(3, n)])
    topics, weights = model.assign(vectors)
    alone = [model.assign(vectors[row : row + 1]) for row in range(n)]
    assert [int(topic[0]) for topic, _ in alone] == topics.tolist()
    assert [float(weight[0]) for _, weight in alone] == weights.tolist()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Softwood lumber duties", ["softwood", "lumber", "softwood lumber", "duties", "lumber duties"]),
        ("duties on lumber", ["duties", "lumber"]),
        ("lumber. Duties, mills; 25 tariffs", ["lumber", "duties", "mills", "tariffs"]),
        (
            "the cross-border 51st state",
            ["cross", "border", "cross border", "51st", "border 51st", "state", "51st state"],
        ),
        ("Québec's milk", ["québec", "milk"]),
        ("write to desk@paper.com or www.paper.com", ["write"]),
        ("the minister said tariffs", ["minister", "tariffs"]),
        ("", []),
    ],
)
def test_terms_are_words_and_phrases_as_they_stand(text, terms):
    assert split_terms(text) == terms
    assert split_words(text) == [term for term in terms if " " not in term]


def test_a_term_stands_in_some_texts_and_not_in_most():
    texts = ["canada: milk, milk", "canada: milk", "canada: steel", "canada: radar"]
    counts, names = count_terms(texts, term_articles=2, term_share=0.5)
    assert names == ["milk"]
    assert counts.toarray().tolist() == [[2], [1], [0], [0]]


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        (["tariff", "tariffs", "steel tariffs", "mills", "ottawa"], "steel tariffs, mills, ottawa"),
        (["softwood lumber", "lumber", "softwood", "mills"], "softwood lumber, mills"),
        (["milk"], "milk"),
        ([], ""),
    ],
)
def test_a_label_leaves_out_what_another_term_holds(terms, wanted):
    assert label(terms) == wanted


def test_typical_articles_are_nearest_first_and_one_a_story():
    articles = Articles(list("dcbaef"), [""] * 6, np.zeros((6, 2), np.float32), list("xxybzz"))
    topics = np.array([0, 0, 0, 0, 0, 1], dtype=np.int32)
    weights = np.array([0.9, 0.9, 0.8, 0.95, 0.1, 1.0], dtype=np.float32)
    assert typical_articles(articles, topics, weights, 0) == ["a", "c", "b", "e"]


@pytest.mark.slow
def test_one_story_however_often_told_makes_no_topic():
    articles, truth = planted()
    stories = [
        articles.story_ids[0] if topic == 3 else key
        for key, topic in zip(articles.story_ids, truth, strict=True)
    ]
    found = find_topics(articles._replace(story_ids=stories), SETTINGS)
    assert len(found.labels) == len(found.centres) == 3
    assert (found.assign(articles.vectors[truth == 3])[0] == -1).all()


@pytest.mark.slow
def test_clusters_that_are_all_alike_are_one_topic():
    found = find_topics(planted()[0], SETTINGS._replace(merge_similarity=0.0))
    assert len(found.centres) >= 1
    assert all(found.labels)
