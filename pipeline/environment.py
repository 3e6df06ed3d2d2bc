"""What the repository asks of the machine and folder it runs in: pinned packages, files that dvc.yaml names."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from pipeline.store import open_binary, read_yaml


def pinned_packages(path: Path) -> list[Requirement]:
    """The packages of a requirements file whose markers fit this machine.

    Raises:
        OSError: the file is missing or cannot be read.
        ValueError: a line is no requirement.
    """
    with open_binary(path) as stream:
        lines = stream.read().decode("utf-8").splitlines()
    # A pin's own line begins with its name; lines of hashes are indented.
    pins = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]


def difference(pin: Requirement) -> str:
    """How the installed package differs from its pin; empty where it does not."""
    try:
        found = metadata.version(pin.name)
    except metadata.PackageNotFoundError:
        found = ""
    if found and pin.specifier.contains(found, prereleases=True):
        return ""
    return f"{pin.name} is {found or 'missing'} (pinned {str(pin.specifier).removeprefix('==')})"


def declared_files(path: Path) -> list[str]:
    """Files that dvc.yaml names and no stage makes, sorted; what depends on the corpus is left out.

    Raises:
        StoreError: the file is missing or is not YAML.
        ValueError: it does not describe stages.
    """
    try:
        stages = [stanza.get("do", stanza) for stanza in read_yaml(path)["stages"].values()]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{path} does not describe stages") from error
    made = {name for kind in ("outs", "metrics", "plots") for name in _files(stages, kind)}
    named = {name for name in _files(stages, "deps") if "${" not in name}
    return sorted(name for name in named if not made & {name, *map(str, Path(name).parents)})


def _files(stages: list[dict[str, Any]], kind: str) -> Iterator[str]:
    """The files of a kind; an entry may be a mapping of a file to its options."""
    for stage in stages:
        for entry in stage.get(kind) or []:
            yield next(iter(entry)) if isinstance(entry, dict) else entry
