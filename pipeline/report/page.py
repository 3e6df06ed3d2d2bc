"""One corpus's report as one self-contained page: views of the tables, put into the templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.report import charts, coverage, evidence, findings, losses, provenance, speakers, wording
from pipeline.report.material import Material
from pipeline.tables.words import SIDES, STANCES

TEMPLATES = Path(__file__).parent / "templates"
OUTLET_ROWS = 40
FEW_ARTICLES = 20  # of fewer, counts a period and shares say nothing general

ATTRIBUTION_SCORES = ("attribution_side_found", "attribution_holder_and_side_found")
SCORE_WORDS = {  # how often the rules ...
    "attribution_side_found": "find somebody of the right side in a statement's sentence",
    "attribution_holder_and_side_found": "find a statement's holder by name and on the right side",
    "attribution_side_unknown": "find somebody in a statement's sentence, but nobody's side",
    "attribution_without_statement": "find somebody in a coded sentence without a statement "
    "(who may well speak, only of something else)",
}


def page(material: Material) -> str:
    """The page as HTML; the same material gives the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": wording.number,
        "signed": wording.signed,
        "bound": wording.bound,
        "estimate": wording.estimate,
        "probability": wording.probability,
        "count": wording.count,
        "short_day": wording.short_day,
        "percent": findings.percent,
        "reason": losses.reason_words,
    }
    environment.globals |= {"share": wording.share, "span": wording.span}
    return environment.get_template("page.html").render(_context(material))


def _context(material: Material) -> dict[str, Any]:
    tables, params = material.tables, material.params
    confidence = params.measure.confidence
    found = material.findings()
    scores = _scores(material.scores)
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
        "population": sorted(set(tables["contrasts"]["population"])),
        "measure": params.measure,
        "evaluate": params.evaluate,
        "scores": scores,
        "attribution_scores": [score for score in scores if score["name"] in ATTRIBUTION_SCORES],
        **_coverage(material),
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
    """For each stance contrast's anchor: its statements, and what favor means."""
    tables = material.tables
    drawn = evidence.source(
        *(
            tables[name]
            for name in ("labelled_articles", "labelled_sentences", "sentences", "coverage", "articles")
        )
    )
    limit = material.params.report.evidence_rows
    return {
        finding.anchor: {
            "finding": finding,
            "wording": material.targets.get(finding.row["subject"], {}).get("wording", ""),
            "counted": evidence.evidence(finding.row, drawn, limit),
        }
        for finding in found
        if finding.row["family"] == "stance" and len(finding.row["evidence"])
    }


def _scores(scores: Mapping[str, Mapping[str, float | None]]) -> list[dict[str, Any]]:
    """Scores by name, each in a reader's words."""
    return [
        {"name": name, "words": SCORE_WORDS.get(name, name.replace("_", " ")), **scores[name]}
        for name in sorted(scores)
    ]
