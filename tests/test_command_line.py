"""The command line: an expected error is one line that says what to mend."""

import sys

import pytest

from pipeline import __main__ as command_line
from tests.imports import ROOT


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    return tmp_path


@pytest.fixture
def told(monkeypatch, capsys):
    """Runs a command that fails; what it says on stderr."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["pipeline", *arguments])
        with pytest.raises(SystemExit, match="1"):
            command_line.main()
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("stage", command_line.CORPUS_STAGES)
def test_an_unknown_corpus_is_answered_with_those_there_are(folder, told, stage):
    assert (
        told(stage, "--corpus", "nope")
        == "error: no corpus 'nope' in params.yaml; there are sample, white_house\n"
    )
    assert [path.name for path in folder.iterdir()] == ["params.yaml"]


def test_a_missing_table_is_one_line(folder, told):
    assert told("clean", "--corpus", "sample") == (
        "error: data/sample/articles.parquet is missing; `dvc repro` makes it\n"
    )


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(13, "Permission denied", "seeds/x.csv"), "seeds/x.csv: Permission denied"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (ValueError("one\n  two"), "one two"),
    ],
)
def test_what_the_system_refuses_is_one_line(monkeypatch, told, error, line):
    def refuse(_):
        raise error

    monkeypatch.setattr(command_line, "app", refuse)
    assert told() == f"error: {line}\n"


def test_debug_shows_the_whole_traceback(folder, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["pipeline", "clean", "--debug", "--corpus", "nope"])
    with pytest.raises(ValueError, match="no corpus 'nope'"):
        command_line.main()
