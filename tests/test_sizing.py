"""The sizing table of the instructor's page is that of the measured figures."""

import re
import subprocess
import sys
from typing import Any

import pytest

from benchmarks import sizing

LIGHT = {"cpu_seconds": 0.1, "startup_cpu_seconds": 2.0, "peak_memory_mb": 300}
FOUND: dict[str, Any] = {
    "machine": {"cpu": "a processor"},
    "light": {"ours": LIGHT},
    "a1": {"ours": LIGHT | {"cpu_seconds": 36.0}},
}
PASSED = {"per_second": 200, "command_cpu_ms": 2.0, "scheduler_cpu_ms": 5.0}


@pytest.mark.skipif(
    not (sizing.ROOT / "benchmarks" / "grading.json").exists(), reason="make bench writes it"
)
def test_the_table_is_made_from_todays_figures() -> None:
    command = [sys.executable, "-m", "benchmarks.sizing", "--check"]
    done = subprocess.run(command, cwd=sizing.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_times_follow_from_the_figures() -> None:
    (row,) = [line for line in sizing.text(FOUND, PASSED).splitlines() if "10,000" in line]
    cells = re.split(r" ?\| ?", row)[1:-1]
    assert cells[1:4] == ["17 min", "64 s", "52 s"]  # 1000 s of work, 1/16 of it, 200 a second
    assert cells[4:] == ["4.2 days", "6.3 h", "47 min"]


def test_only_the_table_changes_on_the_page() -> None:
    made, now = sizing.page(FOUND, PASSED), sizing.PAGE.read_text("utf-8")
    assert made.partition(sizing.BEGIN)[0] == now.partition(sizing.BEGIN)[0]
    assert made.partition(sizing.END)[2] == now.partition(sizing.END)[2] != ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(89, "89 s"), (90, "1.5 min"), (5399, "90 min"), (1e6, "12 days")]
)
def test_a_duration_is_in_the_unit_that_a_person_would_use(seconds: float, text: str) -> None:
    assert sizing._duration(seconds) == text
