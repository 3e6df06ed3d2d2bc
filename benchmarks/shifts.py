"""How often shifts are found where nothing changed, and how well planted ones are found, dated and measured.

Articles a period are uneven (negative binomial), and periods without any are left out, as in a corpus.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import typer
from numpy.typing import NDArray

from pipeline.methods.shifts import CORRELATIONS, Finding, Noise, draw_series, find_shifts

CONFIDENCE = 0.95
LEAST_SEGMENT = 4
MOST_BREAKS = 3
UNEVENNESS = 1.5  # shape of the negative binomial; smaller is more uneven
EPISODE = 0.2  # of the periods: how long a change lasts that ends again


@dataclass(frozen=True)
class Scenario:
    """A kind of series; the correlation of neighbouring periods is one of CORRELATIONS."""

    name: str
    periods: int = 80
    articles: int = 30
    share: float = 0.1
    change: float = 0.0
    is_episode: bool = False
    icc: float = 0.05
    correlation: float = 0.0


@dataclass(frozen=True)
class Score:
    """Shares of series, and of the shifts nearest to the planted one where any was found (nan without one).

    `found`: series with any shift; `right_number`: as many as planted; `change_held`, `date_held`: intervals
    that hold the truth; `error`: median distance of the date in periods; `bias`: of the change.
    """

    found: float
    right_number: float
    change_held: float
    date_held: float
    error: float
    bias: float


UNCHANGED = (
    Scenario("independent articles", icc=0.0),
    Scenario("bursts"),
    Scenario("bursts, correlation .3", correlation=0.3),
    Scenario("bursts, correlation .6", correlation=0.6),
    Scenario("36 periods, correlation .3", periods=36, correlation=0.3),
    Scenario("24 periods, correlation .3", periods=24, correlation=0.3),
    Scenario("rare, correlation .3", share=0.02, correlation=0.3),
    Scenario("300 articles, correlation .3", articles=300, correlation=0.3),
)
CHANGED = (
    Scenario(".10 to .20, independent", change=0.1, icc=0.0),
    Scenario(".10 to .20, bursts", change=0.1),
    Scenario(".10 to .25, bursts", change=0.15),
    Scenario(".10 to .25, bursts, correlation .3", change=0.15, correlation=0.3),
    Scenario(".10 to .30 and back, bursts", change=0.2, is_episode=True),
    Scenario("36 periods, .10 to .30, bursts", periods=36, change=0.2),
)


def main(simulations: int = 200, resamples: int = 499, seed: int = 49) -> None:
    """Print the rate of false shifts, and power, date error and coverage for planted ones."""
    typer.echo(
        f"{simulations} simulated series each, {resamples} resamples, at most {MOST_BREAKS} breaks. found: share of "
        f"series with any shift; right number: with as many as planted. Of the shift nearest to the planted one: "
        f"share of {CONFIDENCE:.0%} intervals that hold the change and the date, median error of the date in "
        "periods, mean error of the change."
    )
    typer.echo(
        f"{'series':38}{'found':>7}{'right number':>14}{'change held':>13}{'date held':>11}{'error':>7}{'bias':>8}"
    )
    for scenario in (*UNCHANGED, *CHANGED):
        score = simulate(scenario, simulations, resamples, seed)
        typer.echo(
            f"{scenario.name:38}{score.found:7.3f}{score.right_number:14.3f}{score.change_held:13.3f}"
            f"{score.date_held:11.3f}{score.error:7.1f}{score.bias:8.3f}"
        )


def simulate(scenario: Scenario, simulations: int, resamples: int, seed: int) -> Score:
    """Search simulated series of a kind and compare what is found with what was planted."""
    rng = np.random.default_rng(seed)
    planted = 0 if not scenario.change else 1 + scenario.is_episode
    numbers, details = [], []
    for _ in range(simulations):
        counts, totals, times, row = make_series(scenario, rng)
        finding = find_shifts(
            counts,
            totals,
            times,
            least_segment=LEAST_SEGMENT,
            most_breaks=MOST_BREAKS,
            confidence=CONFIDENCE,
            resamples=resamples,
            rng=rng,
        )
        numbers.append(len(finding.shifts))
        if finding.shifts and planted:
            details.append(_compare(finding, times, row, scenario.change))
    found = np.array(numbers)
    held = np.array(details) if details else np.full((1, 4), np.nan)
    change_held, date_held, _, bias = held.mean(axis=0).tolist()
    error = float(np.median(held[:, 2]))
    return Score(
        float((found > 0).mean()), float((found == planted).mean()), change_held, date_held, error, bias
    )


def make_series(
    scenario: Scenario, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], int]:
    """Counts, totals and times of a series, and the row of the planted change, in the middle."""
    chance = UNEVENNESS / (UNEVENNESS + scenario.articles)
    while True:
        drawn = rng.negative_binomial(UNEVENNESS, chance, scenario.periods)
        times = np.flatnonzero(drawn)
        totals = drawn[times].astype(np.float64)
        start = scenario.periods // 2
        end = start + int(EPISODE * scenario.periods) if scenario.is_episode else scenario.periods
        is_changed = (times >= start) & (times < end)
        level = np.where(is_changed, scenario.share + scenario.change, scenario.share)
        noise = Noise(scenario.icc, np.isclose(CORRELATIONS, scenario.correlation).astype(np.float64))
        counts = draw_series(level, totals, times, noise, 1, rng)[0]
        if counts.any():
            return counts, totals, times, int(np.searchsorted(times, start))


def _compare(finding: Finding, times: NDArray[np.int64], row: int, change: float) -> Sequence[float]:
    """Whether the nearest shift's intervals hold the change and the date; the errors of both."""
    shift = min(finding.shifts, key=lambda found: abs(int(times[found.row] - times[row])))
    return (
        shift.low <= change <= shift.high,
        shift.first_row <= row <= shift.last_row,
        abs(int(times[shift.row] - times[row])),
        shift.after - shift.before - change,
    )
