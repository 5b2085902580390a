"""The student's side: check, the pytest door and pack, also where there is no POSIX."""

import io
import json
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from kit.assignment import Assignment
from kit.errors import KitError, UsageError
from kit.grading.intake.discover import discover
from kit.grading.intake.intake import read
from kit.grading.results import QuestionResult, Verdict
from kit.paths import CODE, Workspace
from kit.student import check as door
from kit.student import notebook
from kit.student.check import check, render
from kit.student.code import Stopped
from kit.student.pack import Packed, incomplete, pack
from kit.student.table import Progress, advice, failed, totals

NOTHING = Progress()


@pytest.fixture
def released(toy: Workspace, tmp_path: Path) -> Path:
    """A student's folder: the generated template, as a release lays it out."""
    folder = tmp_path / "t1_toy"
    shutil.copytree(toy.template("t1_toy"), folder)
    return folder


@pytest.fixture
def solved(toy: Workspace, released: Path) -> Path:
    """A student's folder with everything written."""
    for path in toy.solution("t1_toy").glob("*.py"):
        shutil.copy(path, released)
    return released


def by_id(results: list[QuestionResult]) -> dict[str, QuestionResult]:
    return {result.id: result for result in results}


def shown(
    results: list[QuestionResult], assignment: Assignment, progress: Progress = NOTHING
) -> str:
    console = Console(file=io.StringIO(), width=160, legacy_windows=False)
    render(results, console, assignment, progress)
    return console.file.getvalue()


# --- check ----------------------------------------------------------------------------------------


def test_the_solution_passes_every_public_test(solved, toy_assignment):
    results = check(solved, toy_assignment)
    assert [r.verdict for r in results] == [Verdict.PASS] * 3
    assert totals(results, toy_assignment) == ["other questions 2/2", *("exercise1 1/1",)] + [
        "exercise2 1/1"
    ]
    assert "python -m kit pack" in advice(results, toy_assignment, NOTHING)
    assert not failed(results)


def test_the_template_is_not_attempted(released, toy_assignment):
    results = check(released, toy_assignment)
    assert {r.verdict for r in results} == {Verdict.NOT_ATTEMPTED}
    assert sum(r.points for r in results) == 0
    assert not failed(results)
    text = shown(results, toy_assignment, Progress.of(released, toy_assignment))
    assert text.count("NOT ATTEMPTED") == 3
    assert "Next, q1: write vectors.unit, vectors.project" in text


def test_every_function_that_is_not_written_is_named_whichever_the_tests_met(
    released, toy_assignment
):
    first = check(released, toy_assignment, ["q1"])[0]
    met_unit = replace(first, cases=first.cases[:1])
    text = shown([met_unit], toy_assignment, Progress.of(released, toy_assignment))
    assert "not written yet: unit, project" in text


def test_of_a_question_in_part_written_the_rest_is_next(solved, toy_assignment):
    source = (solved / "vectors.py").read_text()
    stub = 'def project(x, direction):\n    raise NotImplementedError("project is not written yet")'
    (solved / "vectors.py").write_text(f"{source}\n\n{stub}\n")
    results = check(solved, toy_assignment)
    text = shown(results, toy_assignment, Progress.of(solved, toy_assignment))
    assert "not written yet: project" in text
    assert "Next, q1: write vectors.project, then run the check again." in text


def test_next_names_the_functions_that_a_failed_case_is_about(solved, toy_assignment):
    source = (solved / "vectors.py").read_text()
    (solved / "vectors.py").write_text(f"{source}\n\ndef unit(x):\n    return x\n")
    results = check(solved, toy_assignment)
    assert failed(results)
    said = advice(results, toy_assignment, Progress.of(solved, toy_assignment))
    assert said == "Next, q1: correct vectors.unit, then run the check again."
    said = advice(results, toy_assignment, NOTHING)
    assert said == "Next, q1: correct it, then run the check again."


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        ("signal", "moving_average() takes 1 positional argument but 2 were given"),
        ("s, w, more", "moving_average() missing 1 required positional argument: 'more'"),
    ],
)
def test_another_signature_is_called_one(solved, toy_assignment, signature, says):
    (solved / "averages.py").write_text(f"def moving_average({signature}):\n    return 1\n")
    result = by_id(check(solved, toy_assignment))["q2"]
    assert result.verdict is Verdict.ERROR
    said = "moving_average cannot be called as its docstring says: "
    assert {case.message for case in result.cases} == {said + says}


def test_hidden_tests_play_no_part(solved, toy_assignment):
    assert not any(case.hidden for r in check(solved, toy_assignment) for case in r.cases)


def test_an_exception_names_its_line(solved, toy_assignment):
    (solved / "averages.py").write_text("def moving_average(s, w):\n    return 1 / 0\n")
    result = by_id(check(solved, toy_assignment))["q2"]
    assert result.verdict is Verdict.ERROR
    assert result.cases[0].message == "ZeroDivisionError: division by zero (averages.py:2)"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\nx = (1,\n", "averages.py:2: SyntaxError: '(' was never closed"),
        ("import no_such_thing\n", "averages.py:1: importing it raised ModuleNotFoundError"),
        ("import sys\n\nsys.exit(3)\n", "averages.py:3: importing it raised SystemExit: 3"),
        ("x = 1\ny = x / 0\n", "averages.py:2: importing it raised ZeroDivisionError"),
        (b"x = '\xff'\n", "averages.py"),
    ],
)
def test_a_module_that_cannot_be_imported_costs_only_its_own(solved, toy_assignment, source, says):
    data = source if isinstance(source, bytes) else source.encode()
    (solved / "averages.py").write_bytes(data)
    results = by_id(check(solved, toy_assignment))
    assert results["q1"].verdict is Verdict.PASS
    assert results["q2"].verdict is results["q3"].verdict is Verdict.ERROR
    assert says in results["q2"].cases[0].message
    assert says in shown(list(results.values()), toy_assignment)


def test_system_exit_in_a_function_is_an_error(solved, toy_assignment):
    text = "import sys\ndef moving_average(s, w):\n    sys.exit(0)\n"
    (solved / "averages.py").write_text(text)
    results = by_id(check(solved, toy_assignment))
    assert results["q2"].verdict is Verdict.ERROR
    assert results["q3"].verdict is Verdict.MISSING
    assert results["q3"].cases[0].message == "averages.py has no function make_running_mean"


def test_ctrl_c_stops_cleanly(solved, toy_assignment):
    text = "def moving_average(s, w):\n    raise KeyboardInterrupt\n"
    (solved / "averages.py").write_text(text)
    path = list(sys.path)
    with pytest.raises(Stopped, match=r"q2 ran, in averages.py:2; .* it: q1 PASS") as stopped:
        check(solved, toy_assignment)
    assert stopped.value.exit_code == 130
    assert sys.path == path
    assert "averages" not in sys.modules


def test_a_wrong_form_is_a_failure_of_the_student_not_of_the_test(solved, toy_assignment):
    text = "def make_running_mean():\n    return None\n"
    (solved / "averages.py").write_text(text)
    result = by_id(check(solved, toy_assignment))["q3"]
    assert result.verdict is Verdict.FAIL
    assert "cannot use what came back (TypeError" in result.cases[0].message


def test_an_exception_without_text_is_survived(solved, toy_assignment):
    text = (
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\n"
        "def moving_average(s, w):\n    raise Odd\n"
    )
    (solved / "averages.py").write_text(text)
    result = by_id(check(solved, toy_assignment))["q2"]
    assert result.cases[0].message == "Odd: (it has no text) (averages.py:5)"


def test_a_missing_file_and_chosen_questions(solved, toy_assignment):
    (solved / "vectors.py").unlink()
    seen: list[str] = []
    results = check(solved, toy_assignment, ["q2", "q1"], seen.append)
    assert seen == ["q1", "q2"]
    assert [r.verdict for r in results] == [Verdict.MISSING, Verdict.PASS]
    with pytest.raises(UsageError, match="no question 'q9'"):
        check(solved, toy_assignment, ["q9"])


def test_a_folder_without_tests_says_so(solved, toy_assignment):
    for path in (solved / "tests").glob("*.py"):
        path.unlink()
    with pytest.raises(KitError, match="holds no tests"):
        check(solved, toy_assignment)


def test_a_broken_public_test_is_not_the_students_fault(solved, toy_assignment):
    (solved / "tests" / "q1.py").write_text("import no_such_thing\n")
    with pytest.raises(KitError, match=r"public/q1.py cannot be read \(ModuleNotFoundError"):
        check(solved, toy_assignment)


def test_markup_in_a_students_text_is_shown_as_it_is(solved, toy_assignment):
    text = 'def moving_average(s, w):\n    raise ValueError("[red]not markup[/nonsense]")\n'
    (solved / "averages.py").write_text(text)
    assert "[red]not markup[/nonsense]" in shown(check(solved, toy_assignment), toy_assignment)


def test_students_modules_are_forgotten_afterwards(solved, toy_assignment):
    (solved / "averages.py").write_text("def moving_average(s, w):\n    return 1\n")
    assert by_id(check(solved, toy_assignment))["q2"].verdict is Verdict.FAIL
    shutil.copy(CODE / "tests/toy/solutions/t1_toy/averages.py", solved)
    assert by_id(check(solved, toy_assignment))["q2"].verdict is Verdict.PASS


# --- where there is no POSIX ----------------------------------------------------------------------

_WITHOUT_POSIX = """
import os, sys

BLOCKED = {"fcntl", "resource", "termios", "pty", "grp", "pwd"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in BLOCKED:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Blocker())
for name in ("fork", "forkpty", "setsid", "getuid", "geteuid", "killpg"):
    if hasattr(os, name):
        delattr(os, name)
import signal
for name in ("SIGKILL", "SIGALRM", "alarm", "setitimer"):
    if hasattr(signal, name):
        delattr(signal, name)

from pathlib import Path
from rich.console import Console
from kit.assignment import load
from kit.experiments import experiment
from kit.paths import find_workspace
from kit.student.check import check, render
from kit.student.pack import pack
from kit.student.table import Progress

workspace = find_workspace(Path.cwd())
assignment = load(workspace.resolve(None), workspace)
results = check(Path.cwd(), assignment)
render(results, Console(width=120), assignment, Progress.of(Path.cwd(), assignment))
print(pack(Path.cwd(), assignment, "ada").files)
print(*experiment.run(workspace, assignment.slug, "demo").facts)
assert not BLOCKED & set(sys.modules), BLOCKED & set(sys.modules)
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(CODE), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_check_pack_and_experiment_without_posix(solved):
    done = run(solved, "-c", _WITHOUT_POSIX)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("PASS") == 3
    assert "('averages.py', 'notebook/work.ipynb', 'vectors.py')" in done.stdout
    assert "error.width3" in done.stdout


# --- the pytest door ------------------------------------------------------------------------------


def test_cases_are_named_by_question(released):
    names = [str(case) for case in door.cases(released)]
    assert names[:2] == ["q1-test_unit_of_3_4", "q1-test_project_shape"]
    assert len(names) == 5


def test_pytest_shows_sentences_without_a_traceback(solved):
    source = """
        def moving_average(s, w):
            return [1.0, 2.0]

        def make_running_mean():
            raise NotImplementedError("make_running_mean is not written yet")
        """
    (solved / "averages.py").write_text(textwrap.dedent(source))
    done = run(solved, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_public.py")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    assert "2 failed" in done.stdout
    assert "the result has shape (2,); expected (3,)" in done.stdout
    assert "NOT ATTEMPTED: after 1 and 3 the running mean is 2" in done.stdout
    assert "Traceback" not in done.stdout
    assert "otter" not in done.stdout


# --- pack -----------------------------------------------------------------------------------------


def test_pack_is_deterministic_and_complete(solved, toy_assignment):
    (solved / "report").mkdir(exist_ok=True)
    (solved / "report" / "report.pdf").write_bytes(b"%PDF-1.7")
    packed = pack(solved, toy_assignment, "ada")
    first = packed.path.read_bytes()
    os.utime(solved / "vectors.py", (1, 1))
    assert pack(solved, toy_assignment, "ada").path.read_bytes() == first
    assert packed.path.name == "ada.zip"
    assert packed.missing == packed.problems == packed.findings == ()
    with zipfile.ZipFile(packed.path) as archive:
        names = archive.namelist()
        assert names == ["averages.py", "notebook/work.ipynb", "report.pdf", "vectors.py"]
        assert archive.read("vectors.py") == (solved / "vectors.py").read_bytes()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pack_leaves_private_files_out(solved, toy_assignment):
    (solved / "diary.txt").write_text("mine")
    assert "diary.txt" not in pack(solved, toy_assignment, "ada").files


def test_pack_says_what_is_missing_and_unfinished(released, toy_assignment):
    (released / "vectors.py").unlink()
    packed = pack(released, toy_assignment, "ada")
    assert packed.missing == ("vectors.py",)
    assert packed.findings == (
        "averages.py: none of its 2 functions is written yet",
        "report.pdf is not there, which is allowed",
    )


def test_pack_names_the_line_of_a_syntax_error(solved, toy_assignment):
    (solved / "averages.py").write_text("x = 1\ndef f(:\n")
    packed = pack(solved, toy_assignment, "ada")
    (problem,) = packed.problems
    assert problem.startswith("averages.py:2: it cannot be imported")
    assert f"{problem}; then pack again" in incomplete(packed, toy_assignment)


def test_pack_finds_a_file_by_its_alias_and_says_so_when_two_match(solved, toy_assignment):
    (solved / "averages.py").rename(solved / "averages_v1.py")
    assert "averages.py" in pack(solved, toy_assignment, "ada").files
    shutil.copy(solved / "averages_v1.py", solved / "averages_v2.py")
    packed = pack(solved, toy_assignment, "ada")
    assert packed.problems == (
        "averages.py could be any of averages_v1.py, averages_v2.py; averages_v1.py was packed: "
        "name the one that you mean averages.py",
    )
    assert "averages.py" in packed.files


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "report.pdf is empty: put the PDF of your report in its place"),
        (b"PK\x03\x04", "report.pdf is no PDF, whatever its name says: put the PDF of your report"),
    ],
)
def test_a_report_that_is_no_pdf_is_not_ready_to_hand_in(solved, toy_assignment, data, says):
    (solved / "report.pdf").write_bytes(data)
    packed = pack(solved, toy_assignment, "ada")
    (problem,) = packed.problems
    assert problem.startswith(says)
    assert "`python -m kit report` builds the report" in incomplete(packed, toy_assignment)


def test_of_two_reports_the_student_has_to_choose(solved, toy_assignment):
    for name in ("draft.pdf", "essay.pdf"):
        (solved / name).write_bytes(b"%PDF-1.7")
    (problem,) = pack(solved, toy_assignment, "ada").problems
    assert problem == (
        "report.pdf could be any of draft.pdf, essay.pdf; draft.pdf was packed: name the one that "
        "you mean report.pdf"
    )
    named = with_form(toy_assignment)  # which asks for ada.pdf
    (solved / "essay.pdf").rename(solved / "ada.pdf")
    assert pack(solved, named, "ada").problems == ()
    (solved / "ada.pdf").rename(solved / "report.pdf")
    assert pack(solved, toy_assignment, "ada").problems == ()


def test_pack_takes_a_name_in_other_letters_as_the_grader_does(solved, toy_assignment):
    (solved / "averages.py").rename(solved / "Averages.PY")
    packed = pack(solved, toy_assignment, "ada")
    assert "averages.py" in packed.files and packed.missing == ()
    assert "Averages.PY was packed as averages.py" in packed.findings


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../eve", "a/b", "a\\b", "con", "aux.x", "ada.", "-rf", "a b", "x" * 80]
)
def test_pack_refuses_a_name_that_is_none(solved, toy_assignment, name):
    with pytest.raises(UsageError, match="cannot name a hand-in"):
        pack(solved, toy_assignment, name)


def with_form(assignment, **form):
    """The assignment with names of a form, a report that is named so, and no Word files."""
    files = [
        file.model_copy(update={"packed_as": "{student}.pdf"}) if file.kind == "report" else file
        for file in assignment.handin.files
    ]
    handin = {"refused": ("*.doc", "*.docx"), "files": tuple(files), **form}
    return assignment.model_copy(update={"handin": assignment.handin.model_copy(update=handin)})


def test_pack_asks_for_the_form_of_names_that_a_course_has(solved, toy_assignment):
    form = {"student": r"[a-z]+_\d+", "example": "lovelace_123"}
    named = with_form(toy_assignment, **form)
    with pytest.raises(UsageError, match="such as lovelace_123"):
        pack(solved, named, "ada")
    assert pack(solved, named, "ada_7").path.name == "ada_7.zip"


def test_a_report_can_carry_its_students_name(solved, toy_assignment):
    (solved / "report.pdf").write_bytes(b"%PDF-1.7")
    packed = pack(solved, with_form(toy_assignment), "ada_7")
    assert "ada_7.pdf" in packed.files and "report.pdf" not in packed.files
    assert packed.findings == ()
    (solved / "report.pdf").rename(solved / "essay.pdf")
    packed = pack(solved, with_form(toy_assignment), "ada_7")
    assert "ada_7.pdf" in packed.files
    assert packed.findings == ("essay.pdf was packed as ada_7.pdf",)


def test_a_file_of_a_refused_kind_is_not_packed_and_named(solved, toy_assignment):
    (solved / "Report.DOCX").write_bytes(b"PK")
    packed = pack(solved, with_form(toy_assignment), "ada")
    assert packed.findings[0] == "Report.DOCX is not packed: files of its kind are not accepted"
    assert "Report.DOCX" not in packed.files


def test_pack_never_overwrites_what_it_did_not_make(solved, toy_assignment):
    (solved / "ada.zip").write_bytes(b"my only copy")
    with pytest.raises(UsageError, match="was not made by `pack`"):
        pack(solved, toy_assignment, "ada")
    with zipfile.ZipFile(solved / "bob.zip", "w") as archive:
        archive.writestr("photo.txt", "x")
    with pytest.raises(UsageError, match="was not made by `pack`"):
        pack(solved, toy_assignment, "bob")
    assert (solved / "ada.zip").read_bytes() == b"my only copy"


def test_pack_refuses_nothing_and_too_much(solved, toy_assignment, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="holds nothing to hand in"):
        pack(empty, toy_assignment, "ada")
    (solved / "report.pdf").write_bytes(os.urandom(2 << 20))
    with pytest.raises(UsageError, match="1 MB are allowed"):
        pack(solved, toy_assignment, "ada")


UNIT = "def unit(x):\n    return x"
PROJECT = "def project(x, direction):\n    return x @ direction"


def in_notebook(folder: Path, *cells: str) -> None:
    """Write cells into the released notebook, each behind the cells that it has."""
    path = folder / "t1_toy.ipynb"
    book = json.loads(path.read_text("utf-8"))
    for cell in cells:
        code = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": []}
        book["cells"].append(code | {"execution_count": None, "source": cell})
    path.write_text(json.dumps(book), "utf-8")


def as_graded(packed: Packed, assignment: Assignment, folder: Path) -> Mapping[str, bytes]:
    """The modules that the grader makes of an archive."""
    folder.mkdir()
    shutil.copy(packed.path, folder)
    (entry,) = discover(folder)
    return read(entry, assignment).files


def test_functions_in_the_notebook_are_handed_in_and_graded(released, toy_assignment, tmp_path):
    in_notebook(released, "import numpy as np\nnp.random.seed(1)", UNIT, PROJECT, "oops(:")
    (released / "averages.py").write_text("def moving_average(signal, width):\n    return 1\n")
    packed = pack(released, toy_assignment, "ada")
    assert packed.missing == packed.problems == ()
    assert "vectors.py" not in packed.files
    said = "project, unit are in t1_toy.ipynb only; the notebook is packed in the place of"
    assert packed.findings[0] == f"{said} vectors.py"
    assert any("t1_toy.ipynb: cell" in one and "was left out" in one for one in packed.findings)
    graded = as_graded(packed, toy_assignment, tmp_path / "class")
    assert b"x @ direction" in graded["vectors.py"] and b"return 1" in graded["averages.py"]


def test_a_notebook_that_is_not_worked_in_stands_for_nothing(released, toy_assignment):
    packed = pack(released, toy_assignment, "ada")
    assert {"vectors.py", "averages.py"} <= set(packed.files)
    assert not any("t1_toy.ipynb" in one for one in (*packed.problems, *packed.findings))


def test_what_both_define_counts_from_the_module(solved, toy_assignment, tmp_path):
    in_notebook(solved, UNIT)
    packed = pack(solved, toy_assignment, "ada")
    assert packed.problems == ()
    said = "unit is in t1_toy.ipynb, too; what vectors.py has counts"
    assert said in packed.findings
    graded = as_graded(packed, toy_assignment, tmp_path / "class")
    assert graded["vectors.py"] == (solved / "vectors.py").read_bytes()


@pytest.mark.parametrize(
    ("more", "cell", "says"),
    [
        (UNIT, PROJECT, "since it has unit: copy"),
        ("SCALE = 2", PROJECT + " * SCALE", "since it defines SCALE: copy"),
    ],
)
def test_a_function_that_would_be_lost_is_a_problem(released, toy_assignment, more, cell, says):
    source = (released / "vectors.py").read_text()
    (released / "vectors.py").write_text(f"{source}\n\n{more}\n")
    in_notebook(released, cell)
    packed = pack(released, toy_assignment, "ada")
    (problem,) = packed.problems
    assert problem.startswith("project is in t1_toy.ipynb only, and vectors.py counts, ")
    assert says in problem and "vectors.py" in packed.files


def test_a_check_says_that_it_looks_at_the_modules(released, toy_assignment):
    assert notebook.remarks(released, toy_assignment, ["q1", "q2"]) == []
    in_notebook(released, UNIT, PROJECT)
    assert notebook.remarks(released, toy_assignment, ["q2"]) == []
    (said,) = notebook.remarks(released, toy_assignment, ["q1", "q2"])
    assert said == (
        "t1_toy.ipynb defines vectors.unit, vectors.project; the check runs the .py files: copy "
        "them there to see the verdict"
    )


def test_what_is_packed_is_what_the_grader_reads(solved, toy_assignment, tmp_path):
    packed = pack(solved, toy_assignment, "ada")
    folder = tmp_path / "submissions"
    folder.mkdir()
    shutil.copy(packed.path, folder)
    (entry,) = discover(folder)
    submission = read(entry, toy_assignment)
    assert submission.student == "ada"
    assert submission.error is None
    assert submission.files == {
        name: (solved / name).read_bytes() for name in ("averages.py", "vectors.py")
    }
