"""Gold of the seeds: labels carried through cleaning onto articles and sentences, with folds and vectors."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import typer

from pipeline import store
from pipeline.methods.encoders import make_encoder
from pipeline.params import Params, read_params
from pipeline.sources.articles import build_articles
from pipeline.sources.documents import Document
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES, UNRELATED_ARTICLES
from pipeline.tables.vectors import ARTICLE_VECTORS, SENTENCE_VECTORS
from pipeline.tables.words import CODED_KINDS, CODED_SIDES, STANCES
from pipeline.text.articles import whole_text
from pipeline.text.documents import CleanDocument, CleaningRules, clean_documents, document_of
from pipeline.text.gold import LabelsError, check_labels, gold_sentences
from pipeline.text.label_fields import Codebook
from pipeline.text.near_duplicates import find_stories, fold_of_stories
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets
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
    articles, sentences, unrelated, texts = [], [], [UNRELATED_ARTICLES.empty()], {}
    for corpus, files in corpora.items():
        rows, cleaned = _clean_seeds(corpus, files["articles"], outlets, params)
        bodies = {row["source_id"]: row["body"] for row in rows}
        check_labels(corpus, files["article_labels"], files["statement_labels"], bodies, codebook)
        articles.append(_labelled_articles(corpus, rows, cleaned, files["article_labels"], params))
        gold, split = _labelled_sentences(rows, cleaned, files, params)
        sentences.append(gold)
        texts |= split
        if files.get(UNRELATED):
            unrelated.append(_unrelated_articles(corpus, files[UNRELATED], outlets, params))
    tables = (pd.concat(each, ignore_index=True) for each in (articles, sentences, unrelated))
    return Labels(*tables, texts)


def _clean_seeds(
    corpus: str, documents: Sequence[Row], outlets: Sequence[Row], params: Params
) -> tuple[list[dict[str, Any]], list[CleanDocument]]:
    """Rows of articles and their cleaned documents, as stages ingest and clean make them."""
    rows, rejected = build_articles(
        [Document(corpus, number, row) for number, row in enumerate(documents, start=1)],
        corpus=corpus,
        fields=params.ingest.fields,
        earliest_date=params.ingest.earliest_date,
        latest_date=params.ingest.latest_date,
    )
    if rejected:
        raise LabelsError(f"seeds/{corpus}, article {rejected[0]['line']}: {rejected[0]['detail']}")
    rows.sort(key=lambda row: row["article_id"])
    plain = [document_of(row) for row in rows]
    return rows, list(
        clean_documents(plain, known_outlets(outlets), CleaningRules.of(params.clean.model_dump()))
    )


def _labelled_articles(
    corpus: str, rows: Sequence[Row], cleaned: Sequence[CleanDocument], labels: Sequence[Row], params: Params
) -> pd.DataFrame:
    """The labels by article, with the story that stage group finds among all articles of the corpus."""
    ids = [row["article_id"] for row in rows]
    dates = [row["published_at"].date() if row["published_at"] else None for row in rows]
    titles, texts = [document.title for document in cleaned], [document.text for document in cleaned]
    found = find_stories(ids, titles, texts, dates, **params.group.model_dump())
    stories = dict(zip(ids, found.story_ids, strict=True))
    date_of = dict(zip(ids, dates, strict=True))
    id_of = {row["source_id"]: row["article_id"] for row in rows}
    labels = sorted(labels, key=lambda label: (date_of[id_of[label["id"]]] or datetime.date.max, label["id"]))
    story_stratum: dict[str, str] = {}
    for label in labels:
        story_stratum.setdefault(stories[id_of[label["id"]]], label["stratum"])
    table = pd.DataFrame(labels)[["relevant", "theme", "stratum", "inclusion_probability"]]
    table["corpus"] = corpus
    table["source_id"] = [label["id"] for label in labels]
    table["article_id"] = table["source_id"].map(id_of)
    table["published_date"] = pd.to_datetime(table["article_id"].map(date_of))
    table["story_id"] = table["article_id"].map(stories)
    table["story_stratum"] = table["story_id"].map(story_stratum)
    table["fold"] = fold_of_stories(table["story_id"], params.prepare_labels.folds)
    document_of_id = dict(zip(ids, cleaned, strict=True))
    return table.assign(**_texts([document_of_id[key] for key in table["article_id"]]))


def _unrelated_articles(
    corpus: str, documents: Sequence[Row], outlets: Sequence[Row], params: Params
) -> pd.DataFrame:
    """Documents known to be off topic, as cleaning leaves them; those it would drop are left out."""
    rows, cleaned = _clean_seeds(f"{corpus}/{UNRELATED}", documents, outlets, params)
    kept = [(row, document) for row, document in zip(rows, cleaned, strict=True) if not document.dropped]
    rows, cleaned = [row for row, _ in kept], [document for _, document in kept]
    ids, dates = [row["article_id"] for row in rows], [row["published_at"] for row in rows]
    titles, texts = [document.title for document in cleaned], [document.text for document in cleaned]
    days = [date.date() if date else None for date in dates]
    stories = find_stories(ids, titles, texts, days, **params.group.model_dump()).story_ids
    table = pd.DataFrame({"article_id": ids, "source_id": [row["source_id"] for row in rows]})
    table["corpus"], table["fold"] = corpus, fold_of_stories(stories, params.prepare_labels.folds)
    return table.assign(**_texts(cleaned))


def _texts(documents: Sequence[CleanDocument]) -> dict[str, list[str]]:
    """The columns that say what stands in documents."""
    return {name: [getattr(each, name) for each in documents] for name in ("outlet_country", "title", "text")}


def _labelled_sentences(
    rows: Sequence[Row], cleaned: Sequence[CleanDocument], files: Mapping[str, Sequence[Row]], params: Params
) -> tuple[pd.DataFrame, dict[str, str]]:
    """A row a gold statement, and one a coded sentence that holds none; and every sentence by its id."""
    place = {row["source_id"]: i for i, row in enumerate(rows)}
    labels = files["article_labels"]
    statements: dict[str, list[Row]] = {label["id"]: [] for label in labels}
    for statement in files["statement_labels"]:
        statements[statement["id"]].append(statement)
    texts = [cleaned[place[label["id"]]].text for label in labels]
    split = split_sentences(texts, params.attribute.processes, params.attribute.batch_articles)
    table, sentences = [], {}
    for label, text, spans in zip(labels, texts, split, strict=True):
        row, document = rows[place[label["id"]]], cleaned[place[label["id"]]]
        ids = [f"{row['article_id']}-{position:04d}" for position in range(len(spans))]
        sentences |= {key: text[start:end] for key, (start, end) in zip(ids, spans, strict=True)}
        coded = label.get("coded_spans", [(0, len(row["body"]))])
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
    articles = {row.article_id: whole_text(row.title, row.text) for row in documents.itertuples()}
    for table, texts in ((ARTICLE_VECTORS, articles), (SENTENCE_VECTORS, labels.texts)):
        vectors = embed_texts(list(texts.values()), encoder, VectorCache.open())
        store.write_vectors(store.LABELS, table, list(texts), vectors)
    held = int((labels.sentences["target"] != "none").sum())
    typer.echo(
        f"prepare_labels: {len(labels.articles)} labelled articles, {len(labels.unrelated)} known to be off topic; "
        f"{held} statements and {len(labels.sentences) - held} coded sentences without one",
        err=True,
    )
