"""Reports opened in headless Chromium, where a page must stay silent and ask for nothing but itself."""

import itertools
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",  # root may not have one, and the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
HOW_TO_GET_ONE = (
    "no Chromium: install one (Debian: apt-get install chromium; elsewhere: python -m playwright install "
    "chromium), or name one in PARALLEL49_CHROMIUM"
)
GRAVE = ("serious", "critical")


def launch(playwright: "Playwright") -> "Browser | None":
    """The Chromium of PARALLEL49_CHROMIUM, else of PATH, else Playwright's own; None without one."""
    own = playwright.chromium.executable_path
    found = [*filter(None, map(shutil.which, NAMES)), *([own] if Path(own).exists() else [])]
    path = os.environ.get("PARALLEL49_CHROMIUM") or next(iter(found), None)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS) if path else None


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One headless Chromium a session; without one its tests are skipped, but fail where CI is set."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW_TO_GET_ONE)
        yield browser
        browser.close()


class Opener:
    """Opens pages, each in a context of its own, and writes down what they should not have done."""

    def __init__(self, browser: "Browser", folder: Path):
        self._browser, self._folder = browser, folder
        self._numbers = itertools.count(1)
        self._pages: list[Page] = []
        self._complaints: list[str] = []

    def __call__(
        self,
        html: str | Path,
        *,
        width: int = 1440,
        height: int = 1000,
        dark: bool = False,
        scripts: bool = True,
        media: str | None = None,
        hash: str = "",
    ) -> "Page":
        """A page of this text, or of this file, after its load event.

        Args:
            html: the page's text, or the path of its file.
            width: of the window, in CSS pixels.
            height: of the window, in CSS pixels.
            dark: whether the reader prefers dark colours.
            scripts: whether scripts run.
            media: `print`, or none for the screen.
            hash: what follows the address, such as `#findings`.
        """
        if isinstance(html, str):
            path = self._folder / f"page{next(self._numbers)}.html"
            path.write_text(html, encoding="utf-8")
        else:
            path = html.resolve()
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            offline=True,
            accept_downloads=True,
        )
        page = context.new_page()
        self._pages.append(page)
        self._listen(context, page, path.as_uri())
        page.emulate_media(media=media)
        page.goto(path.as_uri() + hash)
        return page

    def _listen(self, context: "BrowserContext", page: "Page", address: str) -> None:
        """Write down errors and warnings, dialogs, and requests for anything but the file itself."""
        complain = self._complaints.append

        def asked(url: str) -> None:
            if url.partition("#")[0] != address and not url.startswith(("data:", "blob:")):
                complain(f"request: {url}")

        def talked(kind: str, message: str) -> None:
            complain(f"dialog {kind}: {message}")

        page.on(
            "console", lambda said: said.type in {"error", "warning"} and complain(f"console: {said.text}")
        )
        page.on("pageerror", lambda error: complain(f"error: {error}"))
        page.on("dialog", lambda dialog: (talked(dialog.type, dialog.message), dialog.dismiss()))
        page.on("websocket", lambda socket: complain(f"request: {socket.url}"))
        context.on("request", lambda request: asked(request.url))

    def complaints(self) -> list[str]:
        """What the pages have done so far that they should not have; told once, then forgotten."""
        for page in self._pages:
            if not page.is_closed():
                page.wait_for_timeout(0)  # lets what is under way arrive
        told = list(self._complaints)
        self._complaints.clear()
        return told

    def close(self) -> None:
        """Close all pages."""
        for page in self._pages:
            page.context.close()


@pytest.fixture
def open_page(chromium: "Browser", tmp_path: Path) -> Iterator[Opener]:
    """Opens pages (see `Opener`); the test fails if one complains and the test did not ask for it."""
    opener = Opener(chromium, tmp_path)
    yield opener
    complaints = opener.complaints()
    opener.close()
    assert not complaints, "\n".join(complaints)


def open_details(page: "Page") -> None:
    """Open every closed part of a page."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def grave_findings(page: "Page", rules: Sequence[str] = ()) -> list[str]:
    """What axe-core calls serious or critical by all rules, or by these: rule, selector and what is wrong."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if node["impact"] in GRAVE
    ]
