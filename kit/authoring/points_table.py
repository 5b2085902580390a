"""The table of questions and points in a handout, made from the manifest and from nothing else.

A handout says where it goes by a line `<!-- points table -->`; the commands of every assignment
are added by `<!-- commands -->`, or at the end of a handout without that line.
"""

import re
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import UsageError

_TABLE = re.compile(
    r"^<!-- points table -->$(?:.*?^<!-- end of the points table -->$)?", re.MULTILINE | re.DOTALL
)
_COMMANDS = "<!-- commands -->"
_COMMANDS_SECTION = """\
## Commands

In this folder, after `python -m pip install -r requirements.txt`:

| command | what it does |
|---|---|
| `python -m kit check` | runs the public tests on your code, question by question |
| `python -m kit experiment --config demo` | runs the experiments on your code, small |
| `python -m kit report` | fills the report with the results of your experiments |
| `python -m kit pack` | makes the archive to hand in, and says what is missing from it |

`python -m pytest` and the notebook's `grader.check("q1")` run the same public tests. A function
that still raises `NotImplementedError` counts as not attempted, which is no error."""


def handout(text: str, assignment: Assignment, path: Path) -> str:
    """The handout `text` of `path` with its generated parts filled in.

    Raises:
        UsageError: it has no line for the points table.
    """
    block = f"<!-- points table -->\n\n{table(assignment)}\n\n<!-- end of the points table -->"
    filled, count = _TABLE.subn(lambda _: block, text)
    if count != 1:
        raise UsageError(
            f"{path} has {count} lines `<!-- points table -->`; it needs exactly one, where the "
            "table of questions goes"
        )
    if _COMMANDS in filled:
        return filled.replace(_COMMANDS, _COMMANDS_SECTION)
    return f"{filled.rstrip()}\n\n{_COMMANDS_SECTION}\n"


def table(assignment: Assignment) -> str:
    """The questions, what they ask for, and their points, as a Markdown table."""
    rows = ["| question | functions | points |", "|---|---|---:|"]
    for question in assignment.questions:
        functions = ", ".join(f"`{name}`" for name in question.graded)
        group = f" ({question.group})" if question.group else ""
        rows.append(
            f"| {question.id}{group}: {question.title} | {functions} | {question.points:g} |"
        )
    rows += [
        f"| **{component}** | | **{points:g}** |"
        for component, points in assignment.components.items()
        if points
    ]
    lines = ["\n".join(rows)]
    for choice in assignment.choices:
        groups = " and ".join(choice.groups)
        lines.append(f"{choice.title}: of {groups}, the better one counts.")
    return "\n\n".join(lines)
