"""What `run_autograder` starts in Gradescope's container: it has a submission judged, and tells.

    python -m kit.grading.autograders.gradescope_run

A process of its own judges; this one holds the clock. It writes results.json anew, and whole, after
every question, so that whatever happens a valid one is there: what is not judged is open, and the
document says so. Gradescope's own time limit would leave a zero instead.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kit
from kit.assignment import Assignment, Question, load
from kit.errors import KitError
from kit.grading.autograders.gradescope_json import to_gradescope, write_document
from kit.grading.autograders.gradescope_place import STUDENT, Place, Settings
from kit.grading.judging.outcomes import broken
from kit.grading.marks.exact import shown
from kit.grading.marks.marks import counted, mark, overall_verdict
from kit.grading.results import CaseResult, QuestionResult, SubmissionResult
from kit.jail import confine

JUDGE = "kit.grading.autograders.gradescope_judge"
GRACE_SECONDS = 10.0  # for the judging process to end its jail
FIRST_TO_GO = "500"  # where memory is short, the kernel ends the judging process, not this one


class Desk:
    """The results so far, and the document made of them.

    Students read `reason`, so it is one of our sentences; what else is known of a fault is printed,
    where only the course staff sees it.
    """

    def __init__(self, assignment: Assignment, hidden: str) -> None:
        self.assignment, self.hidden = assignment, hidden
        self.reason = "the autograder was ended before it came to this"
        self._last: SubmissionResult | None = None
        self._questions: dict[str, QuestionResult] = {}

    def take(self, message: dict[str, str]) -> None:
        """Note what the judging process says: the result of a question, or why there is none."""
        if "failed" in message:
            self.reason = "the autograder could not judge this"
            tell(message["failed"])
            return
        self._last = SubmissionResult.from_json(message["result"], "a result of the judge")
        self._questions |= {question.id: question for question in self._last.questions}

    @property
    def result(self) -> SubmissionResult:
        """One result of all questions; those not judged are open, for `reason`."""
        last, questions = self._last, tuple(map(self._question, self.assignment.questions))
        if last is not None and not last.questions:  # the submission could not be read
            return last
        points, most = counted(self.assignment, {one.id: one.points for one in questions})
        return SubmissionResult(
            student=STUDENT,
            assignment=self.assignment.slug,
            verdict=overall_verdict(self.assignment, questions),
            points=points,
            max_points=most,
            questions=questions,
            findings=last.findings if last else (),
            tier=last.tier if last else "",
            seed_id=last.seed_id if last else "",
            submission_sha256=last.submission_sha256 if last else "",
            tests_sha256=last.tests_sha256 if last else "",
            kit_version=kit.__version__,
        )

    def _question(self, question: Question) -> QuestionResult:
        """Its result, or an open one."""
        name, title, most = question.id, question.title, question.points
        outcome = broken(self.reason)
        case = CaseResult("", title, None, most, False, outcome.verdict, outcome.message)
        unjudged = QuestionResult(name, title, None, most, outcome.verdict, (case,))
        return self._questions.get(name, unjudged)

    def document(self) -> dict[str, Any]:
        """The results.json of now."""
        result = self.result
        return to_gradescope(
            self.assignment, result, mark(self.assignment, result), hidden=self.hidden
        )


def run(place: Place, started: float) -> SubmissionResult:
    """Judge what lies in `place` and write its results; a fault leaves them open.

    Raises:
        KitError: what the zip held is damaged; nothing of the student's has run.
    """
    settings = Settings.read(place)
    desk = Desk(load(settings.slug, place.workspace), settings.hidden)
    try:
        check_closed(place)
        for message in judged(place, started + settings.seconds):
            desk.take(message)
            write_document(place.results, desk.document())
    except TimeoutError:
        desk.reason = f"there was no time left for it: grading may take {settings.seconds} seconds"
        tell("out of time; a longer limit on Gradescope needs a zip made with --minutes")
    except KitError as error:
        desk.take({"failed": str(error)})
    document = desk.document() | {"execution_time": round(time.monotonic() - started, 1)}
    write_document(place.results, document)
    return desk.result


def check_closed(place: Place) -> None:
    """Be sure that only this user can look into the folders of tests and results.

    Raises:
        KitError: somebody else could.
    """
    for folder in (place.source, place.results.parent):
        status = folder.lstat()
        if status.st_mode & 0o077 or status.st_uid != os.geteuid():
            raise KitError(
                f"{folder} is open to student code; start run_autograder, as root, which closes it"
            )


def judged(place: Place, until: float) -> Iterator[dict[str, str]]:
    """What the judging process says, line by line; it and all it started have ended afterwards.

    Raises:
        TimeoutError: it was still at work at `until`.
    """
    confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)  # whatever it leaves behind becomes our child
    reading, writing = os.pipe()
    command = [sys.executable, "-P", "-s", "-m", JUDGE, str(writing), str(place.root)]
    process = subprocess.Popen(command, pass_fds=[writing])
    os.close(writing)
    with contextlib.suppress(OSError):
        Path(f"/proc/{process.pid}/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")
    try:
        yield from map(json.loads, _lines(reading, until))
        if process.wait(GRACE_SECONDS):
            status = process.returncode
            yield {"failed": f"the judge ended with status {status}; -9 is a lack of memory"}
    finally:
        os.close(reading)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        process.kill()
        process.wait()
        end_children()


def _lines(pipe: int, until: float) -> Iterator[bytes]:
    rest = b""
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        if not (chunk := os.read(pipe, 1 << 16)):
            return
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    raise TimeoutError


def end_children() -> None:
    """Kill every child, and those that become ours by that, until there is none."""
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until:
        for task in Path("/proc/self/task").iterdir():
            for pid in (task / "children").read_text(encoding="ascii").split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def tell(text: str) -> None:
    """Say something to the course staff: Gradescope shows them what is printed."""
    print(text, flush=True)  # noqa: T201


def main() -> None:
    """Judge the submission in the container, and say what became of it."""
    started = time.monotonic()
    try:
        result = run(Place(), started)
    except KitError as error:
        tell(f"error: {error}")
        return
    points = "open" if result.points is None else shown(result.points)
    tell(
        f"{result.verdict.value}: {points} of {shown(result.max_points)}, tier {result.tier or '-'}"
    )


if __name__ == "__main__":
    main()
