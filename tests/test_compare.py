import datetime

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline import compare as command
from pipeline import store
from pipeline.__main__ import app
from pipeline.coding import choices_of, code_by_gold
from pipeline.compare import COLUMNS, PeriodError, SubjectError, choose, compare, read_period
from pipeline.sources.contrasts import ContrastError
from tests.test_measure import ARTICLES, GROUPS, PARAMS, SENTENCES, TARGETS, many
from tests.test_series import coded

CHOICES = choices_of(TARGETS, list(GROUPS))
ANY = {"family": None, "subject": None, "group": None}
YEAR = read_period("2024-01:2024-06"), read_period("2024-07:2024-12")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2025-03-14", "2025-03-14", "2025-03-14"),
        ("2024-11:2025-01", "2024-11-01", "2025-01-31"),
        ("2019:2025-01-19", "2019-01-01", "2025-01-19"),
    ],
)
def test_periods(text, first, last):
    day = datetime.date.fromisoformat
    assert read_period(text) == {"from": day(first), "to": day(last)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "soon",
            "period 'soon': 'soon' is no year, month or day; write 2025, 2025-03, 2025-03-14, or a range",
        ),
        ("2025-13", "'2025-13' is no year, month or day"),
        ("2025-02-30", "'2025-02-30' is no year, month or day"),
        ("0000", "'0000' is no year, month or day"),
        ("2025:", "period '2025:': '' is no year, month or day"),
        ("2024:2025:2026", "has 3 parts; a range has two"),
        ("2025-02:2025-01", "runs from 2025-02-01 to 2025-01-31; swap the two"),
    ],
)
def test_what_is_no_period_is_refused(text, message):
    with pytest.raises(PeriodError, match=message):
        read_period(text)


def rows_of(model, gold, choices=CHOICES, params=PARAMS):
    frame = compare(model, gold, choices, *YEAR, params)
    assert list(frame) == list(COLUMNS)
    assert set(frame["status"]) <= {"found_by_looking"}
    return frame.set_index(["family", "subject", "group", "method"])


MODEL = coded(
    [("a", "2024-02-01", "us", "metals", None), ("h", "2024-08-01", "us", "off_topic", None)],
    [
        ("a", "us_tariffs", "canada", "against"),
        ("h", "us_tariffs", "canada", "favor"),
        ("h", "x", "us", "favor"),
    ],
)


def test_the_estimate_is_that_of_a_declared_contrast_and_the_models_count_stands_beside():
    found = rows_of(MODEL, code_by_gold(ARTICLES, SENTENCES, GROUPS, "sample"))
    gold = found.loc[("stance", "us_tariffs", "canada", "gold")]
    assert (gold["before"], gold["after"]) == (pytest.approx(0.2), pytest.approx(-1 / 3))
    assert gold["low"] < gold["change"] < gold["high"]
    counted = found.loc[("stance", "us_tariffs", "canada", "model_only")]
    assert (counted["before"], counted["after"], counted["change"]) == (-1, 1, 2)
    assert counted[["low", "high"]].isna().all()
    assert found.loc[("theme", "metals", "us", "model_only"), "before"] == 1


def test_what_neither_gold_nor_model_finds_is_left_out():
    found = rows_of(MODEL, code_by_gold(ARTICLES, SENTENCES, GROUPS, "sample"))
    kept = set(found.index.droplevel("method"))
    assert ("stance", "trade_pact", "canada") in kept
    assert not {("stance", "us_tariffs", "other"), ("theme", "norad_arctic", "all")} & kept
    assert ("theme", "metals", "canada") not in kept


def test_where_gold_reaches_the_bar_the_models_count_is_not_needed():
    found = rows_of(MODEL, code_by_gold(*many(20, 20), GROUPS, "sample"))
    assert [each for each in found.index if each[:3] == ("stance", "us_tariffs", "canada")] == [
        ("stance", "us_tariffs", "canada", "gold")
    ]


def test_a_corpus_without_labels_has_the_models_counts_alone():
    found = rows_of(MODEL, code_by_gold(ARTICLES, SENTENCES, GROUPS, "mine"))
    assert set(found.index.get_level_values("method")) == {"model_only"}


def test_one_subject_and_group_alone():
    kept = choose(CHOICES, {"family": "theme", "subject": "metals", "group": "canada"})
    assert kept == {"theme": (("metals",), ("canada",))}
    of_side = choose(CHOICES, {**ANY, "subject": "us_tariffs"})
    assert list(of_side) == ["stance"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"family": "topic"}, "family 'topic' is none of stance, theme, theme_group"),
        (
            {"subject": "steel"},
            "subject 'steel' is none of us_tariffs, trade_pact, metals, norad_arctic, trade",
        ),
        (
            {"family": "theme", "subject": "us_tariffs"},
            "subject 'us_tariffs' is none of metals, norad_arctic",
        ),
        ({"family": "stance", "group": "all"}, "group 'all' is none of us, canada, other, unknown"),
    ],
)
def test_what_there_is_not_is_refused(wanted, message):
    with pytest.raises(SubjectError, match=message):
        choose(CHOICES, ANY | wanted)


@pytest.fixture
def asked(monkeypatch):
    """Calls the command with the corpus and codebook of these tests."""
    gold = code_by_gold(ARTICLES, SENTENCES, GROUPS, "sample")
    monkeypatch.setattr(command, "read_codings", lambda corpus: (MODEL, gold))
    monkeypatch.setattr(command, "read_codebook", lambda: (TARGETS, list(GROUPS)))

    def ask(*arguments):
        return CliRunner().invoke(app, ["compare", *arguments], env={"COLUMNS": "160"})

    return ask


def test_the_command_prints_a_table_and_writes_it(asked, tmp_path):
    out = tmp_path / "found" / "by_looking.csv"
    done = asked("--before", "2024-01:2024-06", "--after", "2024-07:2024-12", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "sample: 2024-01-01 to 2024-06-30 and 2024-07-01 to 2024-12-31" in done.output
    assert "Found by looking: no row is a finding" in done.output
    line = next(line for line in done.output.splitlines() if "us_tariffs" in line and "canada" in line)
    assert [cell.strip() for cell in line.split("│")[4:7]] == ["+0.20", "-0.33", "-0.53"]
    written = store.read_csv(out, COLUMNS)
    assert {row["status"] for row in written} == {"found_by_looking"}
    assert pd.Series([row["method"] for row in written]).isin(["gold", "model_only"]).all()


def test_the_command_says_when_there_is_nothing(asked):
    done = asked("--before", "1999", "--after", "2000")
    assert done.output == "corpus sample has nothing of this kind in either period\n"


def test_periods_in_the_wrong_order_are_refused(asked):
    done = asked("--before", "2025", "--after", "2024")
    assert isinstance(done.exception, ContrastError)
    assert "before ends on 2025-12-31 and after begins on 2024-01-01" in str(done.exception)
