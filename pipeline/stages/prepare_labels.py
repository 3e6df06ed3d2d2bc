"""Gold of the seeds: labels carried through cleaning onto articles and sentences, with folds and vectors."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import typer

from pipeline import store
from pipeline.methods.encoders import make_encoder
from pipeline.params import Attribute, Params, read_params
from pipeline.seeds import CleanSeeds, assign_folds, clean_seeds
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES, UNRELATED_ARTICLES
from pipeline.tables.vectors import ARTICLE_VECTORS, SENTENCE_VECTORS
from pipeline.tables.words import CODED_KINDS, CODED_SIDES, STANCES
from pipeline.text.articles import whole_text
from pipeline.text.gold import check_labels, gold_sentences
from pipeline.text.label_fields import Codebook
from pipeline.text.outlets import OUTLET_COLUMNS
from pipeline.text.sentences import split_sentences
from pipeline.vector_cache import VectorCache, embed_texts

Row = Mapping[str, Any]
FILES = ("articles", "article_labels", "statement_labels")
UNRELATED = "other_articles"  # a file that a labelled corpus may have besides


class Labels(NamedTuple):
    """Tables of data/labels, and every sentence of the labelled articles by its id."""

    articles: pd.DataFrame
    sentences: pd.DataFrame
    unrelated: pd.DataFrame
    texts: dict[str, str]


def prepare_labels(
    corpora: Mapping[str, Mapping[str, Sequence[Row]]],
    outlets: Sequence[Row],
    codebook: Codebook,
    params: Params,
) -> Labels:
    """Labelled articles and sentences of all labelled corpora, and documents known to be off topic.

    Args:
        corpora: by name, rows of each of `FILES`, and of `UNRELATED` where the corpus has it.
        outlets: rows of outlets.csv.
        codebook: the closed lists that labels are coded in.
        params: all of params.yaml: ingest, clean, group and attribute work as for any corpus.

    Raises:
        LabelsError: a label does not fit its article.
    """
    articles, sentences = [], []
    unrelated: list[pd.DataFrame] = [UNRELATED_ARTICLES.empty()]
    texts: dict[str, str] = {}
    learned: list[CleanSeeds] = []
    for corpus, files in corpora.items():
        seeds = clean_seeds(corpus, files["articles"], outlets, params)
        bodies = {row["source_id"]: row["body"] for row in seeds.rows}
        check_labels(corpus, files["article_labels"], files["statement_labels"], bodies, codebook)
        articles.append(_labelled_articles(corpus, seeds, files["article_labels"]))
        gold, split = _labelled_sentences(seeds, files, params.attribute)
        sentences.append(gold)
        texts |= split
        learned.append(seeds)
        if files.get(UNRELATED):
            others = clean_seeds(f"{corpus}/{UNRELATED}", files[UNRELATED], outlets, params)
            unrelated.append(_unrelated_articles(corpus, others))
            learned.append(others)
    folds = assign_folds(learned, params)
    labelled, known = (
        joined.assign(fold=joined["article_id"].map(folds).astype("int64"))
        for joined in (pd.concat(each, ignore_index=True) for each in (articles, unrelated))
    )
    return Labels(labelled, pd.concat(sentences, ignore_index=True), known, texts)


def _labelled_articles(corpus: str, seeds: CleanSeeds, labels: Sequence[Row]) -> pd.DataFrame:
    """The labels by article; a story is in the stratum of its first labelled article."""
    columns = ["id", "relevant", "theme", "stratum", "inclusion_probability"]
    coded = pd.DataFrame(labels)[columns].rename(columns={"id": "source_id"})
    table = seeds.table().merge(coded, on="source_id").assign(corpus=corpus)
    first = table.sort_values(["published_date", "source_id"], na_position="last").drop_duplicates("story_id")
    table["story_stratum"] = table["story_id"].map(first.set_index("story_id")["stratum"])
    return table


def _unrelated_articles(corpus: str, seeds: CleanSeeds) -> pd.DataFrame:
    """Documents known to be off topic; those that cleaning would drop are left out."""
    kept = seeds.table()[[not document.dropped for document in seeds.cleaned]]
    return kept.drop(columns=["published_date", "story_id"]).assign(corpus=corpus)


def _labelled_sentences(
    seeds: CleanSeeds, files: Mapping[str, Sequence[Row]], params: Attribute
) -> tuple[pd.DataFrame, dict[str, str]]:
    """A row a gold statement, and one a coded sentence that holds none; and every sentence by its id."""
    place = {row["source_id"]: i for i, row in enumerate(seeds.rows)}
    labels = files["article_labels"]
    statements: dict[str, list[Row]] = {label["id"]: [] for label in labels}
    for statement in files["statement_labels"]:
        statements[statement["id"]].append(statement)
    texts = [seeds.cleaned[place[label["id"]]].text for label in labels]
    split = split_sentences(texts, params.processes, params.batch_articles)
    table: list[dict[str, Any]] = []
    sentences: dict[str, str] = {}
    for label, text, spans in zip(labels, texts, split, strict=True):
        row, document = seeds.rows[place[label["id"]]], seeds.cleaned[place[label["id"]]]
        ids = [f"{row['article_id']}-{position:04d}" for position in range(len(spans))]
        sentences |= {key: text[start:end] for key, (start, end) in zip(ids, spans, strict=True)}
        coded = label.get("coded_spans", [(0, len(row["body"]))])
        if document.dropped:
            coded = []  # it has no place in the coverage, so nothing is learned from what it does not say
        for gold in gold_sentences(statements[label["id"]], coded, spans, document.raw_spans):
            key = ids[gold.position]
            place_of = {"sentence_id": key, "article_id": row["article_id"], "text": sentences[key]}
            table.append({**vars(gold), **place_of})
    return pd.DataFrame(table), sentences


def main() -> None:
    """Read the labelled seeds, write data/labels."""
    params = read_params()
    corpora = {name: store.read_seeds(name, FILES, (UNRELATED,)) for name in params.prepare_labels.corpora}
    targets = [row["target"] for row in store.read_yaml(store.SEEDS / "targets.yaml")]
    themes = [row["theme"] for row in store.read_csv(store.SEEDS / "themes.csv", ("theme",))]
    codebook = Codebook(targets, themes, STANCES, CODED_SIDES, CODED_KINDS)
    outlets = store.read_csv(store.SEEDS / "outlets.csv", OUTLET_COLUMNS)
    labels = prepare_labels(corpora, outlets, codebook, params)
    store.write_table(store.LABELS, LABELLED_ARTICLES, labels.articles)
    store.write_table(store.LABELS, LABELLED_SENTENCES, labels.sentences)
    store.write_table(store.LABELS, UNRELATED_ARTICLES, labels.unrelated)
    encoder = make_encoder(params.embed.encoder, params.embed.max_tokens, params.embed.batch_tokens)
    documents = pd.concat([labels.articles, labels.unrelated])
    whole = map(whole_text, documents["title"], documents["text"])
    articles = dict(zip(documents["article_id"], whole, strict=True))
    for table, texts in ((ARTICLE_VECTORS, articles), (SENTENCE_VECTORS, labels.texts)):
        vectors = embed_texts(list(texts.values()), encoder, VectorCache.open())
        store.write_vectors(store.LABELS, table, list(texts), vectors)
    held = int((labels.sentences["target"] != "none").sum())
    typer.echo(
        f"prepare_labels: {len(labels.articles)} labelled articles, {len(labels.unrelated)} known to be off topic; "
        f"{held} statements and {len(labels.sentences) - held} coded sentences without one",
        err=True,
    )
