"""Charts as static SVG in two widths, coloured by the page's own CSS variables so that both themes fit."""

import json
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup, escape

from pipeline.report.coverage import Timeline
from pipeline.report.findings import Finding
from pipeline.report.stances import FEW_STATEMENTS, Target
from pipeline.report.wording import count, signed
from pipeline.tables.words import SIDES, STANCES

WIDE, NARROW = 700, 340  # pixels: the text column, and a phone's
FONT = "Liberation Sans"  # comes with vl-convert, so that texts measure alike on every machine
SIDE_NAMES = {"us": "United States", "canada": "Canada", "other": "other", "unknown": "unknown"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


Layers = alt.LayerChart | alt.FacetChart  # as Altair types what layering gives


@dataclass(frozen=True)
class Chart:
    """One picture drawn for a wide and a narrow page, and what it says in words."""

    wide: Markup
    narrow: Markup
    summary: str


def coverage_chart(timeline: Timeline) -> Chart:
    """Bars of articles a period, with stories in front."""
    rows = timeline.rows
    peak = rows.iloc[int(rows["articles"].to_numpy().argmax())]
    summary = (
        f"Bar chart of articles and stories a {timeline.kind}, {rows['period'].iloc[0]} to {rows['period'].iloc[-1]}: "
        f"{count(int(rows['articles'].sum()), 'dated article')}, "
        f"most ({int(peak['articles']):,}) in {peak['period']}."
    )
    return _draw(lambda width: _coverage(timeline, width), summary)


def changes_chart(findings: Sequence[Finding], confidence: float) -> Chart | None:
    """Each stance contrast's change with its interval, claims apart from descriptions; none without one."""
    shown = [each for each in findings if each.row["family"] == "stance" and not pd.isna(each.row["change"])]
    if not shown:
        return None
    told = "; ".join(f"{each.heading}: {signed(each.row['change'])}" for each in shown)
    summary = f"Changes in net stance with {100 * confidence:g}% intervals. {told}."
    return _draw(lambda width: _changes(shown, width), summary)


def speakers_chart(by_kind: pd.DataFrame) -> Chart | None:
    """Attributions by kind of holder, stacked by side; none where nobody speaks."""
    if by_kind.empty:
        return None
    totals = by_kind.sum()
    told = ", ".join(f"{SIDE_NAMES[side]} {totals[side]:,}" for side in SIDES if totals[side])
    ordered = by_kind.loc[by_kind.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    ordered.index = ordered.index.str.replace("_", " ")
    return _draw(
        lambda width: _stacked(ordered, "attributions", width),
        f"Bar chart of attributions by kind and side: {told}.",
    )


def themes_chart(by_country: pd.DataFrame) -> Chart | None:
    """Relevant articles by theme, stacked by the outlet's country; none where no article is relevant."""
    if by_country.empty:
        return None
    told = ", ".join(f"{theme} {articles:,}" for theme, articles in by_country.sum(axis=1).items())
    return _draw(
        lambda width: _stacked(by_country, "articles", width),
        f"Bar chart of relevant articles by theme: {told}.",
    )


def stances_chart(targets: Sequence[Target]) -> Chart | None:
    """Shares of favor, neutral and against by target and side; none where all have too few statements."""
    shown = [
        replace(target, sides=sides)
        for target in targets
        if (sides := [side for side in target.sides if side.total >= FEW_STATEMENTS])
    ]
    if not shown:
        return None
    told = "; ".join(
        f"{target.label}: "
        + ", ".join(f"{SIDE_NAMES[side.side]} net stance {signed(side.net_stance)}" for side in target.sides)
        for target in shown
    )
    return _draw(
        lambda width: _stances(shown, width),
        f"Bars of the model’s shares of favor, neutral and against by target and side. {told}.",
    )


def _draw(layers: Callable[[int], Layers], summary: str) -> Chart:
    return Chart(_svg(layers(WIDE), summary), _svg(layers(NARROW), summary), summary)


def _svg(chart: Layers, summary: str) -> Markup:
    """A chart as inline SVG: one image with a text alternative, the page's font, no ids."""
    config = {
        "aria": False,
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **{f"{part}Color": "currentColor" for part in ("label", "title", "domain", "tick", "grid")},
            **{"gridOpacity": 0.14, "domainOpacity": 0.5, "tickOpacity": 0.5, "titleFontWeight": "normal"},
            **{"labelFontSize": 12, "titleFontSize": 12},
        },
        "text": {"fill": "currentColor", "fontSize": 12},
        "legend": {"labelColor": "currentColor", "labelFontSize": 12, "title": None, "orient": "top"},
    }
    # Without addresses that it may ask, vl-convert cannot reach the network whatever a spec says.
    drawn = vl_convert.vegalite_to_svg(chart.to_dict(), config=config, allowed_base_urls=[])
    drawn = re.sub(r' (?:font-family|role|class|aria-\w+|pointer-events)="[^"]*"', "", drawn)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(summary)}" ', 1))


def _sized(layers: Sequence[alt.Chart], width: int, height: int) -> Layers:
    fitted = alt.AutoSizeParams(type="fit", contains="padding")
    return alt.layer(*layers).properties(width=width, height=height, autosize=fitted, padding=2)


def _coverage(timeline: Timeline, width: int) -> Layers:
    rows = timeline.rows[["articles", "stories"]].assign(place=range(len(timeline.rows)))
    labels = _period_labels(timeline, most=width // 56)
    axis = alt.Axis(
        values=list(labels),
        labelExpr=f"({json.dumps(labels)})[datum.value]",
        title=None,
        labelAngle=0,
        labelOverlap=False,
    )
    x = alt.X("place:O", axis=axis, scale=alt.Scale(paddingInner=0.15, paddingOuter=0.05))
    base = alt.Chart(rows)
    ticks = alt.Axis(
        title=None, values=_whole_ticks(rows["articles"].max()), format=",d", domain=False, ticks=False
    )
    layers = [
        base.mark_bar(fill="var(--mark-soft)").encode(x=x, y=alt.Y("articles:Q", axis=ticks)),
        base.mark_bar(fill="var(--mark)").encode(x=x, y=alt.Y("stories:Q", axis=ticks)),
    ]
    return _sized(layers, width, 220)


def _whole_ticks(largest: int) -> list[int]:
    """Round whole numbers from 0, at most six of them (Vega would put 0.5 between 0 and 1)."""
    steps = (step * 10**power for power in range(12) for step in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= largest)
    return list(range(0, int(largest) + 1, step))


def _period_labels(timeline: Timeline, most: int) -> dict[int, list[str]]:
    """Which periods get a label on the axis: all, else the firsts of years, else evenly spaced ones."""
    rows = timeline.rows
    shorts = {
        "day": lambda start: f"{start.day} {MONTHS[start.month - 1]}",
        "week": lambda start: f"{start.day} {MONTHS[start.month - 1]}",
        "month": lambda start: MONTHS[start.month - 1],
        "quarter": lambda start: f"Q{(start.month + 2) // 3}",
        "year": lambda start: str(start.year),
    }
    starts = rows["start"].tolist()
    everything = list(range(len(rows)))
    firsts = [
        place for place in everything if rows["starts_year"].iloc[place] and starts[place].day_of_year <= 7
    ]
    if len(rows) > most and len(firsts) > 2:
        return {place: [str(starts[place].year)] for place in _thinned(firsts, most)}
    places = _thinned(everything, most)
    years = [None, *(starts[place].year for place in places)]
    return {
        place: [shorts[timeline.kind](starts[place])]
        + ([str(starts[place].year)] if timeline.kind != "year" and starts[place].year != year else [])
        for place, year in zip(places, years, strict=False)
    }


def _thinned(places: list[int], most: int) -> list[int]:
    """Every k-th place, so that at most `most` are left."""
    return places[:: -(-len(places) // most)]


def _changes(findings: Sequence[Finding], width: int) -> Layers:
    top, records = 0, []
    for finding in findings:
        lines = textwrap.wrap(finding.heading, width // 6)
        records.append(
            {
                **{key: _number(finding.row[key]) for key in ("change", "low", "high")},
                "kind": "shown" if finding.standing == "change" else "not shown",
                "label": lines,
                "label_y": top + 4,
                "mark_y": top + 16 * len(lines) + 12,
            }
        )
        top += 16 * len(lines) + 34
    ends = [finding.row[key] for finding in findings for key in ("change", "low", "high")]
    reach = max(abs(end) for end in ends if not pd.isna(end))
    edge = max(0.5, -(-reach // 0.5) * 0.5)
    axis = alt.Axis(
        title="change in net stance",
        labelExpr="datum.value === 0 ? '0' : format(datum.value, '+.1f')",
        tickCount=5,
        grid=False,
    )
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    x = alt.X("change:Q", axis=axis, scale=scale)
    y = alt.Y("mark_y:Q", scale=None, axis=None)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["shown", "not shown"], range=["var(--mark)", "var(--quiet)"]),
        legend=None,
    )
    base = alt.Chart(pd.DataFrame(records))
    layers = [
        base.mark_rule(stroke="currentColor", opacity=0.15).encode(
            x=alt.value(0), x2=alt.value("width"), y=y
        ),
        base.mark_tick(thickness=1, size=18, orient="vertical", fill="currentColor", opacity=0.8).encode(
            x=alt.XDatum(0, scale=scale), y=y
        ),
        base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", axis=axis), x2="high:Q", y=y, color=colour),
        base.transform_filter("datum.kind === 'shown'")
        .mark_point(filled=True, size=90, shape="circle", opacity=1)
        .encode(x=x, y=y, color=colour),
        base.transform_filter("datum.kind !== 'shown'")
        .mark_point(size=70, shape="circle", fill="var(--paper)", strokeWidth=2, opacity=1)
        .encode(x=x, y=y, color=colour),
        base.mark_text(align="left", baseline="top", lineHeight=16).encode(
            x=alt.value(0), y=alt.Y("label_y:Q", scale=None, axis=None), text="label:N"
        ),
    ]
    return _sized(layers, width, top + 44)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _stacked(counts: pd.DataFrame, noun: str, width: int) -> Layers:
    """Horizontal bars, one a row in the order given, stacked by side (or country, named alike)."""
    long = (
        counts.reset_index(names="name")
        .melt(id_vars="name", var_name="side", value_name="count")
        .assign(
            order=lambda rows: rows["side"].map(SIDES.index), side=lambda rows: rows["side"].map(SIDE_NAMES)
        )
    )
    shown = [side for side in SIDES if side in counts.columns]
    colours = alt.Scale(
        domain=[SIDE_NAMES[side] for side in shown], range=[f"var(--{side})" for side in shown]
    )
    legend = alt.Legend(columns=4 if width > NARROW else 2) if len(shown) > 1 else None
    bars = (
        alt.Chart(long)
        .mark_bar(stroke="var(--paper)", strokeWidth=1)
        .encode(
            x=alt.X(
                "sum(count):Q",
                axis=alt.Axis(title=noun, values=_whole_ticks(counts.sum(axis=1).max()), format=",d"),
            ),
            y=alt.Y(
                "name:N",
                sort=list(counts.index),
                axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=6),
            ),
            color=alt.Color("side:N", scale=colours, legend=legend),
            order="order:Q",
        )
    )
    return _sized([bars], width, 26 * len(counts) + 84)


def _stances(targets: Sequence[Target], width: int) -> Layers:
    """A heading a target, and below it one whole bar a side: against, neutral, favor."""
    left, right = (96, width - 104)  # the names of sides stand left of the bars, figures right of them
    top, headings, names, parts = 0, [], [], []
    for target in targets:
        lines = textwrap.wrap(target.heading, width // 7)
        headings.append({"label": lines, "y": top})
        top += 16 * len(lines) + 6
        for side in target.sides:
            middle, start = top + 8, 0.0
            figures = f"{signed(side.net_stance)} (n {side.total:,})"
            names.append({"side": SIDE_NAMES[side.side], "figures": figures, "y": middle})
            for stance in reversed(STANCES):
                end = start + side.tally[stance] / side.total
                parts.append({"stance": stance, "start": start, "end": end, "y": middle})
                start = end
            top += 20
        top += 14
    colours = alt.Scale(
        domain=list(reversed(STANCES)), range=["var(--against)", "var(--unknown)", "var(--favor)"]
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    named = alt.Chart(pd.DataFrame(names))
    layers = [
        alt.Chart(pd.DataFrame(parts))
        .mark_bar(size=14, stroke="var(--paper)", strokeWidth=1)
        .encode(
            x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1], range=[left, right]), axis=None),
            x2="end:Q",
            y=y,
            color=alt.Color("stance:N", scale=colours, legend=alt.Legend(columns=3)),
        ),
        alt.Chart(pd.DataFrame(headings))
        .mark_text(align="left", baseline="top", lineHeight=16, fontWeight="bold")
        .encode(x=alt.value(0), y=y, text="label:N"),
        named.mark_text(align="left", baseline="middle").encode(x=alt.value(0), y=y, text="side:N"),
        named.mark_text(align="right", baseline="middle").encode(x=alt.value("width"), y=y, text="figures:N"),
    ]
    return _sized(layers, width, top + 34)
