"""Count series by period, and estimate the declared contrasts: docs/method.md has the specification of both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import typer

from pipeline.coding import SHARES, Coding, choices_of, code_by_gold, code_by_model
from pipeline.contrasts import estimate
from pipeline.methods.estimate import false_discovery
from pipeline.params import Measure, read_params
from pipeline.series import count_series
from pipeline.sources.contrasts import check_contrasts
from pipeline.store import LABELS, SEEDS, corpus_folder, read_csv, read_table, read_yaml, write_table
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.series import SERIES
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.topics import ARTICLE_TOPICS

TABLES = (COVERAGE, STORIES, ARTICLE_RELEVANCE, ARTICLE_TOPICS, STATEMENTS)


class Measured(NamedTuple):
    """The tables of those names."""

    series: pd.DataFrame
    contrasts: pd.DataFrame


def measure(
    model: Coding,
    gold: Coding,
    contrasts: Sequence[Mapping[str, Any]],
    themes: Sequence[str],
    monthly_totals: Sequence[Mapping[str, str]],
    period_kind: str,
    params: Measure,
) -> Measured:
    """Series and contrasts of a corpus; no contrasts where it has no labels or none is declared.

    Args:
        model: the corpus as the models read it.
        gold: its labels.
        contrasts: declared for it.
        themes: of the codebook.
        monthly_totals: rows of month and documents, where the source's documents are counted.
        period_kind: by which series are counted.
        params: the section `measure`.

    Raises:
        ValueError: an article's story_stratum is not the stratum of its story's first labelled article, an
            inclusion probability is not in (0, 1], or monthly totals do not fit the corpus.
    """
    choices = choices_of((), themes)
    subjects = {family: choices[family].subjects for family in SHARES}
    series = count_series(model, gold, subjects, monthly_totals, period_kind)
    if not contrasts or gold.articles.empty:
        return Measured(series, CONTRASTS.empty())
    frame = pd.DataFrame([estimate(contrast, gold, model, params) for contrast in contrasts])
    frame = frame.sort_values(list(CONTRASTS.key), ignore_index=True)
    frame["p"] = frame["p"].where(frame["status"] == "claim")
    frame["q"] = false_discovery(frame["p"])
    return Measured(series, frame[list(CONTRASTS.schema.names)].astype({"n_needed": "Int64"}))


def read_codings(corpus: str) -> tuple[Coding, Coding]:
    """A corpus as the models read it, and its labels."""
    groups = {row["theme"]: row["group"] for row in read_csv(SEEDS / "themes.csv", ("theme", "group"))}
    articles, sentences = (read_table(LABELS, table) for table in (LABELLED_ARTICLES, LABELLED_SENTENCES))
    tables = {table.name: read_table(corpus_folder(corpus), table) for table in TABLES}
    return code_by_model(tables, groups), code_by_gold(articles, sentences, groups, corpus)


def read_codebook() -> tuple[list[str], list[str]]:
    """The names of targets and of themes."""
    targets = [target["target"] for target in read_yaml(SEEDS / "targets.yaml")]
    return targets, [row["theme"] for row in read_csv(SEEDS / "themes.csv", ("theme",))]


def main(corpus: str) -> None:
    """Read the tables, the labels and the declared contrasts of a corpus, write series and contrasts."""
    params = read_params()
    targets, themes = read_codebook()
    declared = check_contrasts(read_yaml(SEEDS / "contrasts.yaml"), choices_of(targets, themes))
    of_corpus = params.corpus(corpus)
    path = Path(of_corpus.path)
    totals = (path if path.is_dir() else path.parent) / "monthly_totals.csv"
    found = measure(
        *read_codings(corpus),
        [contrast for contrast in declared if corpus in contrast["corpora"]],
        themes,
        read_csv(totals, ("month", "documents")) if totals.is_file() else [],
        of_corpus.period_kind,
        params.measure,
    )
    if found.contrasts.empty:
        typer.echo(f"measure: corpus {corpus} has no labels or no contrasts in contrasts.yaml", err=True)
    write_table(corpus_folder(corpus), SERIES, found.series)
    write_table(corpus_folder(corpus), CONTRASTS, found.contrasts)
