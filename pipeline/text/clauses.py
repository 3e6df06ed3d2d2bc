"""Clauses in which someone speaks, takes a position or acts: who is named there, and the word that shows it.

Verbs inside a quotation and in what another claim reports are left out; clauses that only date or
explain count little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text.roles import is_agent, is_body, role_of
from pipeline.text.subjects import name_before, opening_of, own_subject, speaker_of, subject_of
from pipeline.text.trees import Mention, Tree, mentions_of
from pipeline.text.verbs import (
    ACT,
    DOCUMENT_NOUNS,
    DOCUMENT_VERBS,
    POSITION_ADJECTIVES,
    POSITION_NOUNS,
    REACTION_NOUNS,
    SPEECH,
    STANCE,
    is_narration,
    verb_forms,
)
from pipeline.text.words import word_set

_BE = word_set("""
    be is are was were been being am 's 're remain remains remained seem seems seemed sound sounds sounded feel feels felt
    appear appears appeared
""")
_APPEAR = word_set("appear appears appeared seem seems seemed")
_PRO_AND_CON = word_set("for against behind")
_ASIDE = word_set("after since when if because before until once unless so that whether where than")
_VIEWS = word_set("view opinion words eyes estimation judgment judgement telling")
_NEW = word_set("a an another one")
_FOLLOW = 7
_STRENGTH = {SPEECH: 0.9, STANCE: 0.8, ACT: 0.7}
_WEAK, _OWNED, _REACTION, _OPENING, _ASIDE_WEIGHT, _LEAST, _MISREAD = 0.4, 0.55, 0.55, 0.6, 0.4, 0.2, 0.8
_BY_RELATION = {
    "parataxis": 0.9,
    "conj": 0.9,
    "xcomp": 0.9,
    "ccomp": 0.7,
    "advcl": 0.7,
    "dep": 0.7,
    "relcl": 0.5,
    "appos": 0.5,
    "acl": 0.4,
    "pcomp": 0.4,
}
_OTHER_RELATION = 0.6
# weaker claims, such as acts that date another, are left to the narrator
_FAINT = 0.17
_CONTENT = word_set("ccomp xcomp dobj prep pobj dative acomp attr oprd pcomp agent")


@dataclass(frozen=True)
class Claim:
    """A clause that gives someone's word, position or act.

    Attributes:
        mentions: who, as named; several where a subject is coordinated.
        cue: position of the word that shows it.
        kind: speech, stance or act.
        strength: how sure the form is, in [0, 1].
        by_document: the mention is a document that speaks for whoever wrote it.
    """

    mentions: tuple[Mention, ...]
    cue: int
    kind: str
    strength: float
    by_document: bool


def find_claims(tree: Tree, quoted: Sequence[bool]) -> list[Claim]:
    """The claims of a sentence in order of their cues; no word inside a quotation is a cue or a holder."""
    found: dict[int, Claim] = {}
    for i in range(len(tree.tokens)):
        if not quoted[i] and (claim := _claim_at(tree, i, quoted)) is not None and claim.mentions:
            found[i] = claim
    return [
        claim
        for i, claim in sorted(found.items())
        if claim.strength >= _FAINT and not _is_reported(tree, i, found)
    ]


def weak_claim(tree: Tree, quoted: Sequence[bool], any_verb: bool) -> Claim | None:
    """What the main clause of a sentence says someone did, where its verb is none of the lists.

    Args:
        tree: the sentence.
        quoted: for each token, whether it is inside a quotation.
        any_verb: count the verbs of narration too, as in a government's own account of its acts.
    """
    if tree.tokens[-1].text == "?":
        return None
    for i, token in enumerate(tree.tokens):
        if token.head != i or token.tag[:2] != "VB" or quoted[i] or tree.lower(i) in _APPEAR:
            continue
        subject = own_subject(tree, i)
        if subject is None or tree.tokens[subject].relation == "nsubjpass" or tree.lower(subject) == "it":
            continue
        mentions = mentions_of(tree, subject, quoted, i) if not quoted[subject] else ()
        wished = any(tree.lower(c) == "would" for c in tree.children[i])
        told = any_verb or wished or not is_narration(token.text)
        if mentions and (told or introduces_someone(tree, mentions[0])):
            return Claim(mentions, i, ACT, _WEAK, False)
    return None


def introduces_someone(tree: Tree, mention: Mention) -> bool:
    """Whether a phrase brings in a person for what they have to say ('a marina owner in Ontario')."""
    role = role_of(tree.tokens[mention.head].text)
    person = (role is not None and not is_body(role)) or is_agent(tree.tokens[mention.head].text)
    return person and tree.lower(mention.first) in _NEW


def _claim_at(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    """The claim whose cue a token is."""
    token = tree.tokens[i]
    word = token.text.lower()
    if word == "according" and i + 1 < len(tree.tokens) and tree.lower(i + 1) == "to":
        return _according_to(tree, i, quoted)
    if i == 0 and word in ("to", "for"):
        return _claim_of_opening(tree, quoted)
    if token.tag[:2] == "VB":
        return _claim_of_verb(tree, i, quoted)
    if token.tag[:2] == "JJ" and word in POSITION_ADJECTIVES:
        return _claim_of_adjective(tree, i, quoted)
    if token.tag[:2] == "IN" and word in _PRO_AND_CON and tree.lower(token.head) in _BE:
        return _claim(tree, i, subject_of(tree, token.head), STANCE, 1.0, quoted)
    if word == "rather" and any(tree.lower(c) in ("would", "'d") for c in tree.children[token.head]):
        return _claim(tree, i, subject_of(tree, token.head), STANCE, 1.0, quoted)
    if word in _VIEWS and (of := tree.child(i, "prep")) is not None and tree.lower(of) == "of":
        return _claim(tree, i, tree.child(of, "pobj"), STANCE, 1.0, quoted)
    if token.tag[:2] == "NN":
        return _claim_of_noun(tree, i, quoted)
    return None


def _according_to(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    to = next((c for c in tree.children[i] if tree.lower(c) == "to"), i + 1)
    return _claim(tree, i, tree.child(to, "pobj"), SPEECH, 1.0, quoted)


def _claim_of_opening(tree: Tree, quoted: Sequence[bool]) -> Claim | None:
    """'To a farmer in Ohio, the duty is ...' gives the farmer's view."""
    who = tree.child(0, "pobj")
    end = max(tree.subtree(0)) + 1
    if (
        who is None
        or end >= len(tree.tokens)
        or tree.tokens[end].text != ","
        or tree.tokens[who].tag == "PRP"
    ):
        return None
    return _claim(tree, 0, who, STANCE, _OPENING, quoted)


def _claim_of_verb(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    token = tree.tokens[i]
    if token.relation == "amod" and (subject := name_before(tree, i)) is not None and not quoted[subject]:
        kind = _kind_of_verb(tree, i)
        return _claim(tree, i, subject, kind, _MISREAD, quoted) if kind is not None else None
    if token.relation in ("amod", "compound", "aux", "auxpass", "nmod"):
        return None
    by_be = tree.child(i, "auxpass")
    # the parser takes "he's maintained" for a passive
    passive = (by_be is not None and "'" not in tree.lower(by_be).replace("’", "'")) or (
        token.tag == "VBN" and token.relation in ("acl", "advcl")
    )
    if passive:
        return _claim_of_passive(tree, i, quoted)
    if _is_appearance(tree, i):
        return None
    kind = _kind_of_verb(tree, i)
    if kind is None:
        subject = subject_of(tree, i)
        wrote = (
            subject is not None
            and _is_one_of(DOCUMENT_NOUNS, tree.tokens[subject].text)
            and _is_document_verb(tree, i)
        )
        return _claim(tree, i, subject, SPEECH, _clause_weight(tree, i), quoted) if wrote else None
    subject = speaker_of(tree, i, quoted) if kind == SPEECH else subject_of(tree, i)
    # in 'that made it harder to agree', 'it' is nobody
    if subject is not None and tree.lower(subject) == "it" and tree.tokens[subject].head != i:
        return None
    return _claim(tree, i, subject, kind, _clause_weight(tree, i), quoted)


def _is_appearance(tree: Tree, i: int) -> bool:
    """Whether a verb says how things look ('appears poised to push back'): that is the narrator's view."""
    for _ in range(4):
        relation, head = tree.tokens[i].relation, tree.tokens[i].head
        if head == i or relation not in ("conj", "xcomp", "ccomp", "acomp", "oprd"):
            return False
        if tree.lower(head) in _APPEAR:
            return relation != "conj"
        i = head
    return False


def _claim_of_passive(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    """'X was accused by Y' is Y's claim; 'X is worried' is X's."""
    if tree.lower(i) in POSITION_ADJECTIVES:
        return _claim(tree, i, subject_of(tree, i), STANCE, _clause_weight(tree, i), quoted)
    by = tree.child(i, "agent")
    kind = _kind_of_verb(tree, i)
    if by is None or kind is None:
        return None
    return _claim(tree, i, tree.child(by, "pobj"), kind, _clause_weight(tree, i), quoted)


def _claim_of_adjective(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    """'X is wary'."""
    token = tree.tokens[i]
    if token.relation not in ("acomp", "conj", "oprd", "attr", "advcl"):
        return None
    head = token.head
    while tree.tokens[head].relation == "conj" and tree.tokens[head].tag[:2] == "JJ":
        head = tree.tokens[head].head
    subject = subject_of(tree, head)
    if subject is None or tree.lower(subject) in ("it", "that", "this"):
        return None
    if tree.lower(head) not in _BE and tree.tokens[head].tag[:2] != "VB":
        return None
    return _claim(tree, i, subject_of(tree, head), STANCE, _clause_weight(tree, head), quoted)


def _claim_of_noun(tree: Tree, i: int, quoted: Sequence[bool]) -> Claim | None:
    """'X's message was ...', 'a pledge of X's' and 'criticism from X'."""
    token = tree.tokens[i]
    if token.relation in ("nsubj", "nsubjpass", "attr") and _is_one_of(POSITION_NOUNS, token.text):
        owner = _owner(tree, i)
        if owner is not None:
            return _claim(tree, i, owner, STANCE, _OWNED * _clause_weight(tree, token.head), quoted)
    if token.text.lower() in REACTION_NOUNS:
        source = next((c for c in tree.children[i] if tree.lower(c) in ("from", "by")), None)
        if source is None and tree.tokens[token.head].tag[:2] == "VB":
            source = next((c for c in tree.children[token.head] if tree.lower(c) == "from" and c > i), None)
        if source is not None:
            return _claim(tree, i, tree.child(source, "pobj"), STANCE, _REACTION, quoted)
    return None


def _claim(
    tree: Tree, i: int, subject: int | None, kind: str, weight: float, quoted: Sequence[bool]
) -> Claim | None:
    """A claim of whoever the subject names, or who owns the document or view that it names."""
    if subject is None or quoted[subject]:
        opening = opening_of(tree, i, quoted) if tree.tokens[i].head == i else None
        return Claim((opening,), i, kind, _OPENING * weight, False) if opening is not None else None
    by_document = False
    document = _is_one_of(DOCUMENT_NOUNS, tree.tokens[subject].text)
    if document or _is_one_of(POSITION_NOUNS, tree.tokens[subject].text):
        owner = _owner(tree, subject)
        by_document = document and owner is None and kind == SPEECH and _is_document_verb(tree, i)
        if owner is None and not by_document:
            return None
        subject = subject if owner is None else owner
    return Claim(mentions_of(tree, subject, quoted, i), i, kind, _STRENGTH[kind] * weight, by_document)


def _owner(tree: Tree, noun: int) -> int | None:
    """Whose a document or view is: 'X's letter', 'the letter of X', 'a White House letter'."""
    if (owner := tree.child(noun, "poss")) is not None:
        return owner
    for prep in tree.children[noun]:
        if tree.lower(prep) in ("of", "from", "by") and (owner := tree.child(prep, "pobj")) is not None:
            if (of_it := tree.child(owner, "poss")) is not None:
                return of_it
            if tree.tokens[owner].tag[:3] == "NNP" or role_of(tree.tokens[owner].text):
                return owner
    compounds = [c for c in tree.children[noun] if tree.tokens[c].relation in ("compound", "nmod")]
    return next((c for c in reversed(compounds) if tree.tokens[c].tag[:3] == "NNP"), None)


def _is_one_of(nouns: frozenset[str], word: str) -> bool:
    """Whether a word or its singular is in a list."""
    lower = word.lower()
    return lower in nouns or lower.removesuffix("s") in nouns


def _is_document_verb(tree: Tree, i: int) -> bool:
    return any(verb.lemma in DOCUMENT_VERBS for verb in verb_forms().get(tree.lower(i), ()))


def _kind_of_verb(tree: Tree, i: int) -> str | None:
    """Kind of the claim that a verb makes, by its form and what follows it."""
    following = {tree.lower(j) for j in range(i + 1, min(len(tree.tokens), i + 1 + _FOLLOW))}
    for verb in verb_forms().get(tree.lower(i), ()):
        if verb.lemma == "add" and _adds_a_thing(tree, i):
            continue
        if not verb.words or verb.words & following:
            return verb.kind
    return None


def _adds_a_thing(tree: Tree, i: int) -> bool:
    """Whether 'add' means more of something and no word: 'it would add ten dollars', but not ', added Doe'."""
    thing = tree.child(i, "dobj")
    return thing is not None and not (thing == i + 1 and tree.tokens[thing].tag[:3] == "NNP")


def _clause_weight(tree: Tree, i: int) -> float:
    """How much a clause counts: a main one wholly, one that dates or explains little."""
    weight = 1.0
    while tree.tokens[i].head != i and weight > _LEAST:
        relation = tree.tokens[i].relation
        factor = _BY_RELATION.get(relation, _OTHER_RELATION)
        mark = tree.child(i, "mark", "advmod") if relation == "advcl" else None
        weight *= _ASIDE_WEIGHT if mark is not None and tree.lower(mark) in _ASIDE else factor
        i = tree.tokens[i].head
    return max(weight, _LEAST)


def _is_reported(tree: Tree, i: int, claims: dict[int, Claim]) -> bool:
    """Whether a claim is part of what another speaker or thinker says; 'as X promised' is not."""
    mark = tree.child(i, "mark") if tree.tokens[i].relation == "advcl" else None
    if tree.lower(i) == "according" or (mark is not None and tree.lower(mark) == "as"):
        return False
    at = i
    while tree.tokens[at].head != at:
        head = tree.tokens[at].head
        if tree.tokens[at].relation in _CONTENT and head in claims and claims[head].kind != ACT:
            return True
        at = head
    return False
