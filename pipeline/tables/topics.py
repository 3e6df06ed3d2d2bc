"""What the relevant coverage is about beyond the codebook, as the topic model finds it."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

NO_TOPIC = -1

TOPICS = Table(
    name="topics",
    key=("topic_id",),
    description="One row a topic; 0 is the largest.",
    columns=(
        Column("topic_id", pa.int32(), "from 0, by falling number of articles", minimum=0),
        Column("label", pa.string(), "its first terms, for people"),
        Column("terms", pa.list_(pa.string()), "words and phrases that set it apart, best first"),
        Column("article_count", pa.int32(), "articles assigned to it", unit="articles", minimum=1),
        Column(
            "coherence",
            pa.float32(),
            "mean NPMI of its ten best single words in the corpus",
            minimum=-1,
            maximum=1,
        ),
        Column("theme", pa.string(), "theme of the codebook that most of its articles have"),
        Column("theme_share", pa.float32(), "share of its articles with that theme", minimum=0, maximum=1),
        Column("article_ids", pa.list_(pa.string()), "its most typical articles, best first"),
    ),
)

ARTICLE_TOPICS = Table(
    name="article_topics",
    key=("article_id",),
    description="The topic of every relevant article; the others have no row.",
    columns=(
        Column("article_id", pa.string(), "key of coverage"),
        Column("topic_id", pa.int32(), "key of topics; -1 for none", minimum=NO_TOPIC),
        Column(
            "weight", pa.float32(), "cosine similarity to the nearest topic's centre", minimum=-1, maximum=1
        ),
    ),
)
