"""What a report's LaTeX sources ask for: facts, claims, parts, tables and figures, with file:line.

Read before TeX runs, so that an unknown name is one sentence and not a page of log. Only the
commands of kit.sty are understood; a name built by a macro (`#1`) is left to TeX.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import BuildError
from kit.reporting.findings import place

COMMANDS = {
    "res": "fact",
    "resunit": "fact",
    "resvalue": "fact",
    "resn": "fact",
    "claim": "claim",
    "whether": "condition",
    "kittable": "table",
    "kitfigure": "figure",
}
USE = re.compile(r"\\(" + "|".join(COMMANDS) + r")\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
INCLUDE = re.compile(r"\\(inputpart|input)\s*\{([^{}]*)\}")
OPTIONAL = re.compile(r"\\ifpart\s*\{([^{}]*)\}\s*\{")
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")


@dataclass(frozen=True)
class Use:
    """One use of a name: `kind` is fact, claim, condition, table or figure."""

    kind: str
    name: str
    file: Path
    line: int


def read(path: Path) -> str:
    """The text of a LaTeX source.

    Raises:
        BuildError: it is missing or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BuildError(f"{path} is not UTF-8 text; save it with that encoding") from None


def without_comments(text: str) -> str:
    """The same lines with every comment blanked."""
    return COMMENT.sub(r"\1", text)


def closing_brace(text: str, start: int) -> int:
    """The index of the brace that closes the group whose inside begins at `start`; else the end."""
    depth, escaped = 1, False
    for index in range(start, len(text)):
        character = text[index]
        if not escaped and character in "{}":
            depth += 1 if character == "{" else -1
            if not depth:
                return index
        escaped = character == "\\" and not escaped
    return len(text)


def _without_absent_parts(text: str, parts: Collection[str]) -> str:
    position = 0
    while match := OPTIONAL.search(text, position):
        position = match.end()
        if match[1] not in parts:
            end = closing_brace(text, position)
            kept = "\n" * text.count("\n", position, end)
            text = text[:position] + kept + text[end:]
    return text


def uses(main: Path, parts: Collection[str]) -> Iterator[Use]:
    """Every use of a name in `main` and in the files beside it that it inputs, in reading order."""
    waiting, seen = [main], {main}
    while waiting:
        path = waiting.pop(0)
        text = _without_absent_parts(without_comments(read(path)), parts)
        for match in USE.finditer(text):
            if "#" not in match[2]:
                line = text.count("\n", 0, match.start()) + 1
                yield Use(COMMANDS[match[1]], match[2].strip(), path, line)
        for included in _included(path, text, parts):
            if included not in seen:
                seen.add(included)
                waiting.append(included)


def _included(path: Path, text: str, parts: Collection[str]) -> Iterator[Path]:
    for match in INCLUDE.finditer(text):
        name = match[2].strip()
        if match[1] == "inputpart" and name not in parts:
            continue
        file = path.parent / (name if name.endswith(".tex") else f"{name}.tex")
        if file.is_file():
            yield file
        elif match[1] == "inputpart":
            line = text.count("\n", 0, match.start()) + 1
            raise BuildError(
                f"{place(path, line)}: \\inputpart{{{name}}} needs {file.name} beside it"
            )


def check(main: Path, parts: Collection[str], known: Mapping[str, Collection[str]]) -> list[Use]:
    """Every use in the report, after checking that `known` has each name under its kind.

    Raises:
        BuildError: a name is unknown; the sentence names the file, the line and a near name.
    """
    found = list(uses(main, parts))
    for use in found:
        if use.name not in known[use.kind]:
            near = difflib.get_close_matches(use.name, known[use.kind], n=1, cutoff=0.5)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise BuildError(
                f"{place(use.file, use.line)}: there is no {use.kind} '{use.name}' "
                f"in these results{hint}"
            )
    return found
