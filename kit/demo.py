"""The whole kit on one assignment: a sample class graded, small experiments run, a report built."""

from pathlib import Path

from rich.console import Console

from kit.assignment import Assignment
from kit.authoring import samples
from kit.experiments import experiment
from kit.grading import batch
from kit.paths import Workspace
from kit.reporting import build


def demo(workspace: Workspace, assignment: Assignment, console: Console) -> list[Path]:
    """Run it; the files that were made, those to look at first at the end.

    What an earlier demo has graded, run and built is reused where nothing has changed.
    """
    slug = assignment.slug
    home = workspace.work() / "demo" / slug
    console.rule("A sample class")
    submissions = samples.build(workspace, slug, home / "submissions")
    console.print(f"{len(submissions)} submissions in {home / 'submissions'}")

    console.rule("Grading it")
    summary = batch.grade(
        workspace, assignment, home / "submissions", home / "grades", console=console
    )
    console.print(summary.sentence)

    console.rule("The experiments, on the embedded digits")
    results = experiment.run(workspace, slug, "demo", console=console)
    console.print(f"{len(results.runs)} runs, {len(results.facts)} facts")

    console.rule("The report")
    report = build.build(workspace, slug, results, home / "report")
    console.print(f"{report.pages} pages")

    console.rule("Made")
    return [*_files(home / "submissions"), *_files(home / "grades"), *_files(home / "report")]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
