"""What the rows of a labels file must hold: a name, a type and a closed list for each field."""

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Codebook:
    """The closed lists that labels are coded in."""

    targets: Collection[str]
    themes: Collection[str]
    stances: Collection[str]
    sides: Collection[str]
    kinds: Collection[str]


@dataclass(frozen=True)
class LabelField:
    """Whether a value will do, and what would do."""

    fits: Callable[[Any], bool]
    wanted: str
    needed: bool = True


def article_fields(codebook: Codebook) -> dict[str, LabelField]:
    """The fields of article_labels.jsonl."""
    return {
        "id": _TEXT,
        "relevant": LabelField(lambda value: isinstance(value, bool), "true or false"),
        "theme": _one_of(codebook.themes, "themes.csv"),
        "stratum": _TEXT,
        "inclusion_probability": LabelField(_is_probability, "a number above 0 and at most 1"),
        "coded_spans": LabelField(
            _are_spans, "a list of pairs [start, end] of whole numbers, 0 <= start < end", needed=False
        ),
    }


def statement_fields(codebook: Codebook) -> dict[str, LabelField]:
    """The fields of statement_labels.jsonl."""
    return {
        "id": _TEXT,
        "start": LabelField(lambda value: _is_whole(value) and value >= 0, "a whole number from 0"),
        "end": LabelField(lambda value: _is_whole(value) and value > 0, "a whole number above start"),
        "sentence": _TEXT,
        "target": _one_of(codebook.targets, "targets.yaml"),
        "stance": _one_of(codebook.stances, "the codebook"),
        "holder": _TEXT,
        "holder_side": _one_of(codebook.sides, "the codebook"),
        "holder_kind": _one_of(codebook.kinds, "the codebook"),
    }


def field_problem(label: Mapping[str, Any], fields: Mapping[str, LabelField]) -> str:
    """The first thing wrong with a label's fields and how to mend it; empty where nothing is.

    A label may have more fields than these, but none that looks like a slip of one that it lacks.
    """
    for name, field in fields.items():
        if name not in label:
            meant = difflib.get_close_matches(name, set(label) - set(fields), 1, cutoff=0.8)
            if meant:
                return f"no field {name} but {meant[0]!r}; rename it"
            if field.needed:
                return f"no field {name}; add {field.wanted}"
        elif not field.fits(label[name]):
            return f"{name} is {label[name]!r}; it must be {field.wanted}"
    return ""


def _one_of(names: Collection[str], source: str) -> LabelField:
    return LabelField(
        lambda value: isinstance(value, str) and value in names, f"one of {source}'s: {', '.join(names)}"
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_probability(value: Any) -> bool:
    return (_is_whole(value) or isinstance(value, float)) and 0 < value <= 1


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(_is_whole, pair)) and 0 <= pair[0] < pair[1]
        for pair in value
    )


_TEXT = LabelField(lambda value: isinstance(value, str) and bool(value.strip()), "text that is not empty")
