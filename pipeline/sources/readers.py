"""Which reader reads which kind of file."""

import codecs
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO

from pyarrow import ArrowException

from pipeline.sources.delimited import read_csv, read_tsv
from pipeline.sources.documents import Document, Reject
from pipeline.sources.json_lines import read_json, read_json_lines
from pipeline.sources.parquet import read_parquet
from pipeline.sources.plain_text import read_plain_text
from pipeline.sources.web_page import read_web_page

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ABOUT = re.compile(r"(?:readme|licen[cs]e|copying|notice)(?:\.\w+)?", re.IGNORECASE)

Reader = Callable[[str, IO[bytes], int], Iterator[Document | Reject]]

READERS: dict[str, Reader] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".parquet": read_parquet,
    ".txt": read_plain_text,
    ".md": read_plain_text,
    ".html": read_web_page,
    ".htm": read_web_page,
}


def file_format(path: str) -> str:
    """The suffix by which a reader is chosen, lower-case, .gz left aside."""
    return PurePosixPath(path.removesuffix(".gz")).suffix.lower()


def read_documents(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """Everything that a file holds: documents, and rejects where one cannot be read.

    Args:
        path: the file's name relative to the corpus's path; its suffix chooses the reader.
        stream: the file's bytes, already decompressed.
        largest_bytes: a longer line, cell or one-document file is not read.
    """
    reader = READERS.get(file_format(path))
    if _ABOUT.fullmatch(PurePosixPath(path).name):
        yield Reject(
            path, 0, "unknown_format", "a file about the files, not an article; rename it if it is one"
        )
        return
    if reader is None:
        detail = f"no reader for {file_format(path) or 'a name without suffix'}; there are {', '.join(READERS)}, also with .gz"
        yield Reject(path, 0, "unknown_format", detail)
        return
    count = 0
    try:
        if stream.read(2) in _UTF16 and reader is not read_web_page:
            yield Reject(path, 0, "wrong_encoding", "the file is UTF-16; save it as UTF-8")
            return
        stream.seek(0)
        for document in reader(path, stream, largest_bytes):
            count += 1
            yield document
    except (OSError, EOFError, zlib.error, ArrowException) as error:
        so_far = f"; what stands before, {count} documents, was read" if count else ""
        yield Reject(
            path, 0, "unreadable_file", f"{' '.join(str(error).split())[:200]}{so_far}; copy the file anew"
        )
        return
    if not count:
        yield Reject(path, 0, "empty_file", "the file holds no document; fill it or remove it")
