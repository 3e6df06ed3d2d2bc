"""Which theme of the codebook an article has, off_topic among them: relevance is 1 - p(off_topic)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from pipeline.methods.classification import (
    class_counts,
    f1,
    macro_f1,
    match_counts,
    precision,
    recall,
    share,
)
from pipeline.methods.linear import LinearModel, fit_linear

OFF_TOPIC = "off_topic"
MENTIONS = ("both", "cue", "cue_and_both", "cue_in_title", "rarer_country")
EVEN = 0.5  # an article is judged relevant where that is at least as likely as not
_BATCH = 2000  # articles whose words are held at once
_FEWEST_DOCUMENTS = 2  # a word of one article teaches nothing about another
_LARGEST_SHARE = 0.3  # a word of more articles tells no theme; the countries' names are among them
_LEAST = 1e-6  # a smaller probability counts as this, that one article may not decide a temperature
_TEMPERATURES = tuple(step / 20 for step in range(6, 41))  # 0.3 to 2
_WORD = re.compile(r"[^\W\d_][\w'’\-]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’']?\s+|\n+")


class ThemesError(ValueError):
    """The labels do not suffice to learn themes; the message says what is missing."""


@dataclass(frozen=True)
class Patterns:
    """Regular expressions, case ignored: what names either country, and cue words of the targets."""

    canada: str
    us: str
    cue: str

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        """The three, ready to search."""
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in (self.canada, self.us, self.cue))


@dataclass(frozen=True)
class Weights:
    """How much each kind of feature counts beside the others under one penalty."""

    vectors: float
    words: float
    mentions: float


@dataclass(frozen=True)
class Words:
    """A vocabulary, sorted, and the inverse document frequency of each word."""

    vocabulary: tuple[str, ...]
    rarity: NDArray[np.float64]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {word: column for column, word in enumerate(self.vocabulary)}

    def weigh(self, texts: Sequence[str]) -> csr_matrix:
        """TF-IDF of texts with 1 + ln(count), each row of length 1 or 0 (Salton and Buckley 1988)."""
        ends, columns, values = [0], list[int](), list[float]()
        for text in texts:
            counts = Counter(self._column[word] for word in _words(text) if word in self._column)
            found = sorted(counts)
            weights = np.array([1 + np.log(counts[column]) for column in found]) * self.rarity[found]
            columns += found
            values += (weights / np.sqrt((weights**2).sum())).tolist()
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self.vocabulary)))


@dataclass(frozen=True)
class ThemeModel:
    """Two logistic regressions: `judge` over all themes gives p(off_topic), `sorter` the theme of the rest.

    The judge sees article vectors, words and mentions; the sorter vectors and words alone, since where a
    country is named tells whether an article is relevant and not what it is about. The probability of a
    theme is (1 - p(off_topic)) p(theme | relevant); of a theme without a training example it is 0.
    """

    themes: tuple[str, ...]
    judge: LinearModel
    sorter: LinearModel
    words: Words
    patterns: Patterns

    def probabilities(
        self, titles: Sequence[str], texts: Sequence[str], vectors: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The (n, themes) probabilities of n articles, in the order of `themes`; each row sums to 1.

        Args:
            titles: of the articles, as cleaned.
            texts: of the articles, as cleaned.
            vectors: (n, d), the articles' vectors.
        """
        found = np.zeros((len(texts), len(self.themes)), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            features = _features(titles[part], texts[part], vectors[part], self.words, self.patterns)
            judged = self.judge.probabilities(features)[:, self.judge.classes.index(OFF_TOPIC)]
            sorted_out = self.sorter.probabilities(features[:, : -len(MENTIONS)])
            columns = [self.themes.index(theme) for theme in self.sorter.classes]
            found[part, columns] = sorted_out * (1 - judged)[:, None]
            found[part, self.themes.index(OFF_TOPIC)] = judged
        return found

    def with_temperature(self, temperature: float) -> "ThemeModel":
        """The same model with another temperature of p(theme | relevant)."""
        return replace(self, sorter=replace(self.sorter, temperature=temperature))

    def to_arrays(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """The model as named arrays and a JSON value that says what they mean."""
        arrays: dict[str, NDArray[Any]] = {"rarity": self.words.rarity}
        meaning: dict[str, Any] = {
            "themes": list(self.themes),
            "vocabulary": list(self.words.vocabulary),
            "patterns": {name: getattr(self.patterns, name) for name in ("canada", "us", "cue")},
        }
        for name, model in (("judge", self.judge), ("sorter", self.sorter)):
            arrays |= {f"{name}_coefficients": model.coefficients, f"{name}_intercepts": model.intercepts}
            meaning[name] = {"classes": list(model.classes), "temperature": model.temperature}
        return arrays, meaning

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], meaning: Mapping[str, Any]) -> "ThemeModel":
        """The model that `to_arrays` took apart."""
        judge, sorter = (
            LinearModel(
                tuple(meaning[name]["classes"]),
                arrays[f"{name}_coefficients"],
                arrays[f"{name}_intercepts"],
                meaning[name]["temperature"],
            )
            for name in ("judge", "sorter")
        )
        words = Words(tuple(meaning["vocabulary"]), arrays["rarity"])
        return cls(tuple(meaning["themes"]), judge, sorter, words, Patterns(**meaning["patterns"]))


def thin_themes(labels: Sequence[str], themes: Sequence[str], fewest: int) -> dict[str, int]:
    """Themes of the codebook with fewer than `fewest` labelled articles, and how many each has.

    Raises:
        ThemesError: no article is off topic, or fewer than two other themes have enough articles.
    """
    counts = Counter(labels)
    thin = {theme: counts[theme] for theme in themes if counts[theme] < fewest and theme != OFF_TOPIC}
    if not counts[OFF_TOPIC]:
        raise ThemesError(
            f"none of {len(labels)} labelled articles is {OFF_TOPIC}, so relevance cannot be learned; "
            "label some that are not relevant"
        )
    if len(themes) - 1 - len(thin) < 2:
        raise ThemesError(
            f"themes with at least {fewest} labelled articles: {len(themes) - 1 - len(thin)}, and two are needed; "
            "label more articles, or lower fit_themes.fewest_articles"
        )
    return thin


def fit_theme_model(
    titles: Sequence[str],
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: Sequence[str],
    *,
    themes: Sequence[str],
    patterns: Patterns,
    weights: Weights,
    inverse_regularisation: float,
) -> ThemeModel:
    """Fit the model to n labelled articles; the order of rows matters in the last digits only.

    An article of a theme with m examples weighs as 1 / sqrt(m), off_topic likewise, so that rare
    themes are not drowned and common ones are not silenced.

    Args:
        titles: of the articles.
        texts: of the articles.
        vectors: (n, d), their vectors.
        labels: the theme of each.
        themes: all themes of the codebook, off_topic among them.
        patterns: what names either country, and cue words.
        weights: of the kinds of features.
        inverse_regularisation: scikit-learn's C; larger fits closer.

    Raises:
        ThemesError: no article is off topic, or fewer than two themes have an example.
    """
    thin_themes(labels, themes, fewest=1)
    words = _learn_words([f"{title}\n{text}" for title, text in zip(titles, texts, strict=True)])
    features = _features(titles, texts, vectors, words, patterns)
    spread = features[:, -len(MENTIONS) :].toarray().std(axis=0)
    scales = np.concatenate(
        [
            np.full(vectors.shape[1], weights.vectors),
            np.full(len(words.vocabulary), weights.words),
            weights.mentions / np.where(spread > 0, spread, 1.0),
        ]
    )
    named = np.asarray(labels, dtype=str)
    on_topic, general = named != OFF_TOPIC, slice(-len(MENTIONS))
    judge = _fit_scaled(features, named, scales, inverse_regularisation)
    sorter = _fit_scaled(
        features[on_topic][:, general], named[on_topic], scales[general], inverse_regularisation
    )
    return ThemeModel(tuple(themes), judge, sorter, words, patterns)


class CrossFitted(NamedTuple):
    """Models by name, "whole" and "fold_k", and the (n, themes) probabilities by those that have not seen an article."""

    models: dict[str, ThemeModel]
    unseen: NDArray[np.float32]


def cross_fit(
    titles: Sequence[str],
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: Sequence[str],
    folds: Sequence[int],
    *,
    thin: Collection[str],
    themes: Sequence[str],
    patterns: Patterns,
    weights: Weights,
    inverse_regularisation: float,
) -> CrossFitted:
    """Fit one model to n labelled articles and one without each fold; articles of thin themes teach none of them.

    All share one temperature of p(theme | relevant), chosen on what the models of the folds say of the
    articles that they have not seen.

    Args:
        titles: see `fit_theme_model`, as for the arguments that are not named here.
        texts: of the articles.
        vectors: (n, d), their vectors.
        labels: the theme of each.
        folds: the fold of each.
        thin: themes that are not learned.
        themes: all themes of the codebook.
        patterns: what names either country, and cue words.
        weights: of the kinds of features.
        inverse_regularisation: scikit-learn's C.

    Raises:
        ThemesError: without some fold, no article is off topic, or fewer than two themes have an example.
    """
    fold = np.asarray(folds)
    is_learned = np.array([label not in thin for label in labels])
    outside = {"whole": is_learned} | {f"fold_{k}": is_learned & (fold != k) for k in np.unique(fold)}

    def fit(chosen: NDArray[np.bool_]) -> ThemeModel:
        titles_of, texts_of, labels_of = (list(compress(each, chosen)) for each in (titles, texts, labels))
        return fit_theme_model(
            titles_of,
            texts_of,
            vectors[chosen],
            labels_of,
            themes=themes,
            patterns=patterns,
            weights=weights,
            inverse_regularisation=inverse_regularisation,
        )

    def judge(models: Mapping[str, ThemeModel]) -> NDArray[np.float32]:
        found = np.zeros((len(labels), len(themes)), dtype=np.float32)
        for k in np.unique(fold):
            own = fold == k
            found[own] = models[f"fold_{k}"].probabilities(
                list(compress(titles, own)), list(compress(texts, own)), vectors[own]
            )
        return found

    models = {name: fit(chosen) for name, chosen in outside.items()}
    temperature = choose_temperature(labels, judge(models), themes)
    models = {name: model.with_temperature(temperature) for name, model in models.items()}
    return CrossFitted(models, judge(models))


def choose_temperature(
    labels: Sequence[str], probabilities: NDArray[np.float32], themes: Sequence[str]
) -> float:
    """The temperature at which p(theme | relevant) of articles unseen in fitting is likeliest (Guo et al. 2017).

    Args:
        labels: the theme of each of n articles by gold; those that are off topic do not count.
        probabilities: (n, themes), by models whose sorter has temperature 1.
        themes: the columns.
    """
    others = [column for column, theme in enumerate(themes) if theme != OFF_TOPIC]
    names = [themes[column] for column in others]
    known = [row for row, label in enumerate(labels) if label in names]
    # A theme without a training example has probability 0, whatever the temperature.
    rows = [row for row in known if probabilities[row, list(themes).index(labels[row])] > 0]
    right = [names.index(labels[row]) for row in rows]
    scores = np.log(np.maximum(probabilities[np.ix_(rows, others)].astype(np.float64), _LEAST))

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        return float((np.logaddexp.reduce(scaled, axis=1) - scaled[range(len(rows)), right]).sum())

    return min(_TEMPERATURES, key=surprise)


def best_themes(probabilities: NDArray[np.float32], themes: Sequence[str]) -> NDArray[np.str_]:
    """The most probable theme of each of n articles, off_topic left aside."""
    others = [column for column, theme in enumerate(themes) if theme != OFF_TOPIC]
    return np.array(themes)[others][probabilities[:, others].argmax(axis=1)]


def judged_themes(probabilities: NDArray[np.float32], themes: Sequence[str]) -> NDArray[np.str_]:
    """The theme of each of n articles: off_topic where relevance is below `EVEN`, else the best other one."""
    relevance = 1 - probabilities[:, list(themes).index(OFF_TOPIC)]
    return np.where(relevance >= EVEN, best_themes(probabilities, themes), OFF_TOPIC)


def theme_scores(
    labels: Sequence[str], probabilities: NDArray[np.float32], themes: Sequence[str]
) -> dict[str, float | None]:
    """How well probabilities of themes tell relevance and theme.

    Args:
        labels: the theme of each of n articles by gold; off_topic where it is not relevant.
        probabilities: (n, themes).
        themes: the columns.

    Returns:
        n; relevance_precision, _recall and _f1, and always_yes_f1 of calling every article relevant;
        theme_accuracy, off_topic a theme like any; theme_macro_f1, the mean over all themes that gold or
        the model names; theme_accuracy_of_relevant, of the most probable theme of gold's relevant
        articles, whatever the model says of relevance. None where there is nothing to divide by.
    """
    gold = np.array(labels, dtype=str)
    judged, best = judged_themes(probabilities, themes), best_themes(probabilities, themes)
    relevant = gold != OFF_TOPIC
    sums = match_counts(relevant, judged != OFF_TOPIC).sum(axis=0)
    always = match_counts(relevant, np.ones_like(relevant)).sum(axis=0)
    found = {
        "relevance_precision": precision(sums),
        "relevance_recall": recall(sums),
        "relevance_f1": f1(sums),
        "always_yes_f1": f1(always),
        "theme_accuracy": share(np.array([(judged == gold).sum(), len(gold)])),
        "theme_macro_f1": macro_f1(class_counts(gold, judged, themes).sum(axis=0)),
        "theme_accuracy_of_relevant": share(np.array([(best == gold)[relevant].sum(), relevant.sum()])),
    }
    return {"n": len(gold), **{name: None if np.isnan(v) else float(v) for name, v in found.items()}}


def _fit_scaled(
    features: csr_matrix,
    labels: NDArray[np.str_],
    scales: NDArray[np.float64],
    inverse_regularisation: float,
) -> LinearModel:
    """A regression on scaled features, written as one on the features themselves."""
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    weights = counts[classes] ** -0.5
    fitted = fit_linear(
        features.multiply(scales).tocsr(), labels.tolist(), inverse_regularisation, weights / weights.mean()
    )
    return replace(fitted, coefficients=(scales[:, None] * fitted.coefficients).astype(np.float32))


def _features(
    titles: Sequence[str],
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    words: Words,
    patterns: Patterns,
) -> csr_matrix:
    """(n, d + words + mentions): article vectors, TF-IDF, and mentions last."""
    whole = [f"{title}\n{text}" for title, text in zip(titles, texts, strict=True)]
    mentions = np.array([_mentions(*pair, patterns) for pair in zip(titles, texts, strict=True)])
    blocks = [csr_matrix(vectors, dtype=np.float64), words.weigh(whole), csr_matrix(mentions)]
    return hstack(blocks).tocsr()


def _mentions(title: str, text: str, patterns: Patterns) -> list[float]:
    """Of an article, in the order of `MENTIONS`, each in [0, 1].

    Shares of its sentences that name both countries, have a cue word, and do both; whether the title
    (without one, the first sentence) has a cue word; and the share of sentences that name the country
    which is named less often. None depends on which country is the outlet's own, so they carry over from one country's outlets to
    another's.
    """
    heads = [title] if title.strip() and title != text else []
    sentences = heads + [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]
    canada, us, cue = (
        np.array([bool(pattern.search(sentence)) for sentence in sentences], dtype=bool)
        for pattern in patterns.compiled
    )
    if not sentences:
        return [0.0] * len(MENTIONS)
    both = canada & us
    shares = [both.mean(), cue.mean(), (cue & both).mean(), cue[0], min(canada.mean(), us.mean())]
    return [float(share) for share in shares]


def _learn_words(texts: Collection[str]) -> Words:
    """The words of two texts or more that are not in too many, with ln((1 + n) / (1 + n of the word)) + 1."""
    counts = Counter(word for text in texts for word in set(_words(text)))
    most = max(_LARGEST_SHARE * len(texts), _FEWEST_DOCUMENTS)
    vocabulary = tuple(sorted(word for word, n in counts.items() if _FEWEST_DOCUMENTS <= n <= most))
    frequencies = np.array([counts[word] for word in vocabulary], dtype=np.float64)
    return Words(vocabulary, np.log((1 + len(texts)) / (1 + frequencies)) + 1)


def _words(text: str) -> Iterator[str]:
    """Words in lower case: letters first, at least two characters."""
    return (match.group() for match in _WORD.finditer(text.lower()))
