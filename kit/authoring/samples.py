"""The sample class of an assignment: submissions made from its source, with expected results.

`autograder/<slug>/samples.toml` describes them:

    [[sample]]
    student = "ada"
    about = "everything right"
    base = "solution"                   # or "template"
    modules = ["compression"]           # the solution's, the others stay template; or "all"
    form = "zip"                        # folder, zip, nested, notebook, py
    file = "hopper_LATE_1_2_work.zip"   # the name it comes under, if not <student>
    mutants = ["low_rank_factors.root_sigma"]
    replace = { energy_kept = "def energy_kept ..." }   # a function, or a whole module
    append = { compression = "import os" }              # text at the end of a module
    drop = ["gan", "break_even_rank"]                   # modules and functions that are not there
    extra = { "notes.txt" = "text" }                    # further files
    verdict = "PASS"
    points = 50
"""

import ast
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.assignment import Assignment, load
from kit.authoring import mutants, solution_blocks
from kit.authoring.release import zipped
from kit.authoring.sample_notebook import sample_notebook
from kit.errors import UsageError
from kit.files import write_bytes
from kit.paths import Workspace


class Sample(BaseModel):
    """One submission of the class and the result it should get."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    student: str = Field(pattern=r"^[\w.-]+$")
    about: str = ""
    base: Literal["solution", "template"] = "solution"
    modules: tuple[str, ...] | Literal["all"] = "all"
    form: Literal["folder", "zip", "nested", "notebook", "py"] = "folder"
    file: str = Field("", pattern=r"^[^/\\]*$")
    mutants: tuple[str, ...] = ()
    replace: dict[str, str] = {}
    append: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    extra: dict[str, str] = {}
    verdict: str
    points: float


def read(workspace: Workspace, slug: str) -> tuple[Sample, ...]:
    """The samples of an assignment, as they are listed.

    Raises:
        UsageError: the list is missing or wrong.
    """
    path = _list(workspace, slug)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("sample", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    samples = tuple(_sample(path, number, table) for number, table in enumerate(tables, start=1))
    students = [sample.student for sample in samples]
    for student in students:
        if students.count(student) > 1:
            raise UsageError(f"{path}: there are two samples of {student}; rename one")
    return samples


def build(workspace: Workspace, slug: str, out: Path) -> list[Path]:
    """Write the class into the folder `out`; the paths of its submissions.

    Raises:
        UsageError: a sample asks for a function, module or mutant that does not exist.
    """
    return [
        path
        for sample in read(workspace, slug)
        for path in _written(sample, out, submission(workspace, slug, sample))
    ]


def submission(workspace: Workspace, slug: str, sample: Sample) -> dict[str, bytes]:
    """The files of one sample: what its student would pack, by name."""
    assignment = load(slug, workspace)
    sources = _sources(workspace, assignment, sample)
    if sample.form == "notebook":
        files = {f"{slug}.ipynb": sample_notebook(assignment.title, sources)}
    elif sample.form == "py":
        files = {f"{slug}.py": "\n\n".join(sources.values())}
    else:
        files = {f"{module}.py": text for module, text in sources.items()}
    return {name: text.encode() for name, text in {**files, **sample.extra}.items()}


def _sources(workspace: Workspace, assignment: Assignment, sample: Sample) -> dict[str, str]:
    """The modules of a sample by name, with its changes made."""
    path = _list(workspace, assignment.slug)
    sources: dict[str, str] = {}
    for module in assignment.modules:
        file = workspace.solution(assignment.slug) / f"{module}.py"
        text = file.read_text(encoding="utf-8")
        given = sample.modules == "all" or module in sample.modules
        solved = sample.base == "solution" and given
        sources[module] = text if solved else solution_blocks.strip(text, file, assignment.slug)
    _check_modules(path, sample, [*sample.append, *_listed(sample)], assignment)
    known = {m.label: m for m in mutants.load(workspace, assignment)} if sample.mutants else {}
    for label in sample.mutants:
        if label not in known:
            raise UsageError(f"{path}: sample {sample.student}: there is no mutant {label}")
        mutant = known[label]
        sources[mutant.module] = mutants.apply(mutant, sources[mutant.module])
    for name, text in sample.replace.items():
        _edit(path, sample, sources, name, text)
    for name in sample.drop:
        _edit(path, sample, sources, name, None)
    for module, text in sample.append.items():
        sources[module] = f"{sources[module].rstrip()}\n\n\n{text.strip()}\n"
    return {module: _without_markers(text) for module, text in sources.items()}


def _edit(path: Path, sample: Sample, sources: dict[str, str], name: str, text: str | None) -> None:
    """Put `text` in the place of a module or function; without text, take it out."""
    if name in sources:
        if text is None:
            del sources[name]
        else:
            sources[name] = text
        return
    for module, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                lines = source.splitlines()
                lines[node.lineno - 1 : node.end_lineno] = (text or "").strip("\n").splitlines()
                sources[module] = "\n".join(lines) + "\n"
                return
    raise UsageError(
        f"{path}: sample {sample.student}: '{name}' is neither a module nor a function of it"
    )


def _written(sample: Sample, out: Path, files: dict[str, bytes]) -> list[Path]:
    if sample.form == "folder":
        root = out / (sample.file or sample.student)
        for name, data in files.items():
            write_bytes(root / name, data)
        return [root]
    if sample.form in ("notebook", "py"):
        suffix = ".ipynb" if sample.form == "notebook" else ".py"
        first, *others = files.values()
        if others:
            raise UsageError(f"sample {sample.student}: one file has no room for `extra`")
        return [write_bytes(out / (sample.file or sample.student + suffix), first)]
    if sample.form == "nested":  # what a Mac makes of a folder in a folder
        files = {f"my submission/code/{name}": data for name, data in files.items()}
        files |= {f"__MACOSX/{name}": b"\x00\x05\x16\x07" for name in list(files)}
        files["my submission/.DS_Store"] = b"\x00\x00\x00\x01Bud1"
    return [write_bytes(out / (sample.file or f"{sample.student}.zip"), zipped(files))]


def _sample(path: Path, number: int, table: dict[str, Any]) -> Sample:
    try:
        return Sample.model_validate(table)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(key) for key in problem["loc"])
        name = table.get("student", "without a student")
        raise UsageError(f"{path}: sample {number} ({name}): {where}: {problem['msg']}") from None


def _check_modules(path: Path, sample: Sample, named: list[str], assignment: Assignment) -> None:
    for module in named:
        if module not in assignment.modules:
            raise UsageError(f"{path}: sample {sample.student}: there is no module '{module}'")


def _listed(sample: Sample) -> tuple[str, ...]:
    return () if sample.modules == "all" else tuple(sample.modules)


def _without_markers(text: str) -> str:
    """A student's file says nothing of solution blocks."""
    marks = ("# BEGIN SOLUTION", "# END SOLUTION")
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() not in marks)


def _list(workspace: Workspace, slug: str) -> Path:
    return workspace.autograder(slug) / "samples.toml"
