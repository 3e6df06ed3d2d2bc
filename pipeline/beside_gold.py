"""What the steps found beside what gold says: the cases of each score, from tables.

A case is a row of counts, with the story that it belongs to and how many articles of the corpus its
own stands for. Of the labels only those of one corpus may be given.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.methods.classification import (
    CALIBRATION_BINS,
    Statistic,
    Sums,
    bins_of,
    calibration_counts,
    calibration_error,
    class_counts,
    f1,
    macro_f1,
    match_counts,
    precision,
    recall,
    share,
)
from pipeline.methods.scores import Held, holder_side_scores
from pipeline.tables.words import CODED_SIDES, COUNTRIES, STANCES

NONE = "none"
_LEAN = {"favor": 1.0, "neutral": 0.0, "against": -1.0}

# Score: the share of holder_side_scores and the count that it is a share of.
ATTRIBUTION_SCORES = {
    "attribution_side_found": ("side", "n_statements"),
    "attribution_holder_and_side_found": ("holder_and_side", "n_statements"),
    "attribution_side_unknown": ("side_unknown", "n_statements"),
    "attribution_without_statement": ("attributed_without_statement", "n_without_statement"),
}


class Cases(NamedTuple):
    """Cases of one score: (rows, k) counts, the story and weight of each row, and how many cases they count."""

    counts: Sums
    stories: list[str]
    weights: NDArray[np.float64]
    statistic: Statistic
    n: int


class Gold(NamedTuple):
    """The labels of one corpus, a row a statement or a coded sentence without one, each with its article's design."""

    articles: pd.DataFrame
    sentences: pd.DataFrame

    @classmethod
    def of(cls, labelled_articles: pd.DataFrame, labelled_sentences: pd.DataFrame) -> "Gold":
        """Join the tables of those names."""
        years = pd.to_datetime(labelled_articles["published_date"]).dt.year
        articles = labelled_articles.assign(
            weight=1 / labelled_articles["inclusion_probability"],
            published=[None if pd.isna(year) else str(int(year)) for year in years],
        )
        design = articles[["article_id", "story_id", "weight", "outlet_country", "published"]]
        return cls(articles, labelled_sentences.merge(design, on="article_id"))

    @property
    def statements(self) -> pd.DataFrame:
        """The sentences' rows that are statements."""
        return self.sentences[self.sentences["target"] != NONE]


def _cases(frame: pd.DataFrame, counts: Any, statistic: Statistic, n: int | None = None) -> Cases:
    """Counts beside the design of their frame; a row is a case unless n says otherwise."""
    weights = frame["weight"].to_numpy(dtype=np.float64)
    counts = np.asarray(counts, dtype=np.float64)
    return Cases(counts, frame["story_id"].tolist(), weights, statistic, len(counts) if n is None else n)


def article_cases(gold: Gold, relevance: pd.DataFrame, themes: Sequence[str]) -> dict[str, Cases]:
    """Relevance and theme of each labelled article; one that is not in the coverage counts as off topic."""
    found = gold.articles[["article_id"]].merge(relevance, on="article_id", how="left")
    is_relevant = (found["is_relevant"] == True).to_numpy(dtype=bool)  # noqa: E712
    passes = (found["passes_gate"] == True).to_numpy(dtype=bool)  # noqa: E712
    theme = found["theme"].fillna("off_topic")
    wanted = gold.articles["relevant"].to_numpy(dtype=bool)
    matches = match_counts(wanted, is_relevant)
    right = (gold.articles["theme"].to_numpy() == theme.to_numpy()).astype(float)
    by_theme = class_counts(gold.articles["theme"].to_numpy(), theme.to_numpy(), themes)
    cases = {
        "relevance_f1": _cases(gold.articles, matches, f1),
        "relevance_precision": _cases(gold.articles, matches, precision),
        "relevance_recall": _cases(gold.articles, matches, recall),
        "relevance_f1_of_always_yes": _cases(gold.articles, match_counts(wanted, np.ones_like(wanted)), f1),
        "theme_accuracy": _cases(gold.articles, np.stack([right, np.ones(len(right))], axis=1), share),
        "theme_macro_f1": _cases(gold.articles, by_theme, macro_f1),
    }
    gated = gold.articles[wanted]
    passed = np.stack([passes[wanted], np.ones(len(gated))], axis=1)
    return cases | {"gate_recall": _cases(gated, passed, share)}


def pair_frame(gold: Gold, judged: pd.DataFrame) -> pd.DataFrame:
    """Each coded sentence beside each target that the model judges, and whether gold has a statement there."""
    sentences = gold.sentences.drop_duplicates("sentence_id")
    pairs = sentences[["sentence_id", "story_id", "weight", "outlet_country"]].merge(judged, on="sentence_id")
    stated = gold.statements[["sentence_id", "target"]].drop_duplicates().assign(is_statement=True)
    pairs = pairs.merge(stated, on=["sentence_id", "target"], how="left")
    return pairs.assign(is_statement=pairs["is_statement"] == True)  # noqa: E712


def pair_cases(pairs: pd.DataFrame, threshold: float) -> dict[str, Cases]:
    """Detection of targets in coded sentences, at a threshold and as probabilities."""
    wanted = pairs["is_statement"].to_numpy(dtype=bool)
    probabilities = pairs["p_target"].to_numpy(dtype=np.float64)
    found = probabilities >= threshold
    counts = match_counts(wanted, found)
    targets = sorted(set(pairs["target"]))
    by_target = np.zeros((len(pairs), len(targets), 3))
    by_target[np.arange(len(pairs)), np.searchsorted(targets, pairs["target"])] = counts
    cases = {
        "target_f1": _cases(pairs, counts, f1),
        "target_precision": _cases(pairs, counts, precision),
        "target_recall": _cases(pairs, counts, recall),
        "target_macro_f1": _cases(pairs, by_target.reshape(len(pairs), 3 * len(targets)), macro_f1),
        "target_calibration_error": _cases(
            pairs, calibration_counts(probabilities, wanted), calibration_error
        ),
    }
    for country in COUNTRIES:
        inside = (pairs["outlet_country"] == country).to_numpy()
        cases[f"target_f1_outlets_{country}"] = _cases(pairs[inside], counts[inside], f1)
    return cases


def stance_frame(gold: Gold, judged: pd.DataFrame) -> pd.DataFrame:
    """Each gold statement on a target that the model judges, with the probabilities and the likeliest stance."""
    stated = gold.statements.merge(judged, on=["sentence_id", "target"])
    columns = [f"p_{stance}" for stance in STANCES]
    best = stated[columns].to_numpy().argmax(axis=1) if len(stated) else np.zeros(0, dtype=int)
    return stated.assign(found=[STANCES[i] for i in best], p_found=stated[columns].max(axis=1))


def stance_cases(stated: pd.DataFrame) -> dict[str, Cases]:
    """Stance given the target, in all, by holder's side, outlet's country and year; `stance_lean` is how far the model leans to favor.

    The lean is the mean of the model's net stance minus gold's over statements, from -2 to 2: one that
    differs between sides or periods would pass for a difference in what they say.
    """
    right = (stated["found"] == stated["stance"]).to_numpy(dtype=float)
    ones = np.ones(len(stated))
    lean = np.array(
        [_LEAN[a] - _LEAN[b] for a, b in zip(stated["found"], stated["stance"], strict=True)], dtype=float
    )
    counts = class_counts(stated["stance"].to_numpy(), stated["found"].to_numpy(), STANCES)
    sure = calibration_counts(stated["p_found"].to_numpy(dtype=np.float64), right.astype(bool))
    cases = {
        "stance_macro_f1": _cases(stated, counts, macro_f1),
        "stance_accuracy": _cases(stated, np.stack([right, ones], axis=1), share),
        "stance_calibration_error": _cases(stated, sure, calibration_error),
    }
    years = sorted(set(stated["published"].dropna()))
    for column, values, name in (
        ("holder_side", CODED_SIDES, "holders"),
        ("outlet_country", COUNTRIES, "outlets"),
        ("published", years, "published"),
    ):
        for value in values:
            inside = (stated[column] == value).to_numpy()
            of_group = stated[inside]
            for kind, each in (("accuracy", right), ("lean", lean)):
                pairs = np.stack([each[inside], ones[inside]], axis=1)
                cases[f"stance_{kind}_{name}_{value}"] = _cases(of_group, pairs, share)
    return cases


def statement_cases(gold: Gold, statements: pd.DataFrame) -> dict[str, Cases]:
    """Whole statements: the same sentence, target, side of the holder and stance, each counted once."""
    keys = ["sentence_id", "target", "holder_side", "stance"]
    design = gold.sentences.drop_duplicates("sentence_id")[["sentence_id", "story_id", "weight"]]
    wanted = gold.statements[keys].drop_duplicates().assign(wanted=True)
    found = statements[statements["sentence_id"].isin(design["sentence_id"])]
    found = found[keys].drop_duplicates().assign(found=True)
    both = wanted.merge(found, on=keys, how="outer").merge(design, on="sentence_id")
    counts = match_counts(*((both[name] == True).to_numpy(dtype=bool) for name in ("wanted", "found")))  # noqa: E712
    return {
        "statement_f1": _cases(both, counts, f1),
        "statement_precision": _cases(both, counts, precision),
        "statement_recall": _cases(both, counts, recall),
    }


def attribution_cases(
    gold: Gold, attributions: pd.DataFrame, actors: Sequence[Mapping[str, str]]
) -> dict[str, Cases]:
    """Holders found in the sentences of gold statements, counted article by article."""
    ordered = attributions.sort_values(
        ["sentence_id", "holder_score"], ascending=[True, False], kind="stable"
    )
    found = dict(
        list(ordered[ordered["sentence_id"].isin(set(gold.sentences["sentence_id"]))].groupby("sentence_id"))
    )
    aliases = {actor["name"]: actor["aliases"].split("|") for actor in actors}
    rows, design = [], []
    for _, coded in gold.sentences.sort_values("article_id").groupby("article_id"):
        idle = set(coded.loc[coded["target"] == NONE, "sentence_id"])
        held = [
            each for key in sorted(set(coded["sentence_id"])) if key in found for each in _held(found[key])
        ]
        rows.append(holder_side_scores(_held(coded[coded["target"] != NONE]), held, idle, aliases))
        design.append(coded.iloc[0][["story_id", "weight"]])
    frame, scores = pd.DataFrame(design), pd.DataFrame(rows)
    cases = {}
    for name, (part, whole) in ATTRIBUTION_SCORES.items() if rows else ():
        wholes = scores[whole].to_numpy(dtype=np.float64)
        counts = np.stack([scores[part].to_numpy() * wholes, wholes], axis=1)
        cases[name] = _cases(frame[wholes > 0], counts[wholes > 0], share, int(wholes.sum()))
    return cases


def _held(frame: pd.DataFrame) -> list[Held]:
    columns: list[Any] = [frame[name] for name in ("sentence_id", "holder", "holder_side", "holder_kind")]
    return [Held(*row) for row in zip(*columns, strict=True)]


def reliability(pairs: pd.DataFrame) -> pd.DataFrame:
    """Of each bin of p_target, the mean probability, the share that holds a statement, and the pairs (weighted)."""
    weights, bins = pairs["weight"], bins_of(pairs["p_target"].to_numpy(dtype=np.float64))
    sums = (
        pd.DataFrame(
            {
                "probability": pairs["p_target"] * weights,
                "observed": pairs["is_statement"] * weights,
                "pairs": weights,
            }
        )
        .groupby(bins)
        .sum()
        .reindex(range(CALIBRATION_BINS))
        .dropna()
    )
    shares = sums[["probability", "observed"]].div(sums["pairs"], axis=0)
    return shares.assign(pairs=sums["pairs"]).round(4).reset_index(drop=True)


def theme_confusion(gold: Gold, relevance: pd.DataFrame) -> pd.DataFrame:
    """Gold theme and found theme of each labelled article."""
    both = gold.articles[["article_id", "theme"]].merge(
        relevance[["article_id", "theme"]], on="article_id", how="left", suffixes=("_gold", "_found")
    )
    return pd.DataFrame({"gold": both["theme_gold"], "found": both["theme_found"].fillna("off_topic")})
