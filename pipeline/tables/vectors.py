"""Texts as vectors, joined by key and never by row position."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

_VECTOR = Column("vector", pa.list_(pa.float32()), "the text's embedding, of length 1")

ARTICLE_VECTORS = Table(
    name="article_vectors",
    key=("article_id",),
    description="One vector an article of coverage.",
    columns=(Column("article_id", pa.string(), "key of coverage"), _VECTOR),
)

SENTENCE_VECTORS = Table(
    name="sentence_vectors",
    key=("sentence_id",),
    description="One vector a sentence.",
    columns=(Column("sentence_id", pa.string(), "key of sentences or labelled_sentences"), _VECTOR),
)
