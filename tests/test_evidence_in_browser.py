"""The list of statements as a reader uses it: filters, keyboard, files, hostile words, narrow pages, print."""

import io
import re

import pandas as pd
import pytest

from tests.browser import grave_findings, open_details
from tests.test_evidence import COLUMNS, HOLDERS, build, data_of, expected, many_tables, usual
from tests.test_report import HOSTILE, corpus_tables

GOLD = "coded_by == 'gold'"  # what is chosen at first
CHOSEN = {  # filters by name, each with what pandas calls the same
    "any coder": ({"coded_by": "any"}, "coded_by != ''"),
    "coded by the model": ({"coded_by": "the model"}, "coded_by == 'model'"),
    "target": ({"target": "U.S. tariffs"}, f"{GOLD} and target == 'us_tariffs'"),
    "stance": ({"stance": "against"}, f"{GOLD} and stance == 'against'"),
    "side": ({"holder_side": "Canada"}, f"{GOLD} and holder_side == 'canada'"),
    "outlet": ({"outlet": 'The "Post", Ltd'}, f"{GOLD} and outlet == 'The \"Post\", Ltd'"),
    "no outlet": ({"outlet": "outlet unknown"}, f"{GOLD} and outlet == ''"),
    "from": ({"from": "2025-02-01"}, f"{GOLD} and date >= '2025-02-01'"),
    "to": ({"coded_by": "any", "to": "2025-02-01"}, "date != '' and date <= '2025-02-01'"),
    "one day": ({"from": "2024-09-08", "to": "2024-09-08"}, f"{GOLD} and date == '2024-09-08'"),
    "holder": ({"holder": "francois LEG"}, f"{GOLD} and holder == 'François Legault'"),
    "apostrophe": ({"holder": "o'brien"}, f"{GOLD} and holder == 'O’Brien'"),
    "sentence": ({"text": '  QUOTED", once '}, f"{GOLD} and sentence.str.contains('quoted', regex=False)"),
    "two": (
        {"target": "a close partnership", "holder_side": "U.S."},
        f"{GOLD} and target == 'close_partnership' and holder_side == 'us'",
    ),
    "all": (
        {
            "coded_by": "the model",
            "stance": "favor",
            "from": "2024-10-01",
            "to": "2025-05-01",
            "text": "hope",
        },
        "coded_by == 'model' and stance == 'favor' and date >= '2024-10-01' and date <= '2025-05-01' "
        "and sentence.str.contains('hope', regex=False)",
    ),
    "comparison": (
        {"comparison": "Canadian speakers on a close partnership, before and after 20 January 2025"},
        f"{GOLD} and target == 'close_partnership' and holder_side == 'canada' and date != ''",
    ),
    "comparison's period": (
        {"comparison": "U.S. speakers on U.S. tariffs, before and after 20 January 2025", "period": "after"},
        f"{GOLD} and target == 'us_tariffs' and holder_side == 'us' and date >= '2025-01-20'",
    ),
}


def choose(page, filters: dict[str, str]) -> None:
    for name, value in filters.items():
        control = page.locator(f"#statement-filter [name={name}]")
        if control.evaluate("control => control.tagName") == "INPUT":
            control.fill(value)
        else:
            labels = control.locator("option").evaluate_all("all => all.map(each => each.dataset.label)")
            control.select_option(index=labels.index(value))


def exported(page) -> pd.DataFrame:
    with page.expect_download() as download:
        page.click("#statements-csv")
    raw = download.value.path().read_bytes()
    assert download.value.suggested_filename == "mine_statements.csv"
    return pd.read_csv(
        io.BytesIO(raw), keep_default_na=False, na_values={name: [""] for name in COLUMNS[10:13]}
    )


def guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and re.match(r"[=+\-@\t\r]", cell) else cell


def show_all(page) -> None:
    while page.is_visible("#statements-more"):
        page.click("#statements-more")


def status(page) -> str:
    return page.inner_text("#statements-found")


@pytest.mark.parametrize("name", CHOSEN)
def test_filters_leave_what_pandas_leaves_and_the_file_equals_the_table(open_page, name):
    filters, query = CHOSEN[name]
    wanted = expected(many_tables()).query(query)
    assert len(wanted)
    page = open_page(usual())
    choose(page, filters)
    assert status(page) == f"{len(wanted)} of {len(expected(many_tables()))} statements"
    show_all(page)
    marks = page.locator("#statements-shown > li mark").evaluate_all(
        "all => all.map(each => each.textContent)"
    )
    assert marks == wanted["sentence"].tolist()
    holders = page.locator("#statements-shown strong").evaluate_all(
        "all => all.map(each => each.textContent)"
    )
    assert holders == wanted["holder"].tolist()
    table = wanted[COLUMNS].map(guarded).reset_index(drop=True)
    pd.testing.assert_frame_equal(exported(page), table, check_dtype=False, rtol=1e-6)


def test_options_count_what_they_would_give_beside_the_other_filters(open_page):
    table = expected(many_tables())
    page = open_page(usual())
    choose(page, {"target": "U.S. tariffs", "stance": "against"})

    def told(name: str) -> dict[str, int]:
        options = page.locator(f"[name={name}] option").evaluate_all(
            "all => all.map(each => each.textContent)"
        )
        found = [re.fullmatch(r"(.*) \((\d+)\)", option) for option in options]
        return {each[1]: int(each[2]) for each in found}

    on_tariffs, against = (
        table.query(f"{GOLD} and target == 'us_tariffs'"),
        table.query("stance == 'against'"),
    )
    stances = on_tariffs["stance"].value_counts().to_dict()
    assert told("stance") == {"any": len(on_tariffs), **stances}
    coders = against.query("target == 'us_tariffs'")["coded_by"].value_counts()
    assert told("coded_by") == {
        "any": coders.sum(),
        "gold labels": coders["gold"],
        "the model": coders["model"],
    }
    of_us = on_tariffs.query("stance == 'against' and holder_side == 'us' and date != ''")
    before_it = "before and after 20 January 2025"
    assert told("comparison") == {
        "any": stances["against"],
        f"Canadian speakers on a close partnership, {before_it}": 0,
        f"U.S. speakers on U.S. tariffs, {before_it}": len(of_us),
    }
    choose(page, {"comparison": f"U.S. speakers on U.S. tariffs, {before_it}"})
    after = (of_us["date"] >= "2025-01-20").sum()
    assert told("period") == {"both": len(of_us), "before": len(of_us) - after, "after": after}
    page.click("#statements-reset")
    assert status(page).startswith(f"{len(table.query(GOLD))} of")
    assert page.input_value("[name=comparison]") == ""
    assert page.is_disabled("[name=period]")


def test_nothing_that_fits_is_said_and_not_exported(open_page):
    page = open_page(usual())
    choose(page, {"from": "2025-02-01", "to": "2025-01-01"})
    assert status(page).endswith("statements. Nothing fits all of these filters.")
    assert page.locator("#statements-shown > li").count() == 0
    assert page.is_hidden("#statements-more")
    assert page.is_disabled("#statements-csv")


def test_the_keyboard_alone_filters_and_reads_on(open_page):
    page = open_page(usual(), hash="#statements-heading")
    page.focus("#statements-heading")
    reached = []
    for _ in range(4):  # the period waits for a comparison, so it is passed over
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name"))
    assert reached == ["comparison", "coded_by", "target", "stance"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("U.S.")
    page.keyboard.press("Tab")
    wanted = expected(many_tables()).query(f"{GOLD} and target == 'us_tariffs'")
    assert status(page).startswith(f"{len(wanted)} of")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "statements-more":
            break
    assert page.locator("#statements-shown > li").count() == 10
    page.keyboard.press("Enter")
    assert page.locator("#statements-shown > li").count() == 35
    tenth = page.evaluate(
        "[...document.querySelectorAll('#statements-shown > li')].indexOf(document.activeElement)"
    )
    assert tenth == 10
    page.keyboard.press("Shift+Tab")
    page.focus("[name=holder]")
    page.keyboard.press("Enter")  # sends no form
    assert status(page).startswith(f"{len(wanted)} of")


def test_a_finding_leads_to_its_evidence_and_on_to_the_list(open_page):
    html = usual()
    anchor = next(name for name in data_of(html)["comparisons"] if name.startswith("tariffs"))
    for page in (open_page(html), open_page(html, hash=f"#evidence-{anchor}")):
        if not page.url.endswith(anchor):
            page.click(f"a[href='#evidence-{anchor}']")
        shown = page.locator(f"[id='evidence-{anchor}']")
        assert shown.is_visible()
        counted = data_of(html)["comparisons"][anchor]
        number = len(counted["before"]) + len(counted["after"])
        button = shown.locator("button")
        assert button.inner_text() == f"Show its {number} statements in the list below"
        choose(page, {"stance": "favor"})
        button.press("Enter")
        assert status(page).startswith(f"{number} of")
        assert page.input_value("[name=comparison]") == anchor
        assert page.evaluate("document.activeElement.id") == "statements-heading"


def test_hostile_words_stay_words_and_bad_addresses_no_links(open_page):
    page = open_page(usual())
    choose(page, {"coded_by": "any"})
    show_all(page)
    shown = page.locator("#statements-shown")
    assert HOSTILE in shown.locator("strong").all_inner_texts()
    assert shown.locator("script, img, style, iframe").count() == 0
    urls = shown.locator("a").evaluate_all("all => all.map(each => [each.protocol, each.rel])")
    assert {tuple(each) for each in urls} == {
        ("https:", "noopener noreferrer"),
        ("http:", "noopener noreferrer"),
    }
    used = set(exported(page)["holder"])
    assert used == {guarded(holder) for holder in HOLDERS}


def test_an_address_that_slipped_into_the_data_is_no_link(open_page):
    html = usual().replace("https://example.org/", "javascript:alert(1)//")
    page = open_page(html)
    choose(page, {"coded_by": "any"})
    show_all(page)
    assert (
        page.locator("#statements-shown a")
        .evaluate_all("all => all.map(each => each.protocol)")
        .count("https:")
        == 0
    )
    assert page.locator("#statements-shown a[href^='javascript']").count() == 0


def test_what_the_model_read_is_marked_so(open_page):
    page = open_page(build(corpus_tables()))
    assert (
        page.locator("#statements-shown .where").first.inner_text().endswith("· gold label, weight\u00a01.00")
    )
    choose(page, {"coded_by": "the model"})
    first = page.locator("#statements-shown li").first
    who, where = (" ".join(first.locator(name).inner_text().split()) for name in (".who", ".where"))
    assert who == "▲ favor Ann (government, Canada) on a close partnership"
    assert where == "30 December 2024, Wire: Title a · read by the model: target .900, stance .800"


def test_long_neighbours_are_cut_as_in_the_evidence_of_a_comparison(open_page):
    tables = corpus_tables()
    tables["sentences"]["text"] = tables["sentences"]["text"].map(lambda text: f"{text} " + "🍁 word " * 90)
    page = open_page(build(tables))
    open_details(page)
    above = page.locator("details blockquote").first.inner_text()
    assert "…" in above
    assert page.locator("#statements-shown blockquote").first.inner_text() == above


def test_typed_outlets_are_found_by_part_of_their_name(open_page, monkeypatch):
    monkeypatch.setattr("pipeline.report.explorer.OUTLETS_TO_CHOOSE", 3)
    page = open_page(build())
    choose(page, {"outlet_text": "quebec"})
    wanted = expected(many_tables()).query(f"{GOLD} and outlet == 'Le Québécois'")
    assert status(page).startswith(f"{len(wanted)} of")


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_nothing_reaches_beyond_the_page(open_page, width):
    page = open_page(usual(), width=width)
    choose(page, {"comparison": "U.S. speakers on U.S. tariffs, before and after 20 January 2025"})
    open_details(page)
    for name in ("#statement-filter", "#statements-shown"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        inside = page.locator(name).evaluate("each => each.scrollWidth <= each.clientWidth")
        assert inside
    controls = page.locator("#statement-filter :is(select, input)")
    assert all(box["width"] > 100 for box in (each.bounding_box() for each in controls.all()))


@pytest.mark.parametrize("dark", [False, True])
def test_people_with_a_screen_reader_can_use_the_list(open_page, dark):
    page = open_page(usual(), dark=dark)
    open_details(page)
    assert grave_findings(page) == []


def test_without_scripts_the_examples_stand_and_the_list_says_what_it_needs(open_page):
    page = open_page(usual(), scripts=False)
    assert page.is_visible("#statements-need-scripts")
    assert page.is_hidden("#statements")
    assert page.locator("button:visible").count() == 0
    assert page.locator("details .statements > li").count() > 12


def test_the_list_is_printed_where_somebody_has_chosen_what_to_see(open_page):
    page = open_page(usual(), media="print")
    assert page.is_hidden("#statements")
    assert page.is_hidden("#statements-heading")
    assert page.is_visible("#evidence-heading")


def test_print_has_what_is_shown_and_no_controls(open_page):
    page = open_page(usual())
    page.select_option("[name=stance]", index=1)
    page.emulate_media(media="print")
    assert page.locator("#evidence :is(button, select, input):visible").count() == 0
    assert page.locator("#statements-shown > li:visible").count() == 10
    assert "Coded by: gold labels" in page.inner_text("#statements-filters")
    assert page.is_hidden("#statements-need-scripts")
