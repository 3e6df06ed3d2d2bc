"""Read every document of a corpus's path: one row in articles, or one row in quarantine with its reason."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import typer
from tqdm import tqdm

from pipeline.params import Ingest, read_params
from pipeline.sources.articles import build_articles
from pipeline.sources.documents import Document, Reject
from pipeline.sources.readers import read_documents
from pipeline.store import corpus_folder, list_files, open_binary, write_table
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.contract import Table

_DATE_REMEDY = (
    "add a line such as 'Date: 2025-03-28' under the title, name the file 2025-03-28-..., or give a date field "
    "(its name in params.yaml, ingest: {fields: {published_at: [that_name]}})"
)


def main(corpus: str) -> None:
    """Read a corpus's path, write articles and quarantine, say how many of each and why.

    Raises:
        ValueError: not one article could be read; the message has the first reasons.
    """
    params = read_params()
    documents = read_path(Path(params.corpus(corpus).path), params.ingest)
    articles, quarantine = ingest(
        corpus, tqdm(documents, "ingest", unit=" documents", delay=5), params.ingest
    )
    folder = corpus_folder(corpus)
    write_table(folder, QUARANTINE, quarantine)
    for line in summarise(articles, quarantine):
        typer.echo(f"ingest {corpus}: {line}", err=True)
    if articles.empty:
        raise ValueError(_why_none(params.corpus(corpus).path, quarantine))
    write_table(folder, ARTICLES, articles)


def read_path(path: Path, params: Ingest) -> Iterator[Document | Reject]:
    """Everything that the files at a path hold, file by file in order of their names.

    Raises:
        StoreError: there is nothing at the path.
    """
    largest_bytes = int(params.largest_document_megabytes * 1e6)
    root = path.parent if path.is_file() else path
    for file in list_files(path):
        if file == path / "about.md":
            continue  # the corpus described, for its report
        # A name that is not UTF-8 would fit no table.
        label = file.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode()
        try:
            with open_binary(file) as stream:
                yield from read_documents(label, stream, largest_bytes)
        except OSError as error:
            yield Reject(
                label, 0, "unreadable_file", f"{error.strerror or error}; let this user read the file"
            )


def ingest(
    corpus: str, documents: Iterable[Document | Reject], params: Ingest
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Documents as articles and quarantine; together they have as many rows as there are documents.

    Raises:
        FieldsError: params name a field that articles do not have.
    """
    articles, quarantine = build_articles(
        documents,
        corpus=corpus,
        fields=params.fields,
        earliest_date=params.earliest_date,
        latest_date=params.latest_date,
    )
    return _as_frame(articles, ARTICLES), _as_frame(quarantine, QUARANTINE)


def summarise(articles: pd.DataFrame, quarantine: pd.DataFrame) -> list[str]:
    """How many documents became what, why the others did not, and how many have no date."""
    counts = sorted(Counter(quarantine["reason"]).items(), key=lambda item: (-item[1], item[0]))
    reasons = f" ({', '.join(f'{reason} {count}' for reason, count in counts)})" if counts else ""
    lines = [
        f"{len(articles) + len(quarantine)} documents = {len(articles)} articles"
        f" + {len(quarantine)} in quarantine{reasons}"
    ]
    undated = int(articles["published_at"].isna().sum())
    return (
        [*lines, f"{undated} articles have no date and count in no period; {_DATE_REMEDY}"]
        if undated
        else lines
    )


def _why_none(path: str, quarantine: pd.DataFrame) -> str:
    first = [
        f"{row.path}, line {row.line}: {row.reason}, {row.detail}" for row in quarantine.head(3).itertuples()
    ]
    return f"not one article could be read at {path}: {'; '.join(first)}. `python -m pipeline inspect {path}` shows more"


def _as_frame(rows: list[dict[str, object]], table: Table) -> pd.DataFrame:
    frame = table.frame(rows)
    types = {"published_at": "datetime64[us, UTC]", "line": "int64"}
    return frame.astype({name: kind for name, kind in types.items() if name in frame})
