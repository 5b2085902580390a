"""`docs/commands.md`: every verb with its help, made from the verbs themselves."""

from pathlib import Path

import click

from kit.cli.opening import HELP_OPTIONS
from kit.files import write_text
from kit.paths import Workspace

HEAD = """# Commands

Generated from the command line; `make templates` brings it up to date. `grade.py` is `kit grade`.
"""


def page(workspace: Workspace) -> Path:
    """Where the page is."""
    return workspace.root / "docs" / "commands.md"


def text() -> str:
    """What the page should say today."""
    from kit.cli import SECTIONS  # it imports the verbs, and one of them imports this

    parts = [HEAD]
    for title, verbs in SECTIONS.items():
        parts.append(f"## {title}\n")
        for verb in verbs:
            name = f"python -m kit {verb.name}"
            context = click.Context(verb, info_name=name, help_option_names=HELP_OPTIONS)
            context.max_content_width = context.terminal_width = 96
            parts.append(f"### kit {verb.name}\n\n```text\n{verb.get_help(context)}\n```\n")
    return "\n".join(parts)


def write(workspace: Workspace) -> list[Path]:
    """Bring the page up to date; the page, if it changed."""
    return [] if not check(workspace) else [write_text(page(workspace), text())]


def check(workspace: Workspace) -> list[str]:
    """A sentence if the page is out of date; nothing where there is no documentation."""
    path = page(workspace)
    if not path.parent.is_dir() or (path.is_file() and path.read_text(encoding="utf-8") == text()):
        return []
    return [f"{path} is not what the command line says; run `make templates`"]
