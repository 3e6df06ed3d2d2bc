"""When the share of a subject changed, by how much, and how sure that is."""

import pyarrow as pa

from pipeline.tables.contract import Column, Table

SHIFTS = Table(
    name="shifts",
    key=("family", "subject", "group", "period"),
    description="One row a shift: a lasting change of a share of articles, found by looking.",
    columns=(
        Column("family", pa.string(), "what shifted", values=("theme", "theme_group", "topic")),
        Column("subject", pa.string(), "theme, theme group or topic"),
        Column("group", pa.string(), "outlets whose articles are counted; 'all'"),
        Column("period", pa.date32(), "first day of the first period after the shift"),
        Column(
            "before",
            pa.float64(),
            "share of articles from the shift before, or the start, to this one",
            unit="share",
            minimum=0,
            maximum=1,
        ),
        Column(
            "after",
            pa.float64(),
            "share of articles from this shift to the next one, or the end",
            unit="share",
            minimum=0,
            maximum=1,
        ),
        Column("change", pa.float64(), "after minus before", unit="share", minimum=-1, maximum=1),
        Column(
            "low", pa.float64(), "lower end of the change's interval", unit="share", minimum=-1, maximum=1
        ),
        Column(
            "high", pa.float64(), "upper end of the change's interval", unit="share", minimum=-1, maximum=1
        ),
        Column("period_low", pa.date32(), "first day of the earliest period in the date's interval"),
        Column("period_high", pa.date32(), "first day of the latest period in the date's interval"),
        Column("p", pa.float64(), "p-value of no change anywhere in the series", minimum=0, maximum=1),
        Column(
            "q",
            pa.float64(),
            "p after false-discovery control over the series of the corpus that were tested",
            minimum=0,
            maximum=1,
        ),
        Column(
            "turning_point",
            pa.string(),
            "the one nearest in time, which need not be the cause; null where none is declared",
            nullable=True,
        ),
        Column("turning_point_label", pa.string(), "what it was, in a reader's words", nullable=True),
        Column(
            "days_apart",
            pa.int64(),
            "from the turning point to the period; 0 where it lies in it, negative where it comes after it",
            unit="days",
            nullable=True,
        ),
        Column("periods", pa.int64(), "periods with articles in the series", unit="periods", minimum=1),
    ),
)
