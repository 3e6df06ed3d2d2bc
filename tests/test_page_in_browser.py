"""The report as a reader meets it: silent, safe, accessible, on a phone, on paper, and without scripts."""

import csv
import functools

import pytest

from tests.browser import grave_findings, open_details
from tests.test_report import HOSTILE, build, corpus_tables, hostile_tables, nothing

TABLES = {"usual": corpus_tables, "hostile": hostile_tables, "nothing": nothing}
A4 = 673  # CSS pixels between the margins of page.css: 210 mm less twice 16 mm
MOST_BYTES = 5_000_000
# For each mark of a chart that has a width: its values, and a point where the pointer meets it, or null.
WHERE_TO_POINT = """chart => [...chart.querySelectorAll("[data-tip]")].flatMap((mark) => {
  const box = mark.getBoundingClientRect();
  if (!box.width) return [];
  for (let i = 0; i <= 20; i += 1) {
    for (let j = 0; j <= 20; j += 1) {
      const [x, y] = [box.left + (box.width * i) / 20, box.top + (box.height * j) / 20];
      if (document.elementFromPoint(x, y)?.closest("[data-tip]") === mark) return [[mark.dataset.tip, [x, y]]];
    }
  }
  return [[mark.dataset.tip, null]];
})"""
# What sticks out of a page so many pixels wide.
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > width + 0.5)
  .map((each) => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 60)}`)"""
# Scrolling hides the values, and the browser tells a page of it a frame later.
AFTER_SCROLLING = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
every_page = pytest.mark.parametrize("name", TABLES)
both_widths = pytest.mark.parametrize("width", [1440, 390])


@functools.cache
def html(name: str) -> str:
    return build(TABLES[name](), about=HOSTILE if name == "hostile" else "")["index.html"]


def full_width(page) -> int:
    """How many pixels wide the page is, what lies beside the window included."""
    return page.evaluate("document.documentElement.scrollWidth")


def shown_charts(page) -> list:
    """The pictures that this width shows: each figure has at least one."""
    for figure in page.locator("figure").all():
        assert figure.locator("svg:visible").count(), figure.inner_text()
    return page.locator("figure svg:visible").all()


def tips(chart) -> list[str]:
    return chart.locator("[data-tip]").evaluate_all("marks => marks.map((mark) => mark.dataset.tip)")


@every_page
@both_widths
def test_page_opens_in_silence(open_page, name, width):
    page = open_page(html(name), width=width, hash="#findings")
    assert page.locator("h1").is_visible()
    open_details(page)
    page.keyboard.press("End")
    assert open_page.complaints() == []


def test_hostile_words_stay_words_whatever_a_reader_does(open_page):
    page = open_page(html("hostile"))
    open_details(page)
    for button in page.locator("button:visible").all():
        if button.is_enabled():
            button.click()
    told = set()
    for chart in shown_charts(page):
        chart.focus()
        for _ in tips(chart):
            page.keyboard.press("ArrowRight")
            told.add(page.locator(".tip").inner_text())
    assert any("<img src=x onerror=alert(1)>" in tip for tip in told)
    assert page.locator("img, iframe, object").count() == 0


def test_policy_lets_no_other_script_run_and_nothing_be_asked(open_page):
    page = open_page(html("hostile"))
    page.evaluate(
        """() => {
          window.ran = [];
          let blocked = 0;
          const all = new Promise((resolve) => document.addEventListener(
            "securitypolicyviolation", () => { blocked += 1; if (blocked === 4) resolve(); }));
          const script = document.createElement("script");
          script.textContent = "ran.push('script')";
          document.body.append(script);
          document.body.insertAdjacentHTML("beforeend", `<img src="data:," onerror="ran.push('handler')">`);
          document.body.insertAdjacentHTML("beforeend", `<a id="link" href="javascript:ran.push('link')">x</a>`);
          document.getElementById("link").click();
          return Promise.all([fetch("https://example.org/").then(() => ran.push("fetch"), () => {}), all]);
        }"""
    )
    blocked = open_page.complaints()
    assert page.evaluate("ran") == []
    assert len(blocked) >= 4
    assert all("Content Security Policy" in complaint for complaint in blocked)


@both_widths
def test_page_reads_without_scripts(open_page, width):
    page = open_page(html("usual"), width=width, scripts=False)
    assert page.locator("#findings .findings > li").all_inner_texts()
    assert all(chart.bounding_box()["height"] > 40 for chart in shown_charts(page))
    for summary in page.locator("details:not(details details) > summary").all():
        summary.click()
    tables = page.locator("table").all()
    assert len(tables) > 5
    assert all(table.is_visible() for table in tables)


@every_page
@both_widths
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_grave(open_page, name, width, dark):
    page = open_page(html(name), width=width, dark=dark)
    open_details(page)
    assert grave_findings(page) == []


def test_axe_would_find_pale_words(open_page):
    page = open_page(html("nothing").replace("</style>", ".about { color: #aaa; }</style>"))
    assert [finding.split(":")[0] for finding in grave_findings(page)] == ["color-contrast"]


@every_page
def test_page_never_scrolls_sideways(open_page, name):
    page = open_page(html(name), width=390)
    assert full_width(page) == 390
    open_details(page)
    assert full_width(page) == 390


@both_widths
@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_pointer_shows_the_values_of_a_mark(open_page, name, width):
    page = open_page(html(name), width=width)
    tip = page.locator(".tip")
    for chart in shown_charts(page):
        chart.scroll_into_view_if_needed()
        page.evaluate(AFTER_SCROLLING)
        met = chart.evaluate(WHERE_TO_POINT)
        assert met
        assert [told for told, point in met if not point] == []
        for told, point in met:
            page.mouse.move(*point)
            assert tip.is_visible()
            assert tip.text_content() == told
        page.mouse.move(0, 0)
        assert not tip.is_visible()


@both_widths
def test_arrow_keys_show_the_values_of_marks_in_turn(open_page, width):
    page = open_page(html("usual"), width=width)
    tip = page.locator(".tip")
    for chart in shown_charts(page):
        chart.focus()
        page.evaluate(AFTER_SCROLLING)
        assert not tip.is_visible()
        marks = tips(chart)
        assert marks
        for told in [*marks, marks[-1]]:
            page.keyboard.press("ArrowRight")
            assert tip.text_content() == told
            assert tip.is_visible()
        page.keyboard.press("ArrowLeft")
        assert tip.text_content() == marks[max(0, len(marks) - 2)]
        page.keyboard.press("Escape")
        assert not tip.is_visible()
        page.keyboard.press("ArrowRight")
        chart.blur()
        assert not tip.is_visible()


@pytest.mark.parametrize("place", [0, 1_000_000])
def test_values_stay_inside_the_window_wherever_a_reader_has_scrolled(open_page, place):
    page = open_page(html("usual"), width=390, height=700)
    for chart in shown_charts(page):
        chart.focus()
        page.evaluate("place => scrollTo(0, place)", place)
        page.evaluate(AFTER_SCROLLING)
        page.keyboard.press("ArrowRight")
        box = page.locator(".tip").bounding_box()
        assert 0 <= box["x"] <= 390 - box["width"]
        assert 0 <= box["y"] <= 700 - box["height"]


@pytest.mark.parametrize("name", ["usual", "hostile"])
def test_every_figure_gives_its_data_as_a_file(open_page, name):
    page = open_page(html(name))
    open_details(page)
    names = []
    for figure in page.locator("figure").all():
        with page.expect_download() as download:
            figure.locator("a[download$='.csv'][href^='data:text/csv']").click()
        names.append(download.value.suggested_filename)
        with download.value.path().open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert rows
        assert {len(row) for row in rows} == {len(header)}
        if figure.locator("table").count():
            heads = [head.split("\n")[0] for head in figure.locator("tbody th[scope=row]").all_inner_texts()]
            drawn = [row[0] for row in rows]
            assert [head for head in heads if head in drawn] == drawn
    assert len(names) == len(set(names))
    assert names


@every_page
def test_page_can_be_printed(open_page, name):
    page = open_page(html(name), width=A4, media="print")
    page.locator("details").first.evaluate("details => { details.open = true; }")
    for chart in page.locator("figure svg:visible").all():
        chart.focus()
        page.keyboard.press("ArrowRight")
    hidden = page.locator("nav, .skip, .tip, .to-evidence, .back, details:not([open])")
    assert hidden.count()
    assert [each.inner_text() for each in hidden.all() if each.is_visible()] == []
    assert page.locator("details[open]").first.is_visible()
    open_details(page)
    assert page.evaluate(TOO_WIDE, A4) == []
    assert page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.slow
def test_reports_of_a_default_run_hold_all_of_this(open_page, default_run):
    reports = sorted((default_run / "reports").glob("*/index.html"))
    assert len(reports) == 2
    for path in reports:
        assert path.stat().st_size < MOST_BYTES
        for width in (1440, 390):
            page = open_page(path, width=width)
            assert full_width(page) == width
            open_details(page)
            assert full_width(page) == width
            assert all(tips(chart) for chart in shown_charts(page))
            assert grave_findings(page) == []
            page.emulate_media(color_scheme="dark")
            assert grave_findings(page, ["color-contrast"]) == []
        page = open_page(path, width=A4, media="print")
        open_details(page)
        assert page.evaluate(TOO_WIDE, A4) == []
    assert open_page.complaints() == []
