"""`student_templates/<slug>/`, made from the private source, and the check that it is up to date.

Everything in it is generated; nobody edits it. What goes in is listed here by name: a file that
this module does not name never reaches a student.
"""

import re
import tomllib
from pathlib import Path

from kit import paths
from kit.assignment import Assignment, load
from kit.authoring import answer_sheet, notebook, points_table, solution_blocks
from kit.errors import UsageError
from kit.files import write_bytes
from kit.grading.written import latex
from kit.paths import Workspace

_REPORT_FILES = ("*.tex", "*.bib", "*.py", "configs/*.toml")
LEFT_BY_TOOLS = (  # in a folder where somebody has run something
    "__pycache__",
    ".ipynb_checkpoints",
    ".pytest_cache",
    ".ruff_cache",
    ".OTTER_LOG",
)
_TEST_PUBLIC = '''\
"""The public tests under pytest: `python -m pytest` in this folder runs them case by case."""

from pathlib import Path

import pytest
from kit.student.check import Case, cases


@pytest.mark.parametrize("case", cases(Path(__file__).parent), ids=str)
def test_public(case: Case) -> None:
    """One case of one question."""
    case.run()
'''


def write(workspace: Workspace, slug: str) -> list[Path]:
    """Bring the template of `slug` up to date; the files that were changed, made or removed."""
    folder = workspace.template(slug)
    wanted = generate(workspace, slug)
    changed = []
    for name in _differing(folder, wanted):
        write_bytes(folder / name, wanted[name])
        changed.append(folder / name)
    for name in _orphans(folder, wanted):
        (folder / name).unlink()
        changed.append(folder / name)
    return changed


def check(workspace: Workspace, slug: str) -> list[str]:
    """What is wrong with the template of `slug`, a sentence per file; nothing if it is up to date.

    Raises:
        UsageError: the private source it is made from is wrong.
    """
    folder = workspace.template(slug)
    wanted = generate(workspace, slug)
    problems = []
    for name in _differing(folder, wanted):
        what = "differs from its source" if (folder / name).is_file() else "is missing"
        problems.append(f"{folder / name} {what}; run `make templates`")
    for name in _orphans(folder, wanted):
        problems.append(f"{folder / name} comes from no source; remove it or run `make templates`")
    return problems


def generate(workspace: Workspace, slug: str) -> dict[str, bytes]:
    """Every file of the template by its name in the folder.

    Raises:
        UsageError: a file is missing or its markers are wrong.
    """
    assignment = load(slug, workspace)
    solution = workspace.solution(slug)
    readme = solution / "README.md"
    texts = {
        "README.md": points_table.handout(_read(readme), assignment, readme),
        "assignment.toml": _read(workspace.manifest(slug)),
        "slug": f"{slug}\n",  # the student may rename the folder
        "requirements.txt": requirements(assignment, _root_of_pins(workspace)),
        "test_public.py": _TEST_PUBLIC,
        f"{slug}.ipynb": notebook.notebook(assignment),
    }
    for module in assignment.modules:
        path = solution / f"{module}.py"
        texts[path.name] = solution_blocks.strip(_read(path), path)
    for question in assignment.questions:
        path = workspace.public_tests(slug) / f"{question.id}.py"
        texts[f"tests/{path.name}"] = _read(path)
    report = workspace.report_template(slug)
    for path in sorted(path for pattern in _REPORT_FILES for path in report.glob(pattern)):
        name = f"report/{path.relative_to(report).as_posix()}"
        texts[name] = solution_blocks.strip(_read(path), path)
        if assignment.written is not None and path.suffix == ".tex":
            texts[name] = latex.unticked(texts[name], assignment.written)
    if assignment.written is not None:
        texts["written.toml"] = _read(workspace.written(slug))
        texts["answers.toml"] = answer_sheet.sheet(assignment.written)
    return {name: text.encode() for name, text in sorted(texts.items())}


def requirements(assignment: Assignment, root: Path) -> str:
    """What a student installs: the kit's own needs and the assignment's extras, pinned.

    Raises:
        UsageError: `constraints.txt` pins no version of a package.
    """
    project = tomllib.loads(_read(root / "pyproject.toml"))["project"]
    pins = _pins(_read(root / "constraints.txt"))
    extras = [f for f in assignment.frameworks if f in project["optional-dependencies"]]
    wanted = list(project["dependencies"])
    for extra in [*extras, "experiments", "report"]:
        wanted += project["optional-dependencies"][extra]
    lines = [_pinned(requirement, pins, root) for requirement in wanted]
    return "\n".join(["# Generated: what this assignment needs.", *dict.fromkeys(lines)]) + "\n"


def _pins(constraints: str) -> dict[str, str]:
    """The version of each package that `constraints` pins, by its normalised name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", constraints, re.MULTILINE)
    return {_normalised(name): version for name, version in found}


def _pinned(requirement: str, pins: dict[str, str], root: Path) -> str:
    match = re.match(r"([A-Za-z0-9._-]+)(\[[\w,-]+\])?\s*(;.*)?$", requirement)
    if match is None:
        return requirement  # it names its versions itself
    name, extra, condition = match[1], match[2] or "", match[3] or ""
    version = pins.get(_normalised(name))
    if version is None and not condition:
        raise UsageError(f"{root / 'constraints.txt'} pins no version of {name}; add it")
    return f"{name}{extra}{f'=={version}' if version else ''}{condition}"


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _root_of_pins(workspace: Workspace) -> Path:
    """A workspace without pins of its own (a test's) uses those of the kit."""
    return workspace.root if (workspace.root / "constraints.txt").is_file() else paths.CODE


def _differing(folder: Path, wanted: dict[str, bytes]) -> list[str]:
    return [
        name
        for name, data in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != data
    ]


def _orphans(folder: Path, wanted: dict[str, bytes]) -> list[str]:
    present = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(
        name
        for path in present
        if (name := path.as_posix()) not in wanted and not set(path.parts) & set(LEFT_BY_TOOLS)
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); the template is made from it") from None
