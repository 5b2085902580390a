"""The released folder as a student has it: its own kit, and nothing of the course's around it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kit.authoring.release import release
from kit.paths import CODE, Workspace

SLUG = "t1_toy"
TOY = CODE / "tests" / "toy"


@pytest.fixture(scope="module")
def unpacked(stamped_toy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy's release."""
    course = Workspace(stamped_toy, released=False)
    return release(course, SLUG, tmp_path_factory.mktemp("out")).archive


@pytest.fixture
def folder(unpacked: Path, tmp_path: Path) -> Path:
    """A fresh copy of it, unpacked from the archive."""
    with zipfile.ZipFile(unpacked) as archive:
        archive.extractall(tmp_path)
    return tmp_path / SLUG


@pytest.fixture
def solved(folder: Path) -> Path:
    """The same with every function written."""
    for path in (TOY / "solutions" / SLUG).glob("*.py"):
        shutil.copy(path, folder)
    return folder


def run(folder: Path, *command: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python in `folder`, with an environment that knows nothing of this repository."""
    environment = {"PATH": os.environ["PATH"] if path is None else path, "HOME": str(folder.parent)}
    environment |= {"PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def test_the_untouched_folder_is_not_attempted(folder):
    assert run(folder, "-c", "import kit; print(kit.__file__)").stdout.startswith(str(folder))
    done = run(folder, "-m", "kit", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("NOT ATTEMPTED") == 3
    assert "not written yet: moving_average" in done.stdout
    assert "not written yet: unit, project" in done.stdout
    assert "other questions 0/2, exercise1 0/1, exercise2 0/1" in done.stdout


def test_the_solution_passes_and_is_packed(solved):
    done = run(solved, "-m", "kit", "check")
    assert done.stdout.count("PASS") == 3, done.stdout + done.stderr
    assert done.returncode == 0
    done = run(solved, "-m", "kit", "pack", "--student", "ada")
    assert done.returncode == 0, done.stderr
    assert f"{solved / 'ada.zip'} is ready to hand in" in done.stdout
    (solved / "vectors.py").unlink()
    done = run(solved, "-m", "kit", "pack", "--student", "ada")
    assert done.returncode == 1
    assert "ready" not in done.stdout
    assert f"lacks vectors.py, which must be handed in: put it into {solved}" in done.stderr


def test_a_check_that_fails_says_so_to_the_shell_too(solved):
    (solved / "averages.py").write_text("def moving_average(s, w):\n    return [0.0]\n")
    for chosen, code, verdict in [("q1", 0, "PASS"), ("q2", 1, "FAIL"), ("q3", 1, "MISSING")]:
        done = run(solved, "-m", "kit", "check", "-q", chosen)
        assert (done.returncode, done.stderr) == (code, "") and verdict in done.stdout
    (solved / "averages.py").write_text("1 / 0\n")
    done = run(solved, "-m", "kit", "check")
    assert done.returncode == 1 and "ERROR" in done.stdout


def test_a_student_who_works_in_the_notebook_is_told_what_is_checked_and_packed(folder):
    path = folder / f"{SLUG}.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in book["cells"] if cell["id"] == "q2-import")
    cell["source"] = "def moving_average(signal, width):\n    return signal"
    path.write_text(json.dumps(book), encoding="utf-8")
    done = run(folder, "-m", "kit", "check")
    assert done.returncode == 0
    assert f"note: {SLUG}.ipynb defines averages.moving_average; the check runs" in done.stdout
    done = run(folder, "-m", "kit", "pack", "--student", "ada")
    assert done.returncode == 0, done.stderr
    assert f"moving_average is in {SLUG}.ipynb only; the notebook is packed" in done.stdout


def test_a_report_that_is_no_pdf_is_not_ready(solved):
    (solved / "report.pdf").write_bytes(b"")
    done = run(solved, "-m", "kit", "pack", "--student", "ada")
    assert done.returncode == 1 and "ready to hand in" not in done.stdout
    assert "report.pdf is empty" in done.stderr and (solved / "ada.zip").is_file()


def test_chosen_questions_import_only_what_they_need(solved):
    (solved / "vectors.py").write_text("raise RuntimeError('imported')\n")
    assert "PASS" in run(solved, "-m", "kit", "check", "-q", "q2").stdout
    (solved / "averages.py").write_text("from vectors import unit\n")
    assert "imported" in run(solved, "-m", "kit", "check", "-q", "q2").stdout


def test_a_function_that_fails_is_one_sentence_with_its_line(solved):
    (solved / "averages.py").write_text("def moving_average(s, w):\n    return 1 / 0\n")
    done = run(solved, "-m", "kit", "experiment")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.count("left out: averages: ZeroDivisionError: division by zero") == 1
    assert "(averages.py:2)" in done.stderr


def test_a_report_without_latex_says_what_was_written(solved, tmp_path):
    done = run(solved, "-m", "kit", "report", path=str(tmp_path))
    assert done.returncode == 1
    assert "latexmk is not installed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (solved / "work" / "reports" / SLUG / "demo" / "report.tex").is_file()


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")
def test_a_report_says_how_to_hand_it_in(solved):
    done = run(solved, "-m", "kit", "report")
    assert done.returncode == 0, done.stderr
    assert "report.pdf (" in done.stdout
    assert f"copy it to {solved / 'report.pdf'}" in done.stdout
    text = (solved / "work" / "reports" / SLUG / "demo" / "results.tex").read_text()
    assert "Reference solution" not in text


@pytest.mark.slow
def test_pytest_and_otter_run_the_same_tests(solved):
    done = run(solved, "-m", "pytest", "-q")
    assert "5 passed" in done.stdout, done.stdout + done.stderr
    done = run(solved, "-m", "otter", "check", "averages.py", "-q", "q2")
    assert "All tests passed!" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_the_notebook_runs_the_same_tests(solved):
    command = ("-m", "nbconvert", "--to", "notebook", "--execute", "--output", "done.ipynb")
    done = run(solved, *command, f"{SLUG}.ipynb")
    assert done.returncode == 0, done.stderr
    cells = json.loads((solved / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    said = {cell["id"]: json.dumps(cell.get("outputs")) for cell in cells}
    for question in ("q1", "q2", "q3"):
        assert "passed!" in said[f"{question}-check"]
