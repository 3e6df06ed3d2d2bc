import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from pipeline import store, vector_cache
from pipeline.methods.encoders import EncoderError, make_encoder
from pipeline.stages.embed import embed
from pipeline.tables.vectors import ARTICLE_VECTORS
from pipeline.vector_cache import VectorCache, embed_texts

TEXTS = ["tariffs on steel", "tariffs on steel", "softwood lumber", "the Arctic"]


class Counting:
    """An encoder whose vectors are hashes, and which notes what it was asked for."""

    dimension = 8

    def __init__(self, name="counting", identity="one"):
        self.name, self.identity, self.encoded = name, identity, []

    def encode(self, texts):
        if "" in texts:
            raise EncoderError("a text is empty")
        self.encoded += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[:8] for text in texts]
        vectors = np.array(rows, dtype=np.float64).reshape(-1, 8) + 1
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def encoder():
    return Counting()


def cache_file(folder):
    return next(folder.glob("counting-*.sqlite"))


def test_equal_texts_are_encoded_once(tmp_path, encoder):
    vectors = embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    assert encoder.encoded == ["tariffs on steel", "softwood lumber", "the Arctic"]
    assert vectors.tobytes() == Counting().encode(TEXTS).tobytes()


def test_only_new_texts_cost_time(tmp_path, encoder):
    first = embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    encoder.encoded.clear()
    cache = VectorCache(tmp_path)
    again = embed_texts([*TEXTS, "dairy"], encoder, cache)
    assert encoder.encoded == ["dairy"]
    assert (cache.found, cache.missed) == (3, 1)
    assert again[:4].tobytes() == first.tobytes()


def test_cached_vectors_are_the_encoders_bytes(tmp_path):
    encoder = make_encoder("minilm", max_tokens=32, batch_tokens=512)
    texts = ["Canada answers tariffs.", "Ottawa waits.", "word " * 100]
    embed_texts(texts[:2], encoder, VectorCache(tmp_path))
    mixed = embed_texts(texts, encoder, VectorCache(tmp_path))
    assert mixed.tobytes() == encoder.encode(texts).tobytes()


def test_another_encoder_has_vectors_of_its_own(tmp_path, encoder):
    embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    other = Counting(identity="two")
    embed_texts(TEXTS, other, VectorCache(tmp_path))
    assert len(other.encoded) == 3


def test_an_interrupted_run_keeps_what_it_had(tmp_path, encoder, monkeypatch):
    monkeypatch.setattr(vector_cache, "_CHUNK_CHARACTERS", 20)
    with pytest.raises(EncoderError, match="empty"):
        embed_texts(["tariffs on steel", "softwood lumber", ""], encoder, VectorCache(tmp_path))
    encoder.encoded.clear()
    embed_texts(["tariffs on steel", "softwood lumber"], encoder, VectorCache(tmp_path))
    assert encoder.encoded == ["softwood lumber"]


def test_a_file_that_is_no_cache_is_begun_anew(tmp_path, encoder, capsys):
    first = embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    cache_file(tmp_path).write_bytes(b"this is no database" * 1000)
    assert embed_texts(TEXTS, encoder, VectorCache(tmp_path)).tobytes() == first.tobytes()
    assert capsys.readouterr().err.count("is damaged and is begun anew") == 1
    encoder.encoded.clear()
    embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    assert encoder.encoded == []


@pytest.mark.parametrize("start", [0, 100, 16384, 20000])
def test_a_torn_file_costs_only_time(tmp_path, encoder, start):
    texts = [f"text {i}" for i in range(600)]
    first = embed_texts(texts, encoder, VectorCache(tmp_path))
    content = bytearray(cache_file(tmp_path).read_bytes())
    content[start : start + 4000] = bytes(4000)
    cache_file(tmp_path).write_bytes(content)
    assert embed_texts(texts, encoder, VectorCache(tmp_path)).tobytes() == first.tobytes()


def test_a_changed_byte_in_a_vector_is_noticed_and_heals(tmp_path, encoder, capsys):
    first = embed_texts(TEXTS, encoder, VectorCache(tmp_path))
    with sqlite3.connect(cache_file(tmp_path)) as connection:
        connection.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
    connection.close()
    assert embed_texts(TEXTS, encoder, VectorCache(tmp_path)).tobytes() == first.tobytes()
    assert capsys.readouterr().err.count("holds a damaged vector") == 1
    cache = VectorCache(tmp_path)
    embed_texts(TEXTS, encoder, cache)
    assert cache.missed == 0


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, encoder, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    vectors = embed_texts(TEXTS, encoder, VectorCache(blocked / "cache"))
    assert vectors.tobytes() == Counting().encode(TEXTS).tobytes()
    assert capsys.readouterr().err.count("warning: the vector cache saves less time than it could") == 1


def test_two_runs_may_write_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_cache, "_CHUNK_CHARACTERS", 40)
    texts = [f"text {i}" for i in range(200)]

    def run(_):
        return embed_texts(texts, Counting(), VectorCache(tmp_path)).tobytes()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(run, range(4)))) == 1
    cache = VectorCache(tmp_path)
    embed_texts(texts, Counting(), cache)
    assert (cache.found, cache.missed) == (200, 0)


def test_the_folder_is_the_environments_or_the_users(tmp_path, encoder, monkeypatch):
    monkeypatch.setenv("PARALLEL49_CACHE", str(tmp_path / "mine"))
    embed_texts(TEXTS, encoder, VectorCache.open())
    assert cache_file(tmp_path / "mine").is_file()
    monkeypatch.delenv("PARALLEL49_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "home" / name)
    embed_texts(TEXTS, encoder, VectorCache.open())
    assert cache_file(tmp_path / "home" / "parallel49").is_file()


def test_no_texts_no_vectors(tmp_path, encoder):
    assert embed_texts([], encoder, VectorCache(tmp_path)).shape == (0, 8)


COVERAGE = pd.DataFrame(
    [("b", "Lumber", "Softwood duties rise."), ("a", "Steel", "Steel")],
    columns=["article_id", "title", "text"],
)
SENTENCES = pd.DataFrame([("b-0000", "Softwood duties rise.")], columns=["sentence_id", "text"])


def test_articles_are_title_and_text_and_keys_are_sorted(tmp_path, encoder):
    found = embed(COVERAGE, SENTENCES, encoder, VectorCache(tmp_path))
    assert encoder.encoded == ["Steel", "Lumber\nSoftwood duties rise.", "Softwood duties rise."]
    assert found.article_ids == ["a", "b"]
    assert found.sentence_ids == ["b-0000"]
    np.testing.assert_array_equal(found.article_vectors[0], Counting().encode(["Steel"])[0])


def test_the_same_tables_make_the_same_bytes(tmp_path, encoder):
    written = []
    for name, coverage in (("one", COVERAGE), ("two", COVERAGE.iloc[::-1])):
        found = embed(coverage, SENTENCES, encoder, VectorCache(tmp_path))
        store.write_vectors(tmp_path / name, ARTICLE_VECTORS, found.article_ids, found.article_vectors)
        written.append(store.table_path(tmp_path / name, ARTICLE_VECTORS).read_bytes())
    assert written[0] == written[1]


def test_a_corpus_without_sentences_has_vectors_of_articles(tmp_path, encoder):
    found = embed(COVERAGE, SENTENCES.iloc[:0], encoder, VectorCache(tmp_path))
    assert found.sentence_vectors.shape == (0, 8)
