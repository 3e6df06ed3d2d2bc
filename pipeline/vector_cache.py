"""The vector cache's own door: vectors of texts seen before, in the user's cache folder.

It only saves time. Where it is absent, damaged or cannot be written, texts are encoded anew, to the same
bytes. Removing its folder is always safe.
"""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import platformdirs
import typer
from numpy.typing import NDArray
from tqdm import tqdm

from pipeline.methods.encoders import Encoder

FOLDER_VARIABLE = "PARALLEL49_CACHE"

Vectors = NDArray[np.float32]
Answer = TypeVar("Answer")

_CHUNK_CHARACTERS = 200_000  # encoded, then kept: some five seconds of work, the most an interruption loses
_ASKED_AT_ONCE = 500
_BUSY_SECONDS = 60  # waited while another process writes
_CHECKSUM_BYTES = 4
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class VectorCache:
    """Vectors by encoder and text: one SQLite file an encoder, which several processes may use at once.

    `found` and `missed` count the texts that it was asked for.

    Args:
        folder: where the files lie; made when the first vector is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given_up: set[str] = set()
        self._warned = False
        self.found = 0
        self.missed = 0

    @classmethod
    def open(cls) -> "VectorCache":
        """This user's cache: the folder that PARALLEL49_CACHE names, else one in the user's cache folder."""
        named = os.environ.get(FOLDER_VARIABLE)
        return cls(Path(named) if named else platformdirs.user_cache_path("parallel49"))

    def find(self, encoder: Encoder, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors, each (dimension,), of those of the texts that are known, by text."""
        texts_by_key = {_key(text): text for text in texts}

        def read(connection: sqlite3.Connection) -> dict[str, Vectors]:
            found = {}
            for key, stored in _select(connection, list(texts_by_key)):
                vector = _unpack(key, stored, encoder.dimension)
                if vector is None:
                    self._warn(f"{self._path(encoder)} holds a damaged vector, which is made anew")
                else:
                    found[texts_by_key[key]] = vector
            return found

        known = self._path(encoder).is_file()
        found = (self._use("find", encoder, read) if known else None) or {}
        self.found += len(found)
        self.missed += len(texts_by_key) - len(found)
        return found

    def keep(self, encoder: Encoder, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of these texts, (n, dimension)."""
        rows = [(key, _pack(key, vector)) for key, vector in zip(map(_key, texts), vectors, strict=True)]

        def write(connection: sqlite3.Connection) -> None:
            # Replaces, so that a damaged row heals.
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

        self._use("keep", encoder, write)

    def _path(self, encoder: Encoder) -> Path:
        identity = hashlib.sha256(encoder.identity.encode("utf-8")).hexdigest()
        return self._folder / f"{encoder.name}-{identity[:16]}.sqlite"

    def _use(
        self, what: str, encoder: Encoder, work: Callable[[sqlite3.Connection], Answer]
    ) -> Answer | None:
        """The answer of some work on the encoder's file; None, after a warning, where it cannot be done."""
        if what in self._given_up:
            return None
        path = self._path(encoder)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection, connection:
                # Vectors of 1.5 kB would waste a quarter of the usual pages of 4 kB.
                connection.execute("PRAGMA page_size = 16384")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
                )
                return work(connection)
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
                self._warn(f"{path} is damaged and is begun anew")
                path.unlink(missing_ok=True)
                path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
            else:
                self._warn(f"{path}: {error}")
                self._given_up.add(what)
            return None

    def _warn(self, problem: str) -> None:
        """Say once that the cache does not work as it should."""
        if not self._warned:
            typer.echo(f"warning: the vector cache saves less time than it could: {problem}", err=True)
            self._warned = True


def embed_texts(texts: Sequence[str], encoder: Encoder, cache: VectorCache) -> Vectors:
    """Vectors of n texts, (n, dimension) with rows of length 1; equal texts are encoded once.

    Only texts that the cache does not know are encoded, some hundreds at a time, and each lot is kept before
    the next is begun. What takes longer than three seconds shows a bar on stderr.

    Raises:
        EncoderError: a text is empty.
    """
    position = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    distinct = list(position)
    vectors = np.empty((len(distinct), encoder.dimension), dtype=np.float32)
    missing = []
    for lot in _lots(distinct, lambda _: 1, _ASKED_AT_ONCE):
        found = cache.find(encoder, lot)
        for text, vector in found.items():
            vectors[position[text]] = vector
        missing += [text for text in lot if text not in found]
    with tqdm(total=len(missing), desc="embed", unit="text", delay=3) as progress:
        for lot in _lots(missing, len, _CHUNK_CHARACTERS):
            new = encoder.encode(lot)
            cache.keep(encoder, lot, new)
            vectors[[position[text] for text in lot]] = new
            progress.update(len(lot))
    return vectors[np.array([position[text] for text in texts], dtype=np.intp)]


def _lots(texts: Iterable[str], size: Callable[[str], int], most: int) -> Iterator[list[str]]:
    """Texts in runs of at most so much in sum; one that is larger is a run of its own."""
    lot: list[str] = []
    total = 0
    for text in texts:
        if lot and total + size(text) > most:
            yield lot
            lot, total = [], 0
        lot.append(text)
        total += size(text)
    if lot:
        yield lot


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _select(connection: sqlite3.Connection, keys: list[bytes]) -> Iterable[tuple[bytes, Any]]:
    """Rows with these keys."""
    marks = ", ".join("?" * len(keys))
    return connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys)


def _checksum(key: bytes, vector: bytes) -> bytes:
    """SQLite does not notice a changed byte within a value."""
    return zlib.crc32(key + vector).to_bytes(_CHECKSUM_BYTES, "little")


def _pack(key: bytes, vector: Vectors) -> bytes:
    content = vector.astype("<f4").tobytes()
    return content + _checksum(key, content)


def _unpack(key: bytes, stored: Any, dimension: int) -> Vectors | None:
    """The vector that was stored under a key; None if it was damaged."""
    if not isinstance(stored, bytes):
        return None
    content, checksum = stored[:-_CHECKSUM_BYTES], stored[-_CHECKSUM_BYTES:]
    if len(content) != 4 * dimension or checksum != _checksum(key, content):
        return None
    return np.frombuffer(content, dtype="<f4").astype(np.float32)
