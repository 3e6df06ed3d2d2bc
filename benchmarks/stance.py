"""How well the stance model finds which targets a sentence takes up, and which way."""

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from benchmarks.attribution import is_development
from pipeline import store
from pipeline.beside_gold import Cases, Gold, pair_cases, pair_frame, stance_cases, stance_frame
from pipeline.methods.classification import score
from pipeline.methods.encoders import make_encoder
from pipeline.methods.stances import StanceModel
from pipeline.methods.statements import STANCES, Vectors, find_sentences
from pipeline.params import read_params
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.statements import JUDGED_SENTENCES
from pipeline.text.articles import whole_text
from pipeline.vector_cache import VectorCache, embed_texts

CONFIDENCE = 0.95
RESAMPLES = 1000
SEED = 49
FOLDER = store.MODELS / "stance"
SHOWN = (
    *("target_f1", "target_precision", "target_recall", "target_macro_f1", "target_calibration_error"),
    *("stance_macro_f1", "stance_accuracy", "stance_calibration_error"),
    *(f"stance_{kind}_holders_{side}" for kind in ("accuracy", "lean") for side in ("us", "canada")),
)


def main(
    real_news: Annotated[
        Path | None,
        typer.Option(help="Folder of gold by sentence, JSON Lines: sentences, statements, title."),
    ] = None,
) -> None:
    """Print scores of detection and stance beside gold, with intervals by a bootstrap of stories.

    The seeds are judged by the models that have not seen their fold, real news by the whole one, at
    classify.statement. Features, penalties and threshold were chosen on the seeds; how statements are
    weighted, and that quotation marks are no words, with an eye on the real news whose id has an even
    SHA-256. The seeds are read from data/ and models/, so `make report` comes first.
    """
    threshold = read_params().classify.statement
    typer.echo(
        f"{'gold':26}{'score at ' + format(threshold, 'g'):34}{'value':>8}{'low':>8}{'high':>8}{'n':>8}"
    )
    articles = store.read_table(store.LABELS, LABELLED_ARTICLES)
    sentences = store.read_table(store.LABELS, LABELLED_SENTENCES)
    judged = store.read_table(store.LABELS, JUDGED_SENTENCES)
    for corpus in sorted(set(articles["corpus"])):
        own = articles[articles["corpus"] == corpus]
        inside = sentences[sentences["article_id"].isin(set(own["article_id"]))]
        _print(f"{corpus}, weighted", Gold.of(own, inside), judged, threshold)
        _print(corpus, Gold.of(own.assign(inclusion_probability=1.0), inside), judged, threshold)
    if real_news is not None:
        files = store.list_files(real_news)
        rows = [row for file in files for row in store.read_json_lines(file)]
        halves = {
            "real news": rows,
            "real news, even id": [row for row in rows if is_development(row["id"])],
            "real news, odd id": [row for row in rows if not is_development(row["id"])],
        }
        judged = _judge(rows)
        for name, half in halves.items():
            _print(name, _gold_of(half), judged, threshold)


def _print(name: str, gold: Gold, judged: pd.DataFrame, threshold: float) -> None:
    cases: dict[str, Cases] = pair_cases(pair_frame(gold, judged), threshold)
    cases |= stance_cases(stance_frame(gold, judged))
    for each in SHOWN:
        counts, stories, weights, statistic, n = cases[each]
        found = score(counts, stories, weights, statistic, CONFIDENCE, RESAMPLES, SEED)
        if found is None:
            continue
        ends = "".join(f"{end:8.3f}" if end is not None else f"{'':8}" for end in (found.low, found.high))
        typer.echo(f"{name:26}{each:34}{found.value:8.3f}{ends}{n:8}")


def _key(row: dict[str, Any], position: int) -> str:
    """The id of a sentence of a real article."""
    return f"{row['id']}-{position:04d}"


def _judge(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Judged sentences of real articles, by the whole model."""
    texts = {_key(row, i): text for row in rows for i, text in enumerate(row["sentences"]) if text.strip()}
    whole = {row["id"]: whole_text(row["title"] or "", " ".join(row["sentences"])) for row in rows}
    sentences = find_sentences(list(texts), list(texts.values()), _embed(texts), _embed(whole))
    model = StanceModel.from_arrays(*store.read_model(FOLDER, "whole"))
    judgement = model.judge(sentences)
    frames = [
        pd.DataFrame(
            {"sentence_id": list(texts), "target": target.name, "p_target": judgement.p_target[:, i]}
        ).assign(**{f"p_{stance}": judgement.p_stance[:, i, j] for j, stance in enumerate(STANCES)})
        for i, target in enumerate(model.targets)
    ]
    return pd.concat(frames, ignore_index=True)


def _embed(texts: dict[str, str]) -> Vectors:
    params = read_params().embed
    encoder = make_encoder(params.encoder, params.max_tokens, params.batch_tokens)
    return list(texts), embed_texts(list(texts.values()), encoder, VectorCache.open())


def _gold_of(rows: list[dict[str, Any]]) -> Gold:
    """Gold of real articles, each a story of its own and of weight 1."""
    articles = pd.DataFrame({"article_id": [row["id"] for row in rows]})
    articles = articles.assign(
        story_id=articles["article_id"],
        inclusion_probability=1.0,
        outlet_country="unknown",
        published_date=[(row["published"] or "")[:10] or None for row in rows],
    )
    statements = [
        {"article_id": row["id"], "sentence_id": _key(row, statement["sentence"]), **statement}
        for row in rows
        for statement in row["statements"]
    ]
    held = {statement["sentence_id"] for statement in statements}
    idle = [
        {"article_id": row["id"], "sentence_id": _key(row, i), "target": "none", "stance": "none"}
        for row in rows
        for i, text in enumerate(row["sentences"])
        if text.strip() and _key(row, i) not in held
    ]
    return Gold.of(articles, pd.DataFrame(statements + idle))
