"""Declared comparisons of two periods, as people write them in contrasts.yaml."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

KEYS = ("contrast", "label", "corpora", "family", "subject", "group", "turning_point", "before", "after")


class ContrastError(ValueError):
    """A declared contrast cannot be used; the message names it and the remedy."""


def check_contrasts(
    declared: Any, choices: Mapping[str, tuple[Iterable[str], Iterable[str]]]
) -> list[dict[str, Any]]:
    """The declared contrasts, once every one of them can be estimated.

    `choices` holds for each family that can be estimated its valid subjects and its valid groups.

    Raises:
        ContrastError: a key is missing or unknown, a name stands twice, a family, subject or group is
            unknown, or the periods are not two spans of days, the first before the second.
    """
    if not isinstance(declared, list) or not all(isinstance(item, dict) for item in declared):
        raise ContrastError(f"contrasts.yaml must be a list of contrasts, each with keys {', '.join(KEYS)}")
    seen: set[str] = set()
    for number, contrast in enumerate(declared, start=1):
        name = contrast.get("contrast", f"number {number}")
        _check_keys(name, contrast)
        if name in seen:
            raise ContrastError(f"contrast {name}: the name stands twice; give one of them another name")
        seen.add(name)
        _check_choice(name, "family", contrast["family"], choices)
        subjects, groups = choices[contrast["family"]]
        _check_choice(name, "subject", contrast["subject"], subjects)
        _check_choice(name, "group", contrast["group"], groups)
        check_periods(name, contrast["before"], contrast["after"])
    return declared


def _check_keys(name: str, contrast: Mapping[str, Any]) -> None:
    missing = [key for key in KEYS if key not in contrast]
    surplus = [str(key) for key in contrast if key not in KEYS]
    if missing or surplus:
        raise ContrastError(
            f"contrast {name}: keys missing {missing}, not known {surplus}; the keys are {', '.join(KEYS)}"
        )
    for key in ("contrast", "label"):
        if not isinstance(contrast[key], str):
            raise ContrastError(f"contrast {name}: {key} must be text, not {contrast[key]!r}; quote it")
    corpora = contrast["corpora"]
    if not isinstance(corpora, list) or not all(isinstance(corpus, str) for corpus in corpora):
        raise ContrastError(f"contrast {name}: corpora must be a list of names, such as [sample]")


def _check_choice(name: str, key: str, value: Any, valid: Iterable[str]) -> None:
    choices = list(valid)
    if value not in choices:
        raise ContrastError(f"contrast {name}: {key} {value!r} is none of {', '.join(choices)}")


def check_periods(name: str, before: Any, after: Any) -> None:
    """Check that two periods are spans of days, from and to, of which the first ends before the second.

    Raises:
        ContrastError: they are not; the message names the contrast.
    """
    for period, span in (("before", before), ("after", after)):
        if not isinstance(span, dict) or set(span) != {"from", "to"}:
            raise ContrastError(f"contrast {name}: {period} must have the keys from and to, found {span!r}")
        for end, day in span.items():
            if type(day) is not datetime.date:
                raise ContrastError(
                    f"contrast {name}: {period}.{end} {day!r} is no date; write it as 2025-01-31, without quotes"
                )
        if span["from"] > span["to"]:
            raise ContrastError(
                f"contrast {name}: {period} runs from {span['from']} to {span['to']}; swap the two dates"
            )
    if before["to"] >= after["from"]:
        raise ContrastError(
            f"contrast {name}: before ends on {before['to']} and after begins on {after['from']}; "
            "the periods may not overlap, and before comes first"
        )
