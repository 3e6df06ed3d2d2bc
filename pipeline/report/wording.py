"""Numbers, dates and names as a reader expects them in print."""

import datetime
from collections.abc import Sequence

import pandas as pd

MINUS = "−"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SIDE_SPEAKERS = {
    "us": "U.S. speakers",
    "canada": "Canadian speakers",
    "other": "Speakers of other countries",
    "unknown": "Speakers of unknown side",
}
PLACES = {"us": "U.S.", "canada": "Canada", "other": "other", "unknown": "unknown"}


def signed(value: float, decimals: int = 2) -> str:
    """A number with its sign, and none where it rounds to zero."""
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):.{decimals}f}"


def bound(value: float) -> str:
    """An interval's end: with more decimals where two would show it as zero, which it does not reach."""
    return signed(value, next((places for places in range(2, 7) if round(value, places)), 2))


def probability(value: float) -> str:
    """'.012'; '< .001' where it is smaller."""
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def number(value: float) -> str:
    """A count with thousands separated, or another number with at most three decimals."""
    if float(value).is_integer():
        return f"{int(value):,}".replace("-", MINUS)
    return f"{value:,.3f}".replace("-", MINUS)


def decimal(value: float) -> str:
    """A number with three decimals: '0.976'."""
    return f"{value:.3f}".replace("-", MINUS)


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; empty where there is no whole."""
    return f"{100 * part / whole:.1f}%" if whole else ""


def count(quantity: int, noun: str, plural: str = "") -> str:
    """'1 article', '1,104 articles', 'no article'."""
    if quantity == 0:
        return f"no {noun}"
    return f"{quantity:,} {noun if quantity == 1 else plural or noun + 's'}"


def day(date: datetime.date) -> str:
    """'20 January 2025'."""
    return f"{date.day} {date:%B} {date.year}"


def short_day(date: datetime.date) -> str:
    """'20 Jan 2025', kept on one line."""
    return f"{date.day}\u00a0{date:%b}\u00a0{date.year}"


def span(first: datetime.date, last: datetime.date) -> str:
    """'1 January 2019 to 19 January 2025', or the one day."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def listing(items: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def period_name(period: pd.Period, kind: str) -> str:
    """'4 February 2025', 'week of 3 February 2025', 'February 2025', '2025, first quarter', '2025'."""
    start = period.start_time.date()
    names = {
        "day": day(start),
        "week": f"week of {day(start)}",
        "month": f"{start:%B} {start.year}",
        "quarter": f"{start.year}, quarter {(start.month + 2) // 3}",
        "year": str(start.year),
    }
    return names[kind]


def corpus_title(corpus: str) -> str:
    """A corpus's name as a heading: 'white_house' is 'White House'."""
    return corpus.replace("_", " ").title()
