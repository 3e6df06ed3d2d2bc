"""Gold: articles of a probability sample, and what their sentences hold."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import COUNTRIES, KINDS, SIDES, STANCES

LABELLED_ARTICLES = Table(
    name="labelled_articles",
    key=("article_id",),
    description="One row an article of the labelled samples; a coded article without a statement is data too.",
    columns=(
        Column("article_id", pa.string(), "key of articles (16 hex of corpus and source_id)"),
        Column("corpus", pa.string(), "folder of seeds that the labels came from"),
        Column("source_id", pa.string(), "the corpus's own id"),
        Column("published_date", pa.date32(), "day of publication (UTC); null where unknown", nullable=True),
        Column("relevant", pa.bool_(), "is about U.S.-Canada trade or security to a real extent"),
        Column("theme", pa.string(), "theme of the codebook; off_topic where not relevant"),
        Column("stratum", pa.string(), "stratum of the sampling design"),
        Column("inclusion_probability", pa.float64(), "chance of having been drawn", minimum=0, maximum=1),
        Column("story_id", pa.string(), "article_id of its story's first article in the corpus"),
        Column("story_stratum", pa.string(), "stratum of the story: that of its first labelled article"),
        Column("fold", pa.int32(), "fold of cross-fitting, from 0; one per story", minimum=0),
        Column("outlet_country", pa.string(), "the outlet's home", values=COUNTRIES),
        Column("title", pa.string(), "headline as cleaned"),
        Column("text", pa.string(), "the article as cleaned, as in coverage"),
    ),
)

UNRELATED_ARTICLES = Table(
    name="unrelated_articles",
    key=("article_id",),
    description="Documents known to be off topic, near misses among them: no probability sample, to learn from only.",
    columns=(
        Column("article_id", pa.string(), "16 hex of corpus and source_id"),
        Column("corpus", pa.string(), "folder of seeds that they came from"),
        Column("source_id", pa.string(), "the corpus's own id"),
        Column("fold", pa.int32(), "fold of cross-fitting, from 0; one per story", minimum=0),
        Column("outlet_country", pa.string(), "the outlet's home", values=COUNTRIES),
        Column("title", pa.string(), "headline as cleaned"),
        Column("text", pa.string(), "the document as cleaned"),
    ),
)

LABELLED_SENTENCES = Table(
    name="labelled_sentences",
    key=("sentence_id", "target", "holder", "raw_start"),
    description="Gold statements, and one row with target 'none' for each coded sentence that holds no statement.",
    columns=(
        Column(
            "sentence_id", pa.string(), "article_id, a hyphen, and position in four digits, as in sentences"
        ),
        Column("target", pa.string(), "target of the codebook, or 'none'"),
        Column("holder", pa.string(), "as coded; empty where target is 'none'"),
        Column(
            "raw_start",
            pa.int32(),
            "where the gold span starts in the source's text; 0 where target is 'none'",
            unit="characters",
            minimum=0,
        ),
        Column("article_id", pa.string(), "key of labelled_articles"),
        Column("position", pa.int32(), "order within the article, from 0", minimum=0),
        Column("text", pa.string(), "the sentence as cleaned"),
        Column(
            "stance", pa.string(), "the holder's stance on the target, or 'none'", values=(*STANCES, "none")
        ),
        Column("holder_side", pa.string(), "whom the holder speaks for", values=SIDES),
        Column("holder_kind", pa.string(), "kind of holder", values=KINDS),
    ),
)
