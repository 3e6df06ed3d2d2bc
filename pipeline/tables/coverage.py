"""Cleaned documents, and all that cleaning took away."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import COUNTRIES, GENRES

REMOVED_LINE_REASONS = (
    "site_furniture",
    "repeated_title",
    "recurs_within_outlet",
    "outside_passages",
)
DROPPED_REASONS = ("other_language", "no_text_left")

RAW_SPAN = pa.struct(
    [("start", pa.int32()), ("end", pa.int32()), ("raw_start", pa.int32()), ("raw_end", pa.int32())]
)

COVERAGE = Table(
    name="coverage",
    key=("article_id",),
    description="One row an article: repaired, boilerplate off, only the passages in scope of a long document.",
    columns=(
        Column("article_id", pa.string(), "key of articles"),
        Column("source_id", pa.string(), "the user's own id; empty where the source has none"),
        Column("outlet", pa.string(), "who published it, one spelling an outlet"),
        Column("outlet_country", pa.string(), "the outlet's home", values=COUNTRIES),
        Column("genre", pa.string(), "kind of document", values=GENRES),
        Column("title", pa.string(), "headline, repaired"),
        Column(
            "text",
            pa.string(),
            "paragraphs separated by a blank line, Unicode NFC; the title stands in where there is no body",
        ),
        Column("published_date", pa.date32(), "day of publication (UTC); null where unknown", nullable=True),
        Column("language", pa.string(), "language as detected (ISO 639-1)"),
        Column("word_count", pa.int32(), "words in text", unit="words", minimum=1),
        Column(
            "raw_spans",
            pa.list_(RAW_SPAN),
            "where each kept piece of text stood in articles.body: text[start:end] comes from body[raw_start:raw_end]; empty where the title stands in",
            unit="characters",
        ),
    ),
)

REMOVED_LINES = Table(
    name="removed_lines",
    key=("article_id", "raw_start"),
    description="Lines of articles.body that cleaning took away.",
    columns=(
        Column("article_id", pa.string(), "key of articles"),
        Column(
            "raw_start", pa.int32(), "where the line starts in articles.body", unit="characters", minimum=0
        ),
        Column("line", pa.string(), "the line as it stood (a long one is cut, and ends in an ellipsis)"),
        Column("reason", pa.string(), "rule that removed it", values=REMOVED_LINE_REASONS),
    ),
)

DROPPED_ARTICLES = Table(
    name="dropped_articles",
    key=("article_id",),
    description="Articles that are not in coverage: articles = coverage + dropped_articles.",
    columns=(
        Column("article_id", pa.string(), "key of articles"),
        Column("reason", pa.string(), "why it was dropped", values=DROPPED_REASONS),
        Column("detail", pa.string(), "what was found"),
    ),
)
