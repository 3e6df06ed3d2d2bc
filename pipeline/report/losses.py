"""What was dropped and why: a balance in which every document is accounted for."""

from dataclasses import dataclass

import pandas as pd

QUARANTINE_ROWS = 20
TELLING_LETTERS = 12  # a line with fewer letters ('--', 'Ad') is no example while there is a longer one
REASONS = {
    "site_furniture": "site furniture: menus, notices, calls to subscribe",
    "repeated_title": "the title over again",
    "recurs_within_outlet": "recurs in many articles of the outlet",
    "outside_passages": "of long documents, what lies away from mentions of the other country",
    "other_language": "another language",
    "no_text_left": "no text left",
}


@dataclass(frozen=True)
class Losses:
    """Documents = articles + quarantine; articles = covered + dropped.

    Reasons are counted most frequent first; `removed_lines` has the columns reason, lines, articles
    and example (the commonest line of its reason).
    """

    documents: int
    quarantined: dict[str, int]
    articles: int
    dropped: dict[str, int]
    covered: int
    removed_lines: pd.DataFrame
    quarantine_rows: pd.DataFrame


def losses(
    articles: pd.DataFrame,
    quarantine: pd.DataFrame,
    coverage: pd.DataFrame,
    dropped_articles: pd.DataFrame,
    removed_lines: pd.DataFrame,
) -> Losses:
    """Balance the documents of a corpus.

    Raises:
        ValueError: the tables do not add up, so they are not of one run.
    """
    if len(articles) != len(coverage) + len(dropped_articles):
        raise ValueError(
            f"articles ({len(articles)}) are not coverage ({len(coverage)}) + dropped_articles "
            f"({len(dropped_articles)}): the tables are not of one run; run `dvc repro`"
        )
    return Losses(
        documents=len(articles) + len(quarantine),
        quarantined=_reasons(quarantine),
        articles=len(articles),
        dropped=_reasons(dropped_articles),
        covered=len(coverage),
        removed_lines=_removed(removed_lines),
        quarantine_rows=quarantine.sort_values(["path", "line"]).head(QUARANTINE_ROWS),
    )


def reason_words(reason: str) -> str:
    """A reason of the tables in a reader's words."""
    return REASONS.get(reason, reason.replace("_", " "))


def _reasons(frame: pd.DataFrame) -> dict[str, int]:
    counts = frame.groupby("reason").size()
    return {
        str(reason): int(counts[reason]) for reason in sorted(counts.index, key=lambda r: (-counts[r], r))
    }


def _removed(lines: pd.DataFrame) -> pd.DataFrame:
    counted = lines.groupby("reason", as_index=False).agg(
        lines=("line", "size"), articles=("article_id", "nunique")
    )
    commonest = lines.groupby(["reason", "line"], as_index=False).size()
    telling = commonest["line"].str.count(r"[^\W\d_]") >= TELLING_LETTERS
    ranked = commonest.assign(telling=telling).sort_values(
        ["telling", "size", "line"], ascending=[False, False, True]
    )
    example = ranked.drop_duplicates("reason")
    joined = counted.merge(example[["reason", "line"]].rename(columns={"line": "example"}), on="reason")
    return joined.sort_values(["lines", "reason"], ascending=[False, True], ignore_index=True)
