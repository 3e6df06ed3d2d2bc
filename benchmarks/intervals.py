"""How often the intervals of contrasts hold the truth, on simulated corpora where it is known.

Every simulation makes a corpus of stories with copies, draws a stratified sample of its articles, and
asks for the change of net stance, or of the share of articles with a theme, between two periods that
cut through strata.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.stats import norm

from pipeline.methods.estimate import (
    ROUNDING,
    Design,
    Tally,
    change_ci,
    ratio,
    resampled_changes,
)
from pipeline.methods.prediction_powered import Period, power

CONFIDENCE = 0.95
RESAMPLES = 1000  # of each bootstrap
POWERED_RESAMPLES = 400  # where two estimators stand beside each other
PERIODS = ((0.5, 2.75), (2.75, 5.0))  # in half-years from the start of the corpus
COPIES = (0.75, 0.15, 0.1)  # shares of stories with one, two, three articles
ELSEWHERE = 0.3  # chance that a copy stands in the half-year's other stratum
LONGEST = 6, 60  # most statements of an article: evenly long articles, a few very long ones


@dataclass(frozen=True)
class Errors:
    """A model's errors in each period: chances to miss what is there, to find what is not, to turn a stance."""

    missed: tuple[float, float]
    invented: tuple[float, float]
    turned: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Scenario:
    """A kind of corpus: `rates` are the sampling fractions of six half-years of two strata each.

    `bearing` is the expected number of bearing articles in a period's sample, `mixes` are the shares of
    favor, neutral and against in each period, and `spread` is how alike the statements of one story are
    (0 independent, 1 identical). `shares`, where given, are the shares of articles with a theme in each
    period, which is then what is compared; `stories` bounds the stories of a half-year.
    """

    name: str
    rates: tuple[tuple[float, float], ...]
    bearing: int = 20
    mixes: tuple[tuple[float, float, float], tuple[float, float, float]] = (
        (0.3, 0.2, 0.5),
        (0.55, 0.2, 0.25),
    )
    spread: float = 0.5
    is_long_tailed: bool = False
    shares: tuple[float, float] | None = None
    errors: Errors | None = None
    stories: tuple[int, int] = (31, 44)

    @property
    def lowest(self) -> float:
        """The lowest value that a share, or else a net stance, can have."""
        return 0.0 if self.shares else -1.0


@dataclass(frozen=True)
class Corpus:
    """All articles of a simulated corpus, in order of publication; each array is (articles,)."""

    day: NDArray[np.float64]
    story: NDArray[np.int64]
    stratum: NDArray[np.int64]
    rate: NDArray[np.float64]
    lean: NDArray[np.float64]
    statements: NDArray[np.float64]
    predicted_lean: NDArray[np.float64]
    predicted_statements: NDArray[np.float64]

    def tally(self, period: int) -> Tally:
        """What counts in a period, 0 or 1."""
        return Tally(self.lean * self.within(period), self.statements * self.within(period))

    def predicted(self, period: int) -> Tally:
        """What the model counts in it."""
        within = self.within(period)
        return Tally(self.predicted_lean * within, self.predicted_statements * within)

    def within(self, period: int) -> NDArray[np.bool_]:
        """Which articles were published in it."""
        return (self.day >= PERIODS[period][0]) & (self.day < PERIODS[period][1])

    def change(self) -> float:
        """The change of net stance among all its articles."""
        ones = np.ones_like(self.day)
        return ratio(self.tally(1), ones) - ratio(self.tally(0), ones)


@dataclass(frozen=True)
class Coverage:
    """Shares of intervals that held the truth, where there is an interval, and the mean width of ours.

    `voids` is the number of samples that gave no interval, `bearing` the mean number of bearing
    articles in a period.
    """

    ours: float
    percentile: float
    naive: float
    width: float
    voids: int
    bearing: float


SURVEY = ((0.6, 0.57), (0.6, 0.62), (0.62, 0.57), (0.59, 0.64), (0.6, 0.6), (0.61, 0.6))
CENSUS = ((0.8, 0.82), (0.81, 0.85), (0.8, 0.83), (0.82, 0.8), (0.84, 0.8), (0.8, 0.82))
UNEVEN = ((0.24, 0.41), (0.22, 0.81), (0.28, 0.3), (0.24, 0.74), (0.81, 0.81), (0.78, 0.86))
ONE_MIND = (0.95, 0.03, 0.02), (0.9, 0.05, 0.05)
KINDS = (
    Scenario("as the sample corpus", SURVEY),
    Scenario("near-census", CENSUS),
    Scenario("uneven weights, long documents", UNEVEN, is_long_tailed=True),
    Scenario("nearly all of one mind", SURVEY, mixes=ONE_MIND),
    Scenario("near-census, nearly of one mind", CENSUS, mixes=ONE_MIND),
)
BEARING = (8, 20, 40)

GOOD = Errors(missed=(0.1, 0.2), invented=(0.02, 0.04), turned=(0.1, 0.2))
POOR = Errors(missed=(0.3, 0.5), invented=(0.1, 0.2), turned=(0.2, 0.3))
SPARSE = ((0.1, 0.1),) * 6
PREDICTED = tuple(
    Scenario(f"{size}, {what}, {model} model", rates, shares=shares, errors=errors)
    for size, rates in (("small corpus", SURVEY), ("large corpus", SPARSE))
    for what, shares in (("share .3", (0.3, 0.45)), ("share .06", (0.06, 0.12)), ("stance", None))
    for model, errors in (("good", GOOD), ("poor", POOR))
)
PREDICTED_BEARING = (50, 100)


def main(simulations: int = 1000, seed: int = 49) -> None:
    """Print how often intervals of changes of net stance hold the truth, by kind of corpus and population."""
    typer.echo(
        f"Share of {CONFIDENCE:.0%} intervals that hold the truth in {simulations} simulations of {RESAMPLES} "
        "resamples, at about so many bearing articles a side. ours: as published; percentile: the same without "
        "the stretch for few stories; naive: statements taken as independent; width: of ours; no interval: the "
        "share of samples in which a period's stories all lean alike, or too few resamples hold it."
    )
    typer.echo(
        f"{'corpus':32}{'articles':>9}{'population':>11}{'ours':>8}{'percentile':>11}{'naive':>8}"
        f"{'width':>8}{'no interval':>12}"
    )
    for kind in KINDS:
        for bearing in BEARING:
            for population in ("corpus", "process"):
                found = coverage(replace(kind, bearing=bearing), population, simulations, seed)
                typer.echo(
                    f"{kind.name:32}{found.bearing:9.1f}{population:>11}{found.ours:8.3f}"
                    f"{found.percentile:11.3f}{found.naive:8.3f}{found.width:8.2f}"
                    f"{found.voids / simulations:12.3f}"
                )

    typer.echo(
        "\nGold alone beside prediction-powered intervals: a model counts all articles, with errors that "
        "differ between the periods. gold instead: the share of samples that show too few of its errors."
    )
    typer.echo(
        f"{'corpus':36}{'articles':>9}{'population':>11}{'gold':>8}{'width':>8}{'powered':>9}{'width':>8}{'gold instead':>13}{'no interval':>12}"
    )
    for kind in PREDICTED:
        for bearing in PREDICTED_BEARING:
            for population in ("corpus", "process"):
                wanted = with_bearing(kind, bearing)
                both = gold_beside_powered(wanted, population, simulations, seed)
                typer.echo(
                    f"{kind.name:36}{bearing:9d}{population:>11}{both.gold:8.3f}{both.gold_width:8.3f}"
                    f"{both.powered:9.3f}{both.powered_width:8.3f}"
                    f"{both.fallbacks / simulations:13.3f}{both.voids / simulations:12.3f}"
                )


def with_bearing(scenario: Scenario, bearing: int) -> Scenario:
    """The scenario with a corpus of such a size that so many labelled articles bear on each period.

    Of a share every article bears, of a stance one in two.
    """
    length = PERIODS[0][1] - PERIODS[0][0]
    rate = float(np.mean(scenario.rates))
    stories = bearing / (rate * length * np.dot(COPIES, (1, 2, 3))) * (1 if scenario.shares else 2)
    return replace(scenario, bearing=bearing, stories=(round(0.9 * stories), round(1.1 * stories) + 1))


@dataclass(frozen=True)
class Beside:
    """Shares of intervals that held the truth, and mean widths, of gold alone and prediction-powered.

    `fallbacks` is the number of samples that showed too few errors of the model, so that gold alone stands
    in for both; `voids` that of those without an interval.
    """

    gold: float
    gold_width: float
    powered: float
    powered_width: float
    fallbacks: int
    voids: int


def gold_beside_powered(
    scenario: Scenario, population: str, simulations: int, seed: int, resamples: int = POWERED_RESAMPLES
) -> Beside:
    """Simulate corpora, samples and a model; both estimators on the same draws."""
    rng = np.random.default_rng(seed)
    intervals, truths, fallbacks = [], [], 0
    for _ in range(simulations):
        corpus = make_corpus(scenario, rng)
        sample, rest = draw_sample(corpus, rng)
        design = Design(1 / sample.rate, sample.story, sample.stratum.astype(str), population == "corpus")
        gold = [sample.tally(period) for period in (0, 1)]
        periods = [
            Period(
                tally,
                sample.predicted(period),
                rest.predicted(period),
                sample.within(period),
                rest.within(period),
            )
            for period, tally in enumerate(gold)
        ]
        powered = power(periods, design, rest.story)
        fallbacks += powered is None
        ends = []
        for (before, after), of in ((gold, design), powered or (gold, design)):
            found = change_ci(
                before,
                after,
                of,
                lowest=scenario.lowest,
                confidence=CONFIDENCE,
                resamples=resamples,
                rng=np.random.default_rng(rng.integers(2**32)),
            )
            ends += [found.low, found.high]
        intervals.append(ends)
        truths.append(corpus.change() if population == "corpus" else _expected_change(scenario))
    valid = np.isfinite(intervals).all(axis=1)
    held, true = np.array(intervals)[valid], np.array(truths)[valid]
    widths = [float((held[:, i + 1] - held[:, i]).mean()) for i in (0, 2)]
    shares = [_share_held(held[:, i : i + 2], true) for i in (0, 2)]
    return Beside(shares[0], widths[0], shares[1], widths[1], fallbacks, int((~valid).sum()))


def coverage(
    scenario: Scenario, population: str, simulations: int, seed: int, resamples: int = RESAMPLES
) -> Coverage:
    """Simulate corpora and samples; `population` corpus or process says whose change is the truth."""
    rng = np.random.default_rng(seed)
    intervals, truths, bearing = [], [], []
    for _ in range(simulations):
        corpus = make_corpus(scenario, rng)
        sample, _ = draw_sample(corpus, rng)
        weights = 1 / sample.rate
        design = Design(weights, sample.story, sample.stratum, finite=population == "corpus")
        before, after = sample.tally(0), sample.tally(1)
        start = rng.integers(2**32)
        draws = [np.random.default_rng(start) for _ in range(2)]
        ours = change_ci(
            before, after, design, lowest=-1, confidence=CONFIDENCE, resamples=resamples, rng=draws[0]
        )
        changes = resampled_changes(before, after, design, resamples, draws[1])
        intervals.append([ours.low, ours.high, *_percentile(changes), *_naive(before, after)])
        truths.append(corpus.change() if population == "corpus" else _expected_change(scenario))
        bearing.append((before.denominator > 0).sum() / 2 + (after.denominator > 0).sum() / 2)
    ends = np.array(intervals)
    valid = np.isfinite(ends).all(axis=1)
    ours_held, percentile, naive = (
        _share_held(ends[valid, i : i + 2], np.array(truths)[valid]) for i in (0, 2, 4)
    )
    widths = ends[valid, 1] - ends[valid, 0]
    return Coverage(
        ours=ours_held,
        percentile=percentile,
        naive=naive,
        width=float(widths.mean()),
        voids=int((~valid).sum()),
        bearing=float(np.mean(bearing)),
    )


def make_corpus(scenario: Scenario, rng: np.random.Generator) -> Corpus:
    """A corpus of two strata a half-year of about 25 articles each, in stories of one to three copies."""
    half_years = len(scenario.rates)
    stories = int(rng.integers(*scenario.stories)) * half_years
    day = rng.uniform(0, half_years, stories)
    statements, lean = _shares(scenario, day, rng) if scenario.shares else _statements(scenario, day, rng)
    found = _predictions(scenario, day, statements, lean, rng)
    copies = rng.choice([1, 2, 3], p=COPIES, size=stories)
    story = np.repeat(np.arange(stories), copies)
    home = np.repeat(rng.integers(0, 2, stories), copies)
    side = np.where(rng.random(len(story)) < ELSEWHERE, 1 - home, home)
    half_year = day[story].astype(int)
    rate = np.array(scenario.rates)[half_year, side]
    counts = (each[story] for each in (lean, statements, *found))
    corpus = Corpus(day[story], story, 2 * half_year + side, rate, *counts)
    return _rows(corpus, np.argsort(corpus.day, kind="stable"))


def draw_sample(corpus: Corpus, rng: np.random.Generator) -> tuple[Corpus, Corpus]:
    """Simple random samples of articles by stratum, and the rest; `rate` is what came of the wanted fraction."""
    drawn = np.zeros(len(corpus.day), dtype=bool)
    rate = corpus.rate.copy()
    for stratum in np.unique(corpus.stratum):
        members = np.flatnonzero(corpus.stratum == stratum)
        size = max(1, round(corpus.rate[members[0]] * len(members)))
        drawn[rng.choice(members, size, replace=False)] = True
        rate[members] = size / len(members)
    return _rows(replace(corpus, rate=rate), drawn), _rows(corpus, ~drawn)


def _rows(corpus: Corpus, rows: NDArray) -> Corpus:
    """Some articles of a corpus, by number or by mask."""
    return Corpus(**{field.name: getattr(corpus, field.name)[rows] for field in fields(Corpus)})


def _statements(
    scenario: Scenario, day: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The number of statements of each story, and their lean; most stories hold none."""
    articles_a_story = np.dot(COPIES, (1, 2, 3))
    length = PERIODS[0][1] - PERIODS[0][0]
    stories = len(day) / len(scenario.rates) * length
    in_period = [
        np.mean([scenario.rates[int(d)] for d in np.arange(start, end, 0.25)]) for start, end in PERIODS
    ]
    is_after = (day >= PERIODS[1][0]).astype(int)
    share = scenario.bearing / (stories * articles_a_story * np.array(in_period))
    bears = rng.random(len(day)) < share[is_after]
    if scenario.is_long_tailed:
        count = np.minimum(np.ceil(rng.lognormal(0.9, 1.1, len(day))), LONGEST[1])
    else:
        count = np.minimum(1 + rng.poisson(1.5, len(day)), LONGEST[0])
    count = (count * bears).astype(int)
    concentration = (1 - scenario.spread) / scenario.spread
    lean = np.zeros(len(day))
    for story in np.flatnonzero(bears):
        mix = rng.dirichlet(concentration * np.array(scenario.mixes[is_after[story]]))
        favor, _, against = rng.multinomial(count[story], mix)
        lean[story] = favor - against
    return count.astype(float), lean


def _shares(
    scenario: Scenario, day: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One article each, and whether it has the theme: copies of a story have the story's."""
    assert scenario.shares
    share = np.array(scenario.shares)[(day >= PERIODS[1][0]).astype(int)]
    return np.ones(len(day)), (rng.random(len(day)) < share).astype(float)


def _predictions(
    scenario: Scenario,
    day: NDArray[np.float64],
    statements: NDArray[np.float64],
    lean: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lean and statements of each story as a model with those errors counts them; nothing without errors."""
    if not scenario.errors:
        return np.zeros(len(day)), np.zeros(len(day))
    is_after = (day >= PERIODS[1][0]).astype(int)
    missed, invented, turned = (
        np.array(chances)[is_after]
        for chances in (scenario.errors.missed, scenario.errors.invented, scenario.errors.turned)
    )
    if scenario.shares:
        return np.where(lean > 0, rng.random(len(day)) >= missed, rng.random(len(day)) < invented) * 1.0, (
            statements
        )
    kept = rng.binomial(statements.astype(int), 1 - missed)
    new = rng.poisson(invented)
    # a turned statement leans the other way; those that are kept lean as the story does on average
    mean = np.divide(lean, statements, out=np.zeros(len(day)), where=statements > 0)
    return np.round(kept * mean * (1 - 2 * turned)) + rng.integers(-1, 2, len(day)) * new, kept + new * 1.0


def _expected_change(scenario: Scenario) -> float:
    """The change in the process that corpora are drawn from."""
    if scenario.shares:
        return scenario.shares[1] - scenario.shares[0]
    before, after = scenario.mixes
    return (after[0] - after[2]) - (before[0] - before[2])


def _percentile(changes: NDArray[np.float64]) -> Sequence[float]:
    kept = changes[np.isfinite(changes)]
    if kept.size < 0.9 * changes.size:
        return np.nan, np.nan
    return np.quantile(kept, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()


def _naive(before: Tally, after: Tally) -> Sequence[float]:
    """As if every statement were an independent draw with equal chances."""
    change, variance = 0.0, 0.0
    for sign, tally in ((-1, before), (1, after)):
        total = tally.denominator.sum()
        if total == 0:
            return np.nan, np.nan
        mean = tally.numerator.sum() / total
        change += sign * mean
        variance += (1 - mean**2) / total
    reach = norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(variance)
    return change - reach, change + reach


def _share_held(ends: NDArray[np.float64], truths: NDArray[np.float64]) -> float:
    return float(((ends[:, 0] - ROUNDING <= truths) & (truths <= ends[:, 1] + ROUNDING)).mean())
