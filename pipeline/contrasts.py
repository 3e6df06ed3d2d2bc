"""One comparison of two periods, estimated from gold, or counted by the models."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.coding import SHARES, Coding, Counts
from pipeline.methods.estimate import (
    Bar,
    Design,
    Labelling,
    Tally,
    articles_needed,
    change_ci,
    meets_bar,
    number_by_appearance,
)
from pipeline.methods.prediction_powered import Period, power
from pipeline.params import Measure

PERIODS = ("before", "after")
Mask = NDArray[np.bool_]


def estimate(contrast: Mapping[str, Any], gold: Coding, model: Coding, params: Measure) -> dict[str, Any]:
    """A row of contrasts; its p stands whether or not it is a claim, and its q is still to come.

    Gold alone, or prediction-powered where at least `prediction_powered_articles` labelled articles bear
    on either period and show the model's errors: fixed beforehand, so the narrower one is never chosen.
    """
    design = design_of(gold, finite=params.population == "corpus")
    counts = gold.counts(*_domain(contrast))
    published = [_published(gold, contrast[period]) for period in PERIODS]
    tallies = [_tally(counts, within) for within in published]
    among = [_among(contrast, counts, within) for within in published]
    labellings = [
        Labelling(int((tally.denominator > 0).sum()), int(within.sum()), float(design.weights[within].sum()))
        for tally, within in zip(tallies, among, strict=True)
    ]
    is_large = all(each.bearing >= params.prediction_powered_articles for each in labellings)
    powered = _power(tallies, among, contrast, gold, model, design) if is_large else None
    if powered:
        tallies, design = powered
    before, after = tallies
    change = change_ci(
        before,
        after,
        design,
        lowest=0 if _is_share(contrast) else -1,
        confidence=params.confidence,
        resamples=params.resamples,
        rng=np.random.default_rng([params.seed, zlib.crc32(contrast["contrast"].encode())]),
    )
    bar = Bar(params.claim_articles, params.census_claim_articles, params.census_share)
    is_met = all(meets_bar(labelling, bar) for labelling in labellings)
    is_claim = is_met and not np.isnan(change.low)
    return {
        **_declared(contrast),
        **{key: getattr(change, key) for key in ("before", "after", "change", "low", "high", "p")},
        "n_labelled_before": labellings[0].bearing,
        "n_labelled_after": labellings[1].bearing,
        "n_needed": None if is_met and not is_claim else articles_needed(labellings, bar),
        "status": "claim" if is_claim else "described",
        "population": params.population,
        "method": "prediction_powered" if powered else "gold",
        "evidence": _evidence(contrast, gold, counts, published[0] | published[1]),
    }


def count_by_model(contrast: Mapping[str, Any], model: Coding) -> dict[str, Any]:
    """The models' own counts of both periods, without interval: before, after and change, nan where nothing is."""
    counts = model.counts(*_domain(contrast))
    sums = [[each[_published(model, contrast[period])].sum() for each in counts] for period in PERIODS]
    before, after = (above / below if below else np.nan for above, below in sums)
    return {"before": before, "after": after, "change": after - before, "method": "model_only"}


def design_of(gold: Coding, finite: bool) -> Design:
    """How the labelled articles were drawn, checked for the stratum of their stories.

    Raises:
        ValueError: an article's story_stratum is not the stratum of its story's first labelled article.
    """
    articles = gold.articles
    story, first = number_by_appearance(articles["story_id"])
    strayed = articles["story_stratum"] != articles["stratum"].to_numpy()[first][story]
    if strayed.any():
        stray = articles[strayed].iloc[0]
        raise ValueError(
            f"labelled article {stray['source_id']}: story_stratum {stray['story_stratum']} is not the stratum "
            "of its story's first labelled article; rebuild the labels with `dvc repro prepare_labels`"
        )
    return Design(
        weights=1 / articles["inclusion_probability"].to_numpy(dtype=np.float64),
        stories=articles["story_id"].to_numpy(dtype=object),
        strata=articles["stratum"].to_numpy(dtype=object),
        finite=finite,
    )


def _power(
    tallies: Sequence[Tally],
    among: Sequence[Mask],
    contrast: Mapping[str, Any],
    gold: Coding,
    model: Coding,
    design: Design,
) -> tuple[list[Tally], Design] | None:
    """The tallies of gold, completed by what the models count in all articles, where that is sound."""
    ids = gold.articles["article_id"]
    counted = pd.DataFrame(dict(zip("nd", model.counts(*_domain(contrast)), strict=True)))
    counted.index = pd.Index(model.articles["article_id"])
    of_labelled, unlabelled = counted.reindex(ids, fill_value=0.0), ~counted.index.isin(ids)
    rest = _arrays(counted[unlabelled])
    periods = []
    for name, tally, labelled in zip(PERIODS, tallies, among, strict=True):
        within = _published(model, contrast[name])[unlabelled]
        rest_among = _among(contrast, rest, within)
        periods.append(
            Period(tally, _tally(_arrays(of_labelled), labelled), _tally(rest, within), labelled, rest_among)
        )
    return power(periods, design, model.articles["story_id"].to_numpy(dtype=object)[unlabelled])


def _domain(contrast: Mapping[str, Any]) -> tuple[str, str, str]:
    return contrast["family"], contrast["subject"], contrast["group"]


def _is_share(contrast: Mapping[str, Any]) -> bool:
    return contrast["family"] in SHARES


def _declared(contrast: Mapping[str, Any]) -> dict[str, Any]:
    """What a row takes over from the contrast."""
    return {
        **{key: contrast[key] for key in ("contrast", "family", "subject", "group", "label")},
        **{f"{period}_{end}": contrast[period][end] for period in PERIODS for end in ("from", "to")},
    }


def _published(coding: Coding, period: Mapping[str, Any]) -> Mask:
    """Which articles were published in a period, first and last day included: (articles,)."""
    dates = coding.articles["published_date"]
    return dates.between(pd.Timestamp(period["from"]), pd.Timestamp(period["to"])).to_numpy(dtype=np.bool_)


def _among(contrast: Mapping[str, Any], counts: Counts, within: Mask) -> Mask:
    """The articles of a period that a domain is counted among: for a share, those of its outlets."""
    return within & (counts[1] > 0) if _is_share(contrast) else within


def _tally(counts: Counts, within: Mask) -> Tally:
    """The counts of each article, none of those outside a period."""
    return Tally(counts[0] * within, counts[1] * within)


def _arrays(counted: pd.DataFrame) -> Counts:
    return counted["n"].to_numpy(), counted["d"].to_numpy()


def _evidence(contrast: Mapping[str, Any], gold: Coding, counts: Counts, within: Mask) -> list[str]:
    """Sentences of the statements that it counts, or articles that have the theme; sorted."""
    ids = gold.articles["article_id"].to_numpy()
    if _is_share(contrast):
        return sorted(ids[within & (counts[0] > 0)])
    stated = gold.stated(contrast["subject"], contrast["group"])
    return sorted(set(stated.loc[stated["article_id"].isin(ids[within]), "sentence_id"]))
