"""How well and how fast copies of one story are found, beside MinHash with connected components.

Run on articles and pairs of copies among them, both JSON Lines: articles have `id`, `title`, `text` and
`published` (ISO 8601), pairs have `a`, `b` and, where an algorithm found them, `jaccard5`.
"""

import datetime
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer
from datasketch import MinHash, MinHashLSH

from pipeline import store
from pipeline.params import Group, read_params
from pipeline.text.near_duplicates import find_stories

Row = Mapping[str, Any]
Pair = frozenset[str]


def main(
    articles: Annotated[Path, typer.Option(help="JSON Lines of articles.")],
    pairs: Annotated[Path, typer.Option(help="JSON Lines of pairs of copies among them.")],
) -> None:
    """Print how many of the given pairs are found, how many others, and documents a second."""
    rows = store.read_json_lines(articles)
    given = store.read_json_lines(pairs)
    params = read_params().group
    typer.echo(f"{len(rows)} articles, {len(given)} pairs. group: {params.model_dump()}")
    typer.echo(
        "held out: pairs whose articles both lie in the half (by sha256 of id) on which nothing was tuned"
    )
    methods: dict[str, Callable[[Sequence[Row], Group], Mapping[str, str]]] = {
        "stage group": _ours,
        "MinHash LSH, connected components": _peer,
    }
    for name, method in methods.items():
        started = time.perf_counter()
        story_of = method(rows, params)
        seconds = time.perf_counter() - started
        stories = len(set(story_of.values()))
        typer.echo(
            f"\n{name}: {stories} stories, the largest of {Counter(story_of.values()).most_common(1)[0][1]} articles;"
            f" {seconds:.1f} s, {len(rows) / seconds:.0f} articles/s"
        )
        found = _pairs_of(story_of)
        _tell("all", found, given)
        _tell(
            "held out",
            {pair for pair in found if all(map(_is_held_out, pair))},
            [pair for pair in given if _is_held_out(pair["a"]) and _is_held_out(pair["b"])],
        )


def _tell(which: str, found: set[Pair], given: Sequence[Row]) -> None:
    """One line on the pairs found among those given, by how like they are."""
    bands = {"all": 0.0, "Jaccard >= .5": 0.5, "Jaccard >= .8": 0.8}
    told = []
    for band, least in bands.items():
        wanted = {frozenset((pair["a"], pair["b"])) for pair in given if pair.get("jaccard5", 1.0) >= least}
        told.append(f"{band} {len(wanted & found)}/{len(wanted)}")
    others = found - {frozenset((pair["a"], pair["b"])) for pair in given}
    typer.echo(f"  {which + ':':10} found of the given: {', '.join(told)}; found besides: {len(others)}")


def _ours(rows: Sequence[Row], params: Group) -> dict[str, str]:
    ids = [row["id"] for row in rows]
    found = find_stories(
        ids,
        [row["title"] for row in rows],
        [row["text"] or row["title"] for row in rows],
        [_day(row) for row in rows],
        **params.model_dump(),
    )
    return dict(zip(ids, found.story_ids, strict=True))


def _peer(rows: Sequence[Row], params: Group) -> dict[str, str]:
    """As usually done: datasketch's index at the same threshold, candidates taken as they come, chained."""
    lsh = MinHashLSH(threshold=params.similarity, num_perm=params.permutations)
    root = {row["id"]: row["id"] for row in rows}

    def top(key: str) -> str:
        while root[key] != key:
            key = root[key]
        return key

    for row in rows:
        words = (row["text"] or row["title"]).lower().split()
        size = params.shingle_words
        shingles = {" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))}
        signature = MinHash(num_perm=params.permutations, seed=params.seed)
        signature.update_batch([shingle.encode() for shingle in shingles])
        for other in lsh.query(signature):
            root[top(row["id"])] = top(str(other))
        lsh.insert(row["id"], signature)
    return {key: top(key) for key in root}


def _day(row: Row) -> datetime.date | None:
    return datetime.date.fromisoformat(row["published"][:10]) if row["published"] else None


def _pairs_of(story_of: Mapping[str, str]) -> set[Pair]:
    members: dict[str, list[str]] = defaultdict(list)
    for article, story in story_of.items():
        members[story].append(article)
    return {frozenset(pair) for story in members.values() for pair in combinations(story, 2)}


def _is_held_out(article: str) -> bool:
    return int(sha256(article.encode()).hexdigest(), 16) % 2 == 1
