"""Charts over time: one small panel a subject, all on the same scales, turning points below the axis."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from pipeline.report.drawing import (
    NARROW,
    OUTLETS,
    Chart,
    Drawing,
    Layers,
    described,
    draw,
    period_labels,
    tipped,
)
from pipeline.report.findings import Finding
from pipeline.report.over_time import ALL, DRAWN_SIDES, OverTime
from pipeline.report.periods import Calendar
from pipeline.report.shifts import Shift, fine_share
from pipeline.report.wording import SIDE_SPEAKERS, count, signed, span

LEFT, RIGHT, GAP = 40, 10, 16  # pixels: room for the first column's labels, and between panels
FEW_IN_PERIOD = 5  # articles; a share among fewer is drawn pale, and does not set the scale
LABEL_WIDTH = 34  # pixels that a label of the time axis takes
SPEAKERS = {side: SIDE_SPEAKERS[side] for side in DRAWN_SIDES}
NOT_CLAIMED = {"described": "; below the bar for a claim", "found_by_looking": "; found by looking, no claim"}
FULL_HEIGHT = {"y": alt.value(0), "y2": alt.value("height")}


@dataclass(frozen=True)
class Frame:
    """The scales of one panel: periods across, each one step wide, and values up.

    `reach` is the lowest and highest value; `format` is how d3 writes values; only the first panel of
    a row `has_labels` of them.
    """

    axis: Calendar
    width: int
    reach: tuple[float, float]
    ticks: Sequence[float]
    format: str
    has_labels: bool

    def x(self, field: str) -> alt.X:
        """A column of places on the time axis."""
        step = self.width / len(self.axis.index)
        labels = period_labels(self.axis.starts, self.axis.kind, most=max(1, self.width // LABEL_WIDTH))
        fitting = [place for place in labels if place * step + LABEL_WIDTH <= self.width + RIGHT]
        return alt.X(
            f"{field}:Q",
            scale=alt.Scale(domain=[0, len(self.axis.index)], nice=False, zero=False, padding=0),
            axis=alt.Axis(
                values=fitting or list(labels)[:1],
                labelExpr=f"({json.dumps(labels)})[datum.value]",
                labelAlign="left",
                labelOverlap=False,
                labelPadding=9,
                labelFontSize=11,
                tickSize=4,
                grid=False,
                title=None,
            ),
        )

    def y(self, field: str = "value") -> alt.Y:
        """A column of values."""
        return alt.Y(
            f"{field}:Q",
            scale=alt.Scale(domain=list(self.reach), nice=False, padding=0),
            axis=alt.Axis(
                values=list(self.ticks),
                labelExpr=f"datum.value ? replace(format(datum.value, '{self.format}'), '-', '−') : '0'",
                labelOpacity=1 if self.has_labels else 0,  # unseen, they keep the titles level
                labelFontSize=11,
                domain=False,
                ticks=False,
                title=None,
            ),
        )


def shares_chart(over: OverTime | None, name: str, shifts: Sequence[Shift]) -> Chart | None:
    """A panel a subject: bars of its share of all articles a period, and lines where it surely shifted."""
    if over is None:
        return None
    curves = {subject: over.of(subject, ALL) for subject in over.shown}
    top = _top(curves.values())

    def panel(subject: str, frame: Frame) -> list[alt.Chart]:
        sure = [each for each in shifts if each.is_sure and each.row["subject"] == subject]
        return [*_shift_marks(frame, sure), *_bars(frame, over, curves[subject])]

    def drawing(width: int) -> Drawing:
        return _grid(over, panel, top, width, columns=3 if width > NARROW else 2, height=76)

    told = "; ".join(
        f"{over.shown[subject]} {_share_of(_whole(curve), over.noun)}, most in {_peak(curve)}"
        for subject, curve in curves.items()
    )
    summary = f"Bars of shares a {over.axis.kind}, {_range(over.axis)}. {told}."
    return draw(name, over.data, (drawing, summary))


def outlets_chart(over: OverTime | None, countries: Sequence[str]) -> Chart | None:
    """A panel a subject: a line for each country's outlets; none where there are no two of them."""
    if over is None or len(countries) < 2:
        return None
    curves = {
        subject: {country: over.of(subject, country) for country in countries} for subject in over.shown
    }
    top = _top(each for curve in curves.values() for each in curve.values())

    def panel(subject: str, frame: Frame) -> list[alt.Chart]:
        return [layer for country in countries for layer in _line(frame, curves[subject][country], country)]

    def drawing(width: int) -> Drawing:
        return _grid(over, panel, top, width, columns=3 if width > NARROW else 1, height=120)

    told = "; ".join(
        f"{over.shown[subject]}: "
        + ", ".join(f"{OUTLETS[country]} {_share_of(_whole(each))}" for country, each in curve.items())
        for subject, curve in curves.items()
    )
    data = over.data[over.data["group"].isin(countries)]
    summary = f"Lines of shares a {over.axis.kind} by country of the outlet, {_range(over.axis)}. {told}."
    return draw("outlets_over_time", data, (drawing, summary))


def stances_over_time_chart(over: OverTime | None, findings: Sequence[Finding]) -> Chart | None:
    """A row a target, a panel a side: dots of the model's net stance a period, lines of what labels show."""
    if over is None:
        return None
    curves = {
        subject: {side: over.of(subject, side).dropna(subset="value") for side in SPEAKERS}
        for subject in over.shown
    }
    most = max(
        float(each["denominator"].max()) for curve in curves.values() for each in curve.values() if len(each)
    )

    def picture(subject: str) -> tuple[Callable[[int], Drawing], str]:
        levels = {side: [each for each in findings if _is_on(each, subject, side)] for side in SPEAKERS}
        told = ", ".join(
            f"{SPEAKERS[side]} {_net(_whole(curve))}" for side, curve in curves[subject].items() if len(curve)
        )
        return (
            lambda width: _target_row(over, subject, curves[subject], levels, most, width),
            f"Dots of net stance on {over.shown[subject]} a {over.axis.kind} as the model counts it, "
            f"{_range(over.axis)}: {told}.",
        )

    return draw("stances_over_time", over.data, *(picture(subject) for subject in over.shown))


def _target_row(
    over: OverTime,
    subject: str,
    curves: Mapping[str, pd.DataFrame],
    levels: Mapping[str, Sequence[Finding]],
    most: float,
    width: int,
) -> Drawing:
    """A panel a side on one target, under its name; `most` is the number of statements of the largest dot."""
    across = (width - LEFT - RIGHT - GAP) // 2
    label = over.shown[subject]
    panels = []
    for side, words in SPEAKERS.items():
        is_first = side == "us"
        frame = Frame(over.axis, across, (-1.12, 1.12), (-1, 0, 1), "+d", is_first)
        layers = [
            *_levels(frame, levels[side]),
            *_dots(frame, curves[side], side, most),
            _corner(words, side),
        ]
        heading = _cut_off(label[:1].upper() + label[1:], 2 * across // 7) if is_first else ""
        title = alt.Title(heading, offset=20, fontWeight="bold", frame="group")
        panels.append(_framed(frame, layers, over).properties(width=across, height=96, title=title))
    return alt.concat(*panels, columns=2, spacing=GAP, bounds="flush", padding=4)


def _bars(frame: Frame, over: OverTime, curve: pd.DataFrame) -> list[alt.Chart]:
    """Bars, and a transparent one of full height before each, for the pointer."""
    tips = _share_tips(over, curve)
    places = curve["place"]
    rows = _cut(curve, frame).assign(left=places + 0.07, right=places + 0.93, edge=places + 1)
    base = alt.Chart(described(rows, tips))
    return [
        base.transform_filter("datum.value > 0")
        .mark_rect()
        .encode(
            fill=_few("var(--mark)", "var(--mark-soft)"),
            x=frame.x("left"),
            x2="right:Q",
            y=frame.y(),
            y2=alt.datum(0),
        ),
        base.mark_rect(fill="transparent", aria=True).encode(
            x=frame.x("place"), x2="edge:Q", **FULL_HEIGHT, **tipped()
        ),
    ]


def _cut(curve: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Places and values of shares, cut off at the scale's end, and whether few articles stand behind each."""
    return pd.DataFrame(
        {
            "place": curve["place"],
            "value": curve["value"].clip(upper=frame.reach[1]),
            "is_few": curve["denominator"] < FEW_IN_PERIOD,
        }
    )


def _few(many: str, few: str) -> Any:
    """One colour where enough articles stand behind a share, another where few do."""
    return alt.condition("datum.is_few", alt.value(few), alt.value(many))


def _share_tips(over: OverTime, curve: pd.DataFrame) -> list[str]:
    """For each period, the share with its counts, and those of either country's outlets where they are not all."""
    beside = {country: over.of(curve["subject"].iloc[0], country).set_index("place") for country in OUTLETS}
    tips = []
    for row in curve.to_dict("records"):
        lines = [row["period"], f"{row['label']}: {_share_of(row, over.noun)}"]
        for country, words in OUTLETS.items():
            here = beside[country]
            of_country = (
                here.loc[row["place"]].to_dict() if row["place"] in here.index else {"denominator": 0}
            )
            if 0 < of_country["denominator"] < row["denominator"]:
                lines.append(f"{words}: {_share_of(of_country)}")
        tips.append("\n".join(lines))
    return tips


def _share_of(row: Mapping[Any, Any], noun: str = "article") -> str:
    if not row["denominator"]:
        return f"no {noun}"
    articles = count(int(row["denominator"]), noun)
    return f"{fine_share(row['numerator'] / row['denominator'])} ({int(row['numerator']):,} of {articles})"


def _shift_marks(frame: Frame, shifts: Sequence[Shift]) -> list[alt.Chart]:
    """The interval of each shift's date as a band, the shift as a line across the panel."""
    if not shifts:
        return []
    place = frame.axis.place
    rows = pd.DataFrame(
        {
            "low": [place(shift.row["period_low"]) for shift in shifts],
            "high": [place(shift.dates_end) for shift in shifts],
            "at": [place(shift.row["period"]) for shift in shifts],
        }
    )
    base = alt.Chart(rows)
    return [
        base.mark_rect(fill="var(--highlight)").encode(x=frame.x("low"), x2="high:Q", **FULL_HEIGHT),
        base.mark_rule(stroke="currentColor", strokeWidth=1.5).encode(x=frame.x("at"), **FULL_HEIGHT),
    ]


def _line(frame: Frame, curve: pd.DataFrame, country: str) -> list[alt.Chart]:
    """A line with points, broken where a period has no article of these outlets."""
    tips = [
        f"{row['period']}\n{row['label']}, {OUTLETS[country]}: {_share_of(row)}"
        for row in curve.to_dict("records")
    ]
    base = alt.Chart(described(_cut(curve, frame).assign(middle=curve["place"] + 0.5), tips))
    at = {"x": frame.x("middle"), "y": frame.y()}
    colour = f"var(--{country})"
    return [
        base.mark_line(stroke=colour, strokeWidth=1.5, invalid="break-paths-show-domains").encode(**at),
        base.transform_filter("isValid(datum.value)")
        .mark_point(size=16, stroke=colour, strokeWidth=1, opacity=1, aria=True)
        .encode(fill=_few(colour, "var(--paper)"), **at, **tipped()),
    ]


def _dots(frame: Frame, curve: pd.DataFrame, side: str, most: float) -> list[alt.Chart]:
    """A line at nought, and a dot a period, its area by the number of statements."""
    zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(stroke="currentColor", opacity=0.45)
    nought = zero.encode(y=frame.y())
    if curve.empty:
        return [nought]
    tips = [
        f"{row['period']}\n{row['label']}, {SPEAKERS[side]}: {_net(row)}, as the model counts"
        for row in curve.to_dict("records")
    ]
    rows = curve[["place", "value", "denominator"]].assign(middle=curve["place"] + 0.5)
    dots = (
        alt.Chart(described(rows, tips))
        .mark_point(filled=True, fill=f"var(--{side})", opacity=0.62, aria=True)
        .encode(
            x=frame.x("middle"),
            y=frame.y(),
            size=alt.Size(
                "denominator:Q", scale=alt.Scale(domain=[0, most], range=[14, 230], zero=True), legend=None
            ),
            **tipped(),
        )
    )
    return [nought, dots]


def _net(row: Mapping[Any, Any]) -> str:
    statements = count(int(row["denominator"]), "statement")
    return f"net stance {signed(row['numerator'] / row['denominator'])}, {statements}"


def _levels(frame: Frame, findings: Sequence[Finding]) -> list[alt.Chart]:
    """What labels show of the two periods of each contrast: whole lines for claims, dashed for descriptions."""
    axis = frame.axis
    rows = [
        {
            "from": max(0.0, axis.place(row[f"{part}_from"])),
            "to": min(float(len(axis.index)), axis.place(row[f"{part}_to"] + pd.Timedelta(days=1))),
            "value": float(row[part]),
            "is_claim": row["status"] == "claim",
            "told": f"Labels, {span(row[f'{part}_from'], row[f'{part}_to'])}: net stance {signed(row[part])}, "
            f"{count(int(row[f'n_labelled_{part}']), 'labelled article')}"
            + NOT_CLAIMED.get(row["status"], ""),
        }
        for row in (finding.row for finding in findings)
        for part in ("before", "after")
        if not pd.isna(row[part])
    ]
    shown = [row for row in rows if row["from"] < row["to"]]
    if not shown:
        return []
    base = alt.Chart(described(pd.DataFrame(shown), [row["told"] for row in shown]))
    at = {"x": frame.x("from"), "x2": "to:Q", "y": frame.y()}
    return [
        base.transform_filter("datum.is_claim")
        .mark_rule(stroke="currentColor", strokeWidth=2.5)
        .encode(**at),
        base.transform_filter("!datum.is_claim")
        .mark_rule(stroke="currentColor", strokeWidth=1.5, strokeDash=[4, 3])
        .encode(**at),
        base.mark_bar(fill="transparent", size=12, orient="horizontal", aria=True).encode(**at, **tipped()),
    ]


def _is_on(finding: Finding, subject: str, side: str) -> bool:
    row = finding.row
    return (row["family"], row["subject"], row["group"]) == ("stance", subject, side)


def _corner(words: str, side: str) -> alt.Chart:
    """Whose panel it is, above its left corner."""
    corner = alt.Chart(pd.DataFrame({"words": [words]}))
    marked = corner.mark_text(align="left", baseline="bottom", fill=f"var(--{side})", fontSize=11)
    return marked.encode(x=alt.value(0), y=alt.value(-3), text="words:N")


def _turning_points(frame: Frame, over: OverTime) -> list[alt.Chart]:
    """A small triangle below the axis for each turning point."""
    if not over.turning_points:
        return []
    rows = pd.DataFrame({"place": [moment.place for moment in over.turning_points]})
    base = alt.Chart(described(rows, [moment.label for moment in over.turning_points]))
    marked = base.mark_point(
        shape="triangle-up", filled=True, size=30, fill="var(--quiet)", opacity=1, yOffset=6, aria=True
    )
    return [marked.encode(x=frame.x("place"), y=alt.value("height"), **tipped())]


def _framed(frame: Frame, layers: Sequence[alt.Chart], over: OverTime) -> Layers:
    """Layers of one panel with what every panel has."""
    return alt.layer(*layers, *_turning_points(frame, over))


def _grid(
    over: OverTime,
    panel: Callable[[str, Frame], list[alt.Chart]],
    top: float,
    width: int,
    *,
    columns: int,
    height: int,
) -> Drawing:
    """Panels of shares in rows, each under its title."""
    across = (width - LEFT - RIGHT - (columns - 1) * GAP) // columns
    ticks, written = share_ticks(top)
    panels = []
    for place, (subject, label) in enumerate(over.shown.items()):
        frame = Frame(over.axis, across, (0, max(top, ticks[-1])), ticks, written, place % columns == 0)
        layers = _framed(frame, panel(subject, frame), over)
        panels.append(layers.properties(width=across, height=height, title=_title(label, across)))
    spacing = {"row": 66, "column": GAP}
    return alt.concat(*panels, columns=columns, spacing=spacing, bounds="flush", padding=4)


def share_ticks(top: float) -> tuple[list[float], str]:
    """Nought, a half and the whole of a round share not far below the highest, and how d3 writes them."""
    steps = (step / 10**power for power in range(1, 7) for step in (5, 2.5, 2, 1))
    step = next(step for step in steps if 2 * step <= max(top, 2e-6))
    decimals = max(0, len(f"{100 * step:.6f}".rstrip("0").partition(".")[2]))
    return [0, step, 2 * step], f".{decimals}%"


def _title(label: str, width: int) -> alt.Title:
    return alt.Title(_cut_off(label, width // 6), frame="group")


def _cut_off(label: str, most: int) -> str:
    """A label of at most so many characters."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _top(curves: Iterable[pd.DataFrame]) -> float:
    """The highest share among enough articles; where there is none, the highest of all."""
    rows = pd.concat(list(curves))
    enough = rows.loc[rows["denominator"] >= FEW_IN_PERIOD, "value"]
    highest = (enough if len(enough) else rows["value"]).max()
    return float(highest) if highest > 0 else 1.0


def _whole(curve: pd.DataFrame) -> dict[str, float]:
    """All periods of a curve together."""
    return {column: float(curve[column].sum()) for column in ("numerator", "denominator")}


def _peak(curve: pd.DataFrame) -> str:
    """The period of the highest value."""
    return str(curve["period"].iloc[int(curve["value"].fillna(-1).to_numpy().argmax())])


def _range(axis: Calendar) -> str:
    return f"{axis.names[0]} to {axis.names[-1]}"
