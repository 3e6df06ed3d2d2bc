"""Copies of one wire story are one story."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

STORIES = Table(
    name="stories",
    key=("article_id",),
    description="One row an article of coverage: the story that it tells or copies.",
    columns=(
        Column("article_id", pa.string(), "key of coverage"),
        Column(
            "story_id",
            pa.string(),
            "article_id of the story's first article (by date, undated last, then by article_id)",
        ),
        Column(
            "similarity",
            pa.float32(),
            "likeness to the story's first article: shared share of word shingles; 1 for the first itself",
            minimum=0,
            maximum=1,
        ),
    ),
)
