"""Who takes which side on which target, as the stance model reads it."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import KINDS, SIDES, STANCES

_P_TARGET = Column(
    "p_target", pa.float32(), "probability that the sentence takes up the target", minimum=0, maximum=1
)
_P_STANCES = tuple(
    Column(f"p_{stance}", pa.float32(), f"of {stance}, given the target", minimum=0, maximum=1)
    for stance in STANCES
)

JUDGED_SENTENCES = Table(
    name="judged_sentences",
    key=("sentence_id", "target"),
    description="Every coded sentence beside every target, judged by the stance model that had not seen its story.",
    columns=(
        Column("sentence_id", pa.string(), "key of labelled_sentences"),
        Column("target", pa.string(), "target of targets.yaml"),
        _P_TARGET,
        *_P_STANCES,
    ),
)

STATEMENTS = Table(
    name="statements",
    key=("sentence_id", "target", "holder"),
    description="One row a holder and target of a sentence that the model takes for a statement.",
    columns=(
        Column("sentence_id", pa.string(), "key of sentences"),
        Column("target", pa.string(), "target of targets.yaml"),
        Column("holder", pa.string(), "as in attributions; never empty"),
        Column("holder_side", pa.string(), "whom the holder speaks for", values=SIDES),
        Column("holder_kind", pa.string(), "kind of holder by the codebook", values=KINDS),
        _P_TARGET,
        *_P_STANCES,
        Column("stance", pa.string(), "the most probable one", values=STANCES),
    ),
)
