"""Comparisons between two periods, each with its interval and its standing."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

CONTRASTS = Table(
    name="contrasts",
    key=("contrast", "family", "subject", "group"),
    description="One row a declared comparison of two periods.",
    columns=(
        Column("contrast", pa.string(), "name in contrasts.yaml"),
        Column("family", pa.string(), "what is compared", values=("theme", "theme_group", "topic", "stance")),
        Column("subject", pa.string(), "target, theme or topic"),
        Column("group", pa.string(), "whose: a side for stances, an outlet country or 'all' for shares"),
        Column("label", pa.string(), "the comparison in a reader's words"),
        Column("before_from", pa.date32(), "first day of the period before"),
        Column("before_to", pa.date32(), "last day of the period before"),
        Column("after_from", pa.date32(), "first day of the period after"),
        Column("after_to", pa.date32(), "last day of the period after"),
        Column(
            "before",
            pa.float64(),
            "estimate before; null where nothing was labelled",
            unit="net stance or share",
            minimum=-1,
            maximum=1,
            nullable=True,
        ),
        Column(
            "after",
            pa.float64(),
            "estimate after; null where nothing was labelled",
            unit="net stance or share",
            minimum=-1,
            maximum=1,
            nullable=True,
        ),
        Column("change", pa.float64(), "after minus before", minimum=-2, maximum=2, nullable=True),
        Column("low", pa.float64(), "lower end of the change's interval", nullable=True),
        Column("high", pa.float64(), "upper end of the change's interval", nullable=True),
        Column(
            "p",
            pa.float64(),
            "two-sided p-value of no change; null unless a claim",
            minimum=0,
            maximum=1,
            nullable=True,
        ),
        Column(
            "q",
            pa.float64(),
            "p after false-discovery control over the claims of the corpus; null unless a claim",
            minimum=0,
            maximum=1,
            nullable=True,
        ),
        Column(
            "n_labelled_before",
            pa.int64(),
            "labelled articles that bear on it, before",
            unit="articles",
            minimum=0,
        ),
        Column(
            "n_labelled_after",
            pa.int64(),
            "labelled articles that bear on it, after",
            unit="articles",
            minimum=0,
        ),
        Column(
            "n_needed",
            pa.int64(),
            "further labelled articles that a claim is expected to need; 0 for a claim, null where none bears on it",
            unit="articles",
            minimum=0,
            nullable=True,
        ),
        Column(
            "status", pa.string(), "what may be said of it", values=("claim", "described", "found_by_looking")
        ),
        Column("population", pa.string(), "what the interval speaks of", values=("corpus", "process")),
        Column("method", pa.string(), "estimator", values=("gold", "prediction_powered", "model_only")),
        Column(
            "evidence",
            pa.list_(pa.string()),
            "sentence_ids (stances) or article_ids (shares) that it counts, sorted",
        ),
    ),
)
