"""Fixtures shared by the tests: the toy assignment, and one jail for the whole session."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from kit.assignment import Assignment, load
from kit.grading.judging.tests_on_disk import TestSet
from kit.jail import Jail, available
from kit.paths import Workspace

collect_ignore = ["toy"]  # a test_public.py in there is a student's, not ours

TOY = "t1_toy"


def pytest_sessionstart() -> None:
    """Where CI runs, nothing is skipped for want of isolation: that would be green and empty."""
    reason = available()
    if reason is not None and os.environ.get("CI"):
        pytest.exit(f"CI needs the jail: {reason}", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share what they set up, so they stay together; an assignment's laws do, too.

    The laws of one assignment take long and need nothing of another's.
    """
    for item in items:
        parameters = getattr(item, "callspec", None)
        laws = item.path.name == "test_laws.py" and parameters is not None
        group = parameters.params["slug"] if laws else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def toy() -> Workspace:
    """The workspace of the toy assignment, in the four-folder shape."""
    return Workspace(Path(__file__).parent / "toy", released=False)


@pytest.fixture(scope="session")
def stamped_toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the toy course that has passed its self-test; not to be changed, but copied."""
    if (reason := available()) is not None:
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    root = tmp_path_factory.mktemp("stamped") / "course"
    tests = Path(__file__).parent
    shutil.copytree(tests / "toy", root, ignore=shutil.ignore_patterns("__pycache__", "work"))
    styles = root / "report_templates" / "styles"
    shutil.copytree(tests.parent / "report_templates" / "styles", styles)
    shutil.copytree(styles / "ieee", styles / "single", dirs_exist_ok=True)
    assert selftest(Workspace(root, released=False), TOY, Console(quiet=True)) == []
    return root


@pytest.fixture(scope="session")
def toy_assignment(toy: Workspace) -> Assignment:
    return load(TOY, toy)


@pytest.fixture(scope="session")
def toy_tests(toy: Workspace) -> TestSet:
    return TestSet.load(toy, TOY)


@pytest.fixture(scope="session")
def jail(toy_assignment: Assignment) -> Iterator[Jail]:
    """A jail with NumPy; a machine that cannot have one skips the test and says why."""
    reason = available()
    if reason is not None:
        pytest.skip(reason)
    with Jail(toy_assignment.preload, toy_assignment.limits) as running:
        yield running


def sources(folder: Path) -> dict[str, bytes]:
    """The Python modules directly in `folder`, as a submission."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


@pytest.fixture(scope="session")
def toy_solution(toy: Workspace) -> dict[str, bytes]:
    """The toy's reference solution as a submission."""
    return sources(toy.solution(TOY))


@pytest.fixture(scope="session")
def toy_template(toy: Workspace) -> dict[str, bytes]:
    """The toy's untouched template as a submission."""
    return {n: d for n, d in sources(toy.template(TOY)).items() if n != "test_public.py"}
