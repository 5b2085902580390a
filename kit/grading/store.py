"""The results of a batch on disk: one JSON per student, and what is needed to trust it again.

A stored result is used again only if its key is the same and nobody has touched the file. The key
covers the submission, the tests, the manifest, the grader's own code, the versions of the
frameworks, the seed and the isolation tier. Durations lie apart, so that results are byte-equal.
"""

import importlib.metadata
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import kit
from kit.assignment import Assignment
from kit.errors import KitError, UsageError
from kit.files import read_json, sha256, write_json, write_text
from kit.grading.results import SubmissionResult, Verdict
from kit.grading.tests_on_disk import TestSet

CODE = ("testing", "bridge", "jail", "grading")  # what of the engine makes a result
PACKAGES = ("numpy", "tensorflow", "keras", "torch", "otter-grader")


@dataclass(frozen=True)
class Store:
    """The folder of a batch; `write` is called as each submission is done."""

    out: Path

    def prepare(self, submissions: Path) -> None:
        """Make the folder, and be sure that results can be kept in it.

        Raises:
            UsageError: it lies among the submissions, or cannot be written to.
        """
        if self.out.resolve().is_relative_to(submissions.resolve()):
            raise UsageError(
                f"{self.out} lies in the folder of the submissions, where it would be graded as "
                "one of them; name a folder outside with -o"
            )
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            raise UsageError(
                f"{self.out} cannot be written to ({error.strerror}); name another folder with -o"
            ) from None

    def result_path(self, student: str) -> Path:
        """Where a student's result lies."""
        return self.out / "results" / f"{student}.json"

    def _key_path(self, student: str) -> Path:
        return self.out / "results" / ".keys" / f"{student}.json"

    def known_key(self, student: str) -> str | None:
        """The key of the stored result, if there is one and its file is as it was written."""
        path, keys = self.result_path(student), self._key_path(student)
        if not (path.is_file() and keys.is_file()):
            return None
        try:
            record = read_json(keys)
            intact = record["result"] == sha256(path.read_bytes())
            return str(record["key"]) if intact else None
        except (KitError, OSError, KeyError, TypeError):
            return None

    def write(self, result: SubmissionResult, key: str | None) -> None:
        """Store a result; without a key, or where the grader failed, it will be made anew."""
        text = result.to_json()
        self._key_path(result.student).unlink(missing_ok=True)
        write_text(self.result_path(result.student), text)
        if key and result.verdict is not Verdict.GRADER_ERROR:
            record = {"key": key, "result": sha256(text.encode())}
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


def grading_context(
    assignment: Assignment, tests: TestSet, seed_id: str, questions: Sequence[str] | None
) -> str:
    """A hash of all that a result depends on besides the submission and the isolation tier."""
    parts = {
        "manifest": assignment.model_dump(mode="json"),
        "tests": tests.sha256,
        "kit": kit.__version__,
        "code": _code_hash(),
        "versions": {name: _version(name) for name in PACKAGES},
        "seed": seed_id,
        "questions": list(questions or ()),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode())


def _code_hash() -> str:
    root = Path(kit.__file__).parent
    files = [path for part in CODE for path in (root / part, *(root / part).rglob("*.py"))]
    lines = [f"{p.relative_to(root)} {sha256(p.read_bytes())}" for p in files if p.is_file()]
    return sha256("\n".join(sorted(lines)).encode())


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
