"""The corpus: each file in deny/, allow/ and support/ is one submission, described by its header.

    # Returns an object that is equal to everything.
    #
    # verdict = "FAIL"
    # points = { q1 = 0, q2 = 1 }

A sentence, an empty comment line, then TOML, all in comments. An unknown key is an error. The file
is the submission's `answers.py`; with `build = true` it is a trusted script instead, and what its
`submission()` returns is handed in: the bytes of a zip, or files by their names.
"""

import runpy
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

HERE = Path(__file__).resolve().parent
KINDS = ("deny", "allow", "support")
TIERS = ("namespaces", "separate-uid", "landlock", "unconfined")
GRADERS = ("otter", "unittest", "pytest", "status", "star", "stdout", "notebook", "pickle")

Tier = Literal["namespaces", "separate-uid", "landlock", "unconfined"]
Grader = Literal["otter", "unittest", "pytest", "status", "star", "stdout", "notebook", "pickle"]
Points = dict[str, Annotated[float, Field(ge=0)]]
Mechanisms = tuple[tuple[str, ...], ...]


class Table(BaseModel):
    """A table of a header: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outcome(Table):
    """What the grader should make of a submission; `points` of every question that is judged."""

    verdict: str | tuple[str, ...]
    points: Points

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts that are right, mostly one."""
        return (self.verdict,) if isinstance(self.verdict, str) else self.verdict


class Difference(Outcome):
    """What is otherwise in one tier, and why that must be."""

    reason: str = Field(min_length=10)
    leans_on: Mechanisms = ()


class Header(Outcome):
    """A file's header.

    Attributes:
        assignment: the one of `course` that it is handed in for.
        tiers: where the case can be run; by default everywhere.
        leans_on: sets of the jail's mechanisms; without any one of these sets it gets through.
        forges: in-process graders that give it a point for a wrong answer.
        tier: by tier, what is different there.
        findings: kinds of findings that a person must be shown.
        limits: limits of the assignment's manifest that are otherwise for this case.
        repeat: how often it is graded, in fresh processes of one jail, to the same result.
        beside: while it is graded, another process of the same code lives in another jail.
        pinned: no jail stops it: a residual that `docs/security.md` names.
        build: the file is a script that makes the submission.
        slow: it takes more than a few seconds.
    """

    assignment: Literal["h1_softmax", "h2_torch"] = "h1_softmax"
    tiers: tuple[Tier, ...] = TIERS
    leans_on: Mechanisms = ()
    forges: tuple[Grader, ...] = ()
    tier: dict[Tier, Difference] = {}
    findings: tuple[str, ...] = ()
    limits: dict[str, float] = {}
    repeat: int = Field(1, ge=1)
    beside: bool = False
    pinned: bool = False
    build: bool = False
    slow: bool = False


class Case:
    """One file of the corpus."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kind = path.parent.name
        self.name = path.stem
        self.about, self.header = read_header(path)

    @property
    def identifier(self) -> str:
        """The class it belongs to, as T05 for T05b_tensor; its name where it has none."""
        head = self.name.partition("_")[0]
        return head[:3] if head[1:3].isdigit() else self.name

    def expected(self, tier: str) -> Outcome:
        """What should come out in this tier."""
        return self.header.tier.get(tier, self.header)  # type: ignore[call-overload]

    def leans_on(self, tier: str) -> Mechanisms:
        """The sets of mechanisms that hold it in this tier."""
        different = self.header.tier.get(tier)  # type: ignore[call-overload]
        return (different.leans_on if different else ()) or self.header.leans_on

    def submission(self) -> bytes | dict[str, bytes]:
        """What is handed in: the bytes of a zip, or files by their names."""
        if not self.header.build:
            return {"answers.py": self.path.read_bytes()}
        made = runpy.run_path(str(self.path))["submission"]()
        return made if isinstance(made, bytes) else dict(made)

    def __repr__(self) -> str:
        return f"{self.kind}/{self.name}"


def read_header(path: Path) -> tuple[str, Header]:
    """The sentence and the header of a file.

    Raises:
        ValueError: it has none, or one that is not right; the message names the file.
    """
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[1:].removeprefix(" ").rstrip())
    if "" not in lines or not lines[0]:
        raise ValueError(f"{path} has no header: a sentence, an empty comment line, TOML lines")
    split = lines.index("")
    try:
        table = tomllib.loads("\n".join(lines[split:]))
        return " ".join(lines[:split]), Header.model_validate(table)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"the header of {path} is not right: {error}") from None


def cases() -> list[Case]:
    """The whole corpus, by kind and name."""
    return [Case(path) for kind in KINDS for path in sorted((HERE / kind).glob("*.py"))]
