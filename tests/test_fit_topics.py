import shutil

import numpy as np
import pandas as pd
import pytest

from pipeline import store
from pipeline.methods.topics import TopicModel
from pipeline.params import FitTopics
from pipeline.stages import fit_topics as stage
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.topics import ARTICLE_TOPICS, TOPICS
from pipeline.tables.vectors import ARTICLE_VECTORS
from tests.imports import ROOT
from tests.test_topics import SETTINGS, SIZES, planted

PARAMS = FitTopics(**SETTINGS._asdict(), stability_seeds=1)
THEMES = ("dairy_agriculture", "lumber", "norad_arctic", "metals")
IRRELEVANT = 3  # the first so many articles


def tables(rows=None):
    """Coverage, relevance and stories of planted articles, the first few of them not relevant; their vectors."""
    articles, truth = planted()
    rows = np.arange(len(truth) if rows is None else rows)
    ids = [articles.article_ids[row] for row in rows]
    relevant = rows >= IRRELEVANT
    coverage = pd.DataFrame(
        {
            "article_id": ids,
            "source_id": ids,
            "outlet": "Gazette",
            "outlet_country": "canada",
            "genre": "news",
            "title": [f"On {row}" for row in rows],
            "text": [articles.texts[row] for row in rows],
            "published_date": pd.to_datetime("2025-02-01"),
            "language": "en",
            "word_count": 9,
            "raw_spans": [[{"start": 0, "end": 1, "raw_start": 0, "raw_end": 1}] for _ in rows],
        }
    )
    relevance = pd.DataFrame(
        {
            "article_id": ids,
            "passes_gate": True,
            "relevance": np.where(relevant, 0.9, 0.1),
            "is_relevant": relevant,
            "theme": np.where(relevant, np.array(THEMES)[truth[rows]], "off_topic"),
            "fold": -1,
        }
    )
    stories = pd.DataFrame({"article_id": ids, "story_id": ids, "similarity": 1.0})
    return coverage, (ids, articles.vectors[rows]), relevance, stories


def fit(coverage, vectors, relevance, stories, params=PARAMS):
    return stage.fit_topics(coverage, vectors, relevance, stories, params)


@pytest.fixture(scope="module")
def found():
    return fit(*tables())


@pytest.mark.slow
def test_tables_keep_their_contracts_and_agree(found):
    topics = TOPICS.conform(found.topics).to_pandas()
    articles = ARTICLE_TOPICS.conform(found.article_topics).to_pandas()
    assert len(articles) == sum(SIZES) - IRRELEVANT
    counts = articles.loc[articles["topic_id"] >= 0, "topic_id"].value_counts()
    assert topics["article_count"].tolist() == counts.loc[topics["topic_id"]].tolist()
    assert topics["article_count"].is_monotonic_decreasing
    assert (topics["terms"].map(len) <= 10).all()
    for row in topics.itertuples():
        members = set(articles.loc[articles["topic_id"] == row.topic_id, "article_id"])
        assert len(row.article_ids) == 5
        assert set(row.article_ids) <= members


@pytest.mark.slow
def test_each_topic_is_mapped_onto_its_theme(found):
    assert sorted(found.topics["theme"]) == sorted(THEMES)
    assert (found.topics["theme_share"] > 0.9).all()


@pytest.mark.slow
def test_the_card_says_what_was_learned_from_and_how_good_it_is(found):
    card = found.card
    count = sum(SIZES) - IRRELEVANT
    assert card["learned_from"] == {"relevant_articles": count, "stories": count}
    assert card["scores"]["topics"] == 4
    assert card["scores"]["stability"] > 0.9
    assert card["scores"]["diversity"] > 0.5
    assert card["scores"]["outlier_share"] == round((found.article_topics["topic_id"] < 0).mean(), 4)
    assert card["scores"]["coherence"] == pytest.approx(found.topics["coherence"].mean(), abs=1e-4)
    assert set(card["versions"]) == {"bertopic", "umap-learn", "hdbscan", "scikit-learn", "numpy"}
    assert card["params"] == PARAMS.model_dump()


@pytest.mark.slow
def test_row_order_changes_nothing(found):
    coverage, (ids, vectors), relevance, stories = tables()
    back = fit(
        coverage[::-1], (ids[::-1], vectors[::-1]), relevance.sample(frac=1, random_state=1), stories[::-1]
    )
    pd.testing.assert_frame_equal(back.topics, found.topics)
    pd.testing.assert_frame_equal(back.article_topics, found.article_topics)
    assert back.card == found.card


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (IRRELEVANT, "there is no article"),
        (10, "7 stories are fewer than the 20 that two topics need"),
    ],
)
def test_too_few_relevant_articles_are_said_in_tables_and_card(rows, reason):
    found = fit(*tables(rows))
    assert TOPICS.conform(found.topics).num_rows == 0
    written = ARTICLE_TOPICS.conform(found.article_topics).to_pandas()
    assert written["topic_id"].tolist() == [-1] * (rows - IRRELEVANT)
    assert found.card["without_topics_because"] == reason
    assert found.card["scores"] == {
        "topics": 0,
        "outlier_share": None,
        "coherence": None,
        "diversity": None,
        "stability": None,
    }


def write(rows=None):
    folder = store.corpus_folder("sample")
    coverage, (ids, vectors), relevance, stories = tables(rows)
    for table, frame in ((COVERAGE, coverage), (ARTICLE_RELEVANCE, relevance), (STORIES, stories)):
        store.write_table(folder, table, frame)
    store.write_vectors(folder, ARTICLE_VECTORS, ids, vectors)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    return tmp_path


@pytest.mark.slow
def test_main_twice_writes_the_same_bytes_and_a_model_that_agrees(project, capsys):
    folder = write()
    model = store.MODELS / "topics" / "sample"
    runs = []
    for _ in range(2):
        stage.main("sample")
        paths = [store.table_path(folder, TOPICS), store.table_path(folder, ARTICLE_TOPICS), *model.iterdir()]
        runs.append({path.name: path.read_bytes() for path in paths})
    assert runs[0] == runs[1]
    assert set(runs[0]) == {"topics.parquet", "article_topics.parquet", "card.json", "whole.safetensors"}
    ids, vectors = store.read_vectors(folder, ARTICLE_VECTORS)
    written = store.read_table(folder, ARTICLE_TOPICS)
    read = TopicModel.from_arrays(*store.read_model(model, stage.WHOLE))
    topics, weights = read.assign(vectors[[ids.index(key) for key in written["article_id"]]])
    assert (written["topic_id"] == topics).all()
    assert (written["weight"] == weights).all()
    assert "fit_topics: 4 topics; " in capsys.readouterr().err


def test_main_says_why_there_are_no_topics(project, capsys):
    folder = write(10)
    stage.main("sample")
    assert store.read_table(folder, TOPICS).empty
    assert capsys.readouterr().err == (
        "fit_topics: corpus sample has no topics: 7 stories are fewer than the 20 that two topics need; "
        "bring more articles or lower fit_topics.min_cluster_size\n"
    )
