"""The repository's own sources, as the tests of this folder read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared/src", *(f"services/{name}/src" for name in ("intake", "enrollment-sync", "review", "notifier")))


def modules(*folders):
    """Every module below the folders, by its path from the root."""
    return {
        str(path.relative_to(ROOT)): tree(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))
    }


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def functions(module):
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def names_used(module):
    """Names and attributes, without what strings and comments say."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def imports(module):
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def tracked():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]
