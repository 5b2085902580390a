"""What a student hands in: the list of files in the manifest, and under which names they come."""

import re
import string
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.toml_table import Table

ModuleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class HandinFile(Table):
    """A file that a student hands in; `aliases` are further names (globs) it may come under.

    `packed_as` is the name under which it is handed in, such as "{student}_{number}.pdf".
    """

    name: str
    packed_as: str = ""
    kind: Literal["module", "report", "notebook", "answers", "other"] = "module"
    module: ModuleName | None = None
    required: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names it may come under, as globs."""
        packed = re.sub(r"\{\w*\}", "*", self.packed_as)
        return tuple(name for name in (self.name, *self.aliases, packed) if name)


ANSWERS = HandinFile(
    name="answers.toml",
    kind="answers",
    required=False,
    aliases=("answers.md", "*.tex", "*.ipynb"),
)


class Handin(Table):
    """What a student hands in: an archive's name pattern and the files in it.

    Where the course asks for a student number, `student_number` is the regular expression that it
    matches, and names may hold `{number}` as well as `{student}`.
    """

    archive: str = "{student}.zip"
    student_number: str = ""
    files: tuple[HandinFile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_can_be_made(self) -> Self:
        allowed = {"student", "number"} if self.student_number else {"student"}
        for name in (self.archive, *(file.packed_as for file in self.files)):
            try:
                used = {field for _, field, _, _ in string.Formatter().parse(name) if field}
                re.compile(self.student_number)
            except (ValueError, re.error) as error:
                raise ValueError(f"handin: {name!r} or student_number is wrong: {error}") from None
            if strange := used - allowed:
                raise ValueError(f"handin: {name!r} holds {{{min(strange)}}}, which is not known")
        return self
