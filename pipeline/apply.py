"""Apply the fitted models to new articles, without fitting anything."""

import time
from pathlib import Path

import pandas as pd
import typer

from pipeline import store
from pipeline.fitted import read_judges, read_topic_model
from pipeline.methods.encoders import make_encoder
from pipeline.methods.statements import Vectors, rows_of
from pipeline.methods.topics import TopicModel
from pipeline.params import Params, read_params
from pipeline.stages.attribute import attribute
from pipeline.stages.classify import classify
from pipeline.stages.clean import clean
from pipeline.stages.embed import embed
from pipeline.stages.group import group
from pipeline.stages.ingest import ingest, read_path, summarise
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.contract import Table
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.tables.labels import LABELLED_ARTICLES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE, ARTICLE_THEMES, WHOLE_MODEL
from pipeline.tables.topics import ARTICLE_TOPICS
from pipeline.text.actors import ACTOR_COLUMNS
from pipeline.text.outlets import OUTLET_COLUMNS
from pipeline.vector_cache import VectorCache


def main(articles: Path, out: Path, corpus: str) -> None:
    """Write the tables of new articles into a folder, as Parquet by the contracts of every corpus.

    Args:
        articles: file or folder of articles.
        out: folder of the tables; what it holds of theirs is replaced.
        corpus: whose topic model is applied; article ids are made as that corpus's are, so a
            document of it keeps its id.

    Raises:
        StoreError: there is nothing at the path, or a model is missing or damaged.
        ValueError: not one article could be read.
    """
    started = time.perf_counter()
    params = read_params()
    params.corpus(corpus)
    topics = read_topic_model(corpus)
    judges = read_judges()
    judges(WHOLE_MODEL)  # a damaged one is refused before work begins
    read, quarantine = ingest(corpus, read_path(articles, params.ingest), params.ingest)
    for line in summarise(read, quarantine):
        typer.echo(f"apply: {line}", err=True)
    store.write_table(out, QUARANTINE, quarantine)
    if read.empty:
        raise ValueError(
            f"not one article could be read at {articles}; {store.table_path(out, QUARANTINE)} has the reasons, "
            f"and `python -m pipeline inspect {articles}` shows what was recognised"
        )
    tables = {ARTICLES: read, **cleaned(read, params)}
    encoder = make_encoder(params.embed.encoder, params.embed.max_tokens, params.embed.batch_tokens)
    vectors = embed(tables[COVERAGE], tables[SENTENCES], encoder, VectorCache.open())
    article_vectors = (vectors.article_ids, vectors.article_vectors)
    judged = classify(
        {table.name: frame for table, frame in tables.items()},
        article_vectors,
        (vectors.sentence_ids, vectors.sentence_vectors),
        LABELLED_ARTICLES.empty(),
        judges,
        params,
    )
    tables[ARTICLE_RELEVANCE] = judged.article_relevance
    tables[ARTICLE_THEMES] = judged.article_themes
    tables[STATEMENTS] = judged.statements
    tables[ARTICLE_TOPICS] = assign_topics(judged.article_relevance, article_vectors, topics)
    for table, frame in tables.items():
        store.write_table(out, table, frame)
    typer.echo(
        f"apply: {len(tables[COVERAGE])} articles, {int(judged.article_relevance['is_relevant'].sum())} relevant, "
        f"{len(judged.statements)} statements, {time.perf_counter() - started:.1f} s; tables in {out}",
        err=True,
    )


def cleaned(articles: pd.DataFrame, params: Params) -> dict[Table, pd.DataFrame]:
    """Coverage, stories, sentences and attributions of articles, and what cleaning left out."""
    outlets = store.read_csv(store.SEEDS / "outlets.csv", OUTLET_COLUMNS)
    actors = store.read_csv(store.SEEDS / "actors.csv", ACTOR_COLUMNS)
    coverage, removed, dropped = clean(articles, outlets, params.clean)
    sentences, attributions = attribute(coverage, actors, params.attribute)
    return {
        COVERAGE: coverage,
        REMOVED_LINES: removed,
        DROPPED_ARTICLES: dropped,
        STORIES: group(coverage, params.group),
        SENTENCES: sentences,
        ATTRIBUTIONS: attributions,
    }


def assign_topics(relevance: pd.DataFrame, vectors: Vectors, model: TopicModel) -> pd.DataFrame:
    """The topic of every relevant article, by a model that is fitted already."""
    ids = relevance.loc[relevance["is_relevant"], "article_id"].tolist()
    topics, weights = model.assign(rows_of(vectors, ids))
    return pd.DataFrame({"article_id": ids, "topic_id": topics, "weight": weights})
