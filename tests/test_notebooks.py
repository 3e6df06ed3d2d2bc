"""Every notebook runs from a clean state on the default run's tables, and writes nothing."""

import nbformat
import pytest
from nbclient import NotebookClient

from tests.imports import ROOT
from tests.test_end_to_end import digests

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("corpus", ["sample", "white_house"])
def test_notebook_runs_and_writes_nothing(default_run, path, corpus):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('corpus = "sample"', f'corpus = "{corpus}"')
    before = digests(default_run)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(default_run / "notebooks")}},
    ).execute()
    assert digests(default_run) == before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_has_no_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
