"""Scores against gold in a reader's words, in groups; docs/method.md, 'Scores against gold', defines them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.wording import bound, decimal, share
from pipeline.tables.words import CODED_SIDES, COUNTRIES

Detail = Mapping[str, Any]  # value, low, high, n of one score


def percentage(value: float) -> str:
    """A share as '87.3%'."""
    return share(value, 1)


ABOUT_ARTICLES: dict[str, tuple[str, Callable[[float], str]]] = {
    "relevance_f1": ("relevance: F1", decimal),
    "relevance_f1_of_always_yes": ("… the same, were every article called relevant", decimal),
    "relevance_precision": ("of the articles called relevant, that are", percentage),
    "relevance_recall": ("of the relevant articles, called so", percentage),
    "gate_recall": ("of the relevant articles, past the gate", percentage),
    "theme_accuracy": ("articles given the right theme, off topic being one", percentage),
    "theme_macro_f1": ("themes: mean of each one’s F1, rare ones counting like common ones", decimal),
}
ABOUT_STATEMENTS = {
    "target_f1": ("a sentence and the target that it takes up: F1", decimal),
    "target_precision": ("… of those found, right", percentage),
    "target_recall": ("… of those in gold, found", percentage),
    "target_macro_f1": ("… mean of each target’s F1", decimal),
    "target_calibration_error": ("… gap between the stated probability and how often it holds", decimal),
    "stance_accuracy": ("given the target, the right stance", percentage),
    "stance_macro_f1": ("… mean of the F1 of favor, neutral and against", decimal),
    "stance_calibration_error": ("… gap between the stated probability and how often it holds", decimal),
    "statement_f1": ("a whole statement (sentence, target, side and stance all right): F1", decimal),
    "statement_precision": ("… of those found, right", percentage),
    "statement_recall": ("… of those in gold, found", percentage),
}
ABOUT_ATTRIBUTION = {  # how often the rules ...
    "attribution_side_found": ("find somebody of the right side in a statement's sentence", percentage),
    "attribution_holder_and_side_found": (
        "find a statement's holder by name and on the right side",
        percentage,
    ),
    "attribution_side_unknown": ("find somebody in a statement's sentence, but nobody's side", percentage),
    "attribution_without_statement": (
        "find somebody in a coded sentence without a statement (who may well speak, only of something else)",
        percentage,
    ),
}
BY_GROUP = {"target_f1": decimal, "stance_accuracy": percentage, "stance_lean": bound}
_NAMES = {"us": "U.S.", "canada": "Canadian", "other": "other countries’", "unknown": "unknown"}
GROUPS = {f"holders_{side}": f"{_NAMES[side]} holders" for side in CODED_SIDES} | {
    f"outlets_{country}": f"{_NAMES[country]} outlets" for country in COUNTRIES
}
_YEAR = re.compile(r"_published_(\d{4})$")
IN_SHORT = {
    "relevance_f1": ("relevance F1", decimal),
    "theme_accuracy": ("right theme", percentage),
    "target_f1": ("target F1", decimal),
    "stance_accuracy": ("right stance", percentage),
}
# What two coders agree on, by the score that it bounds.
CODERS = {"target_f1": "target_f1", "stance_accuracy": "stance_agreement"}


def _groups(scores: Mapping[str, Detail]) -> dict[str, str]:
    """The groups that scores are told by, in a reader's words: sides, countries and years of publication."""
    years = sorted({found[1] for name in scores if (found := _YEAR.search(name))})
    return GROUPS | {f"published_{year}": f"published in {year}" for year in years}


@dataclass(frozen=True)
class Score:
    """A score as text; `interval` and `coders` are empty where there is none.

    `leans` is the stance towards which a lean goes whose interval excludes zero, else empty.
    """

    words: str
    value: str
    interval: str
    n: int
    coders: str = ""
    leans: str = ""


@dataclass(frozen=True)
class Trust:
    """Scores of a corpus by what they are about, and by name; `by_group` has a row a group, by score."""

    articles: list[Score]
    statements: list[Score]
    attribution: list[Score]
    others: list[Score]
    by_group: dict[str, dict[str, Score]]
    by_name: dict[str, Score]


def trust(scores: Mapping[str, Detail], agreement: Mapping[str, float]) -> Trust:
    """Word and group the scores; one without words of its own stands among the others."""
    articles, statements, attribution = about = [
        _worded(scores, words, agreement) for words in (ABOUT_ARTICLES, ABOUT_STATEMENTS, ABOUT_ATTRIBUTION)
    ]
    named = _groups(scores)
    groups = {
        words: {
            name: _score("", form, scores[f"{name}_{group}"])
            for name, form in BY_GROUP.items()
            if f"{name}_{group}" in scores
        }
        for group, words in named.items()
    }
    told = {name for part in about for name in part}
    told |= {f"{name}_{group}" for name in BY_GROUP for group in named}
    others = {name: (name.replace("_", " "), decimal) for name in sorted(scores) if name not in told}
    return Trust(
        articles=list(articles.values()),
        statements=list(statements.values()),
        attribution=list(attribution.values()),
        others=list(_worded(scores, others, agreement).values()),
        by_group={words: found for words, found in groups.items() if found},
        by_name={name: score for part in about for name, score in part.items()},
    )


def elsewhere(scores: Mapping[str, Mapping[str, float]], names: Sequence[str]) -> list[str]:
    """What a model's card says of its scores on each labelled corpus: 'sample: relevance F1 0.981, …'."""
    return [
        f"{corpus}: " + ", ".join(f"{IN_SHORT[name][0]} {IN_SHORT[name][1](found[name])}" for name in names)
        for corpus, found in sorted(scores.items())
        if corpus != "all"
    ]


def _worded(
    scores: Mapping[str, Detail],
    words: Mapping[str, tuple[str, Callable[[float], str]]],
    agreement: Mapping[str, float],
) -> dict[str, Score]:
    return {
        name: _score(told, form, scores[name], agreement.get(CODERS.get(name, "")))
        for name, (told, form) in words.items()
        if name in scores
    }


def _score(words: str, form: Callable[[float], str], found: Detail, coders: float | None = None) -> Score:
    has_interval = found["low"] is not None
    return Score(
        words=words,
        value=form(found["value"]),
        interval=_interval(form(found["low"]), form(found["high"])) if has_interval else "",
        n=found["n"],
        coders="" if coders is None else form(coders),
        leans=""
        if not has_interval
        else "favor"
        if found["low"] > 0
        else "against"
        if found["high"] < 0
        else "",
    )


def _interval(low: str, high: str) -> str:
    """Both ends; where no resample differs, the bootstrap says nothing of how sure the score is."""
    return f"{low} to {high}" if low != high else "all alike"
