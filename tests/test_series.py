import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.coding import code_by_gold, code_by_model
from pipeline.series import FREQUENCIES, count_series
from pipeline.stages.measure import TABLES
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.series import SERIES

GROUPS = {"metals": "trade", "norad_arctic": "security", "off_topic": "neither"}
SUBJECTS = {"theme": ["metals", "norad_arctic"], "theme_group": ["trade", "security", "both"]}
EMPTY = {table.name: table.empty() for table in TABLES}
NO_GOLD = code_by_gold(LABELLED_ARTICLES.empty(), LABELLED_SENTENCES.empty(), GROUPS, "mine")

ARTICLES = [  # id, date, country of the outlet, theme, topic
    ("a", "2025-01-31", "us", "metals", 0),
    ("b", "2025-01-01", "canada", "metals", 1),
    ("c", "2025-01-15", "us", "off_topic", None),
    ("d", "2025-03-01", "us", "norad_arctic", -1),
    ("e", None, "us", "metals", 0),
]
STATEMENTS = [  # article, target, side, stance
    ("a", "us_tariffs", "canada", "against"),
    ("a", "us_tariffs", "canada", "against"),
    ("b", "us_tariffs", "canada", "favor"),
    ("d", "us_tariffs", "canada", "neutral"),
    ("d", "trade_pact", "us", "favor"),
    ("e", "us_tariffs", "canada", "favor"),
]


def coded(articles=ARTICLES, statements=STATEMENTS):
    """A corpus as the models read it, of rows."""
    frame = pd.DataFrame(
        articles, columns=["article_id", "published_date", "outlet_country", "theme", "topic_id"]
    )
    held = pd.DataFrame(statements, columns=["article_id", "target", "holder_side", "stance"])
    numbers = held.groupby("article_id").cumcount().astype(str).str.zfill(4)
    tables = {
        "coverage": frame[["article_id", "published_date", "outlet_country"]],
        "stories": frame[["article_id"]].assign(story_id=frame["article_id"]),
        "article_relevance": frame[["article_id", "theme"]],
        "article_topics": frame.loc[frame["topic_id"].notna(), ["article_id", "topic_id"]],
        "statements": held.drop(columns="article_id").assign(sentence_id=held["article_id"] + "-" + numbers),
    }
    return code_by_model(tables, GROUPS)


def series(model=None, gold=NO_GOLD, totals=(), period_kind="month"):
    frame = count_series(model or coded(), gold, SUBJECTS, totals, period_kind)
    return SERIES.conform(frame).to_pandas(date_as_object=True)


def of(frame, family, subject, group):
    rows = frame[(frame["family"] == family) & (frame["subject"] == subject) & (frame["group"] == group)]
    return [
        (f"{row.period:%Y-%m}", row.numerator, row.denominator, None if np.isnan(row.value) else row.value)
        for row in rows.itertuples()
    ]


def test_shares_by_hand_with_a_month_of_nothing():
    frame = series()
    assert of(frame, "theme", "metals", "all") == [
        ("2025-01", 2, 3, pytest.approx(2 / 3)),  # the undated article counts nowhere
        ("2025-02", 0, 0, None),
        ("2025-03", 0, 1, 0),
    ]
    assert of(frame, "theme", "metals", "us")[0] == ("2025-01", 1, 2, 0.5)
    assert of(frame, "theme", "metals", "canada")[-1] == ("2025-03", 0, 0, None)
    assert of(frame, "theme_group", "security", "all")[-1] == ("2025-03", 1, 1, 1)
    assert of(frame, "theme_group", "both", "all")[0] == ("2025-01", 0, 3, 0)


def test_topics_are_shares_of_all_articles():
    frame = series()
    assert of(frame, "topic", "1", "all")[0] == ("2025-01", 1, 3, pytest.approx(1 / 3))
    assert set(frame.loc[frame["family"] == "topic", "subject"]) == {"0", "1"}  # -1 is no topic


def test_net_stance_is_the_models_count():
    frame = series()
    assert of(frame, "stance", "us_tariffs", "canada") == [
        ("2025-01", -1, 3, pytest.approx(-1 / 3)),
        ("2025-02", 0, 0, None),
        ("2025-03", 0, 1, 0),
    ]
    assert set(frame["method"]) == {"model_only"}
    assert frame[["low", "high"]].isna().all(axis=None)


def test_labelled_articles_that_bear_on_a_cell_are_told():
    labelled = pd.DataFrame(
        {
            "article_id": ["a", "c", "e"],
            "source_id": ["a", "c", "e"],
            "corpus": "mine",
            "published_date": pd.to_datetime(["2025-01-31", "2025-01-15", None]),
            "outlet_country": "us",
            "theme": "metals",
        }
    )
    held = [("a-0000", "a"), ("a-0001", "a"), ("e-0000", "e")]
    stated = pd.DataFrame(held, columns=["sentence_id", "article_id"]).assign(
        target="us_tariffs", holder_side="canada", stance="favor"
    )
    frame = series(gold=code_by_gold(labelled, stated, GROUPS, "mine")).set_index(
        ["family", "subject", "group"]
    )
    assert frame.loc[("theme", "norad_arctic", "all"), "n_labelled"].tolist() == [2, 0, 0]
    assert frame.loc[("theme", "metals", "canada"), "n_labelled"].tolist() == [0, 0, 0]
    assert frame.loc[("stance", "us_tariffs", "canada"), "n_labelled"].tolist() == [1, 0, 0]
    assert set(frame.loc["topic", "n_labelled"]) == {0}


TOTALS = [
    {"month": "2024-12", "documents": "7"},
    {"month": "2025-01", "documents": "10"},
    {"month": "2025-01", "documents": "20"},
    {"month": "2025-03", "documents": "4"},
]


def test_documents_of_the_source_are_below_the_line():
    frame = series(totals=TOTALS)
    assert of(frame, "theme", "metals", "all") == [
        ("2024-12", 0, 7, 0),
        ("2025-01", 2, 30, pytest.approx(2 / 30)),
        ("2025-02", 0, 0, None),
        ("2025-03", 0, 4, 0),
    ]
    assert of(frame, "theme", "metals", "us")[1] == ("2025-01", 1, 2, 0.5)  # not all articles are its own
    assert of(frame, "stance", "us_tariffs", "canada")[1][2] == 3
    quarters = series(totals=TOTALS, period_kind="quarter")
    assert of(quarters, "theme", "metals", "all")[1] == ("2025-01", 2, 34, pytest.approx(2 / 34))


def test_documents_of_the_only_country_are_below_its_line():
    ours = coded([row for row in ARTICLES if row[2] == "us"])
    assert of(series(ours, totals=TOTALS), "theme", "metals", "us")[1] == (
        "2025-01",
        1,
        30,
        pytest.approx(1 / 30),
    )


def test_totals_that_do_not_fit_are_refused():
    with pytest.raises(
        ValueError, match=r"monthly_totals.csv has 0 documents in 2025-03, and the coverage 1"
    ):
        series(totals=TOTALS[:3])
    with pytest.raises(ValueError, match=r"period_kind is week; choose month, quarter or year"):
        series(totals=TOTALS, period_kind="week")


@pytest.mark.parametrize(
    ("period_kind", "first", "periods"),
    [
        ("day", "2025-01-01", 60),
        ("week", "2024-12-30", 9),  # weeks begin on Monday
        ("month", "2025-01-01", 3),
        ("quarter", "2025-01-01", 1),
        ("year", "2025-01-01", 1),
    ],
)
def test_periods_run_without_a_gap(period_kind, first, periods):
    frame = series(period_kind=period_kind)
    starts = sorted(set(frame["period"]))
    assert (starts[0], len(starts)) == (datetime.date.fromisoformat(first), periods)
    assert frame.groupby(["family", "subject", "group"]).size().eq(periods).all()
    assert set(frame["period_kind"]) == {period_kind}


@pytest.mark.parametrize("articles", [[], [ARTICLES[-1]]])
def test_without_a_dated_article_there_is_no_series(articles):
    assert series(coded(articles, [])).empty


rows = st.lists(
    st.tuples(
        st.dates(datetime.date(2024, 11, 1), datetime.date(2025, 3, 1)) | st.none(),
        st.sampled_from(["us", "canada", "unknown"]),
        st.sampled_from(list(GROUPS)),
        st.sampled_from([None, -1, 0, 3]),
    ),
    min_size=1,
    max_size=20,
)


@given(rows, st.sampled_from(list(FREQUENCIES)), st.randoms(use_true_random=False))
@settings(deadline=None, derandomize=True, max_examples=15)
def test_every_dated_article_counts_once_whatever_the_order(found, period_kind, random):
    articles = [(f"{number:03}", *row) for number, row in enumerate(found)]
    frame = series(coded(articles, []), period_kind=period_kind)
    shuffled = random.sample(articles, len(articles))
    pd.testing.assert_frame_equal(series(coded(shuffled, []), period_kind=period_kind), frame)
    dated = [row for row in articles if row[1] is not None]
    if not dated:
        assert frame.empty
        return
    everything = frame[(frame["subject"] == "metals") & (frame["group"] == "all")]
    assert everything["denominator"].sum() == len(dated)
    for theme in SUBJECTS["theme"]:
        of_theme = frame[(frame["subject"] == theme) & (frame["group"] != "all")]
        assert of_theme["numerator"].sum() == sum(row[3] == theme for row in dated)
