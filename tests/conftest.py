"""The default run, once a session, in a copy of the repository; and a browser for its pages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import chromium, open_page  # noqa: F401
from tests.imports import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first; those of the default run go to one worker, so that it is made once."""
    for item in items:
        if "default_run" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("default_run"))
    items.sort(
        key=lambda item: (
            item.get_closest_marker("slow") is not None,
            item.get_closest_marker("xdist_group") is None,
        )
    )


@pytest.fixture(scope="session")
def copy_repository(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Copies of what git tracks (and would track), without any output, each a repository of its own."""

    def copy(name: str) -> Path:
        target = tmp_path_factory.mktemp(name) / "parallel49"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.decode()
        for file in filter(None, listed.split("\0")):
            if (ROOT / file).is_file():
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / file, target / file)
        shutil.rmtree(target / "metrics", ignore_errors=True)
        subprocess.run(["git", "init", "--quiet"], cwd=target, check=True)
        return target

    return copy


def run_pipeline(folder: Path, *arguments: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of this Python's environment in a copy, with a vector cache of its own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PARALLEL49_CACHE": str(cache)}
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="session")
def vector_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default run's vector cache."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def default_run(copy_repository: Callable[[str], Path], vector_cache: Path) -> Path:
    """A copy of the repository after `python -m pipeline run` from empty outputs."""
    folder = copy_repository("default")
    done = run_pipeline(folder, sys.executable, "-m", "pipeline", "run", cache=vector_cache)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "run_output.txt").write_text(done.stdout, encoding="utf-8")
    return folder
