"""The tests with nothing around them: no jail, no bridge, no scoring; the student's code runs here.

python -m benchmarks.bare light work/light/student00.zip    # a fresh Python for one submission
"""

import importlib
import random
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.classes import SchoolClass, open_class
from kit.grading.judging.tests_on_disk import TestSet


class Bare:
    """Runs the test functions of an assignment on a submission's own functions."""

    def __init__(self, school: SchoolClass) -> None:
        self.assignment = school.assignment
        for name in school.assignment.preload:
            importlib.import_module(name)
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(1)
        self.tests = TestSet.load(school.workspace, school.assignment.slug)
        self.code = {s.label: compile(s.text, s.label, "exec") for s in self.tests.files}

    def points(self, path: Path) -> float:
        """The points of the submission in a zip."""
        functions = self._functions(path)
        total = 0.0
        with self.tests.importable_oracle():
            for hidden in (False, True):
                for question in self.assignment.questions:
                    files = [s for s in self.tests.of(question.id) if s.hidden is hidden]
                    seed(0)
                    total += sum(self._file(source.label, functions) for source in files)
        return total

    def _functions(self, path: Path) -> dict[str, Callable[..., Any]]:
        functions: dict[str, Callable[..., Any]] = {}
        for name in self.assignment.modules:
            sys.modules.pop(name, None)
        with zipfile.ZipFile(path) as archive:
            sources = {name.removesuffix(".py"): archive.read(name) for name in archive.namelist()}
        for name in self.assignment.modules:
            if name not in sources:
                continue
            module = types.ModuleType(name)
            sys.modules[name] = module
            try:
                exec(compile(sources[name], f"{name}.py", "exec"), vars(module))  # noqa: S102
            except Exception:
                sys.modules.pop(name)
            for function in self.assignment.functions:
                if hasattr(module, function):
                    functions.setdefault(function, getattr(module, function))
        return functions

    def _file(self, label: str, functions: dict[str, Callable[..., Any]]) -> float:
        namespace: dict[str, Any] = {}
        exec(self.code[label], namespace)  # noqa: S102
        cases = [one for one in namespace.values() if type(one).__name__ == "test_case"]
        return sum(_points(case, functions) for case in cases)


def _points(case: Any, functions: dict[str, Callable[..., Any]]) -> float:
    code = case.test_func.__code__
    try:
        case.test_func(*(functions[name] for name in code.co_varnames[: code.co_argcount]))
    except Exception:
        return 0.0
    return float(case.points)


def seed(number: int) -> None:
    """Seed what a student's code may draw from."""
    random.seed(number)
    np.random.seed(number)
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.manual_seed(number)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(number)


if __name__ == "__main__":
    submission = Path(sys.argv[2])
    print(Bare(open_class(sys.argv[1], submission.parent)).points(submission))  # noqa: T201
