"""What is wrong with the environment, params, seeds, fitted models or tables, and what to do about it."""

import importlib
import pkgutil
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa
import typer

from pipeline import store, tables
from pipeline.environment import declared_files, difference, pinned_packages
from pipeline.methods.encoders import make_encoder
from pipeline.params import PARAMS_FILE, Params, read_params
from pipeline.seed_problems import LISTS, list_problems, read_codebook, read_labels
from pipeline.tables.contract import Table
from pipeline.vector_cache import FOLDER_VARIABLE, VectorCache

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 2e9
REINSTALL = "remove .venv and run `make setup`"
EXPECTED = (OSError, ValueError, ImportError)


class Finding(NamedTuple):
    """What was found, and what to do about it; a note is no problem, but has a consequence."""

    level: Literal["ok", "note", "problem"]
    what: str
    remedy: str = ""


Findings = Iterator[Finding]


def main() -> int:
    """Print every finding, one a line; 1 where one is a problem, else 0."""
    levels: Counter[str] = Counter()
    for finding in examine():
        typer.echo(f"{finding.level:<7}  {'; '.join(filter(None, (finding.what, finding.remedy)))}")
        levels[finding.level] += 1
    counts = ", ".join(_counted(levels[level], level) for level in ("problem", "note"))
    typer.echo(f"doctor: {counts}, {levels['ok']} ok", err=True)
    return int(levels["problem"] > 0)


def examine() -> Findings:
    """All findings; what depends on params.yaml is left out where it cannot be read."""
    yield from _each(check_python, check_programs)
    if not PARAMS_FILE.is_file():
        yield Finding("problem", f"{PARAMS_FILE} is not in this folder; go to the repository's root folder")
        return
    yield from _each(check_packages, check_disk, check_declared_files, check_lists)
    try:
        params = read_params()
    except EXPECTED as error:
        yield Finding("problem", _one_line(error), f"mend it, or {_bring_back(PARAMS_FILE)}")
        yield Finding(
            "note", "encoder, corpora, labels, models and tables were not checked: they need params"
        )
        return
    yield Finding("ok", f"{PARAMS_FILE}: every key is known and every value is valid")
    checks = (check_encoder, check_corpora, check_labels, check_models, check_tables)
    yield from _each(*(partial(check, params) for check in checks))


def check_python() -> Findings:
    """Whether this Python is recent enough."""
    found, wanted = (".".join(map(str, version)) for version in (sys.version_info[:3], OLDEST_PYTHON))
    if sys.version_info[:2] < OLDEST_PYTHON:
        remedy = "remove .venv and run `make setup PYTHON=python3.12` (or the name of another one)"
        yield Finding("problem", f"this is Python {found}, and {wanted} or later is needed", remedy)
    else:
        yield Finding("ok", f"Python {found}")


def check_packages() -> Findings:
    """Whether the installed packages are those that requirements.txt pins for this machine."""
    pins = pinned_packages(Path("requirements.txt"))
    wrong = list(filter(None, map(difference, pins)))
    if wrong:
        what = f"{_counted(len(wrong), 'package')} not as requirements.txt pins: {', '.join(wrong)}"
        yield Finding("problem", what, REINSTALL)
    else:
        yield Finding("ok", f"{_counted(len(pins), 'package')}, as requirements.txt pins")


def check_programs() -> Findings:
    """Whether git and DVC can be called."""
    if not shutil.which("git"):
        yield Finding("problem", "git is missing, and DVC needs it; install git")
    elif not find_spec("dvc"):
        yield Finding("problem", "DVC is missing", REINSTALL)
    else:
        yield Finding("ok", "git and DVC")


def check_disk() -> Findings:
    """Whether there is room for what stages write."""
    free = shutil.disk_usage(Path.cwd()).free
    what = f"{free / 1e9:.1f} GB free on the disk of this folder"
    if free < LEAST_FREE_BYTES:
        yield Finding("note", what, f"make room: a large corpus needs {LEAST_FREE_BYTES / 1e9:.0f} GB")
    else:
        yield Finding("ok", what)


def check_declared_files() -> Findings:
    """Whether the files that dvc.yaml names are there, but for those that stages make or corpora bring."""
    try:
        wanted = declared_files(Path("dvc.yaml"))
    except EXPECTED as error:
        yield Finding("problem", _one_line(error), f"mend it, or {_bring_back('dvc.yaml')}")
        return
    missing = [name for name in wanted if not Path(name).exists()]
    for name in missing:
        remedy = f"{_bring_back(name)}; or take it out of dvc.yaml"
        yield Finding("problem", f"{name} is missing, and dvc.yaml names it", remedy)
    if not missing:
        yield Finding("ok", f"dvc.yaml: the {len(wanted)} files that it names are there")


def check_lists() -> Findings:
    """Whether the lists under seeds can be read and hold what their columns allow."""
    for name in LISTS:
        problems, path = list_problems(name), store.SEEDS / name
        yield from (Finding("problem", each, f"mend it, or {_bring_back(path)}") for each in problems)
        if not problems:
            yield Finding("ok", f"{path} can be used")


def check_encoder(params: Params) -> Findings:
    """Whether the encoder's files are those that were tested, and the vector cache keeps a vector."""
    encoder = make_encoder(params.embed.encoder, params.embed.max_tokens, params.embed.batch_tokens)
    words, cache = ["Ottawa"], VectorCache.open()
    vectors = encoder.encode(words)
    yield Finding("ok", f"encoder {encoder.name}: its files have the right checksums, and it encodes")
    cache.keep(encoder, words, vectors)
    if cache.find(encoder, words):
        yield Finding("ok", "the vector cache keeps vectors")
    else:
        what = "the vector cache keeps nothing (the warning says why), so every run encodes every text anew"
        yield Finding("note", what, f"let {FOLDER_VARIABLE} name a folder that you may write")


def check_corpora(params: Params) -> Findings:
    """Whether the path of each corpus holds files."""
    for name, corpus in params.corpora.items():
        try:
            count = len(store.list_files(Path(corpus.path)))
        except EXPECTED as error:
            yield Finding("problem", f"corpus {name}: {_one_line(error)}")
        else:
            yield Finding("ok", f"corpus {name}: {_counted(count, 'file')} at {corpus.path}")


def check_labels(params: Params) -> Findings:
    """Whether the gold labels fit their articles and one another, and which targets and themes lack them."""
    try:
        codebook = read_codebook()
    except EXPECTED:
        yield Finding("note", "the labels were not checked: they need targets.yaml and themes.csv")
        return
    statements, articles, is_whole = Counter[str](), Counter[str](), True
    for corpus in params.prepare_labels.corpora:
        try:
            of_articles, of_statements = read_labels(corpus, codebook, params.ingest)
        except EXPECTED as error:
            remedy = f"mend it, or take {corpus} out of prepare_labels.corpora in {PARAMS_FILE}"
            yield Finding("problem", _one_line(error), remedy)
            is_whole = False
            continue
        articles.update(label["theme"] for label in of_articles)
        statements.update(label["target"] for label in of_statements)
        counts = f"{_counted(len(of_articles), 'article')}, {_counted(len(of_statements), 'statement')}"
        yield Finding("ok", f"labels of {corpus}: {counts}")
    if is_whole:
        targets = {name: statements[name] for name in codebook.targets}
        themes = {name: articles[name] for name in codebook.themes}
        yield from _thin_labels("gold statement", "target", targets, params.fit_stance.least_statements)
        yield from _thin_labels("labelled article", "theme", themes, params.fit_themes.fewest_articles)


def _thin_labels(label: str, kind: str, counts: Mapping[str, int], needed: int) -> Findings:
    """How many labels each target or theme has, and that its model leaves out those that have too few."""
    yield Finding("ok", f"{label}s by {kind}: {', '.join(f'{name} {n}' for name, n in counts.items())}")
    for name in (name for name, count in counts.items() if count < needed):
        what = f"{kind} {name} has {_counted(counts[name], label)}, and {needed} or more are needed"
        yield Finding("note", what, "label more, or no model will find it")


def check_models(params: Params) -> Findings:
    """Whether the fitted models are there, whole and of this version."""
    topics = (store.MODELS / "topics" / corpus for corpus in params.corpora)
    folders = (store.MODELS / "themes", store.MODELS / "stance", *topics)
    yield from _each(*(partial(_check_model, folder) for folder in folders))


def _check_model(folder: Path) -> Findings:
    if not (folder / store.CARD).is_file():
        yield Finding("note", f"{folder}: no fitted model yet", "`dvc repro` makes it")
        return
    files = store.read_card(folder)["files"]
    yield Finding("ok", f"{folder}: {_counted(len(files), 'file')}, with the checksums of its card")


def check_tables(params: Params) -> Findings:
    """Whether the tables that stages wrote have the columns of their contracts; no row is read."""
    folders = (store.LABELS, *map(store.corpus_folder, params.corpora))
    yield from _each(*(partial(_check_folder, folder) for folder in folders))


def _check_folder(folder: Path) -> Findings:
    contracts = _contracts()
    paths = [path for path in sorted(folder.glob("*.parquet")) if path.stem in contracts]
    findings = list(_each(*(partial(_check_table, path, contracts[path.stem]) for path in paths)))
    yield from findings
    if not paths:
        yield Finding("note", f"{folder}: no tables yet", "`dvc repro` makes them")
    elif not findings:
        yield Finding("ok", f"{folder}: {_counted(len(paths), 'table')}, with the columns of this version")


def _check_table(path: Path, table: Table) -> Findings:
    """Nothing where all is well."""
    found = store.read_schema(path)
    if [(field.name, _plain(field.type)) for field in found] != [
        (column.name, column.type) for column in table.columns
    ]:
        yield Finding("note", f"{path} was written by another version", "`dvc repro` writes it anew")


def _plain(found: pa.DataType) -> pa.DataType:
    """A column's type as contracts have it, which leave the length of vectors open."""
    return pa.list_(found.value_type) if pa.types.is_fixed_size_list(found) else found


def _contracts() -> dict[str, Table]:
    """Every table that a module of pipeline.tables describes, by name."""
    names = [module.name for module in pkgutil.iter_modules(tables.__path__, "pipeline.tables.")]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    return {value.name: value for value in values if isinstance(value, Table)}


def _each(*checks: Callable[[], Findings]) -> Findings:
    """The findings of each check in turn; what one of them cannot get past is a problem, and the next one runs."""
    for check in checks:
        try:
            yield from check()
        except EXPECTED as error:
            yield Finding("problem", _one_line(error))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _bring_back(path: Path | str) -> str:
    return f"`git restore {path}` brings back the committed one"
