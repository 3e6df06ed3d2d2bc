"""Split sentences, and say who speaks or acts in each."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import pandas as pd
import typer

from pipeline import store
from pipeline.params import Attribute, read_params
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.text.actors import ACTOR_COLUMNS, Directory
from pipeline.text.batches import in_batches
from pipeline.text.holders import AttributedSentence, Document, attribute_documents


def attribute(
    coverage: pd.DataFrame, actors: Iterable[Mapping[str, str]], params: Attribute
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attribute the sentences of one corpus; the answer does not depend on the number of processes.

    Args:
        coverage: table `coverage`.
        actors: rows of actors.csv.
        params: the section `attribute`.

    Returns:
        The tables `sentences` and `attributions`; every sentence has an attribution.

    Raises:
        ActorError: a row of actors.csv cannot be read.
    """
    coverage = coverage.sort_values("article_id")
    read = partial(attribute_documents, directory=Directory.of(actors))
    found = in_batches(read, _documents(coverage), params.processes, params.batch_articles, "attribute")
    sentences, attributions = [], []
    for article_id, text, attributed in zip(coverage["article_id"], coverage["text"], found, strict=True):
        for position, sentence in enumerate(attributed):
            sentence_id = f"{article_id}-{position:04d}"
            span = (sentence.start, sentence.end, text[sentence.start : sentence.end])
            sentences.append((sentence_id, article_id, position, *span))
            attributions += _rows(sentence_id, sentence)
    return (
        SENTENCES.frame(sentences),
        ATTRIBUTIONS.frame(attributions),
    )


def _documents(coverage: pd.DataFrame) -> Sequence[Document]:
    """Rows of coverage as what attribution reads."""
    dates = [None if pd.isna(date) else date.date() for date in coverage["published_date"]]
    columns = (coverage[name] for name in ("text", "title", "genre", "outlet", "outlet_country"))
    return [
        Document(text, title, date, genre, outlet, country)
        for (text, title, genre, outlet, country), date in zip(zip(*columns, strict=True), dates, strict=True)
    ]


def _rows(sentence_id: str, sentence: AttributedSentence) -> list[tuple[str | float, ...]]:
    """A row a holder, its columns in the contract's order."""
    return [
        (sentence_id, held.holder, held.side, held.kind, held.cue, held.attribution, held.score)
        for held in sentence.holders
    ]


def _summary(sentences: pd.DataFrame, attributions: pd.DataFrame) -> str:
    held = attributions[attributions["attribution"] != "narrator"]
    unknown = (held["holder_side"] == "unknown").mean() if len(held) else 0.0
    share = held["sentence_id"].nunique() / max(1, len(sentences))
    return (
        f"attribute: {len(sentences)} sentences, {share:.0%} of them with a holder; "
        f"side unknown for {unknown:.0%} of {len(held)} holders"
    )


def main(corpus: str) -> None:
    """Read coverage and actors, write sentences and attributions."""
    folder = store.corpus_folder(corpus)
    coverage = store.read_table(folder, COVERAGE)
    actors = store.read_csv(store.SEEDS / "actors.csv", ACTOR_COLUMNS)
    sentences, attributions = attribute(coverage, actors, read_params().attribute)
    store.write_table(folder, SENTENCES, sentences)
    store.write_table(folder, ATTRIBUTIONS, attributions)
    typer.echo(_summary(sentences, attributions), err=True)
