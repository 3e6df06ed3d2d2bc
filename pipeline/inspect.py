"""Show what would be recognised at a path, before anything runs."""

import datetime
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from pipeline.params import read_params
from pipeline.sources.articles import FIELDS, field_names, recognise
from pipeline.sources.documents import Document, Reject
from pipeline.sources.readers import file_format
from pipeline.stages.ingest import ingest, read_path, summarise
from pipeline.store import list_files

# The longest span, in days, that is best counted by each kind of period.
_LONGEST_DAYS = {"day": 31, "week": 183, "month": 6 * 366, "quarter": 20 * 366}
_ROWS_OF_A_REASON = 2
_UNRECOGNISED_FIELDS = 20


class Recognition:
    """Counts which of the source's fields were taken for what, while documents pass."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()
        self.left: Counter[str] = Counter()
        self._names = names

    def watch(self, documents: Iterable[Document | Reject]) -> Iterator[Document | Reject]:
        """The same documents, counted."""
        for document in documents:
            if isinstance(document, Document):
                found = recognise(document.fields, self._names)
                self.taken.update(found.items())
                self.left.update(
                    name
                    for name, value in document.fields.items()
                    if name not in found.values() and value not in (None, "")
                )
            yield document


def main(path: Path, rows: int) -> None:
    """Print what ingest would make of a path: formats, fields, dates, samples, quarantine, and the line to add.

    Raises:
        StoreError: there is nothing at the path.
        FieldsError: params.yaml names a field that articles do not have.
    """
    params = read_params().ingest
    recognition = Recognition(field_names(params.fields))
    documents = tqdm(
        recognition.watch(read_path(path, params)), "inspect", unit=" documents", delay=5, leave=False
    )
    articles, quarantine = ingest(str(path), documents, params)
    console = Console(markup=False, highlight=False)
    formats = Counter(file_format(file.name) or "no suffix" for file in list_files(path))
    listed = ", ".join(f"{count} {suffix}" for suffix, count in sorted(formats.items()))
    console.print(f"{sum(formats.values())} files: {listed}")
    for line in summarise(articles, quarantine):
        console.print(line, soft_wrap=True)
    console.print(_field_table(recognition))
    console.print(f"other fields, kept in extra: {_most_common(recognition.left) or 'none'}", soft_wrap=True)
    if len(articles):
        console.print(_describe(articles), soft_wrap=True)
        console.print(_sample_table(articles, rows, console.width))
    if len(quarantine):
        console.print(_quarantine_table(quarantine))
    console.print("to analyse it, add under corpora: in params.yaml")
    console.print(f"  {corpus_line(path, suggest_period(articles['published_at']))}", soft_wrap=True)
    console.print("and run `dvc repro report@mine`")


def suggest_period(published_at: pd.Series) -> str:
    """The kind of period by which a span of dates is best counted; month where there is no date."""
    span = published_at.max() - published_at.min()
    if pd.isna(span):
        return "month"
    return next((kind for kind, longest in _LONGEST_DAYS.items() if span.days <= longest), "year")


def corpus_line(path: Path, period_kind: str) -> str:
    """The entry of params.yaml for a path; one outside the working folder is written absolute."""
    relative = os.path.relpath(path)
    text = path.resolve().as_posix() if relative.startswith("..") else Path(relative).as_posix()
    quoted = (
        text if re.fullmatch(r"[\w./-]*[A-Za-z/][\w./-]*", text) else json.dumps(text, ensure_ascii=False)
    )
    return f"mine: {{path: {quoted}, period_kind: {period_kind}}}"


def _field_table(recognition: Recognition) -> Table:
    table = Table("field", "taken from", "documents")
    for field in FIELDS:
        names = [(name, count) for (taken, name), count in recognition.taken.most_common() if taken == field]
        for name, count in names or [("not found", 0)]:
            table.add_row(field, name, str(count))
    return table


def _most_common(counts: Counter[str]) -> str:
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"{name} {count}" for name, count in shown[:_UNRECOGNISED_FIELDS])
    return (
        f"{text}, and {len(shown) - _UNRECOGNISED_FIELDS} more" if len(shown) > _UNRECOGNISED_FIELDS else text
    )


def _describe(articles: pd.DataFrame) -> str:
    dates = articles["published_at"]
    span = f"dates {_day(dates.min())} to {_day(dates.max())}" if dates.notna().any() else "no dates"
    shares = {
        "without a date": dates.isna().mean(),
        "without an outlet": (articles["outlet"] == "").mean(),
        "with a title only": (articles["body"] == "").mean(),
    }
    return f"{span}; " + ", ".join(f"{name} {share:.1%}" for name, share in shares.items())


def _sample_table(articles: pd.DataFrame, rows: int, width: int) -> Table:
    """Rows evenly spaced through the articles, each cut to one line of a screen so many characters wide."""
    table = Table("date", "outlet", "title", "words", "text", title="a few articles")
    room = max(40, width - 32)
    step = max(1, len(articles) // max(1, rows))
    for row in articles.iloc[::step].head(rows).to_dict("records"):
        outlet, title = _cut(row["outlet"], room // 5), _cut(row["title"], 2 * room // 5)
        words, text = str(len(row["body"].split())), _cut(row["body"], 2 * room // 5)
        table.add_row(_day(row["published_at"]), outlet, title, words, text)
    return table


def _quarantine_table(quarantine: pd.DataFrame) -> Table:
    """The first rows of each reason."""
    table = Table("file", "line", "reason", "detail", title="quarantine: the first of each reason")
    for row in quarantine.groupby("reason").head(_ROWS_OF_A_REASON).to_dict("records"):
        table.add_row(_cut(row["path"], 40), str(row["line"]), row["reason"], row["detail"])
    return table


def _day(moment: datetime.datetime) -> str:
    return "" if pd.isna(moment) else f"{moment:%Y-%m-%d}"


def _cut(text: str, characters: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= characters else f"{flat[: characters - 1]}…"
