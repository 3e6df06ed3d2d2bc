import datetime
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import store
from pipeline.params import Detect
from pipeline.stages import detect as stage
from pipeline.stages.detect import detect
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS

ROOT = Path(__file__).parent.parent
PARAMS = Detect(least_periods=24, least_segment=4, most_breaks=2, confidence=0.95, resamples=199, seed=49)
POINTS = [
    {"turning_point": "later", "date": "2022-06-03", "label": "What came later"},
    {"turning_point": "threat", "date": "2022-04-20", "label": "A threat"},
    {"turning_point": "early", "date": "2020-01-01", "label": "Long before"},
]
JITTER = np.tile([0, 1, -1, 0, 1], 20)


def series(
    subject, numerators, family="theme", group="all", start="2020-01", period_kind="month", total=50.0
):
    """A series of articles of a subject, from its first period on."""
    frequency = stage.FREQUENCIES[period_kind]
    periods = pd.period_range(start, periods=len(numerators), freq=frequency)
    numerators = np.asarray(numerators, dtype=float)
    denominators = np.broadcast_to(np.asarray(total, dtype=float), len(numerators))
    rows = zip(periods, numerators, denominators, strict=True)
    return SERIES.frame(
        (
            family,
            subject,
            group,
            period_kind,
            period.start_time,
            taken,
            whole,
            None,
            None,
            None,
            0,
            "model_only",
        )
        for period, taken, whole in rows
    )


def stepped(periods=36, row=28, low=5, high=20):
    return np.where(np.arange(periods) < row, low, high) + JITTER[:periods]


def flat(periods=36):
    return 10 + JITTER[:periods]


def test_a_shift_beside_the_nearest_turning_point():
    frame = detect(pd.concat([series("metals", stepped()), series("autos", flat())]), POINTS, PARAMS)
    (row,) = frame.to_dict("records")
    assert (row["family"], row["subject"], row["group"], row["periods"]) == ("theme", "metals", "all", 36)
    assert row["period"] == datetime.date(2022, 5, 1)
    assert row["period_low"] <= row["period"] <= row["period_high"]
    assert row["low"] <= row["change"] == row["after"] - row["before"] <= row["high"]
    assert row["p"] == pytest.approx(1 / 200)
    assert row["q"] == pytest.approx(2 / 200)  # two series were tested
    assert (row["turning_point"], row["turning_point_label"]) == ("later", "What came later")
    assert row["days_apart"] == -3
    SHIFTS.conform(frame)


@pytest.mark.parametrize(
    ("dates", "nearest", "days"),
    [
        (["2022-05-31", "2022-05-01"], "b", 0),
        (["2022-04-29", "2022-06-01"], "b", -1),
        (["2022-04-30", "2022-06-01"], "a", 1),
    ],
)
def test_nearness_is_to_the_period(dates, nearest, days):
    points = [
        {"turning_point": name, "date": date, "label": name} for name, date in zip("ab", dates, strict=True)
    ]
    row = detect(series("metals", stepped()), points, PARAMS).iloc[0]
    assert (row["turning_point"], row["days_apart"]) == (nearest, days)


def test_without_turning_points_none_is_near():
    frame = detect(series("metals", stepped()), [], PARAMS)
    assert frame[["turning_point", "turning_point_label", "days_apart"]].isna().all(axis=None)
    SHIFTS.conform(frame)


@pytest.mark.parametrize("period_kind", ["day", "week", "month", "quarter", "year"])
def test_periods_of_every_kind(period_kind):
    frame = detect(series("metals", stepped(), start="1990-01-01", period_kind=period_kind), [], PARAMS)
    expected = pd.period_range("1990-01-01", periods=36, freq=stage.FREQUENCIES[period_kind])[28]
    assert frame["period"].tolist() == [expected.start_time.date()]


@pytest.mark.parametrize(
    "untested",
    [
        series("us_tariffs", stepped(), family="stance"),
        series("metals", stepped(), group="canada"),
        series("metals", stepped(23, 12)),
        series("metals", stepped(), total=np.where(np.arange(36) % 3, 50.0, 0.0) + 0.0).assign(
            numerator=lambda frame: frame["numerator"].where(frame["denominator"] > 0, 0.0)
        )[:30],
        series("metals", np.zeros(36)),
        series("metals", np.full(36, 50)),
    ],
    ids=["stance", "outlets of one country", "too short", "too many empty", "always none", "always all"],
)
def test_what_is_not_tested_is_no_shift_and_does_not_count(untested):
    assert detect(untested, POINTS, PARAMS).empty
    other = series("autos", stepped())
    pd.testing.assert_frame_equal(
        detect(pd.concat([untested, other]), POINTS, PARAMS), detect(other, POINTS, PARAMS)
    )


def test_periods_without_articles_are_passed_over():
    whole = series("metals", stepped())
    gone = whole["period"].isin(pd.to_datetime(["2021-03-01", "2022-05-01"]))
    empty = whole.assign(
        numerator=whole["numerator"].mask(gone, 0.0), denominator=whole["denominator"].mask(gone, 0.0)
    )
    found = detect(empty, POINTS, PARAMS)
    assert found["period"].tolist() == [datetime.date(2022, 6, 1)]
    assert found["periods"].tolist() == [34]
    pd.testing.assert_frame_equal(detect(empty[~gone], POINTS, PARAMS), found)


def test_neither_row_order_nor_company_changes_a_series():
    both = pd.concat([series("metals", stepped()), series("2", stepped(row=12), family="topic")])
    shuffled = both.sample(frac=1, random_state=1)
    frame = detect(both, POINTS, PARAMS)
    pd.testing.assert_frame_equal(detect(shuffled, POINTS[::-1], PARAMS), frame)
    alone = detect(series("metals", stepped()), POINTS, PARAMS).drop(columns="q")
    pd.testing.assert_frame_equal(frame.drop(columns="q")[:1], alone)


def test_a_broken_series_is_named():
    broken = series("metals", stepped() + 40)
    with pytest.raises(
        ValueError, match=r"series theme/metals/all: period 28: count 60.0 is not in \[0, 50.0\]"
    ):
        detect(broken, POINTS, PARAMS)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "seeds").mkdir()
    shutil.copy(ROOT / "seeds/turning_points.csv", tmp_path / "seeds")
    return tmp_path


def test_main_reads_and_writes_tables(project, capsys):
    both = pd.concat([series("metals", stepped()), series("autos", flat())])
    store.write_table(store.corpus_folder("sample"), SERIES, both)
    stage.main("sample")
    written = store.read_table(store.corpus_folder("sample"), SHIFTS)
    assert written["subject"].tolist() == ["metals"]
    assert capsys.readouterr().err == "detect: corpus sample: 2 of 2 series tested, shifts found: 1\n"


def test_main_says_why_nothing_was_tested(project, capsys):
    store.write_table(store.corpus_folder("sample"), SERIES, series("metals", stepped(20, 10)))
    stage.main("sample")
    assert store.read_table(store.corpus_folder("sample"), SHIFTS).empty
    assert capsys.readouterr().err == (
        "detect: corpus sample: 0 of 1 series tested, shifts found: 0; the others are shorter than 24 periods "
        "with articles (the longest of all has 20), or always 0 or always 1\n"
    )
