"""New articles judged by fitted models: same contracts, same answers, ids that lead back, clear refusals."""

import json
import shutil
import sys

import pandas as pd
import pytest

from pipeline.tables.coverage import COVERAGE
from pipeline.tables.sentences import SENTENCES
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.themes import ARTICLE_RELEVANCE, ARTICLE_THEMES
from pipeline.tables.topics import ARTICLE_TOPICS
from tests.conftest import run_pipeline

pytestmark = pytest.mark.slow
WRITTEN = (COVERAGE, SENTENCES, STATEMENTS, ARTICLE_RELEVANCE, ARTICLE_THEMES, ARTICLE_TOPICS)
NEW = [
    {
        "id": "desk-7",
        "published": "2025-03-12",
        "title": "Canada answers steel tariffs",
        "text": "OTTAWA — Canada will put tariffs of its own on American steel from Thursday, Finance Minister "
        "Dominic LeBlanc said. He called the U.S. tariffs on steel and aluminum unjustified.\n\n"
        "The White House defended the tariffs and promised to raise them.",
    },
    {
        "id": "desk-8",
        "published": "2025-03-13",
        "title": "Lilies bloom",
        "text": "The lilies in the garden of the town hall bloom early this year, and nobody knows why.",
    },
    {"id": "desk-9", "published": "2025-03-13", "title": "", "text": ""},
]


@pytest.fixture(scope="module")
def fitted(default_run, tmp_path_factory):
    """A copy of the default run."""
    return shutil.copytree(default_run, tmp_path_factory.mktemp("fitted") / "parallel49")


@pytest.fixture(scope="module")
def run(fitted, vector_cache):
    def apply(*arguments):
        return run_pipeline(
            fitted, sys.executable, "-m", "pipeline", "apply", *map(str, arguments), cache=vector_cache
        )

    return apply


@pytest.fixture(scope="module")
def applied(run, tmp_path_factory):
    """The tables of `NEW`."""
    folder = tmp_path_factory.mktemp("new")
    file = folder / "new.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in NEW), encoding="utf-8")
    done = run("--articles", file, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return {path.stem: pd.read_parquet(path) for path in (folder / "out").glob("*.parquet")}


def test_tables_keep_their_contracts_and_lead_back_to_the_users_ids(applied):
    for contract in WRITTEN:
        contract.conform(applied[contract.name])
    ids = applied["coverage"].set_index("article_id")["source_id"]
    assert set(ids) == {"desk-7", "desk-8"}
    assert len(applied["quarantine"]) == 1
    relevance = applied["article_relevance"].set_index("article_id")
    assert dict(zip(ids[relevance.index], relevance["is_relevant"], strict=True)) == {
        "desk-7": True,
        "desk-8": False,
    }
    assert ids[applied["article_topics"]["article_id"]].tolist() == ["desk-7"]


def test_statements_are_those_of_a_careful_reader(applied):
    statements = applied["statements"].merge(applied["sentences"], on="sentence_id")
    found = set(zip(statements["position"], statements["target"], statements["holder_side"], strict=True))
    assert (1, "us_tariffs", "canada") in found
    assert (2, "us_tariffs", "us") in found
    stances = statements.set_index(["position", "target", "holder_side"])["stance"]
    assert stances[1, "us_tariffs", "canada"] == "against"
    assert stances[2, "us_tariffs", "us"] == "favor"


def test_articles_of_the_corpus_get_the_topics_and_vectors_that_they_have(run, default_run, tmp_path):
    out = tmp_path / "out"
    done = run(
        "--articles",
        default_run / "seeds/white_house/articles.jsonl.gz",
        "--out",
        out,
        "--corpus",
        "white_house",
    )
    assert done.returncode == 0, done.stderr
    folder = default_run / "data/white_house"
    for name in ("coverage", "sentences", "attributions"):
        assert pd.read_parquet(out / f"{name}.parquet").equals(pd.read_parquet(folder / f"{name}.parquet"))
    ours, theirs = (
        pd.read_parquet(each / "article_topics.parquet").set_index("article_id") for each in (out, folder)
    )
    both = ours.index.intersection(
        theirs.index
    )  # labelled ones are judged by other models, so relevance can differ
    assert len(both) > 0.8 * len(theirs)
    assert ours.loc[both].equals(theirs.loc[both])
    unlabelled = pd.read_parquet(folder / "article_relevance.parquet").query("fold == -1")["article_id"]
    ours, theirs = (
        pd.read_parquet(each / "article_relevance.parquet").set_index("article_id").loc[unlabelled]
        for each in (out, folder)
    )
    assert (ours["theme"] == theirs["theme"]).all()
    assert (ours["relevance"] - theirs["relevance"]).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--articles", "nowhere.jsonl"], "nowhere.jsonl: no such file or folder"),
        (
            ["--articles", "seeds/sample/articles.jsonl", "--corpus", "mine"],
            "no corpus 'mine' in params.yaml",
        ),
        (["--articles", "LICENSE.jsonl"], "not one article could be read"),
    ],
)
def test_what_cannot_be_applied_is_refused_in_one_line(run, fitted, tmp_path, arguments, message):
    (fitted / "LICENSE.jsonl").write_text("{broken\n", encoding="utf-8")
    done = run(*arguments, "--out", tmp_path / "out")
    (fitted / "LICENSE.jsonl").unlink()
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_file_cut_short_is_refused(run, fitted, tmp_path):
    file = fitted / "models/stance/whole.safetensors"
    kept = tmp_path / "kept"
    shutil.copyfile(file, kept)
    file.write_bytes(file.read_bytes()[:1000])
    done = run("--articles", "seeds/sample/articles.jsonl", "--out", tmp_path / "out")
    shutil.copyfile(kept, file)
    assert done.returncode == 1
    assert "models/stance/whole.safetensors was cut short or changed" in done.stderr
    assert "Traceback" not in done.stderr
