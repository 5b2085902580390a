"""Documents that a person should look at: scans, word processors' files, names without a number."""

import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from kit.assignment import Assignment
from kit.grading.intake.discover import discover
from kit.grading.intake.documents import findings
from kit.grading.intake.intake import read

SCAN = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
TYPED = b"BT /F1 12 Tf 72 720 Td (An answer) Tj ET"


def pdf(*contents: bytes, packed: bool = True, more: bytes = b"") -> bytes:
    """A PDF with these content streams, and an image that every scan has."""
    image = b"<< /Type /XObject /Subtype /Image /Width 2480 /Height 3508 /Length 4 >>"
    parts = [b"%PDF-1.7\n", b"9 0 obj\n" + image + b"\nstream\n\x00Do \nendstream\nendobj\n"]
    for number, content in enumerate(contents, start=10):
        data = zlib.compress(content) if packed else content
        head = b"<< /Length %d%s >>" % (len(data), b" /Filter /FlateDecode" if packed else b"")
        parts.append(
            b"%d 0 obj\n" % number + head + b"\nstream\n" + data + b"\nendstream\nendobj\n"
        )
    return b"".join(parts) + more


def found(assignment: Assignment, **files: bytes) -> list[str]:
    named = {name.replace("_", "."): data for name, data in files.items()}
    return [f"{one.kind}: {one.text}" for one in findings(assignment, named)]


@pytest.mark.parametrize(
    ("content", "scanned"),
    [
        (SCAN, True),
        (b"q 0.24 0 0 0.24 0 0 cm 2480 0 0 3508 0 0 cm /Im0 Do Q", True),  # scaled in two steps
        (b"q 0 842 -595 0 595 0 cm /X9 Do Q", True),  # turned by a quarter
        (TYPED, False),
        (SCAN + b" BT 3 Tr /F1 8 Tf [(text) -20 (found)] TJ ET", False),  # a scan that is readable
        (b"q 1 0 0 1 72 72 cm /Fm1 Do Q", False),  # a page that is bound into the report
        (b"q 240 0 0 240 72 500 cm /I1 Do Q", False),  # a figure without words
        (b"0 0 m 10 10 l S", False),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_a_page_that_is_a_picture_is_told_from_a_typed_one(
    toy_assignment: Assignment, content: bytes, scanned: bool, packed: bool
) -> None:
    said = found(toy_assignment, report_pdf=pdf(TYPED, content, packed=packed))
    assert said == (
        ["scan: a page is a picture without text, as a scan of handwriting is; a person has to look"
         " at them"]
        if scanned else []
    )  # fmt: skip


def test_pages_are_counted_and_what_hides_them_is_said(toy_assignment: Assignment) -> None:
    (said,) = found(toy_assignment, report_pdf=pdf(SCAN, SCAN, TYPED))
    assert said.startswith("scan: 2 pages are pictures without text")
    locked = pdf(SCAN, more=b"trailer << /Encrypt 5 0 R >>")
    assert "it is encrypted" in found(toy_assignment, report_pdf=locked)[0]
    assert found(toy_assignment, report_pdf=b"PK\x03\x04") == [
        "scan: it is no PDF, whatever its name says"
    ]


def test_a_report_of_ours_is_no_scan(toy_assignment: Assignment, tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().imshow([[0, 1], [1, 0]])
    figure.savefig(tmp_path / "figure.pdf")
    assert found(toy_assignment, report_pdf=(tmp_path / "figure.pdf").read_bytes()) == []


def test_a_hostile_pdf_takes_little_time_and_memory(toy_assignment: Assignment) -> None:
    bomb = zlib.compress(b"0" * (64 << 20))
    streams = (b"1 0 obj << /FlateDecode >>\nstream\n" + bomb + b"endstream\n") * 200
    many = b"%PDF-1.7\n" + b"stream\nendstream\n" * 300_000
    tracemalloc.start()
    started = time.process_time()
    assert found(toy_assignment, a_pdf=b"%PDF-1.7\n" + streams) == []
    said = found(toy_assignment, b_pdf=many)
    assert time.process_time() - started < 20  # it was below three
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 << 20  # the files themselves hold 18 MB
    assert said == ["scan: it holds too many parts to be looked through for scanned pages"]


@pytest.mark.parametrize("name", ["report_docx", "report_DOC", "report_odt"])
def test_a_word_processors_file_is_a_finding(toy_assignment: Assignment, name: str) -> None:
    (said,) = found(toy_assignment, **{name: b"PK"})
    assert said.startswith("document: a word processor's file; a PDF is what is asked for")


def test_a_kind_that_the_hand_in_list_refuses_is_said_once(toy_assignment: Assignment) -> None:
    strict = toy_assignment.handin.model_copy(update={"refused": ("*.docx",)})
    assignment = toy_assignment.model_copy(update={"handin": strict})
    assert found(assignment, report_docx=b"PK") == []


def test_names_without_the_form_of_the_course_are_findings(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    form = {"student": r"[a-z]+_\d{8}", "example": "lovelace_12345678"}
    handin = toy_assignment.handin.model_copy(update=form)
    assignment = toy_assignment.model_copy(update={"handin": handin})
    for name, report in (("ada", "report.pdf"), ("bob_12345678", "bob_12345678.pdf")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("vectors.py", "x = 1\n")
            archive.writestr("averages.py", "x = 1\n")
            archive.writestr(report, pdf(TYPED))
    ada, bob = (read(entry, assignment) for entry in discover(tmp_path))
    assert [(one.kind, one.file) for one in ada.findings] == [
        ("name", "ada.zip"),
        ("name", "report.pdf"),
    ]
    assert "such as lovelace_12345678" in ada.findings[0].text
    assert bob.findings == ()
