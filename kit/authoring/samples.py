"""The sample class of an assignment: submissions made from its source, with expected results.

`autograder/<slug>/samples.toml` describes them:

    [[sample]]
    student = "ada"
    about = "everything right"
    base = "solution"                   # or "template"
    modules = ["vectors"]               # the solution's, the others stay template; or "all"
    form = "zip"                        # folder, zip, nested, notebook, py
    file = "hopper_LATE_1_2_work.zip"   # the name it comes under, if not <student>
    mutants = ["softmax.wrong_axis"]
    replace = { project = "def project ..." }   # a function, or a whole module
    append = { vectors = "import os" }          # text at the end of a module
    drop = ["averages", "project"]              # modules and functions that are not there
    extra = { "notes.txt" = "text" }            # further files
    verdict = "PASS"
    points = 50
"""

import ast
import contextlib
from pathlib import Path
from typing import Literal

from pydantic import Field

from kit.assignment import Assignment, load
from kit.authoring import mutants, solution_blocks
from kit.authoring.sample_notebook import sample_notebook
from kit.errors import UsageError
from kit.files import read_json, write_bytes, write_json, zipped
from kit.paths import Workspace
from kit.toml_table import Table, read_entries

_RECORD = ".class.json"  # the names of the files of the class that lies in a folder


class Sample(Table):
    """One submission of the class and the result it should get."""

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
    samples = read_entries(path, Sample, "sample")
    students = [sample.student for sample in samples]
    for student in students:
        if students.count(student) > 1:
            raise UsageError(f"{path}: there are two samples of {student}; rename one")
    return samples


def build(workspace: Workspace, slug: str, out: Path) -> list[Path]:
    """Write the class into the folder `out`; the paths of its submissions.

    Files of an earlier class there that are in it no more are removed; other files stay.

    Raises:
        UsageError: a sample asks for a function, module or mutant that does not exist.
    """
    chosen = read(workspace, slug)
    files = [_laid_out(sample, submission(workspace, slug, sample)) for sample in chosen]
    wanted = {name: data for one in files for name, data in one.items()}
    record = out / _RECORD
    for name in set(read_json(record)) - set(wanted) if record.is_file() else ():
        (out / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty: it holds more than ours
            (out / name).parent.rmdir()
    for name, data in wanted.items():
        write_bytes(out / name, data)
    write_json(record, sorted(wanted))
    return [out / next(iter(one)).split("/")[0] for one in files]


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
        sources[module] = text if solved else solution_blocks.strip(text, file)
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
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                lines = source.splitlines()
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                lines[first - 1 : node.end_lineno] = (text or "").strip("\n").splitlines()
                sources[module] = "\n".join(lines) + "\n"
                return
    raise UsageError(
        f"{path}: sample {sample.student}: '{name}' is neither a module nor a function of it"
    )


def _laid_out(sample: Sample, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a submission by their names in the class's folder."""
    if sample.form == "folder":
        return {f"{sample.file or sample.student}/{name}": data for name, data in files.items()}
    if sample.form in ("notebook", "py"):
        suffix = ".ipynb" if sample.form == "notebook" else ".py"
        if len(files) > 1:
            raise UsageError(f"sample {sample.student}: one file has no room for `extra`")
        (data,) = files.values()
        return {sample.file or sample.student + suffix: data}
    if sample.form == "nested":  # what a Mac makes of a folder in a folder
        files = {f"my submission/code/{name}": data for name, data in files.items()}
        files |= {f"__MACOSX/{name}": b"\x00\x05\x16\x07" for name in list(files)}
        files["my submission/.DS_Store"] = b"\x00\x00\x00\x01Bud1"
    return {sample.file or f"{sample.student}.zip": zipped(files)}


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
