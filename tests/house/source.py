"""Reading the package as syntax trees, for the constitution's checks."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "liaoyuan"
FLOORS = ("kit", "ui", "core", "registry", "reports", "portal", "api", "conf")


@cache
def files() -> tuple[Path, ...]:
    """All Python files of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def module(path: Path) -> str:
    """Dotted name below the package, e.g. `core.actions.accounts`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """(line, receiver as source text, method name) of every method call in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, ast.unparse(node.func.value), node.func.attr


def templates() -> list[Path]:
    """All page templates of the package."""
    return sorted(PACKAGE.rglob("templates/**/*.html"))
