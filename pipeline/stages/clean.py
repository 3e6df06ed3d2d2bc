"""Articles to coverage: boilerplate off, text repaired, the passages in scope of long documents."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import typer
from tqdm import tqdm

from pipeline import store
from pipeline.params import Clean, read_params
from pipeline.tables.articles import ARTICLES
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.text.documents import CleanDocument, CleaningRules, clean_documents, document_of
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets

Pair = tuple[Mapping[Any, Any], CleanDocument]


def clean(
    articles: pd.DataFrame, outlets: Sequence[Mapping[str, str]], params: Clean
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clean the articles of one corpus.

    Args:
        articles: table `articles`.
        outlets: rows of outlets.csv.
        params: the section `clean`.

    Returns:
        The tables `coverage`, `removed_lines` and `dropped_articles`; every article is in the
        first or the last.
    """
    rows = articles.sort_values("article_id").to_dict("records")
    documents = [document_of(row) for row in rows]
    cleaned = clean_documents(documents, known_outlets(outlets), CleaningRules.of(params.model_dump()))
    pairs = list(tqdm(zip(rows, cleaned, strict=True), "clean", len(rows), delay=5))
    kept = [(row, document) for row, document in pairs if not document.dropped]
    coverage = COVERAGE.frame(
        [
            {
                "article_id": row["article_id"],
                "source_id": row["source_id"],
                "outlet": document.outlet,
                "outlet_country": document.outlet_country,
                "genre": document.genre,
                "title": document.title,
                "text": document.text,
                "published_date": row["published_at"],
                "language": document.language,
                "word_count": len(document.text.split()),
                "raw_spans": [vars(span) for span in document.raw_spans],
            }
            for row, document in kept
        ]
    )
    coverage["published_date"] = (
        pd.to_datetime(coverage["published_date"], utc=True).dt.tz_localize(None).dt.floor("D")
    )
    return coverage, _removed_lines(pairs), _dropped_articles(pairs)


def _removed_lines(pairs: Sequence[Pair]) -> pd.DataFrame:
    rows = [
        {
            "article_id": row["article_id"],
            "raw_start": line.raw_start,
            "line": line.line,
            "reason": line.reason,
        }
        for row, document in pairs
        for line in document.removed
    ]
    return REMOVED_LINES.frame(rows)


def _dropped_articles(pairs: Sequence[Pair]) -> pd.DataFrame:
    rows = [
        {"article_id": row["article_id"], "reason": document.dropped, "detail": document.detail}
        for row, document in pairs
        if document.dropped
    ]
    return DROPPED_ARTICLES.frame(rows)


def _summary(coverage: pd.DataFrame, removed: pd.DataFrame, dropped: pd.DataFrame) -> str:
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(Counter(dropped["reason"]).items()))
    lines = ", ".join(f"{reason} {count}" for reason, count in sorted(Counter(removed["reason"]).items()))
    return (
        f"clean: {len(coverage) + len(dropped)} articles = {len(coverage)} in coverage + {len(dropped)} dropped"
        f"{f' ({reasons})' if reasons else ''}; lines removed: {lines or 'none'}"
    )


def main(corpus: str) -> None:
    """Read articles, clean them, write coverage and all that was taken away."""
    folder = store.corpus_folder(corpus)
    articles = store.read_table(folder, ARTICLES)
    outlets = store.read_csv(store.SEEDS / "outlets.csv", OUTLET_COLUMNS)
    coverage, removed, dropped = clean(articles, outlets, read_params().clean)
    store.write_table(folder, COVERAGE, coverage)
    store.write_table(folder, REMOVED_LINES, removed)
    store.write_table(folder, DROPPED_ARTICLES, dropped)
    typer.echo(_summary(coverage, removed, dropped), err=True)
