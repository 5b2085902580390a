"""What leaves the grader: the gradebook, Gradescope's files, the feedback and class pages."""

import csv
import html.parser
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from kit.assignment import Assignment, Rules
from kit.grading.autograders.gradescope_json import problems, to_gradescope, write_gradescope
from kit.grading.handed_out.exports import write_exports
from kit.grading.handed_out.feedback import write_feedback
from kit.grading.handed_out.gradebook import write_gradebook
from kit.grading.marks.hand_marks import HandMark
from kit.grading.marks.marks import mark
from kit.grading.results import (
    CaseResult,
    Finding,
    QuestionResult,
    SubmissionResult,
    Verdict,
)
from kit.grading.spreadsheet import guarded

EVIL = "</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


def case(number: int, verdict: Verdict, most: float, *, hidden: bool, text: str) -> CaseResult:
    points = {Verdict.PASS: most, Verdict.GRADER_ERROR: None}.get(verdict, 0.0)
    return CaseResult(f"test_{number}", f"case {number}", points, most, hidden, verdict, text)


def question(name: str, verdict: Verdict, most: float, text: str = "") -> QuestionResult:
    cases = (
        case(1, Verdict.PASS, 1, hidden=False, text=""),
        case(2, verdict, most - 1, hidden=True, text=text),
    )
    points = None if verdict is Verdict.GRADER_ERROR else sum(c.points or 0 for c in cases)
    return QuestionResult(name, f"question {name}", points, most, verdict, cases)


def graded(
    student: str = "ada", verdict: Verdict = Verdict.PASS, text: str = ""
) -> SubmissionResult:
    questions = (
        question("q1", verdict, 4, text),
        question("q2", Verdict.PASS, 3),
        question("q3", Verdict.MISSING, 3),
    )
    open_mark = verdict is Verdict.GRADER_ERROR
    return SubmissionResult(
        student=student,
        assignment="t1_toy",
        verdict=verdict,
        points=None if open_mark else (questions[0].points or 0) + 3,
        max_points=7,
        questions=questions,
        findings=(Finding("import", f"imports socket {text}", "vectors.py", 3),),
        tier="namespaces",
        seed_id="abcd1234",
        submission_sha256="1" * 64,
        tests_sha256="2" * 64,
        kit_version="0",
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_gradebook_has_a_row_per_student(toy_assignment: Assignment, tmp_path: Path) -> None:
    results = [graded("ada"), graded("bob, jr", Verdict.FAIL), graded("eve", Verdict.GRADER_ERROR)]
    pairs = [(result, mark(toy_assignment, result)) for result in results]
    ada, bob, eve = rows(write_gradebook(tmp_path / "g.csv", toy_assignment, pairs))
    assert (ada["q1"], ada["exercise1"], ada["exercise2"], ada["counted"]) == (
        "4",
        "3",
        "1",
        "exercise1",
    )
    assert (ada["auto"], ada["so_far"], ada["so_far_of"], ada["pending"]) == (
        "7",
        "7",
        "7",
        "report",
    )
    assert (ada["final"], ada["out_of"]) == ("", "10")  # final is final
    assert (bob["student"], bob["auto"], bob["verdict"]) == ("bob, jr", "4", "FAIL")
    assert (eve["q1"], eve["auto"], eve["so_far"], eve["final"]) == (
        "",
        "",
        "",
        "",
    )  # nobody's zero
    assert ada["findings"] == "1"


def test_a_final_mark_stands_in_the_gradebook(toy_assignment: Assignment, tmp_path: Path) -> None:
    made = mark(toy_assignment, graded(), {"report": HandMark("report", 2.5, "")})
    (ada,) = rows(write_gradebook(tmp_path / "g.csv", toy_assignment, [(graded(), made)]))
    assert (ada["report"], ada["so_far"], ada["final"], ada["out_of"]) == (
        "2.5",
        "9.5",
        "9.5",
        "10",
    )
    assert ada["pending"] == ""


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "|cmd", "%0A=1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert [guarded(text) for text in ("ada", "-4", "-0.25")] == ["ada", "-4", "-0.25"]


def test_a_name_that_is_a_formula_is_guarded(toy_assignment: Assignment, tmp_path: Path) -> None:
    result = graded("=cmd|' /C calc'!A0")
    path = write_gradebook(
        tmp_path / "g.csv", toy_assignment, [(result, mark(toy_assignment, result))]
    )
    assert rows(path)[0]["student"].startswith("'=")


def test_every_page_and_table_shows_four_decimals(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    large = toy_assignment.model_copy(update={"components": {"auto": 7.0, "report": 193.0}})
    result = graded()
    made = mark(large, result, {"report": HandMark("report", 132.9996, "")})
    write_exports(tmp_path, large, [(result, made)])
    (ada,) = rows(tmp_path / "gradebook.csv")
    assert (ada["report"], ada["so_far"], ada["final"]) == ("132.9996", "139.9996", "139.9996")
    for page in ("index.html", "feedback/ada.html"):
        assert "<b>139.9996</b>" in (tmp_path / page).read_text()
    document = (tmp_path / "gradescope" / "ada" / "results.json").read_text()
    assert "Mark: 139.9996 of 200." in document


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.GRADER_ERROR])
def test_gradescope_accepts_its_file(
    toy_assignment: Assignment, tmp_path: Path, verdict: Verdict
) -> None:
    result = graded(verdict=verdict, text=EVIL)
    path = write_gradescope(tmp_path, toy_assignment, result, mark(toy_assignment, result))
    assert path is not None
    document = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    assert problems(document) == []
    assert document["score"] == result.points and isinstance(document["score"], float)
    assert len(document["tests"]) == 6
    for row in document["tests"]:
        hidden = row["name"].endswith("case 2")
        assert row["visibility"] == ("after_published" if hidden else "visible")
        assert row["status"] == ("passed" if row["score"] == row["max_score"] else "failed")
    assert document["extra_data"]["tier"] == "namespaces"
    assert b"\r" not in path.read_bytes()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"score": math.nan}, "not a finite number"),
        ({"score": "7"}, "not a finite number"),
        ({"score": True}, "not a finite number"),
        ({"output_format": "latex"}, "output_format"),
        ({"visibility": "later"}, "visibility"),
        ({"score": None, "tests": []}, "neither"),
        ({"tests": [{"score": 3, "max_score": 2, "visibility": "visible"}]}, "3 of 2"),
        ({"tests": [{"score": math.inf, "max_score": 2, "visibility": "visible"}]}, "finite"),
        ({"tests": [{"score": 1, "max_score": 2, "visibility": "nobody"}]}, "visibility"),
        ({"tests": [{"score": 1, "max_score": 2, "visibility": "hidden", "status": "ok"}]}, "ok"),
    ],
)
def test_gradescopes_rules_are_checked(
    toy_assignment: Assignment, change: dict[str, object], problem: str
) -> None:
    result = graded()
    document = to_gradescope(toy_assignment, result, mark(toy_assignment, result)) | change
    assert any(problem in found for found in problems(document))


def test_gradescope_gets_no_zero_for_our_fault(toy_assignment: Assignment, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("{}")  # of an earlier run
    result = graded(verdict=Verdict.GRADER_ERROR)
    assert write_gradescope(tmp_path, toy_assignment, result, mark(toy_assignment, result)) is None
    assert not (tmp_path / "results.json").exists()


class Page(html.parser.HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def pages(assignment: Assignment, tmp_path: Path, result: SubmissionResult) -> tuple[Page, Page]:
    files = write_exports(tmp_path, assignment, [(result, mark(assignment, result))])
    feedback = next(path for path in files if path.parent.name == "feedback")
    return Page(feedback.read_text()), Page((tmp_path / "index.html").read_text())


def test_what_a_student_wrote_never_becomes_markup(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    result = graded("ada", Verdict.FAIL, EVIL)
    evil_title = replace(result.questions[0], title=EVIL)
    result = replace(result, questions=(evil_title, *result.questions[1:]))
    for page in pages(toy_assignment, tmp_path, result):
        assert "script" not in page.tags and "img" not in page.tags
        assert not any(name.startswith("on") for name, _ in page.attributes)
    feedback, _ = pages(toy_assignment, tmp_path, result)
    assert EVIL in feedback.text  # shown, and shown as it is


def test_a_name_never_becomes_markup(toy_assignment: Assignment, tmp_path: Path) -> None:
    name = "<b>x&'\""
    feedback, index = pages(toy_assignment, tmp_path, graded(name))
    assert name in feedback.text and name in index.text
    links = [value for key, value in index.attributes if key == "href"]
    assert "feedback/%3Cb%3Ex%26%27%22.html" in links


def test_a_page_needs_nothing_else(toy_assignment: Assignment, tmp_path: Path) -> None:
    for page in pages(toy_assignment, tmp_path, graded()):
        assert not {"script", "link", "iframe", "img"} & set(page.tags)
        links = [value or "" for key, value in page.attributes if key in ("src", "href")]
        assert not any(link.startswith(("http", "//")) for link in links)
        assert ("name", "viewport") in page.attributes


def test_the_page_says_what_counts_and_what_was_noticed(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    feedback, index = pages(toy_assignment, tmp_path, graded("ada", Verdict.TIMEOUT, "too slow"))
    text = " ".join(feedback.text.split())
    assert "3 of 3 · counts" in text and "1 of 3 · does not count" in text
    assert "vectors.py:3" in text and "isolation tier “namespaces”" in text
    assert "did not end within its time" in text
    assert "hidden test" in text
    assert "question q1" not in index.text  # the class page has the manifest's titles
    assert "Unit vectors and projections" in index.text


def test_an_unreadable_submission_has_a_page(toy_assignment: Assignment, tmp_path: Path) -> None:
    finding = Finding("intake", "the zip is damaged; ask for it again")
    result = replace(
        graded("eve", Verdict.ERROR), questions=(), findings=(finding,), points=0.0, tier=""
    )
    feedback, _ = pages(toy_assignment, tmp_path, result)
    assert "could not be read" in feedback.text and "the zip is damaged" in feedback.text


def test_equal_results_make_equal_bytes(toy_assignment: Assignment, tmp_path: Path) -> None:
    result = graded()
    pair = [(result, mark(toy_assignment, result))]
    first = write_exports(tmp_path / "a", toy_assignment, pair)
    second = write_exports(tmp_path / "b", toy_assignment, pair)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_feedback_says_that_a_regrade_may_lower_a_mark(toy_assignment, tmp_path):
    raw = SubmissionResult("ada", "t1_toy", Verdict.PASS, 0, 7, (), (), "", "", "", "", "")
    said = "so that a mark may also become lower"
    for lower in (False, True):
        assignment = toy_assignment.model_copy(update={"rules": Rules(regrade_may_lower=lower)})
        path = write_feedback(tmp_path / "ada.html", assignment, raw, mark(assignment, raw))
        assert (said in path.read_text()) is lower
