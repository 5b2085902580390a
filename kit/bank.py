"""The public half of a bank of written questions: `autograder/<slug>/written.toml`.

Sections with their points, and questions that are answered by ticks or in words. It holds no
answer: the key is a file of its own (`kit.grading.written.key`). An unknown key, and a sum that
does not add up, is an error that names the line.
"""

import string
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.toml_table import Name, Table, read_table

Worth = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
LETTERS = string.ascii_lowercase


class Section(Table):
    """Questions under one heading, worth `points` together."""

    id: Name
    title: str
    points: Worth


class WrittenQuestion(Table):
    """A question; its options are lettered in their order. `shown` answers an example."""

    id: Name
    section: Name
    kind: Literal["single", "multiple", "text"]
    points: Worth
    text: str
    options: tuple[str, ...] = Field((), max_length=len(LETTERS))
    shown: tuple[str, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the options."""
        return tuple(LETTERS[: len(self.options)])

    @property
    def ticked(self) -> bool:
        """Whether it is answered by ticks, not in words."""
        return self.kind != "text"

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.ticked is not (len(self.options) >= 2):
            raise ValueError(f"a {self.kind} question has {len(self.options)} options")
        if strange := set(self.shown) - set(self.letters):
            raise ValueError(f"shown: there is no option {min(strange)}")
        if self.shown and self.points:
            raise ValueError("shown: an example that is answered is worth no points")
        return self


class Bank(Table):
    """All written questions of an assignment."""

    sections: tuple[Section, ...] = Field(alias="section", min_length=1)
    questions: tuple[WrittenQuestion, ...] = Field(alias="question", min_length=1)

    @property
    def points(self) -> float:
        """What all questions are worth together."""
        return sum(section.points for section in self.sections)

    @property
    def asked(self) -> tuple[WrittenQuestion, ...]:
        """The questions that a student answers: all but examples."""
        return tuple(question for question in self.questions if not question.shown)

    def get(self, identifier: str) -> WrittenQuestion | None:
        """The question of that id, if there is one."""
        return next((one for one in self.questions if one.id == identifier), None)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        sums = {section.id: 0.0 for section in self.sections}
        ids: set[str] = set()
        for number, question in enumerate(self.questions):
            if question.id in ids:
                raise ValueError(f"question.{number}.id: '{question.id}' is there twice")
            if question.section not in sums:
                raise ValueError(f"question.{number}.section: there is no such section")
            ids.add(question.id)
            sums[question.section] += question.points
        for number, section in enumerate(self.sections):
            if abs(section.points - sums[section.id]) > 1e-9:
                raise ValueError(
                    f"section.{number}.points: is {section.points:g}, but the questions of "
                    f"{section.id} add up to {sums[section.id]:g}"
                )
        return self


def load_bank(path: Path) -> Bank | None:
    """The bank at `path`; None where an assignment has no such file.

    Raises:
        UsageError: it is wrong; the message names the file, the line and the key.
    """
    return read_table(path, Bank) if path.is_file() else None
