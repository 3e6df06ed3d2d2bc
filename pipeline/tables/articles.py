"""What was read from the source: every document is one row here or one row in quarantine."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

QUARANTINE_REASONS = (
    "unreadable_file",
    "unknown_format",
    "empty_file",
    "broken_row",
    "wrong_encoding",
    "too_large",
    "no_text",
    "bad_date",
    "date_out_of_range",
    "duplicate_id",
)

ARTICLES = Table(
    name="articles",
    key=("article_id",),
    description="One row a document that was read, as the source has it.",
    columns=(
        Column(
            "article_id",
            pa.string(),
            "16 hex digits of the corpus and the source's own id, else the canonical URL, else the text",
        ),
        Column("source_id", pa.string(), "the user's own id; empty where the source has none"),
        Column("path", pa.string(), "file that the document came from, relative to the corpus's path"),
        Column("line", pa.int64(), "line (or row) in that file, from 1", minimum=1),
        Column("url", pa.string(), "address of the document", nullable=True),
        Column("outlet", pa.string(), "who published it; empty where the source does not say"),
        Column("title", pa.string(), "headline; empty where the source has none"),
        Column(
            "body",
            pa.string(),
            "text as the source has it (HTML pages: the extracted article); may be empty where there is a title",
        ),
        Column(
            "published_at",
            pa.timestamp("us", tz="UTC"),
            "when it was published; null where the source does not say",
            nullable=True,
        ),
        Column("language", pa.string(), "language as the source states it (ISO 639-1)", nullable=True),
        Column("extra", pa.string(), "every other field of the source, as JSON with sorted keys"),
    ),
)

QUARANTINE = Table(
    name="quarantine",
    key=("path", "line"),
    description="Documents that could not be read, with the reason; nothing is lost silently.",
    columns=(
        Column("path", pa.string(), "file, relative to the corpus's path"),
        Column(
            "line", pa.int64(), "line (or row) in that file, from 1; 0 for the file as a whole", minimum=0
        ),
        Column("reason", pa.string(), "why it was set aside", values=QUARANTINE_REASONS),
        Column("detail", pa.string(), "what was found there and what to do about it"),
    ),
)
