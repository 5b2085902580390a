"""A new assignment: one that is small, complete and keeps every law, to be replaced piece by piece.

Its files are the templates in `skeleton/`; they go into the four places where assignments live.
"""

import re
from pathlib import Path

from kit.authoring import templates
from kit.errors import UsageError
from kit.files import write_text
from kit.paths import Workspace

SKELETON = Path(__file__).parent / "skeleton"
_SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def new(workspace: Workspace, slug: str, title: str | None = None) -> list[Path]:
    """Write the smallest assignment under the name `slug`; the files that were made.

    Raises:
        UsageError: the name is no slug, or is taken.
    """
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"'{slug}' is no name for an assignment: take small letters, digits and at least one "
            "underscore, such as a6_diffusion"
        )
    homes = {
        "solutions": workspace.solution(slug),
        "autograder": workspace.autograder(slug),
        "report_templates": workspace.report_template(slug),
    }
    for folder in (*homes.values(), workspace.template(slug)):
        if folder.exists():
            raise UsageError(f"{folder} is there already; take another name, or remove it")
    words = {"slug": slug, "title": title or slug.partition("_")[2].replace("_", " ").capitalize()}
    made = [
        write_text(home / path.relative_to(SKELETON / name).with_suffix(""), _filled(path, words))
        for name, home in homes.items()
        for path in sorted((SKELETON / name).rglob("*.j2"))
    ]
    return made + templates.write(workspace, slug)


def _filled(path: Path, words: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{ " + word + " }}", value)
    return text
