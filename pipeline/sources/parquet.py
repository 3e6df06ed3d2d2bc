"""Parquet: a document a row."""

import io
from collections.abc import Iterator
from typing import IO

import pyarrow.parquet as pq

from pipeline.sources.documents import Document, Reject
from pipeline.sources.lines import too_large

_BATCH_ROWS = 1000


def read_parquet(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """A document a row, in the file's order, a batch of rows at a time."""
    # Arrow jumps about in the file, which a compressed stream does by starting over.
    source = io.BytesIO(stream.read()) if path.endswith(".gz") else stream
    if not source.read(1):
        return
    line = 0
    for batch in pq.ParquetFile(source).iter_batches(_BATCH_ROWS):
        for fields in batch.to_pylist():
            line += 1
            size = sum(len(value) for value in fields.values() if isinstance(value, str | bytes))
            yield (
                too_large(path, line, largest_bytes) if size > largest_bytes else Document(path, line, fields)
            )
