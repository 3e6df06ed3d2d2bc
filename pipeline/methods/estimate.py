"""Net stance and its change between two periods, from a stratified sample of articles.

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

LARGEST_VOID_SHARE = 0.1  # of resamples without a statement in a period; beyond it there is no interval
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
    """A domain's statements in each article; each array is (articles,), zero outside the domain.

    `lean` is the number of statements in favor minus those against, `statements` counts neutral ones too.
    """

    lean: NDArray[np.float64]
    statements: NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Net stance before and after, in [-1, 1]; their difference with its interval; p of no change.

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


def net_stance(tally: Tally, weights: NDArray[np.float64]) -> float:
    """Weighted favor minus against over all statements: Hájek's (1971) ratio of two totals, in [-1, 1].

    nan where the domain holds no statement.
    """
    statements = float(weights @ tally.statements)
    return float(weights @ tally.lean) / statements if statements > 0 else math.nan


def net_stance_change_ci(
    before: Tally,
    after: Tally,
    design: Design,
    *,
    confidence: float,
    resamples: int,
    rng: np.random.Generator,
) -> Change:
    """The change of net stance with its interval, by the rescaling bootstrap of stories.

    Source: Rao & Wu (1988, JASA 83:231), in the form of Rao, Wu & Yue (1992, Survey Methodology 18:209).
    The percentile interval is stretched about the change by the ratio of Student's t to the normal
    quantile, with one degree of freedom less than stories bear on the smaller side: percentiles of few
    clusters are too narrow. p is two-sided, from the same t and the bootstrap's standard error.
    There is no interval where the resampling sees no variance in a period that has one: where every
    story that bears on it leans alike, unless all is labelled and the population is the corpus.

    Raises:
        ValueError: arrays differ in length, or a weight is below 1 or not finite.
    """
    _check(design, before, after)
    stances = net_stance(before, design.weights), net_stance(after, design.weights)
    change = stances[1] - stances[0]
    leans = [_leans_of_stories(tally, design.stories) for tally in (before, after)]
    is_known = design.finite and bool(np.all(design.weights == 1))
    changes = resampled_changes(before, after, design, resamples, rng)
    kept = changes[np.isfinite(changes)]
    is_blind = any(len(lean) < 2 or np.ptp(lean) < ROUNDING for lean in leans)
    if math.isnan(change) or kept.size < (1 - LARGEST_VOID_SHARE) * resamples or (is_blind and not is_known):
        return Change(*stances, change, math.nan, math.nan, math.nan)
    freedom = max(1, min(map(len, leans)) - 1)
    stretch = t.ppf((1 + confidence) / 2, freedom) / norm.ppf((1 + confidence) / 2)
    ends = change + stretch * (np.quantile(kept, [(1 - confidence) / 2, (1 + confidence) / 2]) - change)
    low, high = np.clip(ends, -2, 2)
    return Change(
        *stances, change, float(low), float(high), _p_value(change, float(kept.std(ddof=1)), freedom)
    )


def _leans_of_stories(tally: Tally, stories: NDArray[Any]) -> NDArray[np.float64]:
    """Net stance of each story that holds a statement of the domain, (bearing stories,)."""
    story, _ = number_by_appearance(stories)
    statements = np.bincount(story, weights=tally.statements)
    lean = np.bincount(story, weights=tally.lean)
    return lean[statements > 0] / statements[statements > 0]


def resampled_changes(
    before: Tally, after: Tally, design: Design, resamples: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Changes of net stance in (resamples,) draws; nan where a period then holds no statement.

    Strata are drawn one after another, so memory is (resamples, stories of the largest stratum).
    All are nan where the whole sample is a single story.
    """
    story_of_article, first_articles = number_by_appearance(design.stories)
    stratum_of_story = collapse_strata(design.strata[first_articles])
    if len(first_articles) < 2:
        return np.full(resamples, np.nan)
    counted = np.stack([before.lean, before.statements, after.lean, after.statements], axis=1)
    totals = np.zeros((len(first_articles), 4))
    np.add.at(totals, story_of_article, counted * design.weights[:, None])
    drawn = np.zeros((resamples, 4))
    for stratum in range(stratum_of_story.max() + 1):
        members = np.flatnonzero(stratum_of_story == stratum)
        weights = design.weights[stratum_of_story[story_of_article] == stratum]
        fraction = len(weights) / weights.sum() if design.finite else 0.0
        drawn += rescaled_weights(len(members), fraction, resamples, rng) @ totals[members]
    lean_before, statements_before, lean_after, statements_after = drawn.T
    held = (statements_before > 0) & (statements_after > 0)
    changes = np.full(resamples, np.nan)
    changes[held] = lean_after[held] / statements_after[held] - lean_before[held] / statements_before[held]
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
        *(a for tally in tallies for a in (tally.lean, tally.statements)),
    ]
    lengths = sorted({len(array) for array in arrays} | {articles})
    if lengths != [articles]:
        raise ValueError(f"arrays of one sample must be equally long, one value an article; found {lengths}")
    sound = np.isfinite(design.weights) & (design.weights >= 1)
    if not sound.all():
        raise ValueError(f"weight {design.weights[~sound][0]} is not 1 / an inclusion probability in (0, 1]")
