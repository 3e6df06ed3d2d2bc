"""A table as CSV text: for the links of charts, and for the findings."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a text that begins so


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under their column names: dates as ISO days, nulls empty, whole numbers whole, others unrounded.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue()


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return int(value) if float(value).is_integer() else float(value)
