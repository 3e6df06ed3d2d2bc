"""Totals from a model's counts of all articles, corrected by the labelled ones.

Source: the difference estimator of survey sampling (Särndal, Swensson & Wretman 1992, ch. 6), as
prediction-powered inference (Angelopoulos et al. 2023, Science 382:669) and design-based supervised
learning (Egami et al. 2023, NeurIPS) use it. It holds whatever the model's errors are, provided that
no labelled article was judged by a model that had seen its story. The model's counts are weighted by
the λ of PPI++ (Angelopoulos, Duchi & Zrnic 2023), one a period.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.methods.estimate import Design, Tally, number_by_appearance, ratio

FEWEST_ERRORS = 3  # stories of a period in which the model errs; fewer do not show how often it does
UNLABELLED = "unlabelled"  # stratum of the articles without label, where they are resampled


@dataclass(frozen=True)
class Period:
    """A domain in one period: gold and the model's counts of the labelled articles, the model's of the rest.

    `among` and `rest_among` say which labelled and which other articles the domain is counted among:
    those of the period and, for a share, of its outlets.
    """

    gold: Tally
    predicted: Tally
    rest: Tally
    among: NDArray[np.bool_]
    rest_among: NDArray[np.bool_]


def power(
    periods: Sequence[Period], design: Design, rest_stories: NDArray[np.object_]
) -> tuple[list[Tally], Design] | None:
    """The tallies of both periods by gold and model together, and the design that they are estimated by.

    None where the model errs in fewer than `FEWEST_ERRORS` labelled stories of a period: gold alone then
    has the wider interval, and the safer one.

    Args:
        periods: before and after.
        design: of the labelled articles.
        rest_stories: of the articles without label.
    """
    if any(_stories_in_error(period, design) < FEWEST_ERRORS for period in periods):
        return None
    return [corrected_tally(period, design) for period in periods], design_of_all(design, rest_stories)


def _stories_in_error(period: Period, design: Design) -> int:
    """In how many labelled stories the model counts anything but what gold counts."""
    gold, predicted = period.gold, period.predicted
    is_wrong = (gold.numerator != predicted.numerator) | (gold.denominator != predicted.denominator)
    return len(np.unique(design.stories[is_wrong]))


def corrected_tally(period: Period, design: Design) -> Tally:
    """A domain's totals: the model's over all articles, each shifted by the model's mean error in the period.

    Shifted, a total is the model's plus the number of articles times Hájek's mean of gold − model. What is
    left of the errors, gold − shifted, sums to zero; its resampling is the total's (its linearisation).
    Where the population is the corpus, the shifted totals are known and the tally is (labelled,). Where it
    is the process, they too would be others in another draw: the tally is (labelled + unlabelled,), for
    `design_of_all`, and a labelled article of weight w adds w · (gold − shifted + shifted / w).
    What bears on the domain bears on it by gold.
    """
    gold = period.gold
    trust = model_weight(period, design)
    predicted, rest = (
        Tally(trust * each.numerator, trust * each.denominator) for each in (period.predicted, period.rest)
    )
    above, known_above = _corrected(gold.numerator, predicted.numerator, rest.numerator, period, design)
    below, known_below = _corrected(gold.denominator, predicted.denominator, rest.denominator, period, design)
    unlabelled = np.zeros(len(above) - len(gold.denominator), dtype=np.bool_)
    bearing = np.concatenate([gold.denominator != 0, unlabelled])
    return Tally(above, below, known_above, known_below, bearing)


def model_weight(period: Period, design: Design) -> float:
    """λ of PPI++: how far the model's counts are worth using, from 0 (gold alone) to 1.

    The slope of a story's pull on the ratio by gold on its pull by the model, which leaves the least
    variance; cut at 0 and 1, so that a poor model does no harm and a good one is not exaggerated.
    """
    value = ratio(period.gold, design.weights)
    story, _ = number_by_appearance(design.stories)
    weights = design.weights * period.among
    pulls = []
    for tally in (period.gold, period.predicted):
        pull = tally.numerator - value * tally.denominator
        mean = float(weights @ pull) / float(weights.sum())
        pulls.append(np.bincount(story, weights=weights * (pull - mean)))
    variance = float(pulls[1] @ pulls[1])
    return float(np.clip(pulls[0] @ pulls[1] / variance, 0, 1)) if variance > 0 else 0.0


def _corrected(
    gold: NDArray[np.float64],
    predicted: NDArray[np.float64],
    rest: NDArray[np.float64],
    period: Period,
    design: Design,
) -> tuple[NDArray[np.float64], float]:
    """What each article adds to a total, and what is known of the total."""
    weights = design.weights * period.among
    mean_error = float(weights @ (gold - predicted)) / float(weights.sum())
    shifted = predicted + mean_error * period.among
    rest_shifted = rest + mean_error * period.rest_among
    if design.finite:
        return gold - shifted, float(shifted.sum() + rest_shifted.sum())
    return np.concatenate([gold - shifted + shifted / design.weights, rest_shifted]), 0.0


def design_of_all(design: Design, rest_stories: NDArray[np.object_]) -> Design:
    """The design for `corrected_tally`: as it is for the corpus, with the unlabelled articles for the process."""
    if design.finite:
        return design
    return replace(
        design,
        weights=np.concatenate([design.weights, np.ones(len(rest_stories))]),
        stories=np.concatenate([design.stories, rest_stories]),
        strata=np.concatenate([design.strata, np.full(len(rest_stories), UNLABELLED)]),
    )
