"""Stage attribute: tables in, tables out, and the pages and the seed rows that a reader can check."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.methods.scores import Held, holder_side_scores
from pipeline.params import Attribute
from pipeline.stages.attribute import attribute
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.text.actors import ACTOR_COLUMNS
from tests.imports import ROOT
from tests.test_clean import page

ACTORS = store.read_csv(ROOT / "seeds/actors.csv", ACTOR_COLUMNS)
EXPECTED = json.loads((ROOT / "tests/fixtures/pages/expected.json").read_text(encoding="utf-8"))
ALONE = Attribute(processes=1, batch_articles=64)


def coverage(*articles):
    """Rows (text, date, genre, outlet, country) as table coverage, so far as the stage reads it."""
    columns = ["article_id", "text", "published_date", "genre", "outlet", "outlet_country", "title"]
    rows = [(f"{number:016x}", *article, "") for number, article in enumerate(articles)]
    frame = pd.DataFrame(rows, columns=columns)
    frame["published_date"] = pd.to_datetime(frame["published_date"])
    return frame


THREE = coverage(
    ("Ottawa answered with a list. The president signed an order.", "2025-03-04", "news", "Paper", "us"),
    ("The president signed an order.", "2023-03-04", "news", "Paper", "us"),
    ("It rained.", None, "news", "Paper", "unknown"),
)


def test_tables_fit_their_contracts():
    sentences, attributions = attribute(THREE, ACTORS, ALONE)
    SENTENCES.conform(sentences)
    ATTRIBUTIONS.conform(attributions)
    assert sentences["sentence_id"].tolist() == [
        "0000000000000000-0000",
        "0000000000000000-0001",
        "0000000000000001-0000",
        "0000000000000002-0000",
    ]
    rows = attributions.set_index("sentence_id")
    assert rows.loc["0000000000000000-0000", "holder"] == "Government of Canada"
    assert rows.loc["0000000000000000-0001", "holder"] == "Donald Trump"
    assert rows.loc["0000000000000001-0000", "holder"] == "Joe Biden"
    narrator = rows.loc["0000000000000002-0000"]
    assert narrator.tolist() == ["", "unknown", "unknown", "", "narrator", 1.0]


def test_an_empty_corpus_gives_empty_tables():
    sentences, attributions = attribute(THREE.iloc[:0], ACTORS, ALONE)
    SENTENCES.conform(sentences)
    ATTRIBUTIONS.conform(attributions)
    assert len(sentences) == len(attributions) == 0


def test_neither_processes_nor_order_change_anything():
    before = THREE.copy()
    expected = attribute(THREE, ACTORS, Attribute(processes=1, batch_articles=1))
    others = [
        attribute(THREE, ACTORS, Attribute(processes=2, batch_articles=1)),
        attribute(THREE.iloc[::-1], ACTORS, Attribute(processes=1, batch_articles=1)),
    ]
    for found in others:
        pd.testing.assert_frame_equal(found[0], expected[0])
        pd.testing.assert_frame_equal(found[1], expected[1])
    pd.testing.assert_frame_equal(THREE, before)


TEXTS = st.lists(
    st.sampled_from(
        [
            "Trump said",
            "“The duty stays,”",
            "Ottawa",
            "she",
            "they agreed",
            "told",
            "the union",
            ",",
            ".",
            "”",
            "\n\n",
            "Q ",
            ": ",
            "and",
        ]
    ),
    min_size=1,
    max_size=25,
).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(["news", "opinion", "official", "transcript", "unknown"]))
def test_every_sentence_has_a_holder_or_the_narrator(text, genre):
    sentences, attributions = attribute(coverage((text, "2025-03-04", genre, "Paper", "us")), ACTORS, ALONE)
    SENTENCES.conform(sentences)
    ATTRIBUTIONS.conform(attributions)
    assert set(attributions["sentence_id"]) == set(sentences["sentence_id"])
    narrated = attributions[attributions["attribution"] == "narrator"]
    assert (narrated["holder"] == "").all()
    assert (
        not attributions.groupby("sentence_id")["attribution"]
        .agg(lambda kinds: "narrator" in set(kinds) and len(kinds) > 1)
        .any()
    )


@pytest.fixture(scope="module")
def pages():
    """The ten invented pages, cleaned and attributed: sentence texts and rows by file."""
    documents = {expected["file"]: page(expected["file"]) for expected in EXPECTED}
    dates = {expected["file"]: expected["published"] for expected in EXPECTED}
    frame = coverage(
        *((d.text, dates[file], d.genre, d.outlet, d.outlet_country) for file, d in documents.items())
    )
    sentences, attributions = attribute(frame, ACTORS, ALONE)
    found = {}
    for file, article_id in zip(documents, frame["article_id"], strict=True):
        own = sentences[sentences["article_id"] == article_id]
        rows = attributions[attributions["sentence_id"].isin(own["sentence_id"])]
        found[file] = (own, rows)
    return found


def held(pages, file, text):
    """Rows of the sentence that holds a text, or that the text holds."""
    own, rows = pages[file]
    inside = [
        text.startswith(sentence) or sentence.startswith(text) or text in sentence for sentence in own["text"]
    ]
    return rows[rows["sentence_id"].isin(own["sentence_id"][inside])]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_speakers_of_the_pages_have_their_side(pages, expected):
    for speaker in expected["speakers"]:
        found = held(pages, expected["file"], speaker["sentence"])
        assert speaker["side"] in set(found["holder_side"]), speaker


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_speakers_of_the_pages_are_named(pages, expected):
    also = {"Government of Canada": ["Ottawa", "Canada"], "Government of the United States": ["Washington"]}
    gold, found = [], []
    for number, speaker in enumerate(expected["speakers"]):
        gold.append(Held(str(number), speaker["holder"], speaker["side"], ""))
        rows = held(pages, expected["file"], speaker["sentence"])
        found += [
            Held(str(number), name, side, "")
            for name, side in zip(rows["holder"], rows["holder_side"], strict=True)
        ]
    assert holder_side_scores(gold, found, aliases=also)["holder_and_side"] == 1


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected["file"])
def test_the_narrators_remarks_are_nobodys(pages, expected):
    for text in expected["narrator"]:
        assert set(held(pages, expected["file"], text)["attribution"]) == {"narrator"}, text


def test_scores_of_holders_in_a_small_case():
    gold = [
        Held("1", "Jane Doe", "us", "government"),
        Held("1", "Ottawa", "canada", "government"),
        Held("2", "farmers in Ohio", "us", "business"),
        Held("3", "a welder", "canada", "labour"),
    ]
    found = [
        Held("1", "Jane Doe", "us", "opposition"),
        Held("1", "Government of Canada", "canada", "government"),
        Held("2", "Ohio farmer", "unknown", "business"),
        Held("3", "", "unknown", "unknown"),
        Held("4", "Doe", "us", "government"),
        Held("5", "", "unknown", "unknown"),
    ]
    scores = holder_side_scores(gold, found, {"4", "5"}, {"Government of Canada": ["Ottawa"]})
    assert scores == {
        "n_statements": 4,
        "side": 0.5,
        "side_first": 0.25,
        "holder": 0.75,
        "holder_and_side": 0.5,
        "unattributed": 0.25,
        "side_unknown": 0.25,
        "side_of_holder": pytest.approx(2 / 3),
        "kind_of_holder": pytest.approx(2 / 3),
        "right_rows": 1.0,
        "n_without_statement": 2,
        "attributed_without_statement": 0.5,
    }
    assert holder_side_scores([], [])["side"] == 0
