"""The real pipeline over single submissions, and what surrounds it.

What is handed in is read, unpacked, judged through a jail and reported by the parts that a batch is
made of; only the jails are kept from one submission to the next, as a grading process does.

A `World` is what an attack would like to reach: the course with its tests and solutions, a folder
of results and a home, world-writable, so that nothing but the jail is in the way.
"""

import ctypes
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
from bait import Bait
from corpus import Case

from kit.assignment import Assignment, load
from kit.bridge.proxies import make_environment
from kit.grading.batch.job import Job, Kind, Task
from kit.grading.intake.archive import Bounds
from kit.grading.intake.discover import discover
from kit.grading.intake.parcel import gather
from kit.grading.judging.build import this_build
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.judging.worker import Grader
from kit.grading.results import SubmissionResult
from kit.jail import Jail
from kit.paths import Workspace

COURSE = Path(__file__).resolve().parent / "course"
SECRET = b"the secret of the hostile course"
PR_SET_CHILD_SUBREAPER = 36
SETTLING_SECONDS = 3.0
PLACE = "/var/tmp"  # a jail may have a /tmp of its own, which would hide it without being asked


class World:
    """A copy of the course, results of other students and a home, in a folder of their own."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="kit-course-", dir=PLACE))
        shutil.copytree(COURSE, self.root / "course")
        for name, text in {
            "results/ada.json": '{"points": 3}\n',
            "home/.netrc": "machine example.org login ada password canary\n",
            "submissions/ada/answers.py": "ANSWER = 'of another student'\n",
        }.items():
            path = self.root / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
        for path in (self.root, *self.root.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        self.home = self.root / "home"
        self._before = self._files()

    def changed(self) -> list[str]:
        """The files that are not what they were, gone, or new."""
        now = self._files()
        names = now.keys() | self._before.keys()
        return sorted(name for name in names if now.get(name) != self._before.get(name))

    def restore(self) -> None:
        """Make it again what it was."""
        for name in self.changed():
            path = self.root / name
            if name in self._before:
                path.write_bytes(self._before[name])
            else:
                path.unlink()

    def remove(self) -> None:
        """Take it away."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }


class Examiner:
    """Grades submissions of the hostile course in one tier, through one long-lived jail each."""

    def __init__(self, tier: str, without: frozenset[str] = frozenset()) -> None:
        self.tier, self.without = tier, without
        self._context = ExitStack()
        self._benches: dict[str, tuple[Job, Jail]] = {}

    def __enter__(self) -> Self:
        self._context.__enter__()
        self.bait = self._context.enter_context(Bait())  # a jail started later could inherit it
        self.world = World()
        self._context.callback(self.world.remove)
        self._context.enter_context(_home(self.world.home))
        adopt_orphans(True)
        self._context.callback(adopt_orphans, False)
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)  # type: ignore[arg-type]

    def grade(self, case: Case) -> SubmissionResult:
        """The result of a case of the corpus."""
        header = case.header
        self.world.restore()
        with self._beside(case) if header.beside else nullcontext():
            return self.grade_files(case.name, header.assignment, case.submission(), header.limits)

    def grade_honest(self, slug: str) -> SubmissionResult:
        """The result of the solution, as a submission."""
        source = COURSE / "solutions" / slug / "answers.py"
        return self.grade_files("honest", slug, {"answers.py": source.read_bytes()})

    def grade_files(
        self,
        student: str,
        slug: str,
        handed_in: bytes | dict[str, bytes],
        limits: Mapping[str, float] = MappingProxyType({}),
    ) -> SubmissionResult:
        """The result of what a student handed in, under the assignment's limits or these."""
        job, jail = self._bench(slug)
        job = _limited(job, limits)
        with tempfile.TemporaryDirectory(prefix="kit-handin-") as folder:
            (entry,) = discover(hand_in(Path(folder), student, handed_in))
            parcel = gather(entry, Bounds(total_bytes=job.assignment.limits.submission_mb << 20))
        grader = _Grader(job, jail)
        for _ in range(2):
            report = grader.grade(Task(parcel, job.questions))
            if report.kind is not Kind.LATE:
                break  # one that is late is done once more, as the batch does
        assert report.kind in (Kind.GRADED, Kind.LATE), report.text
        return SubmissionResult.from_json(report.text)

    def strays(self) -> int:
        """How many processes there are under this one beside those of the idle jails."""
        deadline = time.monotonic() + SETTLING_SECONDS
        while (found := len(_descendants())) > len(self._idle) and time.monotonic() < deadline:
            time.sleep(0.05)
        return max(0, found - len(self._idle))

    @contextmanager
    def _beside(self, case: Case) -> Iterator[None]:
        """Within this context the submission's code runs in another jail, too."""
        job, _ = self._bench(case.header.assignment)
        files, assignment = case.submission(), job.assignment
        with self._jail(assignment) as jail, jail.start(dict(files)) as session:  # type: ignore[arg-type]
            session.load(list(assignment.modules))
            make_environment(session, ["softmax"])["softmax"](np.zeros(3))
            yield

    def _bench(self, slug: str) -> tuple[Job, Jail]:
        if slug not in self._benches:
            workspace = Workspace(self.world.root / "course", released=False)
            assignment, tests = load(slug, workspace), TestSet.load(workspace, slug)
            job = Job(assignment, assignment, tests, SECRET, self.tier, this_build())
            jail = self._jail(assignment)
            self._benches[slug] = job, self._context.enter_context(jail)
            time.sleep(0.2)  # the child of the self-check is reaped
            self._idle = _descendants()
        return self._benches[slug]

    def _jail(self, assignment: Assignment) -> Jail:
        return Jail(assignment.preload, assignment.limits, tier=self.tier, without=self.without)


class _Grader(Grader):
    """A grader on a jail that is there already."""

    def __init__(self, job: Job, jail: Jail) -> None:
        super().__init__(job)
        self._jail = jail


def _limited(job: Job, limits: Mapping[str, float]) -> Job:
    """The job with some limits changed.

    Raises:
        ValueError: there is no limit of that name.
    """
    own = job.assignment.limits
    changed = type(own).model_validate({**own.model_dump(), **limits})
    return replace(job, assignment=job.assignment.model_copy(update={"limits": changed}))


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Within this context the home is another one."""
    before = os.environ.get("HOME")
    os.environ["HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["HOME"]
        else:
            os.environ["HOME"] = before


def hand_in(folder: Path, student: str, handed_in: bytes | dict[str, bytes]) -> Path:
    """Put a submission into the folder of a class, which is returned."""
    folder.mkdir(exist_ok=True)
    if isinstance(handed_in, bytes):
        (folder / f"{student}.zip").write_bytes(handed_in)
        return folder
    for name, data in handed_in.items():
        path = folder / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def adopt_orphans(yes: bool) -> None:
    """Whether a process below this one that loses its parent becomes a child of this one."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0)


STATUS = re.compile(r"\) (\w) (\d+)")


def _descendants() -> set[int]:
    """Every living process under this one, however deep."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found = STATUS.search((entry / "stat").read_text(errors="replace"))
            except OSError:
                continue
            if found and found[1] not in "ZX":
                children.setdefault(int(found[2]), []).append(int(entry.name))
    below: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        fresh = [pid for pid in children.get(waiting.pop(), []) if pid not in below]
        below.update(fresh)
        waiting += fresh
    return below
