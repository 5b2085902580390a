"""What travels with an autograder: the engine's modules that its tests or its judge import.

An allow-list, made from the import statements themselves: a module that nothing imports stays here.
The same statements name the packages to install, each pinned to the version that is installed here.
"""

import ast
import functools
import importlib.metadata
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import kit


def engine_modules(*roots: str) -> dict[str, Path]:
    """The files of `kit` that `roots` import, directly or not, by their path in the package."""
    folder = Path(kit.__file__).parent
    found: dict[str, Path] = {}
    waiting = ["kit", *roots]
    while waiting:
        name = waiting.pop()
        path = _module_file(folder, name)
        if path is not None and (relative := path.relative_to(folder).as_posix()) not in found:
            found[relative] = path
            waiting += imported(path.read_text(encoding="utf-8"))
            waiting.append(name.rpartition(".")[0])
    return dict(sorted(found.items()))


def imported(source: str) -> list[str]:
    """Every module that a source imports; what only a type checker imports is left out."""
    return list(dict.fromkeys(_imports(ast.parse(source))))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)
    elif isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def _module_file(folder: Path, name: str) -> Path | None:
    first, *rest = name.split(".")
    if first != "kit":
        return None
    path = folder.joinpath(*rest)
    choices = (path / "__init__.py", path.with_suffix(".py"))
    return next((choice for choice in choices if choice.is_file()), None)


def distributions(modules: Iterable[str]) -> list[str]:
    """The installed distributions that these modules are part of; not ours, not Python's own."""
    known = _providers()
    tops = {name.partition(".")[0] for name in modules} - {"kit"} - sys.stdlib_module_names
    return sorted({canonicalize_name(one) for top in tops for one in known.get(top, ())})


@functools.cache
def _providers() -> Mapping[str, list[str]]:
    """The distributions that each top-level module installed here is part of."""
    return importlib.metadata.packages_distributions()


def pins(names: Iterable[str]) -> dict[str, str]:
    """These distributions and all that they need, each with the version installed here."""
    found: dict[str, str] = {}
    waiting = [Requirement(name) for name in names]
    asked: set[tuple[str, str]] = set()
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # whatever misses it misses it here, too
        found[name] = version.partition("+")[0]  # 2.13.0+cpu is no version of an index
        for extra in ("", *need.extras):
            if (name, extra) not in asked:
                asked.add((name, extra))
                waiting += _needs(name, extra)
    return dict(sorted(found.items()))


def _needs(name: str, extra: str) -> list[Requirement]:
    listed = map(Requirement, importlib.metadata.requires(name) or ())
    return [
        need
        for need in listed
        if (need.marker is None and not extra)
        or (need.marker is not None and need.marker.evaluate({"extra": extra}))
    ]


def least_python(names: Iterable[str]) -> tuple[int, ...]:
    """The lowest Python that all these distributions accept, such as (3, 11, 5)."""
    records = [importlib.metadata.distribution(name).metadata.json for name in names]
    needs = [str(record.get("requires_python", "")) for record in records]
    bounds = [bound for need in needs for bound in SpecifierSet(need) if bound.operator == ">="]
    return max((Version(bound.version).release for bound in bounds), default=(3,))
