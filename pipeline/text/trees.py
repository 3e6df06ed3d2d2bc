"""A parsed sentence as a tree, and the phrases that name someone in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.text.names import TITLES, is_given_name
from pipeline.text.roles import role_of
from pipeline.text.sentences import Sentence, Token
from pipeline.text.words import word_set

_NOT_IN_PHRASE = word_set("relcl acl appos conj cc punct advcl parataxis dep intj mark preconj ccomp meta")
_CLAUSES = word_set("relcl acl advcl appos parataxis ccomp")
_LONGEST_BEHIND = 30
_NOT_APPOSED = word_set("CC IN VBG VBD VBZ VBP MD PRP RB")
_QUANTIFIERS = word_set(
    "one two three four five six seven many some most few several all both each none half hundreds thousands dozens any lots "
    "majority number handful scores slew host string wave chorus couple trio pair array plenty"
)


class Tree:
    """A sentence's tokens with their children."""

    def __init__(self, sentence: Sentence) -> None:
        self.tokens: Sequence[Token] = sentence.tokens
        self.children: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head != i:
                self.children[token.head].append(i)

    def lower(self, i: int) -> str:
        """A token's text in lower case."""
        return self.tokens[i].text.lower()

    def child(self, i: int, *relations: str) -> int | None:
        """The first child in one of the relations."""
        return next((c for c in self.children[i] if self.tokens[c].relation in relations), None)

    def subtree(self, i: int, without: frozenset[str] = frozenset()) -> list[int]:
        """Positions under a token, itself included, in order; branches in some relations are left out."""
        found, stack = [], [i]
        while stack:
            at = stack.pop()
            found.append(at)
            stack.extend(c for c in self.children[at] if self.tokens[c].relation not in without)
        return sorted(found)


_JOINTS = frozenset("-–&'’./")


@dataclass(frozen=True)
class Mention:
    """Someone as named: the head word and the phrase [first, last) around it, as positions of tokens.

    What is said of them behind (an apposition, a relative clause) lies in [last, behind).
    """

    head: int
    first: int
    last: int
    behind: int


def mentions_of(tree: Tree, head: int, quoted: Sequence[bool], cue: int) -> tuple[Mention, ...]:
    """The phrases that a subject names, one for each coordinated head, unless they are quoted.

    Args:
        tree: the sentence.
        head: head word of the subject.
        quoted: for each token, whether it is inside a quotation.
        cue: the verb, which bounds what is said of a subject before it.
    """
    heads = [head]
    for each in heads:
        heads.extend(
            c
            for c in tree.children[each]
            if tree.tokens[c].relation == "conj" and tree.tokens[c].tag[:1] in "NPCD"
        )
        heads.extend(_listed(tree, each))
    spans = [
        part
        for each in map(partial(_counted, tree), heads)
        if not quoted[each]
        for part in _people_in(tree, each, *_phrase(tree, each, quoted, cue))
    ]
    stops = [first for _, first, _ in spans] + [cue] + [i for i, inside in enumerate(quoted) if inside]
    return tuple(Mention(each, first, last, _behind(tree, last, stops)) for each, first, last in spans)


def _behind(tree: Tree, last: int, stops: Sequence[int]) -> int:
    """Where an apposition or relative clause behind a phrase ends; `last` where there is none."""
    tokens = tree.tokens
    if last >= len(tokens) or not (tokens[last].text in (",", "(") or tokens[last].tag[:1] == "W"):
        return last
    if tokens[last].text == "," and (last + 1 == len(tokens) or tokens[last + 1].tag in _NOT_APPOSED):
        return last
    end = min([stop for stop in stops if stop >= last] + [len(tokens), last + _LONGEST_BEHIND])
    return next((i for i in range(last, end) if tokens[i].text in (";", "—", "–", "--", ")")), end)


def _people_in(tree: Tree, head: int, first: int, last: int) -> list[tuple[int, int, int]]:
    """A phrase parted at 'and' where the parser took two people for one name, else the phrase itself."""
    cut = next((i for i in range(first + 1, last - 1) if tree.lower(i) == "and"), None)
    if cut is None or not all(_names_person(tree, *part) for part in ((first, cut), (cut + 1, last))):
        return [(head, first, last)] if first < last else []
    return [(cut - 1, first, cut), (last - 1, cut + 1, last)]


def _names_person(tree: Tree, first: int, last: int) -> bool:
    """Whether words end in a name that follows a given name or a title."""
    before = tree.tokens[last - 2].text if last - first > 1 else ""
    return tree.tokens[last - 1].text[:1].isupper() and (
        is_given_name(before) or before.rstrip(".") in TITLES
    )


def _listed(tree: Tree, head: int) -> list[int]:
    """The rest of a list that the parser took for appositions ('Jane Doe, her rival John Roe and Ann Poe')."""
    inner = tree.child(head, "appos")
    if tree.tokens[head].tag[:3] != "NNP" or inner is None:
        return []
    person = _names_person(tree, max(0, head - 2), head + 1)
    while person and inner is not None and not _names_person(tree, max(0, inner - 2), inner + 1):
        inner = tree.child(inner, "appos")
    last = tree.child(inner, "conj") if inner is not None else None
    if inner is None or last is None:
        return []
    alike = person or all(
        tree.tokens[i].tag[:3] == "NNP" and role_of(tree.tokens[i].text) is None for i in (inner, last)
    )
    return [inner] if alike else []


def _counted(tree: Tree, head: int) -> int:
    """What a quantity is of ('many of the farmers': farmers)."""
    if tree.lower(head) in _QUANTIFIERS:
        of = tree.child(head, "prep")
        if (
            of is not None
            and tree.lower(of) in ("of", "among")
            and (inner := tree.child(of, "pobj")) is not None
        ):
            return inner
    return head


def _is_joint(tree: Tree, i: int) -> bool:
    """Whether a token is a mark within a word or between its parts, with no space around it ('AFL-CIO')."""
    tokens = tree.tokens
    return (
        0 < i < len(tokens) - 1
        and tokens[i].text in _JOINTS
        and tokens[i - 1].end == tokens[i].start
        and (tokens[i].end == tokens[i + 1].start or tokens[i].text in "'’.")
    )


def _is_joined(tree: Tree, i: int) -> bool:
    """Whether a token goes on a hyphened word, whatever the parser hangs it on ('Kerry-Lynne')."""
    return (
        0 < i < len(tree.tokens)
        and tree.tokens[i - 1].end == tree.tokens[i].start
        and (tree.tokens[i].text in ("-", "–") or tree.tokens[i - 1].text in ("-", "–"))
    )


def _phrase(tree: Tree, head: int, quoted: Sequence[bool], cue: int) -> tuple[int, int]:
    """Bounds of the words next to a head that belong to its phrase; the parser may hang far words on it."""
    parts = [c for c in tree.children[head] if tree.tokens[c].relation not in _NOT_IN_PHRASE]
    phrase = {head, *(i for part in parts for i in tree.subtree(part, _CLAUSES) if not quoted[i])}
    first, last = head, head + 1
    while (
        first - 1 in phrase or (first - 2 in phrase and _is_joint(tree, first - 1)) or _is_joined(tree, first)
    ):
        first -= 1
    while last in phrase or (last + 1 in phrase and _is_joint(tree, last)):
        last += 1
    if first <= cue < last:
        first, last = (first, cue) if head < cue else (cue + 1, last)
    while first < last and tree.tokens[first].relation == "punct":
        first += 1
    while last > first and tree.tokens[last - 1].relation == "punct":
        last -= 1
    return first, last
