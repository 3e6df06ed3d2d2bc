"""Topics: what articles are about, found by BERTopic among their vectors and kept as plain arrays.

BERTopic (Grootendorst 2022) finds clusters: UMAP (McInnes, Healy and Melville 2018), then HDBSCAN (Campello,
Moulavi and Sander 2013). A topic is then the mean vector of its cluster, and every article, one that was
fitted on or a new one, goes to the nearest: a saved model gives the same topics as the fit did.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

NO_TOPIC = -1
TERMS = 10  # of a topic, as is usual
_LABEL_TERMS = 3
_TYPICAL = 5  # articles shown of a topic
_SAME_WORD_LETTERS = 4  # a shorter word's final s is no plural
_DECIMALS = 6  # of a similarity: what the order of a sum changes lies beyond
# Letters, or letters and figures (51st, g7); no part of an address on the web.
_WORD = re.compile(r"(?<![.@])\b(?=[^\W_]*[^\W\d_])[^\W_]{2,}\b(?![.@]\w)")
_WITHIN_PHRASE = re.compile(r"[ \u00a0-]")
# What reports and speeches say whatever they are about; scikit-learn's list has the rest.
_COMMON_WORDS = """
    said say says saying told tell tells added according asked ask called call calls mr mrs ms dr didn don doesn isn
    wasn won wouldn ve ll including like just going know think want good thing things people really lot got right yes
    okay thank shall monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december today yesterday tomorrow day days week weeks month months year years
    time percent million billion am pm et est edt gmt
"""

Vectors = NDArray[np.float32]
Ids = NDArray[np.int32]


class Articles(NamedTuple):
    """Articles to find topics among; rows of all four belong together, in any order.

    `article_ids` are unique; `vectors` is (n, d) of length 1; `story_ids` name copies of one story alike.
    """

    article_ids: Sequence[str]
    texts: Sequence[str]
    vectors: Vectors
    story_ids: Sequence[str]


class Settings(NamedTuple):
    """How topics are found."""

    min_cluster_size: int  # stories that a topic needs
    n_neighbors: int  # of UMAP
    n_components: int  # that UMAP leaves
    merge_similarity: float  # from which on the mean vectors of two clusters are one topic's
    floor_quantile: float  # share of a cluster's members that lie too far out for its topic
    term_articles: int  # stories that a term needs
    term_share: float  # most stories that a term may stand in, as a share
    seed: int  # of UMAP


@dataclass(frozen=True)
class TopicModel:
    """Topics as centres (k, d) of length 1, and the least similarity of an article to each, (k,).

    `terms` are words and phrases, best first, `words` single words alone; `reason` says why there is no
    topic, and is empty where there are some.
    """

    centres: Vectors
    floors: NDArray[np.float64]
    labels: tuple[str, ...] = ()
    terms: tuple[tuple[str, ...], ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    reason: str = ""

    def assign(self, vectors: Vectors) -> tuple[Ids, NDArray[np.float32]]:
        """The topic of each of n vectors, -1 below its floor, and the cosine similarity to its centre, each (n,).

        Without any topic, every vector has topic -1 and similarity 0.
        """
        if not len(self.centres):
            return np.full(len(vectors), NO_TOPIC, np.int32), np.zeros(len(vectors), np.float32)
        similarities = _similarities(vectors, self.centres)
        nearest = similarities.argmax(axis=1)
        weights = similarities[np.arange(len(vectors)), nearest]
        topics = np.where(weights >= self.floors[nearest], nearest, NO_TOPIC)
        return topics.astype(np.int32), weights.astype(np.float32)

    def to_arrays(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Named arrays, and a JSON value that says what they mean."""
        meaning = {
            "labels": list(self.labels),
            "terms": [list(terms) for terms in self.terms],
            "words": [list(words) for words in self.words],
            "reason": self.reason,
        }
        return {"centres": self.centres, "floors": self.floors}, meaning

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], meaning: Mapping[str, Any]) -> "TopicModel":
        """The model that `to_arrays` took apart."""
        return cls(
            arrays["centres"],
            arrays["floors"],
            tuple(meaning["labels"]),
            tuple(tuple(terms) for terms in meaning["terms"]),
            tuple(tuple(words) for words in meaning["words"]),
            meaning["reason"],
        )


def find_topics(articles: Articles, settings: Settings) -> TopicModel:
    """Find topics on one article a story: the first by id; topics go by falling number of articles.

    Equal numbers go by the smallest id of an article. Neither the order of rows nor Python's hash seed
    changes anything. Where topics cannot be found the model has none, and its `reason` says why.
    """
    articles = take(articles, sorted_rows(articles.article_ids))
    _, texts, vectors, stories = take(articles, first_of_each(articles.story_ids))
    fewest = 2 * settings.min_cluster_size
    if not stories:
        return _nothing(vectors, "there is no article")
    if len(stories) < fewest:
        return _nothing(vectors, f"{len(stories)} stories are fewer than the {fewest} that two topics need")
    counts, names = count_terms(texts, settings.term_articles, settings.term_share)
    if not names:
        return _nothing(vectors, f"no word stands in {settings.term_articles} of the {len(stories)} stories")
    clusters = _find_clusters(texts, vectors, names, settings)
    if clusters.max() < 0:
        return _nothing(
            vectors, f"the {len(stories)} stories form no groups of {settings.min_cluster_size} or more"
        )
    clusters = _merged(vectors, clusters, settings.merge_similarity)
    model = _ordered(_centred(vectors, clusters, settings.floor_quantile), articles)
    return _named(model, model.assign(vectors)[0], counts, names)


def take(articles: Articles, rows: NDArray[np.intp]) -> Articles:
    """These rows of the articles, in this order."""
    return Articles(
        [articles.article_ids[row] for row in rows],
        [articles.texts[row] for row in rows],
        np.ascontiguousarray(articles.vectors[rows]),
        [articles.story_ids[row] for row in rows],
    )


def sorted_rows(keys: Sequence[str]) -> NDArray[np.intp]:
    """The rows in order of their keys."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def first_of_each(keys: Sequence[str]) -> NDArray[np.intp]:
    """The rows whose key has not stood before."""
    first: dict[str, int] = {}
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    return np.array(list(first.values()), dtype=np.intp)


def _nothing(vectors: Vectors, reason: str) -> TopicModel:
    return TopicModel(np.zeros((0, vectors.shape[1]), np.float32), np.zeros(0), reason=reason)


def _find_clusters(
    texts: Sequence[str], vectors: Vectors, names: Sequence[str], settings: Settings
) -> NDArray[np.int_]:
    """BERTopic's cluster of each of n articles, from 0; -1 for none."""
    from bertopic import BERTopic  # its import takes ten seconds
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    reduction = UMAP(
        n_neighbors=min(settings.n_neighbors, len(vectors) - 1),
        n_components=min(settings.n_components, len(vectors) - 2),
        min_dist=0.0,
        metric="cosine",
        random_state=settings.seed,
        n_jobs=1,
    )
    model = BERTopic(
        language="multilingual",  # for English it strikes accents and marks out of the texts before counting
        umap_model=reduction,
        hdbscan_model=HDBSCAN(min_cluster_size=settings.min_cluster_size, cluster_selection_method="leaf"),
        vectorizer_model=CountVectorizer(analyzer=split_terms, vocabulary=names),
    )
    clusters, _ = model.fit_transform(list(texts), vectors)
    return np.asarray(clusters)


def _merged(vectors: Vectors, clusters: NDArray[np.int_], least: float) -> NDArray[np.int_]:
    """The clusters after the two of the most similar mean vectors became one, again and again, from 0."""
    clusters = clusters.copy()
    while True:
        names = np.unique(clusters[clusters >= 0])
        centres = np.array([_centre(vectors[clusters == name]) for name in names])
        alike = _similarities(centres, centres)
        alike[np.tril_indices(len(names))] = -np.inf  # each pair once, none with itself
        first, second = np.unravel_index(alike.argmax(), alike.shape)
        if alike[first, second] < least:
            return np.where(clusters >= 0, np.searchsorted(names, clusters), NO_TOPIC)
        clusters[clusters == names[second]] = names[first]


def _centre(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0, dtype=np.float64)
    centre: Vectors = (mean / np.linalg.norm(mean)).astype(np.float32)
    return centre


def _centred(vectors: Vectors, clusters: NDArray[np.int_], floor_quantile: float) -> TopicModel:
    """A topic for each cluster: its mean vector, and a low quantile of its members' similarities to it."""
    members = [vectors[clusters == cluster] for cluster in range(clusters.max() + 1)]
    centres = np.array([_centre(those) for those in members])
    floors = [
        np.quantile(_similarities(those, centre[None]), floor_quantile)
        for those, centre in zip(members, centres, strict=True)
    ]
    return TopicModel(centres, np.array(floors).round(_DECIMALS))


def _similarities(vectors: Vectors, centres: Vectors) -> NDArray[np.float64]:
    """(n, k) cosine similarities, the same for a vector in any company."""
    return (vectors.astype(np.float64) @ centres.astype(np.float64).T).round(_DECIMALS)


def _ordered(model: TopicModel, articles: Articles) -> TopicModel:
    """The topics that hold an article, the largest first, equal ones by their first article."""
    while True:
        topics = model.assign(articles.vectors)[0]
        held, first, counts = np.unique(topics[topics >= 0], return_index=True, return_counts=True)
        order = held[np.lexsort((first, -counts))]
        if len(order) == len(model.centres):
            return TopicModel(model.centres[order], model.floors[order])
        # Articles of a topic that goes may find room in the next nearest.
        model = TopicModel(model.centres[np.sort(order)], model.floors[np.sort(order)])


def split_terms(text: str) -> list[str]:
    """Words of two letters or more, in small letters, stop words left out, and phrases of two such in a row.

    A stop word, a figure or any mark but a hyphen between two words parts them.
    """
    terms = []
    before = None
    for match in _words(text):
        word = match.group()
        terms.append(word)
        if before and _WITHIN_PHRASE.fullmatch(match.string, before.end(), match.start()):
            terms.append(f"{before.group()} {word}")
        before = match
    return terms


def split_words(text: str) -> list[str]:
    """The single words among `split_terms`, in the order of the text."""
    return [match.group() for match in _words(text)]


def _words(text: str) -> Iterator[re.Match[str]]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    stop_words = ENGLISH_STOP_WORDS.union(_COMMON_WORDS.split())
    return (match for match in _WORD.finditer(text.lower()) if match.group() not in stop_words)


def count_terms(texts: Sequence[str], term_articles: int, term_share: float) -> tuple[csr_matrix, list[str]]:
    """How often each term stands in each of n texts, (n, terms), and the terms, sorted.

    Args:
        texts: of the articles.
        term_articles: texts that a term needs.
        term_share: most texts that a term may stand in, as a share: what is everywhere sets nothing apart.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    held = Counter(term for text in texts for term in set(split_terms(text)))
    names = sorted(term for term, n in held.items() if term_articles <= n <= term_share * len(texts))
    if not names:
        return csr_matrix((len(texts), 0)), names
    return CountVectorizer(analyzer=split_terms, vocabulary=names).transform(texts), names


def _named(model: TopicModel, topics: Ids, counts: csr_matrix, names: Sequence[str]) -> TopicModel:
    """The model with the terms of its topics, given the topic and the counted terms of each of n articles."""
    weights = _term_weights(topics, counts, len(model.centres))
    terms = tuple(tuple(_best(row, names)) for row in weights)
    single = [" " not in name for name in names]
    words = tuple(tuple(_best(np.where(single, row, 0), names)) for row in weights)
    return replace(model, labels=tuple(label(best) for best in terms), terms=terms, words=words)


def _term_weights(topics: Ids, counts: csr_matrix, k: int) -> NDArray[np.float64]:
    """c-TF-IDF (Grootendorst 2022) of every term in each of k topics, (k, terms), against those and no topic."""
    from bertopic.vectorizers import ClassTfidfTransformer

    rows = np.arange(len(topics))
    of_topic = csr_matrix((np.ones(len(rows)), (topics - NO_TOPIC, rows)), shape=(k + 1, len(rows)))
    weights = ClassTfidfTransformer(reduce_frequent_words=True).fit_transform(of_topic @ counts)
    return np.asarray(weights.toarray()[1:], dtype=np.float64)


def _best(weights: NDArray[np.float64], names: Sequence[str]) -> list[str]:
    """The terms of most weight, equal ones by name; of a word's singular and plural the better alone."""
    best: dict[str, str] = {}
    for column in np.argsort(-weights.round(_DECIMALS), kind="stable"):
        if weights[column] <= 0 or len(best) == TERMS:
            break
        best.setdefault(" ".join(map(_singular, names[column].split())), names[column])
    return list(best.values())


def label(terms: Sequence[str]) -> str:
    """The first three terms, one that is part of another left out: 'steel tariffs', not 'tariff, steel tariffs'."""
    kept: list[str] = []
    for term in terms:
        if any(_contains(other, term) for other in kept):
            continue
        kept = [other for other in kept if not _contains(term, other)] + [term]
        if len(kept) == _LABEL_TERMS:
            break
    return ", ".join(kept)


def _contains(term: str, part: str) -> bool:
    return set(map(_singular, part.split())) <= set(map(_singular, term.split()))


def _singular(word: str) -> str:
    """A word without its plural's s, near enough to tell that two words are one."""
    return word[:-1] if word.endswith("s") and len(word) > _SAME_WORD_LETTERS else word


def typical_articles(articles: Articles, topics: Ids, weights: NDArray[np.float32], topic: int) -> list[str]:
    """Ids of the articles of a topic nearest its centre, at most five, equal ones by id, one a story."""
    rows = np.flatnonzero(topics == topic).tolist()
    near = sorted((-weights[row], articles.article_ids[row], articles.story_ids[row]) for row in rows)
    return [near[row][1] for row in first_of_each([story for _, _, story in near])[:_TYPICAL]]
