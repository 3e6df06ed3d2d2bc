"""Outlets: one spelling each, and where they are at home."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

OUTLET_COLUMNS = ("outlet", "aliases", "country", "kind")


@dataclass(frozen=True)
class Outlet:
    """An outlet of outlets.csv: its name, country and whether it is a government's own."""

    name: str
    country: str
    kind: str


def outlet_key(name: str) -> str:
    """What stays of a name when case, punctuation, a leading article and a web address's ends are ignored."""
    folded = re.sub(r"^(?:https?://)?(?:www\.)?", "", name.strip().casefold())
    folded = re.sub(r"\.(?:com|ca|org|net|co\.uk|news)$", "", folded)
    words = re.sub(r"[^\w]+", " ", folded.replace("&", " and ")).split()
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def known_outlets(rows: Iterable[Mapping[str, str]]) -> dict[str, Outlet]:
    """Rows of outlets.csv (`OUTLET_COLUMNS`) by key of each name and alias."""
    known = {}
    for row in rows:
        outlet = Outlet(row["outlet"], row["country"], row["kind"])
        for name in (row["outlet"], *row["aliases"].split("|")):
            if name.strip():
                known[outlet_key(name)] = outlet
    return known


def one_spelling(names: Sequence[str], known: Mapping[str, Outlet]) -> dict[str, Outlet]:
    """For each spelling that occurs: the known outlet, else the commonest spelling of its key, country unknown."""
    counts = Counter(names)
    commonest: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        commonest.setdefault(outlet_key(name), name)
    return {
        name: known.get(outlet_key(name), Outlet(commonest[outlet_key(name)].strip(), "unknown", "press"))
        for name in counts
    }
