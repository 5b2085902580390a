"""The implementation under experiment: the functions of the graded modules, as one namespace.

A module is loaded when a stage first uses a function of it, so that finding a finished run imports
no framework. Code from a folder that nobody vouches for is not loaded.
"""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.errors import KitError, UsageError
from kit.experiments.fingerprint import names_written
from kit.files import load_module
from kit.framework_noise import hushed
from kit.paths import Workspace
from kit.raised import described, place


class NotWrittenError(KitError):
    """A stage needs a function that the implementation does not have yet."""


class Implementation:
    """The names that the modules of a folder define, as attributes."""

    def __init__(self, folder: Path, modules: Sequence[str], *, ours: bool = False) -> None:
        """Read, without running them, which of `modules` in `folder` defines which name.

        `ours` says that it is the reference solution, whose faults are faults of the assignment.
        """
        self._folder = folder.resolve()
        self._ours = ours
        self._modules = tuple(modules)
        self._owners: dict[str, Path] = {}
        self._loaded: dict[Path, ModuleType] = {}
        for module in modules:
            path = self._folder / f"{module}.py"
            if path.is_file():
                self._owners |= dict.fromkeys(names_written(path), path)

    @property
    def owners(self) -> dict[str, Path]:
        """The file that defines each name."""
        return dict(self._owners)

    def fault(self, error: Exception) -> str:
        """What somebody else's code raised, and where; "" if it is not theirs to correct."""
        where = "" if self._ours else place(error, self._folder)
        return f"{described(error)} ({where})" if where else ""

    def __getattr__(self, name: str) -> Any:
        """The function `name`, from the module that defines it."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._owners:
            files = ", ".join(f"{module}.py" for module in self._modules)
            raise NotWrittenError(f"no function '{name}' in {files} of {self._folder}: write it")
        path = self._owners[name]
        if path not in self._loaded:
            with hushed():
                self._load(path)
        return getattr(self._loaded[path], name)

    def _load(self, path: Path) -> None:
        for module in self._modules:  # in order, so that one may import those before it
            other = path.with_name(f"{module}.py")
            if other.is_file() and other not in self._loaded:
                self._loaded[other] = load_module(other, module)
            if other == path:
                return


def find(
    workspace: Workspace, slug: str, modules: Sequence[str], code: Path | None, *, trust: bool
) -> Implementation:
    """The implementation in `code`; without one, the workspace's own.

    Raises:
        UsageError: the folder is not there, or holds code that is not trusted.
    """
    own = workspace.solution(slug)
    folder = own if code is None else code
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: name the one that holds {modules[0]}.py")
    trusted = trust or workspace.released or folder.resolve() == own.resolve()
    if not trusted:
        raise UsageError(
            f"{folder} holds code that would run as you, with your files: read it, then add --trust"
        )
    reference = not workspace.released and folder.resolve() == own.resolve()
    return Implementation(folder, modules, ours=reference)
