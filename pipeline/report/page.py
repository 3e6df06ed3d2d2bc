"""One corpus's report as one self-contained page: views of the tables, put into the templates."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report import (
    beside_labels,
    charts,
    coverage,
    evidence,
    explorer,
    findings,
    losses,
    over_time,
    panels,
    provenance,
    shares,
    shifts,
    side_by_side,
    speakers,
    stances,
    themes,
    topics,
    trust,
    wording,
)
from pipeline.report.material import Material
from pipeline.tables.words import SIDES, STANCES

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("charts.js", "evidence.js")
OUTLET_ROWS = 40
UNSTABLE = 0.8  # of less stable topics the page says that another run would draw them elsewhere
MACHINES = "language models"  # as agreement.json says who coded
GROUP_NAMES = {"both": "both trade and security", "neither": "neither"}
OUTLET_NAMES = {"us": "U.S. outlets", "canada": "Canadian outlets", "other": "others", "unknown": "unknown"}
FEW_ARTICLES = 20  # of fewer, counts a period and shares say nothing general


def page(material: Material) -> str:
    """The page as HTML; the same material gives the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    environment.filters |= {
        "number": wording.number,
        "signed": wording.signed,
        "listing": wording.listing,
        "probability": wording.probability,
        "count": wording.count,
        "short_day": wording.short_day,
        "percent": findings.percent,
        "reason": losses.reason_words,
    }
    environment.globals |= {
        "level": findings.level,
        "difference": findings.difference,
        "share": wording.share,
        "span": wording.span,
    }
    script = "".join(environment.get_template(name).render() for name in SCRIPTS)
    return environment.get_template("page.html").render(
        _context(material), script=Markup(script), script_digest=_digest(script)
    )


def _digest(script: str) -> str:
    """The digest by which a Content-Security-Policy lets one inline script run, and no other."""
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def _context(material: Material) -> dict[str, Any]:
    tables, params = material.tables, material.params
    confidence = params.measure.confidence
    found = material.findings()
    spoken = speakers.speakers(tables["attributions"])
    return {
        "corpus": material.corpus,
        "title": material.title,
        "path": material.path,
        "what_it_is": material.what_it_is,
        "facts": _facts(tables),
        "by_standing": {
            standing: [finding for finding in found if finding.standing == standing]
            for standing in findings.STANDINGS
        },
        "nothing_found": material.nothing_found(),
        "changes_chart": charts.changes_chart(found, confidence),
        "evidence": _evidence(material, found),
        "places": wording.PLACES,
        "sides": SIDES,
        "stances": STANCES,
        "agreement": material.agreement,
        "coded_by": material.coded_by,
        "by_machines": material.coded_by == MACHINES,
        "population": sorted(set(tables["contrasts"]["population"])),
        "powered": bool((tables["contrasts"]["method"] == "prediction_powered").any()),
        "measure": params.measure,
        "evaluate": params.evaluate,
        "has_scores": bool(material.scores),
        "trust": trust.trust(material.scores, material.agreement),
        **_coverage(material),
        **_models(material),
        **_over_time(material, found),
        **_side_by_side(material),
        "speakers": spoken,
        "speakers_chart": charts.speakers_chart(spoken.by_kind),
        "losses": losses.losses(
            *(
                tables[name]
                for name in ("articles", "quarantine", "coverage", "dropped_articles", "removed_lines")
            )
        ),
        "params_text": provenance.params_text(params, material.corpus),
        "versions": provenance.versions(),
        "inputs": material.inputs,
    }


def _facts(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    covered = tables["coverage"]
    dates = covered["published_date"].dropna()
    return {
        "articles": len(covered),
        "stories": tables["stories"]["story_id"].nunique(),
        "outlets": covered["outlet"].replace("", pd.NA).nunique(),
        "labelled": len(tables["labelled_articles"]),
        "first": dates.min() if len(dates) else None,
        "last": dates.max() if len(dates) else None,
    }


def _coverage(material: Material) -> dict[str, Any]:
    tables, params = material.tables, material.params
    covered, stories = tables["coverage"], tables["stories"]
    timeline = coverage.timeline(covered, stories, params.corpus(material.corpus).period_kind)
    outlets = coverage.outlets(covered, stories)
    return {
        "timeline": timeline,
        "coverage_chart": charts.coverage_chart(timeline) if len(timeline.rows) else None,
        "outlets": outlets.head(OUTLET_ROWS).to_dict("records"),
        "other_outlets": outlets.iloc[OUTLET_ROWS:],
        "alike": coverage.alike(outlets["outlet"]),
        "scope": coverage.scope(covered, params.clean.passage_terms.model_dump()),
        "few_articles": FEW_ARTICLES,
    }


def _evidence(material: Material, found: list[findings.Finding]) -> dict[str, Any]:
    """What each contrast counts, by anchor, and the list of all statements; empty where there is neither."""
    tables = material.tables
    stated, shared = (
        [each for each in found if each.row["family"] in families and len(each.row["evidence"])]
        for families in (("stance",), shares.FAMILIES)
    )
    drawn = evidence.source(tables)
    if not shared and drawn.statements.empty:
        return {}
    counted = {each.anchor: evidence.evidence(each.row, drawn) for each in stated}
    behind = {**counted, **{each.anchor: shares.shares(each.row, tables) for each in shared}}
    limit = material.params.report.evidence_rows
    return {
        "findings": [each for each in found if each.anchor in behind],
        "behind": behind,
        "meanings": {
            each.anchor: evidence.meaning(each.row, material.targets, material.themes)
            for each in stated + shared
        },
        "explorer": explorer.explorer(drawn, counted, material.targets, limit),
    }


def _models(material: Material) -> dict[str, Any]:
    """What the fitted models find: themes, topics, and who stands where."""
    tables, cards = material.tables, material.cards
    about = themes.themes(
        tables["article_relevance"],
        tables["coverage"],
        material.themes,
        cards["themes"]["themes_left_out"],
    )
    stated = stances.stances(tables, material.targets, cards["stance"]["targets_left_out"])
    elsewhere = {
        "themes": trust.elsewhere(cards["themes"]["scores"], ("relevance_f1", "theme_accuracy")),
        "stance": trust.elsewhere(cards["stance"]["scores"], ("target_f1", "stance_accuracy")),
    }
    return {
        "cards": cards,
        "elsewhere": elsewhere,
        "about": about,
        "themes_chart": charts.themes_chart(about.by_country),
        "topics": topics.topics(
            *(tables[name] for name in ("topics", "article_topics", "coverage", "articles"))
        ),
        "stated": stated,
        "stances_chart": charts.stances_chart(stated.targets),
        "few_statements": stances.FEW_STATEMENTS,
        "targets": material.targets,
        "group_names": GROUP_NAMES,
        "outlet_names": OUTLET_NAMES,
        "unstable": UNSTABLE,
        "params": material.params,
    }


def _over_time(material: Material, found: list[findings.Finding]) -> dict[str, Any]:
    """Series as pictures, and shifts in words."""
    tables, params = material.tables, material.params
    topic_labels = dict(zip(tables["topics"]["topic_id"].astype(str), tables["topics"]["label"], strict=True))
    labels = {
        "theme_group": GROUP_NAMES,
        "topic": topic_labels,
        "stance": {name: row["label"] for name, row in material.targets.items()},
    }
    below = _below_the_line(tables)
    drawn = {
        family: over_time.over_time(
            tables["series"],
            family,
            labels.get(family, {}),
            material.turning_points,
            noun="document" if below["is_of_source"] else "article",
            least=stances.FEW_STATEMENTS if family == "stance" else 1,
        )
        for family in ("theme", "theme_group", "topic", "stance")
    }
    worded = shifts.shifts(
        tables["shifts"],
        {("topic", topic): f"topic “{label}”" for topic, label in topic_labels.items()},
        found,
        params.corpus(material.corpus).period_kind,
        params.detect.confidence,
        "the source's documents" if below["is_of_source"] else shifts.ARTICLES,
    )
    of_family = {family: [each for each in worded if each.row["family"] == family] for family in drawn}
    bars = {
        f"{family}s_over_time": panels.shares_chart(drawn[family], f"{family}s_over_time", of_family[family])
        for family in ("theme", "theme_group", "topic")
    }
    return {
        **bars,
        "drawn": drawn,
        "beside_labels": beside_labels.beside_labels(found, tables),
        "few_in_period": panels.FEW_IN_PERIOD,
        "shifts": worded,
        "longest_series": shifts.longest(tables["series"]),
        "detect": params.detect,
        "outlets_over_time": panels.outlets_chart(
            drawn["theme_group"], _compared_countries(tables["coverage"])
        ),
        "stances_over_time": panels.stances_over_time_chart(drawn["stance"], found),
        "below_the_line": below,
    }


def _below_the_line(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """What shares over time are shares of: so many documents, the source's own count where there are more."""
    series, dated = tables["series"], int(tables["coverage"]["published_date"].notna().sum())
    of_all = series[(series["family"] == "theme") & (series["group"] == over_time.ALL)]
    documents = int(of_all.groupby("subject")["denominator"].sum().max()) if len(of_all) else 0
    return {"documents": documents, "is_of_source": documents > dated}


def _compared_countries(covered: pd.DataFrame) -> tuple[str, ...]:
    """The two countries, where either's outlets have enough articles to compare; else none."""
    counts = covered["outlet_country"].value_counts()
    is_enough = all(counts.get(country, 0) >= FEW_ARTICLES for country in side_by_side.COUNTRIES)
    return side_by_side.COUNTRIES if is_enough else ()


def _side_by_side(material: Material) -> dict[str, Any]:
    """U.S. and Canadian outlets compared, where there are enough of both."""
    labels = {name: row["label"] for name, row in material.targets.items()}
    beside = side_by_side.side_by_side(material.tables, labels, wording.SIDE_SPEAKERS)
    return {
        "beside": beside,
        "few_relevant": side_by_side.FEW_ARTICLES,
        "theme_pairs": charts.pairs_chart(
            "themes_by_country", beside.themes if beside else [], "share of relevant articles", is_share=True
        ),
        "stance_pairs": charts.pairs_chart(
            "stances_by_country", beside.stances if beside else [], "net stance", is_share=False
        ),
    }
