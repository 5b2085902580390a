"""The command line: one verb, one function of the engine behind it.

Nothing heavy is imported before a verb runs, so that `--help` answers at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kit import __version__
from kit.errors import KitError

if TYPE_CHECKING:
    from rich.console import Console

    from kit.assignment import Assignment
    from kit.paths import Workspace

STUDENT = ("check", "pack", "experiment", "report")
PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


class Verbs(click.Group):
    """Lists a student's verbs before an instructor's, and shows our errors as one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; an error of ours ends with its exit code, an interrupt with 130."""
        try:
            return super().invoke(ctx)
        except KitError as error:
            click.secho(f"error: {error}", fg="red", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.secho("stopped; what was finished is kept, run it again to go on", err=True)
            ctx.exit(130)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the two lists of verbs."""
        for title, names in (
            ("For students", STUDENT),
            ("For instructors", [name for name in self.commands if name not in STUDENT]),
        ):
            rows = [(name, self.commands[name].get_short_help_str(70)) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def kit() -> None:
    """Deep-learning assignments: write, check, grade, report."""


def main() -> NoReturn:
    """Run the command line."""
    kit(prog_name="python -m kit")


slug_argument = click.argument("assignment", required=False)


def _open(prefix: str | None) -> tuple[Workspace, Assignment, Console]:
    from rich.console import Console

    from kit import assignment, paths

    workspace = paths.find_workspace()
    slug = workspace.resolve(prefix)
    return workspace, assignment.load(slug, workspace), Console()


def data_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every verb with experiments has."""
    for option in (
        click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override."),
        click.option("--part", help="Only this part of the assignment."),
        click.option("--code", type=FOLDER, help="Run this folder's code, not the reference."),
        click.option("--trust", is_flag=True, help="Allow --code to run outside the jail."),
        click.option("--data", type=PATH, help="Where the data sets lie (or KIT_DATA)."),
    ):
        command = option(command)
    return command
