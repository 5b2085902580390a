"""The hand-in as a manifest describes it: which files, under which names, and which not."""

import fnmatch
import re
from typing import Literal, Self

from pydantic import Field, model_validator

from kit.toml_table import Name, Table


class HandinFile(Table):
    """A file that a student hands in; `aliases` are further names (globs) it may come under.

    `packed_as` is its name in the archive, such as "{student}.pdf", if that is another. A module
    with `notebook` may also come as a notebook of the same names.
    """

    name: str
    packed_as: str = ""
    kind: Literal["module", "report", "notebook", "answers", "other"] = "module"
    module: Name | None = None
    required: bool = True
    notebook: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names that the course asks for, as globs, the plain one first."""
        packed = re.sub(r"\{\w*\}", "*", self.packed_as)
        names = [name for name in (self.name, packed) if name]
        return (*names, *(as_notebook(name) for name in names if self.notebook))

    def is_asked_for(self, path: str) -> bool:
        """Whether the file at `path` has a name that the course asks for, letter by letter."""
        base = path.rpartition("/")[2]
        return any(fnmatch.fnmatchcase(base, name) for name in self.own_names)

    @property
    def names(self) -> tuple[str, ...]:
        """The names it may come under, as globs."""
        return (*self.own_names, *self.aliases)


def as_notebook(name: str) -> str:
    """The name of a Python file as that of a notebook."""
    return f"{name.removesuffix('.py')}.ipynb"


def matches(path: str, globs: tuple[str, ...]) -> bool:
    """Whether the file at `path` has one of these names, upper and lower case being one."""
    base = path.rpartition("/")[2].casefold()
    return any(fnmatch.fnmatchcase(base, glob.casefold()) for glob in globs)


def is_pdf(data: bytes) -> bool:
    """Whether these bytes are a PDF, whatever the name of their file says."""
    return b"%PDF" in data[:1024]


ANSWERS = HandinFile(
    name="answers.toml",
    kind="answers",
    required=False,
    aliases=("answers.md", "*.tex", "*.ipynb"),
)


class Handin(Table):
    """What a student hands in: an archive's name pattern and the files in it.

    Where names must have a form, `student` is a regular expression for it and `example` one that
    has it. `refused` are names (globs) of files that are not accepted, such as "*.docx"; with
    `only_listed` no source file is accepted but those of the list.
    """

    archive: str = "{student}.zip"
    student: str = ""
    example: str = ""
    refused: tuple[str, ...] = ()
    only_listed: bool = False
    files: tuple[HandinFile, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _shows_the_form(self) -> Self:
        try:
            shown = re.fullmatch(self.student, self.example)
        except re.error as error:
            raise ValueError(f"student: is no regular expression: {error}") from None
        if self.student and not shown:
            raise ValueError(f"example: '{self.example}' does not have the form of `student`")
        return self

    @model_validator(mode="after")
    def _names_only_the_student(self) -> Self:
        for name in (self.archive, *(file.packed_as for file in self.files)):
            if set("{}") & set(name.replace("{student}", "")):
                raise ValueError(f"'{name}' may hold {{student}} and no other braces")
        return self

    def refuses(self, path: str) -> bool:
        """Whether the file at `path` is of a kind that is not accepted."""
        return matches(path, self.refused)
