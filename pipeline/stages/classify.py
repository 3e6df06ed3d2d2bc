"""Relevance, themes, and who stands where: the fitted models applied to one corpus."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import typer
from numpy.typing import NDArray

from pipeline import store
from pipeline.fitted import Judges, folds_of, read_judges
from pipeline.methods.statements import Judgement, Vectors, find_sentences, rows_of
from pipeline.methods.themes import best_themes
from pipeline.params import Params, read_params
from pipeline.tables.coverage import COVERAGE
from pipeline.tables.labels import LABELLED_ARTICLES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE, ARTICLE_THEMES, WHOLE_MODEL
from pipeline.tables.vectors import ARTICLE_VECTORS, SENTENCE_VECTORS
from pipeline.tables.words import STANCES
from pipeline.text.gate import passes_gate
from pipeline.text.gold import OFF_TOPIC
from pipeline.text.passages import compile_terms

TABLES = (COVERAGE, STORIES, SENTENCES, ATTRIBUTIONS)


class Classified(NamedTuple):
    """The tables of those names."""

    article_relevance: pd.DataFrame
    article_themes: pd.DataFrame
    statements: pd.DataFrame


def classify(
    tables: Mapping[str, pd.DataFrame],
    article_vectors: Vectors,
    sentence_vectors: Vectors,
    labelled_articles: pd.DataFrame,
    judges: Callable[[int], Judges],
    params: Params,
) -> Classified:
    """Judge the articles of one corpus, and the sentences of those that pass the gate.

    Args:
        tables: `TABLES` of the corpus, by name.
        article_vectors: of its coverage.
        sentence_vectors: of its sentences.
        labelled_articles: of this corpus; a story that one of them tells is judged by the models of
            its fold, which have not seen it, all others by the models of all labels.
        judges: the models of a fold, `WHOLE_MODEL` for those of all labels.
        params: the sections clean (for the gate's terms) and classify.
    """
    coverage = tables["coverage"].sort_values("article_id", ignore_index=True)
    folds = folds_of(coverage["article_id"], tables["stories"], labelled_articles)
    passage_terms = params.clean.passage_terms.model_dump()
    terms = {country: compile_terms(patterns) for country, patterns in passage_terms.items()}
    texts: list[Any] = [coverage[name] for name in ("title", "text", "outlet_country")]
    passes = np.fromiter(map(partial(passes_gate, terms=terms), *texts), dtype=np.bool_, count=len(coverage))
    themes = judges(WHOLE_MODEL).themes.themes
    probabilities = np.zeros((len(coverage), len(themes)), dtype=np.float32)
    probabilities[:, themes.index(OFF_TOPIC)] = 1  # for an article that the gate keeps out
    statements = [STATEMENTS.empty()]
    for fold in sorted(set(folds[passes].tolist())):
        chosen = passes & (folds == fold)
        articles, judge = coverage[chosen], judges(fold)
        probabilities[chosen] = judge.themes.probabilities(
            articles["title"].tolist(),
            articles["text"].tolist(),
            rows_of(article_vectors, articles["article_id"].tolist()),
        )
        inside = tables["sentences"]["article_id"].isin(set(articles["article_id"]))
        sentences = tables["sentences"][inside].sort_values("sentence_id")
        ids, of_ids = sentences["sentence_id"].tolist(), sentences["text"].tolist()
        read = find_sentences(ids, of_ids, sentence_vectors, article_vectors)
        names = [target.name for target in judge.stances.targets]
        found = _found(sentences["sentence_id"], judge.stances.judge(read), names, params.classify.statement)
        statements.append(_held(found, tables["attributions"]))
    judged = pd.DataFrame({"article_id": coverage["article_id"], "passes_gate": passes, "fold": folds})
    relevance = _relevance(judged, probabilities, themes, params.classify.relevance)
    return Classified(
        relevance,
        _themes(coverage["article_id"], probabilities, themes),
        pd.concat(statements, ignore_index=True),
    )


def _found(
    sentence_ids: pd.Series, judged: Judgement, targets: Sequence[str], threshold: float
) -> pd.DataFrame:
    """The pairs of sentence and target that reach the threshold, with their probabilities and likeliest stance."""
    rows, columns = np.nonzero(judged.p_target >= threshold)
    stances = judged.p_stance[rows, columns]
    return pd.DataFrame(
        {
            "sentence_id": sentence_ids.to_numpy()[rows],
            "target": np.array(targets, dtype=object)[columns],
            "p_target": judged.p_target[rows, columns],
            **{f"p_{name}": stances[:, i] for i, name in enumerate(STANCES)},
            "stance": np.array(STANCES, dtype=object)[stances.argmax(axis=1)],
        }
    )


def _held(found: pd.DataFrame, attributions: pd.DataFrame) -> pd.DataFrame:
    """A statement for each one who speaks or acts in the sentence; the narrator takes no stance."""
    columns = ["sentence_id", "holder", "holder_side", "holder_kind"]
    holders = attributions.loc[attributions["attribution"] != "narrator", columns]
    return found.merge(holders, on="sentence_id")[[column.name for column in STATEMENTS.columns]]


def _relevance(
    judged: pd.DataFrame, probabilities: NDArray[np.float32], themes: Sequence[str], threshold: float
) -> pd.DataFrame:
    """Relevant is what passes the gate with enough probability of the codebook's other themes together."""
    relevance = (1 - probabilities[:, themes.index(OFF_TOPIC)]).clip(0, 1)
    is_relevant = judged["passes_gate"].to_numpy() & (relevance >= threshold)
    theme = np.where(is_relevant, best_themes(probabilities, themes), OFF_TOPIC)
    return judged.assign(relevance=relevance, is_relevant=is_relevant, theme=theme)


def _themes(
    article_ids: pd.Series, probabilities: NDArray[np.float32], themes: Sequence[str]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": np.repeat(article_ids.to_numpy(), len(themes)),
            "theme": np.tile(np.array(themes, dtype=object), len(article_ids)),
            "probability": probabilities.ravel(),
        }
    )


def main(corpus: str) -> None:
    """Read a corpus's tables and vectors and the models, write article_relevance, article_themes and statements."""
    folder = store.corpus_folder(corpus)
    labelled = store.read_table(store.LABELS, LABELLED_ARTICLES)
    done = classify(
        {table.name: store.read_table(folder, table) for table in TABLES},
        store.read_vectors(folder, ARTICLE_VECTORS),
        store.read_vectors(folder, SENTENCE_VECTORS),
        labelled[labelled["corpus"] == corpus],
        read_judges(),
        read_params(),
    )
    store.write_table(folder, ARTICLE_RELEVANCE, done.article_relevance)
    store.write_table(folder, ARTICLE_THEMES, done.article_themes)
    store.write_table(folder, STATEMENTS, done.statements)
    relevant = int(done.article_relevance["is_relevant"].sum())
    typer.echo(
        f"classify: {len(done.article_relevance)} articles, {int(done.article_relevance['passes_gate'].sum())} "
        f"pass the gate, {relevant} relevant; {len(done.statements)} statements",
        err=True,
    )
