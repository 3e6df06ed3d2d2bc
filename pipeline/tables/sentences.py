"""Sentences, and who speaks or acts in them."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import ATTRIBUTION_KINDS, KINDS, SIDES

SENTENCES = Table(
    name="sentences",
    key=("sentence_id",),
    description="One row a sentence of coverage.text.",
    columns=(
        Column("sentence_id", pa.string(), "article_id, a hyphen, and position in four digits"),
        Column("article_id", pa.string(), "key of coverage"),
        Column("position", pa.int32(), "order within the article, from 0", minimum=0),
        Column("start", pa.int32(), "first character in coverage.text", unit="characters", minimum=0),
        Column(
            "end", pa.int32(), "one past the last character in coverage.text", unit="characters", minimum=1
        ),
        Column("text", pa.string(), "coverage.text[start:end]"),
    ),
)

ATTRIBUTIONS = Table(
    name="attributions",
    key=("sentence_id", "holder"),
    description="Who speaks or acts in a sentence: at least one row a sentence; holder is empty for the narrator.",
    columns=(
        Column("sentence_id", pa.string(), "key of sentences"),
        Column(
            "holder",
            pa.string(),
            "canonical name of actors.csv, else as named in the article; empty for the narrator",
        ),
        Column("holder_side", pa.string(), "whom the holder speaks for", values=SIDES),
        Column("holder_kind", pa.string(), "kind of holder by the codebook", values=KINDS),
        Column("cue", pa.string(), "word or mark that gave the attribution away; empty for the narrator"),
        Column("attribution", pa.string(), "how the sentence is the holder's", values=ATTRIBUTION_KINDS),
        Column("holder_score", pa.float32(), "how sure the rule is of the holder", minimum=0, maximum=1),
    ),
)
