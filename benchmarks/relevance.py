"""How well the gate and the theme model tell articles about the two countries' trade and security, and their themes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from benchmarks.attribution import is_development
from pipeline import store
from pipeline.methods.classification import (
    class_counts,
    f1,
    macro_f1,
    match_counts,
    precision,
    recall,
    score,
    share,
)
from pipeline.methods.encoders import make_encoder
from pipeline.methods.statements import rows_of
from pipeline.methods.themes import OFF_TOPIC, ThemeModel, best_themes, judged_themes
from pipeline.params import read_params
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES, UNRELATED_ARTICLES
from pipeline.tables.vectors import ARTICLE_VECTORS
from pipeline.text.articles import whole_text
from pipeline.text.gate import passes_gate
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets, one_spelling
from pipeline.text.passages import compile_terms
from pipeline.vector_cache import VectorCache, embed_texts

CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 49
FOLDER = store.MODELS / "themes"


def main(
    real_news: Annotated[
        Path | None, typer.Option(help="Folder of gold by sentence, JSON Lines with relevant and theme.")
    ] = None,
    intake: Annotated[
        Path | None, typer.Option(help="Feed items, JSON Lines: title, text, outlet; nearly all off topic.")
    ] = None,
) -> None:
    """Print relevance, themes and the gate beside gold, with intervals by a bootstrap of stories.

    The seeds are judged by the models that have not seen their fold, real news by the whole one.
    Features were chosen on the seeds and on the real news whose id has an even SHA-256. Unweighted. The
    seeds are read from data/ and models/, so `make report` comes first.
    """
    gold = _seed_articles()
    if real_news is not None:
        gold = pd.concat([gold, _real_articles(real_news)], ignore_index=True)
    typer.echo(f"{'gold':26}{'score':28}{'value':>8}{'low':>8}{'high':>8}{'n':>6}")
    for name, part in gold.groupby("part", sort=False):
        _print_scores(str(name), part)
    _print_gate(gold, intake)


def _seed_articles() -> pd.DataFrame:
    """Labelled articles with the probabilities of the models that have not seen them."""
    articles = store.read_table(store.LABELS, LABELLED_ARTICLES)
    sentences = store.read_table(store.LABELS, LABELLED_SENTENCES)
    holding = set(sentences.loc[sentences["target"] != "none", "article_id"])
    vectors = store.read_vectors(store.LABELS, ARTICLE_VECTORS)
    parts = []
    for fold, part in articles.groupby("fold"):
        parts.append(_judged(part, rows_of(vectors, part["article_id"].tolist()), f"fold_{fold}"))
    judged = pd.concat(parts, ignore_index=True)
    return judged.assign(part=judged["corpus"], holds=judged["article_id"].isin(holding)).sort_values(
        ["part", "article_id"], ignore_index=True
    )


def _real_articles(folder: Path) -> pd.DataFrame:
    """Articles of real news, judged by the whole model."""
    rows = [row for path in store.list_files(folder) for row in store.read_json_lines(path)]
    texts = [" ".join(row["sentences"]) for row in rows]
    articles = pd.DataFrame(
        {
            "article_id": [row["id"] for row in rows],
            "story_id": [row["id"] for row in rows],
            "theme": [row["theme"] if row["relevant"] else OFF_TOPIC for row in rows],
            "title": [row["title"] or "" for row in rows],
            "text": texts,
            "outlet_country": _countries(rows),
            "holds": [bool(row["statements"]) for row in rows],
        }
    )
    params = read_params().embed
    encoder = make_encoder(params.encoder, params.max_tokens, params.batch_tokens)
    whole = [whole_text(*pair) for pair in zip(articles["title"], articles["text"], strict=True)]
    judged = _judged(articles, embed_texts(whole, encoder, VectorCache.open()), "whole")
    halves = np.where(judged["article_id"].map(is_development), "developed on", "held out")
    judged["part"] = [f"real news, {half}" for half in halves]
    return pd.concat([judged, judged.assign(part="real news, all")], ignore_index=True)


def _judged(articles: pd.DataFrame, vectors: np.ndarray, name: str) -> pd.DataFrame:
    """The articles with the theme that gate and model give them, and the best one whatever their relevance."""
    model = ThemeModel.from_arrays(*store.read_model(FOLDER, name))
    found = model.probabilities(articles["title"].tolist(), articles["text"].tolist(), vectors)
    judged = np.where(_passing(articles), judged_themes(found, model.themes), OFF_TOPIC)
    return articles.assign(judged=judged, best=best_themes(found, model.themes))


def _passing(articles: pd.DataFrame) -> pd.Series:
    """Which articles pass the gate."""
    names = read_params().clean.passage_terms.model_dump()
    terms = {country: compile_terms(patterns) for country, patterns in names.items()}
    columns = (articles[name] for name in ("title", "text", "outlet_country"))
    found = [passes_gate(*each, terms) for each in zip(*columns, strict=True)]
    return pd.Series(found, index=articles.index, dtype=bool)


def _countries(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    known = known_outlets(store.read_csv(store.SEEDS / "outlets.csv", OUTLET_COLUMNS))
    spelled = one_spelling([row["outlet"] or "" for row in rows], known)
    return [spelled[row["outlet"] or ""].country for row in rows]


def _print_scores(name: str, articles: pd.DataFrame) -> None:
    gold, judged = articles["theme"].to_numpy(dtype=str), articles["judged"].to_numpy(dtype=str)
    relevant = gold != OFF_TOPIC
    matches = match_counts(relevant, judged != OFF_TOPIC)
    always = match_counts(relevant, np.ones_like(relevant))
    right = np.stack([judged == gold, np.ones(len(gold))], axis=1)
    sorted_right = np.stack([(articles["best"].to_numpy() == gold) & relevant, relevant], axis=1)
    classes = sorted(set(gold) | set(judged))
    for label, counts, statistic in (
        ("relevance precision", matches, precision),
        ("relevance recall", matches, recall),
        ("relevance F1", matches, f1),
        ("  of always yes", always, f1),
        ("theme accuracy", right, share),
        ("  of relevant articles", sorted_right, share),
        ("theme macro-F1", class_counts(gold, judged, classes), macro_f1),
    ):
        found = score(
            np.asarray(counts, dtype=np.float64),
            articles["story_id"].tolist(),
            np.ones(len(articles)),
            statistic,
            CONFIDENCE,
            RESAMPLES,
            SEED,
        )
        shown = "".join(f"{'-' if each is None else f'{each:.3f}':>8}" for each in found or [None] * 3)
        typer.echo(f"{name:26}{label:28}{shown}{len(articles):>6}")


def _print_gate(gold: pd.DataFrame, intake: Path | None) -> None:
    """The gate's recall on gold that is relevant or holds a statement, and the share of other documents dropped."""
    once = gold.drop_duplicates("article_id")
    passes, wanted = _passing(once), (once["theme"] != OFF_TOPIC) | once["holds"]
    typer.echo(f"{'gate':54}{'share':>8}{'n':>8}")
    named = once["part"].str.partition(",")[0]
    for name in [*named.unique(), "all"]:
        chosen = wanted & ((named == name) | (name == "all"))
        typer.echo(f"{f'recall, {name}':54}{passes[chosen].mean():>8.3f}{chosen.sum():>8}")
    known = store.read_table(store.LABELS, UNRELATED_ARTICLES)
    for corpus, others in known.groupby("corpus"):
        kept = _passing(others).mean()
        typer.echo(f"{f'dropped, off topic in {corpus}':54}{1 - kept:>8.3f}{len(others):>8}")
    if intake is not None:
        rows = store.read_json_lines(intake)
        items = pd.DataFrame({name: [row[name] or "" for row in rows] for name in ("title", "text")})
        dropped = 1 - _passing(items.assign(outlet_country=_countries(rows))).mean()
        typer.echo(f"{'dropped, feed items':54}{dropped:>8.3f}{len(items):>8}")
