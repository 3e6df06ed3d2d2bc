"""Who takes which side on which target, as the stance model reads it."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import KINDS, SIDES, STANCES

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
        Column(
            "p_target",
            pa.float32(),
            "probability that the sentence takes up the target",
            minimum=0,
            maximum=1,
        ),
        Column("p_favor", pa.float32(), "of favor, given the target", minimum=0, maximum=1),
        Column("p_neutral", pa.float32(), "of neutral, given the target", minimum=0, maximum=1),
        Column("p_against", pa.float32(), "of against, given the target", minimum=0, maximum=1),
        Column("stance", pa.string(), "the most probable one", values=STANCES),
    ),
)
