"""What every verb begins with: the workspace, the assignment, the terminal."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.errors import KitError

if TYPE_CHECKING:
    from rich.console import Console

    from kit.assignment import Assignment
    from kit.paths import Workspace

HELP_OPTIONS = ["-h", "--help"]
PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
SECONDS = click.FloatRange(0, min_open=True)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


class Verb(click.Command):
    """A verb of the command line; it shows our errors as one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; an error of ours ends with its exit code, an interrupt with 130."""
        try:
            return super().invoke(ctx)
        except KitError as error:
            click.secho(f"error: {error}", fg="red", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.secho("stopped; what was finished is kept, run it again to go on", err=True)
            ctx.exit(130)


verb = functools.partial(click.command, cls=Verb)
assignment_argument = click.argument("assignment", required=False)


def terminal() -> Console:
    """Where tables and progress go."""
    from rich.console import Console

    return Console(highlight=False)


def opened(prefix: str | None) -> tuple[Workspace, Assignment]:
    """The workspace around the current folder and the assignment that `prefix` names."""
    from kit import assignment, paths

    workspace = paths.find_workspace()
    return workspace, assignment.load(workspace.resolve(prefix), workspace)


def named(workspace: Workspace, prefix: str | None) -> tuple[str, ...]:
    """The one assignment that `prefix` names, or all of them without one."""
    return (workspace.resolve(prefix),) if prefix else workspace.slugs()
