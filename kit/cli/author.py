"""The verbs of an assignment's author: new, templates, selftest, sample."""

from __future__ import annotations

from pathlib import Path

import click

from kit.cli.opening import PATH, assignment_argument, named, opened, terminal, verb
from kit.errors import KitError


@verb()
@click.argument("slug")
def new(slug: str) -> None:
    """Write a minimal assignment that passes its laws."""
    from kit.authoring.scaffold import new as run
    from kit.paths import find_workspace

    for path in run(find_workspace(), slug):
        click.echo(path)


@verb()
@assignment_argument
@click.option("--check", is_flag=True, help="Change nothing; fail if something is out of date.")
def templates(assignment: str | None, check: bool) -> None:
    """Write student_templates/ and what else is generated, of one assignment or of all."""
    from kit.authoring import templates as made
    from kit.authoring import trusted_tests
    from kit.cli import commands_page
    from kit.paths import find_workspace

    workspace = find_workspace()
    slugs = named(workspace, assignment)
    if not check:
        written = [path for slug in slugs for path in made.write(workspace, slug)]
        written += [*trusted_tests.write(workspace), *commands_page.write(workspace)]
        for path in written:
            click.echo(path)
        return
    problems = [problem for slug in slugs for problem in made.check(workspace, slug)]
    problems += [*trusted_tests.check(workspace), *commands_page.check(workspace)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise KitError("what is generated is out of date: run `make templates`")


@verb()
@assignment_argument
@click.option("--only", help="Only the mutants with this in their name.")
@click.option("--runs", type=click.IntRange(1), help="Run the solution so often: a flake hunt.")
def selftest(assignment: str | None, only: str | None, runs: int | None) -> None:
    """Hold an assignment to its laws: solution, template, tests, mutants."""
    from kit.authoring.selftest import hunt
    from kit.authoring.selftest import selftest as run

    workspace, loaded = opened(assignment)
    console = terminal()
    if runs:
        problems = hunt(workspace, loaded.slug, console, runs)
    else:
        problems = run(workspace, loaded.slug, console, only)
    for problem in problems:
        click.secho(problem, fg="red")
    if runs and not problems:
        click.echo(f"{loaded.slug} passed its own tests in all of {runs} runs")
        return
    if problems:
        raise KitError(f"{loaded.slug} breaks its laws in {len(problems)} places")
    click.echo(f"{loaded.slug} keeps its laws")


@verb()
@assignment_argument
@click.option("-o", "--out", type=PATH, required=True, help="The folder for the submissions.")
def sample(assignment: str | None, out: Path) -> None:
    """Write the assignment's sample class."""
    from kit.authoring.samples import build

    workspace, loaded = opened(assignment)
    for path in build(workspace, loaded.slug, out):
        click.echo(path)


AUTHOR = (new, templates, selftest, sample)
