"""What a table is: its key, and for every column its type, meaning, unit and range."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


class ContractError(ValueError):
    """A table breaks its contract; the message names the table, the column and a value."""


@dataclass(frozen=True)
class Column:
    """One column: an Arrow type and what its values mean."""

    name: str
    type: pa.DataType
    description: str
    unit: str = ""
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A named table: rows are unique by key and sorted by it."""

    name: str
    key: tuple[str, ...]
    description: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, columns in the contract's order."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    def conform(self, frame: pd.DataFrame) -> pa.Table:
        """Check a frame against the contract and return it as Arrow, sorted by key.

        Raises:
            ContractError: a column is missing or surplus, a value has the wrong type, is null,
                out of range or outside the closed list, or a key stands twice.
        """
        self._check_columns(list(frame.columns))
        ordered = frame.sort_values(list(self.key), kind="stable") if self.key and len(frame) else frame
        arrays = [self._to_arrow(column, ordered[column.name]) for column in self.columns]
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        for column in self.columns:
            self._check_values(column, table[column.name])
        self._check_key(table)
        return table

    def empty(self) -> pd.DataFrame:
        """A frame of the contract's columns without rows."""
        return self.schema.empty_table().to_pandas(date_as_object=False)

    def frame(self, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> pd.DataFrame:
        """A frame of the contract's columns, from rows that hold them in its order or by name."""
        return pd.DataFrame(list(rows), columns=[column.name for column in self.columns])

    def _check_columns(self, names: list[str]) -> None:
        wanted = [column.name for column in self.columns]
        missing = [name for name in wanted if name not in names]
        surplus = [name for name in names if name not in wanted]
        if missing or surplus:
            raise ContractError(
                f"table {self.name}: columns missing {missing}, not in the contract {surplus}"
            )

    def _to_arrow(self, column: Column, series: pd.Series) -> pa.Array:
        try:
            values = series.tolist() if pa.types.is_nested(column.type) else series
            if pa.types.is_nested(column.type):
                return pa.array(values, type=column.type)
            return pa.Array.from_pandas(values, type=column.type)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise ContractError(f"table {self.name}, column {column.name}: {error}") from error

    def _check_values(self, column: Column, values: pa.ChunkedArray) -> None:
        where = f"table {self.name}, column {column.name}"
        if values.null_count and not column.nullable:
            raise ContractError(f"{where}: {values.null_count} of {len(values)} values are null")
        if column.values:
            found = set(pc.unique(values).to_pylist()) - {None}
            stray = sorted(found - set(column.values))
            if stray:
                raise ContractError(f"{where}: {stray[0]!r} is none of {', '.join(column.values)}")
        for bound, worst, beyond in (
            (column.minimum, pc.min, lambda value, limit: value < limit),
            (column.maximum, pc.max, lambda value, limit: value > limit),
        ):
            if bound is None or len(values) == values.null_count:
                continue
            value = worst(values).as_py()
            if value != value or beyond(value, bound):
                raise ContractError(f"{where}: {value} is outside [{column.minimum}, {column.maximum}]")

    def _check_key(self, table: pa.Table) -> None:
        if not self.key:
            return
        keys = table.select(list(self.key)).to_pandas()
        twice = keys[keys.duplicated()]
        if len(twice):
            raise ContractError(f"table {self.name}: key {tuple(twice.iloc[0])} stands more than once")
