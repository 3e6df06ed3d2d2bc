import datetime

import pandas as pd
import pytest

from pipeline.params import read_params
from pipeline.report.findings import find, nothing_found, standing_of
from pipeline.report.wording import bound, count, listing, period_name, probability, signed, span
from pipeline.tables.contrasts import CONTRASTS
from tests.imports import ROOT

MEASURE = read_params(ROOT / "params.yaml").measure
TARGETS = {"close_partnership": "a close partnership"}


def contrast(**changes) -> dict:
    row = {
        "contrast": "partnership",
        "family": "stance",
        "subject": "close_partnership",
        "group": "canada",
        "label": "",
        "before_from": datetime.date(2019, 1, 1),
        "before_to": datetime.date(2025, 1, 19),
        "after_from": datetime.date(2025, 1, 20),
        "after_to": datetime.date(2025, 12, 31),
        "before": 0.414,
        "after": -0.352,
        "change": -0.766,
        "low": -0.98,
        "high": -0.5249,
        "p": 0.0001,
        "q": 0.0004,
        "n_labelled_before": 62,
        "n_labelled_after": 54,
        "n_needed": 0,
        "status": "claim",
        "population": "corpus",
        "method": "gold",
        "evidence": [],
    }
    return {**row, **changes}


def found(*rows: dict):
    frame = CONTRASTS.conform(pd.DataFrame(list(rows)).astype({"n_needed": "Int64"}))
    return find(frame.to_pandas(date_as_object=False), TARGETS, MEASURE)


def sentence(**changes) -> str:
    (finding,) = found(contrast(**changes))
    return finding.sentence


DESCRIBED = {"status": "described", "p": None, "q": None}


def test_a_claim_that_excludes_no_change_is_told_to_the_digit():
    assert sentence() == (
        "Canadian speakers on a close partnership, before and after 20 January 2025: "
        "net stance from +0.41 to −0.35, a change of −0.77 (95% interval −0.98 to −0.52); "
        "62 and 54 labelled articles."
    )


def test_a_label_is_preferred_and_gets_the_day_that_parts_it():
    label = "Canadians on partnership, before and after Trump's second inauguration"
    assert sentence(label=label).startswith(f"{label} (20 January 2025): net stance")
    assert sentence(label="The White House, under Biden and under Trump").startswith(
        "The White House, under Biden and under Trump (from 20 January 2025): net stance"
    )
    assert sentence(label="Before and after 20 January 2025").startswith(
        "Before and after 20 January 2025: net"
    )


def test_periods_that_do_not_touch_are_told_in_full():
    told = sentence(before_to=datetime.date(2024, 12, 31))
    assert "1 January 2019 to 31 December 2024, and 20 January 2025 to 31 December 2025" in told


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "change"),
        ({"high": 0.0}, "no_change"),
        ({"high": 0.01}, "no_change"),
        ({"q": 0.05}, "no_change"),
        ({"q": None}, "no_change"),
        ({"low": None, "high": None}, "no_change"),
        ({"method": "model_only"}, "described"),
        (DESCRIBED, "described"),
        ({"status": "found_by_looking"}, "found_by_looking"),
    ],
)
def test_nothing_is_called_a_change_that_may_be_none(changes, expected):
    (finding,) = found(contrast(**changes))
    assert finding.standing == expected


def test_the_bar_for_q_follows_the_confidence():
    assert standing_of(contrast(q=0.08), 0.95) == "no_change"
    assert standing_of(contrast(q=0.08), 0.9) == "change"


def test_no_change_says_so_first_and_names_q_where_that_is_why():
    assert "2025: no change shown; net stance from +0.41" in sentence(high=0.1, low=-0.1)
    assert "no change shown once all of the corpus's claims are weighed together (q = .081)" in sentence(
        q=0.081
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"n_labelled_before": 12, "n_labelled_after": 4, "n_needed": 31},
            "a claim needs about 31 further labelled articles; so far 12 and 4 labelled articles, net stance "
            "from +0.41 to −0.35 (95% interval −0.98 to −0.52 for the change), not tested.",
        ),
        (
            {"n_labelled_before": 19, "n_needed": 1},
            "a claim needs about 1 further labelled article; so far 19 and 54 labelled",
        ),
        (
            {"n_labelled_after": 4, "n_needed": None},
            "a claim needs more labelled articles than the corpus can supply;",
        ),
        (
            {
                "n_labelled_after": 0,
                "n_needed": None,
                "after": None,
                "change": None,
                "low": None,
                "high": None,
            },
            "no labelled article bears on it after so far, so what a claim needs cannot be told; so far 62 and 0 "
            "labelled articles, net stance before +0.41.",
        ),
        (
            {"low": None, "high": None, "n_needed": None},
            "no interval can be given, because the labelled articles that bear on it are too few or all lean alike; so far 62 and 54 "
            "labelled articles, net stance from +0.41 to −0.35 (no 95% interval for the change), not tested.",
        ),
        ({"method": "model_only", "n_needed": 3}, "counted by models alone, which can carry no claim;"),
    ],
)
def test_what_cannot_be_said_yet_says_what_it_would_take(changes, expected):
    assert expected in sentence(**{**DESCRIBED, **changes})


def test_order_is_changes_then_no_change_then_descriptions_by_name():
    names = [
        ("d", DESCRIBED),
        ("c", {"high": 0.2}),
        ("b", {}),
        ("a", DESCRIBED),
    ]
    order = [each.row["contrast"] for each in found(*(contrast(contrast=n, **more) for n, more in names))]
    assert order == ["b", "c", "a", "d"]


def test_anchors_tell_rows_of_one_contrast_apart():
    rows = [contrast(group=group) for group in ("canada", "us")]
    assert len({each.anchor for each in found(*rows)}) == 2


@pytest.mark.parametrize(
    ("rows", "articles", "labelled", "expected"),
    [
        ([{}], 9, 9, ""),
        ([], 0, 0, "no document of this corpus came through"),
        ([], 9, 0, "none of this corpus is labelled"),
        ([], 9, 9, "declares no comparison for this corpus"),
        ([DESCRIBED], 9, 9, "No comparison of this corpus has enough labelled articles"),
        ([{"high": 0.3}, {**DESCRIBED, "contrast": "other"}], 9, 9, "None of the comparisons"),
    ],
)
def test_why_there_is_no_finding(rows, articles, labelled, expected):
    told = nothing_found(found(*(contrast(**row) for row in rows)) if rows else [], articles, labelled)
    assert expected in told
    assert bool(expected) == bool(told)


def test_numbers_in_print():
    assert [signed(value) for value in (0.414, -0.355, 0.0, -0.004, 1)] == [
        "+0.41",
        "−0.35",
        "0.00",
        "0.00",
        "+1.00",
    ]
    assert [bound(value) for value in (-0.98, -0.0034, 0.00021, 0.0)] == [
        "−0.98",
        "−0.003",
        "+0.0002",
        "0.00",
    ]
    assert [count(n, "story", "stories") for n in (0, 1, 1104)] == ["no story", "1 story", "1,104 stories"]
    assert [probability(p) for p in (0.0004, 0.05, 1.0)] == ["< .001", ".050", "1.000"]
    assert [listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_dates_in_print():
    first, last = datetime.date(2025, 2, 4), datetime.date(2025, 2, 14)
    assert span(first, last) == "4 February 2025 to 14 February 2025"
    assert span(first, first) == "4 February 2025"
    kinds = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
    assert [period_name(pd.Period("2025-02-04", freq), kind) for kind, freq in kinds.items()] == [
        "4 February 2025",
        "week of 3 February 2025",
        "February 2025",
        "2025, quarter 1",
        "2025",
    ]
