"""How someone is written: as a name, as a person's full name, as a short form of a body's name."""

import re
from collections.abc import Sequence

from pipeline.text.names import TITLES, is_given_name
from pipeline.text.places import find_places
from pipeline.text.roles import is_agent, kind_of_signs, role_of
from pipeline.text.trees import Mention, Tree
from pipeline.text.words import Word, split_words

_LONGEST_NAME, _LOOK_BEHIND = 5, 6


def is_name(tree: Tree, head: int) -> bool:
    """Whether a word is written as a name; at the start of a sentence the tagger decides."""
    token = tree.tokens[head]
    if not token.text[:1].isupper() or len(token.text) == 1:
        return False
    return token.tag[:3] == "NNP" or head > 0 or token.text[1:] != token.text[1:].lower()


def is_someone(tree: Tree, head: int) -> bool:
    """Whether a noun of no list stands for a person: by its form, or by a 'who' behind it."""
    clause = tree.child(head, "relcl")
    who = clause is not None and any(tree.lower(i) in ("who", "whose") for i in tree.subtree(clause))
    return who or is_agent(tree.tokens[head].text)


def person_name(text: str, tree: Tree, mention: Mention, words: Sequence[Word], head: int) -> list[Word]:
    """The words of a phrase that are a person's name; none where nothing shows a person.

    A given name shows one, a title or a role before the name, or a role in the apposition behind it.
    """
    first = head
    while first > 0 and words[first - 1].key[:1].isupper() and words[first - 1].key not in TITLES:
        if not _goes_on(text, words, first):
            break
        first -= 1
    name = list(words[first : head + 1])
    if any(is_given_name(word.key) for word in name[:-1]) or (first and words[first - 1].key in TITLES):
        return name
    titled = bool(first) and role_of(words[first - 1].key) is not None
    described = False
    if mention.behind > mention.last and tree.tokens[mention.last].text == ",":
        behind = split_words(text, tree.tokens[mention.last].end, tree.tokens[mention.behind - 1].end)
        described = any(role_of(word.key) for word in behind[:_LOOK_BEHIND])
    is_body = kind_of_signs([word.key for word in name]) is not None
    return name if len(name) in (2, 3) and (titled or described) and not is_body else []


def name_behind(text: str, tree: Tree, mention: Mention) -> list[Word]:
    """A person's name right behind the phrase and a comma ('the mayor, Drew Dilkens, said')."""
    if mention.behind <= mention.last or tree.tokens[mention.last].text != ",":
        return []
    name: list[Word] = []
    for word in split_words(text, tree.tokens[mention.last].end, tree.tokens[mention.behind - 1].end):
        if not word.key[:1].isupper() or (name and "," in text[name[-1].end : word.start]):
            break
        name.append(word)
    return name if 2 <= len(name) <= _LONGEST_NAME and is_given_name(name[0].key) else []


def stands_for(short: str, name: str) -> bool:
    """Whether a short form is made of a name's initials, or of the beginnings of its words ('BoC', 'CapEcon')."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalpha()]
    if len(words) < 2:
        return False
    initials = "".join(word[0] for word in words).lower()
    capitals = "".join(word[0] for word in words if word[0].isupper()).lower()
    parts = re.findall(r"[A-Z][a-z]+", short)
    joined = len(parts) == len(words) and all(
        word.startswith(part) for word, part in zip(words, parts, strict=True)
    )
    return short.lower() in (initials, capitals) or ("".join(parts) == short and joined)


def _goes_on(text: str, words: Sequence[Word], first: int) -> bool:
    """Whether the word before a part of a name belongs to it too."""
    before = words[first - 1]
    hyphened = words[first].start - before.end == 1 and text[before.end] == "-"
    if hyphened or is_given_name(before.key):
        return True
    return not (is_given_name(words[first].key) or role_of(before.key) or find_places([before]))
