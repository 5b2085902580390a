"""The laws of a bank of written questions: it has a key that fits, and the reference agrees.

A report that answers the questions in its own source ticks what the key has.
"""

from collections.abc import Iterator

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.grading.written.answers import collect
from kit.grading.written.key import Key, load_key
from kit.paths import Workspace


def problems(workspace: Workspace, assignment: Assignment) -> Iterator[str]:
    """What breaks a law, a sentence each; nothing where there is no bank."""
    try:
        key = load_key(workspace, assignment)
    except UsageError as error:
        yield str(error)
        return
    if key is not None:
        yield from _report_problems(workspace, assignment, key)


def _report_problems(workspace: Workspace, assignment: Assignment, key: Key) -> Iterator[str]:
    folder = workspace.report_template(assignment.slug)
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.tex"))}
    told = collect(assignment, files)
    yield from (f"{folder / name}: {problem}" for name, problem in told.problems)
    for answer in told.answers:
        right = key.of(answer.question).right
        if answer.problem:
            yield f"{folder}: {answer.question}: {answer.problem}"
        elif answer.chosen and answer.chosen != right:
            ticked, wanted = ", ".join(answer.chosen), ", ".join(right)
            yield f"{answer.sources[0]}: {answer.question} ticks {ticked}; the key has {wanted}"
