"""A toy course to grade: its workspace, its secret and a folder of submissions."""

import contextlib
import io
import shutil
import signal
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from kit.assignment import Assignment
from kit.grading.batch import batch
from kit.grading.batch.batch import BatchSummary
from kit.grading.batch.job import Job, Report, Task
from kit.grading.judging.worker import Grader
from kit.paths import Workspace

SECRET = b"0123456789abcdef-the-course-secret"


def interruptible() -> None:
    """Let a child be interrupted; what a shell starts in the background ignores interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Course:
    """The toy course: its workspace, its secret, and a class to hand in."""

    def __init__(self, workspace: Workspace, assignment: Assignment, root: Path) -> None:
        self.workspace, self.assignment, self.root = workspace, assignment, root
        self.solution = self.modules(workspace.solution(assignment.slug))
        self.template = self.modules(workspace.template(assignment.slug))
        self.secret = root / "secret"
        self.secret.write_bytes(SECRET)
        self.submissions = root / "submissions"
        self.submissions.mkdir()

    def modules(self, folder: Path) -> dict[str, bytes]:
        return {name: (folder / name).read_bytes() for name in ("vectors.py", "averages.py")}

    def hand_in(self, student: str, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            path = self.submissions / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def zip_in(self, name: str, files: dict[str, bytes]) -> None:
        with zipfile.ZipFile(self.submissions / name, "w") as archive:
            for member, data in files.items():
                archive.writestr(member, data)

    def grade(
        self, out: str = "out", console: Console | None = None, **options: Any
    ) -> BatchSummary:
        return batch.grade(
            self.workspace,
            self.assignment,
            self.submissions,
            self.root / out,
            console=console or Console(file=io.StringIO()),
            **{"jobs": 2, "secret": self.secret, **options},
        )

    @contextlib.contextmanager
    def kept_busy(self) -> Iterator[None]:
        """No batch ends soon while this lasts: the last submission sleeps for some seconds."""
        sleeper = self.submissions / "zoe"
        sleeper.mkdir()
        (sleeper / "vectors.py").write_text("import time\ntime.sleep(15)\n")
        try:
            yield
        finally:
            shutil.rmtree(sleeper)

    def bytes_of(self, out: str) -> dict[str, bytes]:
        root = self.root / out
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and path.name != "timings.json"
        }


class Recorder:
    """A grader in this very process, remembering which questions of whom it was asked to judge."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[str, ...]] = {}

    def __call__(
        self, job: Job, tasks: Iterable[Task], _processes: int
    ) -> Iterator[tuple[Task, Report]]:
        with contextlib.closing(Grader(job)) as grader:
            for task in tasks:
                self.asked[task.student] = task.questions
                yield task, grader.grade(task)


def hand_in_many(course: Course, count: int) -> None:
    """So many distinct submissions: solution, template and every mutant, again and again."""
    kinds = [course.solution, course.template, *_mutants(course)]
    for number in range(count):
        files = kinds[number % len(kinds)]
        mark = f"\n# handed in by number {number}\n".encode()
        course.hand_in(f"s{number:03}", {name: data + mark for name, data in files.items()})


def _mutants(course: Course) -> Iterator[dict[str, bytes]]:
    folder = course.workspace.autograder(course.assignment.slug) / "mutants"
    for module in ("vectors", "averages"):
        name = f"{module}.py"
        for edit in tomllib.loads((folder / f"{module}.toml").read_text())["mutant"]:
            source = course.solution[name].decode()
            if edit.get("find", "nothing to find") in source:
                wrong = source.replace(edit["find"], edit["replace"], 1)
                yield course.solution | {name: wrong.encode()}
