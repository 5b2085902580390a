"""A student's modules, imported in this process; an error in one leaves the others alone."""

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.errors import KitError
from kit.grading.outcomes import Outcome, sentence
from kit.grading.results import Verdict


class Stopped(KitError):
    """The student pressed Ctrl-C."""

    exit_code = 130


@dataclass(frozen=True)
class Code:
    """The graded functions that could be found, and why a module's are not among them."""

    folder: Path
    functions: dict[str, Callable[..., Any]]
    owners: dict[str, str]
    problems: dict[str, Outcome]


def import_code(folder: Path, assignment: Assignment) -> Code:
    """Import the assignment's modules from `folder`, which becomes the first place to import from.

    A function is taken from the module it belongs to, else from any module that has it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # or TensorFlow prints pages at import
    sys.path.insert(0, str(folder))
    for name in assignment.modules:
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    modules, problems = {}, {}
    for name in assignment.modules:
        found = _import(folder, name)
        if isinstance(found, Outcome):
            problems[name] = found
        else:
            modules[name] = found
    graded = (name.partition(".") for question in assignment.questions for name in question.graded)
    owners = {function: module for module, _, function in graded}
    functions = {}
    for function, owner in owners.items():
        for module in (modules.get(owner), *modules.values()):
            if callable(getattr(module, function, None)):
                functions[function] = getattr(module, function)
                break
    return Code(folder, functions, owners, problems)


@contextlib.contextmanager
def imports_restored(modules: tuple[str, ...]) -> Iterator[None]:
    """Within this context a student's modules may be imported; after it they are forgotten."""
    path = list(sys.path)
    before = {name: sys.modules.get(name) for name in modules}
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def _import(folder: Path, name: str) -> Any:
    if not (folder / f"{name}.py").is_file():
        return Outcome(Verdict.MISSING, f"{name}.py is not in {folder}")
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise Stopped(f"stopped by Ctrl-C while {name}.py was imported") from None
    except SyntaxError as error:
        where = f"{Path(error.filename or f'{name}.py').name}:{error.lineno}"
        return Outcome(Verdict.ERROR, sentence(f"{where}: {type(error).__name__}: {error.msg}"))
    except (Exception, SystemExit) as error:
        where = place(error, folder) or f"{name}.py"
        text = f"{where}: importing it raised {described(error)}"
        return Outcome(Verdict.ERROR, sentence(text))


def described(error: BaseException) -> str:
    """An exception's type and text, whatever its own `__str__` does."""
    try:
        text = str(error)
    except BaseException:
        text = "(it has no text)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def place(error: BaseException, folder: Path) -> str:
    """`file.py:line` of the innermost line in `folder` that an exception passed; "" if none."""
    inside = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent == folder
    ]
    return f"{Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else ""
