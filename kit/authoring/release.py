"""What a student gets: one assignment as a folder and as an archive, copied from an allow-list.

The list: the generated template, the engine, the assignment's report style. Nothing is cut out of a
private file here, and the result is searched for private text before it is written.
"""

from dataclasses import dataclass
from pathlib import Path

from kit import paths
from kit.assignment import load
from kit.authoring import leaks, stamp, structure, templates
from kit.authoring.templates import LEFT_BY_TOOLS
from kit.errors import KitError, UsageError
from kit.files import write_bytes, zipped
from kit.paths import Workspace

_ENGINE_SUFFIXES = (".py", ".j2", ".css", ".typed")
_STYLE_SUFFIXES = (".cls", ".sty", ".bst", ".tex", ".md", ".txt")
_NEVER = {"__pycache__", "skeleton"}  # an author's start holds a solution of its own


@dataclass(frozen=True)
class Release:
    """A released assignment: its folder, its archive, and the names of its files."""

    folder: Path
    archive: Path
    files: tuple[str, ...]


def release(
    workspace: Workspace, slug: str, out: Path, *, without_selftest: bool = False
) -> Release:
    """Write `out/<slug>/` and `out/<slug>.zip`.

    Args:
        workspace: where the assignment is.
        slug: the assignment.
        out: the folder for the release.
        without_selftest: release it though its self-test has not passed; the laws that take no
            jail are asked for all the same.

    Raises:
        UsageError: a law is broken, or its self-test has not passed since something changed, or
            `out/<slug>` holds something else.
        KitError: something private would leave with it.
    """
    if problems := structure.problems(workspace, slug):
        raise UsageError(problems[0])
    if not without_selftest and (problem := stamp.problem(workspace, slug)):
        raise UsageError(f"nothing was released: {problem}")
    files = collect(workspace, slug)
    found = leaks.search(files, leaks.secrets(workspace, slug))
    if found := [*found, *leaks.ticks(load(slug, workspace), files)]:
        raise KitError(f"nothing was released: {found[0]} ({len(found)} such places in all)")
    folder = out / slug
    if strange := _strange(folder, files):
        raise UsageError(f"{folder} holds {strange[0]}, which is no part of a release; remove it")
    for name, data in files.items():
        write_bytes(folder / name, data)
    archive = write_bytes(out / f"{slug}.zip", zipped({f"{slug}/{n}": d for n, d in files.items()}))
    return Release(folder, archive, tuple(files))


def collect(workspace: Workspace, slug: str) -> dict[str, bytes]:
    """Every file of the release by its name in the student's folder."""
    style = load(slug, workspace).report.style
    files = templates.generate(workspace, slug)
    engine = _allowed(paths.CODE / "kit", _ENGINE_SUFFIXES)
    files |= {f"kit/{name}": data for name, data in engine.items()}
    look = _allowed(workspace.styles() / style, _STYLE_SUFFIXES)
    if not look:
        raise UsageError(
            f"{workspace.styles() / style} holds no report style; the manifest names it"
        )
    files |= {f"report/styles/{style}/{name}": data for name, data in look.items()}
    for path in workspace.styles().glob("*.sty"):  # what every style builds on
        files[f"report/styles/{path.name}"] = path.read_bytes()
    return dict(sorted(files.items()))


def _strange(folder: Path, files: dict[str, bytes]) -> list[str]:
    """What lies in the folder of an earlier release and is not in this one."""
    names = set(leaks.read_folder(folder)) - set(files) if folder.is_dir() else set()
    return sorted(name for name in names if not set(name.split("/")) & set(LEFT_BY_TOOLS))


def _allowed(folder: Path, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    files = leaks.read_folder(folder)
    return {
        name: data
        for name, data in files.items()
        if name.endswith(suffixes) and not _NEVER & set(name.split("/"))
    }
