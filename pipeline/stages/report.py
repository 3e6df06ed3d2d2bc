"""Write a corpus's report: everything that was made, in words and pictures, on one self-contained page."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.params import Params, read_params
from pipeline.report.brief import brief, findings_csv
from pipeline.report.material import Material
from pipeline.report.page import page
from pipeline.report.provenance import InputFiles
from pipeline.store import (
    LABELS,
    MODELS,
    SEEDS,
    corpus_folder,
    list_files,
    open_binary,
    read_card,
    read_csv,
    read_json,
    read_table,
    read_yaml,
    sha256_of,
    write_text,
)
from pipeline.tables.articles import ARTICLES, QUARANTINE
from pipeline.tables.contrasts import CONTRASTS
from pipeline.tables.coverage import COVERAGE, DROPPED_ARTICLES, REMOVED_LINES
from pipeline.tables.labels import LABELLED_ARTICLES, LABELLED_SENTENCES
from pipeline.tables.sentences import ATTRIBUTIONS, SENTENCES
from pipeline.tables.series import SERIES
from pipeline.tables.shifts import SHIFTS
from pipeline.tables.statements import STATEMENTS
from pipeline.tables.stories import STORIES
from pipeline.tables.themes import ARTICLE_RELEVANCE
from pipeline.tables.topics import ARTICLE_TOPICS, TOPICS

OF_CORPUS = (
    *(ARTICLES, QUARANTINE, COVERAGE, REMOVED_LINES, DROPPED_ARTICLES),
    *(STORIES, SENTENCES, ATTRIBUTIONS, SERIES, CONTRASTS, SHIFTS),
    *(ARTICLE_RELEVANCE, STATEMENTS, TOPICS, ARTICLE_TOPICS),
)
OF_LABELS = (LABELLED_ARTICLES, LABELLED_SENTENCES)
OF_CARDS = {  # of each model's card, what a reader is told
    "themes": ("scores", "themes_left_out"),
    "stance": ("scores", "targets_left_out"),
    "topics": ("scores", "without_topics_because"),
}


def main(corpus: str) -> None:
    """Read all that was made of a corpus, write its report."""
    params = read_params()
    tables = {table.name: read_table(corpus_folder(corpus), table) for table in OF_CORPUS}
    labels = {table.name: read_table(LABELS, table) for table in OF_LABELS}
    scores = read_json(Path("metrics") / f"{corpus}_details.json")["scores"]
    beside = {"cards": _cards(corpus), **_surroundings(corpus, params)}
    pages = report(corpus, {**tables, **labels}, scores, params, **beside)
    for name, text in pages.items():
        write_text(Path("reports") / corpus / name, text)


def report(
    corpus: str,
    tables: Mapping[str, pd.DataFrame],
    scores: Mapping[str, Mapping[str, float | None]],
    params: Params,
    *,
    targets: list[Mapping[str, Any]],
    themes: list[Mapping[str, str]],
    cards: Mapping[str, Mapping[str, Any]],
    turning_points: list[Mapping[str, str]],
    agreement: Mapping[str, float],
    coded_by: str,
    about: str,
    inputs: InputFiles,
) -> dict[str, str]:
    """The report's files by name: the page, and the findings alone as text and as a table.

    Of the labels only those of this corpus count; `cards` has the parts of the models' cards in OF_CARDS.

    Raises:
        ValueError: the tables do not add up, so they are not of one run.
    """
    articles, sentences = (tables[table.name] for table in OF_LABELS)
    articles = articles[articles["corpus"] == corpus]
    sentences = sentences[sentences["article_id"].isin(articles["article_id"])]
    material = Material(
        corpus=corpus,
        about=about,
        tables={**tables, LABELLED_ARTICLES.name: articles, LABELLED_SENTENCES.name: sentences},
        targets={target["target"]: target for target in targets},
        themes=themes,
        cards=cards,
        turning_points=turning_points,
        agreement=agreement,
        coded_by=coded_by,
        scores=scores,
        params=params,
        inputs=inputs,
    )
    return {
        "index.html": page(material),
        "findings.md": brief(material),
        "findings.csv": findings_csv(material),
    }


def _cards(corpus: str) -> dict[str, dict[str, Any]]:
    """What the report tells of the cards of the fitted models."""
    folders = {"themes": MODELS / "themes", "stance": MODELS / "stance", "topics": MODELS / "topics" / corpus}
    cards = {name: read_card(folder) for name, folder in folders.items()}
    return {name: {part: cards[name][part] for part in parts} for name, parts in OF_CARDS.items()}


def _surroundings(corpus: str, params: Params) -> dict[str, Any]:
    """What stands beside the tables: the codebook, turning points, agreement of the coders, about.md, the input's digest."""
    path = Path(params.corpus(corpus).path)
    about = (path if path.is_dir() else path.parent) / "about.md"
    coders = [SEEDS / folder / "agreement.json" for folder in params.prepare_labels.corpora]
    known = [read_json(file) for file in coders if file.is_file()]
    coding: dict[str, Any] = next((each[corpus] for each in known if corpus in each), {})
    return {
        "targets": read_yaml(SEEDS / "targets.yaml"),
        "themes": read_csv(SEEDS / "themes.csv", ("theme", "group", "wording")),
        "turning_points": read_csv(SEEDS / "turning_points.csv", ("date", "label")),
        "agreement": {name: figure for name, figure in coding.items() if name != "coded_by"},
        "coded_by": coding.get("coded_by", ""),
        "about": _read(about).decode("utf-8").strip() if about.is_file() else "",
        "inputs": _input_files(path),
    }


def _input_files(path: Path) -> InputFiles:
    """Number, size and SHA-256 of a corpus's files, as they lie on disk (a .gz stays packed)."""
    files = list_files(path)
    if path.is_file():
        return InputFiles(1, path.stat().st_size, sha256_of(path))
    listed = "".join(f"{sha256_of(file)}  {file.relative_to(path).as_posix()}\n" for file in files)
    size = sum(file.stat().st_size for file in files)
    return InputFiles(len(files), size, hashlib.sha256(listed.encode("utf-8")).hexdigest())


def _read(path: Path) -> bytes:
    with open_binary(path) as stream:
        return stream.read()
