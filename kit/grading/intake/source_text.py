"""Python source as students save it: byte-order marks, UTF-16, CRLF; and what it imports.

Sources are parsed here, never run. Parsing is bounded, for a parser can be made to take minutes.
"""

import ast
import functools
import re
import warnings
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kit.assignment import Imports

ANALYSED_BYTES = 256 << 10
READ_BYTES = 1 << 20  # of all sources of a submission: a megabyte can take ten seconds
COMPILED_NODES = 300_000
COPYING = re.compile(rb"finally|coding")  # where a `finally` may be, in whatever encoding
DYNAMIC = frozenset(["exec", "eval", "compile", "__import__"])
TELLING = frozenset([ast.Import, ast.ImportFrom, ast.Attribute, ast.Call])
BY_HAND = "by_hand"  # the kind of the remark on a package whose work a person grades
NO_BRANCHES = frozenset(["ctx", "op", "ops", "attr", "arg", "type_comment", "level", "module"])


@dataclass(frozen=True)
class Remark:
    """A sentence about a line of a source (0: about the whole of it)."""

    kind: str
    text: str
    line: int = 0


def normalised(data: bytes) -> tuple[bytes, str]:
    """The source with LF line ends and no byte-order mark, and what was odd about it, or "".

    CRLF is what Windows writes and is not odd.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return _lf(data.decode("utf-16").encode()), "is saved as UTF-16; it was read as such"
        except UnicodeDecodeError:
            return data, "starts like UTF-16 but is not"
    if data.startswith(BOM_UTF8):
        return _lf(data.removeprefix(BOM_UTF8)), "starts with a byte-order mark, which was dropped"
    return _lf(data), ""


def _lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def parse(data: bytes) -> ast.Module | Remark:
    """The syntax tree, or a remark that says in which line and why there is none."""
    if len(data) > ANALYSED_BYTES:
        return Remark("size", f"is over {ANALYSED_BYTES >> 10} KB and was not looked through")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
            # What the compiler makes too much of, the jail finds out, under its limits.
            if not COPYING.search(data) or _copies(tree) <= COMPILED_NODES:
                compile(tree, "submission", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Remark("syntax", f"does not compile: {error.msg}", error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return Remark("syntax", f"does not compile: {type(error).__name__}")
    return tree


def _copies(tree: ast.Module) -> int:
    """At most how many nodes the compiler makes of a tree, counted no further than needed.

    It copies a `finally` block to every way out of its `try`, so that a few nested in one another
    make gigabytes of a few lines.
    """
    exits = sum(isinstance(node, ast.Return | ast.Break | ast.Continue) for node in ast.walk(tree))
    copies = 0
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting and copies <= COMPILED_NODES:
        node, times = waiting.pop()
        copies += times
        last = {id(child) for child in getattr(node, "finalbody", ())}
        for child in ast.iter_child_nodes(node):
            waiting.append((child, times * (exits + 2) if id(child) in last else times))
    return copies


def defined_names(tree: ast.Module) -> frozenset[str]:
    """The names that top-level definitions and assignments bind."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(names)


def import_remarks(tree: ast.Module, imports: Imports, own: frozenset[str]) -> list[Remark]:
    """What a person should look at: imports not allowed, flagged names, code made at run time.

    `own` are the submission's own modules. A manifest that lists no import allows them all. A
    package whose work a person grades is said to be one.
    """
    nodes = _telling(tree)
    known = dict(_bindings(nodes))
    remarks = set()
    for node in nodes:
        if isinstance(node, ast.Call) and (name := _dotted(node.func)) in DYNAMIC:
            remarks.add(Remark("dynamic", f"makes code at run time with {name}()", node.lineno))
        for name in _used(node, known):
            line = getattr(node, "lineno", 0)
            for flag in imports.flagged:
                if f"{name}.".startswith(f"{flag}."):
                    text = f"uses {flag}, which the task asks to write"
                    remarks.add(Remark("flagged", text, line))
            top = name.partition(".")[0]
            if not isinstance(node, ast.Import | ast.ImportFrom) or top in own:
                continue
            if top in imports.by_hand:
                text = (
                    f"imports {top}, which is accepted; a person grades the questions of this file"
                )
                remarks.add(Remark(BY_HAND, text, line))
            elif not _allowed(top, imports):
                text = f"imports {top}, which the assignment does not list"
                remarks.add(Remark("import", text, line))
    return sorted(remarks, key=lambda remark: (remark.line, remark.kind, remark.text))


def _allowed(top: str, imports: Imports) -> bool:
    return not imports.allowed or top in ("__future__", *imports.allowed)


def _telling(tree: ast.Module) -> list[ast.AST]:
    """The imports, attributes and calls of a tree, in the order of `ast.walk` but sooner."""
    found: list[ast.AST] = []
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        kind: Any = type(node)
        if kind in TELLING:
            found.append(node)
        for field in _branches(kind):
            value = getattr(node, field)
            if type(value) is list:
                waiting.extend(value)
            else:
                waiting.append(value)
    return found


@functools.cache
def _branches(kind: Any) -> tuple[str, ...]:
    """The fields of a node of that type which can lead to an import, an attribute or a call."""
    if not issubclass(kind, ast.AST) or issubclass(kind, ast.Constant | ast.Name):
        return ()  # what is no node, such as the text of a name, lies in the queue, too
    return tuple(field for field in kind._fields if field not in NO_BRANCHES)


def _bindings(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Local names of imported things: np is numpy, la is numpy.linalg."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.name if alias.asname else alias.name.partition(".")[0]),
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _used(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute) and (name := _dotted(node)):
        root, _, rest = name.partition(".")
        yield f"{known.get(root, root)}.{rest}"


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
