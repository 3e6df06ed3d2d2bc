"""Charts of one moment, or of the articles alone; charts over time are in `panels`."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import altair as alt
import pandas as pd

from pipeline.report.coverage import Timeline
from pipeline.report.drawing import (
    NARROW,
    OUTLETS,
    SIDE_NAMES,
    Chart,
    Layers,
    described,
    draw,
    period_labels,
    sized,
    tipped,
    whole_ticks,
)
from pipeline.report.findings import Finding
from pipeline.report.shifts import fine_share
from pipeline.report.side_by_side import COUNTRIES, Pair
from pipeline.report.stances import FEW_STATEMENTS, Target
from pipeline.report.wording import count, share, signed
from pipeline.tables.words import SIDES, STANCES


def coverage_chart(timeline: Timeline) -> Chart:
    """Bars of articles a period, with stories in front."""
    rows = timeline.rows[["period", "articles", "stories"]]
    peak = rows.iloc[int(rows["articles"].to_numpy().argmax())]
    summary = (
        f"Bar chart of articles and stories a {timeline.kind}, {rows['period'].iloc[0]} to {rows['period'].iloc[-1]}: "
        f"{count(int(rows['articles'].sum()), 'dated article')}, "
        f"most ({int(peak['articles']):,}) in {peak['period']}."
    )
    return draw("articles", rows, (lambda width: _coverage(timeline, width), summary))


def changes_chart(findings: Sequence[Finding], confidence: float) -> Chart | None:
    """Each stance contrast's change with its interval, claims apart from descriptions; none without one."""
    shown = [each for each in findings if each.row["family"] == "stance" and not pd.isna(each.row["change"])]
    if not shown:
        return None
    told = "; ".join(f"{each.heading}: {signed(each.row['change'])}" for each in shown)
    summary = f"Changes in net stance with {100 * confidence:g}% intervals. {told}."
    columns = ("before", "after", "change", "low", "high")
    data = pd.DataFrame(
        [
            {"comparison": each.heading, **{column: each.row[column] for column in columns}}
            | {"standing": each.standing}
            for each in shown
        ]
    )
    return draw("changes", data, (lambda width: _changes(shown, width), summary))


def speakers_chart(by_kind: pd.DataFrame) -> Chart | None:
    """Attributions by kind of holder, stacked by side; none where nobody speaks."""
    if by_kind.empty:
        return None
    totals = by_kind.sum()
    told = ", ".join(f"{SIDE_NAMES[side]} {totals[side]:,}" for side in SIDES if totals[side])
    ordered = by_kind.loc[by_kind.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    ordered.index = ordered.index.str.replace("_", " ")
    summary = f"Bar chart of attributions by kind and side: {told}."
    data = ordered.reset_index(names="kind")
    return draw("speakers", data, (lambda width: _stacked(ordered, "attributions", width), summary))


def themes_chart(by_country: pd.DataFrame) -> Chart | None:
    """Relevant articles by theme, stacked by the outlet's country; none where no article is relevant."""
    if by_country.empty:
        return None
    told = ", ".join(f"{theme} {articles:,}" for theme, articles in by_country.sum(axis=1).items())
    summary = f"Bar chart of relevant articles by theme: {told}."
    data = by_country.reset_index(names="theme")
    return draw("themes", data, (lambda width: _stacked(by_country, "articles", width), summary))


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
    data = pd.DataFrame(
        [
            {"target": target.label, "side": side.side, **side.tally, "net_stance": side.net_stance}
            for target in targets
            for side in target.sides
        ]
    )
    summary = f"Bars of the model’s shares of favor, neutral and against by target and side. {told}."
    return draw("stances", data, (lambda width: _stances(shown, width), summary))


def pairs_chart(name: str, pairs: Sequence[Pair], title: str, is_share: bool) -> Chart | None:
    """U.S. and Canadian outlets as two dots a row; none without a row."""
    if not pairs:
        return None
    data = pd.DataFrame([asdict(pair) for pair in pairs])
    words = fine_share if is_share else signed
    told = "; ".join(f"{pair.label}: U.S. {words(pair.us)}, Canadian {words(pair.canada)}" for pair in pairs)
    summary = f"Dots of {title}, in U.S. and in Canadian outlets. {told}."
    return draw(name, data, (lambda width: _pairs(pairs, title, is_share, width), summary))


def _coverage(timeline: Timeline, width: int) -> Layers:
    rows = timeline.rows[["articles", "stories"]].assign(place=range(len(timeline.rows)))
    tips = [
        f"{row['period']}\n{count(row['articles'], 'article')}, "
        f"of them {count(row['stories'], 'new story', 'new stories')}"
        for row in timeline.rows.to_dict("records")
    ]
    labels = period_labels(timeline.rows["start"].tolist(), timeline.kind, most=width // 56)
    axis = alt.Axis(
        values=list(labels),
        labelExpr=f"({json.dumps(labels)})[datum.value]",
        title=None,
        labelAngle=0,
        labelOverlap=False,
    )
    x = alt.X("place:O", axis=axis, scale=alt.Scale(paddingInner=0.15, paddingOuter=0.05))
    base = alt.Chart(described(rows, tips))
    ticks = alt.Axis(
        title=None, values=whole_ticks(rows["articles"].max()), format=",d", domain=False, ticks=False
    )
    layers = [
        base.mark_bar(fill="var(--mark-soft)").encode(x=x, y=alt.Y("articles:Q", axis=ticks)),
        base.mark_bar(fill="var(--mark)").encode(x=x, y=alt.Y("stories:Q", axis=ticks)),
        base.mark_bar(fill="transparent", aria=True).encode(
            x=x, y=alt.value(0), y2=alt.value("height"), **tipped()
        ),
    ]
    return sized(layers, width, 220)


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
    base = alt.Chart(described(pd.DataFrame(records), [finding.sentence for finding in findings]))
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
        base.mark_rule(stroke="transparent", strokeWidth=24, aria=True).encode(
            x=alt.value(0), x2=alt.value("width"), y=y, **tipped()
        ),
    ]
    return sized(layers, width, top + 44)


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
    totals = counts.sum(axis=1)
    tips = [
        f"{row['name']}\n{row['side']}: {row['count']:,} of {totals[row['name']]:,} {noun} "
        f"({share(row['count'], totals[row['name']])})"
        for row in long.to_dict("records")
    ]
    shown = [side for side in SIDES if side in counts.columns]
    colours = alt.Scale(
        domain=[SIDE_NAMES[side] for side in shown], range=[f"var(--{side})" for side in shown]
    )
    legend = alt.Legend(columns=4 if width > NARROW else 2) if len(shown) > 1 else None
    bars = (
        alt.Chart(described(long, tips))
        .mark_bar(stroke="var(--paper)", strokeWidth=1, aria=True)
        .encode(
            x=alt.X(
                "count:Q",
                axis=alt.Axis(title=noun, values=whole_ticks(totals.max()), format=",d"),
            ),
            y=alt.Y(
                "name:N",
                sort=list(counts.index),
                axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=6),
            ),
            color=alt.Color("side:N", scale=colours, legend=legend),
            order="order:Q",
            **tipped(),
        )
    )
    return sized([bars], width, 26 * len(counts) + 84)


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
                tip = (
                    f"{target.heading}, {SIDE_NAMES[side.side]}\n{stance}: {side.tally[stance]:,} of "
                    f"{side.total:,} statements ({share(side.tally[stance], side.total)})"
                )
                parts.append({"stance": stance, "start": start, "end": end, "y": middle, "told": tip})
                start = end
            top += 20
        top += 14
    colours = alt.Scale(
        domain=list(reversed(STANCES)), range=["var(--against)", "var(--unknown)", "var(--favor)"]
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    named, bars = pd.DataFrame(names), pd.DataFrame(parts)
    layers = [
        alt.Chart(described(bars, bars["told"].tolist()))
        .mark_bar(size=14, stroke="var(--paper)", strokeWidth=1, aria=True)
        .encode(
            x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1], range=[left, right]), axis=None),
            x2="end:Q",
            y=y,
            color=alt.Color("stance:N", scale=colours, legend=alt.Legend(columns=3)),
            **tipped(),
        ),
        alt.Chart(pd.DataFrame(headings))
        .mark_text(align="left", baseline="top", lineHeight=16, fontWeight="bold")
        .encode(x=alt.value(0), y=y, text="label:N"),
        alt.Chart(named)
        .mark_text(align="left", baseline="middle")
        .encode(x=alt.value(0), y=y, text="side:N"),
        alt.Chart(named)
        .mark_text(align="right", baseline="middle")
        .encode(x=alt.value("width"), y=y, text="figures:N"),
    ]
    return sized(layers, width, top + 34)


def _pairs(pairs: Sequence[Pair], title: str, is_share: bool, width: int) -> Layers:
    """A label a row, and below it the dots of both countries joined by a line."""
    words = fine_share if is_share else signed
    rows, dots = [], []
    for place, pair in enumerate(pairs):
        middle = 44 * place + 28
        values = asdict(pair)
        rows.append({"label": pair.label, "top": 44 * place, "y": middle, "from": pair.us, "to": pair.canada})
        for country in COUNTRIES:
            n = count(values[f"n_{country}"], "article" if is_share else "statement")
            tip = f"{pair.label}\n{OUTLETS[country]}: {words(values[country])}, {n}"
            dots.append({"value": values[country], "y": middle, "country": country, "told": tip})
    most = max(max(pair.us, pair.canada) for pair in pairs) if is_share else 1.0
    axis = alt.Axis(
        title=title,
        labelExpr=f"datum.value ? replace(format(datum.value, '{'.0%' if is_share else '+.1f'}'), '-', '−') : '0'",
        tickCount=5,
    )
    scale = alt.Scale(domain=[0 if is_share else -1, most], nice=is_share)
    y = alt.Y("y:Q", scale=None, axis=None)
    base = alt.Chart(pd.DataFrame(rows))
    marks = pd.DataFrame(dots)
    colours = alt.Scale(domain=list(COUNTRIES), range=[f"var(--{country})" for country in COUNTRIES])
    layers = [
        base.mark_rule(stroke="currentColor", opacity=0.4, strokeWidth=2).encode(
            x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q", y=y
        ),
        alt.Chart(described(marks, marks["told"].tolist()))
        .mark_point(filled=True, size=110, opacity=1, aria=True)
        .encode(
            x=alt.X("value:Q", scale=scale, axis=axis),
            y=y,
            fill=alt.Fill("country:N", scale=colours, legend=None),
            shape=alt.Shape(
                "country:N",
                scale=alt.Scale(domain=list(COUNTRIES), range=["circle", "square"]),
                legend=None,
            ),
            **tipped(),
        ),
        base.mark_text(align="left", baseline="top").encode(
            x=alt.value(0), y=alt.Y("top:Q", scale=None, axis=None), text="label:N"
        ),
    ]
    return sized(layers, width, 44 * len(pairs) + 44)
