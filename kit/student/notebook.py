"""The released notebook, in which a student may have written functions of the hand-in.

The modules are what is checked and graded; a notebook is graded in the place of a module that is
not handed in. So it can stand for a module that has nothing written itself, as long as it needs
nothing else of it. Nothing of a notebook runs here.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import IntakeError
from kit.grading.intake.notebook_code import extract
from kit.grading.intake.source_text import defined_names
from kit.student import sources


@dataclass(frozen=True)
class Notebook:
    """A notebook and the graded functions that are `written` in its cells.

    With all names that it sets and reads, and sentences on what grading leaves out of it.
    """

    name: str
    data: bytes
    written: frozenset[str]
    sets: frozenset[str]
    reads: frozenset[str]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Whether a notebook is handed in in the place of a module, and what a student is to know.

    A `problem` is a function that would be lost.
    """

    replaces: bool = False
    note: str = ""
    problem: str = ""


def released(folder: Path, assignment: Assignment) -> Notebook | None:
    """The notebook that the assignment came with; None if it is gone or cannot be read."""
    path = folder / f"{assignment.slug}.ipynb"
    try:
        data = path.read_bytes()
        code = extract(data)
        tree = sources.syntax(code.source, path.name)
    except (OSError, IntakeError, SyntaxError, ValueError):
        return None
    written = sources.written(tree, assignment.owners)
    left_out = tuple(remark.text for remark in code.remarks)
    reads = frozenset(_read(tree))
    return Notebook(path.name, data, written, code.names, reads, left_out)


def standing(book: Notebook, assignment: Assignment, module: str, source: bytes) -> Standing:
    """What the notebook is to the module of that name, whose file holds `source`."""
    file = f"{module}.py"
    graded = sources.graded_in(module, assignment)
    try:
        tree = sources.syntax(source, file)
    except (SyntaxError, ValueError):
        tree = ast.Module([], [])
    own, cells = sources.written(tree, graded), book.written & graded
    if cells <= own:
        both = f"{_listed(cells)} {_is(cells)} in {book.name}, too; what {file} has counts"
        return Standing(note=both if cells else "")
    claims = {one.claim.partition(".")[2] for one in assignment.budgets if one.claim}
    needed = (defined_names(tree) - graded - book.sets) & (book.reads | claims)
    lost = f"{_listed(cells - own)} {_is(cells - own)} in {book.name} only"
    if own or needed:
        why = f"has {_listed(own)}" if own else f"defines {_listed(needed)}"
        return Standing(
            problem=f"{lost}, and {file} counts, since it {why}: copy what is missing into {file}"
        )
    return Standing(replaces=True, note=f"{lost}; the notebook is packed in the place of {file}")


def remarks(folder: Path, assignment: Assignment, questions: Iterable[str]) -> list[str]:
    """Which functions of these questions are written in the notebook alone: a sentence, or none."""
    book = released(folder, assignment)
    if book is None:
        return []
    open_ = sources.unwritten(folder, assignment)
    graded = [name for question in questions for name in assignment.question(question).graded]
    names = [n for n in graded if n in open_ and n.partition(".")[2] in book.written]
    if not names:
        return []
    return [
        f"{book.name} defines {', '.join(names)}; the check runs the .py files: copy "
        f"{'it' if len(names) == 1 else 'them'} there to see the verdict"
    ]


def _read(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _is(names: frozenset[str]) -> str:
    return "is" if len(names) == 1 else "are"
