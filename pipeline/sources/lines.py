"""Lines of a stream, one at a time and never longer than a limit."""

import re
from typing import IO

from pipeline.sources.documents import Reject

_BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
_BAD_BYTE = re.compile("[\udc80-\udcff]")


class TooLongError(ValueError):
    """A line is longer than the limit; the stream stands at the next one."""


class Lines:
    """An iterator over lines as text; it goes on after an error.

    Bytes that are not UTF-8 come as lone surrogates (`surrogateescape`), for `bad_byte` to find.
    """

    def __init__(self, stream: IO[bytes], largest_bytes: int) -> None:
        self.number = 0
        self._stream = stream
        self._largest_bytes = largest_bytes

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """The next line with its end.

        Raises:
            TooLongError: it is longer than the limit.
            StopIteration: there is none.
        """
        line = self._stream.readline(self._largest_bytes + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > self._largest_bytes and not line.endswith(b"\n"):
            self._skip_line()
            raise TooLongError
        if self.number == 1:
            line = line.removeprefix(_BOM)
        return line.decode("utf-8", "surrogateescape")

    def _skip_line(self) -> None:
        while chunk := self._stream.readline(_CHUNK):
            if chunk.endswith(b"\n"):
                return


def bad_byte(text: str) -> str | None:
    """What to say of the first byte that is not UTF-8 in a text decoded with `surrogateescape`, if there is one."""
    match = _BAD_BYTE.search(text)
    if match is None:
        return None
    raw = text.encode("utf-8", "surrogateescape")
    position = len(text[: match.start()].encode("utf-8", "surrogateescape"))
    before = re.split(rb"\s", raw[max(0, position - 30) : position])[-1]
    word = before + re.split(rb"\s", raw[position : position + 30])[0]
    reading = word.decode("cp1252", "replace").strip()
    return (
        f"byte 0x{raw[position]:02x}, number {position + 1}, is not UTF-8; save the file as UTF-8 "
        f"(in Windows-1252 it would read {reading!r})"
    )


def too_large(path: str, line: int, largest_bytes: int) -> Reject:
    """A line or file over the limit."""
    detail = (
        f"longer than {largest_bytes / 1e6:g} MB; split it, "
        "or raise largest_document_megabytes of ingest in params.yaml"
    )
    return Reject(path, line, "too_large", detail)
