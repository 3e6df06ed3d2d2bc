"""Sentences, targets and gold statements as arrays, as stance models take them, and what the models answer."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

STANCES = ("favor", "neutral", "against")

Floats: TypeAlias = NDArray[np.float32]
Vectors: TypeAlias = tuple[Sequence[str], Floats]


class StanceError(ValueError):
    """The labels cannot teach a stance; the message says what is missing."""


class Target(NamedTuple):
    """What a stance is about: its name, and words and phrases by which a sentence may touch it."""

    name: str
    cues: tuple[str, ...]


class Sentences(NamedTuple):
    """n sentences and where their vectors and those around them stand; see `find_sentences`.

    Attributes:
        texts: of the sentences.
        places: (n, 4), rows of sentence_vectors of the sentence, the one before and the one after (-1
            where there is none), and the row of article_vectors.
        sentence_vectors: (sentences, d).
        article_vectors: (articles, d).
    """

    texts: Sequence[str]
    places: NDArray[np.intp]
    sentence_vectors: Floats
    article_vectors: Floats

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> "Sentences":
        """The sentences of some rows."""
        return self._replace(texts=[self.texts[i] for i in rows], places=self.places[rows])

    def vectors(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Vectors of the sentences, the ones before, the ones after (zeros where there is none), the articles."""
        own, previous, following, article = self.places.T
        around = (
            np.where(rows[:, None] < 0, np.float32(0), self.sentence_vectors[rows])
            for rows in (previous, following)
        )
        return (self.sentence_vectors[own], *around, self.article_vectors[article])


def find_sentences(
    ids: Sequence[str],
    texts: Sequence[str],
    sentence_vectors: Vectors,
    article_vectors: Vectors,
) -> Sentences:
    """Sentences of those ids (article_id, a hyphen, position in four digits) among vectors that are given with their ids.

    Raises:
        StanceError: a sentence or its article has no vector.
    """
    row_of_sentence = {key: row for row, key in enumerate(sentence_vectors[0])}
    row_of_article = {key: row for row, key in enumerate(article_vectors[0])}
    places = np.full((len(ids), 4), -1, dtype=np.intp)
    for row, key in enumerate(ids):
        article, _, position = key.rpartition("-")
        if key not in row_of_sentence or article not in row_of_article:
            raise StanceError(f"sentence {key} or its article has no vector; run `dvc repro` to embed anew")
        around = (f"{article}-{int(position) + step:04d}" for step in (-1, 1))
        beside = [row_of_sentence.get(neighbour, -1) for neighbour in around]
        places[row] = (row_of_sentence[key], *beside, row_of_article[article])
    return Sentences(texts, places, sentence_vectors[1], article_vectors[1])


def rows_of(vectors: Vectors, keys: Sequence[str]) -> Floats:
    """The rows of a matrix that some of its keys name, in their order: (keys, d).

    Raises:
        StanceError: a key has no vector.
    """
    place = {key: row for row, key in enumerate(vectors[0])}
    if missing := [key for key in keys if key not in place]:
        raise StanceError(f"{missing[0]} has no vector; run `dvc repro` to embed anew")
    return vectors[1][[place[key] for key in keys]]


class Statements(NamedTuple):
    """m gold statements: row of the sentence, index of the target, index in `STANCES`; each is (m,)."""

    sentences: NDArray[np.intp]
    targets: NDArray[np.intp]
    stances: NDArray[np.intp]

    def take(self, chosen: NDArray[np.bool_]) -> "Statements":
        """The statements of a mask."""
        return Statements(*(column[chosen] for column in self))


class Judgement(NamedTuple):
    """Of n sentences and k targets: p_target (n, k), and p_stance (n, k, 3), given the target, in the order of `STANCES`."""

    p_target: Floats
    p_stance: Floats


class Gold(NamedTuple):
    """n coded sentences, the statements that they hold, and the fold and the corpus (from 0) of each: (n,)."""

    sentences: Sentences
    statements: Statements
    folds: NDArray[np.intp]
    corpora: NDArray[np.intp]

    def taken_up(self, targets: int) -> NDArray[np.bool_]:
        """Whether a sentence holds a statement on a target: (n, targets)."""
        pairs = np.zeros((len(self.folds), targets), dtype=bool)
        pairs[self.statements.sentences, self.statements.targets] = True
        return pairs

    def take(self, chosen: NDArray[np.bool_]) -> "Gold":
        """The sentences of a mask and their statements."""
        rows = np.flatnonzero(chosen)
        own = self.statements.take(chosen[self.statements.sentences])
        own = own._replace(sentences=np.searchsorted(rows, own.sentences))
        return Gold(self.sentences.take(rows), own, self.folds[rows], self.corpora[rows])
