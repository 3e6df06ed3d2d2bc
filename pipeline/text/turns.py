"""Turns of a transcript: whose word it is, by the label that opens a paragraph."""

import re
from dataclasses import dataclass

_UPPER = "A-ZÀ-ÖØ-Þ"
_LABEL = re.compile(
    rf"[ \t]*(?P<label>(?:THE )?[{_UPPER}][{_UPPER} .'’\-]{{1,45}}(?:\([^)\n]{{1,60}}\))?(?=:)|Q(?=:?[ \t])|Q$):?[ \t]*"
)
_TITLE = re.compile(
    r"Q$|(?:THE|MR|MS|MRS|DR|SENIOR|DEPUTY|VICE|PRESIDENT|PRIME|MINISTER|SECRETARY|SENATOR|GOVERNOR|REPRESENTATIVE|CONGRESSMAN"
    r"|CONGRESSWOMAN|DIRECTOR|ADMINISTRATOR|AMBASSADOR|CHAIR|CHAIRMAN|CHAIRWOMAN|SPEAKER|GENERAL|ADMIRAL|MAYOR|CHANCELLOR|KING"
    r"|QUEEN|REVEREND|COMMISSIONER|ATTORNEY|PREMIER|MODERATOR|OPERATOR|AIDE|AUDIENCE|ANNOUNCER|PARTICIPANTS?|INTERPRETER|REPORTER"
    r"|LEADER|ADVISOR|ADVISER|JUDGE|JUSTICE|LIEUTENANT|CAPTAIN|COLONEL|MAJOR|LEADER|SUBJECT|STATE|COUNSELOR)\b"
)
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True)
class Turn:
    """text[start:end] is what the holder of the label says; the label of the text before the first is empty."""

    label: str
    start: int
    end: int


def label_end(text: str, start: int, end: int) -> int:
    """Where the words begin behind the label of a turn; `start` where the paragraph has none."""
    match = _LABEL.match(text, start, end)
    return match.end() if match else start


def find_turns(text: str, titled: bool) -> list[Turn]:
    """The turns of a transcript, in order; together they cover the text but for the labels.

    Args:
        text: the document.
        titled: count a label only where it begins with a title, since other documents have headings in capitals.
    """
    turns = []
    label, start = "", 0
    for paragraph in _PARAGRAPH.finditer(text):
        match = _LABEL.match(text, *paragraph.span())
        if match is None or (titled and not _TITLE.match(match["label"])):
            continue
        if paragraph.start() > start:
            turns.append(Turn(label, start, paragraph.start()))
        label, start = match["label"], match.end()
    turns.append(Turn(label, start, len(text)))
    return turns
