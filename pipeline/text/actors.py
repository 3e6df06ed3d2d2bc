"""Who is who: people and bodies by name, alias and office, with the dates of their offices."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.text.words import word_keys

ACTOR_COLUMNS = ("name", "aliases", "office", "office_aliases", "side", "kind", "from", "to")


class ActorError(ValueError):
    """A row of actors.csv cannot be read; the message names the actor and the cell."""


@dataclass(frozen=True)
class Actor:
    """A person in an office, or a body (its office is empty); a missing date is open."""

    name: str
    office: str
    side: str
    kind: str
    since: datetime.date | None
    until: datetime.date | None

    def holds_on(self, date: datetime.date) -> bool:
        """Whether the office is held on a date."""
        return (self.since is None or self.since <= date) and (self.until is None or date <= self.until)

    def days_from(self, date: datetime.date) -> int:
        """How far a date is from the term of office."""
        if self.since is not None and date < self.since:
            return (self.since - date).days
        if self.until is not None and date > self.until:
            return (date - self.until).days
        return 0


@dataclass(frozen=True)
class Directory:
    """Actors by the words of their names and aliases (case counts) and of their offices (it does not)."""

    names: Mapping[tuple[str, ...], tuple[Actor, ...]]
    offices: Mapping[tuple[str, ...], tuple[Actor, ...]]
    longest: int

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> "Directory":
        """The directory of rows of actors.csv: aliases and office_aliases are parted by '|'.

        Raises:
            ActorError: a date is none, or a term of office ends before it begins.
        """
        names: dict[tuple[str, ...], list[Actor]] = {}
        offices: dict[tuple[str, ...], list[Actor]] = {}
        for row in rows:
            actor = _actor(row)
            for name in {row["name"], *row["aliases"].split("|")} - {""}:
                names.setdefault(without_article(word_keys(name)), []).append(actor)
            for title in {row["office"], *row["office_aliases"].split("|")} - {""}:
                key = tuple(word.lower() for word in without_article(word_keys(title)))
                offices.setdefault(key, []).append(actor)
        return cls(
            {key: tuple(actors) for key, actors in names.items()},
            {key: tuple(actors) for key, actors in offices.items()},
            max((len(key) for key in (*names, *offices)), default=0),
        )

    def name_at(self, keys: Sequence[str], at: int) -> tuple[int, tuple[Actor, ...]] | None:
        """The longest name that begins at a word: how many words it has, and whose it is."""
        if not keys[at][:1].isupper() and not keys[at][:1].isdigit():
            return None
        for length in range(min(self.longest, len(keys) - at), 0, -1):
            if actors := self.names.get(tuple(keys[at : at + length])):
                return length, actors
        return None

    def in_office(self, title: Sequence[str], date: datetime.date | None) -> tuple[Actor, ...]:
        """Who holds an office on a date, by its whole title; on an unknown date all who ever held it."""
        actors = self.offices.get(tuple(word.lower() for word in without_article(title)), ())
        return actors if date is None else tuple(actor for actor in actors if actor.holds_on(date))


def as_of(actors: Sequence[Actor], date: datetime.date | None, title: Sequence[str] = ()) -> Actor:
    """Of one name's rows the one in force on a date, else the nearest.

    On an unknown date it is the row whose office shares most words with the title that the text
    gives, and of like rows the latest.
    """
    if date is not None:
        return min(actors, key=lambda actor: actor.days_from(date))
    words = {word.lower() for word in title}
    return max(
        actors,
        key=lambda actor: (len(words & set(actor.office.lower().split())), actor.since or datetime.date.min),
    )


def without_article(keys: Sequence[str]) -> tuple[str, ...]:
    """Words without a leading article."""
    return tuple(keys[1:] if len(keys) > 1 and keys[0].lower() in ("the", "a", "an") else keys)


def _actor(row: Mapping[str, str]) -> Actor:
    since, until = (_date(row, cell) for cell in ("from", "to"))
    if since is not None and until is not None and until < since:
        raise ActorError(f"{row['name']} ({row['office']}): the office ends on {until}, before {since}")
    return Actor(row["name"], row["office"], row["side"], row["kind"], since, until)


def _date(row: Mapping[str, str], cell: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(row[cell]) if row[cell] else None
    except ValueError:
        raise ActorError(f"{row['name']}: {cell} is {row[cell]!r}, not a date like 2025-03-14") from None
