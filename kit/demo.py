"""The whole kit on one assignment: a sample class graded, small experiments run, a report built."""

from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from kit.assignment import Assignment
from kit.authoring import samples
from kit.experiments import experiment
from kit.files import write_text
from kit.grading.batch import batch
from kit.grading.marks.exact import shown
from kit.paths import Workspace
from kit.reporting import build


def demo(workspace: Workspace, assignment: Assignment, console: Console) -> list[Path]:
    """Run it; every file that was made, those to look at first at the end.

    What an earlier demo has graded, run and built is reused where nothing has changed.
    """
    slug = assignment.slug
    home = workspace.work() / "demo" / slug
    grades = home / "grades"
    console.rule("A sample class")
    submissions = samples.build(workspace, slug, home / "submissions")
    console.print(f"{len(submissions)} submissions in {home / 'submissions'}")

    console.rule("Grading it")
    secret = write_text(home / "secret", "the inputs of a demonstration are no secret\n")
    summary = batch.grade(
        workspace, assignment, home / "submissions", grades, secret=secret, console=console
    )
    console.print(_gradebook(workspace, slug, summary))

    console.rule("The experiments, on the embedded digits")
    results = experiment.run(workspace, slug, "demo", console=console)
    console.print(f"{len(results.runs)} runs, {len(results.facts)} facts")

    console.rule("The report")
    report = build.build(workspace, slug, results, home / "report")
    console.print(f"{report.pages} pages")

    console.rule("Made")
    first = [grades / "gradebook.csv", grades / "index.html", report.pdf]
    made = [
        path for folder in ("submissions", "grades", "report") for path in _files(home / folder)
    ]
    return [*(path for path in made if path not in first), *first]


def _gradebook(workspace: Workspace, slug: str, summary: batch.BatchSummary) -> Table:
    """Who handed in what, and what came of it."""
    about = {sample.student: sample.about for sample in samples.read(workspace, slug)}
    right = Column("points", justify="right")
    table = Table("student", "verdict", right, "handed in", box=SIMPLE)
    for result, _ in summary.graded:
        points = "open" if result.points is None else shown(result.points)
        table.add_row(result.student, result.verdict, points, about.get(result.student, ""))
    return table


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
