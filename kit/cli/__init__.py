"""The command line: one verb, one function of the engine behind it.

Nothing heavy is imported before a verb runs, so that `--help` answers at once.
"""

from typing import NoReturn

import click

from kit import __version__
from kit.cli.author import AUTHOR
from kit.cli.instructor import INSTRUCTOR, grade
from kit.cli.opening import HELP_OPTIONS
from kit.cli.student import STUDENT

SECTIONS = {"For students": STUDENT, "For instructors": INSTRUCTOR, "For authors": AUTHOR}


class Verbs(click.Group):
    """Lists the verbs by reader."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lists of verbs."""
        for title, verbs in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(str(v.name), v.get_short_help_str(80)) for v in verbs])


@click.group(cls=Verbs, context_settings={"help_option_names": HELP_OPTIONS})
@click.version_option(__version__)
def kit() -> None:
    """Deep-learning assignments: write, check, grade, report.

    ASSIGNMENT is the beginning of an assignment's name, such as a1; in a student's folder it is
    not needed.
    """


for _verbs in SECTIONS.values():
    for _verb in _verbs:
        kit.add_command(_verb)


def main() -> NoReturn:
    """Run the command line."""
    raise SystemExit(kit.main(prog_name="python -m kit"))


def grade_main() -> NoReturn:
    """Run the verb `grade` alone."""
    raise SystemExit(grade.main(prog_name="grade.py"))
