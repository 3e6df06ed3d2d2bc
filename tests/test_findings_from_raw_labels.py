"""Two findings recomputed from the raw labels alone, by docs/method.md ("Contrasts from gold").

Nothing of `pipeline` is imported, so agreement with data/<corpus>/contrasts.parquet is that of two hands.
`python tests/test_findings_from_raw_labels.py [folder]` prints both findings without a run.
"""

import gzip
import json
import math
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import t as student

Period = tuple[date, date]


@dataclass(frozen=True)
class Declared:
    """A contrast as declared, and where its raw files lie."""

    name: str
    corpus: str
    articles: str
    target: str
    side: str
    before: Period
    after: Period


pytestmark = pytest.mark.slow

CONTRASTS = (
    Declared(
        name="canada_partnership_second_inauguration",
        corpus="sample",
        articles="articles.jsonl",
        target="close_partnership",
        side="canada",
        before=(date(2019, 1, 1), date(2025, 1, 19)),
        after=(date(2025, 1, 20), date(2025, 12, 31)),
    ),
    Declared(
        name="white_house_partnership_second_inauguration",
        corpus="white_house",
        articles="articles.jsonl.gz",
        target="close_partnership",
        side="us",
        before=(date(2021, 1, 20), date(2025, 1, 19)),
        after=(date(2025, 1, 20), date(2026, 8, 31)),
    ),
)
TOLERANCE = 1e-9
UNDATED = date.max  # sorts last, and no two undated articles are taken for copies


def read_lines(path: Path) -> list[dict]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


@dataclass(frozen=True)
class Raw:
    """The raw files of one contrast's corpus: labelled articles in the order (published, id)."""

    texts: dict[str, str]
    published: dict[str, date]
    labelled: list[str]
    stratum: dict[str, str]
    weight: dict[str, float]
    stances: dict[str, list[str]]  # of the contrast's target and side, by article

    @classmethod
    def of(cls, declared: Declared, root: Path) -> "Raw":
        folder = root / "seeds" / declared.corpus
        articles = read_lines(folder / declared.articles)
        published = {
            a["id"]: date.fromisoformat(a["published"]) if a["published"] else UNDATED for a in articles
        }
        labels = read_lines(folder / "article_labels.jsonl")
        stances = defaultdict(list)
        for statement in read_lines(folder / "statement_labels.jsonl"):
            if statement["target"] == declared.target and statement["holder_side"] == declared.side:
                stances[statement["id"]].append(statement["stance"])
        return cls(
            texts={a["id"]: a["text"] for a in articles},
            published=published,
            labelled=sorted((label["id"] for label in labels), key=lambda i: (published[i], i)),
            stratum={label["id"]: label["stratum"] for label in labels},
            weight={label["id"]: 1 / label["inclusion_probability"] for label in labels},
            stances=stances,
        )

    def within(self, period: Period) -> list[str]:
        first, last = period
        return [i for i in self.labelled if first <= self.published[i] <= last]

    def favor_less_against(self, article: str) -> int:
        counts = Counter(self.stances.get(article, ()))
        return counts["favor"] - counts["against"]

    def statements(self, article: str) -> int:
        return len(self.stances.get(article, ()))


# Point estimates and the bar


def net_stance(raw: Raw, period: Period) -> float:
    ids = raw.within(period)
    total = sum(raw.weight[i] * raw.statements(i) for i in ids)
    return sum(raw.weight[i] * raw.favor_less_against(i) for i in ids) / total


def bearing(raw: Raw, period: Period) -> int:
    return sum(raw.statements(i) > 0 for i in raw.within(period))


def clears_the_bar(raw: Raw, period: Period, params: dict) -> bool:
    ids = raw.within(period)
    documents = sum(raw.weight[i] for i in ids)
    census = len(ids) >= params["census_share"] * documents
    n = bearing(raw, period)
    return n >= params["claim_articles"] or (census and n >= params["census_claim_articles"])


def standing(raw: Raw, declared: Declared, params: dict) -> str:
    periods = (declared.before, declared.after)
    return "claim" if all(clears_the_bar(raw, period, params) for period in periods) else "described"


# Stories: brute force, copies of a story's first article, no chaining


def shingles(text: str, words: int) -> frozenset[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text.lower())
    return frozenset(tuple(tokens[i : i + words]) for i in range(max(1, len(tokens) - words + 1)))


def likeness(one: frozenset, other: frozenset) -> float:
    """The larger of Jaccard and containment in the shorter: always the latter, as its divisor is smaller."""
    return len(one & other) / min(len(one), len(other))


def find_stories(raw: Raw, params: dict) -> dict[str, str]:
    """Article to its story's first article, over all articles of the corpus."""
    marks = {i: shingles(text, params["shingle_words"]) for i, text in raw.texts.items()}
    story: dict[str, str] = {}
    firsts: list[str] = []
    for i in sorted(raw.texts, key=lambda i: (raw.published[i], i)):
        near = (
            first
            for first in firsts
            if raw.published[i] != UNDATED
            and (raw.published[i] - raw.published[first]).days <= params["window_days"]
            and likeness(marks[i], marks[first]) >= params["similarity"]
        )
        story[i] = next(near, i)
        if story[i] == i:
            firsts.append(i)
    return story


def differing_articles(raw: Raw, one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Labelled articles whose labelled story-mates differ between two partitions."""

    def mates(story: dict[str, str]) -> dict[str, frozenset[str]]:
        members = defaultdict(set)
        for i in raw.labelled:
            members[story.get(i, f"absent: {i}")].add(i)
        return {i: frozenset(group) for group in members.values() for i in group}

    ours, theirs = mates(one), mates(other)
    return [
        f"{i}: here with {sorted(ours[i] - {i})}, there with {sorted(theirs[i] - {i})}"
        for i in raw.labelled
        if ours[i] != theirs[i]
    ]


def pipeline_stories(declared: Declared, root: Path) -> dict[str, str]:
    table = pd.read_parquet(root / "data" / "labels" / "labelled_articles.parquet")
    table = table[table["corpus"] == declared.corpus]
    return dict(zip(table["source_id"], table["story_id"], strict=True))


# The interval


def join_single(strata: dict[str, list[list[str]]]) -> tuple[list[list[list[str]]], list[str]]:
    """Strata in sorted order, each a list of stories; a single one joins the stratum before it."""
    names = sorted(strata)
    groups = [list(strata[name]) for name in names]
    joined = []
    while len(groups) > 1 and any(len(group) == 1 for group in groups):
        single = next(k for k, group in enumerate(groups) if len(group) == 1)
        into = single - 1 if single else 1
        joined.append(f"{names[single]} to {names[into]}")
        groups[into] += groups[single]
        del groups[single], names[single]
    return groups, joined


def strata_of(raw: Raw, story: dict[str, str]) -> tuple[list[list[list[str]]], list[str]]:
    """Stories (lists of labelled articles) by stratum, in the order of their first labelled articles."""
    members: dict[str, list[str]] = {}
    for i in raw.labelled:  # sorted, so a story's first labelled article comes first
        members.setdefault(story[i], []).append(i)
    strata = defaultdict(list)
    for articles in members.values():
        strata[raw.stratum[articles[0]]].append(articles)
    groups, joined = join_single(strata)
    place = {i: k for k, i in enumerate(raw.labelled)}
    return [sorted(group, key=lambda articles: place[articles[0]]) for group in groups], joined


def sampling_fraction(raw: Raw, articles: Iterable[str], params: dict) -> float:
    if params["population"] == "process":
        return 0.0
    weights = [raw.weight[i] for i in articles]
    return len(weights) / math.fsum(weights)


def resampled_changes(
    raw: Raw, declared: Declared, groups: list[list[list[str]]], params: dict
) -> np.ndarray:
    """The change in every resample; nan where a period holds no statement."""
    rng = np.random.default_rng([params["seed"], zlib.crc32(declared.name.encode("utf-8"))])
    resamples = params["resamples"]
    before, after = (set(raw.within(period)) for period in (declared.before, declared.after))
    totals = {(part, side): np.zeros(resamples) for part in ("d", "m") for side in ("before", "after")}
    for stories in groups:
        n = len(stories)
        fraction = sampling_fraction(raw, (i for articles in stories for i in articles), params)
        scale = math.sqrt(1 - fraction)
        counts = rng.multinomial(n - 1, [1 / n] * n, size=resamples)
        factors = 1 - scale + scale * n / (n - 1) * counts
        for k, articles in enumerate(stories):
            for i in articles:
                side = "before" if i in before else "after" if i in after else None
                if side:
                    totals["d", side] += factors[:, k] * raw.weight[i] * raw.favor_less_against(i)
                    totals["m", side] += factors[:, k] * raw.weight[i] * raw.statements(i)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = totals["d", "after"] / totals["m", "after"] - totals["d", "before"] / totals["m", "before"]
    change[(totals["m", "before"] <= 0) | (totals["m", "after"] <= 0)] = np.nan
    return change


def interval(
    changes: np.ndarray, change: float, smaller_side: int, params: dict
) -> tuple[float, float, float]:
    """Low, high and p; nan where more than a tenth of the resamples lack a period."""
    kept = changes[~np.isnan(changes)]
    if len(changes) - len(kept) > len(changes) / 10:
        return math.nan, math.nan, math.nan
    tail = (1 - params["confidence"]) / 2
    stretch = student.ppf(1 - tail, smaller_side - 1) / student.ppf(1 - tail, math.inf)
    low, high = change + stretch * (np.quantile(kept, [tail, 1 - tail]) - change)
    p = 2 * student.sf(abs(change) / float(kept.std(ddof=1)), smaller_side - 1)
    return max(-2.0, float(low)), min(2.0, float(high)), float(p)


def bearing_stories(raw: Raw, period: Period, story: dict[str, str]) -> int:
    """How many stories hold a statement; they must not all lean alike, or there were no interval."""
    held: dict[str, list[int]] = {}
    for article in raw.within(period):
        if raw.statements(article):
            total = held.setdefault(story[article], [0, 0])
            total[0] += raw.favor_less_against(article)
            total[1] += raw.statements(article)
    assert len({lean / statements for lean, statements in held.values()}) > 1
    return len(held)


# Tests


def read_params(root: Path) -> dict:
    return yaml.safe_load((root / "params.yaml").read_text(encoding="utf-8"))


def published_row(declared: Declared, root: Path) -> pd.Series:
    table = pd.read_parquet(root / "data" / declared.corpus / "contrasts.parquet")
    rows = table[table["contrast"] == declared.name]
    assert len(rows) == 1, f"{declared.name}: {len(rows)} rows in {declared.corpus}/contrasts.parquet, not 1"
    return rows.iloc[0]


@pytest.mark.parametrize("declared", CONTRASTS, ids=lambda declared: declared.name)
def test_estimates_and_standing_follow_from_the_raw_labels(declared: Declared, default_run: Path):
    raw, row = Raw.of(declared, default_run), published_row(declared, default_run)
    before, after = net_stance(raw, declared.before), net_stance(raw, declared.after)

    assert (row["n_labelled_before"], row["n_labelled_after"]) == (
        bearing(raw, declared.before),
        bearing(raw, declared.after),
    )
    assert row["status"] == standing(raw, declared, read_params(default_run)["measure"])
    assert row["before"] == pytest.approx(before, abs=TOLERANCE, rel=0)
    assert row["after"] == pytest.approx(after, abs=TOLERANCE, rel=0)
    assert row["change"] == pytest.approx(after - before, abs=TOLERANCE, rel=0)
    counted = sum(raw.statements(i) for p in (declared.before, declared.after) for i in raw.within(p))
    assert 0 < len(row["evidence"]) <= counted


@pytest.mark.parametrize("declared", CONTRASTS, ids=lambda declared: declared.name)
def test_interval_and_p_follow_from_the_raw_labels(declared: Declared, default_run: Path):
    params, raw = read_params(default_run), Raw.of(declared, default_run)
    row = published_row(declared, default_run)
    story, theirs = find_stories(raw, params["group"]), pipeline_stories(declared, default_run)
    assert set(theirs) == set(raw.labelled), "labelled articles differ"
    differing = differing_articles(raw, story, theirs)
    assert not differing, "stories of labelled articles differ:\n" + "\n".join(differing)

    change = net_stance(raw, declared.after) - net_stance(raw, declared.before)
    groups, _ = strata_of(raw, story)
    changes = resampled_changes(raw, declared, groups, params["measure"])
    smaller_side = min(bearing_stories(raw, period, story) for period in (declared.before, declared.after))
    low, high, p = interval(changes, change, smaller_side, params["measure"])
    if standing(raw, declared, params["measure"]) != "claim":
        p = math.nan  # only claims are tested

    assert row["low"] == pytest.approx(low, abs=TOLERANCE, rel=0, nan_ok=True)
    assert row["high"] == pytest.approx(high, abs=TOLERANCE, rel=0, nan_ok=True)
    published_p = math.nan if pd.isna(row["p"]) else row["p"]
    assert published_p == pytest.approx(p, abs=TOLERANCE, rel=0, nan_ok=True)


# Script


def describe(declared: Declared, root: Path) -> str:
    params, raw = read_params(root), Raw.of(declared, root)
    story = find_stories(raw, params["group"])
    groups, joined = strata_of(raw, story)
    before, after = net_stance(raw, declared.before), net_stance(raw, declared.after)
    changes = resampled_changes(raw, declared, groups, params["measure"])
    smaller_side = min(bearing_stories(raw, period, story) for period in (declared.before, declared.after))
    low, high, p = interval(changes, after - before, smaller_side, params["measure"])
    lines = [
        f"{declared.name} ({declared.corpus}: {declared.target}, {declared.side})",
        f"  before {before:.12f}  after {after:.12f}  change {after - before:.12f}",
        f"  low {low:.12f}  high {high:.12f}  se {np.nanstd(changes, ddof=1):.12f}  p {p:.12g}",
        f"  status {standing(raw, declared, params['measure'])}",
    ]
    for word, period in (("before", declared.before), ("after", declared.after)):
        ids = raw.within(period)
        kinds = Counter(stance for i in ids for stance in raw.stances.get(i, ()))
        lines.append(
            f"  {word}: {bearing(raw, period)} bearing of {len(ids)} labelled, of about "
            f"{sum(raw.weight[i] for i in ids):.3f} documents; statements {dict(sorted(kinds.items()))}"
        )
    several = [articles for group in groups for articles in group if len(articles) > 1]
    lines.append(
        f"  {len(raw.labelled)} labelled articles in {sum(map(len, groups))} stories and {len(groups)} strata; "
        f"strata joined: {joined or 'none'}; stories of several labelled articles: {several or 'none'}"
    )
    labels = root / "data" / "labels" / "labelled_articles.parquet"
    if labels.exists():
        differing = differing_articles(raw, story, pipeline_stories(declared, root))
        lines += ["  stories that differ from the pipeline's:", *(f"    {d}" for d in differing or ["none"])]
    else:
        lines.append("  (no run here to compare stories with)")
    return "\n".join(lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    sys.stdout.write("\n".join(describe(declared, folder) for declared in CONTRASTS) + "\n")
