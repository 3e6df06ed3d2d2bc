"""Change points of a share over time: whether it shifted, when, and by how much.

Rows of all arrays are the periods that hold articles, in order of time; a break at row b means that
rows before b and rows from b on differ. Batches of series are (series, periods).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, xlogy
from scipy.stats import betabinom, binom, norm, t

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

CORRELATIONS = np.linspace(0, 0.9, 10)  # of neighbouring periods: those that a series may have
CORRELATION_DRAWS = 60  # series drawn for each of them
LARGEST_ICC = 0.99
SMALLEST_DEVIANCE = 1e-9  # a smaller one is a rounding error of zero
HALF_ARTICLE = 0.5  # so that a share of none or of all is not taken for certain (Jeffreys' prior)
CELLS = 2_000_000  # of one batch's segments, so that memory is bounded however long a series is


@dataclass(frozen=True)
class Noise:
    """How a share strays about its level.

    `icc`, in [0, 1), is the correlation of two articles of one period: 0 is binomial, more is
    overdispersed. `likelihood`, one of each of CORRELATIONS with sum 1, says how probable each
    correlation of neighbouring periods is.
    """

    icc: float
    likelihood: Floats

    @property
    def correlation(self) -> float:
        """The mean correlation of neighbouring periods."""
        return float(self.likelihood @ CORRELATIONS)


@dataclass(frozen=True)
class Shift:
    """One break: its row and its interval's ends, the shares on either side, and their change's interval."""

    row: int
    first_row: int
    last_row: int
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """What a search found: p of no change at all, the breaks in order of time, and the noise it allowed for."""

    p: float
    shifts: tuple[Shift, ...]
    noise: Noise


def find_shifts(
    counts: Floats,
    totals: Floats,
    times: Ints,
    *,
    least_segment: int,
    most_breaks: int,
    confidence: float,
    resamples: int,
    rng: np.random.Generator,
) -> Finding:
    """Test a series of shares for change, and date and measure the changes.

    The partition into k + 1 segments of least deviance is exact (dynamic programming, as Bai & Perron
    2003, J. Applied Econometrics 18:1). The deviance is binomial, of counts shrunk to what they are
    worth under overdispersion (Williams 1982, Applied Statistics 31:144). The statistic is the largest
    drop of deviance a break over k = 1 … most_breaks, relative to what is left a degree of freedom, or to
    1 if that is more (a double maximum test, Bai & Perron 1998, Econometrica 66:47). Series without change, with the same totals, are drawn
    from a Gaussian copula with beta-binomial margins and AR(1) dependence; their statistics give p and
    the least drop that a break must bring (their `confidence` quantile).

    Args:
        counts: articles of the subject, (periods,).
        totals: all articles, (periods,), each above 0 and no less than the count.
        times: place of each period on the calendar, rising; a gap means periods without articles.
        least_segment: periods between two breaks, or a break and an end.
        most_breaks: that are looked for; fewer where the series is shorter than two segments for each.
        confidence: of the intervals; 1 - confidence is the chance of any break where nothing changed.
        resamples: series drawn for p, and as many again for the intervals.
        rng: of all draws.

    Raises:
        ValueError: arrays differ in length or order, a count is not in [0, total], or the series is
            shorter than two segments, or always 0 or always all.
    """
    _check(counts, totals, times, least_segment)
    most = min(most_breaks, len(counts) // (2 * least_segment))
    level = np.full(len(counts), counts.sum() / totals.sum())
    noise = _fit_noise(counts, totals, times, level, least_segment, most, rng)
    search = _Search(totals, worth(totals, noise.icc), times, least_segment, most)
    statistics = search.run(draw_series(level, totals, times, noise, resamples, rng)).statistics
    bar = float(np.quantile(statistics, confidence))
    observed = search.run(counts[None])
    p = (1 + int((statistics >= observed.statistics[0]).sum())) / (1 + resamples)
    number = int(np.argmin(observed.deviances[0] + bar * observed.left[0] * np.arange(most + 1)))
    breaks = observed.breaks[number][0]
    if not number:
        return Finding(p, (), noise)
    level = segment_shares(search.weigh(counts[None]), search.worth, breaks[None], HALF_ARTICLE)[0]
    drawn = draw_series(level, totals, times, noise, resamples, rng)
    return Finding(p, _shifts(counts, drawn, breaks, search, confidence), noise)


def worth(totals: Floats, icc: float) -> Floats:
    """How many independent articles a period's articles are worth, (periods,): total / (1 + (total - 1) icc)."""
    return totals / (1 + np.maximum(totals - 1, 0) * icc)


def best_partitions(
    counts: Floats, totals: Floats, least_segment: int, most: int
) -> tuple[Floats, list[Ints]]:
    """Partitions of least binomial deviance into 1 … most + 1 segments of constant share.

    Args:
        counts: (series, periods).
        totals: (periods,), the same for all series.
        least_segment: periods of a segment.
        most: breaks; (most + 1) segments must fit.

    Returns:
        Twice the negative log likelihood, (series, most + 1), and for each number of breaks the rows
        of the breaks, (series, breaks).
    """
    batch = max(1, CELLS // (len(totals) + 1) ** 2)
    parts = [
        _partition(counts[start : start + batch], totals, least_segment, most)
        for start in range(0, len(counts), batch)
    ]
    deviances = np.concatenate([part[0] for part in parts])
    return deviances, [np.concatenate([part[1][k] for part in parts]) for k in range(most + 1)]


def _partition(counts: Floats, totals: Floats, least: int, most: int) -> tuple[Floats, list[Ints]]:
    """One batch of `best_partitions`."""
    periods = len(totals)
    costs = np.full((len(counts), periods + 1, periods + 1), np.inf)  # series, end, start
    ends, starts = np.tril_indices(periods + 1, -least)
    costs[:, ends, starts] = _deviance(counts, totals, starts, ends)
    reach = costs[:, :, 0]
    origins: list[Ints] = []
    deviances, breaks = [reach[:, -1]], [np.empty((len(counts), 0), dtype=np.int64)]
    for number in range(1, most + 1):
        last = reach + costs[:, -1, :]
        end = last.argmin(axis=1)
        deviances.append(last.min(axis=1))
        rows = [end]
        for origin in reversed(origins):
            rows.append(np.take_along_axis(origin, rows[-1][:, None], axis=1)[:, 0])
        breaks.append(np.stack(rows[::-1], axis=1))
        if number < most:
            sums = costs + reach[:, None, :]
            origins.append(sums.argmin(axis=2))
            reach = np.take_along_axis(sums, origins[-1][:, :, None], axis=2)[:, :, 0]
    return np.stack(deviances, axis=1), breaks


def _deviance(counts: Floats, totals: Floats, starts: Ints, ends: Ints) -> Floats:
    """Twice the negative log likelihood of segments of constant share, (series, segments)."""
    taken, whole = _sums(counts, starts, ends), _sums(totals[None], starts, ends)
    left = np.maximum(whole - taken, 0)
    return 2 * (xlogy(whole, whole) - xlogy(taken, taken) - xlogy(left, left))


def _sums(values: Floats, starts: Ints, ends: Ints) -> Floats:
    """Sums of rows from start to before end, (series, segments); never below 0 by rounding."""
    running = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return np.maximum(running[:, ends] - running[:, starts], 0)


def segment_shares(counts: Floats, totals: Floats, breaks: Ints, added: float = 0.0) -> Floats:
    """The share of a period's segment, (series, periods), for breaks (series, breaks).

    `added` articles of the subject, and as many others, join each segment.
    """
    segment = (np.arange(len(totals)) >= breaks[:, :, None]).sum(axis=1)
    return np.take_along_axis(_shares(counts, totals, breaks, added), segment, axis=1)


def _shares(counts: Floats, totals: Floats, breaks: Ints, added: float = 0.0) -> Floats:
    """Pooled shares of segments, (series, breaks + 1)."""
    bounds = np.pad(breaks, ((0, 0), (1, 1)), constant_values=((0, 0), (0, len(totals))))
    running = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
    whole = np.concatenate([[0], np.cumsum(totals)])
    taken = np.diff(np.take_along_axis(running, bounds, axis=1))
    return (taken + added) / (np.diff(whole[bounds]) + 2 * added)


def draw_series(
    level: Floats, totals: Floats, times: Ints, noise: Noise, draws: int, rng: np.random.Generator
) -> Floats:
    """Counts about a level, (draws, periods): Gaussian copula, beta-binomial margins, AR(1) dependence.

    Args:
        level: expected share of each period, (periods,).
        totals: articles of each period; a fraction is rounded for the draw.
        times: places on the calendar; what lies between counts for the dependence.
        noise: of the series.
        draws: how many.
        rng: of the draws.
    """
    correlations = rng.choice(CORRELATIONS, size=draws, p=noise.likelihood)
    uniform = _uniform(times, correlations, rng.standard_normal((draws, times[-1] - times[0] + 1)))
    return _margins(level, totals, noise.icc)(uniform)


def _uniform(times: Ints, correlations: Floats, shocks: Floats) -> Floats:
    """Uniform values of the periods, (draws, periods), from shocks of every place on the calendar."""
    values = shocks.copy()
    scales = np.sqrt(1 - correlations**2)
    for place in range(1, values.shape[1]):
        values[:, place] = correlations * values[:, place - 1] + scales * shocks[:, place]
    return ndtr(values[:, times - times[0]])


def _margins(level: Floats, totals: Floats, icc: float) -> Callable[[Floats], Floats]:
    """The quantile function of each period's count."""
    whole = np.maximum(np.round(totals), 1).astype(int)
    tables = {}
    for share, total in sorted(set(zip(level.tolist(), whole.tolist(), strict=True))):
        counts = np.arange(total + 1)
        spread = (1 - icc) / icc if icc else np.inf
        is_binomial = not icc or share in (0, 1)
        margin = (
            binom(total, share) if is_binomial else betabinom(total, share * spread, (1 - share) * spread)
        )
        tables[share, total] = np.cumsum(margin.pmf(counts))[:-1]

    def quantiles(uniform: Floats) -> Floats:
        columns = [
            np.searchsorted(tables[share, total], uniform[:, period]) * (totals[period] / total)
            for period, (share, total) in enumerate(zip(level.tolist(), whole.tolist(), strict=True))
        ]
        return np.stack(columns, axis=1).astype(np.float64)

    return quantiles


def _fit_noise(
    counts: Floats,
    totals: Floats,
    times: Ints,
    level: Floats,
    least: int,
    most: int,
    rng: np.random.Generator,
) -> Noise:
    """Overdispersion and autocorrelation of the residuals about the finest partition.

    Such residuals are smaller and less correlated than the noise. Series drawn with each of
    CORRELATIONS and treated alike undo that (indirect inference: Gouriéroux, Phillips & Yu 2010,
    J. Econometrics 157:68): they say how probable the observed residual correlation is under each,
    and which sum of squares to expect.
    """
    icc = 0.0
    for _ in range(2):  # the partition needs the worth of articles, which needs a partition
        search = _Search(totals, worth(totals, icc), times, least, most)
        icc = search.fit_icc(counts, search.free)
    search = _Search(totals, worth(totals, icc), times, least, most)
    shocks = rng.standard_normal((CORRELATION_DRAWS, times[-1] - times[0] + 1))
    quantiles = _margins(level, totals, icc)
    drawn = [quantiles(_uniform(times, np.full(len(shocks), value), shocks)) for value in CORRELATIONS]
    correlation, squares = search.residual_moments(np.concatenate(drawn))
    by_value = correlation.reshape(len(CORRELATIONS), -1)
    observed = search.residual_moments(counts[None])[0]
    likelihood = norm.pdf(observed, by_value.mean(axis=1), by_value.std(axis=1) + SMALLEST_DEVIANCE)
    likelihood = (likelihood + SMALLEST_DEVIANCE) / (likelihood + SMALLEST_DEVIANCE).sum()
    expected = squares.reshape(len(CORRELATIONS), -1).mean(axis=1) @ likelihood
    return Noise(search.fit_icc(counts, expected), likelihood)


class _Results(NamedTuple):
    """Of a batch of series: statistics and deviances left (series,), deviances and breaks by number of breaks."""

    statistics: Floats
    left: Floats
    deviances: Floats
    breaks: list[Ints]


@dataclass(frozen=True)
class _Search:
    """What a search for breaks knows of the series besides its counts."""

    totals: Floats
    worth: Floats
    times: Ints
    least: int
    most: int

    def run(self, counts: Floats) -> _Results:
        """Partition counts (series, periods); the statistic is the largest relative drop of deviance a break."""
        deviances, breaks = best_partitions(self.weigh(counts), self.worth, self.least, self.most)
        periods = np.arange(len(self.totals))
        exact = _deviance(self.weigh(counts), self.worth, periods, periods + 1).sum(axis=1)
        left = np.maximum((deviances[:, -1] - exact) / self.free, 1)  # no steadier than independent articles
        drops = (deviances[:, :1] - deviances[:, 1:]) / np.arange(1, self.most + 1)
        return _Results(drops.max(axis=1) / left, left, deviances, breaks)

    @property
    def free(self) -> int:
        """Degrees of freedom that the finest partition leaves: it fits a level a segment and a row a break."""
        return max(len(self.totals) - 2 * self.most - 1, 1)

    def weigh(self, counts: Floats) -> Floats:
        """Counts shrunk as the totals are to their worth."""
        return counts * (self.worth / self.totals)

    def residuals(self, counts: Floats) -> Floats:
        """Pearson residuals about the finest partition, (series, periods)."""
        breaks = best_partitions(self.weigh(counts), self.worth, self.least, self.most)[1][-1]
        share = segment_shares(counts, self.totals, breaks)
        spread = np.maximum(share * (1 - share), SMALLEST_DEVIANCE)
        return (counts / self.totals - share) * np.sqrt(self.worth / spread)

    def residual_moments(self, counts: Floats) -> tuple[Floats, Floats]:
        """Correlation of neighbouring residuals and their sum of squares, each (series,)."""
        residuals = self.residuals(counts)
        near = np.flatnonzero(np.diff(self.times) == 1)
        squares = (residuals**2).sum(axis=1)
        products = (residuals[:, near] * residuals[:, near + 1]).sum(axis=1) / max(len(near), 1)
        return products * len(self.times) / np.maximum(squares, SMALLEST_DEVIANCE), squares

    def fit_icc(self, counts: Floats, expected: float) -> float:
        """The overdispersion under which the residuals' sum of squares is as expected (Williams 1982)."""
        squares = self.residuals(counts[None])[0] ** 2 / self.worth

        def excess(icc: float) -> float:
            return float(squares @ worth(self.totals, icc)) - expected

        if excess(0) <= 0:
            return 0.0
        return LARGEST_ICC if excess(LARGEST_ICC) >= 0 else float(brentq(excess, 0, LARGEST_ICC))


def _shifts(
    counts: Floats, drawn: Floats, breaks: Ints, search: _Search, confidence: float
) -> tuple[Shift, ...]:
    """The breaks with their intervals, from series drawn about the fitted levels.

    In each drawn series as many breaks are searched for anew; the spread of their changes is the
    standard error (Efron & Tibshirani 1993, ch. 13), against Student's t with the periods left free.
    """
    again = search.run(drawn).breaks[len(breaks)]
    spreads = np.diff(_shares(drawn, search.totals, again)).std(axis=0, ddof=1)
    reach = t.ppf((1 + confidence) / 2, search.free) * spreads
    shares = _shares(counts[None], search.totals, breaks[None])[0]
    bounds = [0, *breaks.tolist(), len(counts)]
    shifts = []
    for number, row in enumerate(breaks.tolist()):
        around = bounds[number], row, bounds[number + 2]
        first, last = _date_interval(counts, drawn, around, search, confidence)
        before, after = shares[number : number + 2].tolist()
        low, high = np.clip(after - before + np.array([-1, 1]) * reach[number], -1, 1).tolist()
        shifts.append(Shift(row, first, last, before, after, low, high))
    return tuple(shifts)


def _date_interval(
    counts: Floats, drawn: Floats, around: tuple[int, int, int], search: _Search, confidence: float
) -> tuple[int, int]:
    """First and last row at which a break, between its neighbours, is as likely as its true row is in draws.

    The inverted likelihood ratio of Eo & Morley (2015, Quantitative Economics 6:463), its critical value
    by the parametric bootstrap.
    """
    start, row, end = around
    rows = np.arange(start + search.least, end - search.least + 1)

    def profile(series: Floats) -> Floats:
        weighed = search.weigh(series)
        return _deviance(weighed, search.worth, np.full_like(rows, start), rows) + _deviance(
            weighed, search.worth, rows, np.full_like(rows, end)
        )

    of_drawn = profile(drawn)
    lost = of_drawn[:, rows == row][:, 0] - of_drawn.min(axis=1)
    of_counts = profile(counts[None])[0]
    likely = rows[of_counts - of_counts.min() <= np.quantile(lost, confidence) + SMALLEST_DEVIANCE]
    return int(likely[0]), int(likely[-1])


def _check(counts: Floats, totals: Floats, times: Ints, least_segment: int) -> None:
    if not len(counts) == len(totals) == len(times):
        raise ValueError(
            f"{len(counts)} counts, {len(totals)} totals and {len(times)} times; give one of each a period"
        )
    if len(counts) < 2 * least_segment:
        raise ValueError(f"{len(counts)} periods are fewer than two segments of {least_segment}; give more")
    if (np.diff(times) < 1).any():
        raise ValueError("times do not rise; sort the periods and give each one once")
    sound = (totals > 0) & (counts >= 0) & (counts <= totals)
    if not sound.all():
        row = int(np.flatnonzero(~sound)[0])
        raise ValueError(
            f"period {row}: count {counts[row]} is not in [0, {totals[row]}], or there is no article"
        )
    if not 0 < counts.sum() < totals.sum():
        raise ValueError(f"the count is {counts.sum()} of {totals.sum()} in all; such a series cannot change")
