"""Score the steps against gold: how far they can be trusted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import typer

from pipeline import store
from pipeline.beside_gold import (
    Cases,
    Gold,
    article_cases,
    attribution_cases,
    pair_cases,
    pair_frame,
    reliability,
    stance_cases,
    stance_frame,
    statement_cases,
    theme_confusion,
)
from pipeline.methods.classification import score
from pipeline.params import Classify, Evaluate, read_params
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.statements import JUDGED_SENTENCES, STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE

TABLES = (ARTICLES, QUARANTINE, COVERAGE, STORIES, SENTENCES, ATTRIBUTIONS, ARTICLE_RELEVANCE, STATEMENTS)
LABELS = (LABELLED_ARTICLES, LABELLED_SENTENCES, JUDGED_SENTENCES)
# Those of the scores that stand in metrics/<corpus>.json; all of them stand in its details.
SCORES_SHOWN = (
    *("relevance_f1", "theme_accuracy", "target_f1", "target_calibration_error"),
    *("stance_macro_f1", "statement_f1", "attribution_side_found"),
)
# Of the topic model's card, by the name that each has among the metrics.
TOPIC_SCORES = {
    "topics": "topics",
    "coherence": "topic_coherence",
    "stability": "topic_stability",
    "outlier_share": "topic_outlier_share",
}


class Evaluation(NamedTuple):
    """Flat metrics, every score and count behind them, and the tables of its plots."""

    metrics: dict[str, float]
    details: dict[str, dict[str, Any]]
    plots: dict[str, pd.DataFrame]


def evaluate(
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, pd.DataFrame],
    topic_scores: Mapping[str, float | None],
    actors: Sequence[Mapping[str, str]],
    themes: Sequence[str],
    params: Evaluate,
    thresholds: Classify,
) -> Evaluation:
    """What the steps found in one corpus, beside its gold.

    Args:
        tables: `TABLES` of the corpus, by name.
        labels: `LABELS`, those of this corpus only; without rows where it has none.
        topic_scores: of the card of the corpus's topic model; None where there are no topics.
        actors: rows of actors.csv, for the names that one holder goes by.
        themes: of the codebook.
        params: the section `evaluate`.
        thresholds: the section `classify`.

    Returns:
        Scores are weighted to the corpus and have low and high (None where too few stories show how
        they vary) and n, the unweighted cases; without labels there are none.
    """
    gold = Gold.of(*(labels[table.name] for table in (LABELLED_ARTICLES, LABELLED_SENTENCES)))
    pairs = pair_frame(gold, labels[JUDGED_SENTENCES.name])
    stated = stance_frame(gold, labels[JUDGED_SENTENCES.name])
    cases: dict[str, Cases] = {}
    if len(gold.articles):
        cases |= article_cases(gold, tables["article_relevance"], themes)
        cases |= pair_cases(pairs, thresholds.statement) | stance_cases(stated)
        cases |= statement_cases(gold, tables["statements"])
        cases |= attribution_cases(gold, tables["attributions"], actors)
    found = {name: _detail(each, params) for name, each in cases.items()}
    scores = {name: detail for name, detail in found.items() if detail}
    counts = {**_counts(tables), "labelled_articles": len(gold.articles)}
    metrics: dict[str, float] = {"articles_in_coverage": counts["articles_in_coverage"]}
    metrics |= {name: scores[name]["value"] for name in SCORES_SHOWN if name in scores}
    of_topics = ((TOPIC_SCORES[name], topic_scores[name]) for name in TOPIC_SCORES)
    metrics |= {name: value for name, value in of_topics if value is not None}
    details: dict[str, dict[str, Any]] = {"scores": scores, "counts": counts, "topics": dict(topic_scores)}
    plots = {
        "reliability": reliability(pairs),
        "theme_confusion": theme_confusion(gold, tables["article_relevance"]),
        "stance_confusion": stated[["stance", "found"]].rename(columns={"stance": "gold"}),
    }
    return Evaluation({name: round(value, 4) for name, value in metrics.items()}, details, plots)


def _detail(cases: Cases, params: Evaluate) -> dict[str, Any]:
    """A score with its interval over stories and its n; empty where it is not defined."""
    found = score(
        cases.counts,
        cases.stories,
        cases.weights,
        cases.statistic,
        params.confidence,
        params.resamples,
        params.seed,
    )
    if found is None:
        return {}
    low, high = (None if end is None else round(end, 4) for end in (found.low, found.high))
    return {"value": round(found.value, 4), "low": low, "high": high, "n": cases.n}


def _counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    attributions, relevance = tables["attributions"], tables["article_relevance"]
    spoken = attributions.loc[attributions["attribution"] != "narrator", "sentence_id"]
    return {
        "documents": len(tables["articles"]) + len(tables["quarantine"]),
        "documents_in_quarantine": len(tables["quarantine"]),
        "articles_in_coverage": len(tables["coverage"]),
        "articles_past_the_gate": int(relevance["passes_gate"].sum()),
        "relevant_articles": int(relevance["is_relevant"].sum()),
        "stories": tables["stories"]["story_id"].nunique(),
        "sentences": len(tables["sentences"]),
        "sentences_with_holder": spoken.nunique(),
        "statements": len(tables["statements"]),
    }


def main(corpus: str) -> None:
    """Read tables, gold and the topic model's card, write metrics/<corpus>.json, its details and plots."""
    folder, params = store.corpus_folder(corpus), read_params()
    tables = {table.name: store.read_table(folder, table) for table in TABLES}
    labels = {table.name: store.read_table(store.LABELS, table) for table in LABELS}
    articles = labels["labelled_articles"]
    labels["labelled_articles"] = articles[articles["corpus"] == corpus]
    actors = store.read_csv(store.SEEDS / "actors.csv", ("name", "aliases"))
    themes = [row["theme"] for row in store.read_csv(store.SEEDS / "themes.csv", ("theme",))]
    topic_scores = store.read_card(store.MODELS / "topics" / corpus)["scores"]
    found = evaluate(tables, labels, topic_scores, actors, themes, params.evaluate, params.classify)
    for name, value in ((corpus, {corpus: found.metrics}), (f"{corpus}_details", found.details)):
        store.write_json(Path("metrics") / f"{name}.json", value)
    for name, table in found.plots.items():
        store.write_csv(Path("metrics") / f"{corpus}_{name}.csv", table)
    typer.echo(
        "evaluate: " + ", ".join(f"{name} {value:g}" for name, value in found.metrics.items()), err=True
    )
