"""Who speaks or acts: attributions counted by side, kind and holder, the narrator left out."""

from dataclasses import dataclass

import pandas as pd

from pipeline.tables.words import KINDS, SIDES

TOP_HOLDERS = 20


@dataclass(frozen=True)
class Speakers:
    """Counts of attributions; one row of `attributions` is a sentence and a holder.

    `by_kind` has one row a kind and one column a side; `holders` are the commonest, with side,
    commonest kind, sentences and articles.
    """

    sentences: int
    attributed_sentences: int
    by_kind: pd.DataFrame
    holders: pd.DataFrame
    other_holders: int


def speakers(attributions: pd.DataFrame) -> Speakers:
    """Count who speaks or acts."""
    voiced = attributions[attributions["attribution"] != "narrator"]
    by_kind = (
        pd.crosstab(voiced["holder_kind"], voiced["holder_side"])
        .reindex(index=KINDS, columns=SIDES, fill_value=0)
        .loc[lambda table: table.sum(axis=1) > 0]
    )
    ranked = _ranked(voiced)
    return Speakers(
        sentences=attributions["sentence_id"].nunique(),
        attributed_sentences=voiced["sentence_id"].nunique(),
        by_kind=by_kind,
        holders=ranked.head(TOP_HOLDERS),
        other_holders=max(0, len(ranked) - TOP_HOLDERS),
    )


def _ranked(voiced: pd.DataFrame) -> pd.DataFrame:
    """Holders (of one side each) by the number of their sentences."""
    by_kind = voiced.groupby(["holder", "holder_side", "holder_kind"], as_index=False).size()
    commonest = by_kind.sort_values(["size", "holder_kind"], ascending=[False, True]).drop_duplicates(
        ["holder", "holder_side"]
    )
    counted = (
        voiced.assign(article_id=voiced["sentence_id"].str.rsplit("-", n=1).str[0])
        .groupby(["holder", "holder_side"], as_index=False)
        .agg(sentences=("sentence_id", "nunique"), articles=("article_id", "nunique"))
        .merge(commonest.drop(columns="size"), on=["holder", "holder_side"])
    )
    return counted.sort_values(
        ["sentences", "holder", "holder_side"], ascending=[False, True, True], ignore_index=True
    )
