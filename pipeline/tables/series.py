"""How much and which way, period by period: descriptions, unless gold labels bear on them."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table
from pipeline.tables.words import PERIOD_KINDS

FAMILIES = ("theme", "theme_group", "topic", "stance")

SERIES = Table(
    name="series",
    key=("family", "subject", "group", "period"),
    description="One row a period of a series: a share of articles, or a net stance.",
    columns=(
        Column("family", pa.string(), "what is counted", values=FAMILIES),
        Column("subject", pa.string(), "theme, theme group, topic or target"),
        Column("group", pa.string(), "whose: an outlet country or 'all' for shares, a side for stances"),
        Column("period_kind", pa.string(), "how long a period is", values=PERIOD_KINDS),
        Column("period", pa.date32(), "first day of the period"),
        Column(
            "numerator",
            pa.float64(),
            "articles of the subject; for a stance, statements in favor minus those against",
            unit="articles or statements",
        ),
        Column(
            "denominator",
            pa.float64(),
            "all articles; for a stance, all statements on the target by the side",
            unit="articles or statements",
            minimum=0,
        ),
        Column(
            "value",
            pa.float64(),
            "numerator over denominator; null where there is no denominator",
            unit="share or net stance",
            minimum=-1,
            maximum=1,
            nullable=True,
        ),
        Column(
            "low", pa.float64(), "lower end of the value's interval", minimum=-1, maximum=1, nullable=True
        ),
        Column(
            "high", pa.float64(), "upper end of the value's interval", minimum=-1, maximum=1, nullable=True
        ),
        Column("n_labelled", pa.int64(), "labelled articles that bear on it", unit="articles", minimum=0),
        Column("method", pa.string(), "estimator", values=("model_only", "gold", "prediction_powered")),
    ),
)
