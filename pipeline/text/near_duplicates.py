"""Copies of one text: candidates by MinHash, every one re-checked on its shingles.

A story is its first document and the documents that are like *that one*: likeness does not chain, so a
series of small edits cannot join two texts that have little in common.
"""

import datetime
import hashlib
import re
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_WORD = re.compile(r"\w+")
# Below this a text is a flash or a template ("Toronto stocks close 0.4% lower"): one changed word
# changes the news, so such texts are copies only when they are equal.
_SHORT_WORDS = 20
# The shorter text counts as contained in the longer one only when it is at least so long beside it: an item
# of a market roundup is no copy of the roundup, and a roundup would otherwise swallow all of its items.
_LENGTH_SHARE = 1 / 3
# Two minima a band: a pair with Jaccard index j becomes a candidate with 1 - (1 - j**2) ** bands.
_BAND_ROWS = 2
_BASE = np.uint64(0x9E3779B97F4A7C15)


class Stories(NamedTuple):
    """For each document, in the order given: its story's first document and its likeness to it in [0, 1]."""

    story_ids: list[str]
    similarities: list[float]


@dataclass(frozen=True)
class _Document:
    """A text as compared: its words' digest, its distinct shingles (sorted), its bands."""

    digest: bytes
    shingles: np.ndarray
    bands: tuple[int, ...]


def find_stories(
    ids: Sequence[str],
    titles: Sequence[str],
    texts: Sequence[str],
    dates: Sequence[datetime.date | None],
    *,
    shingle_words: int,
    permutations: int,
    similarity: float,
    window_days: int,
    seed: int,
) -> Stories:
    """Group documents into stories, whatever the order they come in.

    Documents are taken by date, undated ones last, then by id. Each joins the story whose first document
    it is most like, if that likeness reaches `similarity` and the first document is at most `window_days`
    older; otherwise it begins a story. Likeness is the greater of the Jaccard index of the two sets of word
    shingles and the share of the shorter one's shingles found in the longer, the latter only where the
    shorter has a third or more of the longer one's. Case and punctuation do not count. An undated text is a
    copy only of an equal text; one of fewer than 20 words only of an equal text under an equal title, because
    many a teaser ("Everything you need to win.") stands under other titles every day.

    Candidates are documents that share a band of two MinHash minima (Broder 1997, "On the resemblance and
    containment of documents"; affine permutations modulo 2**32 as in datasketch 2). A pair with Jaccard
    index .25 is missed in 2 of 100 cases with 128 permutations, in 2 of 1000 with 192; one with .5 never.

    Args:
        ids: n distinct names.
        titles: n titles.
        texts: n texts, in the same order.
        dates: n days of publication, None where unknown.
        shingle_words: words of one shingle.
        permutations: minima of a signature; an even number.
        similarity: least likeness of a copy, in (0, 1].
        window_days: most days from the story's first document to a copy.
        seed: of the permutations.

    Raises:
        ValueError: the numbers of ids, titles, texts and dates differ, an id stands twice, or `permutations` is odd.
    """
    if not len(ids) == len(set(ids)) == len(titles) == len(texts) == len(dates):
        raise ValueError(
            f"{len(ids)} ids ({len(set(ids))} distinct), {len(titles)} titles, {len(texts)} texts and"
            f" {len(dates)} dates; there must be one of each for every document"
        )
    reader = _Reader(shingle_words, permutations, seed)
    firsts = _Firsts(similarity, datetime.timedelta(days=window_days))
    order = sorted(range(len(ids)), key=lambda i: (dates[i] is None, dates[i] or datetime.date.min, ids[i]))
    story_ids, similarities = list(ids), [1.0] * len(ids)
    for rank, i in enumerate(order):
        document = reader.read(titles[i], texts[i])
        if document is None:
            continue
        found = firsts.find(document, dates[i])
        if found is None:
            firsts.add(rank, document, dates[i])
        else:
            story_ids[i], similarities[i] = ids[order[found[0]]], found[1]
    return Stories(story_ids, similarities)


class _Numbers(dict[str, int]):
    """A 64-bit number for each word, made when first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = int.from_bytes(_digest([word])[:8], "little")
        return number


class _Reader:
    """Turns texts into documents."""

    def __init__(self, shingle_words: int, permutations: int, seed: int) -> None:
        if permutations % _BAND_ROWS:
            raise ValueError(f"permutations must be a multiple of {_BAND_ROWS}, found {permutations}")
        random = np.random.default_rng(seed)
        self._shingle_words = shingle_words
        # An odd factor makes x -> factor * x + shift a permutation of the 32-bit numbers.
        self._factors = random.integers(0, 2**32, permutations, dtype=np.uint32) | np.uint32(1)
        self._shifts = random.integers(0, 2**32, permutations, dtype=np.uint32)
        # Bands are told apart by these, so that one dictionary holds them all.
        self._salts = random.integers(0, 2**64, permutations // _BAND_ROWS, dtype=np.uint64)
        self._numbers = _Numbers()

    def read(self, title: str, text: str) -> _Document | None:
        """A text as compared; None for one without a word."""
        words = _words(text)
        if not words:
            return None
        if len(words) < max(_SHORT_WORDS, self._shingle_words):
            return _Document(_digest([*_words(title), "", *words]), np.empty(0, dtype=np.uint64), ())
        shingles = self._shingles(words)
        return _Document(_digest(words), shingles, self._bands(shingles))

    def _shingles(self, words: list[str]) -> np.ndarray:
        """64-bit numbers of the distinct shingles, sorted: a polynomial in the numbers of the words."""
        numbers = np.array([self._numbers[word] for word in words], dtype=np.uint64)
        count = len(words) - self._shingle_words + 1
        shingles = numbers[:count].copy()
        for offset in range(1, self._shingle_words):
            shingles *= _BASE
            shingles += numbers[offset : offset + count]
        return np.unique(shingles)

    def _bands(self, shingles: np.ndarray) -> tuple[int, ...]:
        """One 64-bit number a band: two minima side by side, salted."""
        hashes = (shingles >> np.uint64(32)).astype(np.uint32)
        permuted = hashes[:, None] * self._factors
        permuted += self._shifts
        return tuple((permuted.min(axis=0).view(np.uint64) ^ self._salts).tolist())


class _Firsts:
    """The first documents of the stories so far, by rank; dated ones are let go when they grow too old."""

    def __init__(self, similarity: float, window: datetime.timedelta) -> None:
        self._similarity = similarity
        self._window = window
        self._equals: dict[bytes, list[int]] = {}
        self._bands: dict[int, list[int]] = {}
        self._recent: dict[int, _Document] = {}
        self._ages: deque[tuple[int, datetime.date]] = deque()

    def find(self, document: _Document, date: datetime.date | None) -> tuple[int, float] | None:
        """The first document that this one copies, and its likeness to it; of equally like ones the first."""
        equals = self._equals.get(document.digest)
        if date is None:
            return (equals[0], 1.0) if equals else None
        self._forget_before(date - self._window)
        if equals and equals[-1] in self._recent:
            return equals[-1], 1.0
        candidates = {first for band in document.bands for first in self._bands.get(band, ())}
        best, likeness = None, 0.0
        for first in sorted(candidates):
            found = _likeness(document, self._recent[first])
            if found > likeness:
                best, likeness = first, found
        return None if best is None or likeness < self._similarity else (best, likeness)

    def add(self, first: int, document: _Document, date: datetime.date | None) -> None:
        """Let this document begin a story."""
        self._equals.setdefault(document.digest, []).append(first)
        if date is None:
            return
        self._recent[first] = document
        self._ages.append((first, date))
        for band in document.bands:
            self._bands.setdefault(band, []).append(first)

    def _forget_before(self, date: datetime.date) -> None:
        """Let go of those dated before: documents come by date, so they are the ones added first."""
        while self._ages and self._ages[0][1] < date:
            first, _ = self._ages.popleft()
            for band in self._recent.pop(first).bands:
                self._bands[band].remove(first)
                if not self._bands[band]:
                    del self._bands[band]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _digest(words: list[str]) -> bytes:
    """16 bytes that are the same in every run (Python's own hash of a string is not)."""
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _likeness(one: _Document, other: _Document) -> float:
    """The greater of the Jaccard index and, where lengths allow, the containment in the shorter."""
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    return shared / (shorter if shorter >= _LENGTH_SHARE * longer else shorter + longer - shared)


def alike_groups(
    ids: Sequence[str],
    titles: Sequence[str],
    texts: Sequence[str],
    stories: Sequence[str],
    *,
    shingle_words: int,
    permutations: int,
    similarity: float,
    seed: int,
) -> list[str]:
    """Group documents so that no two alike ones, and no two of one story, lie apart, however far their dates.

    Alike is as in `find_stories`; groups are the connected components of alike pairs. Templates that recur
    (a permit, a proclamation) are no copies of one story, yet a model that learned from one has seen the next.

    Args:
        ids: n distinct names.
        titles: n titles.
        texts: n texts, in the same order.
        stories: the story of each.
        shingle_words: words of one shingle.
        permutations: minima of a signature; an even number.
        similarity: least likeness of alike documents, in (0, 1].
        seed: of the permutations.

    Returns:
        For each document the smallest id of its group.
    """
    reader = _Reader(shingle_words, permutations, seed)
    documents = [reader.read(title, text) for title, text in zip(titles, texts, strict=True)]
    pairs = set(_sharing([[story] for story in stories]))
    pairs |= set(_sharing([[document.digest] if document else [] for document in documents]))
    for one, other in _sharing(
        [document.bands if document else () for document in documents], all_pairs=True
    ):
        first, second = documents[one], documents[other]
        if first and second and _likeness(first, second) >= similarity:
            pairs.add((one, other))
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    links = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    labels = connected_components(links, directed=False)[1].tolist()
    smallest: dict[int, str] = {}
    for label, name in sorted(zip(labels, ids, strict=True), reverse=True):
        smallest[label] = name
    return [smallest[label] for label in labels]


def _sharing(keys: Sequence[Iterable[Hashable]], all_pairs: bool = False) -> Iterator[tuple[int, int]]:
    """Pairs of rows that share a key: each with the first that has it, or every two."""
    rows: dict[Hashable, list[int]] = {}
    for row, own in enumerate(keys):
        for key in own:
            before = rows.setdefault(key, [])
            yield from ((other, row) for other in (before if all_pairs else before[:1]))
            before.append(row)


def fold_of_groups(names: Iterable[str], folds: int) -> list[int]:
    """The fold of cross-fitting of each group (named by 16 hex), from 0, whatever the corpus holds besides."""
    return [int(name, 16) % folds for name in names]
