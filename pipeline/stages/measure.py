"""Estimate the declared contrasts from gold: docs/method.md, 'Contrasts from gold', has the specification."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import typer

from pipeline.methods.estimate import (
    Bar,
    Design,
    Labelling,
    Tally,
    articles_needed,
    false_discovery,
    meets_bar,
    net_stance_change_ci,
    number_by_appearance,
)
from pipeline.params import Measure, read_params
from pipeline.sources.contrasts import check_contrasts
from pipeline.store import LABELS, SEEDS, corpus_folder, read_table, read_yaml, write_table
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.words import SIDES


def main(corpus: str) -> None:
    """Read the labels and the declared contrasts, estimate those of a corpus, write them."""
    articles, sentences = (read_table(LABELS, table) for table in (LABELLED_ARTICLES, LABELLED_SENTENCES))
    subjects = {"stance": [target["target"] for target in read_yaml(SEEDS / "targets.yaml")]}
    contrasts = check_contrasts(read_yaml(SEEDS / "contrasts.yaml"), subjects, SIDES)
    frame = measure(articles, sentences, contrasts, corpus, read_params().measure)
    if frame.empty:
        typer.echo(f"measure: corpus {corpus} has no labels or no contrasts in contrasts.yaml", err=True)
    write_table(corpus_folder(corpus), CONTRASTS, frame)


def measure(
    labelled_articles: pd.DataFrame,
    labelled_sentences: pd.DataFrame,
    contrasts: Sequence[Mapping[str, Any]],
    corpus: str,
    params: Measure,
) -> pd.DataFrame:
    """The contrasts of a corpus, one row each, sorted by name; without rows where it has no labels or contrasts.

    Raises:
        ValueError: an article's story_stratum is not the stratum of its story's first labelled
            article, or an inclusion probability is not in (0, 1].
    """
    declared = [contrast for contrast in contrasts if corpus in contrast["corpora"]]
    articles = _in_order(labelled_articles[labelled_articles["corpus"] == corpus])
    if not declared or articles.empty:
        return CONTRASTS.empty()
    rows = [_row(contrast, articles, labelled_sentences, params) for contrast in declared]
    frame = pd.DataFrame(rows).sort_values(list(CONTRASTS.key), ignore_index=True)
    frame["p"] = frame["p"].where(frame["status"] == "claim")
    frame["q"] = false_discovery(frame["p"])
    return frame[list(CONTRASTS.schema.names)].astype({"n_needed": "Int64"})


def _in_order(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles in order of publication, undated ones last, checked for the stratum of their story."""
    dated = articles.assign(published_date=pd.to_datetime(articles["published_date"]))
    ordered = dated.sort_values(["published_date", "source_id"], na_position="last", ignore_index=True)
    story, first = number_by_appearance(ordered["story_id"])
    strayed = ordered["story_stratum"] != ordered["stratum"].to_numpy()[first][story]
    if strayed.any():
        stray = ordered[strayed].iloc[0]
        raise ValueError(
            f"labelled article {stray['source_id']}: story_stratum {stray['story_stratum']} is not the stratum "
            "of its story's first labelled article; rebuild the labels with `dvc repro prepare_labels`"
        )
    return ordered


def _row(
    contrast: Mapping[str, Any], articles: pd.DataFrame, sentences: pd.DataFrame, params: Measure
) -> dict[str, Any]:
    """One contrast, estimated; its p stands whether or not it is a claim, and q is still to come."""
    weights = 1 / articles["inclusion_probability"].to_numpy(dtype=np.float64)
    design = Design(
        weights=weights,
        stories=articles["story_id"].to_numpy(),
        strata=articles["stratum"].to_numpy(),
        finite=params.population == "corpus",
    )
    of_side = sentences["holder_side"] == contrast["group"]
    domain = sentences[of_side & (sentences["target"] == contrast["subject"])]
    published = [_published(articles["published_date"], contrast[period]) for period in ("before", "after")]
    before, after = (_tally(domain, articles["article_id"], within) for within in published)
    labellings = [
        Labelling(int((tally.statements > 0).sum()), int(within.sum()), float(weights[within].sum()))
        for tally, within in zip((before, after), published, strict=True)
    ]
    rng = np.random.default_rng([params.seed, zlib.crc32(contrast["contrast"].encode())])
    change = net_stance_change_ci(
        before, after, design, confidence=params.confidence, resamples=params.resamples, rng=rng
    )
    bar = Bar(params.claim_articles, params.census_claim_articles, params.census_share)
    is_met = all(meets_bar(labelling, bar) for labelling in labellings)
    is_claim = is_met and not np.isnan(change.low)
    evidence = domain["article_id"].isin(articles.loc[published[0] | published[1], "article_id"])
    return {
        **{key: contrast[key] for key in ("contrast", "family", "subject", "group", "label")},
        **{f"{p}_{end}": contrast[p][end] for p in ("before", "after") for end in ("from", "to")},
        **{key: getattr(change, key) for key in ("before", "after", "change", "low", "high", "p")},
        "n_labelled_before": labellings[0].bearing,
        "n_labelled_after": labellings[1].bearing,
        "n_needed": None if is_met and not is_claim else articles_needed(labellings, bar),
        "status": "claim" if is_claim else "described",
        "population": params.population,
        "method": "gold",
        "evidence": sorted(set(domain.loc[evidence, "sentence_id"])),
    }


def _published(dates: pd.Series, period: Mapping[str, Any]) -> np.ndarray:
    """Which articles were published in a period, first and last day included: (articles,) of bool."""
    return dates.between(pd.Timestamp(period["from"]), pd.Timestamp(period["to"])).to_numpy()


def _tally(statements: pd.DataFrame, article_ids: pd.Series, within: np.ndarray) -> Tally:
    """Statements in each article, none in those outside a period."""
    lean = statements["stance"].map({"favor": 1.0, "neutral": 0.0, "against": -1.0}).astype(float)
    sums = lean.groupby(statements["article_id"]).agg(["sum", "count"]).reindex(article_ids, fill_value=0.0)
    return Tally(lean=sums["sum"].to_numpy(float) * within, statements=sums["count"].to_numpy(float) * within)
