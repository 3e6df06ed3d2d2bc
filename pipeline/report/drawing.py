"""What all charts share: static SVG in two widths, values beside the pointer, and their data as CSV."""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup, escape

from pipeline.report.csv_text import csv_text
from pipeline.report.wording import MONTHS

WIDE, NARROW = 700, 340  # pixels: the text column, and a phone's
FONT = "Liberation Sans"  # comes with vl-convert, so that texts measure alike on every machine
SIDE_NAMES = {"us": "United States", "canada": "Canada", "other": "other", "unknown": "unknown"}
OUTLETS = {"us": "U.S. outlets", "canada": "Canadian outlets"}
TIP = "tip: "  # begins the description of a mark whose values the page shows beside the pointer

Layers = alt.LayerChart | alt.FacetChart  # as Altair types what layering gives
Drawing = Layers | alt.VConcatChart | alt.ConcatChart


@dataclass(frozen=True)
class Chart:
    """One picture, or several in a column, drawn for a wide and a narrow page, and their data.

    Each picture says in words what it shows. `name` is that of the CSV file, unique on a page; `data`
    has a row for what a reader can point at.
    """

    name: str
    wide: Markup
    narrow: Markup
    data: pd.DataFrame

    @property
    def csv_address(self) -> str:
        """The data as a `data:` address that a link can download."""
        text = csv_text(list(self.data.columns), self.data.itertuples(index=False))
        packed = base64.b64encode(text.encode("utf-8-sig"))  # the mark tells spreadsheets that it is UTF-8
        return f"data:text/csv;charset=utf-8;base64,{packed.decode('ascii')}"


def draw(name: str, data: pd.DataFrame, *pictures: tuple[Callable[[int], Drawing], str]) -> Chart:
    """Draw a chart for both widths.

    Args:
        name: of the chart.
        data: what is drawn.
        pictures: for each, its specification for a width in pixels, and what it says in words.
    """
    wide, narrow = (
        Markup("\n").join(_svg(drawing(width), summary) for drawing, summary in pictures)
        for width in (WIDE, NARROW)
    )
    return Chart(name, wide, narrow, data)


def _svg(chart: Drawing, summary: str) -> Markup:
    """A chart as inline SVG: one image with a text alternative, the page's font, no ids.

    Colours are the page's own CSS variables, so that both themes fit; a description becomes `data-tip`.
    """
    config = {
        "background": "transparent",
        "font": FONT,
        "mark": {"aria": False},
        "view": {"stroke": None},
        "axis": {
            "aria": False,
            **{f"{part}Color": "currentColor" for part in ("label", "title", "domain", "tick", "grid")},
            **{"gridOpacity": 0.14, "domainOpacity": 0.5, "tickOpacity": 0.5, "titleFontWeight": "normal"},
            **{"labelFontSize": 12, "titleFontSize": 12},
        },
        "text": {"fill": "currentColor", "fontSize": 12},
        "title": {"aria": False, "color": "currentColor", "fontSize": 12, "anchor": "start", "offset": 6},
        "legend": {
            "aria": False,
            "labelColor": "currentColor",
            "labelFontSize": 12,
            "title": None,
            "orient": "top",
        },
    }
    # Without addresses that it may ask, vl-convert cannot reach the network whatever a spec says.
    drawn = vl_convert.vegalite_to_svg(chart.to_dict(), config=config, allowed_base_urls=[])
    drawn = drawn.replace(f'aria-label="{TIP}', 'data-tip="')
    drawn = re.sub(r' (?:font-family|role|class|aria-\w+|pointer-events)="[^"]*"', "", drawn)
    drawn = re.sub(r' (?:d|transform|x2|y2|width|height)="[^"]*"', _rounded, drawn)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(summary)}" ', 1))


def _rounded(attribute: re.Match[str]) -> str:
    """An attribute's numbers with two decimals at most: hundredths of a pixel."""
    return re.sub(r"(\d\.\d\d)\d+", r"\1", attribute[0])


def described(rows: pd.DataFrame, tips: Sequence[str]) -> pd.DataFrame:
    """Rows with the values that the page shows beside the pointer, for a mark with `tipped()`."""
    return rows.assign(tip=[TIP + tip for tip in tips])


def tipped() -> dict[str, alt.Description]:
    """The encoding that shows the column `tip` beside the pointer; the mark needs aria=True."""
    return {"description": alt.Description("tip:N")}


def sized(layers: Sequence[alt.Chart], width: int, height: int) -> Layers:
    """Layers in one frame of that width and height in pixels, axes included."""
    fitted = alt.AutoSizeParams(type="fit", contains="padding")
    return alt.layer(*layers).properties(width=width, height=height, autosize=fitted, padding=2)


def whole_ticks(largest: int) -> list[int]:
    """Round whole numbers from 0, at most six of them (Vega would put 0.5 between 0 and 1)."""
    steps = (step * 10**power for power in range(12) for step in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= largest)
    return list(range(0, int(largest) + 1, step))


def period_labels(starts: Sequence[pd.Timestamp], kind: str, most: int) -> dict[int, list[str]]:
    """Which periods get a label on the axis: all, else the firsts of years, else evenly spaced ones.

    Args:
        starts: first days of all periods, in order.
        kind: of period.
        most: how many labels there is room for.
    """
    shorts = {
        "day": lambda start: f"{start.day} {MONTHS[start.month - 1]}",
        "week": lambda start: f"{start.day} {MONTHS[start.month - 1]}",
        "month": lambda start: MONTHS[start.month - 1],
        "quarter": lambda start: f"Q{(start.month + 2) // 3}",
        "year": lambda start: str(start.year),
    }
    everything = list(range(len(starts)))
    starts_year = [
        start.year != earlier
        for start, earlier in zip(starts, [None, *(each.year for each in starts)], strict=False)
    ]
    firsts = [place for place in everything if starts_year[place] and starts[place].day_of_year <= 7]
    if len(starts) > most and len(firsts) > 2:
        return {place: [str(starts[place].year)] for place in _thinned(firsts, most)}
    places = _thinned(everything, most)
    years = [None, *(starts[place].year for place in places)]
    return {
        place: [shorts[kind](starts[place])]
        + ([str(starts[place].year)] if kind != "year" and starts[place].year != year else [])
        for place, year in zip(places, years, strict=False)
    }


def _thinned(places: list[int], most: int) -> list[int]:
    """Every k-th place, so that at most `most` are left."""
    return places[:: -(-len(places) // most)]
