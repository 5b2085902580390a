"""The two classes: sixty submissions each, made from a solution and its mutants.

Most are right or wrong in one or two functions; some raise exceptions, do not parse, or miss a
file. The same submissions come out every time.
"""

import ast
import zipfile
from dataclasses import dataclass
from pathlib import Path

from kit.assignment import Assignment, load
from kit.authoring import mutants
from kit.authoring.mutants import Mutant
from kit.paths import Workspace

SIZE = 60
ROOT = Path(__file__).resolve().parent.parent
LIGHT = Workspace(ROOT / "benchmarks" / "light", released=False)
COURSE = Workspace(ROOT, released=False)


@dataclass(frozen=True)
class SchoolClass:
    """A class: its assignment and where its submissions lie, one zip each."""

    name: str
    workspace: Workspace
    assignment: Assignment
    folder: Path

    @property
    def submissions(self) -> list[Path]:
        """The zips, by student."""
        return sorted(self.folder.glob("*.zip"))

    def sample(self, count: int) -> list[Path]:
        """Some of them, spread over the kinds."""
        every = self.submissions
        return [every[i * len(every) // count] for i in range(min(count, len(every)))]


def open_class(name: str, folder: Path) -> SchoolClass:
    """The class of that name, whose submissions lie in `folder`."""
    workspace = LIGHT if name == "light" else COURSE
    return SchoolClass(name, workspace, load(workspace.resolve(name), workspace), folder)


def build(name: str, folder: Path) -> SchoolClass:
    """Write the submissions of a class into `folder`."""
    made = open_class(name, folder)
    folder.mkdir(parents=True, exist_ok=True)
    sources = {
        module: (made.workspace.solution(made.assignment.slug) / f"{module}.py").read_text("utf-8")
        for module in made.assignment.modules
    }
    known = mutants.load(made.workspace, made.assignment)
    for number in range(SIZE):
        files = _submission(number, sources, known, made.assignment)
        with zipfile.ZipFile(folder / f"student{number:02d}.zip", "w") as archive:
            for module, text in files.items():
                archive.writestr(zipfile.ZipInfo(f"{module}.py"), text)
    return made


def _submission(
    number: int, sources: dict[str, str], known: list[Mutant], assignment: Assignment
) -> dict[str, str]:
    """A quarter is right, a sixth breaks, the others have one mistake or two."""
    files = dict(sources)
    if number % 4 == 0:
        return files
    if number % 6 == 1:
        return _broken(number // 6, files, assignment)
    first = known[number * 7 % len(known)]
    files[first.module] = mutants.apply(first, files[first.module])
    second = known[number * 11 % len(known)]
    if number % 2 and second.module != first.module:
        files[second.module] = mutants.apply(second, files[second.module])
    return files


def _broken(kind: int, files: dict[str, str], assignment: Assignment) -> dict[str, str]:
    module = assignment.modules[kind % len(assignment.modules)]
    if kind % 5 == 0:
        files[module] += "\n\ndef unfinished(:\n"
    elif kind % 5 == 1:
        del files[module]
    else:  # two functions that raise
        question = assignment.questions[kind % len(assignment.questions)]
        for dotted in question.graded[:2]:
            home, _, function = dotted.partition(".")
            error = "NotImplementedError" if kind % 2 else "ValueError('no such thing')"
            files[home] = _raising(files[home], function, error)
    return files


def _raising(source: str, function: str, error: str) -> str:
    """The source with the body of a function, or of a class, replaced by a raise."""
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == function:
            head = "(*_, **__)" if isinstance(node, ast.FunctionDef) else ""
            word = "def" if isinstance(node, ast.FunctionDef) else "class"
            text = f"{word} {function}{head}:\n    raise {error}\n"
            if isinstance(node, ast.ClassDef):
                text = f"class {function}:\n    def __init__(self):\n        raise {error}\n"
            return "".join([*lines[: node.lineno - 1], text, *lines[node.end_lineno :]])
    raise ValueError(f"there is no function {function}")
