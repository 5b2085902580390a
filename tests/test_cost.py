"""What keeps grading cheap: memory that is quick to fork, tests that are compiled once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.grading.judging.tests_on_disk import TestSet, TestSource, cases_of, parse

HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


SETTLED = """
import re
from pathlib import Path
from kit.jail import fork_server

held = [bytearray(b"x") * (64 << 20)]
fork_server.settle({"tier": "unconfined", "without": []})
lines = Path("/proc/self/smaps_rollup").read_text()
print(re.findall(r"AnonHugePages: +([0-9]+) kB", lines)[0])
"""


def test_what_children_inherit_lies_in_large_pages() -> None:
    if sys.platform != "linux" or not HUGE_PAGES.is_file() or "[always]" in HUGE_PAGES.read_text():
        pytest.skip("this kernel has no large pages, or makes all pages large by itself")
    if tuple(map(int, os.uname().release.split(".")[:2])) < (6, 1):
        pytest.skip("this kernel gathers pages into large ones in its own time")
    done = subprocess.run(
        [sys.executable, "-c", SETTLED], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 16 << 10


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
    with toy_tests.importable_oracle():
        first = sys.modules["oracle"]
    with toy_tests.importable_oracle():
        second = sys.modules["oracle"]
    assert first is not second
    assert first.window_means.__code__ is second.window_means.__code__
