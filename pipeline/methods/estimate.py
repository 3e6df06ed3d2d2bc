"""A ratio of two totals (a net stance, a share) and its change between two periods, from a stratified sample.

Rows of all arrays are the articles of the sample, in order of publication: the order settles which
article of a story comes first, and in which order stories are drawn.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control, norm, t

LARGEST_VOID_SHARE = (
    0.1  # of resamples with nothing below the line in a period; beyond it there is no interval
)
ROUNDING = 1e-9  # a smaller change or standard error is a rounding error of zero
DOCUMENT_ROUNDING = 0.01  # documents: published inclusion probabilities are rounded, so their sums are too


@dataclass(frozen=True)
class Design:
    """How the articles were drawn; each array is (articles,).

    `weights` are 1 / inclusion probability, `stories` names each article's story (the cluster) and
    `strata` the stratum it was drawn in. `finite` asks for the finite-population correction.
    """

    weights: NDArray[np.float64]
    stories: NDArray[Any]
    strata: NDArray[Any]
    finite: bool


@dataclass(frozen=True)
class Tally:
    """What each article adds to the two totals of a ratio; each array is (articles,), zero outside the domain.

    For a net stance the numerator is the statements in favor minus those against, the denominator all
    statements; for a share of articles they are 1 where the article has the theme, and 1. What is known
    of a total without sampling error is `known_numerator` and `known_denominator`: added, never weighted.
    `bearing` says which articles bear on the domain, where that is not all with something below the line.
    """

    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64]
    known_numerator: float = 0.0
    known_denominator: float = 0.0
    bearing: NDArray[np.bool_] | None = None

    def stories_bearing(self, stories: NDArray[Any]) -> int:
        """How many stories hold an article that bears on the domain."""
        bears = self.denominator != 0 if self.bearing is None else self.bearing
        return len(np.unique(stories[bears]))


@dataclass(frozen=True)
class Change:
    """A ratio before and after; their difference with its interval; p of no change.

    What cannot be estimated is nan.
    """

    before: float
    after: float
    change: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Bar:
    """What either side of a contrast must hold before it may be called a claim."""

    claim_articles: int
    census_claim_articles: int
    census_share: float


@dataclass(frozen=True)
class Labelling:
    """How far a period is labelled, in articles: bearing on the contrast, labelled, published."""

    bearing: int
    labelled: int
    documents: float


def ratio(tally: Tally, weights: NDArray[np.float64]) -> float:
    """Weighted numerator over weighted denominator: Hájek's (1971) ratio of two totals.

    nan where there is nothing below the line.
    """
    denominator = float(weights @ tally.denominator) + tally.known_denominator
    numerator = float(weights @ tally.numerator) + tally.known_numerator
    return numerator / denominator if denominator > 0 else math.nan


def change_ci(
    before: Tally,
    after: Tally,
    design: Design,
    *,
    lowest: float,
    confidence: float,
    resamples: int,
    rng: np.random.Generator,
) -> Change:
    """The change of a ratio with its interval, by the rescaling bootstrap of stories.

    Source: Rao & Wu (1988, JASA 83:231), in the form of Rao, Wu & Yue (1992, Survey Methodology 18:209).
    The percentile interval is stretched about the change by the ratio of Student's t to the normal
    quantile, with one degree of freedom less than stories bear on the smaller side: percentiles of few
    clusters are too narrow. p is two-sided, from the same t and the bootstrap's standard error.
    There is no interval where the resampling sees no variance in a period that has one: where every
    story that bears on it has the same ratio, unless all is labelled and the population is the corpus.

    Args:
        before: the totals of the period before.
        after: of the period after.
        design: how the articles were drawn.
        lowest: value of the ratio, -1 of a net stance and 0 of a share; the highest is 1.
        confidence: of the interval.
        resamples: of the bootstrap.
        rng: what draws them.

    Raises:
        ValueError: arrays differ in length, or a weight is below 1 or not finite.
    """
    _check(design, before, after)
    first, last = (float(np.clip(ratio(tally, design.weights), lowest, 1)) for tally in (before, after))
    change = last - first
    is_known = design.finite and bool(np.all(design.weights == 1))
    changes = resampled_changes(before, after, design, resamples, rng)
    kept = changes[np.isfinite(changes)]
    is_blind = any(_is_of_one_mind(tally, design) for tally in (before, after))
    if math.isnan(change) or kept.size < (1 - LARGEST_VOID_SHARE) * resamples or (is_blind and not is_known):
        return Change(first, last, change, math.nan, math.nan, math.nan)
    freedom = max(1, min(tally.stories_bearing(design.stories) for tally in (before, after)) - 1)
    stretch = t.ppf((1 + confidence) / 2, freedom) / norm.ppf((1 + confidence) / 2)
    ends = change + stretch * (np.quantile(kept, [(1 - confidence) / 2, (1 + confidence) / 2]) - change)
    low, high = np.clip(ends, lowest - 1, 1 - lowest)
    p = _p_value(change, float(kept.std(ddof=1)), freedom)
    return Change(first, last, change, float(low), float(high), p)


def _is_of_one_mind(tally: Tally, design: Design) -> bool:
    """Whether no story pulls the ratio away from where it is: all have the same, or there is one or none."""
    story, _ = number_by_appearance(design.stories)
    pull = tally.numerator - ratio(tally, design.weights) * tally.denominator
    return not np.any(np.abs(np.bincount(story, weights=design.weights * pull)) > ROUNDING)


def resampled_changes(
    before: Tally, after: Tally, design: Design, resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Changes of the ratio in (resamples,) draws; nan where a period then has nothing below the line.

    Strata are drawn one after another, so memory is (resamples, stories of the largest stratum).
    All are nan where the whole sample is a single story.
    """
    story_of_article, first_articles = number_by_appearance(design.stories)
    stratum_of_story = collapse_strata(design.strata[first_articles])
    if len(first_articles) < 2:
        return np.full(resamples, np.nan)
    counted = np.stack([before.numerator, before.denominator, after.numerator, after.denominator], axis=1)
    totals = np.zeros((len(first_articles), 4))
    np.add.at(totals, story_of_article, counted * design.weights[:, None])
    drawn = np.zeros((resamples, 4))
    for stratum in range(stratum_of_story.max() + 1):
        members = np.flatnonzero(stratum_of_story == stratum)
        weights = design.weights[stratum_of_story[story_of_article] == stratum]
        fraction = len(weights) / weights.sum() if design.finite else 0.0
        drawn += rescaled_weights(len(members), fraction, resamples, rng) @ totals[members]
    known = [[tally.known_numerator, tally.known_denominator] for tally in (before, after)]
    above_before, below_before, above_after, below_after = (drawn + np.ravel(known)).T
    held = (below_before > 0) & (below_after > 0)
    changes = np.full(resamples, np.nan)
    changes[held] = above_after[held] / below_after[held] - above_before[held] / below_before[held]
    return changes


def rescaled_weights(
    stories: int, fraction: float, resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Multipliers of the weights of one stratum's stories, (resamples, stories), each with mean 1.

    n - 1 of the n stories are drawn with replacement and rescaled by λ = √(1 - fraction), so that the
    draws vary as the stratum's total does: fraction 1 (all labelled) leaves every weight as it is.

    Raises:
        ValueError: fewer than two stories, which cannot show a variance.
    """
    if stories < 2:
        raise ValueError(f"a stratum of {stories} story has no variance; join it to another first")
    scale = math.sqrt(max(0.0, 1 - fraction))
    counts = rng.multinomial(stories - 1, [1 / stories] * stories, size=resamples)
    return 1 - scale + scale * stories / (stories - 1) * counts.astype(np.float64)


def collapse_strata(strata: ArrayLike) -> NDArray[np.int64]:
    """The stratum of each story as a number, (stories,), strata of a single story joined to a neighbour.

    Numbers follow the sorted order of names. A single one joins the stratum before it (the first one
    the stratum after it), until none is single or one stratum is left.
    """
    names, stratum = np.unique(np.asarray(strata), return_inverse=True)
    groups = [[number] for number in range(len(names))]
    sizes = np.bincount(stratum, minlength=len(names)).tolist()
    while 1 in sizes and len(sizes) > 1:
        single = sizes.index(1)
        into = max(single - 1, 0)
        groups[into] += groups.pop(into + 1)
        sizes[into] += sizes.pop(into + 1)
    joined = np.empty(len(names), dtype=np.int64)
    for number, members in enumerate(groups):
        joined[members] = number
    return joined[stratum]


def number_by_appearance(names: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the distinct names from 0 by first appearance: each row's number, each number's first row."""
    _, first_rows, codes = np.unique(np.asarray(names), return_index=True, return_inverse=True)
    order = np.argsort(first_rows)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[codes], first_rows[order]


def false_discovery(p_values: ArrayLike) -> NDArray[np.float64]:
    """q-values of Benjamini & Hochberg (1995, JRSS B 57:289), one a p-value; nan stays nan."""
    p = np.asarray(p_values, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = false_discovery_control(p[tested])
    return q


def meets_bar(period: Labelling, bar: Bar) -> bool:
    """Whether a period holds enough bearing articles for a claim, or enough of a near-census."""
    is_census = period.labelled >= bar.census_share * period.documents
    return period.bearing >= bar.claim_articles or (is_census and period.bearing >= bar.census_claim_articles)


def articles_needed(periods: Sequence[Labelling], bar: Bar) -> int | None:
    """Further labelled articles after which all periods are expected to meet the bar.

    None where a period's unlabelled documents cannot supply them, or nothing in it bears so far.
    """
    needs = [_needed(period, bar) for period in periods]
    known = [need for need in needs if need is not None]
    return sum(known) if len(known) == len(needs) else None


def _needed(period: Labelling, bar: Bar) -> int | None:
    """The cheaper of the two routes to the bar that a period's unlabelled documents can supply."""
    if meets_bar(period, bar):
        return 0
    if period.bearing == 0:
        return None
    census = math.ceil(bar.census_share * period.documents - period.labelled - DOCUMENT_ROUNDING)
    routes = [
        _until(period, bar.claim_articles),
        max(_until(period, bar.census_claim_articles), census, 1),
    ]
    unlabelled = period.documents - period.labelled + DOCUMENT_ROUNDING
    return min((route for route in routes if route <= unlabelled), default=None)


def _until(period: Labelling, bearing: int) -> int:
    """Further labels after which so many articles are expected to bear, at the rate so far (in whole numbers)."""
    return max(0, -(-(bearing - period.bearing) * period.labelled // period.bearing))


def _p_value(change: float, standard_error: float, freedom: int) -> float:
    """Two-sided p of no change; without sampling error the change is known."""
    if standard_error < ROUNDING:
        return float(abs(change) < ROUNDING)
    return float(2 * t.sf(abs(change) / standard_error, freedom))


def _check(design: Design, *tallies: Tally) -> None:
    articles = len(design.weights)
    arrays = [
        design.stories,
        design.strata,
        *(a for tally in tallies for a in (tally.numerator, tally.denominator)),
    ]
    lengths = sorted({len(array) for array in arrays} | {articles})
    if lengths != [articles]:
        raise ValueError(f"arrays of one sample must be equally long, one value an article; found {lengths}")
    sound = np.isfinite(design.weights) & (design.weights >= 1)
    if not sound.all():
        raise ValueError(f"weight {design.weights[~sound][0]} is not 1 / an inclusion probability in (0, 1]")
