"""What README, CONTRIBUTING and docs name is there, CITATION.cff is valid, and the tutorial runs as it is written."""

import contextlib
import io
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from benchmarks.__main__ import app as benchmarks_app
from pipeline.__main__ import app as pipeline_app
from tests.conftest import run_pipeline
from tests.imports import ROOT

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
]
TUTORIAL = "docs/tutorial.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
WITHIN_REPOSITORY = re.compile(
    r"(?<![\w./-])(?:pipeline|tests|seeds|docs|benchmarks|notebooks)/[\w./-]+\.(?:py|yaml|csv|md|ipynb|html|css|js)\b"
)
OF_THE_USER = "seeds/mine/"  # files that a reader of docs makes
OF_A_RECIPE = {"fit_topics.method"}  # a param that CONTRIBUTING shows how to add


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block."""
    return FENCE.findall(text)


def prose(text: str) -> str:
    return FENCE.sub("", text)


def commands(text: str) -> Iterator[str]:
    """Code in the text and in blocks but those of Python, of which one may be a command."""
    yield from SPAN.findall(prose(text))
    for language, content in blocks(text):
        if language != "python":
            yield from content.splitlines()


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as code forges make them."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(name: str, text: str) -> list[str]:
    broken = []
    for link in LINK.findall(SPAN.sub("", prose(text))):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(f"{name}: {link}")
    return broken


def named(pattern: str) -> dict[str, str]:
    """What a pattern's group finds in the commands of all pages, with a page that names it."""
    return {
        match[1]: name
        for name in PAGES
        for code in commands(page(name))
        for match in re.finditer(pattern, code)
    }


def names_of(app: Any) -> set[str]:
    return {command.name or command.callback.__name__ for command in app.registered_commands}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    assert broken_links(name, page(name)) == []


def test_a_link_that_leads_nowhere_is_found():
    text = "# One heading: two\n[a](README.md) [b](#one-heading-two) [c](https://example.org/x)\n"
    assert broken_links("README.md", text) == ["README.md: #one-heading-two"]
    wrong = "[a](docs/gone.md) [b](docs/articles.md#dates) [c](docs/articles.md#weeks) `[d](gone)`"
    assert broken_links("README.md", wrong) == [
        "README.md: docs/gone.md",
        "README.md: docs/articles.md#weeks",
    ]


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    found = named(r"(?:^|&& )make ([a-z]+)")
    assert {"report", "test", "lint"} <= found.keys()
    assert found.keys() - targets == set(), found


@pytest.mark.parametrize(("module", "app"), [("pipeline", pipeline_app), ("benchmarks", benchmarks_app)])
def test_every_command_exists(module, app):
    found = named(rf"python -m {module} ([a-z][\w-]*)")
    assert len(found) > 1
    assert found.keys() - names_of(app) == set(), found


def test_every_stage_that_dvc_is_told_to_run_exists():
    stages = yaml.safe_load(page("dvc.yaml"))["stages"]
    found = named(r"dvc repro ([a-z_]+)(?!\S*\$)")
    assert {"report", "prepare_labels"} & found.keys()
    assert found.keys() - stages.keys() == set(), found


def test_every_param_exists():
    params = yaml.safe_load(page("params.yaml"))
    sections = "|".join(section for section in params if section != "corpora")  # whose keys are the user's
    found = named(rf"(?<![\w./])((?:{sections})\.(?!py\b|parquet\b|json\b|html\b)[a-z_]+)")
    assert {"classify.statement", "fit_topics.min_cluster_size"} <= found.keys()
    missing = {name for name in found if name.split(".")[1] not in params[name.split(".")[0]]}
    assert missing == OF_A_RECIPE, found


def test_every_file_that_is_named_exists():
    found = {
        match[0]: name
        for name in PAGES
        for code in commands(page(name))
        for match in WITHIN_REPOSITORY.finditer(code)
        if not match[0].startswith(OF_THE_USER)
    }
    assert "seeds/contrasts.yaml" in found
    assert [path for path in found if not (ROOT / path).exists()] == [], found


def test_every_test_that_is_named_exists():
    found = named(r"\b(test_\w+)(?!\w|\.py|<)")
    defined = {
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert "test_one_name_four_places" in found
    assert found.keys() - defined == set(), found


def test_citation_is_complete_and_of_this_version():
    citation = yaml.safe_load(page("CITATION.cff"))
    project = tomllib.loads(page("pyproject.toml"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()  # that CFF 1.2.0 requires
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert str(citation["version"]) == project["version"]
    assert citation["license"] == project["license"]
    assert all(author.get("name") or author.get("family-names") for author in citation["authors"])


def merged(old: Any, new: Any, extend: bool) -> Any:
    """A YAML value with another laid over it; lists are continued or replaced."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: merged(old.get(key), value, extend) for key, value in new.items()}
    return [*old, *new] if extend and isinstance(old, list) else new


def lay_over(block: str) -> None:
    """Do what a reader does with a YAML block: in params.yaml, dvc.yaml or seeds/contrasts.yaml."""
    new = yaml.safe_load(block)
    stages = isinstance(new, dict) and "stages" in new
    path = Path("seeds/contrasts.yaml" if isinstance(new, list) else "dvc.yaml" if stages else "params.yaml")
    old = yaml.safe_load(path.read_text(encoding="utf-8"))
    laid = [*old, *new] if isinstance(new, list) else merged(old, new, extend=stages)
    path.write_text(yaml.safe_dump(laid, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def folder(default_run, tmp_path, monkeypatch) -> Path:
    """A copy of the default run to work in."""
    copy = shutil.copytree(default_run, tmp_path / "parallel49")
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.slow
def test_tutorial_runs_as_it_is_written(folder, vector_cache):
    text = page(TUTORIAL)
    namespace: dict[str, Any] = {}
    printed = ""
    for language, content in blocks(text):
        if language == "yaml":
            lay_over(content)
        if language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(compile(content, TUTORIAL, "exec"), namespace)
            printed = output.getvalue()
        if language == "sh":
            printed = ""
            for line in content.splitlines():
                if line.startswith(("python -m", "dvc repro", "cat ")):
                    done = run_pipeline(folder, *shlex.split(line), cache=vector_cache)
                    assert done.returncode == 0, done.stdout + done.stderr
                    printed = done.stdout
        if language == "text" and "…" not in content:  # which marks an output that was shortened
            assert printed == content
    findings = pd.read_csv("reports/mine/findings.csv")
    assert findings["standing"].tolist() == ["change"]
    assert findings["sentence"][0] in text
    assert Path("figures/partnership.pdf").read_bytes().startswith(b"%PDF-")
    assert Path("figures/partnership.png").read_bytes().startswith(b"\x89PNG")
