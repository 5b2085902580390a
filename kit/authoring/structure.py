"""The laws of an assignment that hold for its files as they lie there; no student code runs.

Its tests add up to the manifest's points, have names and titles, and import what they may; its
solution and its template hold every graded function; each function has enough mutants.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from kit.assignment import Assignment, Question, load
from kit.authoring import mutants, templates, written_law
from kit.grading.judging.tests_on_disk import TestCase, TestSet, TestSource, cases_of, parse
from kit.paths import Workspace

MUTANTS_PER_FUNCTION = 3
MOST_FALSE_FAILS = 1e-6  # how often a test may fail a right answer by chance
_TESTS_MAY_IMPORT = {"otter.test_files", "kit.testing", "numpy", "numpy.typing"}


@dataclass(frozen=True)
class CaseOnDisk:
    """A test case and where it stands."""

    question: str
    file: str
    case: TestCase


def read_cases(tests: TestSet) -> list[CaseOnDisk]:
    """Every case of an assignment's tests, in their order."""
    with tests.importable_oracle():
        return [
            CaseOnDisk(source.question, source.label, case)
            for source in tests.files
            for case in cases_of(source, parse(source))
        ]


def problems(workspace: Workspace, slug: str) -> list[str]:
    """What breaks a law, a sentence each.

    Raises:
        UsageError: a file is missing or cannot be read at all.
    """
    assignment = load(slug, workspace)
    tests = TestSet.load(workspace, slug)
    cases = read_cases(tests)
    found = templates.check(workspace, slug)
    for source in tests.files:
        found += _import_problems(source)
    for question in assignment.questions:
        found += _question_problems(
            question, tests, [c for c in cases if c.question == question.id]
        )
    known = {*assignment.functions, "env"}
    found += [
        f"{c.file}: {c.case.name} asks for '{name}', which is no graded function"
        for c in cases
        for name in c.case.parameters
        if name not in known
    ]
    return [
        *found,
        *_function_problems(workspace, assignment),
        *_solution_problems(workspace, assignment),
        *_mutant_problems(workspace, assignment),
        *written_law.problems(workspace, assignment),
    ]


def top_level(source: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """The functions and classes of a module by name."""
    body = ast.parse(source).body
    return {n.name: n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def _question_problems(
    question: Question, tests: TestSet, cases: list[CaseOnDisk]
) -> Iterator[str]:
    kinds = {source.hidden for source in tests.of(question.id)}
    for hidden, kind in ((False, "public"), (True, "hidden")):
        if hidden not in kinds:
            yield f"{kind}/{question.id}.py is missing; a question has public and hidden cases"
    total = sum(c.case.points for c in cases)
    if abs(total - question.points) > 1e-9:
        yield (
            f"{question.id}: its cases add up to {total:g} points, but the manifest gives "
            f"{question.points:g}"
        )
    names = [c.case.name for c in cases]
    for c in cases:
        if names.count(c.case.name) > 1:
            yield f"{c.file}: the name {c.case.name} is there twice in {question.id}; rename one"
        if not inspect.getdoc(c.case.function):
            yield f"{c.file}: {c.case.name} has no docstring, which is the title a student reads"
        if c.case.hidden and not c.case.hint:
            yield f"{c.file}: {c.case.name} has no failure_message, the hint of a hidden case"
        stated = getattr(c.case.function, "statistical", None)
        if stated is not None and not 0 < stated[0] < MOST_FALSE_FAILS:
            yield (
                f"{c.file}: {c.case.name} fails a right answer with probability {stated[0]:g}; "
                f"it must be below {MOST_FALSE_FAILS:g}"
            )
        if c.case.points <= 0:
            yield f"{c.file}: {c.case.name} is worth no points"


def _import_problems(source: TestSource) -> Iterator[str]:
    tree = ast.parse(source.text)
    allowed = _TESTS_MAY_IMPORT | ({"oracle"} if source.hidden else set())
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    for node in imports:
        of = [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        for name in of or [alias.name for alias in node.names]:
            if name not in allowed and name.partition(".")[0] not in sys.stdlib_module_names:
                yield f"{source.label}:{node.lineno}: a test may not import {name}"
    stated = [
        node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["name"]
    ]
    if stated != [source.question]:
        yield f'{source.label}: it must say name = "{source.question}"'


def _function_problems(workspace: Workspace, assignment: Assignment) -> Iterator[str]:
    for kind, folder in (
        ("solution", workspace.solution(assignment.slug)),
        ("template", workspace.template(assignment.slug)),
    ):
        for dotted in (name for question in assignment.questions for name in question.graded):
            module, _, function = dotted.partition(".")
            path = folder / f"{module}.py"
            nodes = top_level(path.read_text(encoding="utf-8")) if path.is_file() else {}
            if function not in nodes:
                yield f"{path}: the {kind} has no function {function}, which the manifest names"
            elif not ast.get_docstring(nodes[function]):
                yield f"{path}: {function} has no docstring, which is what a student works from"


def _solution_problems(workspace: Workspace, assignment: Assignment) -> Iterator[str]:
    allowed = {"README.md", *(f"{module}.py" for module in assignment.modules)}
    allowed |= {file.name for file in assignment.handin.files}
    for path in sorted(workspace.solution(assignment.slug).iterdir()):
        if path.name not in allowed and path.name != "__pycache__":
            yield f"{path} is named by no line of the manifest's hand-in list; remove it"


def _mutant_problems(workspace: Workspace, assignment: Assignment) -> Iterator[str]:
    listed = [mutant.function for mutant in mutants.load(workspace, assignment)]
    for function in assignment.functions:
        count = listed.count(function)
        if count < MUTANTS_PER_FUNCTION:
            yield (
                f"{function} has {count} mutant{'' if count == 1 else 's'} in "
                f"{workspace.autograder(assignment.slug) / 'mutants'}; it needs "
                f"{MUTANTS_PER_FUNCTION}"
            )
