"""The hand-in: one zip of the files that the manifest asks for, the same bytes for the same files.

It looks at the code but never runs it. What is missing or unfinished is said, not refused: a
student may hand in half an assignment, and should know that it is half.
"""

import ast
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from kit.assignment import Assignment
from kit.errors import UsageError
from kit.files import write_bytes, zipped
from kit.handin import HandinFile, as_notebook, is_pdf, matches
from kit.student import notebook, sources, written
from kit.student.notebook import Notebook

_MARK = b"packed by dl-assignment-kit"
_STUDENT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows has these


@dataclass(frozen=True)
class Packed:
    """The archive that was made and the files in it.

    `missing` are the required files that are not there, `problems` sentences on what cannot be used
    as it is, `findings` sentences on the rest.
    """

    path: Path
    files: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    findings: tuple[str, ...]


def pack(folder: Path, assignment: Assignment, student: str) -> Packed:
    """Make the archive of `student` from the hand-in files in `folder`, and put it there.

    Raises:
        UsageError: the name cannot name a file, there is nothing to hand in, the archive would be
            too large, or a file of that name is there that `pack` did not make.
    """
    target = folder / assignment.handin.archive.format(student=_checked(student, assignment))
    _check_own(target)
    pile = _Pile(folder, target, student, assignment, notebook.released(folder, assignment))
    pile.findings += [
        f"{path.name} is not packed: files of its kind are not accepted"
        for path in sorted(folder.iterdir())
        if assignment.handin.refuses(path.name)
    ]
    for file in assignment.handin.files:
        if file.kind != "answers":
            pile.take(file)
    pile.take_notebook()
    if assignment.written is not None:
        pile.take_answers()
    if not pile.members:
        wanted = ", ".join(file.name for file in assignment.handin.files)
        raise UsageError(f"{folder} holds nothing to hand in; {assignment.slug} asks for {wanted}")
    archive = zipped(pile.members, comment=_MARK)
    limit = assignment.limits.submission_mb
    if len(archive) > limit << 20:
        size = len(archive) / (1 << 20)
        raise UsageError(f"the hand-in would be {size:.1f} MB and {limit} MB are allowed")
    write_bytes(target, archive)
    said = (tuple(part) for part in (pile.missing, pile.problems, pile.findings))
    return Packed(target, tuple(sorted(pile.members)), *said)


@dataclass
class _Pile:
    """The members of the archive as they are found, and what is to be said about them."""

    folder: Path
    target: Path
    student: str
    assignment: Assignment
    book: Notebook | None
    members: dict[str, bytes] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)  # modules that the notebook stands for
    missing: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def take(self, file: HandinFile) -> None:
        """Take in a file of the hand-in list, under the name it is handed in by."""
        found = _candidates(self.folder, file, self.target, self.student)
        if self._stands_in_notebook(file, found):
            return
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
        self._say_which(file, found, name, known=found[0].name in own)
        data = found[0].read_bytes()
        self.members[name if as_cells else _inside(name)] = data
        if not as_cells:
            self._look_into(file, found[0].name, data)

    def _say_which(self, file: HandinFile, found: list[Path], name: str, *, known: bool) -> None:
        """Say which file was packed, and that a student has to choose where nothing tells which."""
        names = ", ".join(path.name for path in found)
        several = f"{file.name} could be any of {names}; {found[0].name} was packed"
        if len(found) > 1 and known:
            self.findings.append(several)
        elif len(found) > 1:
            self.problems.append(f"{several}: name the one that you mean {file.name}")
        elif file.kind != "notebook" and not known:
            self.findings.append(f"{found[0].name} was packed as {name}")

    def _look_into(self, file: HandinFile, name: str, data: bytes) -> None:
        """Say what is wrong with a file, and what of a module is not written."""
        if file.kind == "report" and not is_pdf(data):
            what = "is no PDF, whatever its name says" if data else "is empty"
            self.problems.append(f"{name} {what}: put the PDF of your report in its place")
        if file.kind == "module":
            problem, finding = inspect(file.name, data)
            self.problems += [problem] if problem else []
            self.findings += [finding] if finding else []

    def _stands_in_notebook(self, file: HandinFile, found: list[Path]) -> bool:
        """Whether the released notebook is to be graded for a module, of which the file stays out.

        The grader looks into a notebook only where there is no file of the module.
        """
        if self.book is None or not file.module or any(one.suffix == ".ipynb" for one in found):
            return False
        source = found[0].read_bytes() if found else b""
        told = notebook.standing(self.book, self.assignment, file.module, source)
        self.findings += [told.note] if told.note else []
        self.problems += [told.problem] if told.problem else []
        self.replaced += [file.module] if told.replaces else []
        return told.replaces

    def take_notebook(self) -> None:
        """Take in the notebook where it stands for a module, and say what grading leaves out."""
        if self.book is None or not self.replaced:
            return
        if self.book.data not in self.members.values():
            self.members[_inside(self.book.name)] = self.book.data
        self.findings += [f"{self.book.name}: {sentence}" for sentence in self.book.left_out]

    def take_answers(self) -> None:
        """Take in every source of answers under its own name, and say what is blank or wrong."""
        files = written.sources(self.folder, self.assignment)
        for name, data in files.items():
            self.members.setdefault(_inside(name), data)
        problems, findings = written.remarks(self.assignment, files)
        self.problems += problems
        self.findings += findings
        required = any(file.required for file in self.assignment.answer_files)
        if not files and required:
            self.missing.append(self.assignment.answer_files[0].name)


def _inside(name: str) -> str:
    """Stock otter takes a lone notebook at the archive's root for the whole submission."""
    return f"notebook/{name}" if name.endswith(".ipynb") and "/" not in name else name


def incomplete(packed: Packed, assignment: Assignment) -> str:
    """What to do about what an archive lacks, or holds and nobody can use."""
    folder = packed.path.parent
    said = list(packed.problems)
    if packed.missing:
        said.append(
            f"it lacks {', '.join(packed.missing)}, which must be handed in: put "
            f"{'it' if len(packed.missing) == 1 else 'them'} into {folder}"
        )
    text = f"{packed.path} was made but is not ready to hand in: {'; '.join(said)}; then pack again"
    reports = [file.name for file in assignment.handin.files if file.kind == "report"]
    if not any(name in sentence for name in reports for sentence in said):
        return text
    return f"{text} (`python -m kit report` builds the report and says where it is)"


def inspect(name: str, source: bytes) -> tuple[str, str]:
    """Whether a module can be used at all, and what of it is not written; sentences or ""."""
    try:
        tree = sources.syntax(source, name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or str(error)
        where = name if line is None else f"{name}:{line}"
        return f"{where}: it cannot be imported: {reason}; correct it", ""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    open_ = [node.name for node in sources.left_open(tree)]
    if len(open_) == len(functions) > 1:
        return "", f"{name}: none of its {len(open_)} functions is written yet"
    count = f"{len(open_)} function{'s' if len(open_) > 1 else ''}"
    return "", f"{name}: {count} not written yet: {', '.join(open_)}" if open_ else ""


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


def _candidates(folder: Path, file: HandinFile, target: Path, student: str) -> list[Path]:
    """The files in `folder` that could be `file`: its own names, else what its aliases match."""
    places = [folder, folder / "report"] if file.kind == "report" else [folder]
    names = [name for name in (file.name, file.packed_as.format(student=student)) if name]
    names += [as_notebook(name) for name in names if file.notebook]
    for place in places:
        files = sorted(path for path in place.glob("*") if path.is_file())
        own = [path for name in names for path in files if path.name == name]
        if own := own or [path for path in files if matches(path.name, (*names,))]:
            return own
    found = {path for alias in file.aliases for path in folder.glob(alias) if path.is_file()}
    return sorted(found - {target})
