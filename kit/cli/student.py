"""The verbs of a student: check, pack, experiment, report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.opening import FOLDER, PATH, assignment_argument, opened, terminal, verb
from kit.errors import KitError, UsageError

if TYPE_CHECKING:
    from kit.assignment import Assignment
    from kit.experiments.results import Results
    from kit.paths import Workspace


@verb()
@assignment_argument
@click.option("--code", type=FOLDER, help="The folder of your files; by default the released one.")
@click.option("-q", "--question", "questions", multiple=True, help="Only this question.")
def check(assignment: str | None, code: Path | None, questions: tuple[str, ...]) -> None:
    """Run the public tests on your files: a row per question.

    It ends with 1 where a test fails or an answer cannot be read; what is not written yet is no
    failure.
    """
    from kit.student import notebook, written
    from kit.student.check import check as run
    from kit.student.table import Progress, failed, render

    workspace, loaded = opened(assignment)
    console = terminal()
    folder = code or workspace.template(loaded.slug)
    with console.status("importing your files") as status:
        results = run(
            folder, loaded, questions, lambda question: status.update(f"running {question}")
        )
    render(results, console, loaded, Progress.of(folder, loaded))
    for sentence in notebook.remarks(folder, loaded, [result.id for result in results]):
        click.secho(f"note: {sentence}", fg="yellow")
    if loaded.written is not None and not questions:
        written.show(folder, loaded, console)
    if failed(results):
        click.get_current_context().exit(1)


@verb()
@assignment_argument
@click.option("--student", prompt="Your user name", help="Names the archive.")
@click.option("--code", type=FOLDER, help="The folder of your files; by default the released one.")
def pack(assignment: str | None, student: str, code: Path | None) -> None:
    """Make the archive to hand in, and say what is missing.

    It ends with 1 where a file is missing or cannot be used; the archive is made all the same.
    """
    from kit.student.pack import incomplete
    from kit.student.pack import pack as run

    workspace, loaded = opened(assignment)
    packed = run(code or workspace.template(loaded.slug), loaded, student)
    for sentence in packed.findings:
        click.secho(f"note: {sentence}", fg="yellow")
    if packed.missing or packed.problems:
        raise KitError(incomplete(packed, loaded))
    click.echo(f"{packed.path} is ready to hand in")


def run_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that decide which runs are meant."""
    options = (
        click.option("--config", help="The size: demo, quick or full."),
        click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override."),
        click.option("--part", help="Only this part of the assignment."),
        click.option("--code", type=FOLDER, help="Run the code in this folder."),
        click.option("--trust", is_flag=True, help="Allow --code to run, outside the jail."),
        click.option("--data", type=PATH, help="Where the data sets lie (or set KIT_DATA)."),
        click.option("--download", is_flag=True, help="Fetch a data set that is not there."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@verb()
@assignment_argument
@run_options
def experiment(assignment: str | None, config: str | None, **options: object) -> None:
    """Run the experiments; a finished run is reused, an interrupted one goes on."""
    workspace, loaded = opened(assignment)
    _show(_run(workspace, loaded.slug, config or "demo", options))


@verb()
@assignment_argument
@run_options
@click.option("--student", help="The author's name on the report.")
@click.option("-o", "--out", type=PATH, help="The folder to build in.")
def report(
    assignment: str | None,
    config: str | None,
    student: str | None,
    out: Path | None,
    **options: object,
) -> None:
    """Build the PDF report, from published facts or, with --config, from runs."""
    from kit.experiments.published import load_published
    from kit.reporting.build import build

    workspace, loaded = opened(assignment)
    slug = loaded.slug
    if config is None and not workspace.released:
        if idle := [name for name, value in options.items() if value]:
            option = {"overrides": "set"}.get(idle[0], idle[0])
            raise UsageError(
                f"--{option} is for runs: add --config, without which the report is "
                "built from published facts"
            )
        results, label = load_published(workspace, slug), "published"
    else:
        label = config or "demo"
        results = _run(workspace, slug, label, options)
    folder = out or workspace.work() / "reports" / slug / label
    if student is None and workspace.released:
        student = "your name, given with --student"
    built = build(workspace, slug, results, folder, student=student)
    for finding in built.findings:
        if finding.kind != "not run" or results.published:  # else said when it was left out
            click.secho(f"note: {finding}", fg="yellow")
    click.echo(f"{built.pdf} ({built.pages} pages)")
    if workspace.released:
        click.echo(_to_hand_in(workspace, loaded, results))


def _to_hand_in(workspace: Workspace, assignment: Assignment, results: Results) -> str:
    """How a built report becomes part of the hand-in."""
    from kit.reporting.build import stamp

    names = [file.name for file in assignment.handin.files if file.kind == "report"]
    if not names:
        return "this assignment asks for no report"
    copied = f"copy it to {workspace.root / names[0]}; `python -m kit pack` takes it from there"
    if stamp(results):
        return f"its pages say that they are no results: build it with --config full, then {copied}"
    return f"to hand it in, {copied}"


def _run(workspace: Workspace, slug: str, config: str, options: dict[str, object]) -> Results:
    from kit.experiments.experiment import run

    results = run(
        workspace,
        slug,
        config,
        options["overrides"],  # type: ignore[arg-type]
        part=options["part"],  # type: ignore[arg-type]
        code=options["code"],  # type: ignore[arg-type]
        trust=bool(options["trust"]),
        data_root=options["data"],  # type: ignore[arg-type]
        download=bool(options["download"]),
        console=terminal(),
    )
    if not results.parts:
        raise KitError(f"no part could be finished: {'; '.join(results.missing)}")
    return results


def _show(results: Results) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="Facts", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("fact", "value", "runs"):
        table.add_column(heading, overflow="fold")
    for name, fact in sorted(results.facts.items()):
        table.add_row(name, fact.text, str(fact.n))
    terminal().print(table)
    for sentence in results.missing:
        click.secho(f"note: {sentence}", fg="yellow")


STUDENT = (check, pack, experiment, report)
