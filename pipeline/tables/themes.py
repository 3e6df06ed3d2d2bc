"""What each article is about, as the theme model reads it."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

WHOLE_MODEL = -1  # the fold of an article that no label speaks of: the model of all labels judges it

ARTICLE_RELEVANCE = Table(
    name="article_relevance",
    key=("article_id",),
    description="Whether an article is about U.S.-Canada trade or security, and its most probable theme.",
    columns=(
        Column("article_id", pa.string(), "key of coverage"),
        Column("passes_gate", pa.bool_(), "names both countries, or one from an outlet of the other"),
        Column("relevance", pa.float32(), "1 - probability of off_topic", minimum=0, maximum=1),
        Column("is_relevant", pa.bool_(), "relevance is at least classify.relevance"),
        Column("theme", pa.string(), "most probable theme; off_topic where the article is not relevant"),
        Column(
            "fold",
            pa.int32(),
            "fold that the judging models had not seen; -1 for the models of all labels",
            minimum=WHOLE_MODEL,
        ),
    ),
)

ARTICLE_THEMES = Table(
    name="article_themes",
    key=("article_id", "theme"),
    description="Probability of every theme for every article; they sum to 1 within an article.",
    columns=(
        Column("article_id", pa.string(), "key of coverage"),
        Column("theme", pa.string(), "theme of the codebook"),
        Column("probability", pa.float32(), "of the theme", minimum=0, maximum=1),
    ),
)
