import numpy as np
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from ruptures.base import BaseCost

from benchmarks.shifts import CHANGED, UNCHANGED, simulate
from pipeline.methods.shifts import CORRELATIONS, Noise, best_partitions, draw_series, find_shifts, worth

TIMES = np.arange(40)
TOTALS = np.full(40, 50.0)


def search(counts, totals=TOTALS, times=TIMES, seed=49, **changes):
    settings = {"least_segment": 4, "most_breaks": 3, "confidence": 0.95, "resamples": 199} | changes
    return find_shifts(
        np.asarray(counts, dtype=float), totals, times, **settings, rng=np.random.default_rng(seed)
    )


def noise(icc=0.0, correlation=0.0):
    return Noise(icc, np.isclose(CORRELATIONS, correlation).astype(float))


def drawn(level, totals=TOTALS, times=TIMES, draws=1, seed=1, **of_noise):
    return draw_series(level, totals, times, noise(**of_noise), draws, np.random.default_rng(seed))


def step(before=0.1, after=0.3, row=25, periods=40):
    return np.where(np.arange(periods) < row, before, after)


class BinomialCost(BaseCost):
    """Twice the negative log likelihood of a segment of constant share, for ruptures."""

    model = "binomial"
    min_size = 3

    def fit(self, signal):
        self.signal = signal
        return self

    def error(self, start, end):
        taken, whole = self.signal[start:end].sum(axis=0)
        share = taken / whole
        return -2 * sum(
            part * np.log(of) for part, of in ((taken, share), (whole - taken, 1 - share)) if part > 0
        )


@pytest.mark.parametrize("seed", range(4))
def test_partitions_are_those_of_ruptures(seed):
    rng = np.random.default_rng(seed)
    totals = rng.integers(1, 40, 30).astype(float)
    counts = rng.binomial(totals.astype(int), np.repeat(rng.uniform(0, 0.5, 5), 6)).astype(float)
    deviances, breaks = best_partitions(counts[None], totals, 3, 3)
    cost = BinomialCost()
    peer = ruptures.Dynp(custom_cost=cost, min_size=3, jump=1).fit(np.stack([counts, totals], axis=1))
    assert deviances[0, 0] == pytest.approx(cost.error(0, 30))
    for number in (1, 2, 3):
        bounds = peer.predict(number)
        expected = sum(cost.error(*ends) for ends in zip([0, *bounds[:-1]], bounds, strict=True))
        assert deviances[0, number] == pytest.approx(expected)
        assert breaks[number][0].tolist() == bounds[:-1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(16, 40))
def test_a_share_and_what_is_left_of_it_break_alike(seed, periods):
    rng = np.random.default_rng(seed)
    totals = rng.integers(1, 60, periods).astype(float)
    counts = rng.binomial(totals.astype(int), 0.3, size=(3, periods)).astype(float)
    deviances, breaks = best_partitions(counts, totals, 4, 2)
    mirrored, same_breaks = best_partitions(totals - counts, totals, 4, 2)
    assert (np.diff(deviances, axis=1) <= 1e-9).all()
    assert mirrored == pytest.approx(deviances)
    for number in (1, 2):
        bounds = np.pad(breaks[number], ((0, 0), (1, 1)), constant_values=((0, 0), (0, periods)))
        assert (np.diff(bounds, axis=1) >= 4).all()
        assert same_breaks[number].shape == breaks[number].shape


def test_batches_change_nothing(monkeypatch):
    counts = drawn(step(), draws=7)
    whole = best_partitions(counts, TOTALS, 4, 3)
    monkeypatch.setattr("pipeline.methods.shifts.CELLS", 3 * 41**2)
    parts = best_partitions(counts, TOTALS, 4, 3)
    assert np.array_equal(whole[0], parts[0])
    assert all(np.array_equal(one, other) for one, other in zip(whole[1], parts[1], strict=True))


def test_a_plain_shift_is_found_dated_and_measured():
    counts = np.where(np.arange(40) < 25, 5.0, 15.0) + np.tile([0, 1, -1, 0], 10)
    finding = search(counts)
    (shift,) = finding.shifts
    assert finding.p == pytest.approx(1 / 200)
    assert shift.first_row <= shift.row == 25 <= shift.last_row
    assert shift.before == pytest.approx(counts[:25].sum() / 1250)
    assert shift.after == pytest.approx(counts[25:].sum() / 750)
    assert 0 < shift.low < shift.after - shift.before < shift.high


def test_an_episode_is_two_shifts():
    level = np.where((np.arange(40) >= 15) & (np.arange(40) < 25), 0.4, 0.1)
    shifts = search(np.round(level * 50)).shifts
    assert [shift.row for shift in shifts] == [15, 25]
    assert shifts[0].after == shifts[1].before


def test_a_same_seed_finds_the_same():
    counts = drawn(step(), icc=0.05)[0]
    one, other, seeded = search(counts), search(counts), search(counts, seed=50)
    assert one.shifts == other.shifts
    assert (one.p, one.noise.icc, one.noise.correlation) == (
        other.p,
        other.noise.icc,
        other.noise.correlation,
    )
    assert [shift.row for shift in seeded.shifts] == [shift.row for shift in one.shifts]


@pytest.mark.parametrize(("articles", "found"), [(2.0, 0), (100.0, 2)])
def test_a_share_of_few_articles_counts_for_little(articles, found):
    totals = np.full(40, 100.0)
    counts = 10.0 + np.tile([0, 1, -1, 0], 10)
    totals[30:34], counts[30:34] = articles, articles / 2
    assert len(search(counts, totals=totals).shifts) == found


def test_a_share_of_none_is_not_taken_for_certain():
    totals = np.where(np.arange(40) < 25, 2.0, 2000.0)
    counts = np.where(np.arange(40) < 25, 0.0, 600.0) + np.tile([0, 1, -1, 0], 10) * (np.arange(40) >= 25)
    (shift,) = search(counts, totals=totals).shifts
    assert shift.before == 0
    assert shift.high - shift.low > 0.03  # what is after, of thousands of articles, is known to within .01


def test_what_persists_is_not_taken_for_a_shift():
    walk = np.repeat([3.0, 9.0, 4.0, 8.0, 2.0, 7.0, 3.0, 8.0, 4.0, 9.0], 4)
    assert search(walk).p > 0.05
    assert search(walk).noise.correlation > 0.4


@pytest.mark.parametrize(("icc", "variance"), [(0.0, 50 * 0.2 * 0.8), (0.1, 50 * 0.2 * 0.8 * (1 + 49 * 0.1))])
def test_drawn_series_have_the_moments_asked_for(icc, variance):
    counts = drawn(np.full(40, 0.2), draws=4000, icc=icc, correlation=0.5)
    assert counts.mean() == pytest.approx(10, rel=0.02)
    assert counts.var(axis=0).mean() == pytest.approx(variance, rel=0.05)
    assert np.corrcoef(counts[:, 10], counts[:, 11])[0, 1] == pytest.approx(0.5, abs=0.06)


def test_dependence_fades_over_a_gap():
    times = np.concatenate([np.arange(20), np.arange(20) + 24])
    counts = drawn(np.full(40, 0.5), times=times, draws=4000, correlation=0.7)
    near, far = (np.corrcoef(counts[:, row], counts[:, row + 1])[0, 1] for row in (10, 19))
    assert near == pytest.approx(0.7, abs=0.06)
    assert far == pytest.approx(0.7**5, abs=0.06)


def test_what_articles_are_worth():
    totals = np.array([1.0, 11.0, 1e9])
    assert worth(totals, 0.0).tolist() == totals.tolist()
    assert worth(totals, 0.1) == pytest.approx([1, 5.5, 10])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"counts": np.ones(39)}, "39 counts, 40 totals and 40 times; give one of each a period"),
        ({"least_segment": 21}, "40 periods are fewer than two segments of 21; give more"),
        ({"times": TIMES // 2}, "times do not rise; sort the periods and give each one once"),
        ({"counts": np.full(40, 51.0)}, r"period 0: count 51.0 is not in \[0, 50.0\]"),
        ({"counts": np.zeros(40)}, "the count is 0.0 of 2000.0 in all; such a series cannot change"),
        ({"counts": TOTALS}, "the count is 2000.0 of 2000.0 in all; such a series cannot change"),
    ],
)
def test_what_cannot_be_searched_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        search(**({"counts": np.ones(40)} | changes))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [UNCHANGED[i] for i in (0, 2, 5)], ids=lambda scenario: scenario.name)
def test_false_shifts_are_as_rare_as_promised(scenario):
    found = simulate(scenario, simulations=60, resamples=99, seed=5).found
    assert found <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [CHANGED[i] for i in (2, 4)], ids=lambda scenario: scenario.name)
def test_planted_shifts_are_found_and_their_intervals_hold_them(scenario):
    score = simulate(scenario, simulations=40, resamples=99, seed=5)
    assert score.found >= 0.8
    assert score.right_number >= 0.7
    assert score.error <= 1
    assert score.change_held >= 0.8
    assert score.date_held >= 0.85
