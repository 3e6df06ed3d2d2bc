"""One article a file: the first line is its title; a date, an outlet and an address may stand in its first lines."""

import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

import yaml

from pipeline.sources.dates import MONTH, WEEKDAY, DateError, parse_date
from pipeline.sources.documents import Document, Reject
from pipeline.sources.lines import bad_byte, too_large

_HEAD_LINES = 10
_HEAD_CHARACTERS = 400
_HALF = r"\s?[ap]\.?\s?m\b\.?"
_ZONE = r"\s?\(?(?-i:[A-Z]{1,4}T|UTC|GMT|Z)\b\)?"
_CLOCK = (
    rf"(?:[,.]?\s*(?:at\s|à\s|-\s)?\d{{1,2}}(?:[:.h]\d{{2}}(?::\d{{2}})?(?:{_HALF})?|{_HALF})(?:{_ZONE})?)"
)
_DAY = rf"""(?:(?:{WEEKDAY}\.?,?\s)?(?:
    \d{{1,2}}(?:st|nd|rd|th|er)?(?:\s|-)(?:of\s)?{MONTH}\.?,?(?:\s|-)\d{{4}}
  | {MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}
  | \d{{4}}-\d{{2}}-\d{{2}}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?
  | \d{{4}}/\d{{1,2}}/\d{{1,2}}
  | \d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}})(?!\d))"""
_DATE = re.compile(rf"{_DAY}{_CLOCK}?", re.IGNORECASE | re.VERBOSE)
_HEADER = re.compile(r"date\s*:\s*(?P<rest>.+)", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"(?:(?:first\s+)?published|publication\s+date|date\s+published|publié|posted|issued|released)"
    r"(?:\s+(?:on|at|le))?\s*:?\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"(?:last\s+)?(?:updated|modified)(?:\s+(?:on|at))?\s*:?\s*(?P<rest>.+)", re.IGNORECASE)
_DATELINE = re.compile(
    rf"[A-Z][A-Z .'’/-]{{2,}}[^\d(\n]{{0,30}}?,?\s(?P<date>(?i:{_DAY}))\s*(?:[(/–—-])", re.VERBOSE
)
_SEGMENTS = re.compile(r"\s*[|·•]\s*|\t|\s{3,}")
_NAMED = {
    "outlet": re.compile(r"(?:outlet|publisher|publication|newspaper)\s*:\s*(.+)", re.IGNORECASE),
    "url": re.compile(r"(?:url|link|address|source)\s*:\s*(https?://\S+)", re.IGNORECASE),
}
_TITLE = re.compile(r"(?:#+\s+|(?:title|headline)\s*:\s*)", re.IGNORECASE)
_FILE_DATE = re.compile(
    r"(?<![^\W_])(?P<year>(?:19|20)\d{2})(?P<separator>[-_.]?)(?P<month>\d{2})(?P=separator)(?P<day>\d{2})(?![^\W_T])"
)
_FRONT_MATTER = re.compile(r"---\r?\n(.*?)\n---[ \t]*(?:\r?\n|$)(.*)", re.DOTALL)


def read_plain_text(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """The one document of a text or Markdown file; fields between two lines of --- at its top are taken as they are."""
    raw = stream.read(largest_bytes + 1)
    if len(raw) > largest_bytes:
        yield too_large(path, 0, largest_bytes)
        return
    text = raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    if bad := bad_byte(text):
        yield Reject(path, 0, "wrong_encoding", _with_line(text, bad))
        return
    if text.strip():
        yield Document(path, 1, _front_matter(text) or _read_page(path, text))


def _with_line(text: str, bad: str) -> str:
    line = next(number for number, line in enumerate(text.split("\n"), start=1) if bad_byte(line))
    return f"line {line}: {bad}"


def _front_matter(text: str) -> dict[str, Any] | None:
    """The fields of a YAML block at the top, and the text below it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return None
    try:
        fields = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(fields, Mapping):
        return None
    return {**{str(key): value for key, value in fields.items()}, "body": match[2]}


def _read_page(path: str, text: str) -> dict[str, Any]:
    lines = text.lstrip().splitlines(keepends=True)
    first = next((i for i, line in enumerate(lines) if line.strip() and not _is_header(line.strip())), 0)
    title, body = lines[first].strip(), "".join(lines[:first] + lines[first + 1 :])
    head = [line.strip()[:_HEAD_CHARACTERS] for line in lines if line.strip()][:_HEAD_LINES]
    fields: dict[str, Any] = {"title": _TITLE.sub("", title, count=1), "body": body}
    for field, pattern in _NAMED.items():
        match = next(filter(None, map(pattern.fullmatch, head)), None)
        if match:
            fields[field] = match[1]
    date = find_date(head) or _date_of_name(path)
    if date:
        fields["published_at"] = date
    return fields


def _is_header(line: str) -> bool:
    return any(pattern.fullmatch(line) for pattern in (_HEADER, *_NAMED.values()))


def find_date(head: list[str]) -> str | None:
    """The date that the first lines of a page state as its own, as written.

    A line or a part of it between bars or bullets is a date, or begins with a word such as Published;
    or it is a dateline with a year. A time of the last update serves where nothing else does.
    """
    parts = [part for line in head for part in (line, *_SEGMENTS.split(line))]
    for find in (_header, _published, _bare, _dateline, _updated):
        found = next(filter(None, map(find, parts)), None)
        if found:
            return found
    return None


def _header(part: str) -> str | None:
    """What follows 'Date:', even if it cannot be read, so that it is reported."""
    match = _HEADER.fullmatch(part)
    return (_first_date(match["rest"]) or match["rest"]) if match else None


def _published(part: str) -> str | None:
    match = _PUBLISHED.fullmatch(part)
    return _first_date(match["rest"]) if match else None


def _updated(part: str) -> str | None:
    match = _UPDATED.fullmatch(part)
    return _first_date(match["rest"]) if match else None


def _first_date(text: str) -> str | None:
    """The date at the head of a text."""
    date = _DATE.match(text)
    if date:
        return date[0]
    part = _SEGMENTS.split(text)[0].strip()
    return part if _is_date(part) else None


def _bare(part: str) -> str | None:
    date = _DATE.match(part)
    return date[0] if date and re.fullmatch(r"[\s.,]*|\s+[|·•–—-].*", part[date.end() :]) else None


def _dateline(part: str) -> str | None:
    match = _DATELINE.match(part)
    return match["date"] if match else None


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except DateError:
        return False
    return True


def _date_of_name(path: str) -> str | None:
    match = _FILE_DATE.search(path.rsplit("/", 1)[-1])
    date = f"{match['year']}-{match['month']}-{match['day']}" if match else ""
    return date if _is_date(date) else None
