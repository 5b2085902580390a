"""The hand-in: one zip of the files that the manifest asks for, the same bytes for the same files.

It looks at the code but never runs it. What is missing or unfinished is said, not refused: a
student may hand in half an assignment, and should know that it is half.
"""

import ast
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.files import write_bytes, zipped
from kit.handin import HandinFile, as_notebook, matches
from kit.student import written

_MARK = b"packed by dl-assignment-kit"
_STUDENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows has these


@dataclass(frozen=True)
class Packed:
    """The archive that was made and the files in it.

    `missing` are the required files that are not there, `findings` sentences on the rest.
    """

    path: Path
    files: tuple[str, ...]
    missing: tuple[str, ...]
    findings: tuple[str, ...]


def pack(folder: Path, assignment: Assignment, student: str) -> Packed:
    """Make the archive of `student` from the hand-in files in `folder`, and put it there.

    Raises:
        UsageError: the name cannot name a file, there is nothing to hand in, the archive would be
            too large, or a file of that name is there that `pack` did not make.
    """
    target = folder / assignment.handin.archive.format(student=_checked(student, assignment))
    _check_own(target)
    pile = _Pile(folder, target, student)
    pile.findings += [
        f"{path.name} is not packed: files of its kind are not accepted"
        for path in sorted(folder.iterdir())
        if assignment.handin.refuses(path.name)
    ]
    for file in assignment.handin.files:
        if file.kind != "answers":
            pile.take(file)
    if assignment.written is not None:
        pile.take_answers(assignment)
    if not pile.members:
        wanted = ", ".join(file.name for file in assignment.handin.files)
        raise UsageError(f"{folder} holds nothing to hand in; {assignment.slug} asks for {wanted}")
    archive = zipped(pile.members, comment=_MARK)
    limit = assignment.limits.submission_mb
    if len(archive) > limit << 20:
        size = len(archive) / (1 << 20)
        raise UsageError(f"the hand-in would be {size:.1f} MB and {limit} MB are allowed")
    write_bytes(target, archive)
    return Packed(target, tuple(sorted(pile.members)), tuple(pile.missing), tuple(pile.findings))


@dataclass
class _Pile:
    """The members of the archive as they are found, and what is to be said about them."""

    folder: Path
    target: Path
    student: str
    members: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def take(self, file: HandinFile) -> None:
        """Take in a file of the hand-in list, under the name it is handed in by."""
        found = _candidates(self.folder, file, self.target)
        if not found and file.required:
            self.missing.append(file.name)
        elif not found:
            self.findings.append(f"{file.name} is not there, which is allowed")
        if not found:
            return
        name = file.packed_as.format(student=self.student) or file.name
        as_cells = file.notebook and found[0].suffix == ".ipynb"
        name = as_notebook(name) if as_cells else name
        own = (file.name, as_notebook(file.name), name)
        if len(found) == 1 and file.kind != "notebook" and found[0].name not in own:
            self.findings.append(f"{found[0].name} was packed as {name}")
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            self.findings.append(f"{file.name} could be any of {names}; {found[0].name} was packed")
        data = found[0].read_bytes()
        self.members[name if as_cells else _inside(name)] = data
        if file.kind == "module" and not as_cells:
            self.findings += inspect(file.name, data)

    def take_answers(self, assignment: Assignment) -> None:
        """Take in every source of answers under its own name, and say what is blank or wrong."""
        files = written.sources(self.folder, assignment)
        for name, data in files.items():
            self.members.setdefault(_inside(name), data)
        self.findings += written.remarks(assignment, files)
        required = any(file.required for file in assignment.answer_files)
        if not files and required:
            self.missing.append(assignment.answer_files[0].name)


def _inside(name: str) -> str:
    """Stock otter takes a lone notebook at the archive's root for the whole submission."""
    return f"notebook/{name}" if name.endswith(".ipynb") and "/" not in name else name


def incomplete(packed: Packed, assignment: Assignment) -> str:
    """What to do about what an archive lacks."""
    folder = packed.path.parent
    text = (
        f"{packed.path} was made but lacks {', '.join(packed.missing)}, which must be handed in: "
        f"put {'it' if len(packed.missing) == 1 else 'them'} into {folder} and pack again"
    )
    reports = [file.name for file in assignment.handin.files if file.kind == "report"]
    if not set(reports) & set(packed.missing):
        return text
    return f"{text} (`python -m kit report` builds the report and says where it is)"


def inspect(name: str, source: bytes) -> list[str]:
    """What a student should know of a module before handing it in; nothing of it runs."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source, name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or str(error)
        return [f"{name if line is None else f'{name}:{line}'}: it cannot be imported: {reason}"]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    open_ = [node.name for node in functions if any(map(_not_written, node.body))]
    if not open_:
        return []
    if len(open_) == len(functions) > 1:
        return [f"{name}: none of its {len(open_)} functions is written yet"]
    count = f"{len(open_)} function{'s' if len(open_) > 1 else ''}"
    return [f"{name}: {count} not written yet: {', '.join(open_)}"]


def _not_written(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    called = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(called, ast.Name) and called.id == "NotImplementedError"


def _checked(student: str, assignment: Assignment) -> str:
    if not _STUDENT.fullmatch(student) or _DEVICES.fullmatch(student):
        raise UsageError(
            f"'{student}' cannot name a hand-in; use the id that your course knows you by, "
            "of letters, digits, '.', '_' and '-'"
        )
    form = assignment.handin.student
    if form and not re.fullmatch(form, student):
        raise UsageError(
            f"'{student}' cannot name a hand-in of {assignment.slug}: names have a form here, such "
            f"as {assignment.handin.example}"
        )
    return student


def _check_own(target: Path) -> None:
    if not target.exists():
        return
    try:
        with zipfile.ZipFile(target) as archive:
            ours = archive.comment == _MARK
    except (OSError, zipfile.BadZipFile):
        ours = False
    if not ours:
        raise UsageError(f"{target} exists and was not made by `pack`; move it away and run again")


def _candidates(folder: Path, file: HandinFile, target: Path) -> list[Path]:
    """The files in `folder` that could be `file`: its own name, else what its aliases match."""
    places = [folder, folder / "report"] if file.kind == "report" else [folder]
    names = [file.name, *([as_notebook(file.name)] if file.notebook else [])]
    for place in places:
        files = sorted(path for path in place.glob("*") if path.is_file())
        own = [path for name in names for path in files if path.name == name]
        if own := own or [path for path in files if matches(path.name, (*names,))]:
            return own
    found = {path for alias in file.aliases for path in folder.glob(alias) if path.is_file()}
    return sorted(found - {target})
