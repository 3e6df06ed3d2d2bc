import gzip
import json
import random
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.params import read_params
from pipeline.sources.documents import Document, Reject
from pipeline.stages.ingest import ingest, main, read_path
from pipeline.store import StoreError, corpus_folder, read_table
from pipeline.tables.articles import ARTICLES, QUARANTINE

ROOT = Path(__file__).parent.parent
PARAMS = read_params(ROOT / "params.yaml").ingest.model_copy(
    update={"fields": {}, "largest_document_megabytes": 0.01}
)


def documents(*rows):
    return [Document("a.jsonl", line, row) for line, row in enumerate(rows, start=1)]


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder with params.yaml whose corpus `mine` lies in articles/."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
    params["corpora"] = {"mine": {"path": "articles", "period_kind": "month"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_document_is_one_row_of_either_table():
    articles, quarantine = ingest(
        "mine",
        [
            *documents({"id": 2, "title": "B", "date": "2025-03-28"}, {"id": 1, "title": "A"}, {"x": 1}),
            Reject("b.pdf", 0, "unknown_format", "no reader"),
        ],
        PARAMS,
    )
    assert ARTICLES.conform(articles).num_rows == 2
    assert QUARANTINE.conform(quarantine)["reason"].to_pylist() == ["no_text", "unknown_format"]
    assert articles["published_at"].isna().tolist() == [False, True]


def test_without_documents_both_tables_are_empty_and_keep_their_contract():
    articles, quarantine = ingest("mine", [], PARAMS)
    assert (ARTICLES.conform(articles).num_rows, QUARANTINE.conform(quarantine).num_rows) == (0, 0)


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.dictionaries(
    st.sampled_from(
        ["id", "title", "headline", "text", "published", "date", "outlet", "url", "lang", "other"]
    )
    | st.text(max_size=4),
    JSONISH | st.sampled_from(["2025-03-28", "03/04/2025", "A", "B", "http://a.ca/x", 0, 1]),
    max_size=6,
)


@settings(deadline=None)
@given(st.lists(ROWS, max_size=12), st.randoms(use_true_random=False))
def test_nothing_is_lost_and_the_order_of_rows_changes_no_id(rows, order: random.Random):
    articles, quarantine = ingest("mine", documents(*rows), PARAMS)
    assert len(articles) + len(quarantine) == len(rows)
    ARTICLES.conform(articles)
    QUARANTINE.conform(quarantine)
    shuffled = documents(*rows)
    order.shuffle(shuffled)
    assert set(ingest("mine", shuffled, PARAMS)[0]["article_id"]) == set(articles["article_id"])


def test_ids_do_not_hang_on_the_files_name_or_place(tmp_path):
    row = json.dumps({"title": "T", "text": "B"})
    one = write(tmp_path / "one", {"a.jsonl": row})
    two = write(tmp_path / "two", {"deep/b.json.gz": gzip.compress(f"[{row}]".encode())})
    ids = [ingest("mine", read_path(path, PARAMS), PARAMS)[0]["article_id"].tolist() for path in (one, two)]
    assert ids[0] == ids[1]


def test_a_folder_is_read_file_by_file_without_hidden_ones(tmp_path):
    write(
        tmp_path,
        {
            "b.csv": "id,title\n1,B\n",
            "a/c.txt": "A title\nText",
            ".hidden.jsonl": '{"id": 9}',
            "a/.git/x.txt": "no",
            "z.docx": b"PK",
        },
    )
    found = list(read_path(tmp_path, PARAMS))
    assert [(item.path, item.line) for item in found] == [("a/c.txt", 1), ("b.csv", 2), ("z.docx", 0)]


def test_one_file_is_a_corpus_and_its_path_is_its_name(tmp_path):
    write(tmp_path, {"b.csv": "id,title\n1,B\n"})
    assert [item.path for item in read_path(tmp_path / "b.csv", PARAMS)] == ["b.csv"]


def test_a_missing_path_and_an_empty_folder_say_what_to_mend(tmp_path):
    with pytest.raises(StoreError, match=r"nowhere: no such file or folder; mend the corpus's path"):
        list(read_path(tmp_path / "nowhere", PARAMS))
    with pytest.raises(StoreError, match="the folder holds no file"):
        list(read_path(tmp_path, PARAMS))


def test_a_file_that_may_not_be_read_is_set_aside(tmp_path, monkeypatch):
    write(tmp_path, {"a.jsonl": '{"title": "T"}'})

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pipeline.stages.ingest.open_binary", refuse)
    assert list(read_path(tmp_path, PARAMS)) == [
        Reject("a.jsonl", 0, "unreadable_file", "Permission denied; let this user read the file")
    ]


def test_a_run_writes_both_tables_and_says_what_became_of_the_documents(project, capsys):
    write(
        project / "articles",
        {
            "a.jsonl": '{"id": 1, "title": "A", "date": "2025-03-28"}\n{"id": 1, "title": "A"}\n{"id": 2, "title": "B"}'
        },
    )
    main("mine")
    folder = corpus_folder("mine")
    assert read_table(folder, ARTICLES)["title"].tolist() != []
    assert read_table(folder, QUARANTINE)["reason"].tolist() == ["duplicate_id"]
    said = capsys.readouterr().err
    assert "ingest mine: 3 documents = 2 articles + 1 in quarantine (duplicate_id 1)" in said
    assert "1 articles have no date and count in no period; add a line such as 'Date: 2025-03-28'" in said


def test_the_same_documents_give_the_same_bytes(project):
    write(
        project / "articles", {"a.jsonl": '{"id": 2, "title": "B", "z": 1, "a": 2}\n{"id": 1, "title": "A"}'}
    )
    written = []
    for _ in range(2):
        main("mine")
        written.append(
            [store.table_path(corpus_folder("mine"), table).read_bytes() for table in (ARTICLES, QUARANTINE)]
        )
        shutil.rmtree("data")
    assert written[0] == written[1]


def test_a_run_without_an_article_says_the_first_reasons(project):
    write(project / "articles", {"a.pdf": b"%PDF", "b.jsonl": "{", "c.txt": ""})
    with pytest.raises(
        ValueError, match=r"not one article could be read at articles: a.pdf, line 0: unknown_format.*c.txt"
    ):
        main("mine")
    assert len(read_table(corpus_folder("mine"), QUARANTINE)) == 3


def test_the_seeds_are_read_whole_and_their_texts_kept_to_the_character():
    for name in ("sample/articles.jsonl", "white_house/articles.jsonl.gz"):
        path = ROOT / "seeds" / name
        rows = {row["id"]: row for row in store.read_json_lines(path)}
        params = read_params(ROOT / "params.yaml").ingest
        articles, quarantine = ingest("seeds", read_path(path, params), params)
        assert (len(articles), len(quarantine)) == (len(rows), 0)
        assert all(row.body == rows[row.source_id]["text"] for row in articles.itertuples())
        assert all(
            str(row.published_at.date()) == rows[row.source_id]["published"][:10]
            for row in articles.itertuples()
        )
