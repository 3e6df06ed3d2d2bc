"""The default run, once a session, in a copy of the repository; and a browser for its pages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.browser import chromium, open_page  # noqa: F401
from tests.imports import ROOT

FIRST = "test_end_to_end.py"  # makes the default run while another worker does what needs none


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files so that no worker waits for the default run: what needs it not comes before what does."""
    waiting = {item.path for item in items if "default_run" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path.name != FIRST, item.path in waiting))


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
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of a session have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def vector_cache(shared: Path) -> Path:
    """The folder of the default run's vector cache."""
    return shared / "cache"


@pytest.fixture(scope="session")
def default_run(copy_repository: Callable[[str], Path], vector_cache: Path, shared: Path) -> Path:
    """A copy of the repository after `python -m pipeline run` from empty outputs; to be read, not changed."""
    made = shared / "default_run.txt"
    with FileLock(shared / "default_run.lock"):
        if not made.is_file():
            folder = copy_repository("default")
            done = run_pipeline(folder, sys.executable, "-m", "pipeline", "run", cache=vector_cache)
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "run_output.txt").write_text(done.stdout, encoding="utf-8")
            made.write_text(str(folder), encoding="utf-8")
    return Path(made.read_text(encoding="utf-8"))
