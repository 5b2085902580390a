"""The verbs of an instructor: grade, pace, release, otter, gradescope, publish, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kit.cli.opening import (
    FILE,
    FOLDER,
    PATH,
    SECONDS,
    assignment_argument,
    opened,
    terminal,
    verb,
)
from kit.errors import KitError


@verb()
@click.argument("assignment")
@click.argument("submissions", type=FOLDER)
@click.option("-o", "--out", type=PATH, required=True, help="The folder for the results.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Submissions at once; one per core.")
@click.option("--only", "questions", multiple=True, help="Only this question.")
@click.option("--student", help="Only this student.")
@click.option("--timeout", type=SECONDS, help="Processor seconds per question; the manifest's.")
@click.option("--memory", type=click.IntRange(1), help="MB per submission; the manifest's.")
@click.option("--tier", help="The isolation, by name; the strongest there is.")
@click.option("--secret", type=PATH, help="The course's secret, which draws the hidden inputs.")
@click.option("--marks", type=FILE, multiple=True, help="CSV of marks given by hand.")
@click.option("--times", type=FILE, help="CSV of hand-in times.")
@click.option("--explain", is_flag=True, help="Show students the key of the written questions.")
@click.option("--dask", metavar="ADDRESS", help="On the workers of a Dask scheduler: tls://...")
@click.option("--slurm", is_flag=True, help="In jobs of Slurm, -j of them.")
@click.option("--insecure", is_flag=True, help="Allow --dask an address without TLS.")
def grade(assignment: str, submissions: Path, out: Path, **options: Any) -> None:
    """Grade a folder of submissions: gradebook, feedback pages, Gradescope files."""
    from kit.grading.batch.batch import grade as run
    from kit.grading.engines import choice as engines

    workspace, loaded = opened(assignment)
    console, jobs = terminal(), options["jobs"]
    place = {name: options.pop(name) for name in ("dask", "slurm", "insecure")}
    if place["slurm"]:
        options["jobs"] = None  # it counts jobs of Slurm then, not submissions
    with engines.chosen(console, jobs=jobs, **place) as engine:
        summary = run(
            workspace, loaded, submissions, out, console=console, engine=engine, **options
        )
    click.echo(summary.sentence)
    if summary.faults:
        raise KitError(summary.faults)


@verb()
@click.argument("assignment")
@click.argument("submissions", type=FOLDER)
@click.option("-o", "--out", type=PATH, required=True, help="The folder for pace.csv.")
def pace(assignment: str, submissions: Path, out: Path) -> None:
    """Time how functions grow with their arguments, for a person to look at; no points."""
    from kit.grading.judging.pace import survey

    workspace, loaded = opened(assignment)
    path, remarks = survey(workspace, loaded, submissions, out)
    for remark in remarks:
        click.echo(remark)
    click.echo(f"wrote {path}")


@verb()
@assignment_argument
@click.option("-o", "--out", type=PATH, help="The folder for the release; work/releases.")
@click.option("--without-selftest", is_flag=True, help="Do not ask for a self-test that passed.")
def release(assignment: str | None, out: Path | None, without_selftest: bool) -> None:
    """Pack what students get, from an allow-list, if its self-test has passed."""
    from kit.authoring.release import release as run

    workspace, loaded = opened(assignment)
    home = out or workspace.work() / "releases"
    made = run(workspace, loaded.slug, home, without_selftest=without_selftest)
    click.echo(f"{made.archive} holds {len(made.files)} files; unpacked: {made.folder}")
    if without_selftest:
        click.secho("released without asking for a self-test that passed", fg="yellow")


@verb()
@assignment_argument
@click.option("-o", "--out", type=PATH, help="The zip's path.")
def otter(assignment: str | None, out: Path | None) -> None:
    """Write the autograder zip for stock otter, which trusts the class."""
    from kit.grading.autograders.otter_zip import build

    workspace, loaded = opened(assignment)
    path = out or workspace.work() / "otter" / f"{loaded.slug}-autograder.zip"
    click.echo(f"wrote {build(workspace, loaded.slug, path)}")


@verb()
@assignment_argument
@click.option("-o", "--out", type=PATH, help="The zip's path.")
@click.option("--secret", type=PATH, help="The course's secret, which draws the hidden inputs.")
@click.option(
    "--minutes",
    type=click.IntRange(1, 40),
    default=10,
    show_default=True,
    help="The time limit that is set on Gradescope.",
)
@click.option(
    "--hidden",
    type=click.Choice(["hidden", "after_due_date", "after_published", "visible"]),
    default="after_published",
    show_default=True,
    help="When students see hidden tests.",
)
def gradescope(assignment: str | None, out: Path | None, **options: Any) -> None:
    """Write the autograder zip for Gradescope, which runs the kit's own judge there."""
    from kit.grading.autograders.gradescope_zip import build

    workspace, loaded = opened(assignment)
    path = out or workspace.work() / "gradescope" / f"{loaded.slug}-autograder.zip"
    click.echo(f"wrote {build(workspace, loaded.slug, path, **options)}")
    click.echo("it holds the hidden tests and the course's secret: keep it to yourself")


@verb()
@assignment_argument
@click.option("--config", required=True, help="The size whose finished runs are frozen.")
@click.option("--part", required=True, help="The part of the assignment.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="As for the runs.")
@click.option("--data", type=PATH, help="Where the data sets lie (or set KIT_DATA).")
def publish(
    assignment: str | None, config: str, part: str, overrides: tuple[str, ...], data: Path | None
) -> None:
    """Freeze the facts of finished runs for the report."""
    from kit.experiments.published import publish as run

    workspace, loaded = opened(assignment)
    made = run(workspace, loaded.slug, config, part, overrides=overrides, data_root=data)
    click.echo(f"published to {made}")


@verb()
@assignment_argument
def demo(assignment: str | None) -> None:
    """Grade a sample class, run the small experiments, build the report."""
    from kit.demo import demo as run

    workspace, loaded = opened(assignment)
    for path in run(workspace, loaded, terminal()):
        click.echo(path)


INSTRUCTOR = (grade, pace, release, otter, gradescope, publish, demo)
