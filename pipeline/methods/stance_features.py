"""What a sentence shows of a stance in its wording: words, cues of targets, and turns for, against and between."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

# Beginnings of words (a final hyphen) and whole words by which English takes sides; 'n't' counts as not.
TURNS = {
    "support": "support- backs backed backing defend- prais- welcom- endors- urg- call calls called calling want- "
    "demand- promis- pledg- vow- insist- should must need- glad proud good best great right deserv- favor- favour- "
    "applaud- committed commit ask asks asked beg-",
    "oppose": "oppos- condemn- reject- critici- denounc- attack- blam- complain- unfair- unjust- wrong mistake- "
    "harm- hurt- damag- bad worse worst folly foolish absurd illegal reckless punish- insult- betray- accus- angry "
    "protest- sue sued sues against object- fight-",
    "begin": "impos- raise raises raised raising slap- add adds added adding introduc- build- expand- increas- "
    "tighten- doubl- strengthen- keep- kept renew- extend- sign signs signed signing approv- join- buy- spend- "
    "invest- deploy- stay- remain- ratif-",
    "end": "lift- drop- scrap- remov- repeal- end ends ended ending cancel- withdr- kill- shut- ease eases eased "
    "easing roll- reopen- abandon- quit leav- tear- cut cuts cutting close closes closed closing halt- stop- revok- "
    "block- rescind- strip- without spare spared spares",
    "pause": "paus- suspen- delay- postpon- defer- exempt- review- hold- wait- temporar- until unless if later "
    "month- days",
    "weigh": "may might could whether weigh- consider- depend- either question- uncertain- expect- forecast- "
    "estimat- odds doubt- unclear would likely study studies studied declin- noted guess- reckon- both neither",
    "negate": "not no never nothing nobody none nor neither cannot refus- hardly n't",
    "warn": "warn- fear- threat- risk- cost- danger- lose loses lost loss losing job- price- worr-",
}
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’][^\W_]+)*|\?")


@dataclass(frozen=True)
class Vocabulary:
    """Words and pairs of words that a model knows, the most frequent first, with their rarity (idf)."""

    words: tuple[str, ...]
    rarities: NDArray[np.float32]

    def weigh(self, texts: Sequence[str]) -> csr_matrix:
        """TF-IDF of texts, sparse (n, words): (1 + log count) × idf, rows of length 1 (or 0: no known word)."""
        place = {word: i for i, word in enumerate(self.words)}
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            counts = Counter(place[word] for word in _terms(text) if word in place)
            found = sorted(counts)
            weights = np.array([1 + np.log(counts[i]) for i in found]) * self.rarities[found]
            columns += found
            values += (weights / (np.linalg.norm(weights) or 1.0)).tolist()
            ends.append(len(columns))
        shape = (len(texts), len(self.words))
        return csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=shape)


def learn_vocabulary(texts: Sequence[str], least_sentences: int) -> Vocabulary:
    """The words and pairs of words that stand in at least so many texts.

    Only words that begin with a small letter are known: a name is no word, so that no model learns from the
    words who tends to hold what.
    """
    frequencies = Counter(word for text in texts for word in set(_terms(text)))
    known = sorted((-n, word) for word, n in frequencies.items() if n >= least_sentences)
    rarities = [np.log((1 + len(texts)) / (1 - n)) + 1 for n, _ in known]
    return Vocabulary(tuple(word for _, word in known), np.array(rarities, dtype=np.float32))


def count_cues(texts: Sequence[str], cues: Sequence[Iterable[str]], most: int = 3) -> NDArray[np.float32]:
    """How often cues of each target stand in texts, at most so often: (n, targets); hyphens part words."""
    targets_of: dict[tuple[str, ...], list[int]] = {}
    for target, phrases in enumerate(cues):
        for phrase in phrases:
            targets_of.setdefault(tuple(_keys(phrase)), []).append(target)
    lengths = sorted({len(phrase) for phrase in targets_of})
    counts = np.zeros((len(texts), len(cues)), dtype=np.float32)
    for row, text in enumerate(texts):
        keys = _keys(text)
        for length in lengths:
            for start in range(len(keys) - length + 1):
                for target in targets_of.get(tuple(keys[start : start + length]), ()):
                    counts[row, target] += 1
    return np.minimum(counts, most)


def find_turns(texts: Sequence[str]) -> NDArray[np.float32]:
    """Which of `TURNS` stand in texts: 0 or 1, (n, turns)."""
    found = np.zeros((len(texts), len(TURNS)), dtype=np.float32)
    for row, text in enumerate(texts):
        found[row, [turn for key in _keys(text) for turn in _turns_of(key)]] = 1
    return found


@cache
def _turns_of(key: str) -> tuple[int, ...]:
    """The turns that a word stands for."""
    if key.endswith(("n't", "n’t")):
        return (list(TURNS).index("negate"),)
    return tuple(turn for turn, pattern in enumerate(_patterns()) if pattern.fullmatch(key))


@cache
def _patterns() -> list[re.Pattern[str]]:
    return [
        re.compile("|".join(word.replace("-", r"\w*") for word in turn.split())) for turn in TURNS.values()
    ]


def _keys(text: str) -> list[str]:
    """The words of a text in small letters."""
    return [word.rstrip(".") for word in _WORD.findall(text.lower())]


def _terms(text: str) -> list[str]:
    """The words of a text that begin with a small letter, its question marks, and pairs of them."""
    words = [word for word in _WORD.findall(text) if word[0].islower() or not word[0].isalnum()]
    return words + [f"{first} {second}" for first, second in pairwise(words)]
