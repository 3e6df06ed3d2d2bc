"""How often the rules find who holds a gold statement, apart for the half they were developed on and the other."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from pipeline import store
from pipeline.methods.scores import Held, holder_side_scores
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import ATTRIBUTIONS
from pipeline.text.actors import ACTOR_COLUMNS, Directory
from pipeline.text.holders import Document, attribute_documents
from pipeline.text.outlets import OUTLET_COLUMNS, known_outlets, one_spelling

SHOWN = (
    "n_statements",
    "side",
    "holder_and_side",
    "unattributed",
    "side_unknown",
    "attributed_without_statement",
)
HALVES = ("developed on", "held out", "all")


def main(
    real_news: Annotated[
        Path | None,
        typer.Option(help="Gold by sentence, JSON Lines: sentences, statements, outlet, title, published."),
    ] = None,
) -> None:
    """Print shares of gold statements in whose sentence the right side, or the right holder, is found.

    Articles whose id has an even SHA-256 are those that the rules were developed on. Unweighted. The
    seeds are read from data/, so `make report` comes first.
    """
    actors = store.read_csv(store.SEEDS / "actors.csv", ACTOR_COLUMNS)
    aliases = {actor["name"]: actor["aliases"].split("|") for actor in actors}
    typer.echo(f"{'gold':14}{'half':14}" + "".join(f"{name.replace('_', ' '):>30}" for name in SHOWN))
    for corpus in ("sample", "white_house"):
        _print(corpus, *_of_seeds(corpus), aliases)
    if real_news is not None:
        _print("real news", *_of_file(real_news, Directory.of(actors)), aliases)


def is_development(article: str) -> bool:
    """Whether the rules were developed on an article, by its own id."""
    return int(hashlib.sha256(article.encode()).hexdigest(), 16) % 2 == 0


def _of_seeds(corpus: str) -> tuple[list[tuple[str, Held, bool]], list[Held]]:
    """Gold (article, statement or coded sentence, whether it is a statement) and what was found."""
    articles = store.read_table(store.LABELS, LABELLED_ARTICLES)
    gold = store.read_table(store.LABELS, LABELLED_SENTENCES).merge(articles, on="article_id")
    gold = gold[gold["corpus"] == corpus]
    rows = [
        (row["source_id"], Held(*(row[name] for name in _COLUMNS)), row["target"] != "none")
        for row in gold.to_dict("records")
    ]
    found = store.read_table(store.corpus_folder(corpus), ATTRIBUTIONS)
    found = found.sort_values(["sentence_id", "holder_score"], ascending=[True, False], kind="stable")
    return rows, [Held(*(row[name] for name in _COLUMNS)) for row in found.to_dict("records")]


_COLUMNS = ("sentence_id", "holder", "holder_side", "holder_kind")


def _of_file(path: Path, directory: Directory) -> tuple[list[tuple[str, Held, bool]], list[Held]]:
    """The same for articles that are given sentence by sentence."""
    articles = store.read_json_lines(path)
    known = known_outlets(store.read_csv(store.SEEDS / "outlets.csv", OUTLET_COLUMNS))
    spelled = one_spelling([article["outlet"] or "" for article in articles], known)
    documents = []
    for article in articles:
        outlet = spelled[article["outlet"] or ""]
        date = article["published"] and datetime.date.fromisoformat(article["published"][:10])
        genre = "official" if outlet.kind == "government" else "news"
        text = " ".join(article["sentences"])
        documents.append(
            Document(text, article["title"] or "", date or None, genre, outlet.name, outlet.country)
        )
    gold, found = [], []
    for article, attributed in zip(
        articles, attribute_documents(documents, directory=directory), strict=True
    ):
        gold += _gold_of(article)
        found += _found_in(article, attributed)
    return gold, found


def _gold_of(article: dict[str, Any]) -> Iterable[tuple[str, Held, bool]]:
    held = {statement["sentence"] for statement in article["statements"]}
    for s in article["statements"]:
        key = f"{article['id']}-{s['sentence']}"
        yield article["id"], Held(key, s["holder"], s["holder_side"], s["holder_kind"]), True
    for i in range(len(article["sentences"])):
        if i not in held:
            yield article["id"], Held(f"{article['id']}-{i}", "", "unknown", "unknown"), False


def _found_in(article: dict[str, Any], attributed: Sequence[Any]) -> Iterable[Held]:
    """Holders of the sentences that were found, on the given sentence that each overlaps most."""
    start = 0
    for i, sentence in enumerate(article["sentences"]):
        end = start + len(sentence)
        for own in attributed:
            if min(end, own.end) - max(start, own.start) > 0.5 * (own.end - own.start):
                for h in own.holders:
                    yield Held(f"{article['id']}-{i}", h.holder, h.side, h.kind)
        start = end + 1


def _print(
    name: str, gold: Sequence[tuple[str, Held, bool]], found: Sequence[Held], aliases: dict[str, list[str]]
) -> None:
    frame = pd.DataFrame(gold, columns=["article", "held", "is_statement"])
    development = frame["article"].map(is_development)
    for half, chosen in zip(HALVES, (development, ~development, development | True), strict=True):
        part = frame[chosen]
        statements = part.loc[part["is_statement"], "held"].tolist()
        idle = {held.sentence_id for held in part.loc[~part["is_statement"], "held"]}
        scores = holder_side_scores(statements, found, idle, aliases)
        shown = "".join(
            f"{scores[key]:>30.3f}" if key != "n_statements" else f"{scores[key]:>30}" for key in SHOWN
        )
        typer.echo(f"{name:14}{half:14}{shown}")
