"""Articles of the seeds, cleaned as those of any corpus are."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.params import Params
from pipeline.sources.articles import build_articles
from pipeline.sources.documents import Document
from pipeline.text.documents import CleanDocument, CleaningRules, clean_documents, document_of
from pipeline.text.gold import LabelsError
from pipeline.text.near_duplicates import alike_groups, find_stories, fold_of_groups
from pipeline.text.outlets import known_outlets

Row = Mapping[str, Any]


class CleanSeeds(NamedTuple):
    """Rows of articles of one corpus by article_id, cleaned, with the story of each."""

    rows: list[dict[str, Any]]
    cleaned: list[CleanDocument]
    stories: list[str]

    def table(self) -> pd.DataFrame:
        """What stands in the articles."""
        texts = {
            name: [getattr(each, name) for each in self.cleaned]
            for name in ("outlet_country", "title", "text")
        }
        ids = {name: [row[name] for row in self.rows] for name in ("article_id", "source_id")}
        dates = pd.Series([_day(row) for row in self.rows], dtype="datetime64[s]")
        return pd.DataFrame({**ids, "published_date": dates, "story_id": self.stories, **texts})


def clean_seeds(corpus: str, documents: Sequence[Row], outlets: Sequence[Row], params: Params) -> CleanSeeds:
    """Articles as stages ingest, clean and group make them of all documents of a corpus.

    Args:
        corpus: its folder of seeds; article ids are made from it.
        documents: as the source has them, in its order.
        outlets: rows of outlets.csv.
        params: all of params.yaml.

    Raises:
        LabelsError: a document would go to quarantine; the message names it and why.
    """
    rows, rejected = build_articles(
        [Document(corpus, number, row) for number, row in enumerate(documents, start=1)],
        corpus=corpus,
        fields=params.ingest.fields,
        earliest_date=params.ingest.earliest_date,
        latest_date=params.ingest.latest_date,
    )
    if rejected:
        raise LabelsError(f"seeds/{corpus}, article {rejected[0]['line']}: {rejected[0]['detail']}")
    rows.sort(key=lambda row: row["article_id"])
    rules = CleaningRules.of(params.clean.model_dump())
    cleaned = list(clean_documents([document_of(row) for row in rows], known_outlets(outlets), rules))
    titles, texts = [each.title for each in cleaned], [each.text for each in cleaned]
    ids, days = [row["article_id"] for row in rows], [_day(row) for row in rows]
    stories = find_stories(ids, titles, texts, days, **params.group.model_dump()).story_ids
    return CleanSeeds(rows, cleaned, stories)


def assign_folds(seeds: Sequence[CleanSeeds], params: Params) -> dict[str, int]:
    """The fold of each article by its id; alike articles share one, whatever their dates and corpora.

    Args:
        seeds: of every corpus that models learn from.
        params: the sections `group` and `prepare_labels` say what is alike, and how many folds there are.
    """
    ids = [row["article_id"] for each in seeds for row in each.rows]
    cleaned = [document for each in seeds for document in each.cleaned]
    groups = alike_groups(
        ids,
        [document.title for document in cleaned],
        [document.text for document in cleaned],
        [story for each in seeds for story in each.stories],
        **params.group.model_dump(exclude={"window_days"}),
    )
    return dict(zip(ids, fold_of_groups(groups, params.prepare_labels.folds), strict=True))


def _day(row: Row) -> datetime.date | None:
    return row["published_at"].date() if row["published_at"] else None
