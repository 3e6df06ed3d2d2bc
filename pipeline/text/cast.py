"""The cast of one article: everyone who was named in it, so that later words for them find them again."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.text.actors import Actor, Directory, as_of, without_article
from pipeline.text.descriptions import Description, describe
from pipeline.text.names import TITLES, gender_of_words
from pipeline.text.naming import is_name, is_someone, name_behind, person_name, stands_for
from pipeline.text.places import find_places
from pipeline.text.roles import is_body, role_of
from pipeline.text.trees import Mention, Tree
from pipeline.text.words import Word, split_words, word_set

_PRONOUNS = {
    "he": ("m", "one"),
    "she": ("f", "one"),
    "they": ("", "many"),
    "it": ("", "body"),
    "his": ("m", "one"),
    "her": ("f", "one"),
    "him": ("m", "one"),
    "their": ("", "many"),
    "its": ("", "body"),
}
_NO_ONE = word_set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december today tomorrow yesterday week month year
    who which that this these those there what whoever whatever i we you me us my our your one ones nobody someone somebody
    everyone everybody anyone anybody something nothing everything none neither others another
""")
_ARTICLES = word_set("the a an")
_DETERMINERS = word_set("the a an some many most few several all both other another even these those no")
_DEFINITE = word_set("the that this these those both his her their its")
# what an article calls a body again ('the company'), by its kind
_BODY_ROLES = {
    "government": word_set(
        "government ministry department agency administration country office commission court"
    ),
    "opposition": word_set("party opposition caucus"),
    "business": word_set(
        "company firm group association organization business manufacturer automaker corporation industry"
    ),
    "labour": word_set("union group organization local federation"),
    "civil_society": word_set("group organization organisation coalition nation band tribe charity alliance"),
    "expert": word_set(
        "bank institute group firm think-tank centre center organization university panel fund agency"
    ),
}
_LONGEST_NAME = 90


@dataclass(frozen=True)
class Holder:
    """Someone who may hold a statement; `certainty` is of who it is and of the side, in [0, 1]."""

    name: str
    side: str
    kind: str
    certainty: float
    roles: frozenset[str] = frozenset()
    gender: str = ""
    number: str = "one"

    def fits(self, gender: str, number: str) -> bool:
        """Whether a pronoun may stand for them."""
        if number == "many":
            return self.number in ("many", "body")
        if self.number == "unsure":
            return True
        return self.number == number and (number != "one" or self.gender in ("", gender))

    def of(self, factor: float) -> "Holder":
        """The same with less certainty."""
        return replace(self, certainty=factor * self.certainty)


class Cast:
    """Who was named so far, the latest last.

    Args:
        text: the article.
        date: of publication; None where unknown.
        directory: who is who.
    """

    def __init__(self, text: str, date: datetime.date | None, directory: Directory) -> None:
        self._text = text
        self._date = date
        self._directory = directory
        self._surnames: dict[str, Holder] = {}
        self._latest: list[Holder] = []
        self._in_full, self._bodies = _named_in_full(text, directory)
        self._sides = frozenset(place.side for place in find_places(split_words(text, 0, len(text))))

    def meet(self, holder: Holder) -> None:
        """Note that someone was just spoken of."""
        self._latest = [known for known in self._latest if known.name != holder.name]
        self._latest.append(holder)

    def find(self, tree: Tree, mention: Mention, here: Sequence[Holder]) -> Holder | None:
        """Who a mention is: someone known, or someone new with what their description says; None for a thing.

        Args:
            tree: the sentence.
            mention: the phrase.
            here: who was named before in the same sentence.
        """
        written = tree.tokens[mention.head].text
        word = written if written.isupper() and len(written) > 1 else written.lower()
        if word in _PRONOUNS:
            return self._by_pronoun(*_PRONOUNS[word], here)
        if word in _NO_ONE:
            return None
        words = split_words(self._text, tree.tokens[mention.first].start, tree.tokens[mention.last - 1].end)
        while words and words[-1].key.lower() == "'s":
            words.pop()
        head = next((i for i, each in enumerate(words) if each.end > tree.tokens[mention.head].start), None)
        if head is None:
            return None
        description = describe(self._text, tree, mention, self._directory, self._date, self._sides)
        return (
            self._by_name(tree, mention, words, head, description)
            or self._by_office(words, description)
            or self._by_surname(words, head)
            or self._by_abbreviation(words, head)
            or self._by_role(tree, mention, words)
            or self._new(tree, mention, words, head, description)
        )

    def author_of(self, signature: str) -> Holder:
        """Who signed a post."""
        known = self.speaker(split_words(signature, 0, len(signature)))
        return known or Holder(" ".join(signature.split()), "unknown", "unknown", 0.5)

    def author(self) -> tuple[Holder, ...]:
        """Who may have written a document that an article speaks of without saying whose it is: the body named last."""
        body = next((holder for holder in reversed(self._latest) if holder.number == "body"), None)
        return (body.of(0.6),) if body is not None else ()

    def speaker(self, words: Sequence[Word]) -> Holder | None:
        """The person whose surname or full name is among words, as in a label or a title."""
        keys = [word.key.title() if word.key.isupper() and len(word.key) > 2 else word.key for word in words]
        for at in range(len(keys)):
            hit = self._directory.name_at(keys, at)
            if hit is not None and any(actor.office for actor in hit[1]):
                return self.actor(as_of(hit[1], self._date, keys), 0.95)
        for key in reversed(keys):
            if key in self._in_full:
                return self.actor(as_of(self._in_full[key], self._date), 0.9)
            if key in self._surnames:
                return self._surnames[key]
        return None

    def office_holder(self, title: Sequence[str], side: str) -> Holder | None:
        """Who holds an office of a side on the article's date, if that is one person."""
        actors = [actor for actor in self._directory.in_office(title, self._date) if actor.side == side]
        names = {actor.name for actor in actors}
        return self.actor(actors[0], 0.9) if len(names) == 1 else None

    def body(self, name: Sequence[str]) -> Holder | None:
        """The body of that name in the directory."""
        actors = [actor for actor in self._directory.names.get(tuple(name), ()) if not actor.office]
        return self.actor(as_of(actors, self._date), 0.85) if actors else None

    def known(self, name: Sequence[str]) -> Holder | None:
        """The actor of that whole name, in force on the article's date."""
        actors = self._directory.names.get(tuple(name))
        return self.actor(as_of(actors, self._date), 0.9) if actors else None

    def actor(self, actor: Actor, certainty: float, roles: frozenset[str] = frozenset()) -> Holder:
        """An actor of the directory, with what the article has said of them."""
        for known in self._latest:
            if known.name == actor.name:
                return replace(known, roles=known.roles | roles, certainty=max(certainty, known.certainty))
        title = actor.office or actor.name
        roles = roles | {role for word in title.split() if (role := role_of(word.strip(",")))}
        if actor.office:
            gender, number = gender_of_words(actor.name.split()[:1]), "one"
        else:
            gender, number = "", "body"
            roles = roles | _BODY_ROLES.get(actor.kind, frozenset())
        return Holder(actor.name, actor.side, actor.kind, certainty, roles, gender, number)

    # the ways in which someone is found, from the surest

    def _by_pronoun(self, gender: str, number: str, here: Sequence[Holder]) -> Holder | None:
        for holder in (*reversed(here), *reversed(self._latest)):
            if holder.fits(gender, number):
                if number == "one" and holder in self._latest:
                    self._latest[self._latest.index(holder)] = replace(holder, gender=gender)
                return holder.of(0.8)
        return None

    def _by_name(
        self, tree: Tree, mention: Mention, words: Sequence[Word], head: int, description: Description
    ) -> Holder | None:
        """An actor whose name covers the head, or stands in apposition to it ('the mayor, Drew Dilkens, said')."""
        keys = [word.key for word in words]
        for at in range(head + 1):
            hit = self._directory.name_at(keys, at)
            if hit is None or at + hit[0] <= head:
                continue
            actor = as_of(hit[1], self._date, keys)
            if not actor.office and _is_another(actor, words, at, at + hit[0], description):
                return None
            # parties of many countries share their names
            if "Party" in actor.name and "other" in self._sides and actor.side not in self._sides:
                return None
            return self.actor(actor, 0.95, description.roles)
        if role_of(tree.tokens[mention.head].text) is None:
            return None
        name = name_behind(self._text, tree, mention)
        if not name:
            return None
        hit = self._directory.name_at([word.key for word in name], 0)
        if hit is not None and any(actor.office for actor in hit[1]):
            return self.actor(as_of(hit[1], self._date, keys), 0.95, description.roles)
        return self._register(name, self._made(name, description))

    def _by_office(self, words: Sequence[Word], description: Description) -> Holder | None:
        """Whoever holds the office named ('the prime minister'), someone of the article first."""
        title = without_article([word.key for word in words])
        actors = self._directory.in_office(title, self._date)
        if not actors:
            return None
        names = {actor.name for actor in actors}
        named = next((holder for holder in reversed(self._latest) if holder.name in names), None)
        rival = self._with_role(title[-1].lower(), "one", ())
        if rival is not None and rival.side == "other" and (named is None or self._is_later(rival, named)):
            return rival.of(0.8)
        if named is not None:
            return named.of(0.95)
        if len(names) == 1:
            return self.actor(actors[0], 0.9, description.roles)
        known = {actor.name for people in self._in_full.values() for actor in people}
        if len(names & known) == 1:
            return self.actor(next(actor for actor in actors if actor.name in known), 0.8, description.roles)
        sides = {actor.side for actor in actors}
        return (
            Holder(" ".join(title), sides.pop(), "government", 0.6, description.roles)
            if len(sides) == 1
            else None
        )

    def _is_later(self, first: Holder, second: Holder) -> bool:
        return self._latest.index(first) > self._latest.index(second)

    def _by_surname(self, words: Sequence[Word], head: int) -> Holder | None:
        """Someone whose full name the article gives elsewhere."""
        key = words[head].key
        if not key[:1].isupper() or any(
            word.key.lower() not in _ARTICLES and word.key not in TITLES for word in words[:head]
        ):
            return None
        if key in self._surnames:
            return self._surnames[key]
        if key in self._in_full:
            return self.actor(as_of(self._in_full[key], self._date), 0.9)
        return None

    def _by_abbreviation(self, words: Sequence[Word], head: int) -> Holder | None:
        """A body of the article whose name a short form stands for ('BoC', 'CapEcon', 'OHBA')."""
        short = words[head].key
        if sum(letter.isupper() for letter in short) < 2 or len(without_article([w.key for w in words])) > 1:
            return None
        for holder in reversed(self._latest):
            if stands_for(short, holder.name):
                return holder
        actor = next((actor for actor in self._bodies if stands_for(short, actor.name)), None)
        return self.actor(actor, 0.8) if actor is not None else None

    def _by_role(self, tree: Tree, mention: Mention, words: Sequence[Word]) -> Holder | None:
        """The last one with that role, where the phrase says no more than that ('the minister', 'the union')."""
        head = tree.tokens[mention.head]
        role = role_of(head.text)
        if (
            words[0].key.lower() not in _DEFINITE
            or len(words) > 3
            or any(w.key[:1].isupper() for w in words[1:])
        ):
            return None
        if role in ("man", "woman") and head.text.lower() == role:
            return self._by_pronoun("m" if role == "man" else "f", "one", ())
        if role is None or find_places(words):
            return None
        plural = head.text.lower() != role
        number = "many" if plural else "body" if is_body(role) else "one"
        found = self._with_role(role, number, [word.key.lower() for word in words[1:-1]])
        return found.of(0.85) if found is not None else None

    def _with_role(self, role: str, number: str, extra: Sequence[str]) -> Holder | None:
        for holder in reversed(self._latest):
            named = holder.name.lower()
            if role in holder.roles and holder.number == number and all(word in named for word in extra):
                return holder
        return None

    def _new(
        self, tree: Tree, mention: Mention, words: Sequence[Word], head: int, description: Description
    ) -> Holder | None:
        """Someone met for the first time: a person or body with a name, or a role."""
        token = tree.tokens[mention.head]
        named = is_name(tree, mention.head)
        if role_of(token.text) is None and not named and not is_someone(tree, mention.head):
            return None
        kept = list(words)
        while len(kept) > 1 and kept[0].key.lower() in _ARTICLES:
            kept = kept[1:]
        name = person_name(self._text, tree, mention, words, head) if named else []
        if not name:
            return _as_body(self._made(kept, description), named and role_of(token.text) is None)
        return self._register(name, replace(self._made(name, description), number="one"))

    def _made(self, words: Sequence[Word], description: Description) -> Holder:
        """A new holder; their name is the words as the article has them."""
        name = " ".join(self._text[words[0].start : words[-1].end].split())
        if len(name) > _LONGEST_NAME:
            name = name[: name.rfind(" ", 0, _LONGEST_NAME)]
        return Holder(
            name,
            description.side,
            description.kind,
            description.certainty,
            description.roles,
            description.gender,
            description.number,
        )

    def _register(self, name: Sequence[Word], holder: Holder) -> Holder:
        """Remember a person by their surname."""
        surname = name[-1].key
        known = self._surnames.get(surname)
        if known is not None and (known.name == holder.name or len(name) == 1):
            return known
        self._surnames[surname] = holder
        return holder


def _as_body(holder: Holder, is_only_a_name: bool) -> Holder:
    """A new holder that may be called again by what such bodies are; a bare name may be a person's or a body's."""
    if holder.number == "body":
        return replace(holder, roles=holder.roles | _BODY_ROLES.get(holder.kind, frozenset()))
    if is_only_a_name and holder.number == "one":
        return replace(
            holder, number="unsure", roles=holder.roles | _BODY_ROLES.get(holder.kind, frozenset())
        )
    return holder


def _is_another(actor: Actor, words: Sequence[Word], first: int, last: int, description: Description) -> bool:
    """Whether words beside a body's name make it another body ('Toyota Canada', 'Teamsters in Ontario')."""
    before = words[first - 1].key if first else ""
    if (
        before[:1].isupper()
        and before.lower() not in _DETERMINERS
        and role_of(before) is None
        and before not in TITLES
    ):
        return True
    return (
        last < len(words) and actor.kind != "government" and description.side not in ("unknown", actor.side)
    )


def _named_in_full(text: str, directory: Directory) -> tuple[dict[str, tuple[Actor, ...]], tuple[Actor, ...]]:
    """Whom of the directory a text names in full: people by surname, and bodies."""
    keys = [word.key for word in split_words(text, 0, len(text))]
    people: dict[str, tuple[Actor, ...]] = {}
    bodies: dict[str, Actor] = {}
    at = 0
    while at < len(keys):
        hit = directory.name_at(keys, at)
        if hit is None:
            at += 1
            continue
        length, actors = hit
        in_office = tuple(actor for actor in actors if actor.office)
        if in_office and length > 1:
            people.setdefault(keys[at + length - 1], in_office)
        bodies.update({actor.name: actor for actor in actors if not actor.office})
        at += length
    return people, tuple(bodies.values())
