"""The stamp of a self-test that found no broken law, and whether it is still about what is there.

It says what the laws depend on: the solution, the tests and mutants, the part of the engine that
judges, and the versions of what runs in the jail.
"""

import hashlib
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kit import paths
from kit.assignment import load
from kit.files import read_json, write_json
from kit.paths import Workspace

_ENGINE = ("authoring", "bridge", "grading", "jail", "testing")
_SUFFIXES = (".py", ".toml")
_PACKAGES = ("numpy", "otter-grader")
_OF = {"tensorflow": ("tensorflow", "keras"), "keras": ("tensorflow", "keras"), "torch": ("torch",)}


def file(workspace: Workspace, slug: str) -> Path:
    """Where the stamp of an assignment is."""
    return workspace.work() / "selftest" / f"{slug}.json"


def write(workspace: Workspace, slug: str) -> Path:
    """Say that the laws hold for what is there now."""
    return write_json(file(workspace, slug), {"slug": slug, "holds": _digest(workspace, slug)})


def remove(workspace: Workspace, slug: str) -> None:
    """Take it back: a law is broken."""
    file(workspace, slug).unlink(missing_ok=True)


def problem(workspace: Workspace, slug: str) -> str | None:
    """Why an assignment cannot be relied on, in a sentence; None if its stamp is fresh."""
    path = file(workspace, slug)
    command = f"run `python -m kit selftest {slug}`"
    if not path.is_file():
        return f"{slug} has passed no self-test: {command} first"
    if read_json(path).get("holds") != _digest(workspace, slug):
        return f"{slug} has changed since its self-test: {command} again"
    return None


def _digest(workspace: Workspace, slug: str) -> str:
    digest = hashlib.sha256()
    for part in _parts(workspace, slug):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(workspace: Workspace, slug: str) -> Iterator[bytes]:
    files = paths.engine_files(*_ENGINE)
    for root in (workspace.solution(slug), workspace.autograder(slug)):
        own = sorted(path for path in root.rglob("*") if path.suffix in _SUFFIXES)
        files |= {f"{root.parent.name}/{path.relative_to(root).as_posix()}": path for path in own}
    for name, path in files.items():
        yield name.encode()
        yield path.read_bytes()
    yield platform.python_version().encode()
    frameworks = load(slug, workspace).frameworks
    names = {package for one in frameworks for package in _OF.get(one, ())}
    for package in sorted({*_PACKAGES, *names}):
        yield f"{package} {_version(package)}".encode()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
