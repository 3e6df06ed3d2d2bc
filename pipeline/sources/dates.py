"""Dates as sources write them, read strictly: no part is guessed that the source does not give."""

import datetime
import re
import zoneinfo
from functools import lru_cache
from typing import Any

from dateutil import parser
from dateutil.tz import tzoffset

_UTC = datetime.UTC
_ZONE_HOURS = {
    **{"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
    **{"NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5},
    **{"MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10},
    **{"MSK": 3, "IST": 5.5, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11},
}
_ZONE_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_FRENCH_MONTHS = {
    **{
        "janvier": "January",
        "janv": "January",
        "février": "February",
        "fevrier": "February",
        "févr": "February",
    },
    **{"mars": "March", "avril": "April", "avr": "April", "mai": "May", "juin": "June", "juillet": "July"},
    **{"juil": "July", "août": "August", "aout": "August", "septembre": "September", "octobre": "October"},
    **{"novembre": "November", "décembre": "December", "decembre": "December", "déc": "December"},
}
_FRENCH = re.compile(rf"\b(?:(le|1er)|({'|'.join(_FRENCH_MONTHS)}))\b\.?", re.IGNORECASE)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    rf"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|{'|'.join(_FRENCH_MONTHS)})"
)
WEEKDAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(.*)")
_YEAR_LAST = re.compile(
    rf"(?:{WEEKDAY}\.?,? )?(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}})(?!\d),?(.*)", re.IGNORECASE
)
_NAMED_MONTH = re.compile(rf"(?<![^\W\d_]){MONTH}(?![^\W\d_])", re.IGNORECASE)
_AFTERNOON = re.compile(r"(?<=\d)\s?([ap])\.\s?m\b\.?", re.IGNORECASE)
_DOTTED_TIME = re.compile(r"(\d{4},? \d{1,2})\.(\d{2})(?![\d.])")
_TIME = re.compile(r"\d:\d\d|\d ?[ap]m\b", re.IGNORECASE)
_NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC)(?=[-+]\d)")
_REMARK = re.compile(r"\s*(?:\([A-Za-z .]{6,}\)|\[[\w/]+\])$")
# Two unlike days stand in for what a text leaves out: where the results differ, it left something out.
_STAND_INS = (datetime.datetime(2004, 1, 1), datetime.datetime(2008, 2, 2))
_WRITE = "write it as YYYY-MM-DD"


class DateError(ValueError):
    """A date is there but cannot be read; the message says why and what to write."""


def parse_date(value: Any) -> datetime.datetime:
    """A date or time as UTC; without a zone it is taken for UTC.

    Args:
        value: a date, a number of seconds (or milli-, micro-, nanoseconds) since 1970, or text.

    Raises:
        DateError: day, month or year is missing, is out of its range or could be meant in two ways.
    """
    if isinstance(value, datetime.datetime):
        return _as_utc(value)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day, tzinfo=_UTC)
    return _parse_text(value.strip() if isinstance(value, str) else str(value))


@lru_cache(maxsize=65536)
def _parse_text(text: str) -> datetime.datetime:
    try:
        if text[4:5] == "-" == text[7:8]:
            return _as_utc(datetime.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    if _NUMBER.fullmatch(text):
        return _parse_number(text)
    plain = _REMARK.sub("", _plain(text))
    for pattern, read in ((_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last)):
        if match := pattern.fullmatch(plain):
            return read(text, *match.groups())
    if _NAMED_MONTH.search(plain):
        return _named_month(text, plain)
    raise DateError(f"{text[:80]!r} is not a date with day, month and four-digit year; {_WRITE}")


def _plain(text: str) -> str:
    """The spellings that dateutil does not know, in those that it knows."""
    text = " ".join(text.split())
    text = _FRENCH.sub(lambda m: _FRENCH_MONTHS[m[2].lower()] if m[2] else "1" if m[1] == "1er" else "", text)
    text = _AFTERNOON.sub(r" \1m", _DOTTED_TIME.sub(r"\1:\2", text))
    # dateutil reads GMT-0400 as four hours ahead, as POSIX does and JavaScript does not.
    return _NAMED_OFFSET.sub("", text).strip(" .,")


def _parse_number(text: str) -> datetime.datetime:
    """A number: compact dates by their digits, else time since 1970 by its size."""
    digits = text.lstrip("+-").split(".")[0]
    if re.fullmatch(r"(?:19|20)\d{6}(?:\d{4}|\d{6})?", text):
        try:
            return datetime.datetime.strptime(text, "%Y%m%d%H%M%S"[: len(text) - 2]).replace(tzinfo=_UTC)
        except ValueError:
            pass
    units = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}
    unit = 1 if not digits.strip("0") else units.get(len(digits))
    if unit is None:
        hint = (
            "a year alone"
            if len(digits) == 4
            else "a spreadsheet's day number"
            if len(digits) == 5
            else "no date"
        )
        raise DateError(f"{text[:80]} looks like {hint}; {_WRITE}")
    # whole microseconds first: a float of nanoseconds would lose digits
    microseconds = int(digits) * 10**6 // unit * (-1 if text.startswith("-") else 1)
    return datetime.datetime(1970, 1, 1, tzinfo=_UTC) + datetime.timedelta(microseconds=microseconds)


def _year_first(text: str, year: str, month: str, day: str, rest: str) -> datetime.datetime:
    return _with_time(text, int(year), int(month), int(day), rest)


def _year_last(text: str, first: str, second: str, year: str, rest: str) -> datetime.datetime:
    """Day and month in either order, where only one order is possible."""
    a, b = int(first), int(second)
    if a <= 12 and b <= 12 and a != b:
        raise DateError(
            f"{text[:80]!r} could be {year}-{a:02}-{b:02} or {year}-{b:02}-{a:02}; write the one that is meant"
        )
    month, day = (a, b) if b > 12 or a == b else (b, a)
    return _with_time(text, int(year), month, day, rest)


def _with_time(text: str, year: int, month: int, day: int, rest: str) -> datetime.datetime:
    """A date whose three numbers are known, with the time of day that follows it."""
    try:
        date = datetime.datetime(year, month, day)
    except ValueError as error:
        raise DateError(f"{text[:80]!r}: {error}; {_WRITE}") from error
    rest = rest.strip(" ,.T")
    if not rest or re.fullmatch(WEEKDAY, rest, re.IGNORECASE):
        return date.replace(tzinfo=_UTC)
    found = _parse_loosely(text, f"{date:%Y-%m-%d} {rest}", date) if _TIME.search(rest) else None
    if found is None or found.date() != date.date():
        raise DateError(f"{text[:80]!r} cannot be read as a date and a time; {_WRITE}")
    return _as_utc(found)


def _named_month(text: str, plain: str) -> datetime.datetime:
    first, second = (_parse_loosely(text, plain, stand_in) for stand_in in _STAND_INS)
    if first != second or str(first.year) not in re.findall(r"(?<!\d)\d{4}(?!\d)", plain):
        raise DateError(f"{text[:80]!r} lacks the day or the four-digit year; {_WRITE}")
    return _as_utc(first)


def _parse_loosely(text: str, plain: str, stand_in: datetime.datetime) -> datetime.datetime:
    try:
        return parser.parse(plain, default=stand_in, tzinfos=_zone)
    except (ValueError, OverflowError) as error:
        reason = str(error) if isinstance(error, DateError) else f"{text[:80]!r} cannot be read as a date"
        raise DateError(f"{reason}; {_WRITE}") from error


def _zone(name: str | None, offset: int | None) -> datetime.tzinfo | None:
    """The zone of a name or an offset; dateutil alone would drop a name that it does not know."""
    if offset is not None:
        return tzoffset(None, offset)
    if name is None:
        return None
    if name in _ZONE_PLACES:
        return zoneinfo.ZoneInfo(_ZONE_PLACES[name])
    if name in _ZONE_HOURS:
        return tzoffset(name, int(_ZONE_HOURS[name] * 3600))
    raise DateError(f"{name!r} is no known time zone (an offset such as -05:00 would be)")


def _as_utc(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=_UTC)
    try:
        return moment.astimezone(_UTC)
    except OverflowError as error:
        raise DateError(f"{moment.isoformat()} is beyond the calendar; {_WRITE}") from error
