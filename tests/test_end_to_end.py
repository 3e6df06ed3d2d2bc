"""The whole story on the seeds: it runs, it repeats to the byte, its totals add up, and users' corpora fit in."""

import datetime
import hashlib
import json
import sys
from pathlib import Path

import lxml.html
import pandas as pd
import pytest
import yaml

from pipeline.params import read_params
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES, UNRELATED_ARTICLES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS
from pipeline.tables.statements import JUDGED_SENTENCES, STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE, ARTICLE_THEMES, WHOLE_MODEL
from pipeline.tables.topics import ARTICLE_TOPICS, TOPICS
from tests.conftest import run_pipeline

pytestmark = pytest.mark.slow
CORPORA = ("sample", "white_house")
TABLES = (
    ARTICLES, QUARANTINE, COVERAGE, REMOVED_LINES, DROPPED_ARTICLES, STORIES, SENTENCES, ATTRIBUTIONS, CONTRASTS,
    ARTICLE_RELEVANCE, ARTICLE_THEMES, STATEMENTS, TOPICS, ARTICLE_TOPICS, SERIES, SHIFTS,
)  # fmt: skip


def table(folder: Path, corpus: str, contract):
    return pd.read_parquet(folder / "data" / corpus / f"{contract.name}.parquet")


def digests(folder: Path) -> dict[str, str]:
    files = (
        file
        for part in ("data", "models", "metrics", "reports")
        for file in (folder / part).rglob("*")
        if file.is_file()
    )
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_run_prints_reports_findings_and_time(default_run):
    printed = (default_run / "run_output.txt").read_text(encoding="utf-8")
    for corpus in CORPORA:
        assert f"reports/{corpus}/index.html" in printed
        assert (default_run / "reports" / corpus / "index.html").stat().st_size < 5e6
    assert "close partnership" in printed
    assert "95% interval" in printed


@pytest.mark.parametrize("corpus", CORPORA)
def test_written_tables_keep_their_contracts(default_run, corpus):
    for contract in TABLES:
        contract.conform(table(default_run, corpus, contract))


@pytest.mark.parametrize("corpus", CORPORA)
def test_nothing_is_lost_between_tables(default_run, corpus):
    articles, coverage, dropped, stories = (
        table(default_run, corpus, contract) for contract in (ARTICLES, COVERAGE, DROPPED_ARTICLES, STORIES)
    )
    assert set(articles["article_id"]) == set(coverage["article_id"]) | set(dropped["article_id"])
    assert not set(coverage["article_id"]) & set(dropped["article_id"])
    assert set(stories["article_id"]) == set(coverage["article_id"])
    assert set(stories["story_id"]) <= set(coverage["article_id"])
    sentences, attributions = (table(default_run, corpus, contract) for contract in (SENTENCES, ATTRIBUTIONS))
    assert set(attributions["sentence_id"]) == set(sentences["sentence_id"])
    text = coverage.set_index("article_id")["text"]
    for row in sentences.itertuples():
        assert text[row.article_id][row.start : row.end] == row.text
    vectors = pd.read_parquet(default_run / "data" / corpus / "sentence_vectors.parquet")
    assert set(vectors["sentence_id"]) == set(sentences["sentence_id"])


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_article_is_judged_by_models_that_have_not_seen_its_labels(default_run, corpus):
    relevance = table(default_run, corpus, ARTICLE_RELEVANCE).set_index("article_id")
    coverage = table(default_run, corpus, COVERAGE)
    assert set(relevance.index) == set(coverage["article_id"])
    labelled = pd.read_parquet(default_run / "data/labels/labelled_articles.parquet")
    labelled = labelled[labelled["article_id"].isin(relevance.index)].set_index("article_id")
    assert relevance.loc[labelled.index, "fold"].equals(labelled["fold"])
    stories = table(default_run, corpus, STORIES).set_index("article_id")["story_id"]
    untold = ~stories.isin(set(stories[labelled.index]))
    assert (relevance.loc[stories[untold].index, "fold"] == WHOLE_MODEL).all()
    assert (relevance.loc[stories[~untold].index, "fold"] != WHOLE_MODEL).all()
    themes = table(default_run, corpus, ARTICLE_THEMES).groupby("article_id")["probability"].sum()
    assert themes.between(0.999, 1.001).all()
    assert not relevance.loc[~relevance["passes_gate"], "is_relevant"].any()


@pytest.mark.parametrize("corpus", CORPORA)
def test_statements_and_topics_lead_back_to_sentences_and_articles(default_run, corpus):
    relevance = table(default_run, corpus, ARTICLE_RELEVANCE).set_index("article_id")
    sentences = table(default_run, corpus, SENTENCES).set_index("sentence_id")
    statements = table(default_run, corpus, STATEMENTS)
    assert len(statements) > 100
    assert relevance.loc[sentences.loc[statements["sentence_id"], "article_id"], "passes_gate"].all()
    assert (statements["holder"] != "").all()
    held = table(default_run, corpus, ATTRIBUTIONS).set_index(["sentence_id", "holder"])
    assert statements.set_index(["sentence_id", "holder"]).index.isin(held.index).all()
    topics = table(default_run, corpus, TOPICS)
    assigned = table(default_run, corpus, ARTICLE_TOPICS)
    assert set(assigned["article_id"]) == set(relevance.index[relevance["is_relevant"]])
    counts = assigned.loc[assigned["topic_id"] >= 0, "topic_id"].value_counts().sort_index()
    assert topics["article_count"].tolist() == counts.tolist()
    assert set(topics["article_ids"].explode()) <= set(assigned["article_id"])


def test_coded_sentences_are_judged_beside_every_target(default_run):
    labels = default_run / "data/labels"
    judged = pd.read_parquet(labels / "judged_sentences.parquet")
    JUDGED_SENTENCES.conform(judged)
    gold = pd.read_parquet(labels / "labelled_sentences.parquet")
    assert set(judged["sentence_id"]) == set(gold["sentence_id"])
    assert (judged.groupby("sentence_id").size() == judged["target"].nunique()).all()
    assert judged[["p_favor", "p_neutral", "p_against"]].sum(axis=1).between(0.999, 1.001).all()


def test_unrelated_documents_are_none_of_the_labelled(default_run):
    labels = default_run / "data/labels"
    unrelated = pd.read_parquet(labels / "unrelated_articles.parquet")
    UNRELATED_ARTICLES.conform(unrelated)
    labelled = pd.read_parquet(labels / "labelled_articles.parquet")
    assert len(unrelated) >= 360
    assert not set(unrelated["article_id"]) & set(labelled["article_id"])
    vectors = pd.read_parquet(labels / "article_vectors.parquet")
    assert set(vectors["article_id"]) == set(unrelated["article_id"]) | set(labelled["article_id"])


# Pieces of text that Unicode repair or unescaped entities changed, of several thousand.
MOST_REPAIRED_PIECES = {"sample": 0, "white_house": 0}


@pytest.mark.parametrize("corpus", CORPORA)
def test_kept_pieces_stand_where_they_say(default_run, corpus):
    coverage = table(default_run, corpus, COVERAGE).set_index("article_id")
    bodies = table(default_run, corpus, ARTICLES).set_index("article_id")["body"]
    changed = []
    for article_id, row in coverage.iterrows():
        body, reached = bodies[article_id], 0
        for span in row["raw_spans"]:
            start, end, raw_start, raw_end = (span[key] for key in ("start", "end", "raw_start", "raw_end"))
            assert start == reached < end
            assert 0 <= raw_start < raw_end <= len(body)
            reached = end
            piece, raw = row["text"][start:end], body[raw_start:raw_end]
            assert len(piece) == len(raw)
            if piece != raw and not piece.isspace():  # breaks between paragraphs are put in
                changed.append((article_id, piece, raw))
        assert reached == len(row["text"]) or not body
    assert len(changed) <= MOST_REPAIRED_PIECES[corpus], changed[:5]


def test_every_gold_statement_is_carried_onto_a_sentence(default_run):
    gold = pd.read_parquet(default_run / "data/labels/labelled_sentences.parquet")
    articles = pd.read_parquet(default_run / "data/labels/labelled_articles.parquet")
    LABELLED_SENTENCES.conform(gold)
    LABELLED_ARTICLES.conform(articles)
    source = articles.set_index("article_id")
    for corpus in CORPORA:
        raw = [json.loads(line) for line in (default_run / f"seeds/{corpus}/statement_labels.jsonl").open()]
        carried = gold[gold["article_id"].map(source["corpus"]).eq(corpus) & gold["target"].ne("none")]
        assert len(carried) == len(raw)
        key = [(label["id"], label["start"], label["target"], label["holder"]) for label in raw]
        ours = carried.assign(id=carried["article_id"].map(source["source_id"]))
        assert sorted(key) == sorted(
            zip(ours["id"], ours["raw_start"], ours["target"], ours["holder"], strict=True)
        )
        words = {(label["id"], label["start"]): set(label["sentence"].lower().split()) for label in raw}
        for row in ours.itertuples():
            shared = words[row.id, row.raw_start] & set(row.text.lower().split())
            assert len(shared) >= 0.25 * min(len(words[row.id, row.raw_start]), len(row.text.split()))


def test_labelled_sentences_are_the_sentences_of_the_corpus(default_run):
    gold = pd.read_parquet(default_run / "data/labels/labelled_sentences.parquet")
    sentences = pd.concat(table(default_run, corpus, SENTENCES) for corpus in CORPORA).set_index(
        "sentence_id"
    )
    for row in gold[gold["sentence_id"].isin(sentences.index)].itertuples():
        assert sentences["text"][row.sentence_id] == row.text
    assert gold["sentence_id"].isin(sentences.index).mean() > 0.99


def test_folds_keep_stories_together(default_run):
    articles = pd.read_parquet(default_run / "data/labels/labelled_articles.parquet")
    assert articles.groupby("story_id")["fold"].nunique().max() == 1
    folds = read_params(default_run / "params.yaml").prepare_labels.folds
    assert articles["fold"].nunique() == folds
    assert articles["fold"].value_counts(normalize=True).max() < 2 / folds


@pytest.mark.parametrize("corpus", CORPORA)
def test_findings_lead_to_the_sentences_they_count(default_run, corpus):
    tree = lxml.html.parse(default_run / "reports" / corpus / "index.html")
    ids = set(tree.xpath("//@id"))
    links = [href for href in tree.xpath("//a/@href") if href.startswith("#")]
    assert links
    assert {link[1:] for link in links} <= ids
    sentences = table(default_run, corpus, SENTENCES).set_index("sentence_id")["text"]
    contrast = table(default_run, corpus, CONTRASTS).set_index("contrast")
    name = next(name for name in contrast.index if name.endswith("partnership_second_inauguration"))
    shown = " ".join(" ".join(tree.getroot().itertext()).split())
    (block,) = tree.xpath("//script[@id='statement-data']")
    held = set(json.loads(block.text)["levels"]["text"])
    for sentence_id in contrast.loc[name, "evidence"]:
        assert sentences[sentence_id] in held
    some = [key for key in contrast.loc[name, "evidence"] if " ".join(sentences[key].split()) in shown]
    assert len(some) >= 8  # without scripts


def test_sample_says_first_that_it_is_no_evidence(default_run):
    body = lxml.html.parse(default_run / "reports/sample/index.html").getroot().find("body")
    opening = " ".join(" ".join(body.itertext()).split())[:700]
    assert "model-written" in opening
    assert "no evidence" in opening or "never of what the press wrote" in opening


def test_two_runs_from_nothing_are_equal_to_the_byte(default_run, copy_repository, tmp_path):
    again = copy_repository("again")
    done = run_pipeline(again, sys.executable, "-m", "pipeline", "run", cache=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = digests(default_run), digests(again)
    assert len(first) > 20
    assert {name for name in first | second if first.get(name) != second.get(name)} == set()


@pytest.fixture(scope="session")
def users_run(default_run, vector_cache, copy_repository):
    """A copy after `dvc repro` of two corpora of a user's: three articles, and nothing on topic."""
    folder = copy_repository("user")
    mine = folder / "articles"
    mine.mkdir()
    (mine / "2025-03-05-one.txt").write_text(
        "Ottawa answers the tariffs\n\nOTTAWA — Canada will match the tariffs, Finance Minister Dominic LeBlanc said on Tuesday.\n"
    )
    (mine / "two.txt").write_text(
        'Mills wait\n\nNo date stands here. "We wait," said a Hamilton steelworker.\n'
    )
    (mine / "three.txt").write_bytes(b"Prices\n\nA caf\xe9 in Windsor raised its prices.\n")
    rows = [
        {
            "headline": "<script>alert(1)</script> Lilies bloom",
            "content": f"The lilies of garden {i} bloom in the sun.",
            "date": f"2024-0{i}-01",
        }
        for i in range(1, 5)
    ]
    (folder / "lilies.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n{broken\n")
    params = yaml.safe_load((folder / "params.yaml").read_text())
    params["corpora"]["mine"] = {"path": "articles", "period_kind": "month"}
    params["corpora"]["lilies"] = {"path": "lilies.jsonl", "period_kind": "quarter"}
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    done = run_pipeline(
        folder,
        sys.executable,
        "-m",
        "dvc",
        "repro",
        "report@mine",
        "report@lilies",
        cache=vector_cache,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_three_articles_make_a_report_that_says_what_it_cannot(users_run):
    articles, quarantine = (table(users_run, "mine", contract) for contract in (ARTICLES, QUARANTINE))
    assert articles["published_at"].dropna().dt.date.tolist() == [datetime.date(2025, 3, 5)]
    assert len(articles) + len(quarantine) == 3
    attributions = table(users_run, "mine", ATTRIBUTIONS)
    assert (
        "canada" in attributions.loc[attributions["holder"].str.contains("LeBlanc"), "holder_side"].tolist()
    )
    text = (users_run / "reports/mine/index.html").read_text()
    assert "label" in text.lower()
    assert "undated" in text.lower() or "without a date" in text.lower()


def test_a_corpus_off_topic_makes_a_report_in_which_no_script_runs(users_run):
    quarantine = table(users_run, "lilies", QUARANTINE)
    assert quarantine["line"].tolist() == [5]
    assert len(table(users_run, "lilies", COVERAGE)) == 4
    page = (users_run / "reports/lilies/index.html").read_text()
    own, *data = lxml.html.document_fromstring(page).xpath("//script[not(@type)] | //script[@type]")
    assert "alert" not in own.text
    assert not data  # there is no statement
    assert "Content-Security-Policy" in page


def test_a_corpus_without_a_relevant_article_has_no_topics_and_says_so(users_run):
    for corpus in ("mine", "lilies"):
        assert table(users_run, corpus, TOPICS).empty
        card = json.loads((users_run / "models/topics" / corpus / "card.json").read_text())
        assert card["scores"]["topics"] == 0
        assert card["without_topics_because"]
    assert not table(users_run, "lilies", ARTICLE_RELEVANCE)["is_relevant"].any()
    assert table(users_run, "lilies", STATEMENTS).empty
    assert "topic" in (users_run / "reports/lilies/index.html").read_text()
