"""`python -m tests.recorder clean sample` runs a stage and prints which files of the working folder it used."""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


class Recorder:
    """Files below a folder that were read, and those that were put in their place whole.

    Python's audit events see every file that Python opens, whichever way; of Arrow's own opening of
    Parquet they see nothing, so that is watched where the store calls it.
    """

    def __init__(self, root: Path) -> None:
        self.read: set[str] = set()
        self.written: set[str] = set()
        self._root = root

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note an audit event."""
        if event == "open":
            path, _, flags = arguments
            is_open_already = isinstance(path, int)
            if not is_open_already and not flags & (os.O_WRONLY | os.O_RDWR) and os.path.isfile(path):
                self.note(self.read, path)
        elif event == "os.rename":
            self.note(self.written, arguments[1])

    def note(self, files: set[str], path: Any) -> None:
        """Note a file if it lies below the folder and is neither code nor params."""
        file = Path(os.path.abspath(os.fsdecode(path)))
        if file.is_relative_to(self._root) and file.suffix not in {".py", ".pyc"}:
            files.add(file.relative_to(self._root).as_posix())


def main(stage: str, *corpus: str) -> None:
    """Run a stage; print what it read and wrote as JSON."""
    recorder = Recorder(Path.cwd())
    run = importlib.import_module(f"pipeline.stages.{stage}").main
    read_table = pq.read_table

    def watched(source: Any, *arguments: Any, **options: Any) -> Any:
        recorder.note(recorder.read, source)
        return read_table(source, *arguments, **options)

    pq.read_table = watched
    sys.addaudithook(recorder)
    run(*corpus)
    used = {"read": sorted(recorder.read - {"params.yaml"}), "written": sorted(recorder.written)}
    sys.stdout.write(json.dumps(used) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
