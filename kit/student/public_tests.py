"""The public tests in a student's folder, parsed, and which functions each case is about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.assignment import Assignment
from kit.errors import KitError
from kit.grading.judging.tests_on_disk import TestCase, TestSet, TestSource, cases_of, parse
from kit.paths import find_workspace
from kit.raised import described


def public(folder: Path, assignment: Assignment) -> tuple[TestSource, ...]:
    """The public test files.

    Raises:
        KitError: there are none.
    """
    workspace = find_workspace(folder)
    tests = TestSet.load(workspace, assignment.slug)
    files = tuple(source for source in tests.files if not source.hidden)
    if not files:
        where = workspace.public_tests(assignment.slug)
        raise KitError(f"{where} holds no tests: unpack the folder you were given once more")
    return files


def parsed(source: TestSource) -> tuple[Any, tuple[TestCase, ...]]:
    """Otter's reading of a test file, and its cases.

    Raises:
        KitError: it cannot be read.
    """
    try:
        file = parse(source)
        return file, cases_of(source, file)
    except KitError:
        raise
    except Exception as error:
        raise KitError(
            f"the test file {source.label} cannot be read ({described(error)}): unpack the folder "
            "you were given once more, and tell the course if that does not help"
        ) from error


def asked(folder: Path, assignment: Assignment) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The functions that each case takes, by its question and its own name."""
    return {
        (source.question, case.name): case.parameters
        for source in public(folder, assignment)
        for case in parsed(source)[1]
    }
