"""What is wrong with the lists and labels that people keep under seeds, in a reader's words."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.coding import choices_of
from pipeline.params import Ingest
from pipeline.sources.articles import build_articles
from pipeline.sources.contrasts import check_contrasts
from pipeline.sources.documents import Document
from pipeline.store import SEEDS, read_csv, read_seeds, read_yaml
from pipeline.tables.words import CODED_KINDS, CODED_SIDES, COUNTRIES, KINDS, SIDES, STANCES
from pipeline.text.actors import ACTOR_COLUMNS, Directory
from pipeline.text.gold import OFF_TOPIC, LabelsError, check_labels
from pipeline.text.label_fields import Codebook
from pipeline.text.outlets import OUTLET_COLUMNS

OUTLET_KINDS = ("press", "government")
THEME_GROUPS = ("trade", "security", "both", "neither")
TARGET_TEXTS = ("target", "label", "wording")

Row = Mapping[str, Any]


def list_problems(name: str) -> list[str]:
    """What is wrong with one of `LISTS`, each with the file's name; nothing where it can be used.

    A file that cannot be read has one problem: why.
    """
    path = SEEDS / name
    try:
        problems = list(LISTS[name](path))
    except (OSError, ValueError) as error:
        problems = [" ".join(str(error).split())]
    return [problem if problem.startswith(str(path)) else f"{path}, {problem}" for problem in problems]


def read_codebook() -> Codebook:
    """The closed lists that labels are coded in.

    Raises:
        StoreError: targets.yaml or themes.csv cannot be read.
        ValueError: a row has no name, or one that another has.
    """
    targets = _names(read_yaml(SEEDS / "targets.yaml"), "target")
    themes = _names(read_csv(SEEDS / "themes.csv", ("theme",)), "theme")
    return Codebook(targets, themes, STANCES, CODED_SIDES, CODED_KINDS)


def read_labels(corpus: str, codebook: Codebook, params: Ingest) -> tuple[Sequence[Row], Sequence[Row]]:
    """Labels of articles and of statements of a folder of seeds, checked against its articles as ingest reads them.

    Raises:
        StoreError: a file is missing or cannot be read.
        LabelsError: an article cannot be read, or a label does not fit its article or another label.
    """
    files = read_seeds(corpus, ("articles", "article_labels", "statement_labels"))
    rows, rejected = build_articles(
        [Document(corpus, number, row) for number, row in enumerate(files["articles"], start=1)],
        corpus=corpus,
        fields=params.fields,
        earliest_date=params.earliest_date,
        latest_date=params.latest_date,
    )
    if rejected:
        raise LabelsError(f"seeds/{corpus}, article {rejected[0]['line']}: {rejected[0]['detail']}")
    bodies = {row["source_id"]: row["body"] for row in rows}
    labels = files["article_labels"], files["statement_labels"]
    check_labels(corpus, *labels, bodies, codebook)
    return labels


def _outlets(path: Path) -> Iterator[str]:
    rows = read_csv(path, OUTLET_COLUMNS)
    yield from _strays(rows, "outlet", {"country": COUNTRIES, "kind": OUTLET_KINDS})


def _actors(path: Path) -> Iterator[str]:
    rows = read_csv(path, ACTOR_COLUMNS)
    yield from _strays(rows, "name", {"side": SIDES, "kind": KINDS})
    Directory.of(rows)


def _themes(path: Path) -> Iterator[str]:
    rows = read_csv(path, ("theme", "group", "wording"))
    yield from _strays(rows, "theme", {"group": THEME_GROUPS})
    if OFF_TOPIC not in _names(rows, "theme"):
        yield f"no theme {OFF_TOPIC}: articles that are not relevant need it"


def _targets(path: Path) -> Iterator[str]:
    rows = read_yaml(path)
    for name, row in zip(_names(rows, "target"), rows, strict=True):
        for key in TARGET_TEXTS:
            if not isinstance(row.get(key), str):
                yield f"target {name}: {key} is {row.get(key)!r}; it must be text"
        cues = row.get("cues")
        if not isinstance(cues, list) or not all(isinstance(cue, str) for cue in cues):
            yield f"target {name}: cues is {cues!r}; it must be a list of words and phrases"


def _contrasts(path: Path) -> Iterator[str]:
    turning_points = _names(
        read_csv(path.with_name("turning_points.csv"), ("turning_point",)), "turning_point"
    )
    targets = _names(read_yaml(path.with_name("targets.yaml")), "target")
    themes = _names(read_csv(path.with_name("themes.csv"), ("theme",)), "theme")
    for contrast in check_contrasts(read_yaml(path), choices_of(targets, themes)):
        if contrast["turning_point"] not in (None, *turning_points):
            point = contrast["turning_point"]
            yield f"contrast {contrast['contrast']}: turning_point {point!r} is not in turning_points.csv"


def _turning_points(path: Path) -> Iterator[str]:
    rows = read_csv(path, ("turning_point", "date", "label"))
    for name, row in zip(_names(rows, "turning_point"), rows, strict=True):
        try:
            date.fromisoformat(row["date"])
        except ValueError:
            yield f"{name}: date is {row['date']!r}, not a date like 2025-03-14"


LISTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "targets.yaml": _targets,
    "themes.csv": _themes,
    "outlets.csv": _outlets,
    "actors.csv": _actors,
    "turning_points.csv": _turning_points,
    "contrasts.yaml": _contrasts,
}


def _names(rows: Any, key: str) -> list[str]:
    """The name of each row.

    Raises:
        ValueError: there is no row, one has no name, or two have the same.
    """
    if not isinstance(rows, list) or not rows:
        raise ValueError(f"there must be a list of rows, each with a {key}")
    names: list[str] = []
    for number, row in enumerate(rows, start=1):
        name = row.get(key) if isinstance(row, dict) else None
        if not isinstance(name, str) or not name:
            raise ValueError(f"row {number}: {key} is {name!r}; it must be text that is not empty")
        if name in names:
            raise ValueError(
                f"row {number}: {key} {name!r} stands on row {names.index(name) + 1} too; keep one"
            )
        names.append(name)
    return names


def _strays(rows: Sequence[Row], name: str, lists: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Cells that hold something outside their closed list; rows are counted below the header."""
    for number, row in enumerate(rows, start=1):
        for column, values in lists.items():
            if row[column] not in values:
                yield f"row {number}, {row[name]}: {column} is {row[column]!r}; it must be one of {', '.join(values)}"
