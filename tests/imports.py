"""What the modules of this repository import from one another, read from their source."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def module_path(module: str) -> Path | None:
    """The file of a module of ours, from the repository's root; None if it is a package or not ours."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    return path.relative_to(ROOT) if path.is_file() else None


def direct_imports(path: Path) -> set[Path]:
    """Files of ours that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        found |= {file for name in names if name.startswith("pipeline") and (file := module_path(name))}
    return found


def transitive_imports(path: Path) -> set[Path]:
    """A file and every file of ours that it imports, directly or not."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting.extend(direct_imports(file))
    return seen


def modules(package: str) -> list[Path]:
    """The modules of a package of ours, without its empty __init__."""
    files = (ROOT / package).rglob("*.py")
    return sorted(file.relative_to(ROOT) for file in files if file.name != "__init__.py")


if __name__ == "__main__":
    for stage in modules("pipeline/stages"):
        print(stage.stem)
        for file in sorted(transitive_imports(stage)):
            print(f"  - {file}")
