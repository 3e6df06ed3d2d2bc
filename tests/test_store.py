"""Tables keep their contract, and the same rows make the same bytes."""

import errno
import gzip
import hashlib
import os
import re

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.tables.contract import ContractError
from pipeline.tables.stories import STORIES
from pipeline.tables.vectors import SENTENCE_VECTORS


def stories(*rows):
    return pd.DataFrame(rows, columns=["article_id", "story_id", "similarity"])


def test_rows_come_back_sorted_by_key(tmp_path):
    store.write_table(tmp_path, STORIES, stories(("b", "a", 0.5), ("a", "a", 1.0)))
    assert store.read_table(tmp_path, STORIES)["article_id"].tolist() == ["a", "b"]


def test_row_order_and_index_change_no_byte(tmp_path):
    frame = stories(("b", "a", 0.5), ("a", "a", 1.0))
    store.write_table(tmp_path / "one", STORIES, frame)
    store.write_table(tmp_path / "two", STORIES, frame.iloc[::-1].set_index(pd.Index([7, 9])))
    one, two = (store.table_path(tmp_path / name, STORIES).read_bytes() for name in ("one", "two"))
    assert one == two
    assert pq.read_schema(store.table_path(tmp_path / "one", STORIES)).metadata is None


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (stories(("a", "a", 1.0), ("a", "b", 1.0)), r"table stories: key \('a',\) stands more than once"),
        (stories(("a", "a", 1.5)), r"column similarity: 1.5 is outside \[0, 1\]"),
        (stories(("a", "a", float("nan"))), r"column similarity: 1 of 1 values are null"),
        (stories(("a", None, 1.0)), r"column story_id: 1 of 1 values are null"),
        (stories(("a", 5, 1.0)), r"table stories, column story_id: "),
        (stories().drop(columns="similarity"), r"columns missing \['similarity'\]"),
        (stories().assign(extra=1), r"not in the contract \['extra'\]"),
    ],
)
def test_breach_names_table_column_and_value(tmp_path, frame, message):
    with pytest.raises(ContractError, match=message):
        store.write_table(tmp_path, STORIES, frame)
    assert not list(tmp_path.iterdir())


def test_missing_table_says_what_makes_it(tmp_path):
    with pytest.raises(store.StoreError, match=r"stories.parquet is missing; `dvc repro` makes it"):
        store.read_table(tmp_path, STORIES)


def test_table_cut_short_says_what_to_do(tmp_path):
    store.write_table(tmp_path, STORIES, stories(("a", "a", 1.0)))
    path = store.table_path(tmp_path, STORIES)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(store.StoreError, match="is not a whole Parquet file; remove it and run `dvc repro`"):
        store.read_table(tmp_path, STORIES)


def test_failed_write_leaves_the_old_file(tmp_path):
    store.write_table(tmp_path, STORIES, stories(("a", "a", 1.0)))
    before = store.table_path(tmp_path, STORIES).read_bytes()
    with pytest.raises(ContractError, match="outside"):
        store.write_table(tmp_path, STORIES, stories(("a", "a", 2.0)))
    assert store.table_path(tmp_path, STORIES).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["stories.parquet"]


@given(keys=st.lists(st.text(min_size=1, alphabet="abcdef0123-"), unique=True, min_size=1, max_size=8))
def test_vectors_stay_with_their_keys(tmp_path_factory, keys):
    folder = tmp_path_factory.mktemp("vectors")
    vectors = np.array([[float(i), float(len(key))] for i, key in enumerate(keys)], dtype=np.float32)
    store.write_vectors(folder, SENTENCE_VECTORS, keys, vectors)
    found, matrix = store.read_vectors(folder, SENTENCE_VECTORS)
    assert found == sorted(keys)
    assert {key: tuple(row) for key, row in zip(found, matrix, strict=True)} == {
        key: tuple(row) for key, row in zip(keys, vectors, strict=True)
    }


def test_vectors_without_keys_are_refused(tmp_path):
    with pytest.raises(ValueError, match="sentence_vectors: 1 keys \\(1 distinct\\), 2 vectors"):
        store.write_vectors(tmp_path, SENTENCE_VECTORS, ["a"], np.ones((2, 3), dtype=np.float32))


def test_csv_with_a_ragged_row_names_its_line(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("name,side\nCarney,canada\nTrump\n", encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"actors.csv, line 3: the number of cells differs"):
        store.read_csv(path, ("name",))


def test_csv_that_is_not_utf8_names_the_byte(tmp_path):
    path = tmp_path / "outlets.csv"
    path.write_bytes(b"outlet,country\nLa Presse \xe9,canada\n")
    with pytest.raises(store.StoreError, match=r"outlets.csv is not UTF-8 at byte 25; save it as UTF-8"):
        store.read_csv(path, ("name",))


def test_csv_without_a_column_names_those_it_has(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("\ufeffname , side\nCarney,canada\n", encoding="utf-8")
    assert store.read_csv(path, ("side", "name")) == [{"name": "Carney", "side": "canada"}]
    with pytest.raises(
        store.StoreError, match=r"actors.csv lacks the columns aliases, kind; its first line has name, side$"
    ):
        store.read_csv(path, ("name", "aliases", "kind"))
    path.write_text("", encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"lacks the columns name; its first line has none$"):
        store.read_csv(path, ("name",))


def test_csv_with_a_cell_that_never_ends_names_its_line(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text(f'name\n"{"x" * 200_000}\n', encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"actors.csv, line 2: not CSV \(field larger"):
        store.read_csv(path, ("name",))


@pytest.mark.parametrize("line", ["[1, 2]", '"text"', "7", "null"])
def test_json_lines_hold_objects(tmp_path, line):
    path = tmp_path / "labels.jsonl"
    path.write_text(f'{{"id": 1}}\n{line}\n', encoding="utf-8")
    with pytest.raises(
        store.StoreError, match=rf"labels.jsonl, line 2: not a JSON object but {re.escape(line)}"
    ):
        store.read_json_lines(path)


def test_broken_json_names_its_file(tmp_path):
    path = tmp_path / "agreement.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"agreement.json is not valid JSON: .*line 1"):
        store.read_json(path)


@pytest.mark.parametrize("cut", [slice(0, 30), slice(5, None)])
def test_broken_gzip_names_its_file(tmp_path, cut):
    path = tmp_path / "articles.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "one of several"}\n' * 9)[cut])
    with pytest.raises(
        store.StoreError, match=r"articles.jsonl.gz is not a whole gzip file \(.*; copy it anew"
    ):
        store.read_json_lines(path)


def test_a_full_disk_names_the_file_that_could_not_be_written(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store.Path, "write_bytes", full)
    with pytest.raises(store.StoreError, match=r"page.html cannot be written: No space left on device"):
        store.write_text(tmp_path / "page.html", "text")
    assert not list(tmp_path.iterdir())


def test_a_folder_where_a_file_should_be_names_the_file(tmp_path):
    (tmp_path / "blocked").write_text("a file", encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"blocked/page.html cannot be written: "):
        store.write_text(tmp_path / "blocked" / "page.html", "text")


def test_digest_is_of_the_bytes_on_disk(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"a", mtime=0))
    assert store.sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_json_lines_with_a_broken_line_names_it(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id": 1}\n\n{"id": \n', encoding="utf-8")
    with pytest.raises(store.StoreError, match=r"labels.jsonl, line 3: not a JSON object"):
        store.read_json_lines(path)


def test_missing_corpus_path_names_the_remedy(tmp_path):
    with pytest.raises(
        store.StoreError, match=r"no such file or folder; mend the corpus's path in params\.yaml"
    ):
        store.list_files(tmp_path / "nowhere")
    with pytest.raises(store.StoreError, match="the folder holds no file"):
        store.list_files(tmp_path)
