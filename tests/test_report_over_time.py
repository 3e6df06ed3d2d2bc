"""What the report shows over time and side by side: series, shifts, turning points, outlets of both countries."""

import base64
import datetime
import io
import re

import lxml.html
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.charts import pairs_chart
from pipeline.report.findings import find
from pipeline.report.over_time import MOST_PANELS, over_time
from pipeline.report.panels import outlets_chart, share_ticks
from pipeline.report.periods import calendar
from pipeline.report.shifts import fine_points, fine_share, longest, shifts
from pipeline.report.side_by_side import Pair, side_by_side
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS
from tests.test_findings import MEASURE
from tests.test_report import (
    contrast,
    corpus_tables,
    days,
    frame,
    nothing,
    page,
    rows_of,
    series,
    shift,
    text,
)


def section(root, name: str) -> str:
    return text(root.get_element_by_id(name))


def monthly(
    counts: dict[tuple[str, str, str], list[tuple[float, float]]], first: str = "2019-01"
) -> pd.DataFrame:
    """Series by month: for each family, subject and group its numerators and denominators."""
    rows = [
        {
            **{"family": family, "subject": subject, "group": group},
            **{"period": month.to_timestamp(), "numerator": above, "denominator": below},
            "value": above / below if below else None,
        }
        for (family, subject, group), pairs in counts.items()
        for month, (above, below) in zip(
            pd.period_range(first, periods=len(pairs), freq="M"), pairs, strict=True
        )
    ]
    same = {"period_kind": "month", "low": None, "high": None, "n_labelled": 0, "method": "model_only"}
    return frame(SERIES, rows, **same)


def downloads(root) -> dict[str, pd.DataFrame]:
    """The CSV behind every chart, by file name."""
    return {
        link.get("download"): pd.read_csv(io.BytesIO(base64.b64decode(link.get("href").partition(",")[2])))
        for link in root.xpath("//figure//a[@download]")
    }


# Periods and curves


@given(
    st.dates(datetime.date(1990, 1, 1), datetime.date(2029, 12, 31)),
    st.integers(0, 4000),
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
)
def test_a_day_stands_in_its_period(first, length, kind):
    last = first + datetime.timedelta(days=length)
    axis = calendar(first, last, kind, 10**6)
    assert axis.kind == kind
    for day in (first, last):
        place = axis.place(day)
        assert axis.index[int(place)] == pd.Period(day, freq=axis.frequency)
    assert 0 <= axis.place(first) <= axis.place(last) < len(axis.index)


def test_series_of_too_many_periods_are_summed_to_longer_ones():
    pairs = [(month % 3, 4) for month in range(240)]
    over = over_time(monthly({("theme", "metals", "all"): pairs}), "theme", {}, [])
    assert over.is_coarser
    assert over.axis.kind == "quarter"
    curve = over.of("metals", "all")
    assert curve["numerator"].tolist() == [3.0] * 80
    assert curve["denominator"].tolist() == [12.0] * 80
    assert curve["value"].tolist() == [0.25] * 80
    assert curve["period"].iloc[1] == "2019, quarter 2"


def test_the_commonest_subjects_are_shown_and_the_others_named():
    counts = {("theme", f"theme_{n:02d}", "all"): [(n, 20)] * 2 for n in range(15)}
    over = over_time(monthly(counts), "theme", {"theme_14": "the fourteenth"}, [])
    assert list(over.shown.values())[:2] == ["the fourteenth", "theme 13"]
    assert len(over.shown) == MOST_PANELS
    assert over.left_out == ["theme 02", "theme 01"]  # a theme without articles is neither
    assert set(over.data["subject"]) == set(over.shown)


def test_stances_need_statements_to_be_shown():
    counts = {("stance", "annexation", "us"): [(1, 4)] * 2, ("stance", "us_tariffs", "us"): [(-1, 5)] * 2}
    assert list(over_time(monthly(counts), "stance", {}, [], least=10).shown) == ["us_tariffs"]
    assert over_time(monthly(counts), "stance", {}, [], least=11) is None
    assert over_time(monthly(counts), "theme", {}, []) is None


def test_turning_points_stand_where_they_fall():
    points = [
        {"date": "2019-03-16", "label": "Within"},
        {"date": "2018-12-31", "label": "Before"},
        {"date": "2019-05-01", "label": "After"},
    ]
    over = over_time(monthly({("theme", "metals", "all"): [(1, 2)] * 4}), "theme", {}, points)
    (moment,) = over.turning_points
    assert moment.label.replace("\u00a0", " ") == "16 Mar 2019: Within"
    assert moment.place == pytest.approx(2 + 15 / 31, abs=1e-3)


@given(st.floats(1e-5, 1))
def test_ticks_of_shares_are_round_and_reach_the_highest_half(top):
    ticks, written = share_ticks(top)
    assert ticks[0] == 0
    assert ticks[1] * 2 == ticks[2]
    assert top / 2.51 <= ticks[2] <= top * (1 + 1e-9)
    decimals = int(written[1:-1])
    assert round(100 * ticks[1], decimals) == pytest.approx(100 * ticks[1])


# Charts on the page


def test_values_stand_beside_the_pointer_with_their_counts():
    tips = page().xpath("//figure[.//a[@download='themes_over_time.csv']]//div[@class='wide']//@data-tip")
    assert "December 2024\nmetals: 100.0% (1 of 1 article)" in tips
    assert "January 2025\nmetals: no article" in tips
    assert "March 2025\nnato spending: 100.0% (1 of 1 article)" in tips
    assert any("A second inauguration" in tip for tip in tips)
    assert not any("Long before" in tip for tip in tips)


def test_stances_over_time_show_what_the_model_counts_and_what_labels_show():
    root = page()
    tips = root.xpath("//figure[.//a[@download='stances_over_time.csv']]//div[@class='wide']//@data-tip")
    dot = "a close partnership, Canadian speakers: net stance +0.50, 12 statements, as the model counts"
    assert f"December 2024\n{dot}" in tips
    assert "Labels, 1 January 2024 to 19 January 2025: net stance −0.50, 21 labelled articles" in tips
    assert not any(tip.startswith("January 2025\n") for tip in tips)  # nothing was stated
    assert "15 statements by Canadian speakers" in section(root, "stances")


def test_a_level_below_the_bar_says_so():
    tables = corpus_tables()
    tables["contrasts"] = frame(
        CONTRASTS,
        [contrast(status="described", n_labelled_before=3)],
    )
    tips = page(tables).xpath("//@data-tip")
    assert any(tip.endswith("3 labelled articles; below the bar for a claim") for tip in tips)


def test_every_chart_can_be_downloaded_as_its_table():
    root = page()
    found = downloads(root)
    names = [link.get("download") for link in root.xpath("//figure//a[@download]")]
    assert len(names) == len(set(names)) == len(root.xpath("//figure"))
    table = found["themes_over_time.csv"]
    drawn = series()
    is_drawn = (drawn["family"] == "theme") & (drawn["subject"] != "lumber")  # which no article is about
    themes = drawn[is_drawn].sort_values(["subject", "group", "period"])
    assert table["numerator"].tolist() == themes["numerator"].tolist()
    assert table["value"].dropna().tolist() == themes["value"].dropna().tolist()
    assert table["period"].iloc[0] == "2024-12-01"
    assert found["themes.csv"].to_dict("list") == {"theme": ["metals", "nato spending"], "canada": [2, 1]}


def test_charts_of_outlets_stand_only_where_there_are_enough_of_both():
    assert "outlets_over_time.csv" not in downloads(page())
    assert "Outlets of the two countries are compared where those of each have" in section(page(), "outlets")


def test_numbers_of_a_drawing_are_short():
    for path in page().xpath("//*[local-name()='svg']//@d"):
        assert not re.search(r"\.\d{3}", path)


# Shifts


def worded(rows, found=(), **changes):
    table = frame(SHIFTS, [shift(**row) for row in rows])
    return shifts(
        table, changes.get("labels", {}), list(found), "month", 0.95, changes.get("below", "articles")
    )


def test_a_shift_is_told_with_both_intervals_and_what_is_near():
    (told,) = worded([{}], labels={("theme", "metals"): "steel"})
    assert told.sentence == (
        "steel: from 2.50% to 25.0% of articles in the models' counts, a change of +22.5 percentage points "
        "(95% interval +3.12 to +40.0), from February 2025 on (interval of the date: January 2025 to February 2025)"
    )
    assert told.near == "A second inauguration (12 days earlier)"
    assert told.is_sure


@pytest.mark.parametrize(
    ("changes", "is_sure"),
    [({"q": 0.05}, False), ({"q": 0.049}, True), ({"low": 0.0}, False), ({"low": -0.4, "high": -0.1}, True)],
)
def test_a_shift_is_sure_where_interval_and_q_exclude_no_change(changes, is_sure):
    assert worded([changes])[0].is_sure is is_sure


@pytest.mark.parametrize(
    ("days_apart", "words"), [(0, "in that period"), (-1, "1 day later"), (40, "40 days earlier")]
)
def test_how_near_a_turning_point_is(days_apart, words):
    assert worded([{"days_apart": days_apart}])[0].near == f"A second inauguration ({words})"


def test_without_turning_points_nothing_is_near():
    assert worded([{"turning_point": None, "turning_point_label": None, "days_apart": None}])[0].near == ""


SHARE = {
    **{"family": "theme", "subject": "metals", "group": "all", "label": "Share on metals"},
    **{"before": 0.02, "after": 0.22, "change": 0.2, "low": 0.1, "high": 0.3},
}


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        ({}, True),
        ({"change": -0.2, "low": -0.3, "high": -0.1}, False),  # the other way
        ({"subject": "lumber"}, False),
        ({"group": "canada"}, False),
        ({"status": "described"}, False),
        ({"low": -0.1}, False),  # shows no change
        ({"method": "model_only"}, False),
        ({"after_from": days("2024-12-31")[0], "before_to": days("2024-12-30")[0]}, False),  # parted before
        ({"after_from": days("2025-03-02")[0], "before_to": days("2025-03-01")[0]}, False),  # parted after
    ],
)
def test_labels_agree_only_on_the_same_share_the_same_way_across_the_date(changes, agrees):
    found = find(frame(CONTRASTS, [contrast(**{**SHARE, **changes})]), {}, MEASURE)
    assert bool(worded([{}], found)[0].agreeing) is agrees


def test_a_shift_reaches_the_first_screen_only_if_labels_agree():
    tables = corpus_tables()
    assert "models’ counts suggest when" not in section(page(tables), "findings")
    tables["contrasts"] = frame(CONTRASTS, [contrast(**SHARE)])
    root = page(tables)
    assert "The models’ counts suggest when" in section(root, "findings")
    assert "metals: from 2.50% to 25.0% of articles" in section(root, "findings")
    assert "labels agree" in section(root, "shifts")
    tables["shifts"] = frame(SHIFTS, [shift(q=0.2)])
    assert "models’ counts suggest when" not in section(page(tables), "findings")


def test_shifts_stand_in_a_table_the_sure_ones_first():
    tables = corpus_tables()
    tables["shifts"] = frame(SHIFTS, [shift(), shift(subject="lumber", q=0.3, period=days("2024-12-01")[0])])
    tables["series"] = monthly({("theme", "metals", "all"): [(1, 2)] * 30})
    rows = rows_of(page(tables), "Shifts of shares")
    assert [row[0] for row in rows[1:]] == ["metals", "lumber"]
    assert rows[1][1:] == [
        *("2.50% to 25.0%", "+22.5 +3.12 to +40.0", "February 2025 January 2025 to February 2025"),
        *("A second inauguration (12 days earlier)", ".012", "shown"),
    ]
    assert rows[2][-1] == "not shown"


def test_too_few_periods_to_search_say_so():
    tables = {**corpus_tables(), "shifts": nothing()["shifts"]}
    told = section(page(tables), "shifts")
    assert "at least 24 periods with articles" in told
    assert "the longest series of this corpus has 3" in told
    tables["series"] = monthly({("theme", "metals", "all"): [(1, 2)] * 30})
    assert "none was found" in section(page(tables), "shifts")
    assert longest(nothing()["series"]) == 0


def test_small_shares_keep_their_digits():
    assert [fine_share(value) for value in (0, 0.0031, 0.0999, 0.1, 1)] == [
        *("0.00%", "0.31%", "9.99%", "10.0%", "100.0%")
    ]
    assert [fine_points(value) for value in (0.225, -0.0103, 0.000015, 0)] == [
        *("+22.5", "−1.03", "+0.002", "0.00")
    ]


# Outlets of both countries


def compared(few: int = 20) -> dict[str, pd.DataFrame]:
    """Articles u0, u1, … of U.S. outlets, half on metals, and c0, … of Canadian ones, all on lumber."""
    ids = [f"{country}{n}" for country in "uc" for n in range(few)]
    country = ["us" if i[0] == "u" else "canada" for i in ids]
    relevance = pd.DataFrame({"article_id": ids, "is_relevant": True})
    relevance["theme"] = ["metals" if i in ids[: few // 2] else "lumber" for i in ids]
    sentences = pd.DataFrame({"sentence_id": [f"{i}-0000" for i in ids], "holder_side": "us"})
    return {
        "coverage": pd.DataFrame({"article_id": ids, "outlet_country": country}),
        "article_relevance": relevance,
        "attributions": sentences.assign(attribution=["narrator"] + ["direct"] * (2 * few - 1)),
        "statements": sentences.assign(
            target="lumber_duties", stance=["favor" if i[0] == "u" else "against" for i in ids]
        ),
    }


def test_outlets_of_both_countries_are_compared():
    beside = side_by_side(compared(), {"lumber_duties": "duties"}, {"us": "U.S. speakers"})
    assert beside.articles == {"us": 20, "canada": 20}
    assert beside.voices == {"us": 19, "canada": 20}
    assert [(p.label, p.us, p.canada, p.n_us, p.n_canada) for p in beside.themes] == [
        ("lumber", 0.5, 1.0, 10, 20),
        ("metals", 0.5, 0.0, 10, 0),
    ]
    (stance,) = beside.stances
    assert (stance.label, stance.us, stance.canada) == ("U.S. speakers on duties", 1.0, -1.0)


def test_too_few_articles_are_not_compared():
    assert side_by_side(compared(19), {}, {"us": "U.S. speakers"}) is None
    assert side_by_side(nothing(), {}, {}) is None


def test_a_share_among_few_articles_does_not_set_the_scale():
    tables = corpus_tables()
    tables["series"] = monthly({("theme", "metals", "all"): [(1, 1), (1, 20), (2, 20), (4, 4)]})
    figure = page(tables).xpath("//figure[.//a[@download='themes_over_time.csv']]")[0]
    wide = figure.xpath(".//div[@class='wide']")[0]
    assert "10%" in text(wide)
    assert "50%" not in text(wide)
    bars = [path for path in wide.xpath(".//*[local-name()='path'][@fill]") if "mark" in path.get("fill")]
    assert [bar.get("fill") for bar in bars] == [
        *("var(--mark-soft)", "var(--mark)", "var(--mark)", "var(--mark-soft)")
    ]


def test_panels_of_one_figure_have_the_same_scale():
    wide = page().xpath("//figure[.//a[@download='stances_over_time.csv']]//div[@class='wide']")[0]
    ticks = [
        re.search(r",([\d.]+)\)", label.get("transform"))[1]
        for label in wide.xpath(".//*[local-name()='text'][text()='+1']")
    ]
    assert len(ticks) == 2  # one a side
    assert len(set(ticks)) == 1


# Marks of the charts, by what they are drawn with


def figure_of(root, name: str):
    """The wide picture of the chart whose CSV has that name."""
    return root.xpath(f"//figure[.//a[@download='{name}.csv']]//div[@class='wide']")[0]


def test_sure_shifts_are_drawn_with_the_interval_of_their_date():
    tables = corpus_tables()
    assert figure_of(page(tables), "themes_over_time").xpath(".//*[@fill='var(--highlight)']")
    tables["shifts"] = frame(SHIFTS, [shift(q=0.2)])
    assert not figure_of(page(tables), "themes_over_time").xpath(".//*[@fill='var(--highlight)']")


def test_levels_of_claims_stand_at_their_values():
    lines = figure_of(page(), "stances_over_time").xpath(".//*[local-name()='line'][@stroke-width='2.5']")
    heights = sorted(float(re.search(r",([\d.]+)\)", line.get("transform"))[1]) for line in lines)
    of_value = {value: 96 * (1.12 - value) / 2.24 for value in (-0.5, 0.5)}
    assert heights == pytest.approx([of_value[0.5], of_value[-0.5]], abs=0.6)


def test_dots_are_larger_where_there_are_more_statements():
    root = figure_of(page(), "stances_over_time")
    radii = {
        dot.get("data-tip").splitlines()[0]: float(re.match(r"M([\d.]+),", dot.get("d"))[1])
        for dot in root.xpath(".//*[local-name()='path'][@fill='var(--canada)'][@data-tip]")
    }
    assert radii["December 2024"] > 1.3 * radii["February 2025"]


def test_shares_of_what_the_source_published_say_so():
    tables = corpus_tables()
    assert "share of all 3 dated articles of the corpus" in section(page(tables), "themes")
    tables["series"]["denominator"] *= 10
    told = section(page(tables), "themes")
    assert "share of all 30 documents that the source published (monthly_totals.csv)" in told


def test_lines_of_outlets_have_the_colours_of_their_countries():
    counts = {
        ("theme_group", "trade", "us"): [(9, 10)] * 2,
        ("theme_group", "trade", "canada"): [(1, 10)] * 2,
    }
    counts |= {("theme_group", "trade", "all"): [(10, 20)] * 2}
    chart = outlets_chart(over_time(monthly(counts), "theme_group", {}, []), ["us", "canada"])
    points = lxml.html.fromstring(f"<div>{chart.wide}</div>").xpath(".//*[@data-tip]")
    found = {(point.get("fill"), point.get("data-tip").splitlines()[1]) for point in points}
    assert found == {
        ("var(--us)", "trade, U.S. outlets: 90.0% (9 of 10 articles)"),
        ("var(--canada)", "trade, Canadian outlets: 10.0% (1 of 10 articles)"),
    }


def test_dots_of_both_countries_have_their_values():
    pairs = [Pair("metals", us=0.75, canada=0.25, n_us=30, n_canada=10)]
    chart = pairs_chart("themes_by_country", pairs, "share of relevant articles", is_share=True)
    dots = lxml.html.fromstring(f"<div>{chart.wide}</div>").xpath(".//*[@data-tip]")
    across = {dot.get("fill"): float(re.search(r"\(([\d.]+),", dot.get("transform"))[1]) for dot in dots}
    assert across["var(--us)"] > across["var(--canada)"]
    assert {dot.get("data-tip") for dot in dots} == {
        "metals\nU.S. outlets: 75.0%, 30 articles",
        "metals\nCanadian outlets: 25.0%, 10 articles",
    }


# What the model counts where labels are, and shares of what is no article


def test_the_model_stands_beside_labels_on_the_same_articles():
    rows = rows_of(page(), "The model beside labels")
    assert rows[1][1:] == ["before", "−0.50", "4", "+1.00", "1"]
    assert rows[2] == ["after", "+0.50", "2", "+1.00", "1"]


def test_labels_do_not_agree_with_shares_of_documents():
    found = find(frame(CONTRASTS, [contrast(**SHARE)]), {}, MEASURE)
    (told,) = worded([{}], found, below="the source's documents")
    assert not told.agreeing
    assert "of the source's documents in the models' counts" in told.sentence


def test_statements_of_other_sides_alone_are_not_drawn():
    tables = corpus_tables()
    tables["series"] = monthly({("stance", "close_partnership", "other"): [(3, 20)] * 3})
    root = page(tables)
    assert "stances_over_time.csv" not in root.xpath("//@download")
    assert root.get_element_by_id("stances") is not None


def test_what_is_too_scarce_to_draw_is_named():
    counts = {("stance", "annexation", "us"): [(1, 4)] * 2, ("stance", "us_tariffs", "us"): [(-1, 5)] * 2}
    over = over_time(monthly(counts), "stance", {}, [], least=10)
    assert over.left_out == ["annexation"]


def test_the_themes_of_a_group_are_told_apart():
    tables = corpus_tables()
    tables["labelled_articles"]["theme"] = ["metals", "nato_spending", "metals", "metals"]
    group = {**SHARE, "family": "theme_group", "subject": "trade", "evidence": ["a", "b", "c"]}
    tables["contrasts"] = frame(CONTRASTS, [contrast(**group)])
    assert rows_of(page(tables), "What the group is made of")[1:] == [
        ["metals", "1", "100.0%", "1", "50.0%"],
        ["nato spending", "0", "0.0%", "1", "50.0%"],
    ]


def test_what_is_not_drawn_is_named_or_counted():
    tables = corpus_tables()
    tables["series"] = monthly({("theme", f"theme_{n:02d}", "all"): [(n, 20)] * 2 for n in range(15)})
    told = section(page(tables), "themes")
    assert "Not drawn: theme 02 and theme 01; in data/mine/series.parquet." in told
    tables["series"] = monthly({("theme", f"theme_{n:02d}", "all"): [(n, 40)] * 2 for n in range(30)})
    assert "Not drawn: 17 further themes; in data/mine" in section(page(tables), "themes")


def test_dots_of_both_sides_have_one_scale_which_the_most_statements_fill():
    tables = corpus_tables()
    tables["series"] = monthly(
        {("stance", "close_partnership", side): [(10, 40), (1, 10)] for side in ("us", "canada")}
    )
    dots = figure_of(page(tables), "stances_over_time").xpath(".//*[local-name()='path'][@data-tip]")
    radii = {
        side: [
            float(re.match(r"M([\d.]+),", dot.get("d"))[1])
            for dot in dots
            if dot.get("fill") == f"var(--{side})"
        ]
        for side in ("us", "canada")
    }
    assert radii["us"] == radii["canada"]
    assert radii["us"][0] == pytest.approx(230**0.5 / 2, abs=0.01)  # as Vega draws a size
