"""What the words around someone's name or role say of them: side, kind, gender, number."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.text.actors import Actor, Directory, as_of
from pipeline.text.names import gender_of_words
from pipeline.text.places import Place, find_places
from pipeline.text.roles import is_agent, is_body, kind_of_role, kind_of_signs, role_of
from pipeline.text.trees import Mention, Tree
from pipeline.text.words import Word, split_words, word_set

_REPRESENTING = word_set(
    "lobbyist spokesman spokeswoman spokesperson lawyer attorney negotiator representative adviser advisor envoy "
    "ambassador association council coalition federation group counsel consul"
)
# a place behind these is what someone deals with, not where they stand
_ABOUT = word_set("to with against on over into about toward towards than between")
_SIDE_OF_ROLE = {
    "us": word_set(
        "congressman congresswoman congress governor gov sen sens rep reps undersecretary alderman assemblyman"
    ),
    "canada": word_set("mp mps mpp mla mna reeve"),
}
_ABROAD = word_set("ally partner rival foe")
_BOTH, _COUNTRIES = word_set("both two"), word_set("sides countries nations")
_CERTAINTY_BY_RANK = (0.95, 0.9, 0.85, 0.75, 0.7, 0.6)
_CERTAINTY_OF_PARTY, _CERTAINTY_OF_BOTH, _CERTAINTY_OF_ROLE = 0.85, 0.7, 0.6
_NEAR_WORDS = 12
_ADJECTIVAL = word_set("amod compound nmod poss nummod")


@dataclass(frozen=True)
class Description:
    """What a phrase says of someone; side and kind are 'unknown' where it is silent, roles are singular nouns."""

    side: str
    certainty: float
    kind: str
    roles: frozenset[str]
    gender: str
    number: str


def describe(
    text: str,
    tree: Tree,
    mention: Mention,
    directory: Directory,
    date: datetime.date | None,
    sides: frozenset[str],
) -> Description:
    """The description in a phrase and in what stands behind it.

    Args:
        text: the article.
        tree: the sentence.
        mention: the phrase.
        directory: who is who.
        date: of publication; None where unknown.
        sides: that places in the article stand on; abroad, parties of the same names are others.
    """
    start, end = tree.tokens[mention.first].start, tree.tokens[max(mention.last, mention.behind) - 1].end
    words = split_words(text, start, end)
    phrase_end = tree.tokens[mention.last - 1].end
    core = [word for word in words if word.start < phrase_end]
    behind = words[len(core) :]
    party = _party(core, directory, date, sides)
    side, certainty = _side(tree, mention, words, directory, date)
    if side == "unknown" and party is not None:
        side, certainty = party.side, _CERTAINTY_OF_PARTY
    if side == "unknown":
        side, certainty = _side_of_roles({word.key.lower() for word in core})
    role, roles = _roles(tree, mention, core, behind)
    kind = party.kind if party is not None else _kind(tree, mention, role, core, behind)
    gender = gender_of_words([word.key for word in core]) or gender_of_words(sorted(roles))
    return Description(side, certainty, kind, roles, gender, _number(tree, mention, role))


def _roles(
    tree: Tree, mention: Mention, core: Sequence[Word], behind: Sequence[Word]
) -> tuple[str | None, frozenset[str]]:
    """The role noun that matters most and all of them: the head, else the nearest before it, else the first behind."""
    head = tree.tokens[mention.head]
    is_surname = head.tag[:3] == "NNP" and head.text[:1].isupper() and _is_named(core, head.start)
    own = None if is_surname else role_of(head.text)
    before = [role for word in core if word.start < head.start and (role := role_of(word.key))]
    after = [role for word in behind if (role := role_of(word.key))]
    in_phrase = [role for word in core if word.start > head.start and (role := role_of(word.key))]
    ranked = [role for role in (own, *reversed(before), *after[:1], *in_phrase) if role]
    main = ranked[0] if ranked else None
    return main, frozenset([role for role in (own, *before, *after[:1]) if role])


def _is_named(core: Sequence[Word], start: int) -> bool:
    """Whether the word at an offset follows another capitalised word, as a surname does."""
    for previous, word in pairwise(core):
        if word.start == start:
            return previous.key[:1].isupper() and role_of(previous.key) is None
    return False


def _kind(
    tree: Tree,
    mention: Mention,
    role: str | None,
    core: Sequence[Word],
    behind: Sequence[Word],
) -> str:
    """Kind by the role that matters most, else by tell-tale words of a name, in the phrase before behind it."""
    around = [word.key for word in (*core, *behind[:_NEAR_WORDS])]
    if role is not None:
        return kind_of_role(role, around)
    found = kind_of_signs([word.key for word in core]) or kind_of_signs(
        [word.key for word in behind[:_NEAR_WORDS]]
    )
    return found or ("public" if is_agent(tree.tokens[mention.head].text) else "unknown")


def _party(
    core: Sequence[Word], directory: Directory, date: datetime.date | None, sides: frozenset[str]
) -> Actor | None:
    """The party that a phrase names ('the Iowa Republican', 'the Conservative caucus')."""
    for word in core:
        if not word.key[:1].isupper():
            continue
        for name in ((word.key,), (word.key + "s",), (word.key, "Party")):
            actor = as_of(found, date) if (found := directory.names.get(name)) else None
            if actor is None or actor.office or "Party" not in actor.name:
                continue
            if actor.side in sides or "other" not in sides:
                return actor
    return None


def _side(
    tree: Tree,
    mention: Mention,
    words: Sequence[Word],
    directory: Directory,
    date: datetime.date | None,
) -> tuple[str, float]:
    """The side that the nearest evidence speaks for, and how sure it is."""
    head = tree.tokens[mention.head]
    places = find_places(words)
    keys = {word.key.lower() for word in words if word.start < tree.tokens[mention.last - 1].end}
    if keys & _BOTH and keys & _COUNTRIES:
        return "other", _CERTAINTY_OF_BOTH
    # America's allies are not America
    if role_of(head.text) in _ABROAD and any(words[place.first].start < head.start for place in places):
        return "other", _CERTAINTY_OF_ROLE
    ranked = [
        (rank, place.first, place.side)
        for place in places
        if (rank := _rank(tree, mention, words, place)) is not None
    ]
    ranked += _ranked_actors(tree, mention, words, directory, date)
    if not ranked:
        return "unknown", 0.0
    rank, _, side = min(ranked)
    return side, _CERTAINTY_BY_RANK[rank]


def _rank(tree: Tree, mention: Mention, words: Sequence[Word], place: Place) -> int | None:
    """How near a place is to the head: 0 represented, 1 before it, 2 behind in/of/from, 3 of another noun, 4 said behind."""
    at = _token_at(tree, words[place.last - 1].start)
    if any(word.key.lower() == "whose" for word in words[: place.first]):
        return None
    before = next(
        (word.key.lower() for word in reversed(words[: place.first]) if word.key.lower() != "the"), ""
    )
    if at >= mention.last:
        return None if before in _ABOUT else 4
    adjectival = tree.tokens[at].relation in _ADJECTIVAL and tree.tokens[at].head > at
    if at < mention.head or at == mention.head:
        return 1
    if before in _ABOUT:
        return None
    if before == "for" and role_of(tree.tokens[mention.head].text) in _REPRESENTING:
        return 0
    preposition = _preposition_before(tree, at)
    if preposition == "for" and role_of(tree.tokens[mention.head].text) in _REPRESENTING:
        return 0
    if preposition in _ABOUT:
        return None
    return 3 if adjectival else 2


def _preposition_before(tree: Tree, at: int) -> str:
    """The preposition that a word's phrase hangs on."""
    for _ in range(4):
        token = tree.tokens[at]
        if token.relation == "prep":
            return token.text.lower()
        if token.head == at:
            break
        at = token.head
    return ""


def _ranked_actors(
    tree: Tree, mention: Mention, words: Sequence[Word], directory: Directory, date: datetime.date | None
) -> list[tuple[int, int, str]]:
    """Sides of actors named in a description ('president of Unifor', 'her adviser'), behind those of places."""
    keys = [word.key for word in words]
    found = []
    at = 0
    while at < len(keys):
        hit = directory.name_at(keys, at)
        if hit is None:
            at += 1
            continue
        length, actors = hit
        token = _token_at(tree, words[at].start)
        # 'Kerry' in 'Kerry-Lynne Findlay' is nobody else
        own_name = all(each.tag[:3] in ("NNP", "HYP") for each in tree.tokens[token : mention.head + 1])
        dealt_with = at > 0 and keys[at - 1].lower() in _ABOUT
        if not dealt_with and not (
            token <= mention.head and own_name and tree.tokens[mention.head].tag[:3] == "NNP"
        ):
            found.append((2 if token < mention.last else 5, at, as_of(actors, date).side))
        at += length
    return found


def _side_of_roles(words: set[str]) -> tuple[str, float]:
    """Sides of offices that one of the countries alone has."""
    for side, roles in _SIDE_OF_ROLE.items():
        if words & roles:
            return side, _CERTAINTY_OF_ROLE
    return "unknown", 0.0


def _number(tree: Tree, mention: Mention, role: str | None) -> str:
    """'many', 'body' or 'one'."""
    head = tree.tokens[mention.head]
    if role_of(head.text) is not None and is_body(role_of(head.text) or ""):
        return "body"
    if head.tag in ("NNS", "NNPS"):
        return "many"
    acronym = len(head.text) > 2 and head.text.isupper()
    if role is None and head.tag[:3] == "NNP" and (acronym or kind_of_signs([head.text])):
        return "body"
    return "one"


def _token_at(tree: Tree, offset: int) -> int:
    """Position of the token at an offset of the text."""
    return next(i for i, token in enumerate(tree.tokens) if token.start <= offset < token.end)
