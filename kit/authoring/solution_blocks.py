"""Solution blocks: the marked part of a private file, and the public file without it.

In Python a block stands between `# BEGIN SOLUTION` and `# END SOLUTION`, in LaTeX between
`% BEGIN SOLUTION` and `% END SOLUTION`, each marker alone on its line.

- In a function or method a block holds whole statements, after the docstring; it becomes one
  `raise NotImplementedError` that names the assignment and the function.
- At module level a block may hold private names only (`_factor`, `_LIMIT`): it is removed. What
  students are to write needs a signature that survives, so anything else there is an error, and
  so is a name removed in one place and used in another. Imports stay outside: they are given.
  A constant that a line outside defines may get its value there (`STEPS = None` outside).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import UsageError

LINE_LENGTH = 100
TEX_PLACEHOLDER = "% Your text here."

_MARKER = re.compile(r"^\s*([#%]) (BEGIN|END) SOLUTION$")
_NEARLY_MARKER = re.compile(r"^\s*[#%]+[\s%#]*(begin|end)[\s_-]*solution", re.IGNORECASE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Block:
    """A marked region; `begin` and `end` are the line numbers of its two markers."""

    begin: int
    end: int
    indent: str


@dataclass(frozen=True)
class _Suite:
    """A list of statements that share one indent; `node` holds it, the scope `owner` names it."""

    node: ast.AST
    statements: list[ast.stmt]
    owner: str
    kind: str  # "module", "class" or "function"


def strip(source: str, path: Path) -> str:
    """The public version of `source`.

    Raises:
        UsageError: a marker of `path` is out of place; the message gives file and line.
    """
    blocks = find(source, path)
    if not blocks:
        return source
    if path.suffix == ".tex":
        return _replace(source, {block: [block.indent + TEX_PLACEHOLDER] for block in blocks})
    return _strip_python(source, blocks, path)


def find(source: str, path: Path) -> list[Block]:
    """The blocks of `source`, in order.

    Raises:
        UsageError: a marker is nested, unclosed, stray or misspelt.
    """
    sign = "%" if path.suffix == ".tex" else "#"
    blocks: list[Block] = []
    opened: tuple[int, str] | None = None
    for number, line in enumerate(source.splitlines(), start=1):
        match = _MARKER.match(line)
        if match is None or match[1] != sign:
            if _NEARLY_MARKER.match(line):
                raise _error(
                    path,
                    number,
                    f"write it as `{sign} BEGIN SOLUTION` or `{sign} END "
                    "SOLUTION`, alone on its line",
                )
        elif match[2] == "BEGIN":
            if opened:
                raise _error(
                    path,
                    number,
                    f"this BEGIN SOLUTION is nested in the one of line "
                    f"{opened[0]}; close that one first",
                )
            opened = (number, line[: line.index(sign)])
        elif opened is None:
            raise _error(path, number, "this END SOLUTION has no BEGIN SOLUTION before it")
        else:
            blocks.append(Block(opened[0], number, opened[1]))
            opened = None
    if opened:
        raise _error(path, opened[0], "this BEGIN SOLUTION is never closed; add END SOLUTION")
    return blocks


def private_lines(source: str, path: Path) -> list[str]:
    """The stripped lines inside the blocks of `source` that stand nowhere outside them."""
    lines = source.splitlines()
    inside = [n for block in find(source, path) for n in range(block.begin, block.end - 1)]
    hidden = set(inside)
    public = {line.strip() for n, line in enumerate(lines) if n not in hidden}
    return [text for n in inside if (text := lines[n].strip()) not in public]


def _strip_python(source: str, blocks: list[Block], path: Path) -> str:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise _error(path, error.lineno or 1, f"this is not valid Python: {error.msg}") from None
    removed: dict[str, int] = {}
    kept = _kept_constants(tree, blocks)
    replacements: dict[Block, list[str]] = {}
    for block in blocks:
        suite, inside = _enclosing(tree, block, path)
        if suite.kind == "function":
            replacements[block] = _placeholder(block.indent, suite.owner)
        elif suite.kind == "module" and (names := _removable_names(inside, kept)):
            removed |= dict.fromkeys(set(names) - kept, block.begin)
            replacements[block] = []
        else:
            raise _error(
                path,
                block.begin,
                "this block is outside a function, where only private "
                "names such as `_factor` may be removed; move it into a function's body, "
                "or give a constant a value for students outside",
            )
    stripped = _replace(source, replacements)
    _check_result(stripped, removed, path)
    return stripped


def _enclosing(tree: ast.Module, block: Block, path: Path) -> tuple[_Suite, list[ast.stmt]]:
    """The suite that owns the block's statements, and these statements."""
    owners = list(_owners(tree, block))
    if not owners:
        raise _error(path, block.begin, "this block holds no whole statement")
    if len(owners) > 1:
        raise _error(
            path,
            block.begin,
            "this block cuts through a statement; it must hold whole statements of one indent",
        )
    suite, inside = owners[0]
    if _docstring(suite.node) is inside[0]:
        raise _error(
            path,
            block.begin,
            f"the docstring of {suite.owner} is inside the block; move BEGIN SOLUTION below it",
        )
    if inside[0].col_offset != len(block.indent):
        raise _error(path, block.begin, "this marker is not indented like the code it encloses")
    return suite, inside


def _owners(tree: ast.Module, block: Block) -> Iterator[tuple[_Suite, list[ast.stmt]]]:
    """The outermost suites with statements in the block, and these statements."""
    covered: set[ast.AST] = set()
    for suite in _suites(tree, "", "module"):
        inside = [s for s in suite.statements if _within(s, block)]
        if inside and inside[0] not in covered:
            covered.update(node for statement in inside for node in ast.walk(statement))
            yield suite, inside


def _suites(node: ast.AST, owner: str, kind: str) -> Iterator[_Suite]:
    """Every suite under `node`, an outer one before those inside it."""
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(node, field, None)
        if isinstance(statements, list):
            yield _Suite(node, statements, owner, kind)
            for statement in statements:
                yield from _suites(statement, *_inner(statement, owner, kind))
    for field in ("handlers", "cases"):
        for part in getattr(node, field, []):
            yield from _suites(part, owner, kind)


def _inner(statement: ast.stmt, owner: str, kind: str) -> tuple[str, str]:
    """The qualified name and the kind of the scope that `statement` opens, or the given one."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        name = f"{owner}.{statement.name}" if owner else statement.name
        return name, "class" if isinstance(statement, ast.ClassDef) else "function"
    return owner, kind


def _within(statement: ast.stmt, block: Block) -> bool:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(d.lineno for d in decorators)])
    return block.begin < first and (statement.end_lineno or first) < block.end


def _docstring(node: ast.AST) -> ast.stmt | None:
    """The statement that is the docstring of a function or class."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and ast.get_docstring(node) is not None:
        return node.body[0]
    return None


def _kept_constants(tree: ast.Module, blocks: list[Block]) -> set[str]:
    """The names to which the module assigns a value outside the blocks."""
    outside = [s for s in tree.body if not any(_within(s, block) for block in blocks)]
    targets = [target for s in outside if isinstance(s, ast.Assign) for target in s.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _removable_names(statements: list[ast.stmt], kept: set[str]) -> list[str]:
    """The names that `statements` bind, or nothing when one of them is public and not `kept`."""
    names: list[str] = []
    for statement in statements:
        if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names += [t.id if isinstance(t, ast.Name) else "" for t in targets]
        else:
            return []
    return names if all(name.startswith("_") or name in kept for name in names) else []


def _placeholder(indent: str, function: str) -> list[str]:
    text = f'"{function} is not written yet"'
    line = f"{indent}raise NotImplementedError({text})"
    if len(line) <= LINE_LENGTH:
        return [line]
    return [f"{indent}raise NotImplementedError(", f"{indent}    {text}", f"{indent})"]


def _replace(source: str, replacements: dict[Block, list[str]]) -> str:
    """`source` with every block replaced; blank lines around a removed one are not doubled."""
    lines = source.splitlines()
    result: list[str] = []
    position = 0
    for block, replacement in replacements.items():
        result += lines[position : block.begin - 1]
        position = block.end
        if not replacement:
            before = len(result) - len(_without_blank_end(result))
            while position < len(lines) and not lines[position].strip() and before:
                position, before = position + 1, before - 1
        result += replacement
    return "\n".join(_without_blank_end(result + lines[position:])) + "\n"


def _without_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _check_result(stripped: str, removed: dict[str, int], path: Path) -> None:
    try:
        tree = ast.parse(stripped)
    except SyntaxError as error:
        raise UsageError(
            f"{path}: without its solution blocks this file is not valid Python "
            f"({error.msg}: {error.text}); each block must hold whole statements"
        ) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in removed:
            raise _error(
                path,
                removed[node.id],
                f"this block removes `{node.id}`, which is used outside the blocks",
            )


def _error(path: Path, line: int, text: str) -> UsageError:
    return UsageError(f"{path}:{line}: {text}")
