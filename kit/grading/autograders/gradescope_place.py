"""Where things are in Gradescope's container, and what its autograder was told at packing."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.errors import KitError
from kit.files import read_json
from kit.paths import Workspace

AUTOGRADER = Path("/autograder")
VENV = "/opt/dl-assignment-kit/venv"  # not below the source, which student code must not reach
STUDENT = "submission"  # Gradescope knows whose it is; the grader need not


@dataclass(frozen=True)
class Place:
    """The folders that Gradescope lays out; `source` holds what the zip held."""

    root: Path = AUTOGRADER

    @property
    def source(self) -> Path:
        """The unpacked zip: engine, tests, secret."""
        return self.root / "source"

    @property
    def submission(self) -> Path:
        """What the student handed in."""
        return self.root / "submission"

    @property
    def results(self) -> Path:
        """The file that Gradescope reads."""
        return self.root / "results" / "results.json"

    @property
    def secret(self) -> Path:
        """The course's secret, as local grading has it."""
        return self.source / "secret"

    @property
    def workspace(self) -> Workspace:
        """The one assignment in the zip, in the shape of a course's repository."""
        return Workspace(self.source, released=False)


@dataclass(frozen=True)
class Settings:
    """Which assignment, how long grading may take, and when students see hidden tests."""

    slug: str
    seconds: int
    hidden: str

    def to_json(self) -> str:
        """These settings as a file's text."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def read(cls, place: Place) -> "Settings":
        """The settings in the zip.

        Raises:
            KitError: the file is not one that `to_json` wrote.
        """
        path = place.source / "settings.json"
        try:
            return cls(**read_json(path))
        except TypeError as error:
            raise KitError(f"{path} is damaged ({error}); upload the zip again") from None
