"""What dvc.yaml says a stage reads and writes is what it reads and writes."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import run_pipeline
from tests.imports import ROOT, modules

pytestmark = pytest.mark.slow
STAGES = [path.stem for path in modules("pipeline/stages")]
DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
CORPORA = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))["corpora"]


def declared(stage: str, kinds: tuple[str, ...]) -> set[str]:
    """Files and folders of a stage in dvc.yaml but its code, of all corpora together."""
    stanza = DVC[stage].get("do", DVC[stage])
    named = [
        next(iter(each)) if isinstance(each, dict) else each
        for kind in kinds
        for each in stanza.get(kind, [])
    ]
    return {
        name.replace("${key}", corpus).replace("${item.path}", entry["path"])
        for name in named
        for corpus, entry in CORPORA.items()
        if not name.endswith(".py")
    }


@pytest.fixture(scope="module")
def run_again(default_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the default run, for stages to write into."""
    return shutil.copytree(default_run, tmp_path_factory.mktemp("recorded") / "parallel49")


@pytest.mark.parametrize("stage", STAGES)
def test_declared_files_are_the_files_used(run_again, vector_cache, stage):
    read, written = set(), set()
    for corpus in ([name] for name in CORPORA) if "foreach" in DVC[stage] else ([],):
        command = [sys.executable, "-m", "tests.recorder", stage, *corpus]
        done = run_pipeline(run_again, *command, cache=vector_cache)
        assert done.returncode == 0, done.stderr
        used = json.loads(done.stdout.splitlines()[-1])
        read |= set(used["read"])
        written |= set(used["written"])
    for used, kinds in ((read, ("deps",)), (written, ("outs", "metrics", "plots"))):
        named = declared(stage, kinds)  # a folder names all that lies below it
        covered = {name: {file for file in used if Path(file).is_relative_to(name)} for name in named}
        assert [name for name, files in covered.items() if not files] == []
        assert used - set().union(*covered.values()) == set()
