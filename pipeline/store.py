"""The one door for files: tables, vectors, JSON and pages, written whole or not at all."""

import csv
import gzip
import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import safetensors
import safetensors.numpy
import yaml

from pipeline.tables.contract import Table

SEEDS = Path("seeds")
LABELS = Path("data/labels")
MODELS = Path("models")
CARD = "card.json"
WHOLE = "whole"  # the model that learned from everything, beside those of the folds
MODEL_FORMAT = 1  # of the files of a model; another number is another version's
_HEADER = "model"


class StoreError(OSError):
    """A file is missing, or cannot be read or written; the message names it and the remedy."""


def corpus_folder(corpus: str) -> Path:
    """Where the tables of a corpus lie."""
    return Path("data") / corpus


def table_path(folder: Path, table: Table) -> Path:
    """Where a table lies in a folder."""
    return folder / f"{table.name}.parquet"


def write_table(folder: Path, table: Table, frame: pd.DataFrame) -> None:
    """Check a frame against its contract and write it sorted by key, without writer metadata."""
    _write_parquet(table_path(folder, table), table.conform(frame))


def read_table(folder: Path, table: Table) -> pd.DataFrame:
    """Read a table that a stage wrote; dates come as datetime64, nested columns as lists, missing text as None.

    Raises:
        StoreError: the file is missing or is not Parquet.
    """
    path = table_path(folder, table)
    frame = _read_parquet(path, pq.read_table).to_pandas(date_as_object=False)
    for column in table.columns:
        if pa.types.is_nested(column.type):
            frame[column.name] = [list(value) for value in frame[column.name]]
        elif pa.types.is_string(column.type) and column.nullable:
            frame[column.name] = frame[column.name].astype(object).where(frame[column.name].notna(), None)
    return frame


def read_schema(path: Path) -> pa.Schema:
    """The columns of a Parquet file and their types, from its footer alone.

    Raises:
        StoreError: the file is missing or is not Parquet.
    """
    return _read_parquet(path, pq.read_schema)


def write_vectors(folder: Path, table: Table, keys: list[str], vectors: np.ndarray) -> None:
    """Write an (n, d) float32 matrix beside its keys, sorted by key.

    Raises:
        ValueError: the numbers of keys and vectors differ, or a key stands twice.
    """
    if len(keys) != len(vectors) or len(set(keys)) != len(keys):
        raise ValueError(
            f"{table.name}: {len(keys)} keys ({len(set(keys))} distinct), {len(vectors)} vectors"
        )
    order = sorted(range(len(keys)), key=keys.__getitem__)
    matrix = np.ascontiguousarray(vectors, dtype=np.float32)[order]
    width = matrix.shape[1] if matrix.ndim == 2 else 1
    arrays = [
        pa.array([keys[i] for i in order], type=pa.string()),
        pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), width),
    ]
    _write_parquet(table_path(folder, table), pa.Table.from_arrays(arrays, names=[table.key[0], "vector"]))


def read_vectors(folder: Path, table: Table) -> tuple[list[str], np.ndarray]:
    """Read keys and the (n, d) float32 matrix whose rows they name."""
    found = _read_parquet(table_path(folder, table), pq.read_table)
    keys = found[table.key[0]].to_pylist()
    vectors = found["vector"].combine_chunks()
    width = vectors.type.list_size
    return keys, vectors.values.to_numpy(zero_copy_only=False).reshape(-1, width)


def read_csv(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV file that people edit, every cell a stripped string.

    Args:
        path: of the file.
        columns: that the reader needs; the file may have more, in any order.

    Raises:
        StoreError: the file is missing or not UTF-8, lacks a column, or a row has another number of
            cells than the header.
    """
    rows = []
    with _open_text(path) as lines:
        table = csv.DictReader(lines)
        try:
            found = [name.strip() for name in table.fieldnames or ()]
            if missing := [name for name in columns if name not in found]:
                raise StoreError(
                    f"{path} lacks the columns {', '.join(missing)}; its first line has {', '.join(found) or 'none'}"
                )
            for number, row in enumerate(table, start=2):
                if None in row or None in row.values():
                    raise StoreError(f"{path}, line {number}: the number of cells differs from the header's")
                rows.append({key.strip(): value.strip() for key, value in row.items()})
        except csv.Error as error:
            raise StoreError(f"{path}, line {table.reader.line_num}: not CSV ({error})") from error
    return rows


def read_yaml(path: Path) -> Any:
    """The value of a YAML file.

    Raises:
        StoreError: the file is missing or is not YAML; the message has the line.
    """
    with _open_text(path) as lines:
        try:
            return yaml.safe_load(lines)
        except (yaml.YAMLError, ValueError) as error:  # the latter for an impossible date
            raise StoreError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error


def read_json(path: Path) -> Any:
    """The value of a JSON file.

    Raises:
        StoreError: the file is missing or is not JSON.
    """
    with _open_text(path) as lines:
        try:
            return json.load(lines)
        except json.JSONDecodeError as error:
            raise StoreError(f"{path} is not valid JSON: {error}") from error


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON Lines file (also .gz) that people keep under seeds.

    Raises:
        StoreError: the file is missing, or a line is not a JSON object.
    """
    rows = []
    with _open_text(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise StoreError(f"{path}, line {number}: not a JSON object ({error.msg})") from error
            if not isinstance(row, dict):
                raise StoreError(f"{path}, line {number}: not a JSON object but {line.strip()[:60]}")
            rows.append(row)
    return rows


def read_seeds(
    corpus: str, names: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Rows of the JSON Lines files (or .gz) of those names in a folder of seeds; optional ones where they are."""
    files = {name: SEEDS / corpus / f"{name}.jsonl" for name in (*names, *optional)}
    found = {
        name: file if file.exists() else file.with_name(file.name + ".gz") for name, file in files.items()
    }
    return {name: read_json_lines(file) for name, file in found.items() if name in names or file.exists()}


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON with sorted keys."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as CSV, without its index."""
    write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8."""
    with _whole(path) as target:
        target.write_bytes(text.encode("utf-8"))


class Arrays(NamedTuple):
    """A fitted model as it lies on disk: named arrays, and a JSON value that says what they mean."""

    arrays: dict[str, np.ndarray]
    meaning: dict[str, Any]


def write_model(folder: Path, models: Mapping[str, Arrays], card: Mapping[str, Any]) -> None:
    """Write models, one safetensors file each, beside a card that holds their checksums; no other file stays.

    Args:
        folder: of the models, one below models/.
        models: by name, say the whole one and one a fold.
        card: what they learned from, by which params, and how good they are.
    """
    for stale in folder.glob("*.safetensors"):
        stale.unlink()
    sums = {}
    for name, model in sorted(models.items()):
        path = folder / f"{name}.safetensors"
        header = {_HEADER: json.dumps(model.meaning, sort_keys=True, ensure_ascii=False)}
        content = safetensors.numpy.save(
            {key: np.asarray(array, order="C") for key, array in sorted(model.arrays.items())}, header
        )
        with _whole(path) as target:
            target.write_bytes(content)
        sums[path.name] = hashlib.sha256(content).hexdigest()
    write_json(folder / CARD, {**card, "format": MODEL_FORMAT, "files": sums})


def read_card(folder: Path) -> dict[str, Any]:
    """The card of the models of a folder, its files' checksums compared.

    Raises:
        StoreError: there is no model, a file is missing or was cut short or changed, or the files are of
            another version.
    """
    path = folder / CARD
    if not path.is_file():
        raise StoreError(f"{folder} holds no fitted model; `dvc repro` makes it")
    remedy = f"remove {folder} and run `dvc repro`"
    try:
        card = read_json(path)
    except StoreError as error:
        raise StoreError(f"{error}; {remedy}") from error
    found = card.get("format") if isinstance(card, dict) else None
    if found != MODEL_FORMAT:
        raise StoreError(
            f"{path}: the model's format is {found!r}, and this version reads {MODEL_FORMAT}; {remedy}"
        )
    if not isinstance(card.get("files"), dict):
        raise StoreError(f"{path} does not say which files the model has; {remedy}")
    for name, wanted in card["files"].items():
        file = folder / name
        if not file.is_file():
            raise StoreError(f"{file} is missing; {remedy}")
        if sha256_of(file) != wanted:
            raise StoreError(f"{file} was cut short or changed: its checksum is not the card's; {remedy}")
    return card


def read_model(folder: Path, name: str) -> Arrays:
    """One model of a folder, its checksum compared with the card's.

    Raises:
        StoreError: see `read_card`; or the card does not name the model.
    """
    card, path = read_card(folder), folder / f"{name}.safetensors"
    if path.name not in card["files"]:
        raise StoreError(f"{folder} holds no model {name!r}; remove it and run `dvc repro`")
    with _named(path, "read"), safetensors.safe_open(path, framework="numpy") as opened:
        arrays = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
        return Arrays(arrays, json.loads(opened.metadata()[_HEADER]))


def list_files(path: Path) -> list[Path]:
    """The files of a corpus: the file itself, or every file below a folder, hidden ones left out, sorted.

    Raises:
        StoreError: there is nothing at the path, or the folder holds no file.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise StoreError(f"{path}: no such file or folder; mend the corpus's path in params.yaml")
    files = sorted(
        file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path))
    )
    if not files:
        raise StoreError(
            f"{path}: the folder holds no file; put articles there or mend the path in params.yaml"
        )
    return files


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as it lies on disk (a .gz stays packed), in hex."""
    with path.open("rb") as stream, _named(path, "read"):
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def open_binary(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes; a name that ends in .gz is decompressed on the way.

    Raises:
        OSError: the file cannot be opened; it names the file itself.
        StoreError: the file is opened and cannot be read to its end.
    """
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream, _named(path, "read"):
        yield stream  # type: ignore[misc]


@contextmanager
def _named(path: Path, done: str) -> Iterator[None]:
    """Give an error of the system the name of the file, which a failed read or write does not have."""
    try:
        yield
    except StoreError:
        raise
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StoreError(f"{path} is not a whole gzip file ({error}); copy it anew") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be {done}: {error.strerror or error}") from error


@contextmanager
def _open_text(path: Path) -> Iterator[IO[str]]:
    if not path.is_file():
        raise StoreError(f"{path}: no such file")
    with open_binary(path) as stream:
        try:
            yield io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        except UnicodeDecodeError as error:
            raise StoreError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from error


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place once it is written.

    Raises:
        StoreError: it cannot be written (no permission, no space).
    """
    with _named(path, "written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        try:
            yield Path(name)
            Path(name).chmod(0o644)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)


def _write_parquet(path: Path, table: pa.Table) -> None:
    with _whole(path) as target:
        pq.write_table(table.replace_schema_metadata(None), target, compression="zstd")


def _read_parquet(path: Path, read: Callable[[Path], Any]) -> Any:
    if not path.is_file():
        raise StoreError(f"{path} is missing; `dvc repro` makes it")
    try:
        with _named(path, "read"):
            return read(path)
    except pa.ArrowInvalid as error:
        raise StoreError(f"{path} is not a whole Parquet file; remove it and run `dvc repro`") from error
