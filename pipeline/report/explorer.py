"""The list of statements on the page: all that it holds, packed for its script, and what it can be filtered by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report.evidence import CONTEXT_CHARS, Evidence, Source, evenly_spaced, known, web_address
from pipeline.report.wording import PLACES
from pipeline.tables.words import KINDS, SIDES, STANCES

CODERS = {"gold": "gold labels", "model": "the model"}
OUTLETS_TO_CHOOSE = 40  # of more, a name is typed


@dataclass(frozen=True)
class Explorer:
    """The statements of a page; `data` is what its script reads.

    `data` has columns of numbers: of `articles`, and of `statements`, which name values by their place in
    `levels`, and articles by their place in `articles`. `labels` are the levels in a reader's words.
    `comparisons` has the statements that each counts, before and after. `held` and `left_out` are numbers
    of statements by coder.
    """

    data: dict[str, Any]
    held: dict[str, int]
    left_out: dict[str, int]
    first: str
    last: str

    @property
    def total(self) -> int:
        """How many statements the page holds."""
        return sum(self.held.values())

    @property
    def choices(self) -> dict[str, list[str]]:
        """What can be chosen of each column, in a reader's words, by place in its levels."""
        outlets = [outlet or "outlet unknown" for outlet in self.data["levels"]["outlet"]]
        return {**self.data["labels"], "outlet": outlets}

    @property
    def has_outlets_to_choose(self) -> bool:
        """Whether outlets are few enough for a list."""
        return len(self.data["levels"]["outlet"]) <= OUTLETS_TO_CHOOSE


def explorer(
    source: Source, counted: Mapping[str, Evidence], targets: Mapping[str, Mapping[str, Any]], limit: int
) -> Explorer:
    """Pack the statements, at most `limit`: those that contrasts count first, then other gold, then the model's.

    Each of the three is evenly spaced in time where it must be cut.

    Args:
        source: all statements of the corpus.
        counted: what each stance contrast counts, by anchor.
        targets: rows of targets.yaml by target.
        limit: the most statements.
    """
    places = {
        anchor: {period.name: period.places for period in found.periods} for anchor, found in counted.items()
    }
    bearing = {place for found in counted.values() for period in found.periods for place in period.places}
    rows = _kept(source.statements, bearing, limit)
    now_at = {place: number for number, place in enumerate(rows.index)}
    coders, of_all = rows["coded_by"].value_counts(), source.statements["coded_by"].value_counts()
    dates = rows["published_date"].dropna()
    return Explorer(
        data={
            **_pack(rows, source, targets),
            "comparisons": {
                anchor: {
                    name: [now_at[at] for at in those if at in now_at] for name, those in periods.items()
                }
                for anchor, periods in places.items()
            },
            "context": CONTEXT_CHARS,
        },
        held={coder: int(coders.get(coder, 0)) for coder in CODERS},
        left_out={coder: int(of_all.get(coder, 0) - coders.get(coder, 0)) for coder in CODERS},
        first=f"{dates.min():%Y-%m-%d}" if len(dates) else "",
        last=f"{dates.max():%Y-%m-%d}" if len(dates) else "",
    )


def _kept(statements: pd.DataFrame, bearing: Collection[int], limit: int) -> pd.DataFrame:
    is_gold, bears = statements["coded_by"] == "gold", statements.index.isin(list(bearing))
    kept: list[int] = []
    for group in (statements[bears], statements[is_gold & ~bears], statements[~is_gold]):
        kept += evenly_spaced(group, limit - len(kept)).index.tolist()
    return statements.loc[sorted(kept)]


def _pack(
    rows: pd.DataFrame, source: Source, targets: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, list[Any]]]:
    """Articles and texts once, statements by their places."""
    names = {
        target: targets.get(target, {}).get("label", target.replace("_", " "))
        for target in rows["target"].unique()
    }
    orders = {
        "coded_by": list(CODERS),
        "target": sorted(names, key=lambda target: (names[target].casefold(), target)),
        "stance": STANCES,
        "holder_side": SIDES,
        "holder_kind": KINDS,
        "holder": sorted(set(rows["holder"])),
    }
    levels = {
        name: [level for level in order if (rows[name] == level).any()] for name, order in orders.items()
    }
    statements = {name: pd.Index(levels[name]).get_indexer(rows[name]).tolist() for name in orders}
    around = [source.context(*of) for of in zip(rows["article_id"], rows["position"], strict=True)]
    before, after = ([each[side] for each in around] for side in (0, 1))
    codes, texts = pd.factorize(np.array([*rows["text"], *before, *after], dtype=object))
    article, ids = pd.factorize(rows["article_id"])
    statements |= {
        "article": article.tolist(),
        **dict(zip(("text", "before", "after"), codes.reshape(3, -1).tolist(), strict=True)),
        "weight": _numbers(rows["weight"]),
        **{name: _numbers(rows[name].astype("float32")) for name in ("p_target", "p_stance")},
    }
    first = rows.drop_duplicates("article_id").set_index("article_id").loc[ids]
    outlets = [known(outlet) for outlet in first["outlet"]]
    levels |= {"text": list(texts), "outlet": sorted(set(outlets), key=lambda name: (name.casefold(), name))}
    return {
        "articles": {
            "date": ["" if pd.isna(date) else f"{date:%Y-%m-%d}" for date in first["published_date"]],
            "outlet": [levels["outlet"].index(outlet) for outlet in outlets],
            "title": [known(title) for title in first["title"]],
            "url": [web_address(url) for url in first["url"]],
        },
        "statements": statements,
        "levels": levels,
        "labels": {
            "coded_by": [CODERS[coder] for coder in levels["coded_by"]],
            "target": [names[target] for target in levels["target"]],
            "stance": levels["stance"],
            "holder_side": [PLACES[side] for side in levels["holder_side"]],
            "holder_kind": [kind.replace("_", " ") for kind in levels["holder_kind"]],
        },
    }


def _numbers(column: pd.Series) -> list[float | None]:
    """Each in as few digits as tell it from its neighbours (a float32 needs fewer); None where it is nan."""
    return [None if np.isnan(value) else float(str(value)) for value in column.to_numpy()]
