"""What keeps grading cheap: memory that is quick to fork, tests that are compiled once."""

import re
from pathlib import Path

import pytest

from kit.grading.tests_on_disk import TestSet, TestSource, cases_of, parse
from kit.jail import Jail

HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def parent_of(pid: int) -> int:
    return int(re.findall(r"^PPid:\s+(\d+)$", Path(f"/proc/{pid}/status").read_text(), re.M)[0])


def test_children_inherit_memory_in_large_pages(jail: Jail) -> None:
    if not HUGE_PAGES.is_file() or "[never]" in HUGE_PAGES.read_text():
        pytest.skip("this kernel has no large pages for a process's own memory")
    with jail.start({}) as session:
        fork_server = parent_of(parent_of(session._channel._cell.pid))
        try:
            lines = Path(f"/proc/{fork_server}/smaps_rollup").read_text()
        except PermissionError:
            pytest.skip("this user may not look at the memory of the fork server")
    (held,) = re.findall(r"^AnonHugePages: +(\d+) kB$", lines, re.MULTILINE)
    assert int(held) > 0


def test_a_test_file_is_compiled_once_and_executed_each_time() -> None:
    text = (
        "from otter.test_files import test_case\n"
        'OK_FORMAT = False\nname = "q1"\npoints = None\nseen = []\n\n'
        "@test_case(points=1, hidden=False)\n"
        "def test_one(f):\n    seen.append(f)\n"
    )
    source = TestSource("q1", False, "public/q1.py", text)
    first, second = (cases_of(source, parse(source))[0].function for _ in range(2))
    assert first.__code__ is second.__code__
    first(1)
    assert (first.__globals__["seen"], second.__globals__["seen"]) == ([1], [])


def test_the_oracle_is_executed_each_time(toy_tests: TestSet) -> None:
    import sys

    with toy_tests.importable_oracle():
        first = sys.modules["oracle"]
    with toy_tests.importable_oracle():
        second = sys.modules["oracle"]
    assert first is not second
    assert first.window_means.__code__ is second.window_means.__code__
