"""A student's modules, imported in this process; an error in one leaves the others alone."""

import contextlib
import importlib
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.errors import KitError
from kit.framework_noise import hushed
from kit.grading.judging.outcomes import Outcome, sentence
from kit.grading.results import Verdict
from kit.raised import described, place


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


def import_code(
    folder: Path, assignment: Assignment, wanted: Collection[str] | None = None
) -> Code:
    """Import the assignment's modules from `folder`, which becomes the first place to import from.

    A function is taken from the module it belongs to, else from any module that has it. Where only
    the functions `wanted` are needed, no module is imported that they do not take: a framework
    takes its time.
    """
    sys.path.insert(0, str(folder))
    for name in assignment.modules:
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    owners = assignment.owners
    sought = owners if wanted is None else {n: owners[n] for n in wanted if n in owners}
    code = Code(folder, {}, owners, {})
    modules: dict[str, Any] = {}
    first = [name for name in assignment.modules if name in sought.values()]
    for name in [*first, *(name for name in assignment.modules if name not in first)]:
        if name not in first and all(function in code.functions for function in sought):
            break
        found = _import(folder, name)
        if isinstance(found, Outcome):
            code.problems[name] = found
        else:
            modules[name] = found
        _bind(code, sought, modules)
    return code


def _bind(code: Code, sought: dict[str, str], modules: dict[str, Any]) -> None:
    for function, owner in sought.items():
        for module in (modules.get(owner), *modules.values()):
            if callable(getattr(module, function, None)):
                code.functions[function] = getattr(module, function)
                break


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
        with hushed():
            return importlib.import_module(name)
    except KeyboardInterrupt:
        raise Stopped(f"stopped by Ctrl-C while {name}.py was imported; nothing was run") from None
    except SyntaxError as error:
        where = f"{Path(error.filename or f'{name}.py').name}:{error.lineno}"
        return Outcome(Verdict.ERROR, sentence(f"{where}: {type(error).__name__}: {error.msg}"))
    except (Exception, SystemExit) as error:
        where = place(error, folder) or f"{name}.py"
        text = f"{where}: importing it raised {described(error)}"
        return Outcome(Verdict.ERROR, sentence(text))
