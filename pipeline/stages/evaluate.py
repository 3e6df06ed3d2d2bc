"""Score the steps against gold: how far they can be trusted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from pipeline import store
from pipeline.methods.scores import Held, holder_side_scores, share_interval
from pipeline.params import Evaluate, read_params
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.stories import STORIES

Detail = dict[str, Any]  # value, low, high, n

TABLES = (ARTICLES, QUARANTINE, COVERAGE, STORIES, SENTENCES, ATTRIBUTIONS)
# Metric: the score of holder_side_scores and the count that it is a share of.
ATTRIBUTION_SCORES = {
    "attribution_side_found": ("side", "n_statements"),
    "attribution_holder_and_side_found": ("holder_and_side", "n_statements"),
    "attribution_side_unknown": ("side_unknown", "n_statements"),
    "attribution_without_statement": ("attributed_without_statement", "n_without_statement"),
}


def evaluate(
    tables: Mapping[str, pd.DataFrame],
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    actors: Sequence[Mapping[str, str]],
    params: Evaluate,
) -> tuple[dict[str, float], dict[str, Detail]]:
    """Counts of a corpus's tables, and its attributions beside gold.

    Args:
        tables: `TABLES` of one corpus, by name.
        labelled_articles: of that corpus; without rows where it has no labels.
        labelled_sentences: of those articles.
        actors: rows of actors.csv, for the names that one holder goes by.
        params: the section `evaluate`.

    Returns:
        Flat metrics; and for those that are shares of gold, weighted to the corpus, also low and high
        (None where too few stories show how the share varies) and n, the unweighted cases.
    """
    attributions, sentences = tables["attributions"], tables["sentences"]
    spoken = attributions.loc[attributions["attribution"] != "narrator", "sentence_id"].nunique()
    metrics: dict[str, float] = {
        "documents": len(tables["articles"]) + len(tables["quarantine"]),
        "documents_in_quarantine": len(tables["quarantine"]),
        "articles_in_coverage": len(tables["coverage"]),
        "stories": tables["stories"]["story_id"].nunique(),
        "sentences": len(sentences),
        "sentences_with_holder_share": spoken / max(1, len(sentences)),
        "labelled_articles": len(labelled_articles),
    }
    details = _attribution_details(attributions, labelled_articles, labelled_sentences, actors, params)
    metrics |= {name: detail["value"] for name, detail in details.items()}
    return {name: round(value, 4) for name, value in metrics.items()}, details


def _attribution_details(
    attributions: pd.DataFrame,
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    actors: Sequence[Mapping[str, str]],
    params: Evaluate,
) -> dict[str, Detail]:
    """Each attribution score with its interval over stories and its n."""
    cases = _cases_of_articles(attributions, labelled_articles, labelled_sentences, actors)
    details: dict[str, Detail] = {}
    for name, (share, count) in ATTRIBUTION_SCORES.items():
        n = int(cases[count].sum())
        if not n:
            continue
        wholes = cases[count] * cases["weight"]
        of_story = (
            pd.DataFrame({"part": cases[share] * wholes, "whole": wholes}).groupby(cases["story_id"]).sum()
        )
        part, whole = of_story["part"].tolist(), of_story["whole"].tolist()
        interval = share_interval(part, whole, params.confidence, params.resamples, params.seed)
        low, high = (round(end, 4) for end in interval) if interval else (None, None)
        details[name] = {"value": round(sum(part) / sum(whole), 4), "low": low, "high": high, "n": n}
    return details


def _cases_of_articles(
    attributions: pd.DataFrame,
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    actors: Sequence[Mapping[str, str]],
) -> pd.DataFrame:
    """Scores of each labelled article that has a coded sentence, its story_id, and how many articles it stands for."""
    ordered = attributions.sort_values(
        ["sentence_id", "holder_score"], ascending=[True, False], kind="stable"
    )
    found = ordered[ordered["sentence_id"].isin(set(labelled_sentences["sentence_id"]))]
    aliases = {actor["name"]: actor["aliases"].split("|") for actor in actors}
    coded = dict(list(labelled_sentences.groupby("article_id")))
    articles = labelled_articles[labelled_articles["article_id"].isin(coded)].sort_values("article_id")
    rows = []
    for article_id in articles["article_id"]:
        gold = coded[article_id]
        statements = gold[gold["target"] != "none"]
        idle = set(gold.loc[gold["target"] == "none", "sentence_id"])
        held = _held(found[found["sentence_id"].isin(set(gold["sentence_id"]))])
        rows.append(holder_side_scores(_held(statements), held, idle, aliases))
    names = dict.fromkeys(name for pair in ATTRIBUTION_SCORES.values() for name in pair)
    weights = 1 / articles["inclusion_probability"].to_numpy()
    return pd.DataFrame(rows, columns=list(names)).assign(
        story_id=articles["story_id"].to_numpy(), weight=weights
    )


def _held(frame: pd.DataFrame) -> list[Held]:
    columns: list[Any] = [frame[name] for name in ("sentence_id", "holder", "holder_side", "holder_kind")]
    return [Held(*row) for row in zip(*columns, strict=True)]


def main(corpus: str) -> None:
    """Read tables and gold, write metrics/<corpus>.json and metrics/<corpus>_details.json."""
    folder = store.corpus_folder(corpus)
    tables = {table.name: store.read_table(folder, table) for table in TABLES}
    articles = store.read_table(store.LABELS, LABELLED_ARTICLES)
    articles = articles[articles["corpus"] == corpus]
    sentences = store.read_table(store.LABELS, LABELLED_SENTENCES)
    sentences = sentences[sentences["article_id"].isin(set(articles["article_id"]))]
    actors = store.read_csv(store.SEEDS / "actors.csv", ("name", "aliases"))
    metrics, details = evaluate(tables, articles, sentences, actors, read_params().evaluate)
    store.write_json(Path("metrics") / f"{corpus}.json", metrics)
    store.write_json(Path("metrics") / f"{corpus}_details.json", details)
    typer.echo("evaluate: " + ", ".join(f"{name} {value:g}" for name, value in metrics.items()), err=True)
