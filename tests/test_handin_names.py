"""Hand-ins whose files carry their student's name, as notebooks or code, and nothing besides."""

import json
import zipfile
from pathlib import Path

import pytest

from kit.assignment import Assignment
from kit.grading.discover import discover
from kit.grading.intake import Submission, read
from kit.grading.otter_zip import driver
from kit.student.code import imports_restored
from kit.student.pack import pack

UNIT = b"def unit(x):\n    return x\n\n\ndef project(x, direction):\n    return x\n"
AVERAGE = b"def moving_average(signal, width):\n    return signal\n"
FOLDER, ZIP = "ada", "ada.zip"


def notebook(*cells: str) -> bytes:
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4}).encode()


@pytest.fixture(scope="module")
def named(toy_assignment: Assignment) -> Assignment:
    """The toy, its files under the names ada-vectors, ada-moving-averages and ada-paper."""
    vectors, averages, report, _ = toy_assignment.handin.files
    files = (
        vectors.model_copy(update={"packed_as": "{student}-vectors.py", "notebook": True}),
        averages.model_copy(
            update={"packed_as": "{student}-moving-averages.py", "notebook": True, "aliases": ()}
        ),
        report.model_copy(update={"packed_as": "{student}-paper.pdf", "required": True}),
    )
    handin = toy_assignment.handin.model_copy(
        update={"files": files, "only_listed": True, "refused": ("*.pt", "*.png")}
    )
    return toy_assignment.model_copy(update={"handin": handin})


def handed_in(assignment: Assignment, folder: Path, files: dict[str, bytes]) -> Submission:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / ZIP, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return read(discover(folder)[0], assignment)


def texts(submission: Submission) -> list[str]:
    return [f"{one.kind} {one.file}: {one.text}" for one in submission.findings]


PAPER = {"ada-paper.pdf": b"%PDF-1.7\n"}
CODE = {"ada-vectors.py": UNIT, "ada-moving-averages.py": AVERAGE}


@pytest.mark.parametrize(
    "files",
    [
        CODE,
        {"ada/" + name: data for name, data in CODE.items()},
        {"ada-vectors.ipynb": notebook(UNIT.decode(), "train()"),
         "ada-moving-averages.py": AVERAGE},
        {"ada-vectors.ipynb": notebook(UNIT.decode()), "moving_averages.txt": b"",
         "ada-moving-averages.ipynb": notebook("import numpy as np", AVERAGE.decode())},
        {"vectors.py": UNIT, "averages.py": AVERAGE},
    ],
)  # fmt: skip
def test_every_form_that_is_allowed_has_no_finding(
    named: Assignment, tmp_path: Path, files: dict[str, bytes]
) -> None:
    found = handed_in(named, tmp_path, files | PAPER)
    assert [text for text in texts(found) if "lie in the folder" not in text] == []
    assert set(found.files) == {"vectors.py", "averages.py"}
    assert b"def project" in found.files["vectors.py"] and b"train" not in found.files["vectors.py"]
    assert b"def moving_average" in found.files["averages.py"]


def test_of_code_and_notebook_the_code_is_graded_and_said_to_be(
    named: Assignment, tmp_path: Path
) -> None:
    files = CODE | PAPER | {"ada-vectors.ipynb": notebook("def unit(x):\n    return 0")}
    found = handed_in(named, tmp_path, files)
    assert texts(found) == [
        "layout : vectors.py is there 2 times; ada-vectors.py is graded",
    ]
    assert found.files["vectors.py"] == UNIT


def test_further_sources_are_one_finding_and_still_travel(
    named: Assignment, toy_assignment: Assignment, tmp_path: Path
) -> None:
    more = {f"layer{number}.py": b"import numpy\n" for number in range(7)}
    files = CODE | PAPER | more | {"ada-vectors.pt": b"weights", "try.ipynb": notebook("x = 1")}
    found = handed_in(named, tmp_path, files)
    assert texts(found) == [
        "refused ada-vectors.pt: files of this kind are not accepted",
        "unlisted : no source files but those asked for are accepted: "
        "layer0.py, layer1.py, layer2.py, layer3.py, layer4.py and 3 more",
    ]
    assert set(more) < set(found.files)  # what a module needs is no reason for a zero
    loose = named.handin.model_copy(update={"only_listed": False})
    without = read(discover(tmp_path)[0], named.model_copy(update={"handin": loose}))
    assert not any("unlisted" in text for text in texts(without))


def test_a_notebook_that_cannot_be_read_costs_its_own_module_only(
    named: Assignment, tmp_path: Path
) -> None:
    files = {"ada-vectors.ipynb": b"{", "ada-moving-averages.py": AVERAGE} | PAPER
    found = handed_in(named, tmp_path, files)
    assert any("the notebook cannot be read" in text for text in texts(found))
    assert set(found.files) == {"averages.py"}


@pytest.mark.parametrize("kind", [".py", ".ipynb"])
def test_what_is_packed_has_these_names_and_is_read_again(
    named: Assignment, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    source = UNIT if kind == ".py" else notebook(UNIT.decode())
    (folder / f"vectors{kind}").write_bytes(source)
    (folder / "averages.py").write_bytes(AVERAGE)
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "weights.pt").write_bytes(b"weights")
    (folder / "scratch.py").write_bytes(b"")
    packed = pack(folder, named, "ada")
    names = {f"ada-vectors{kind}", "ada-moving-averages.py", "ada-paper.pdf"}
    assert set(packed.files) == names and packed.missing == ()
    assert packed.findings == ("weights.pt is not packed: files of its kind are not accepted",)
    (tmp_path / "class").mkdir()
    packed.path.rename(tmp_path / "class" / ZIP)
    (entry,) = discover(tmp_path / "class")
    found = read(entry, named)
    assert entry.student == "ada" and texts(found) == []
    assert b"def project" in found.files["vectors.py"]


def test_pack_says_which_of_code_and_notebook_it_took(named: Assignment, tmp_path: Path) -> None:
    (tmp_path / "vectors.py").write_bytes(UNIT)
    (tmp_path / "vectors.ipynb").write_bytes(notebook(UNIT.decode()))
    packed = pack(tmp_path, named, "ada")
    assert packed.files == ("ada-vectors.py",)
    said = "vectors.py could be any of vectors.py, vectors.ipynb; vectors.py was packed"
    assert packed.findings == (said,)
    assert packed.missing == ("averages.py", "report.pdf")


def test_stock_otter_finds_a_module_under_its_students_name(
    named: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ada-vectors.py").write_bytes(b"def unit(x):\n    return 'own'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    place: dict[str, object] = {}
    with imports_restored(named.modules):
        exec("".join(json.loads(driver(named))["cells"][0]["source"]), place)
    unit = place["unit"]
    assert callable(unit) and unit(1) == "own"


def test_a_notebook_that_stands_for_all_modules_is_no_further_source(
    named: Assignment, tmp_path: Path
) -> None:
    work = {"all.ipynb": notebook(UNIT.decode(), AVERAGE.decode())}
    found = handed_in(named, tmp_path, work | PAPER)
    assert {one.kind for one in found.findings} == {"layout"}
    assert set(found.files) == {"vectors.py", "averages.py"}
