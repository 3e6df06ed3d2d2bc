"""Copies of one wire story are one story."""

import pandas as pd
import typer

from pipeline import store
from pipeline.params import Group, read_params
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.stories import STORIES
from pipeline.text.near_duplicates import find_stories


def group(coverage: pd.DataFrame, params: Group) -> pd.DataFrame:
    """Find the story of each article of one corpus.

    Args:
        coverage: table `coverage`.
        params: the section `group`.

    Returns:
        The table `stories`.
    """
    coverage = coverage.sort_values("article_id")
    ids = coverage["article_id"].tolist()
    dates = [None if pd.isna(date) else date.date() for date in coverage["published_date"]]
    found = find_stories(
        ids, coverage["title"].tolist(), coverage["text"].tolist(), dates, **params.model_dump()
    )
    return pd.DataFrame(
        {
            "article_id": ids,
            "story_id": found.story_ids,
            "similarity": pd.Series(found.similarities, dtype="float32"),
        }
    )


def main(corpus: str) -> None:
    """Read coverage, write stories."""
    folder = store.corpus_folder(corpus)
    stories = group(store.read_table(folder, COVERAGE), read_params().group)
    store.write_table(folder, STORIES, stories)
    distinct = stories["story_id"].nunique()
    typer.echo(
        f"group: {len(stories)} articles tell {distinct} stories; {len(stories) - distinct} are copies",
        err=True,
    )
