"""JSON: an object a line, an array of objects, or one object."""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from pipeline.sources.documents import Document, Reject
from pipeline.sources.lines import Lines, TooLongError, bad_byte, too_large

_CHUNK = 1 << 20
# An answer of a news service holds its articles in a list under one of these.
_LISTS = ("articles", "results", "items", "documents", "docs")
_ARTICLE_KEYS = frozenset({"title", "headline", "text", "body", "content"})


def read_json_lines(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """A document a line; a line that cannot be read is one reject, and reading goes on."""
    lines = Lines(stream, largest_bytes)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except TooLongError:
            yield too_large(path, lines.number, largest_bytes)
            continue
        if line.strip():
            yield _read_text(path, lines.number, line)


def read_json(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """The elements of an array, one object, the list within an answer of a news service, or JSON Lines."""
    start = stream.read(largest_bytes + 1).removeprefix(codecs.BOM_UTF8)
    stream.seek(0)
    if start.lstrip()[:1] == b"[":
        yield from _read_array(path, stream, largest_bytes)
        return
    whole = _load(start)
    if whole is None and _load(start.lstrip().split(b"\n", 1)[0]) is not None:
        yield from read_json_lines(path, stream, largest_bytes)
    elif len(start) > largest_bytes:
        yield too_large(path, 0, largest_bytes)
    elif whole is None and start.strip():
        yield _read_text(path, 1, start.decode("utf-8", "surrogateescape"))
    elif whole is not None:
        rows = _listed(whole)
        values = [whole] if rows is None else rows
        yield from (_as_document(path, row, value) for row, value in enumerate(values, start=1))


def _load(raw: bytes) -> Any:
    """The value of a JSON text, None if it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _listed(whole: Any) -> list[Any] | None:
    """The list of articles that an object wraps, if it is no article itself."""
    if not isinstance(whole, dict) or _ARTICLE_KEYS & whole.keys():
        return None
    return next((whole[key] for key in _LISTS if isinstance(whole.get(key), list)), None)


def _read_array(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """The elements of an array, decoded one after the other so that the file is never held whole."""
    decoder, decode = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
    text, position, row, at_end = "", 0, 0, False
    opened = False
    while True:
        while position < len(text) and (
            text[position] in " \t\r\n,\ufeff" or (text[position] == "[" and not opened)
        ):
            opened = opened or text[position] == "["
            position += 1
        if opened and text[position : position + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, position)
            if end == len(text) and not at_end:  # a number may go on in the next chunk
                raise json.JSONDecodeError("unfinished", text, end)
        except (ValueError, RecursionError) as error:
            if len(text) - position > largest_bytes:
                yield too_large(path, row + 1, largest_bytes)
                return
            if at_end:
                yield _broken_array(path, row + 1, error)
                return
            chunk = stream.read(max(_CHUNK, len(text) - position))
            text, position, at_end = text[position:] + decode(chunk, final=not chunk), 0, not chunk
            continue
        row += 1
        if end - position > largest_bytes:
            yield too_large(path, row, largest_bytes)
        elif bad := bad_byte(text[position:end]):
            yield Reject(path, row, "wrong_encoding", bad)
        else:
            yield _as_document(path, row, value)
        position = end


def _broken_array(path: str, row: int, error: Exception) -> Reject:
    why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    return Reject(
        path, row, "broken_row", f"not JSON from element {row} on ({why}); what stands before it was read"
    )


def _read_text(path: str, line: int, text: str) -> Document | Reject:
    bad = bad_byte(text)
    if bad:
        return Reject(path, line, "wrong_encoding", bad)
    try:
        return _as_document(path, line, json.loads(text))
    except json.JSONDecodeError as error:
        return Reject(
            path, line, "broken_row", f"not JSON at character {error.pos + 1}: {error.msg}; mend or remove it"
        )
    except (ValueError, RecursionError) as error:
        return Reject(path, line, "broken_row", f"not JSON that can be read: {error}")


def _as_document(path: str, line: int, value: Any) -> Document | Reject:
    if isinstance(value, dict):
        return Document(path, line, value)
    return Reject(
        path, line, "broken_row", f"not a JSON object but {json.dumps(value)[:60]}; give one a document"
    )
