"""How big a report is, and how soon a browser has opened it."""

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OPENINGS = 7
PAGE = Path("reports/sample/index.html")
# Elements, and milliseconds from the start of navigation to the end of the load event and to the first paint
# of any content; the browser knows both times only a while after they have passed.
MEASURED = """() => {
  const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  return loaded && painted && [document.querySelectorAll("*").length, loaded, painted];
}"""


def measured(browser: "Browser", path: Path) -> tuple[int, float, float]:
    """Elements, and medians of both times over openings without a cache."""
    rows = []
    for _ in range(OPENINGS):
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, offline=True)
        page = context.new_page()
        page.goto(path.resolve().as_uri())
        rows.append(page.wait_for_function(MEASURED).json_value())
        context.close()
    elements, loaded, painted = zip(*rows, strict=True)
    return elements[0], median(loaded), median(painted)


def draw(browser: "Browser", path: Path, folder: Path) -> None:
    """Pictures of a report's first screen and of its stances over time, as the README shows them."""
    context = browser.new_context(viewport={"width": 860, "height": 900}, offline=True)
    page = context.new_page()
    page.goto(path.resolve().as_uri())
    page.screenshot(path=folder / f"{path.parent.name}_findings.png")
    stances = page.locator("figure", has=page.locator("[download='stances_over_time.csv']"))
    box = stances.bounding_box()
    if box:
        clip = {**box, "height": min(box["height"], 520)}
        page.screenshot(path=folder / f"{path.parent.name}_stances.png", full_page=True, clip=clip)
    context.close()


def main(
    pages: Annotated[list[Path] | None, typer.Argument(help="Report pages.", show_default=str(PAGE))] = None,
    pictures: Annotated[Path | None, typer.Option(help="Folder for pictures of each page.")] = None,
) -> None:
    """Print how big reports are and how soon a browser has opened them (median of seven openings)."""
    try:
        from playwright.sync_api import sync_playwright

        from tests.browser import HOW_TO_GET_ONE, launch
    except ModuleNotFoundError as missing:
        raise SystemExit(f"no package {missing.name}; `make develop` installs what measures pages") from None
    pages = pages or [PAGE]
    for path in pages:
        if not path.is_file():
            raise SystemExit(f"no page {path}; `make report` makes the reports")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            raise SystemExit(HOW_TO_GET_ONE)
        typer.echo(f"Chromium {browser.version}, median of {OPENINGS} openings, milliseconds from navigation")
        typer.echo(f"{'bytes':>10} {'elements':>9} {'loaded':>7} {'painted':>8}  page")
        for path in pages:
            elements, loaded, painted = measured(browser, path)
            typer.echo(f"{path.stat().st_size:>10,} {elements:>9,} {loaded:>7.0f} {painted:>8.0f}  {path}")
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                draw(browser, path, pictures)
        browser.close()
