"""Run every stage that is out of date, then say where the reports are and what they found."""

import os
import subprocess
import sys
import time
from pathlib import Path

import typer

from pipeline.params import read_params
from pipeline.store import open_binary


def main() -> int:
    """Run `dvc repro`, print each corpus's report, findings and the wall time; DVC's exit code.

    Raises:
        ParamsError: params.yaml holds a key or value that no stage knows; nothing is run then.
    """
    started = time.perf_counter()
    corpora = list(read_params().corpora)
    code = repro()
    if code:
        typer.echo(
            f"error: dvc repro ended with exit code {code}; the lines above name the stage that failed and why. "
            "Mend it and run the same command again: what is done stays done.",
            err=True,
        )
        return code
    for corpus in corpora:
        typer.echo(told(Path("reports") / corpus))
    typer.echo(f"Wall time: {time.perf_counter() - started:.1f} s")
    return 0


def repro() -> int:
    """Run `dvc repro` with its output passed through, its stages under this Python; its exit code."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.call([sys.executable, "-m", "dvc", "repro"], env={**os.environ, "PATH": path})


def told(folder: Path) -> str:
    """A report's path, and its findings as text."""
    with open_binary(folder / "findings.md") as stream:
        findings = stream.read().decode("utf-8")
    return f"\n{folder / 'index.html'}\n\n{findings.strip()}"
