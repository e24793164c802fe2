"""Which named queries a process can come to run: the names that its code mentions, followed from its entry point."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "shared" / "src", *sorted((ROOT / "services").glob("*/src")))
Named = tuple[str, str]
"""A module and a name in it; of a query, its package and its name."""


class Module:
    """The definitions of a module by name, and where its other names come from."""

    def __init__(self, tree: ast.Module) -> None:
        self.definitions: dict[str, ast.AST] = {}
        self.imports: dict[str, Named] = {}
        self.queries: dict[str, str] = {}
        for node in tree.body:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    self.definitions[name] = node
                case ast.ImportFrom(module=str(source), names=names):
                    self.imports |= {alias.asname or alias.name: (source, alias.name) for alias in names}
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    self.definitions[name] = node
                    if package := _queries_of(node):
                        self.queries[name] = package


def _queries_of(node: ast.AST) -> str:
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id="Queries"), args=[ast.Constant(value=str(package))])):
            return package
    return ""


@cache
def modules() -> dict[str, Module]:
    found = {}
    for source in PACKAGES:
        for path in source.rglob("*.py"):
            name = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
            found[name] = Module(ast.parse(path.read_text("utf-8")))
    return found


def reachable_queries(roots: Iterable[Named]) -> set[Named]:
    """An upper bound: whatever is mentioned counts as run."""
    seen: set[Named] = set()
    queries: set[Named] = set()
    waiting = list(roots)
    while waiting:
        place = waiting.pop()
        if place in seen or place[0] not in modules():
            continue
        seen.add(place)
        module, (source, name) = modules()[place[0]], place
        if name in module.imports:
            waiting.append(module.imports[name])
        elif name in module.definitions:
            queries |= set(_queries_in(module, module.definitions[name]))
            waiting += _mentioned(source, module, module.definitions[name])
    return queries


def _mentioned(source: str, module: Module, node: ast.AST) -> Iterator[Named]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield module.imports.get(part.id, (source, part.id))
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in module.imports:
            yield ".".join(module.imports[part.value.id]), part.attr  # a function of an imported module


def _queries_in(module: Module, node: ast.AST) -> Iterator[Named]:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            owner = _holder(module, part.value.id)
            if owner:
                yield owner, part.attr


def _holder(module: Module, name: str) -> str:
    """The package whose queries a name holds, wherever it was imported from."""
    if name in module.queries:
        return module.queries[name]
    source, original = module.imports.get(name, ("", ""))
    return _holder(modules()[source], original) if source in modules() else ""
