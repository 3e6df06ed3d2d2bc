"""Each article and each sentence becomes a vector; only new texts cost time."""

import time
from typing import NamedTuple

import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray

from pipeline import store
from pipeline.methods.encoders import Encoder, make_encoder
from pipeline.params import read_params
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.sentences import SENTENCES
from pipeline.tables.vectors import ARTICLE_VECTORS, SENTENCE_VECTORS
from pipeline.text.articles import whole_text
from pipeline.vector_cache import VectorCache, embed_texts


class Embedded(NamedTuple):
    """Keys, sorted, and the (n, d) matrix of vectors of length 1 whose rows they name."""

    article_ids: list[str]
    article_vectors: NDArray[np.float32]
    sentence_ids: list[str]
    sentence_vectors: NDArray[np.float32]


def embed(coverage: pd.DataFrame, sentences: pd.DataFrame, encoder: Encoder, cache: VectorCache) -> Embedded:
    """Embed the articles of one corpus, title and text, and their sentences.

    Args:
        coverage: table `coverage`.
        sentences: table `sentences`.
        encoder: makes the vectors.
        cache: vectors of texts seen before; it changes no vector.

    Raises:
        EncoderError: a text is empty.
    """
    coverage = coverage.sort_values("article_id")
    sentences = sentences.sort_values("sentence_id")
    texts = [whole_text(*pair) for pair in zip(coverage["title"], coverage["text"], strict=True)]
    return Embedded(
        coverage["article_id"].tolist(),
        embed_texts(texts, encoder, cache),
        sentences["sentence_id"].tolist(),
        embed_texts(sentences["text"].tolist(), encoder, cache),
    )


def main(corpus: str) -> None:
    """Read coverage and sentences, write article_vectors and sentence_vectors."""
    started = time.perf_counter()
    folder, params, cache = store.corpus_folder(corpus), read_params().embed, VectorCache.open()
    encoder = make_encoder(params.encoder, params.max_tokens, params.batch_tokens)
    done = embed(store.read_table(folder, COVERAGE), store.read_table(folder, SENTENCES), encoder, cache)
    store.write_vectors(folder, ARTICLE_VECTORS, done.article_ids, done.article_vectors)
    store.write_vectors(folder, SENTENCE_VECTORS, done.sentence_ids, done.sentence_vectors)
    typer.echo(
        f"embed: {len(done.article_ids)} articles and {len(done.sentence_ids)} sentences;"
        f" {cache.found} distinct texts from the cache, {cache.missed} encoded,"
        f" {time.perf_counter() - started:.1f} s",
        err=True,
    )
