"""Phrases that mean both countries or several: 'the two governments', 'leaders of the United States and Canada'."""

from collections.abc import Sequence

from pipeline.text.cast import Cast, Holder
from pipeline.text.places import Place, find_places
from pipeline.text.roles import role_of
from pipeline.text.trees import Mention, Tree
from pipeline.text.words import Word, split_words, word_set

_STATES = word_set("country government nation side neighbour neighbor")
_LEADERS = word_set("leader president premier minister")
_OFFICIALS = word_set(
    "official negotiator diplomat lawmaker ambassador envoy general delegation team ally company union group"
)
_EACH = word_set("both two our three these")
_COUNTRIES = {"us": ("United", "States"), "canada": ("Canada",)}
_THIRD = ("Mexico",)
_OFFICES = {"us": ("president",), "canada": ("prime", "minister")}


def parties_of(text: str, tree: Tree, mention: Mention, cast: Cast) -> tuple[Holder, ...]:
    """Each of those that a phrase for several means; empty where it is no such phrase."""
    head = tree.tokens[mention.head].text
    role = role_of(head)
    word = head.lower()
    if role is None and word not in ("sides", "parties", "capitals"):
        return ()
    role = role or "side"
    if word == role or role not in _STATES | _LEADERS | _OFFICIALS:
        return ()
    words = split_words(text, tree.tokens[mention.first].start, tree.tokens[mention.last - 1].end)
    places = find_places(words)
    if len({place.side for place in places}) > 1:
        return tuple(_of_place(words, place, head, cast) for place in places)
    keys = {each.key.lower() for each in words}
    bare = len(words) == 1
    if places or role in _OFFICIALS or len(words) > 4 or not (bare or keys & (_EACH | {"the"})):
        return ()
    if not keys & _EACH and role not in ("government", "leader"):
        return ()
    sides = _sides_in(text)
    if not {"us", "canada"} <= sides:
        return ()
    found = [_of_country(side, role, cast) for side in ("canada", "us")]
    if "three" in keys:
        found.append(cast.body(_THIRD))
    return tuple(holder for holder in found if holder is not None)


def _of_country(side: str, role: str, cast: Cast) -> Holder | None:
    """A country's government, or its head where leaders are meant."""
    head = cast.office_holder(_OFFICES[side], side) if role in _LEADERS else None
    return head or cast.body(_COUNTRIES[side])


def _of_place(words: Sequence[Word], place: Place, head: str, cast: Cast) -> Holder:
    """A country's body of the directory, else the people of that country by the phrase's own word."""
    keys = [word.key for word in words[place.first : place.last]]
    known = cast.body(keys) or cast.body([*keys, head])
    return known or Holder(f"{' '.join(keys)} {head}", place.side, "government", 0.8, number="many")


def _sides_in(text: str) -> set[str]:
    return {place.side for place in find_places(split_words(text, 0, len(text)))}
