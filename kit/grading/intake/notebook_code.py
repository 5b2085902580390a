"""The code of a notebook that may be graded: imports, definitions, assignments of plain values.

Nothing else of a notebook runs: no training, no plot, no shell line. Cells are independent, so one
that does not compile costs that cell only. The notebook is read as JSON and never executed here.
"""

import ast
import builtins
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.errors import IntakeError
from kit.grading.intake.source_text import READ_BYTES, Remark, defined_names, parse

CELLS = 2000
SHELL_LINE = re.compile(r"^(\s*)(?:[%!?]|\w[\w.\[\], ]*=\s*[%!](?!=)|[\w.]+\?{1,2}\s*$)")
HARMLESS_CELL_MAGIC = re.compile(r"^\s*%%(?:time|timeit|capture|prun|python3?)\b.*$", re.MULTILINE)
PLAIN = (
    ast.Constant
    | ast.Name
    | ast.Attribute
    | ast.BinOp
    | ast.UnaryOp
    | ast.BoolOp
    | ast.Compare
    | ast.Tuple
    | ast.List
    | ast.Set
    | ast.Dict
    | ast.IfExp
    | ast.operator
    | ast.unaryop
    | ast.boolop
    | ast.cmpop
    | ast.expr_context
)
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
GENERIC = frozenset(["tuple", "list", "dict", "set", "frozenset", "type"])
LAZY = "from __future__ import annotations"  # a name that only an annotation needs costs nothing
BUILT_IN = frozenset(dir(builtins)) | {"__name__"}


@dataclass(frozen=True)
class NotebookCode:
    """The graded source of a notebook, the names it defines, and what was left out and why.

    `read` are the characters of code that were looked through.
    """

    source: bytes
    names: frozenset[str]
    remarks: tuple[Remark, ...]
    read: int = 0


@dataclass
class _Collector:
    """What was taken so far; it grows cell by cell."""

    future: list[str] = field(default_factory=lambda: [LAZY])
    parts: list[str] = field(default_factory=list)
    bound: set[str] = field(default_factory=lambda: set(BUILT_IN))
    left_out: dict[str, int] = field(default_factory=dict)  # a name, and the cell that sets it
    uses: list[tuple[str, int, frozenset[str]]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def extract(data: bytes, most: int = READ_BYTES) -> NotebookCode:
    """The importable part of a notebook that holds `most` characters of code.

    Raises:
        IntakeError: it is not a notebook, or holds more.
    """
    taken = _Collector()
    cells = list(cell_texts(data, "code"))
    if (read := sum(map(len, cells))) > most:
        raise IntakeError(f"the notebook holds more than {most >> 10} KB of code; shorten it")
    for number, code in enumerate(cells, start=1):
        tree = _parse_cell(code, number, taken)
        try:
            for node in tree.body if tree else []:
                _take(node, number, taken)
        except (RecursionError, ValueError):  # an integer of 4,300 digits cannot be written as text
            text = f"cell {number} is nested too deeply or holds too long a number; left out"
            taken.remarks.append(Remark("syntax", text))
    for name, number, used in taken.uses:
        for missing in sorted(used & taken.left_out.keys() - taken.bound):
            text = (
                f"cell {number}: {name} uses `{missing}`, which cell {taken.left_out[missing]} "
                "sets by code that does not run while grading; pass it as an argument"
            )
            taken.remarks.append(Remark("notebook", text))
    source = "\n\n\n".join([*taken.future, *taken.parts]) + "\n"
    whole = parse(source.encode())
    if isinstance(whole, Remark):
        taken.remarks.append(Remark(whole.kind, f"the notebook's code {whole.text}"))
    names = frozenset() if isinstance(whole, Remark) else defined_names(whole)
    return NotebookCode(source.encode(), names, tuple(taken.remarks), read)


def cell_texts(data: bytes, kind: str) -> Iterator[str]:
    """The cells of one kind, `code` or `markdown`, as text.

    Raises:
        IntakeError: it is not a notebook, or has too many.
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        sheets = notebook.get("worksheets") or [notebook]  # version 3 had worksheets
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        chosen = [cell for cell in cells if cell["cell_type"] == kind]
        texts = ["".join(cell.get("source", cell.get("input", ""))) for cell in chosen]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise IntakeError(
            f"the notebook cannot be read ({type(error).__name__}); save it again in Jupyter"
        ) from None
    if len(texts) > CELLS:
        raise IntakeError(f"the notebook has more than {CELLS} {kind} cells")
    yield from texts


def cell_tree(code: str) -> ast.Module | None:
    """The syntax of a cell without its magics; None if it has none."""
    tree = _tree(code)
    return None if isinstance(tree, Remark) else tree


def _tree(code: str) -> ast.Module | Remark:
    tree = parse(_encoded(code))
    return parse(_encoded(_without_magics(code))) if isinstance(tree, Remark) else tree


def _parse_cell(code: str, number: int, taken: _Collector) -> ast.Module | None:
    tree = _tree(code)
    if isinstance(tree, Remark):
        text = f"cell {number}, line {tree.line}: {tree.text}; the cell was left out"
        taken.remarks.append(Remark("syntax", text))
        return None
    return tree


def _encoded(code: str) -> bytes:
    return code.replace("\r\n", "\n").encode("utf-8", "backslashreplace")


def _without_magics(code: str) -> str:
    code = HARMLESS_CELL_MAGIC.sub("", code, count=1)
    if code.lstrip().startswith("%%"):
        return ""  # another language, or a file to write
    return "\n".join(
        SHELL_LINE.sub(r"\1pass  # ", line, count=1) if SHELL_LINE.match(line) else line
        for line in code.split("\n")
    )


def _take(node: ast.stmt, number: int, taken: _Collector) -> None:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        taken.future.append(ast.unparse(node))
    elif isinstance(node, ast.Import | ast.ImportFrom):
        _take_import(node, taken)
    elif isinstance(node, ast.Try) and all(
        isinstance(inner, ast.Import | ast.ImportFrom) for inner in node.body
    ):
        for inner in node.body:
            _take(inner, number, taken)
    elif isinstance(node, DEFINITIONS):
        _take_definition(node, number, taken)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        _take_assignment(node, number, taken)
    else:
        _leave_out(_stored(node), number, taken)


def _take_import(node: ast.Import | ast.ImportFrom, taken: _Collector) -> None:
    # a plotting library that the jail lacks must not cost the cells that do not need it
    taken.parts.append(f"try:\n    {ast.unparse(node)}\nexcept ImportError:\n    pass")
    for alias in node.names:
        taken.bound.add(alias.asname or alias.name.partition(".")[0])


def _take_definition(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, number: int, taken: _Collector
) -> None:
    missing = sorted(_at_definition(node) & taken.left_out.keys() - taken.bound)
    if missing:
        _leave_out({node.name}, number, taken)
        text = (
            f"cell {number}: {node.name} needs `{missing[0]}` to be defined, which code sets that "
            "does not run while grading; it was left out"
        )
        taken.remarks.append(Remark("notebook", text))
        return
    taken.parts.append(ast.unparse(node))
    taken.bound.add(node.name)
    local = _stored(node) | {arg.arg for arg in ast.walk(node) if isinstance(arg, ast.arg)}
    taken.uses.append((node.name, number, frozenset(_run(node) - local)))


def _at_definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> set[str]:
    """Names read when the definition itself runs: decorators, defaults, bases, a class's body."""
    parts: list[ast.expr] = list(node.decorator_list)
    if not isinstance(node, ast.ClassDef):
        parts += node.args.defaults + [one for one in node.args.kw_defaults if one]
        return {name for part in parts for name in _loaded(part)}
    parts += node.bases + [keyword.value for keyword in node.keywords]
    return {name for part in parts for name in _loaded(part)} | _in_body(node)


def _in_body(node: ast.ClassDef) -> set[str]:
    """Names that the statements of a class read and do not set."""
    read: set[str] = set()
    own: set[str] = set()
    for one in node.body:
        if isinstance(one, DEFINITIONS):
            read |= _at_definition(one)
            own.add(one.name)
        else:
            read |= _run(one)
            own |= _stored(one)
    return read - own


def _take_assignment(node: ast.Assign | ast.AnnAssign, number: int, taken: _Collector) -> None:
    value = node.value
    plain = value is not None and (_is_type(value) or _is_plain(value))
    known = isinstance(value, ast.Lambda) or (value and plain and _loaded(value) <= taken.bound)
    if known and _is_place(node, taken.bound):
        taken.parts.append(ast.unparse(node))
        taken.bound |= _stored(node)
    else:
        _leave_out(_stored(node), number, taken)


def _is_plain(value: ast.expr) -> bool:
    return all(isinstance(part, PLAIN) for part in ast.walk(value))


def _is_type(value: ast.expr) -> bool:
    """Whether it names a type, such as tuple[int, int] or Callable[[Array], Array]."""
    parts = list(ast.walk(value))
    generic = [part.value for part in parts if isinstance(part, ast.Subscript)]
    names = [g.id if isinstance(g, ast.Name) else getattr(g, "attr", "") for g in generic]
    types = all(name in GENERIC or name[:1].isupper() for name in names)
    return types and all(isinstance(part, PLAIN | ast.Subscript) for part in parts)


def _is_place(node: ast.Assign | ast.AnnAssign, bound: set[str]) -> bool:
    """Whether what is assigned to can be found without running anything."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [part for target in targets for part in ast.walk(target)]
    still = all(isinstance(part, PLAIN | ast.Subscript | ast.Starred) for part in parts)
    return still and all(_loaded(target) <= bound for target in targets)


def _leave_out(names: set[str], number: int, taken: _Collector) -> None:
    for name in names:
        taken.left_out.setdefault(name, number)


def _loaded(node: ast.AST) -> set[str]:
    return _names(node, ast.Load)


def _run(node: ast.AST) -> set[str]:
    """Names that a statement reads, now or when it is called; annotations are never run."""
    places = ((part, name) for part in ast.walk(node) for name in ("annotation", "returns"))
    texts = [getattr(part, name, None) for part, name in places]
    idle = {id(part) for text in texts if text is not None for part in ast.walk(text)}
    parts = [part for part in ast.walk(node) if id(part) not in idle]
    return {one.id for one in parts if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


def _stored(node: ast.AST) -> set[str]:
    return _names(node, ast.Store)


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, context)
    }
