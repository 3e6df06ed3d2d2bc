"""Whose a verb is: its subject in the parse, or in the words beside it where the parser errs."""

from collections.abc import Sequence

from pipeline.text.names import is_given_name
from pipeline.text.roles import role_of
from pipeline.text.trees import Mention, Tree, mentions_of
from pipeline.text.words import word_set

_LONGEST_OPENING = 8
_SHARES_SUBJECT = word_set("conj xcomp advcl pcomp prep ccomp dep acomp attr advmod oprd")
# verbs whose speaker may stand behind them ('said the mayor')
_INVERTING = word_set("""
    say says said state states stated add adds added ask asks asked argue argues argued explain explains explained reply replies replied answer answers
    answered note notes noted write writes wrote warn warns warned observe observes observed remark remarks remarked insist insists
    insisted joke jokes joked recall recalls recalled conclude concludes concluded tweet tweets tweeted declare declares declared quip
    quips quipped report reports reported respond responds responded claim claims claimed contend contends contended predict predicts
    predicted caution cautions cautioned lament laments lamented complain complains complained announce announces announced agree agrees
    agreed continue continues continued counter counters countered retort retorts retorted repeat repeats repeated concede
    concedes conceded admit admits admitted think thinks thought wonder wonders wondered read reads
""")
_BEHIND_CUE = word_set("dobj attr oprd npadvmod nsubj ccomp dative dep pobj intj appos nsubjpass")


def subject_of(tree: Tree, verb: int) -> int | None:
    """Head of a verb's subject, its own or that of the verb it hangs on; None where there is none."""
    for _ in range(6):
        own = own_subject(tree, verb)
        # 'did not say which countries would be hit, but hinted': whoever did not say it hinted
        if own is not None and any(tree.tokens[c].tag == "WDT" for c in tree.children[own]):
            own = None
        relation, head = tree.tokens[verb].relation, tree.tokens[verb].head
        if relation == "relcl" and (own is None or tree.tokens[own].tag[:1] == "W"):
            return _antecedent(tree, head)
        if own is not None:
            return own
        if relation == "acl":
            return head if tree.tokens[verb].tag in ("VBG", "VBD") else None
        if relation not in _SHARES_SUBJECT or head == verb:
            return None
        verb = head
    return None


def own_subject(tree: Tree, verb: int) -> int | None:
    """A verb's own subject; of several that the parser gives, a person, else the nearest before it."""
    subjects = [c for c in tree.children[verb] if tree.tokens[c].relation in ("nsubj", "nsubjpass")]
    # 'both have each indicated': the quantity is not who
    subjects = [c for c in subjects if tree.tokens[c].tag != "DT"] or subjects
    before = [c for c in subjects if c < verb]
    people = [c for c in before if c and is_given_name(tree.tokens[c - 1].text)]
    own = next(iter([*people, *reversed(before), *subjects]), None)
    return _subject_cut_off(tree, verb) if own is None else own


def speaker_of(tree: Tree, verb: int, quoted: Sequence[bool]) -> int | None:
    """Head of who speaks by a verb of speech."""
    subject = subject_of(tree, verb)
    if (behind := _behind(tree, verb, quoted)) is not None:
        return behind
    if subject is None or quoted[subject]:
        return _beside(tree, verb, quoted) or _person_before(tree, verb, quoted)
    nearer = _set_off(tree, verb, subject)
    return subject if nearer is None or quoted[nearer] else nearer


def opening_of(tree: Tree, verb: int, quoted: Sequence[bool]) -> Mention | None:
    """The name that opens a sentence before its first comma or verb, where the parser finds no subject ('Doe, in a post, called')."""
    end = 0
    while (
        end < verb
        and tree.tokens[end].text != ","
        and not quoted[end]
        and tree.tokens[end].tag[:2] not in ("VB", "MD", "IN")
    ):
        end += 1
    if not 0 < end <= _LONGEST_OPENING or not tree.tokens[end - 1].text[:1].isupper():
        return None
    return Mention(end - 1, 0, end, verb)


def main_subject(tree: Tree, quoted: Sequence[bool]) -> tuple[Mention, ...]:
    """Who or what the main clause of a sentence is about."""
    for i, token in enumerate(tree.tokens):
        if token.head == i and token.tag[:2] in ("VB", "MD") and not quoted[i]:
            subject = own_subject(tree, i)
            if subject is not None and not quoted[subject]:
                return mentions_of(tree, subject, quoted, i)
    return ()


def _antecedent(tree: Tree, head: int) -> int:
    """Whom 'who' stands for: not the place in 'a manager near Buffalo, who', which the parser often takes."""
    at = head
    while tree.tokens[at].relation == "pobj" and role_of(tree.tokens[at].text) is None:
        at = tree.tokens[tree.tokens[at].head].head
    return at if role_of(tree.tokens[at].text) else head


def _subject_cut_off(tree: Tree, verb: int) -> int | None:
    """The broker in 'a broker, reached at her desk, said', whom the parser gives to 'reached'."""
    for child in tree.children[verb]:
        token = tree.tokens[child]
        if (
            child < verb
            and token.tag in ("VBN", "VBD", "VBG")
            and tree.child(child, "aux", "auxpass") is None
        ):
            inner = [c for c in tree.children[child] if tree.tokens[c].relation == "nsubj" and c < child]
            if inner and token.relation in ("ccomp", "csubj", "advcl", "dep"):
                return inner[-1]
    return None


def _beside(tree: Tree, verb: int, quoted: Sequence[bool]) -> int | None:
    """The noun next to a verb of speech whose subject the parser missed: right behind it, else right before."""
    for child in tree.children[verb] if tree.lower(verb) in _INVERTING else ():
        token = tree.tokens[child]
        if (
            child > verb
            and token.relation in _BEHIND_CUE
            and token.tag[:2] in ("NN", "PR")
            and not quoted[child]
        ):
            between = range(verb + 1, min(tree.subtree(child)))
            if all(tree.tokens[j].tag[:2] in ("RB", "PD") for j in between):
                return child
    before = _word_before(tree, verb)
    if before is not None and tree.tokens[before].relation == "pobj":
        # 'an owner whose customers came from Maine said': the last person, not the last word
        roles = [
            i
            for i in range(before)
            if role_of(tree.tokens[i].text) and tree.tokens[i].relation not in ("pobj", "compound")
        ]
        before = roles[-1] if roles else None
    return before if before is not None and not quoted[before] else None


def _set_off(tree: Tree, verb: int, subject: int) -> int | None:
    """The speaker behind a comma in 'Canada, a geographer in Calgary told reporters, has ...', whom the parser misses."""
    first = verb
    while (
        first > 0
        and verb - first <= _LONGEST_OPENING
        and tree.tokens[first - 1].text not in (",", "—", "–", "--")
    ):
        first -= 1
    segment = tree.tokens[first:verb]
    if subject and is_given_name(tree.tokens[subject - 1].text):
        return None
    if first == 0 or not segment or subject >= first - 1 or verb - first > _LONGEST_OPENING:
        return None
    if any(token.tag[:2] in ("VB", "MD", "CC", "WP", "WD") for token in segment):
        return None
    preposition = next((i for i in range(first, verb) if tree.tokens[i].tag == "IN"), verb)
    nouns = [i for i in range(first, preposition) if tree.tokens[i].tag[:2] in ("NN", "PR")]
    return nouns[-1] if nouns else None


def _behind(tree: Tree, verb: int, quoted: Sequence[bool]) -> int | None:
    """The speaker in ', noted Desjardins' whom the parser takes for what was noted."""
    if tree.lower(verb) not in _INVERTING or verb == 0 or tree.tokens[verb - 1].relation != "punct":
        return None
    for child in tree.children[verb]:
        token = tree.tokens[child]
        someone = token.tag[:3] == "NNP" or role_of(token.text) is not None
        if child > verb and token.relation == "dobj" and someone and not quoted[child]:
            return child if min(tree.subtree(child)) == verb + 1 else None
    return None


def name_before(tree: Tree, verb: int) -> int | None:
    """The subject of a past tense that the parser takes for an adjective ('Trump signed orders')."""
    if verb == 0 or tree.tokens[verb].tag not in ("VBN", "VBD"):
        return None
    before = tree.tokens[verb - 1]
    named = (
        before.text[:1].isupper()
        and before.tag[:2] == "NN"
        and before.relation not in ("compound", "poss", "amod")
    )
    return verb - 1 if named else None


def _person_before(tree: Tree, verb: int, quoted: Sequence[bool]) -> int | None:
    """The nearest person set off by commas before a verb ('..., Jane Doe, director of trade at ..., said')."""
    for i in range(verb - 2, 0, -1):
        if tree.tokens[i - 1].text == "," and is_given_name(tree.tokens[i].text) and not quoted[i]:
            last = i + 1
            while last < verb and tree.tokens[last].text[:1].isupper():
                last += 1
            return last - 1 if last > i + 1 else None
    return None


def _word_before(tree: Tree, verb: int) -> int | None:
    """The noun or pronoun before a verb and its adverbs."""
    at = verb - 1
    while at >= 0 and tree.tokens[at].tag[:2] == "RB":
        at -= 1
    return at if at >= 0 and tree.tokens[at].tag[:2] in ("NN", "PR") else None
