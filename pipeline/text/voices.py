"""Whose voice a document or a turn of a transcript is, where nobody else is named."""

import re
from dataclasses import replace

from pipeline.text.actors import Directory, as_of, without_article
from pipeline.text.cast import Cast, Holder
from pipeline.text.names import is_given_name
from pipeline.text.places import find_places
from pipeline.text.roles import kind_of_signs, role_of
from pipeline.text.words import split_words, word_keys, word_set

_BY_LABEL = 0.6
_HEADS = {"us": "president", "canada": "prime minister"}
_ANONYMOUS = word_set(
    "Q MODERATOR OPERATOR AIDE ANNOUNCER INTERPRETER REPORTER PRESS AUDIENCE PARTICIPANT PARTICIPANTS CROWD STAFF SUBJECT"
)
_STATED_BY = re.compile(
    r"^\W*(?:(?:joint )?statements?|remarks?|letters?|messages?|speech|address|op-?ed|proclamation|keynote)\b[^,:]{0,40}?\b(?:by|from|of)\s+(?P<who>.+?)"
    r"(?=\s+(?:on|in|at|after|before|following|to|regarding|about|marking|for|during|ahead|as|with|welcoming|announcing)\b|[,:;]|$)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\bjoint\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|my)\b(?!\.)")


def outlet_holder(outlet: str, country: str) -> Holder:
    """An outlet as the holder of its opinions."""
    return Holder(outlet, country, "outlet", 0.9, number="body")


def institution(outlet: str, country: str, directory: Directory) -> Holder:
    """The body that publishes official documents, by the actor that its outlet's name begins with or holds."""
    keys = word_keys(outlet)
    for at in range(len(keys)):
        hit = directory.name_at(keys, at)
        if hit is not None:
            actor = as_of(hit[1], None)
            return Holder(actor.name, actor.side, actor.kind, 0.8, number="body")
    return Holder(outlet, country, "government", 0.6, number="body")


def statement_voice(title: str, cast: Cast) -> Holder | None:
    """Who speaks in a press release, by a title such as 'Statement from the Steel Makers' Union on duties'."""
    match = _STATED_BY.match(title)
    if match is None:
        return None
    words = split_words(match["who"], 0, len(match["who"]))
    known = cast.speaker(words) or cast.known(without_article([word.key for word in words]))
    if known is not None or not any(word.key[:1].isupper() for word in words):
        return known
    sides = [place.side for place in find_places(words)]
    keys = [word.key for word in words]
    return Holder(
        match["who"], sides[0] if sides else "unknown", kind_of_signs(keys) or "unknown", 0.6, number="body"
    )


def own_voices(title: str, body: Holder, cast: Cast, unquoted: str) -> tuple[Holder, ...]:
    """Who speaks in an official document: who its title names, the head of government who says 'I', else the body.

    Args:
        title: of the document; a joint statement's names several.
        body: that published it.
        cast: of the document.
        unquoted: the text without its quotations.
    """
    joint = _joint(title, cast)
    if len(joint) > 1:
        return joint
    match = _STATED_BY.match(title)
    if match is not None and (speaker := _named(match["who"], cast, body)) is not None:
        return (speaker,)
    head = cast.office_holder(word_keys(_HEADS.get(body.side, "president")), body.side)
    if head is not None and _FIRST_PERSON.search(unquoted):
        return (head,)
    return (body,)


def _joint(title: str, cast: Cast) -> tuple[Holder, ...]:
    """The people or countries that a joint statement's title names."""
    if not _JOINT.search(title):
        return ()
    words = split_words(title, 0, len(title))
    found: dict[str, Holder] = {}
    for at in range(len(words)):
        for length in range(min(5, len(words) - at), 0, -1):
            holder = cast.known([word.key for word in words[at : at + length]])
            if holder is not None:
                found.setdefault(holder.name, holder)
                break
    people = tuple(holder for holder in found.values() if holder.number == "one")
    return people if len(people) > 1 else tuple(found.values())


def turn_holder(label: str, cast: Cast, body: Holder, text: str) -> Holder | None:
    """Who has the word behind a label of a transcript; None for a reporter, a moderator or the crowd.

    Args:
        label: without its colon.
        cast: of the document.
        body: whose document it is.
        text: its title and text, which may give the full name.
    """
    words = label.split("(")[0].replace(".", "").split()
    if not words or words[0] in _ANONYMOUS or words[-1] in _ANONYMOUS or words[-1].startswith("MEMBER"):
        return None
    if words[0] == "THE":
        held = cast.office_holder(word_keys(" ".join(words[1:]).lower()), body.side)
        if held is not None:
            return held
    holder = _named(" ".join(word.title() for word in words), cast, body)
    if holder is None or holder.certainty > _BY_LABEL:
        return holder
    full = re.search(rf"\b(?P<given>[A-Z]\w+) (?:[A-Z]\. )?{re.escape(words[-1].title())}\b", text)
    return replace(holder, name=full.group()) if full is not None and is_given_name(full["given"]) else holder


def _named(name: str, cast: Cast, body: Holder) -> Holder | None:
    """The person that a label or title names: known, else on the side of the body whose document it is."""
    words = split_words(name, 0, len(name))
    known = cast.speaker(words)
    if known is not None:
        return known
    shown = [word.key for word in words if word.key.lower() not in ("the", "mr", "ms", "mrs", "dr")]
    if not shown:
        return None
    roles = frozenset(role for key in shown if (role := role_of(key)))
    return Holder(" ".join(shown), body.side, body.kind, _BY_LABEL, roles)
