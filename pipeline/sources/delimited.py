"""CSV and TSV with a header line."""

import csv
from collections.abc import Iterator
from typing import IO

from pipeline.sources.documents import Document, Reject
from pipeline.sources.lines import Lines, TooLongError, bad_byte, too_large

_DELIMITERS = ",;\t|"


def read_csv(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """Rows of a CSV file whose delimiter is the one that its header has most of."""
    yield from _read_rows(path, Lines(stream, largest_bytes), largest_bytes, delimiter=None)


def read_tsv(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """Rows of a tab-separated file."""
    yield from _read_rows(path, Lines(stream, largest_bytes), largest_bytes, delimiter="\t")


def _read_rows(
    path: str, lines: Lines, largest_bytes: int, delimiter: str | None
) -> Iterator[Document | Reject]:
    try:
        header = next(line for line in lines if line.strip())
        delimiter = delimiter or max(_DELIMITERS, key=header.count)
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter, strict=True))]
    except StopIteration:
        return
    except (TooLongError, csv.Error) as error:
        yield Reject(
            path, lines.number, "broken_row", f"the header cannot be read ({error}); no row was read"
        )
        return
    if bad := bad_byte(header):
        yield Reject(path, lines.number, "wrong_encoding", f"in the header: {bad}; no row was read")
        return
    csv.field_size_limit(largest_bytes)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except (TooLongError, csv.Error) as error:
            yield _unread(path, start, lines.number, error, largest_bytes)
            continue
        if row:
            yield _as_document(path, start, names, row)


def _as_document(path: str, line: int, names: list[str], row: list[str]) -> Document | Reject:
    if len(row) != len(names):
        detail = f"{len(row)} cells where the header has {len(names)}; put quotation marks around cells with commas"
        return Reject(path, line, "broken_row", detail)
    bad = next(
        (
            f"in cell {name!r}: {bad}"
            for name, cell in zip(names, row, strict=True)
            if (bad := bad_byte(cell))
        ),
        None,
    )
    if bad:
        return Reject(path, line, "wrong_encoding", bad)
    fields: dict[str, str] = {}
    for name, cell in zip(names, row, strict=True):
        if cell or name not in fields:
            fields[name] = cell
    return Document(path, line, fields)


def _unread(path: str, start: int, end: int, error: Exception, largest_bytes: int) -> Reject:
    if isinstance(error, TooLongError) or "field limit" in str(error):
        reject = too_large(path, start, largest_bytes)
        if end == start:
            return reject
        return Reject(
            path, start, "too_large", f"lines {start} to {end} are one row: is a quotation mark never closed?"
        )
    remedy = "double the quotation marks within a quoted cell, and close the last"
    return Reject(path, start, "broken_row", f"lines {start} to {end} are no whole row ({error}); {remedy}")
