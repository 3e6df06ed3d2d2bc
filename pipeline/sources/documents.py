"""What every reader yields: a document as its source has it, or a place where none could be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Document:
    """One document: the file (relative to the corpus's path), the line or row from 1, the source's own fields."""

    path: str
    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Reject:
    """A document or file that cannot be read; line 0 is the file as a whole."""

    path: str
    line: int
    reason: str
    detail: str
