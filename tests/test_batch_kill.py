"""A batch that is killed at any moment goes on where it was, to the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toy_course import Course, hand_in_many

import kit
from kit.assignment import Assignment
from kit.jail import available
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))


@pytest.mark.parametrize(
    ("submissions", "kills"), [(30, 3), pytest.param(200, 20, marks=pytest.mark.slow)]
)
def test_a_batch_killed_at_random_moments_ends_in_the_same_bytes(
    toy: Workspace, toy_assignment: Assignment, tmp_path: Path, submissions: int, kills: int
) -> None:
    """SIGKILL to the whole process group: the batch, its grading processes, their fork servers."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown where the test fails
    draw = random.Random(seed)
    course = Course(toy, toy_assignment, tmp_path)
    hand_in_many(course, submissions)
    killed = 0
    for moment in sorted([*(draw.randrange(submissions) for _ in range(kills - 1)), submissions]):
        delay = draw.uniform(0, 1) if moment < submissions else draw.uniform(0, 0.1)
        killed += killed_at(course, moment, delay)
    assert killed >= kills - 1  # the last one may be too late, when all is written
    summary = course.grade("killed")
    assert summary.fresh < submissions
    course.grade("whole")
    killed_bytes, whole = course.bytes_of("killed"), course.bytes_of("whole")
    assert killed_bytes.keys() == whole.keys()
    assert [name for name in whole if killed_bytes[name] != whole[name]] == []
    assert len(whole) == 4 * submissions + 2


def killed_at(course: Course, results: int, delay: float) -> bool:
    """Grade until there are so many results, and a little longer; whether it was still at work."""
    out = course.root / "killed"
    command = [sys.executable, "-m", "kit", "grade", course.assignment.slug]
    command += [str(course.submissions), "-o", str(out), "-j", "2", "--secret", str(course.secret)]
    running = subprocess.Popen(
        command,
        cwd=course.workspace.root,
        env={**os.environ, "PYTHONPATH": str(Path(kit.__file__).parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 600
        while running.poll() is None and time.monotonic() < deadline:
            if len(list((out / "results").glob("[!.]*.json"))) >= results:
                break
            time.sleep(0.02)
        time.sleep(delay)
        return running.poll() is None
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        wait_for_the_end_of(running.pid)


def wait_for_the_end_of(session: int) -> None:
    """Nothing of a killed batch lives on: neither a grading process nor a jailed one."""
    deadline = time.monotonic() + 20
    while left := members(session):
        assert time.monotonic() < deadline, f"still alive: {left}"
        time.sleep(0.05)


def members(session: int) -> list[str]:
    """The processes of a session, zombies apart."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, _, _, own = fields.split()[:4]
        if int(own) == session and state != "Z":
            found.append(name)
    return found
