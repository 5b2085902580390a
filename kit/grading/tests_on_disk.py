"""The test files of an assignment as they lie on disk, and otter's reading of them.

A `TestSet` is a snapshot: what was hashed is what runs. The files are otter's exception format and
are parsed by otter's own `ExceptionTestFile`, from text, so that they run once per submission and
are read as UTF-8 on every system. Nothing here runs a case.
"""

import ast
import contextlib
import functools
import inspect
import json
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from kit.assignment import load as load_assignment
from kit.errors import UsageError
from kit.files import sha256
from kit.paths import Workspace


@dataclass(frozen=True)
class TestSource:
    """One test file: the question it belongs to and its text; `label` is `hidden/q1.py`."""

    __test__: ClassVar[bool] = False  # a name that starts with Test is not a test of pytest's

    question: str
    hidden: bool
    label: str
    text: str


@dataclass(frozen=True)
class TestSet:
    """All test files of an assignment, with the oracle that hidden ones may import.

    `budgets` is the source of what counts a submission's budgets, which is no test.
    """

    __test__: ClassVar[bool] = False

    slug: str
    files: tuple[TestSource, ...]
    oracle: str | None
    budgets: str | None = None

    @classmethod
    def load(cls, workspace: Workspace, slug: str) -> "TestSet":
        """Read the public tests of `slug`, and the hidden ones where the workspace has them.

        Raises:
            UsageError: a file cannot be read, or belongs to no question of the manifest.
        """
        known = [question.id for question in load_assignment(slug, workspace).questions]
        files = _sources(workspace.public_tests(slug), False, known)
        hidden = workspace.hidden_tests(slug)
        if hidden is None:
            return cls(slug, files, None)
        folder = workspace.autograder(slug)
        oracle, budgets = (
            _read(path) if path.is_file() else None
            for path in (folder / "oracle.py", folder / "budgets.py")
        )
        return cls(slug, files + _sources(hidden, True, known), oracle, budgets)

    @property
    def sha256(self) -> str:
        """The SHA-256 of every test file and the oracle: results under other tests are others."""
        parts = [[file.label, file.text] for file in self.files]
        return sha256(json.dumps([self.slug, parts, self.oracle]).encode())

    def of(self, question: str) -> tuple[TestSource, ...]:
        """The test files of a question, public first."""
        return tuple(file for file in self.files if file.question == question)

    @contextlib.contextmanager
    def importable_oracle(self) -> Iterator[None]:
        """Within this context `import oracle` finds this assignment's oracle."""
        before = sys.modules.pop("oracle", None)
        try:
            if self.oracle is not None:
                module = types.ModuleType("oracle")
                sys.modules["oracle"] = module
                exec(_compiled(self.oracle, "oracle.py"), module.__dict__)  # noqa: S102
            yield
        finally:
            sys.modules.pop("oracle", None)
            if before is not None:
                sys.modules["oracle"] = before


@functools.lru_cache(maxsize=8)
def _compiled(text: str, name: str) -> types.CodeType:
    return compile(text, name, "exec")


def _sources(folder: Path, hidden: bool, known: list[str]) -> tuple[TestSource, ...]:
    found = sorted(folder.glob("*.py"), key=lambda path: path.name)
    for path in found:
        if path.stem not in known:
            listed = ", ".join(known)
            raise UsageError(f"{path} belongs to no question; the manifest has {listed}")
    kind = "hidden" if hidden else "public"
    return tuple(
        TestSource(path.stem, hidden, f"{kind}/{path.name}", _read(path))
        for path in sorted(found, key=lambda path: known.index(path.stem))
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{path} cannot be read ({error})") from None


@dataclass(frozen=True)
class TestCase:
    """One case of a parsed test file; `hint` is what its author tells a student who fails it."""

    __test__: ClassVar[bool] = False

    name: str
    title: str
    points: float
    hidden: bool
    hint: str
    parameters: tuple[str, ...]
    function: Callable[..., None]


def parse(source: TestSource) -> Any:
    """Otter's own `ExceptionTestFile` of a test file, its points resolved by otter's rules.

    Whatever the file raises on being executed comes through.
    """
    return _file_type().from_string(source.text, path=source.label)


@functools.cache
def _file_type() -> Any:
    """Otter's class, which here compiles a text once; each submission executes it anew."""
    from otter.test_files import ExceptionTestFile  # takes a second, which --help need not wait

    compiled = functools.lru_cache(maxsize=256)(ExceptionTestFile._compile_string)
    return type(
        "ExceptionTestFile", (ExceptionTestFile,), {"_compile_string": staticmethod(compiled)}
    )


def cases_of(source: TestSource, file: Any) -> tuple[TestCase, ...]:
    """The cases of a parsed test file, in the order of the file.

    Raises:
        UsageError: the file is not one that its place asks for: a public case in a hidden file,
            the reverse, or a case that a later one of the same name has replaced.
    """
    cases = tuple(_case(otter_case) for otter_case in file.test_cases)
    for case in cases:
        if case.hidden is not source.hidden:
            kind = "hidden" if case.hidden else "public"
            raise UsageError(f"{source.label}: {case.name} is marked {kind}; set hidden= right")
    marked = _marked(source.text)
    if marked != len(cases):
        raise UsageError(
            f"{source.label}: {marked} cases are written but otter sees {len(cases)}; "
            "give each function a name of its own"
        )
    return cases


@functools.lru_cache(maxsize=256)
def _marked(text: str) -> int:
    functions = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    decorators = (ast.unparse(mark) for function in functions for mark in function.decorator_list)
    return sum(mark.startswith("test_case(") for mark in decorators)


def _case(otter_case: Any) -> TestCase:
    function = otter_case.body.test_func
    name = function.__name__
    title = " ".join((inspect.getdoc(function) or name.replace("_", " ")).split())
    return TestCase(
        name=name,
        title=title,
        points=float(otter_case.points),
        hidden=bool(otter_case.hidden),
        hint=" ".join((otter_case.failure_message or "").split()),
        parameters=tuple(inspect.signature(function).parameters),
        function=function,
    )
