import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from benchmarks.intervals import KINDS, PREDICTED, coverage, gold_beside_powered, with_bearing
from pipeline.methods.estimate import (
    Bar,
    Design,
    Labelling,
    Tally,
    articles_needed,
    change_ci,
    collapse_strata,
    false_discovery,
    meets_bar,
    number_by_appearance,
    ratio,
    resampled_changes,
    rescaled_weights,
)
from pipeline.methods.prediction_powered import (
    Period,
    corrected_tally,
    design_of_all,
    model_weight,
    power,
)

REPEATABLE = settings(deadline=None, derandomize=True)
BAR = Bar(claim_articles=20, census_claim_articles=8, census_share=0.8)


def array(*values):
    return np.array(values, dtype=float)


def change_of(before, after, design, seed=0, resamples=200, lowest=-1):
    rng = np.random.default_rng(seed)
    return change_ci(before, after, design, lowest=lowest, confidence=0.95, resamples=resamples, rng=rng)


# before: favor x2 | against + neutral; after: copy 1 against | copy 2 against + neutral | neutral
WEIGHTS = array(2, 1, 1, 2, 4)
STORIES = np.array(["a", "b", "c", "c", "e"])
BEFORE = Tally(numerator=array(2, -1, 0, 0, 0), denominator=array(2, 2, 0, 0, 0))
AFTER = Tally(numerator=array(0, 0, -1, -1, 0), denominator=array(0, 0, 1, 2, 1))


def test_net_stance_by_hand():
    assert ratio(BEFORE, WEIGHTS) == (2 * 2 - 1 * 1) / (2 * 2 + 1 * 2)
    assert ratio(AFTER, WEIGHTS) == (-1 * 1 - 1 * 2) / (1 * 1 + 2 * 2 + 4 * 1)


def test_net_stance_of_nothing_is_nan():
    assert math.isnan(ratio(Tally(array(0, 0), array(0, 0)), array(1, 1)))


@pytest.mark.parametrize("finite", [True, False])
def test_change_by_hand_with_the_draws_of_the_specification(finite):
    strata = np.array(["s", "s", "t", "u", "t"])  # c begins in t; its second copy, in u, follows it there
    design = Design(WEIGHTS, STORIES, strata, finite=finite)
    rng = np.random.default_rng(7)
    multipliers = []
    for articles, weight in ((2, 3), (3, 7)):
        scale = math.sqrt(1 - articles / weight) if finite else 1
        counts = rng.multinomial(1, [1 / 2] * 2, size=200)
        multipliers.append(1 - scale + scale * 2 / 1 * counts)
    (a, b), (c, e) = multipliers[0].T, multipliers[1].T
    wanted = c * -3 / (c * 5 + e * 4) - (a * 4 - b) / (a * 4 + b * 2)

    found = resampled_changes(BEFORE, AFTER, design, 200, np.random.default_rng(7))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)

    change = change_of(BEFORE, AFTER, design, seed=7)
    assert (change.before, change.after) == (0.5, pytest.approx(-1 / 3))
    freedom = 1  # two stories bear on either side
    stretch = student.ppf(0.975, freedom) / student.ppf(0.975, np.inf)
    ends = change.change + stretch * (np.quantile(wanted, [0.025, 0.975]) - change.change)
    assert (change.low, change.high) == pytest.approx(np.clip(ends, -2, 2).tolist())
    assert change.p == pytest.approx(2 * student.sf(abs(change.change) / wanted.std(ddof=1), freedom))


def test_a_period_missing_from_more_than_a_tenth_of_the_draws_has_no_interval():
    design = Design(array(2, 2, 2, 2), np.array(["a", "b", "c", "d"]), np.array(["s"] * 4), finite=False)
    before, after = Tally(array(1, -1, 0, 0), array(1, 1, 0, 0)), Tally(array(0, 0, 1, -1), array(0, 0, 1, 1))
    assert np.isnan(resampled_changes(before, after, design, 200, np.random.default_rng(0))).mean() > 0.1
    change = change_of(before, after, design)
    assert change.change == 0
    assert np.isnan([change.low, change.high, change.p]).all()


@pytest.mark.parametrize("leans", [(1, 1), (-1, -1), (0, 0), (0, 1)])
def test_a_period_in_which_all_stories_lean_alike_has_no_interval(leans):
    """Neither one of one mind nor one of a single story shows its variance."""
    design = Design(array(2, 2, 2, 2), np.array(["a", "b", "c", "d"]), np.array(["s"] * 4), finite=True)
    holding = array(0, 0, 1, 1) if leans != (0, 1) else array(0, 0, 0, 1)
    change = change_of(
        Tally(array(1, -1, 0, 0), array(1, 1, 0, 0)), Tally(array(0, 0, *leans), holding), design
    )
    assert np.isfinite(change.change)
    assert np.isnan([change.low, change.high, change.p]).all()


def test_where_all_is_labelled_one_mind_is_known():
    design = Design(array(1, 1, 1, 1), np.array(["a", "b", "c", "d"]), np.array(["s"] * 4), finite=True)
    change = change_of(
        Tally(array(1, -1, 0, 0), array(1, 1, 0, 0)), Tally(array(0, 0, 1, 1), array(0, 0, 1, 1)), design
    )
    assert (change.change, change.low, change.high) == (1, 1, 1)


def test_a_sample_of_one_story_has_no_interval():
    design = Design(array(2, 2), np.array(["a", "a"]), np.array(["s", "s"]), finite=True)
    change = change_of(Tally(array(1, 0), array(1, 0)), Tally(array(0, -1), array(0, 1)), design)
    assert change.change == -2
    assert np.isnan([change.low, change.high, change.p]).all()


def test_arrays_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"equally long.*found \[4, 5\]"):
        change_of(BEFORE, AFTER, Design(WEIGHTS, STORIES, np.array(["s"] * 4), finite=True))


@pytest.mark.parametrize("weight", [0.5, math.inf, math.nan])
def test_impossible_weights_are_refused(weight):
    design = Design(array(1, 1, 1, 1, weight), STORIES, np.array(["s"] * 5), finite=True)
    with pytest.raises(ValueError, match=r"is not 1 / an inclusion probability"):
        change_of(BEFORE, AFTER, design)


@pytest.mark.parametrize(
    ("strata", "collapsed"),
    [
        (["p", "p", "q", "q"], [0, 0, 1, 1]),
        (["q", "p", "q", "p"], [1, 0, 1, 0]),
        (["p", "q", "q"], [0, 0, 0]),  # the first joins the one after it
        (["p", "p", "q", "r", "r"], [0, 0, 0, 1, 1]),  # any other joins the one before it
        (["p", "p", "q", "r"], [0, 0, 0, 0]),
        (["p", "q", "r", "r"], [0, 0, 1, 1]),
        (["p", "q", "r", "s"], [0, 0, 0, 0]),  # p with q; r and then s find a stratum before them
        (["p"], [0]),
    ],
)
def test_single_stories_join_a_neighbouring_stratum(strata, collapsed):
    assert collapse_strata(strata).tolist() == collapsed


def test_stories_are_numbered_by_appearance():
    codes, first_rows = number_by_appearance(["z", "a", "z", "m"])
    assert codes.tolist() == [0, 1, 0, 2]
    assert first_rows.tolist() == [0, 1, 3]


def test_rescaled_weights_vary_as_the_stratum_total_does():
    values, fraction = array(3, 1, 4, 1, 5), 0.6
    totals = rescaled_weights(5, fraction, 40_000, np.random.default_rng(1)) @ values
    assert totals.mean() == pytest.approx(values.sum(), rel=0.005)
    assert totals.var() == pytest.approx((1 - fraction) * 5 * values.var(ddof=1), rel=0.03)


def test_a_single_story_cannot_be_rescaled():
    with pytest.raises(ValueError, match="a stratum of 1 story has no variance"):
        rescaled_weights(1, 0.5, 10, np.random.default_rng(1))


def test_false_discovery_by_hand():
    assert false_discovery([0.01, math.nan, 0.04, 0.03]) == pytest.approx(
        [0.03, math.nan, 0.04, 0.04], nan_ok=True
    )
    assert np.isnan(false_discovery([math.nan])).all()
    assert false_discovery([]).size == 0


@pytest.mark.parametrize(
    ("period", "met"),
    [
        (Labelling(bearing=20, labelled=40, documents=100), True),
        (Labelling(bearing=19, labelled=40, documents=100), False),
        (Labelling(bearing=8, labelled=40, documents=50), True),
        (Labelling(bearing=7, labelled=40, documents=50), False),
        (Labelling(bearing=8, labelled=39, documents=50), False),
    ],
)
def test_bar(period, met):
    assert meets_bar(period, BAR) is met


@pytest.mark.parametrize(
    ("period", "needed"),
    [
        (Labelling(bearing=20, labelled=40, documents=60), 0),
        (Labelling(bearing=19, labelled=40, documents=60), 3),  # 1 / (19 / 40) = 2.1
        (Labelling(bearing=10, labelled=40, documents=60), 8),  # 40 are not to be had; .8 x 60 - 40 are
        (Labelling(bearing=5, labelled=40, documents=80), 24),  # 3 / (5 / 40) = 24; .8 x 80 - 40 = 24
        (Labelling(bearing=5, labelled=40, documents=90), 32),  # .8 x 90 - 40 = 32 is more than 24
        (Labelling(bearing=4, labelled=40, documents=60), None),  # 4 / (4 / 40) = 40 of 20
        (Labelling(bearing=0, labelled=40, documents=900), None),
        (Labelling(bearing=10, labelled=40, documents=79.995), 24),  # a sum of rounded weights: 80 documents
    ],
)
def test_articles_needed(period, needed):
    assert articles_needed([period], BAR) == needed


def test_articles_needed_of_both_periods():
    short, none = Labelling(19, 40, 60), Labelling(0, 40, 60)
    assert articles_needed([short, short], BAR) == 6
    assert articles_needed([Labelling(20, 40, 60), short], BAR) == 3
    assert articles_needed([short, none], BAR) is None


@st.composite
def samples(draw):
    size = draw(st.integers(4, 12))
    some = lambda values: st.lists(values, min_size=size, max_size=size)  # noqa: E731
    counts = np.array(draw(some(st.tuples(*[st.integers(0, 3)] * 3))), dtype=float)
    is_after = np.array(draw(some(st.booleans())))
    lean, statements = counts[:, 0] - counts[:, 2], counts.sum(axis=1)
    design = Design(
        weights=np.array(draw(some(st.floats(1, 5)))),
        stories=np.array(draw(some(st.integers(0, 8)))),
        strata=np.array(draw(some(st.sampled_from("pqr")))),
        finite=draw(st.booleans()),
    )
    return (
        Tally(lean * ~is_after, statements * ~is_after),
        Tally(lean * is_after, statements * is_after),
        design,
    )


@given(samples(), st.floats(0.01, 100))
@REPEATABLE
def test_scaling_all_weights_changes_nothing(sample, factor):
    tally, _, design = sample
    scaled = ratio(tally, design.weights * factor)
    assert scaled == pytest.approx(ratio(tally, design.weights), nan_ok=True)


@given(samples())
@REPEATABLE
def test_swapping_favor_and_against_turns_the_sign(sample):
    before, after, design = sample
    found = change_of(before, after, design)
    turned = change_of(
        replace(before, numerator=-before.numerator), replace(after, numerator=-after.numerator), design
    )
    wanted = [-found.before, -found.after, -found.change, -found.high, -found.low, found.p]
    got = [turned.before, turned.after, turned.change, turned.low, turned.high, turned.p]
    assert got == pytest.approx(wanted, nan_ok=True, abs=1e-9)


@given(samples())
@REPEATABLE
def test_a_whole_corpus_has_no_sampling_error(sample):
    before, after, design = sample
    whole = replace(design, weights=np.ones_like(design.weights), finite=True)
    found = change_of(before, after, whole)
    if not math.isnan(found.low):
        assert (found.low, found.high) == pytest.approx((found.change, found.change), abs=1e-9)
        assert found.p == (abs(found.change) < 1e-9)


@given(samples())
@REPEATABLE
def test_the_estimate_changes_no_argument(sample):
    before, after, design = sample
    arrays = [before.numerator, before.denominator, after.numerator, after.denominator, design.weights]
    copies = [array.copy() for array in arrays]
    change_of(before, after, design)
    for found, wanted in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(found, wanted)


SAMPLE, CENSUS, UNEVEN = KINDS[:3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "bearing", "population"),
    [
        (SAMPLE, 20, "corpus"),
        (SAMPLE, 20, "process"),
        (SAMPLE, 40, "corpus"),
        (SAMPLE, 40, "process"),
        (CENSUS, 20, "corpus"),
        (UNEVEN, 40, "corpus"),
        (UNEVEN, 40, "process"),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(kind, bearing, population):
    found = coverage(replace(kind, bearing=bearing), population, simulations=1000, seed=49, resamples=500)
    assert found.bearing == pytest.approx(bearing, abs=1)
    assert 0.91 <= found.ours <= 0.99
    if population == "process":
        assert found.naive < found.ours - 0.08


# Four labelled articles of weight 2 and four others; the model misses the last of each and invents the first.
HAS, FOUND, REST = array(0, 1, 1, 1), array(1, 1, 1, 0), array(1, 0, 1, 0)
EVERYWHERE = np.ones(4, dtype=bool)


def shares(gold=HAS, found=FOUND, rest=REST):
    ones = array(1, 1, 1, 1)
    return Period(Tally(gold, ones), Tally(found, ones), Tally(rest, ones), EVERYWHERE, EVERYWHERE)


def drawn(finite=True, articles=4):
    return Design(
        np.full(articles, 2.0), np.arange(articles).astype(str), np.array(["s"] * articles), finite=finite
    )


@pytest.mark.parametrize("finite", [True, False])
def test_the_models_share_is_corrected_by_its_mean_error(finite):
    period, design = shares(found=array(1, 1, 1, 1)), drawn(finite)
    assert model_weight(period, design) == 0  # it tells nothing apart, so gold alone counts
    tally = corrected_tally(period, design)
    assert ratio(tally, design_of_all(design, array(4, 5, 6, 7)).weights) == pytest.approx(3 / 4)

    period = shares(gold=array(1, 1, 0, 0), found=array(1, 1, 1, 0))
    trust = model_weight(period, design)
    tally = corrected_tally(period, design)
    found = ratio(tally, design_of_all(design, array(4, 5, 6, 7)).weights)
    assert trust == pytest.approx((0.5 * 0.25 * 2 - 0.5 * 0.25 + 0.5 * 0.75) / (3 * 0.25**2 + 0.75**2))
    assert found == pytest.approx(1 / 2 + trust * (5 / 8 - 3 / 4))  # gold, and what the model adds


def test_a_model_without_errors_leaves_none():
    period = shares(found=HAS)
    assert model_weight(period, drawn()) == 1
    tally = corrected_tally(period, drawn())
    assert ratio(tally, drawn().weights) == pytest.approx(5 / 8)
    assert tally.numerator == pytest.approx(np.zeros(4))
    assert power([period, period], drawn(), array(4, 5, 6, 7)) is None


def test_the_power_needs_errors_in_three_stories_of_each_period():
    design, rest = drawn(), array(4, 5, 6, 7)
    three = shares(found=1 - HAS * array(0, 1, 1, 0))
    assert power([three, three], design, rest)
    assert power([three, shares()], design, rest) is None  # two errors
    copies = replace(design, stories=np.array(["a", "a", "c", "d"]))
    assert power([three, three], copies, rest) is None


def test_a_ratio_beyond_its_range_is_cut():
    tally = Tally(array(0, 0), array(0, 0), known_numerator=-1, known_denominator=8)
    change = change_of(tally, tally, drawn(articles=2), lowest=0)
    assert (change.before, change.change) == (0, 0)


@given(samples())
@REPEATABLE
def test_a_model_that_counts_nothing_leaves_gold_as_it_is(sample):
    before, _, design = sample
    none = np.zeros_like(before.numerator)
    among = np.ones(len(none), dtype=bool)
    period = Period(before, Tally(none, none), Tally(none, none), among, among)
    tally = corrected_tally(period, replace(design, finite=True))
    assert ratio(tally, design.weights) == pytest.approx(ratio(before, design.weights), nan_ok=True)


POWERED = [(kind, "corpus") for kind in PREDICTED] + [(kind, "process") for kind in PREDICTED[:6]]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "population"), POWERED, ids=lambda each: getattr(each, "name", each))
def test_prediction_powered_intervals_hold_the_truth_and_are_no_wider_than_gold(kind, population):
    found = gold_beside_powered(with_bearing(kind, 100), population, simulations=250, seed=7, resamples=200)
    assert found.powered >= 0.905  # .95 less three standard errors
    assert found.gold >= 0.905
    assert found.powered_width < 1.01 * found.gold_width
