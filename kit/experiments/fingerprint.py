"""The fingerprint of the code that a stage depends on: equal for equal meaning.

Comments, docstrings, annotations of functions and layout do not count. A stage depends on what its
function reaches inside the experiments file, on every implementation module of which it names a
function, on the files it loads with `beside`, and on the kit's modules it imports. What is reached
by a computed name is not seen.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import UsageError

KIT = Path(__file__).resolve().parent.parent
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_AS_IN_3_11: Any = {"show_empty": True} if sys.version_info >= (3, 13) else {}
INTERFACE = (  # they change no number; what `data` loads is hashed itself
    *("kit.errors", "kit.files", "kit.experiments.stage"),
    *("kit.experiments.data", "kit.experiments.torchvision_ops"),
)


def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file; UsageError with file and line when it has none."""
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError as error:
        raise UsageError(f"{path}:{error.lineno}: {error.msg}; the file is not Python") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def bare(tree: ast.AST) -> str:
    """A dump of `tree` without docstrings, comments, annotations of functions and positions.

    It is the same text on every Python, so that a run is what it was after a change of Python.
    """
    return ast.dump(_Bare().visit(ast.parse(ast.unparse(tree))), **_AS_IN_3_11)


class _Bare(ast.NodeTransformer):
    def visit(self, node: ast.AST) -> ast.AST:
        if getattr(node, "type_params", None) == []:  # since 3.12, also where there are none
            delattr(node, "type_params")
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.body and _is_text(node.body[0]):
                node.body = node.body[1:]
            if isinstance(node, FUNCTIONS):
                node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        return self.generic_visit(node)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@cache
def _file_dump(path: Path, _stamp: tuple[int, int]) -> str:
    return bare(parse(path))


def file_hash(path: Path) -> str:
    """The fingerprint of a whole file."""
    stat = path.stat() if path.is_file() else None
    stamp = (stat.st_mtime_ns, stat.st_size) if stat else (0, 0)
    return _sha256([_file_dump(path, stamp)])


def _sha256(dumps: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(dumps).encode()).hexdigest()


def names_defined(tree: ast.Module) -> dict[str, ast.stmt]:
    """Every name that a module binds at its top level, with the statement that does."""
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        for name in _bound(node):
            found[name] = node
    return found


def names_written(path: Path) -> set[str]:
    """The names that a module defines itself; what it imports belongs to somebody else."""
    found = names_defined(parse(path)).items()
    return {name for name, node in found if not isinstance(node, ast.Import | ast.ImportFrom)}


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    else:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id


def stage_code(
    function: str, experiments: Path, implementation: Mapping[str, Path]
) -> dict[str, str]:
    """The fingerprints of what the stage function `function` depends on, by name of the source.

    `implementation` maps every name that the implementation defines to the file that defines it.
    """
    reached = _reached(function, names_defined(parse(experiments)))
    statements: list[ast.AST] = [
        node for node in reached if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    dumps = sorted({bare(node) for node in statements})
    code = {"experiments": _sha256(dumps)}
    for path, tree in _all_beside(statements, experiments).items():
        code[path.stem] = file_hash(path)
        statements.append(tree)
        reached.append(tree)
    for path in _named_modules(statements, implementation):
        for used in _siblings(path, {file.stem: file for file in implementation.values()}):
            code[used.stem] = file_hash(used)
    for module, path in _kit_modules(reached):
        code[module] = file_hash(path)
    return code


def _reached(start: str, names: Mapping[str, ast.stmt]) -> list[ast.AST]:
    waiting = [start]
    seen: dict[str, ast.AST] = {}
    while waiting:
        name = waiting.pop()
        node = names.get(name)
        if node is None or name in seen:
            continue
        seen[name] = node
        inside = _Bare().visit(ast.parse(ast.unparse(node)))
        waiting += [inner.id for inner in ast.walk(inside) if isinstance(inner, ast.Name)]
    return list(seen.values())


def _named_modules(nodes: Iterable[ast.AST], owners: Mapping[str, Path]) -> list[Path]:
    attributes = {
        inner.attr for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Attribute)
    }
    return sorted({owners[name] for name in attributes if name in owners})


def _all_beside(nodes: Iterable[ast.AST], experiments: Path) -> dict[Path, ast.AST]:
    """The files that statements load by `beside`, and those that such a file loads, and so on."""
    found: dict[Path, ast.AST] = {}
    waiting = _beside(nodes, experiments)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = parse(path)
            waiting += _beside([found[path]], path)
    return found


def _beside(nodes: Iterable[ast.AST], experiments: Path) -> list[Path]:
    """The files that statements load by `beside(__file__, "name")`."""
    calls = [
        inner
        for node in nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "beside"
    ]
    return [experiments.with_name(f"{ast.literal_eval(call.args[1])}.py") for call in calls]


def _siblings(path: Path, modules: Mapping[str, Path]) -> list[Path]:
    waiting = [path]
    seen: list[Path] = []
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.append(module)
        waiting += [modules[name] for name, _ in _imports(parse(module)) if name in modules]
    return seen


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def _kit_modules(nodes: Iterable[ast.AST]) -> list[tuple[str, Path]]:
    found: dict[str, Path] = {}
    waiting = list(nodes)
    while waiting:
        for module, name in _imports(waiting.pop()):
            for dotted in (module, f"{module}.{name}"):
                path = KIT.parent / (dotted.replace(".", "/") + ".py")
                known = dotted in found or dotted in INTERFACE
                if dotted.startswith("kit.") and path.is_file() and not known:
                    found[dotted] = path
                    waiting.append(parse(path))
    return sorted(found.items())
