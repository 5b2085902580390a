"""The results of a batch on disk: one JSON per student, and what is needed to trust it again.

Beside each result lies a record of the keys it was made under and of its own hash: a result that
somebody has touched is made anew. Durations lie apart, so that results are byte-equal.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError, UsageError
from kit.files import read_json, sha256, write_json, write_text
from kit.grading.batch.keys import Keys
from kit.grading.intake.discover import refuse_inside
from kit.grading.results import SubmissionResult

FOLDERS = ("results", "feedback", "gradescope")


@dataclass(frozen=True)
class Store:
    """The folder of a batch; `write` is called as each submission is done."""

    out: Path

    @contextlib.contextmanager
    def held(self, submissions: Path, assignment: str) -> Iterator[None]:
        """Make the folder and keep it to this process; what a killed batch left half is removed.

        Raises:
            UsageError: it lies among the submissions, cannot be written to, holds results of
                another assignment, or another batch is at work in it.
        """
        refuse_inside(self.out, submissions)
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            raise UsageError(
                f"{self.out} cannot be written to ({error.strerror}); name another folder with -o"
            ) from None
        with _locked(self.out):
            self._sweep()
            self._refuse_others(assignment)
            yield

    def _refuse_others(self, assignment: str) -> None:
        """One result tells: a folder takes those of one assignment only."""
        for path in sorted((self.out / "results").glob("*.json")):
            try:
                own = read_json(path)["assignment"]
            except (KitError, LookupError, TypeError):
                continue  # it was cut short and is made anew
            if own != assignment:
                raise UsageError(
                    f"{self.out} holds results of {own}, such as {path.name}, and this is "
                    f"{assignment}; name another folder with -o"
                )
            return

    def students(self) -> set[str]:
        """Of whom there is a result or a page, now or from an earlier run."""
        results, pages = (
            (self.out / "results").glob("*.json"),
            (self.out / "feedback").glob("*.html"),
        )
        return {path.stem for path in (*results, *pages)}

    def _sweep(self) -> None:
        half_written = ".*.*.????????"  # the names that `kit.files` writes under
        for path in [
            *self.out.glob(half_written),
            *(p for name in FOLDERS for p in (self.out / name).rglob(half_written)),
        ]:
            path.unlink(missing_ok=True)

    def result_path(self, student: str) -> Path:
        """Where a student's result lies."""
        return self.out / "results" / f"{student}.json"

    def _key_path(self, student: str) -> Path:
        return self.out / "results" / ".keys" / f"{student}.json"

    def known(self, student: str) -> tuple[SubmissionResult, Keys] | None:
        """The stored result and its keys, if there is one and its file is as it was written."""
        path, keys = self.result_path(student), self._key_path(student)
        if not (path.is_file() and keys.is_file()):
            return None
        try:
            record = read_json(keys)
            data = path.read_bytes()
            if record["result"] != sha256(data):
                return None
            questions = dict(record["questions"])
            known = Keys(str(record["submission"]), questions, str(record["parcel"]))
            return SubmissionResult.from_json(data.decode(), str(path)), known
        except (KitError, OSError, LookupError, TypeError, ValueError):
            return None

    def write(self, result: SubmissionResult, keys: Keys | None) -> None:
        """Store a result; without keys it will be made anew."""
        text = result.to_json()
        self._key_path(result.student).unlink(missing_ok=True)
        write_text(self.result_path(result.student), text)
        if keys is not None:
            record = {
                "submission": keys.submission,
                "questions": keys.questions,
                "parcel": keys.parcel,
                "result": sha256(text.encode()),
            }
            write_json(self._key_path(result.student), record)

    def read(self, student: str) -> SubmissionResult | None:
        """The stored result, or None.

        Raises:
            KitError: the file is not one of this kit's.
        """
        path = self.result_path(student)
        if not path.is_file():
            return None
        return SubmissionResult.from_json(path.read_text(encoding="utf-8"), str(path))

    def add_timings(self, seconds: dict[str, float]) -> Path:
        """Write how long each submission took, beside what earlier runs measured."""
        path = self.out / "timings.json"
        before = read_json(path) if path.is_file() else {}
        rounded = {student: round(value, 2) for student, value in seconds.items()}
        return write_json(path, before | rounded)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, which ends with this process however that ends."""
    import fcntl  # not on Windows, where nothing is graded

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"another batch is at work in {folder}; wait for it, or name another folder with -o"
            ) from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(descriptor)
