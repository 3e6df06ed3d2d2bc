"""Where the narrator stands: the side of someone of whom the article says no more than that they are there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.text.cast import Holder
from pipeline.text.places import find_places
from pipeline.text.sentences import Sentence
from pipeline.text.words import split_words

_DATELINE = re.compile(
    r"\s*(?P<place>[A-Z][A-Z .,'’\-]{2,40}(?:, [A-Z][\w. ]{1,20})?)(?: \([^)]{1,40}\)| — | - | – |\s--\s)"
)
# where a sentence says at its opening that it plays ('In Sarnia, ...', 'Across the river in Detroit, ...')
_OPENING = re.compile(
    r"\s*(?:[\"“(])?(?:(?:Back|Over|Down|Up|Out|Here|Later|But|And|Meanwhile|Elsewhere),? )?"
    r"(?:In|At|Near|Outside|Across|Around|From|Inside|North of|South of|Along|On) (?P<where>[^,;:.]{2,60}(?:, [A-Z][\w.]{1,20})?),"
)
_THERE = re.compile(r"\b(?:there|here|nearby|local)\b")
_SAME_SENTENCE, _SAME_PARAGRAPH, _DATELINE_SIDE, _OUTLET, _NOWHERE = 0.6, 0.5, 0.35, 0.3, 0.2


@dataclass(frozen=True)
class Scene:
    """What an article says of its own place: sides of the dateline and of the outlet, 'unknown' where it is silent."""

    text: str
    dateline: str
    country: str

    @classmethod
    def of(cls, text: str, country: str) -> "Scene":
        """The scene of an article that an outlet of a country published."""
        match = _DATELINE.match(text)
        sides = _sides(text, match.start("place"), match.end("place")) if match else []
        return cls(text, sides[-1] if sides else "unknown", country)

    def place(
        self, holder: Holder, start: int, end: int, sentence: Sentence, before: Sequence[Sentence]
    ) -> Holder:
        """A holder without a side given the side of the scene; any other as they are.

        Args:
            holder: named in text[start:end].
            start: first character of the mention.
            end: one past its last.
            sentence: that it stands in.
            before: sentences before it in the paragraph, in order.
        """
        if holder.side != "unknown":
            return holder
        for each, certainty in (
            (sentence, _SAME_SENTENCE),
            *((one, _SAME_PARAGRAPH) for one in reversed(before)),
        ):
            opening = _OPENING.match(self.text, each.start, each.end)
            if opening is not None and (sides := _sides(self.text, *opening.span("where"))):
                return replace(holder, side=sides[-1], certainty=certainty)
        if _THERE.search(self.text, start, end):
            for each in reversed(before):
                if sides := _sides(self.text, each.start, each.end):
                    return replace(holder, side=sides[-1], certainty=_SAME_PARAGRAPH)
        return self.of_outlet(holder)

    def of_outlet(self, holder: Holder) -> Holder:
        """A holder without a side given that of the dateline, else of the outlet."""
        if holder.side != "unknown":
            return holder
        for side, certainty in ((self.dateline, _DATELINE_SIDE), (self.country, _OUTLET)):
            # an outlet abroad says nothing of a person's side, but its unnamed experts are mostly of its own world
            if side in ("us", "canada") or (side == "other" and holder.kind == "expert"):
                return replace(holder, side=side, certainty=certainty)
        return replace(holder, certainty=_NOWHERE)


def _sides(text: str, start: int, end: int) -> list[str]:
    """Sides of the towns and regions in text[start:end], in order."""
    words = split_words(text, start, end)
    return [place.side for place in find_places(words)]
