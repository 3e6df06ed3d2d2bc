import os
import sys
from pathlib import Path

import pytest

from pipeline import run
from pipeline.params import ParamsError
from tests.imports import ROOT


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A checkout after a run of both default corpora."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    for corpus in ("sample", "white_house"):
        report = tmp_path / "reports" / corpus
        report.mkdir(parents=True)
        (report / "findings.md").write_text(f"# {corpus}\n\n- From +0.41 to −0.35.\n", encoding="utf-8")
    return tmp_path


def test_reports_findings_and_time_are_told(folder, monkeypatch, capsys):
    monkeypatch.setattr(run, "repro", lambda: 0)
    assert run.main() == 0
    told = capsys.readouterr().out
    assert told.startswith("\nreports/sample/index.html\n\n# sample\n\n- From +0.41 to −0.35.\n")
    assert "\nreports/white_house/index.html\n\n# white_house\n" in told
    assert told.splitlines()[-1].startswith("Wall time: 0.")


def test_a_failed_stage_ends_with_one_line_and_its_code(folder, monkeypatch, capsys):
    monkeypatch.setattr(run, "repro", lambda: 255)
    assert run.main() == 255
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: dvc repro ended with exit code 255; the lines above name the stage")
    assert told.err.count("\n") == 1


def test_wrong_params_stop_before_anything_runs(folder, monkeypatch):
    monkeypatch.setattr(run, "repro", lambda: pytest.fail("dvc was started"))
    text = (folder / "params.yaml").read_text(encoding="utf-8").replace("evidence_rows:", "evidence_row:")
    (folder / "params.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(
        ParamsError, match=r"missing key report\.evidence_rows; unknown key report\.evidence_row;"
    ):
        run.main()


def test_dvc_runs_its_stages_under_this_python(monkeypatch):
    seen = {}

    def call(command, env):
        seen.update(command=command, env=env)
        return 3

    monkeypatch.setattr(run.subprocess, "call", call)
    assert run.repro() == 3
    assert seen["command"] == [sys.executable, "-m", "dvc", "repro"]
    assert seen["env"]["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
