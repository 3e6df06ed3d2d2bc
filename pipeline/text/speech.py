"""An article read line by line: what each sentence claims, and whose the quotations are."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text.cast import Cast, Holder
from pipeline.text.clauses import Claim, find_claims, introduces_someone, weak_claim
from pipeline.text.names import TITLES, is_given_name
from pipeline.text.parties import parties_of
from pipeline.text.quotes import Quote, find_posts
from pipeline.text.roles import role_of
from pipeline.text.scenes import Scene
from pipeline.text.sentences import Sentence
from pipeline.text.subjects import main_subject
from pipeline.text.trees import Mention, Tree, mentions_of
from pipeline.text.verbs import ACT, SPEECH

_INTRODUCED, _BY_SUBJECT, _SAME_PARAGRAPH, _GOES_ON, _TAIL, _BEFORE, _LAST = (
    0.9,
    0.6,
    0.85,
    0.85,
    0.8,
    0.6,
    0.4,
)
_MOSTLY = 0.5
_TAIL_WORDS = 14
_AUDIBLE = 0.3
_FAINT = 0.2
_INAUDIBLE = 0.05
# what these do by verbs of no list is business as usual
_NARRATED = frozenset({"business", "expert", "public", "unknown"})


@dataclass(frozen=True)
class Heard:
    """Someone's claim: the text of its cue and where that stands, its kind, and how sure it is, in [0, 1]."""

    holder: Holder
    cue: str
    at: int
    kind: str
    score: float


@dataclass(frozen=True)
class Line:
    """A sentence as it was read.

    Attributes:
        sentence: where it stands.
        paragraph: number of its paragraph.
        quotes: numbers of the quotations that it overlaps.
        quoted: share of its words that are quoted.
        heard: its claims, in order of their cues.
        subject: who its main clause is about, or who the label before a colon names, if anyone.
        labelled: whether it is a label.
    """

    sentence: Sentence
    paragraph: int
    quotes: tuple[int, ...]
    quoted: float
    heard: tuple[Heard, ...]
    subject: Holder | None
    labelled: bool = False

    @property
    def is_speech(self) -> bool:
        """Whether it is for the most part what someone says."""
        return self.quoted >= _MOSTLY or (self.labelled and bool(self.quotes))

    @property
    def said(self) -> tuple[Heard, ...]:
        """Its claims in words, acts left out."""
        return tuple(heard for heard in self.heard if heard.kind != ACT and heard.score >= _FAINT)


class Reader:
    """Reads one article's sentences in order; its cast fills on the way."""

    def __init__(self, text: str, quotes: Sequence[Quote], cast: Cast, scene: Scene, official: bool) -> None:
        self._text = text
        self._official = official
        self._quotes = quotes
        self._ends = [quote.end for quote in quotes]
        self._cast = cast
        self._scene = scene
        self._posts = find_posts(text)

    def read(self, sentences: Sequence[Sentence]) -> list[Line]:
        """The lines of the article."""
        lines: list[Line] = []
        paragraph, last_end = 0, 0
        for sentence in sentences:
            paragraph += "\n" in self._text[last_end : sentence.start]
            earlier = [line.sentence for line in lines[-8:] if line.paragraph == paragraph]
            lines.append(self._line(sentence, paragraph, earlier))
            last_end = sentence.end
        return lines

    def _line(self, sentence: Sentence, paragraph: int, earlier: Sequence[Sentence]) -> Line:
        first = bisect_right(self._ends, sentence.start)
        quotes = tuple(i for i in range(first, len(self._quotes)) if self._quotes[i].start < sentence.end)
        tree = Tree(sentence)
        inside = [
            any(self._quotes[i].start <= token.start < self._quotes[i].end for i in quotes)
            for token in tree.tokens
        ]
        words = [here for here, token in zip(inside, tree.tokens, strict=True) if token.text[:1].isalnum()]
        share = sum(words) / len(words) if words else 0.0
        post = next((post for post in self._posts if post.start <= sentence.start < post.end), None)
        if post is not None:
            author = self._scene.of_outlet(self._cast.author_of(post.author))
            return Line(
                sentence, paragraph, (), 0.0, (Heard(author, "@", post.end, SPEECH, author.certainty),), None
            )
        if share == 1:
            return Line(sentence, paragraph, quotes, share, (), None)
        place = _Place(tree, inside, sentence, earlier)
        heard = self._heard(place)
        subject = next(
            (who for mention in main_subject(tree, inside) for who in self._who(place, mention, ())), None
        )
        label = _label(tree, inside) if not heard and subject is None else None
        if label is not None:
            subject = next(iter(self._who(place, label, ())), None)
        for mention in _people(tree, inside):
            for person in self._who(place, mention, ()):
                if person.number == "one":
                    self._cast.meet(person)
        for holder in (*((subject,) if subject else ()), *(each.holder for each in heard)):
            self._cast.meet(holder)
        return Line(sentence, paragraph, quotes, share, tuple(heard), subject, label is not None)

    def _heard(self, place: "_Place") -> list[Heard]:
        """The claims of a sentence with their holders; a weak one only where there is no other."""
        heard: list[Heard] = []
        for claim in find_claims(place.tree, place.inside):
            heard += self._heard_in(place, claim, [each.holder for each in heard])
        if not any(each.score >= _AUDIBLE for each in heard):
            weak = weak_claim(place.tree, place.inside, self._official)
            if weak is not None:
                counts = self._official or introduces_someone(place.tree, weak.mentions[0])
                found = self._heard_in(place, weak, [])
                heard += [each for each in found if counts or each.holder.kind not in _NARRATED]
        return heard

    def _heard_in(self, place: "_Place", claim: Claim, here: Sequence[Holder]) -> list[Heard]:
        cue = place.tree.tokens[claim.cue]
        holders: list[Holder] = []
        if claim.by_document:
            holders += self._cast.author()
        else:
            for mention in claim.mentions:
                holders += self._who(place, mention, (*here, *holders))
        heard = [
            Heard(holder, cue.text, cue.start, claim.kind, claim.strength * holder.certainty)
            for holder in holders
        ]
        return [each for each in heard if each.score >= _INAUDIBLE]

    def _who(self, place: "_Place", mention: Mention, here: Sequence[Holder]) -> tuple[Holder, ...]:
        """Who a mention is, on the side of the scene where nothing says which."""
        parties = parties_of(self._text, place.tree, mention, self._cast)
        if parties:
            return parties
        found = self._cast.find(place.tree, mention, here)
        if found is None:
            return ()
        start, end = place.tree.tokens[mention.first].start, place.tree.tokens[mention.last - 1].end
        return (self._scene.place(found, start, end, place.sentence, place.earlier),)


@dataclass(frozen=True)
class _Place:
    """A sentence with its tree, and those before it in the paragraph."""

    tree: Tree
    inside: Sequence[bool]
    sentence: Sentence
    earlier: Sequence[Sentence]


def _label(tree: Tree, inside: Sequence[bool]) -> Mention | None:
    """The phrase before a colon that ends a line or comes before its quotation ('Jane Doe of Unifor: "..."')."""
    colon = next((i for i, token in enumerate(tree.tokens) if token.text == ":" and not inside[i]), None)
    if colon is None or not (colon == len(tree.tokens) - 1 or inside[colon + 1]):
        return None
    if any(tree.tokens[i].tag[:2] in ("VB", "MD") for i in range(colon)):
        return None
    nouns = [i for i in range(colon) if tree.tokens[i].tag[:2] == "NN"]
    # 'Jane Doe of Unifor' is Jane Doe
    within = next((i for i in range(colon) if nouns and i > nouns[0] and tree.tokens[i].tag == "IN"), colon)
    named = [i for i in nouns if i < within]
    if not named or not (role_of(tree.tokens[named[-1]].text) or tree.tokens[named[-1]].text[:1].isupper()):
        return None
    return Mention(named[-1], nouns[0], nouns[-1] + 1, nouns[-1] + 1)


def _people(tree: Tree, inside: Sequence[bool]) -> list[Mention]:
    """People whom a sentence names in full or with a title, wherever they stand in it."""
    found: list[Mention] = []
    for i in range(1, len(tree.tokens)):
        token, before = tree.tokens[i], tree.tokens[i - 1].text
        if token.tag[:3] != "NNP" or token.relation == "compound" or inside[i]:
            continue
        if is_given_name(before) or before.rstrip(".") in TITLES:
            found.extend(mention for mention in mentions_of(tree, i, inside, -1) if mention.head == i)
    return found


def speakers_of_quotes(text: str, lines: Sequence[Line], quotes: Sequence[Quote]) -> list[tuple[Heard, ...]]:
    """For each line that is all or mostly quotation and claims nothing itself: whose words they are."""
    speakers: dict[int, tuple[Heard, ...]] = {}
    last: tuple[Heard, ...] = ()
    by_quote: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        for i in line.quotes:
            by_quote.setdefault(i, []).append(number)
    for i, numbers in sorted(by_quote.items()):
        own = _cued(quotes[i], [lines[number] for number in numbers])
        if not own and any(lines[number].is_speech for number in numbers):
            own = _around(text, lines, numbers, quotes, i, speakers) or _weaker(last, _LAST)
        elif own:
            last = own
        if own:
            speakers[i] = own
    return [
        speakers.get(line.quotes[-1], ()) if line.quotes and line.is_speech and not line.heard else ()
        for line in lines
    ]


def _cued(quote: Quote, lines: Sequence[Line]) -> tuple[Heard, ...]:
    """Who is said to speak in the lines of a quotation: the claim whose cue is nearest to a mark of it."""
    said = [heard for line in lines for heard in line.said]
    if not said:
        return ()
    nearest = min(said, key=lambda heard: min(abs(heard.at - quote.end), abs(heard.at - quote.start)))
    return tuple(heard for heard in said if heard.at == nearest.at)


def _around(
    text: str,
    lines: Sequence[Line],
    numbers: Sequence[int],
    quotes: Sequence[Quote],
    i: int,
    speakers: dict[int, tuple[Heard, ...]],
) -> tuple[Heard, ...]:
    """Who speaks a quotation without a cue of its own, by what stands before and behind it."""
    first, end = lines[numbers[0]], lines[numbers[-1]]
    before = lines[numbers[0] - 1] if numbers[0] else None
    behind = lines[numbers[-1] + 1] if numbers[-1] + 1 < len(lines) else None
    if text[: quotes[i].start].rstrip().endswith(":"):
        by = first if first.subject else before
        if by is not None and (by.said or by.subject):
            return _weaker(by.said[-1:], _INTRODUCED) or _by_subject(by, _INTRODUCED)
    if quotes[i].goes_on and i - 1 in speakers:
        return _weaker(speakers[i - 1], _GOES_ON)
    if first.subject is not None and first.quoted < 1:
        return _by_subject(first, _BY_SUBJECT)
    if before is not None and before.paragraph == first.paragraph:
        spoken = speakers.get(before.quotes[-1], ()) if before.quotes else ()
        if found := spoken or before.said[-1:]:
            return _weaker(found, _SAME_PARAGRAPH)
    if behind is not None and behind.paragraph == end.paragraph and behind.quoted == 0:
        short = len(behind.sentence.tokens) <= _TAIL_WORDS
        if behind.said and short:
            return _weaker(behind.said[:1], _TAIL)
    if before is not None and before.said:
        return _weaker(before.said[-1:], _BEFORE)
    return ()


def _by_subject(line: Line, factor: float) -> tuple[Heard, ...]:
    """A quotation given to who the line around or before it is about."""
    if line.subject is None:
        return ()
    return (Heard(line.subject, ":", line.sentence.end, "speech", factor * line.subject.certainty),)


def _weaker(heard: Sequence[Heard], factor: float) -> tuple[Heard, ...]:
    return tuple(Heard(each.holder, each.cue, each.at, each.kind, factor * each.score) for each in heard)
