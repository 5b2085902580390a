"""A TOML file of the author's as a checked model: the manifest, a bank of questions, its key."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from kit.errors import UsageError
from kit.toml_lines import line_of

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Table(BaseModel):
    """A table of such a file: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def read_table(path: Path, model: type[Model], **more: Any) -> Model:
    """A TOML file as `model` describes it, with `more` that does not stand in the file.

    Raises:
        UsageError: it cannot be read or is wrong; the message names the file, the line and the key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeError as error:
        raise UsageError(f"{path} cannot be read as UTF-8 text ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    try:
        return model.model_validate({**more, **table})
    except ValidationError as error:
        raise UsageError(_first_problem(path, text, error)) from None


def read_entries(path: Path, model: type[Model], table: str) -> tuple[Model, ...]:
    """The entries `[[table]]` of a TOML file that holds nothing else.

    Raises:
        UsageError: as for `read_table`.
    """
    whole: Any = create_model("Entries", __base__=Table, **{table: (tuple[model, ...], ())})  # type: ignore[call-overload, valid-type]
    found: tuple[Model, ...] = getattr(read_table(path, whole), table)
    return found


def _first_problem(path: Path, text: str, error: ValidationError) -> str:
    problems: Any = error.errors(include_url=False)
    unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
    problem = (unknown or problems)[0]  # a misspelt key is missing, too: name the misspelling
    message = problem["msg"].removeprefix("Value error, ")
    named = message.split(":")[0].split(".")
    keys = problem["loc"] or tuple(int(key) if key.isdigit() else key for key in named)
    where = ".".join(str(key) for key in problem["loc"])
    if problem["type"] == "extra_forbidden":
        message = "this key is unknown"
    return f"{path}:{line_of(text, keys)}: {where + ': ' if where else ''}{message}"
