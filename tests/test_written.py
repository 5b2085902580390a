"""Written questions: what is read, how it is scored, and how it counts in a graded class."""

import csv
import html
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
import written_course
from rich.console import Console
from toy_course import Course, Recorder
from written_course import BANK, KEY, LATEX, MARKDOWN, RIGHT, SLUG

from kit.assignment import load
from kit.authoring import leaks, release, structure, templates
from kit.bank import load_bank
from kit.errors import KitError, UsageError
from kit.grading.written.answers import collect
from kit.grading.written.key import Key, load_key
from kit.grading.written.scoring import State, credit, score
from kit.jail import available
from kit.paths import CODE, Workspace
from kit.student import written as own
from kit.student.pack import incomplete, pack

WORDS = "Take the product.\n\n### A heading of one's own\n\n```\n# help is no heading in here\n```"
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return written_course.course(tmp_path)


@pytest.fixture
def key(course: Course) -> Key:
    found = load_key(course.workspace, course.assignment)
    assert found is not None
    return found


def notebook(*cells: str, prose: str = "") -> str:
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [*code, {"cell_type": "markdown", "source": prose}]})


def read(course: Course, **files: str):
    """The answers by question; `answers_toml=...` is the file answers.toml."""
    named = {name.replace("_", ".", 1): text.encode() for name, text in files.items()}
    told = collect(course.assignment, named)
    return {one.question: one for one in told.answers}, told.problems


# --- what is read ---------------------------------------------------------------------------------


def test_answers_are_read_from_toml(course):
    answers, problems = read(course, answers_toml=RIGHT)
    assert problems == []
    assert list(answers) == ["one", "bad", "many", "words", "help"]  # not the example
    assert answers["one"].chosen == ("b",) and answers["one"].sources == ("answers.toml:1",)
    assert answers["many"].chosen == ("b", "c")
    assert answers["words"].text == "Take the product."


def test_answers_are_read_from_markdown(course):
    answers, problems = read(course, answers_md=MARKDOWN)
    assert problems == []
    assert answers["one"].chosen == ("b",) and answers["many"].chosen == ("b", "d")
    assert answers["words"].text == WORDS
    assert answers["bad"].blank and answers["help"].blank


def test_answers_are_read_from_latex(course):
    answers, problems = read(course, report_tex=LATEX)
    assert problems == []
    assert answers["one"].chosen == ("b",)
    assert answers["words"].text == "Take the product, 100\\% sure."
    assert answers["help"].blank and answers["many"].blank


def test_answers_are_read_from_a_notebook_of_which_nothing_runs(course, tmp_path):
    mark = tmp_path / "ran"
    cells = (
        f"%matplotlib inline\nopen({str(mark)!r}, 'w')\none = 'a'",
        "one: str = 'B'\nmany = {'c', 'b'}\nwords = 'Take ' 'the product.'\nhelp = None",
        "def f():\n    bad = 'c'",
        "this is no Python",
    )
    answers, problems = read(
        course, work_ipynb=notebook(*cells, prose="## bad\n- [x] 3\n- [ ]\n- [ ]")
    )
    assert problems == [] and not mark.exists()
    assert answers["one"].chosen == ("b",) and answers["many"].chosen == ("b", "c")
    assert answers["words"].text == "Take the product."
    assert answers["bad"].chosen == ("a",) and answers["help"].blank


def test_an_example_is_nobodys_answer(course):
    for source in ('sample = "z"', "sample = 3"):
        assert read(course, answers_toml=source) == ({}, [])
        assert read(course, work_ipynb=notebook(source)) == ({}, [])


def test_the_words_of_an_option_stand_for_its_letter(course):
    answers, _ = read(course, answers_toml='one = "Two"\nmany = "b, c"')
    assert answers["one"].chosen == ("b",) and answers["many"].chosen == ("b", "c")


@pytest.mark.parametrize(
    ("files", "question", "problem"),
    [
        ({"answers_toml": 'one = "d"'}, "one", "there is no option 'd', only a, b, c"),
        ({"answers_toml": 'one = ["a", "b"]'}, "one", "a and b are ticked where one"),
        ({"answers_toml": "one = 2"}, "one", "'2' is no letter"),
        ({"answers_toml": "words = 2"}, "words", "the answer is no text"),
        ({"answers_toml": f"words = '{'x' * 20_001}'"}, "words", "longer than 20000 characters"),
        ({"answers_md": "# one\n- [x] one\n- [ ] two\n"}, "one", "it has 2 boxes, and the"),
        ({"work_ipynb": notebook("one = input()")}, "one", "set by code, which is not run"),
        ({"report_tex": LATEX.replace("\\choice three", "")}, "one", "it has 2 boxes"),
        ({"report_tex": "\\begin{question}{one}{2}"}, "one", "\\end{question} is missing"),
        (
            {"answers_toml": 'one = "a"', "report_tex": LATEX},
            "one",
            "answers.toml:1 and report.tex:5 answer it differently",
        ),
        (
            {"answers_toml": 'words = "Take a sum."', "report_tex": LATEX},
            "words",
            "answers.toml:1 and report.tex:14 answer it differently",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_one_answer_is_a_problem(course, files, question, problem):
    answers, _ = read(course, **files)
    assert problem in answers[question].problem
    assert answers[question].chosen == () and not answers[question].blank


def test_sources_that_agree_are_one_answer_and_blank_ones_say_nothing(course):
    sheet = (course.workspace.template(SLUG) / "answers.toml").read_text()
    prose = MARKDOWN.replace(WORDS, "")
    answers, problems = read(course, answers_toml=sheet, report_tex=LATEX, answers_md=prose)
    assert problems == []
    assert answers["one"].chosen == ("b",) and answers["one"].problem == ""
    assert answers["one"].sources == ("answers.md:3", "report.tex:5")
    assert answers["words"].text == "Take the product, 100\\% sure."


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"answers_toml": "one = "}, "it is not TOML"),
        ({"answers_toml": 'on = "a"'}, "there is no question 'on'"),
        ({"answers_md": "# Basics\n\n## nine\n- [ ] 8\n- [x] 9"}, "there is no question 'nine'"),
        ({"answers_toml": 'one = "a"\nbad = "b"\none = "c"'}, "one stands twice, in lines 1 and 3"),
        (
            {"answers_toml": "words = ''\nbad = 'b'\nwords = '''\na = 1'''\n"},
            "words stands twice, in lines 1 and 3; remove",
        ),
        ({"work_ipynb": "{"}, "the notebook cannot be read"),
        ({"work_ipynb": notebook(*["x = 1"] * 2001)}, "more than 2000 code cells"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(course, files, problem):
    answers, problems = read(course, **files)
    assert answers == {} and problem in problems[0][1]


def test_ticks_under_a_heading_of_no_question_are_named_by_their_line(course):
    text = MARKDOWN + "\n# Things\n- [ ] to do\n\n# ones\n- [x] one\n- [ ] two\n- [ ] three\n"
    answers, problems = read(course, answers_md=text)
    line = text.splitlines().index("# ones") + 1
    assert problems == [(f"answers.md:{line}", "there is no question 'ones'")]
    assert answers["one"].chosen == ("b",)
    assert read(course, work_ipynb=notebook(prose="# Things\n- [x] done")) == ({}, [])


def test_text_that_cannot_be_written_does_no_harm(course):
    cell = 'words = "half \\ud800 \\x00"'
    answers, _ = read(course, work_ipynb=notebook(cell))
    assert answers["words"].text == "half ? ?"


def test_reading_takes_its_time_in_proportion(course):
    many = "\\begin{question}{one}{2}" * 40_000 + "%\\" * 20_000
    read(course, report_tex=many, answers_md="<!--" * 200_000 + "# one\n" * 50_000)


# --- the bank and its key -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("points = 12", "points = 11", "written.toml:4: section.0.points: is 11, but the"),
        ('id = "bad"', 'id = "one"', "question.2.id: 'one' is there twice"),
        ('section = "people"', 'section = "persons"', "question.5.section: there is no such"),
        ('kind = "text"\npoints = 3', 'kind = "single"\npoints = 3', "a single question has 0"),
        ('text = "How much is one and one?"', 'txt = "?"', "this key is unknown"),
        ('shown = ["a"]', 'shown = ["c"]', "shown: there is no option c"),
    ],
)  # fmt: skip
def test_a_wrong_bank_names_the_line(tmp_path, old, new, problem):
    assert old in BANK
    path = tmp_path / "written.toml"
    path.write_text(BANK.replace(old, new, 1))
    with pytest.raises(UsageError) as caught:
        load_bank(path)
    assert problem in str(caught.value)


def test_a_bank_and_the_manifest_have_the_same_points(course):
    path = course.workspace.manifest(SLUG)
    path.write_text(path.read_text().replace("written = 12", "written = 13"))
    with pytest.raises(
        UsageError, match="components.written: is 13, but the written questions add"
    ):
        load(SLUG, course.workspace)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('right = ["b", "c"]', 'right = ["b", "f"]', "many: there is no option f"),
        ('right = ["b"]', 'right = ["b", "c"]', "cannot have 2 right options"),
        ("points = 2", "points = 1", "words: its rubric adds up to 2 points, and it is worth 3"),
        ('question = "bad"', 'question = "worse"', "'bad' has 0 answers here"),
        ('note = "Four', 'explanation = "Four', "it is defective; the note must say why"),
        ('right = ["a"]', 'right = ["b"]', "the example is answered otherwise"),
    ],
)
def test_a_wrong_key_is_named(course, old, new, problem):
    assert old in KEY
    (course.workspace.autograder(SLUG) / "key.toml").write_text(KEY.replace(old, new, 1))
    with pytest.raises(UsageError) as caught:
        load_key(course.workspace, course.assignment)
    assert problem in str(caught.value)
    assert problem in structure.problems(course.workspace, SLUG)[-1]


# --- scoring --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ticks", "share"),
    [("", 0), ("b", "1/2"), ("bc", 1), ("abc", "1/2"), ("abcd", 0), ("ab", 0), ("abcde", 0)],
)
def test_a_multiple_choice_is_net_correct(course, key, ticks, share):
    question = course.assignment.written.get("many")
    assert credit(question, key.of("many"), ticks) == Fraction(share)


def test_thirds_stay_exact(course, key):
    question = course.assignment.written.get("many").model_copy(update={"points": 1})
    three = key.of("many").model_copy(update={"right": ("a", "b", "c")})
    assert credit(question, three, "a") * 3 == 1


@pytest.mark.parametrize(("ticks", "share"), [("a", 1), ("b", 1), ("c", 0), ("", 0)])
def test_a_defective_question_gives_full_credit_to_what_is_accepted(course, key, ticks, share):
    assert credit(course.assignment.written.get("bad"), key.of("bad"), ticks) == share


def test_blank_is_told_from_wrong_and_words_wait(course, key):
    answers, _ = read(course, answers_toml='one = "c"\nwords = "x"')
    scored = {
        one.question.id: one for one in score(course.assignment.written, key, [*answers.values()])
    }
    assert (scored["one"].state, scored["one"].points) == (State.WRONG, 0)
    assert (scored["bad"].state, scored["bad"].points) == (State.BLANK, 0)
    assert (scored["words"].state, scored["words"].points) == (State.OPEN, None)
    assert scored["help"].points == 0  # worth nothing, so that nothing waits for it
    assert all(one.state is State.OPEN for one in score(course.assignment.written, key, []))


# --- the bank of the fifth assignment -------------------------------------------------------------

FOUNDATIONS = CODE / "autograder" / "a5_foundations"
ANSWERS = {  # worked out from the questions, apart from the key's file
    "nn1": "d", "nn2": "c", "nn3": "c", "nn4": "c", "nn5": "d", "nn6": "c", "nn7": "a",
    "cnn1": "c", "cnn2": "a", "cnn3": "b", "cnn4": "a", "cnn5": "c",
    "ae1": "b", "ae3": "bc", "ae4": "a", "gan1": "ce",
}  # fmt: skip


def test_the_bank_of_foundations_has_its_18_questions_and_50_points():
    bank = load_bank(FOUNDATIONS / "written.toml")
    assert bank is not None and bank.points == 50
    assert [section.points for section in bank.sections if section.points] == [14, 14, 10, 12]
    assert sum(question.points > 0 for question in bank.questions) == 18
    assert [one.id for one in bank.asked if not one.points] == [
        "link_mlp", "link_cnn", "collab1", "collab2", "collab3",
    ]  # fmt: skip


def test_the_key_of_foundations(toy_assignment, toy):
    bank = load_bank(FOUNDATIONS / "written.toml")
    assignment = toy_assignment.model_copy(update={"slug": "a5_foundations", "written": bank})
    key = load_key(Workspace(CODE, released=False), assignment)
    assert key is not None and bank is not None
    ticked = {one.id: "".join(key.of(one.id).right) for one in bank.asked if one.ticked}
    assert ticked == ANSWERS
    assert key.of("cnn2").status == "defective" and key.of("cnn2").accepted == ("c",)
    doubtful = {one.question for one in key.answers if one.status == "ambiguous"}
    assert doubtful == {
        "nn3",
        "nn4",
        "nn6",
        "nn7",
        "cnn1",
        "cnn4",
        "cnn5",
        "ae2",
        "ae3",
        "gan1",
        "gan2",
    }
    full = "".join(f"{name} = {list(letters)}\n" for name, letters in ANSWERS.items())
    scored = score(bank, key, collect(assignment, {"answers.toml": full.encode()}).answers)
    assert sum(one.points for one in scored if one.points is not None) == 41
    assert [one.question.id for one in scored if one.points is None] == ["ae2", "gan2"]


def test_the_arithmetic_in_the_bank_of_foundations():
    import numpy as np

    a, b = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    windows = np.lib.stride_tricks.sliding_window_view(a, (2, 2))
    assert np.einsum("ijkl,kl", windows, b).tolist() == [[19, 25], [37, 43]]
    bank = load_bank(FOUNDATIONS / "written.toml")
    assert bank is not None
    assert "19 & 25 \\\\ 37 & 43" in bank.get("cnn1").options[2]
    kept = np.array([0.3, 0, 1, 0.7, 0, 0.2]) * 0.8
    assert ", ".join(f"{value:.3g}" for value in kept) in bank.get("nn7").options[0]


# --- in a graded class ----------------------------------------------------------------------------


def graded(course: Course, **options) -> dict[str, dict[str, str]]:
    course.grade(engine=Recorder(), **options)
    text = (course.root / "out" / "gradebook.csv").read_text()
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def page(course: Course, student: str) -> str:
    return html.unescape((course.root / "out" / "feedback" / f"{student}.html").read_text())


def hand_in_three(course: Course) -> None:
    course.hand_in("ada", {**course.solution, "answers.toml": RIGHT.encode()})
    course.hand_in("bob", {**course.solution, "report/report.tex": LATEX.encode()})
    course.hand_in("eve", course.solution)


@jailed
def test_a_class_with_written_questions(course, tmp_path):
    hand_in_three(course)
    rows = graded(course)
    ada, bob, eve = (rows[name] for name in ("ada", "bob", "eve"))
    assert (ada["written"], ada["written.one"], ada["written.many"], ada["written.words"]) == (
        "", "2", "6", "",
    )  # fmt: skip
    assert ada["pending"] == "report written" and ada["so_far_of"] == "7"
    assert (bob["written.one"], bob["written.bad"], bob["written.many"]) == ("2", "0", "0")
    assert (eve["written.one"], eve["written"]) == ("", "")  # nothing found is no zero
    assert "No answers to the written questions were found; a person has to look." in page(
        course, "eve"
    )
    assert "Written questions: 2 of 9 (left blank: bad, many)." in page(course, "bob")
    assert "Not marked yet of the written questions: words; they count when all are." in page(
        course, "bob"
    )

    queue = course.root / "out" / "marking" / "words.csv"
    lines = list(csv.DictReader(io.StringIO(queue.read_text())))
    assert [(one["student"], one["component"], one["points"], one["answer"]) for one in lines] == [
        ("ada", "written.words", "", "Take the product."),
        ("bob", "written.words", "", "Take the product, 100\\% sure."),
        ("eve", "written.words", "", "(blank)"),
    ]
    bundle = json.loads(queue.with_suffix(".json").read_text())
    assert [line["points"] for line in bundle["rubric"]] == [2, 1]
    assert bundle["answers"][0]["text"] == "Take the product."

    # The CSV of the queue comes back as marks.
    queue.write_text(
        "student;component;points;comment;of;answer;problem;sources\n"
        "ada;written.words;2,5;nearly;3;Take the product.;;\n"
        "bob;written.words;1;;3;;;\neve;written.words;;;3;;;\n"
    )
    filled = tmp_path / "words.csv"
    filled.write_text(queue.read_text())
    report = tmp_path / "report.csv"
    report.write_text(
        "student,component,points\nada,report,3\nbob,report,2\neve,report,0\neve,written,0\n"
    )
    rows = graded(course, marks=[filled, report])
    assert (rows["ada"]["written"], rows["ada"]["final"], rows["ada"]["out_of"]) == (
        "11.5",
        "21.5",
        "22",
    )
    assert (rows["bob"]["written"], rows["bob"]["final"]) == ("3", "12")
    assert rows["eve"]["final"] == "7"
    assert "words, marked by a person: 2.5 of 3 (nearly)." in page(course, "ada")
    again = {
        one["student"]: one["points"] for one in csv.DictReader(io.StringIO(queue.read_text()))
    }
    assert again == {"ada": "2.5", "bob": "1", "eve": ""}


def queued(course: Course, question: str = "words") -> dict[str, dict[str, str]]:
    """The rows of a question's CSV in the marking queue, by student."""
    text = (course.root / "out" / "marking" / f"{question}.csv").read_text()
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


def type_into(course: Course, question: str = "words", **cells: tuple[str, str]) -> Path:
    """Type points and a comment into the rows of some students, as a person does."""
    path, made = course.root / "out" / "marking" / f"{question}.csv", queued(course, question)
    for student, (points, comment) in cells.items():
        made[student] |= {"points": points, "comment": comment}
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(next(iter(made.values()))))
        writer.writeheader()
        writer.writerows(made.values())
    return path


def change_words(course: Course, student: str) -> None:
    course.hand_in(student, {"answers.toml": RIGHT.replace("product", "sum").encode()})


@jailed
def test_points_in_the_queue_are_kept_until_the_answer_changes(course):
    hand_in_three(course)
    graded(course)
    queue = type_into(course, ada=("2", "good"), bob=("2", "good"), eve=("", "a scan?"))
    text = queue.read_text().replace("\r\n", "\n")
    graded(course)
    assert queue.read_text() == text  # a comment alone is kept, too
    change_words(course, "ada")
    graded(course)
    ada, bob = (queued(course)[name] for name in ("ada", "bob"))
    changed = "the answer has changed since it got 2; enter its points again"
    assert (ada["points"], ada["changed"]) == ("", changed)
    assert (bob["points"], bob["comment"]) == ("2", "good")
    queue.write_text("not what it was\n")
    with pytest.raises(UsageError, match="the column 'student' is missing"):
        graded(course)
    assert queue.read_text() == "not what it was\n"


@jailed
def test_points_in_the_queue_are_kept_when_a_part_of_the_class_is_graded(course):
    hand_in_three(course)
    graded(course)
    type_into(course, ada=("2", "good"), bob=("", "look again"))
    elsewhere = course.root / "elsewhere"
    elsewhere.mkdir()
    for student in ("ada", "bob"):
        (course.submissions / student).rename(elsewhere / student)
    graded(course)
    rest = queued(course)
    assert list(rest) == ["eve", "ada", "bob"]
    assert (rest["ada"]["points"], rest["bob"]["comment"]) == ("2", "look again")
    for student in ("ada", "bob"):
        (elsewhere / student).rename(course.submissions / student)
    graded(course)
    assert queued(course)["ada"]["points"] == "2"


@jailed
def test_points_do_not_count_for_another_answer(course):
    hand_in_three(course)
    graded(course)
    queue = type_into(course, ada=("2.5", "nearly"), bob=("1", ""))
    assert graded(course, marks=queue)["ada"]["written.words"] == "2.5"
    change_words(course, "ada")
    told = "ada, written.words: the answer has changed since it got 2.5; enter its points again"
    for _ in range(2):  # it is said until somebody has looked
        summary = course.grade(engine=Recorder(), marks=queue)
        assert told in summary.sentence and "bob, written.words" not in summary.sentence
        ada = queued(course)["ada"]
        assert (ada["points"], ada["comment"]) == ("", "nearly")
        assert ada["changed"] == told.partition(": ")[2]
        assert "words, marked by a person" not in page(course, "ada")
        assert "marked by a person: 1 of 3." in page(course, "bob")
    type_into(course, ada=("1.5", "less clear"))
    summary = course.grade(engine=Recorder(), marks=queue)
    assert "has changed" not in summary.sentence and queued(course)["ada"]["changed"] == ""
    assert "words, marked by a person: 1.5 of 3 (less clear)." in page(course, "ada")


@jailed
def test_points_of_a_line_without_a_version_are_to_be_confirmed(course):
    hand_in_three(course)
    marks = course.root / "marks.csv"
    marks.write_text("student,component,points\nada,written.words,2\n")
    course.grade(engine=Recorder(), marks=marks)
    change_words(course, "ada")
    for _ in range(2):
        summary = course.grade(engine=Recorder(), marks=marks)
        assert "ada, written.words: the answer has changed since it got 2; give" in summary.sentence
        assert queued(course)["ada"]["points"] == "2"
    graded(course)  # and so it is said while nobody gives them
    assert queued(course)["ada"]["changed"].endswith("confirm them by emptying this cell")
    path = course.root / "out" / "marking" / "words.csv"
    confirmed = path.read_text().replace(queued(course)["ada"]["changed"], "")
    path.write_text(confirmed.replace('""', ""))
    summary = course.grade(engine=Recorder(), marks=marks)
    assert "has changed" not in summary.sentence and queued(course)["ada"]["points"] == "2"


@jailed
def test_a_queue_that_is_not_utf_8_stops_the_run_before_anything_is_written(course):
    hand_in_three(course)
    graded(course)
    queue = type_into(course, ada=("2", "sch\u00f6n"))
    queue.write_bytes(queue.read_text().encode("latin-1"))
    before = course.bytes_of("out")
    course.hand_in("zoe", course.solution)
    with pytest.raises(UsageError, match=r"words\.csv is not UTF-8 text .*save it as CSV UTF-8"):
        graded(course)
    assert course.bytes_of("out") == before


@jailed
def test_a_name_that_is_a_formula_comes_back_from_the_queue(course):
    for student in ("+bob", "-eve"):
        course.hand_in(student, {**course.solution, "answers.toml": RIGHT.encode()})
    graded(course)
    assert list(queued(course)) == ["'+bob", "'-eve"]
    queue = type_into(course, **{"'+bob": ("2", ""), "'-eve": ("1", "=short")})
    graded(course, marks=queue)
    assert [row["points"] for row in queued(course).values()] == ["2", "1"]
    assert "words, marked by a person: 1 of 3 (=short)." in page(course, "-eve")


@jailed
def test_what_is_resolved_leaves_the_queue(course):
    both = {"answers.toml": b'one = "a"', "report/report.tex": LATEX.encode()}
    course.hand_in("ada", course.solution | both)
    course.hand_in("bob", course.solution | both)
    graded(course)
    type_into(course, "one", bob=("2", "asked him"))
    for student in ("ada", "bob"):
        course.hand_in(student, {"answers.toml": b'one = "b"', "report/report.tex": b""})
    summary = course.grade(engine=Recorder())
    left = queued(course, "one")
    assert list(left) == ["bob"] and left["bob"]["points"] == "2"  # somebody typed it
    assert "bob, written.one: the answer has changed since it got 2; the key" in summary.sentence
    bundle = json.loads((course.root / "out" / "marking" / "one.json").read_text())
    assert bundle["answers"] == []
    assert (
        graded(course, marks=course.root / "out" / "marking" / "one.csv")["bob"]["written.one"]
        == "2"
    )  # the key's points


@jailed
def test_two_sources_that_disagree_wait_for_a_person(course, tmp_path):
    files = {"answers.toml": b'one = "a"', "report/report.tex": LATEX.encode()}
    course.hand_in("ada", course.solution | files)
    rows = graded(course)
    assert rows["ada"]["written.one"] == "" and rows["ada"]["written"] == ""
    said = "one: answers.toml:1 and report/report.tex:5 answer it differently."
    assert said in page(course, "ada")
    assert "answer it differently" in (course.root / "out" / "marking" / "one.csv").read_text()
    marks = tmp_path / "marks.csv"
    marks.write_text("student,component,points,comment\nada,written.one,2,\n")
    with pytest.raises(UsageError, match="an override of written.one needs its reason"):
        course.grade(marks=marks)
    marks.write_text(
        "student,component,points,comment\nada,written.one,2,asked her\nada,written.words,3,\n"
    )
    assert graded(course, marks=marks)["ada"]["written"] == "5"


@jailed
def test_the_key_is_shown_only_when_the_instructor_says_so(course):
    hand_in_three(course)
    secret = ("A sum that everybody should be able to do.", "Right: b: two; c: three")
    graded(course)
    assert not any(text in page(course, "ada") for text in secret)
    assert not any(text in page(course, "ada") for text in ("Four is missing", "The contradiction"))
    graded(course, explain=True)
    assert all(text in page(course, "ada") for text in secret)
    assert "Four is missing" not in page(course, "ada")  # a note is for whoever marks
    for path in (course.root / "out" / "results").glob("*.json"):
        assert not any(text in path.read_text() for text in secret)


@jailed
def test_another_key_marks_anew_and_judges_nothing_again(course):
    hand_in_three(course)
    assert graded(course)["ada"]["written.one"] == "2"
    path = course.workspace.autograder(SLUG) / "key.toml"
    path.write_text(KEY.replace('right = ["b"]', 'right = ["c"]'))
    recorder = Recorder()
    course.grade(engine=recorder)
    assert recorder.asked == {}
    text = (course.root / "out" / "gradebook.csv").read_text()
    assert [row["written.one"] for row in csv.DictReader(io.StringIO(text))] == ["0", "0", ""]


@jailed
def test_other_options_are_read_anew_and_another_text_is_not(course):
    hand_in_three(course)
    course.grade(engine=Recorder())
    for old, new, asked in (
        ("How much is one and one?", "What is 1 + 1?", set()),
        ('"one", "two", "three"]', '"one", "two", "three", "four"]', {"ada", "bob", "eve"}),
    ):
        path = course.workspace.written(SLUG)
        path.write_text(path.read_text().replace(old, new))
        course.assignment = load(SLUG, course.workspace)
        recorder = Recorder()
        course.grade(engine=recorder)
        assert set(recorder.asked) == asked
    result = json.loads((course.root / "out" / "results" / "bob.json").read_text())
    assert result["answers"][0]["problem"] == (
        "report/report.tex:5: it has 3 boxes, and the question 4 options"
    )


@jailed
def test_grade_py_on_a_course_with_a_bank(course):
    hand_in_three(course)
    out = course.root / "cli"
    command = [
        sys.executable,
        str(CODE / "grade.py"),
        "t1",
        str(course.submissions),
        "-o",
        str(out),
    ]
    done = subprocess.run(
        [*command, "--secret", str(course.secret), "--explain"],
        cwd=course.workspace.root, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 graded" in done.stdout
    assert (
        "ada,4,3,3,3,3,exercise1,7,,,2,1,6,,0,0,7,7,report written,,22"
        in (out / "gradebook.csv").read_text()
    )
    assert (out / "marking" / "words.csv").is_file() and (out / "marking" / "help.json").is_file()


# --- what students get, and what they do ----------------------------------------------------------


def test_the_sheet_is_blank_and_parses(course):
    folder = course.workspace.template(SLUG)
    assert (folder / "written.toml").read_text() == BANK
    sheet = tomllib.loads((folder / "answers.toml").read_text())
    assert sheet == {"sample": "a", "one": "", "bad": "", "many": [], "words": "", "help": ""}
    told = collect(course.assignment, {"answers.toml": (folder / "answers.toml").read_bytes()})
    assert all(one.blank for one in told.answers) and len(told.answers) == 5
    assert templates.check(course.workspace, SLUG) == []


def shown(course: Course, folder: Path) -> str:
    console = Console(file=io.StringIO(), width=120, legacy_windows=False)
    own.show(folder, course.assignment, console)
    return console.file.getvalue()


def test_check_shows_what_was_read_without_a_key(course, tmp_path):
    folder = course.workspace.template(SLUG)
    assert "0 of 5 written questions are answered" in shown(course, folder)
    (folder / "answers.toml").write_text(RIGHT.replace('bad = "b"\n', ""))
    text = shown(course, folder)
    assert "4 of 5 written questions are answered" in text and "b, c" in text and "blank" in text
    other = LATEX.replace("CorrectChoice", "choice").replace("choice one", "CorrectChoice one")
    (folder / "report" / "report.tex").write_text(other)
    with pytest.raises(KitError, match=r"one: answers.toml:1 and report/report.tex:\d+ answer"):
        shown(course, folder)


def test_pack_takes_every_source_and_names_what_is_blank(course):
    folder = course.workspace.template(SLUG)
    (folder / "report" / "report.tex").write_text(LATEX)
    packed = pack(folder, course.assignment, "ada")
    assert {"answers.toml", "report/report.tex"} <= set(packed.files)
    assert "written questions left blank: bad, many, help" in packed.findings
    assert packed.problems == ()
    assert not any("averages.tex" in name for name in packed.files)


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        ("one = b", "answers.toml: it is not TOML"),
        ('one = "a"', "one: answers.toml:1 and report/report.tex:5 answer it differently"),
        ('bad = "d"', "bad: answers.toml:1: there is no option 'd', only a, b, c"),
        ('nine = "a"', "answers.toml:1: there is no question 'nine'"),
    ],
)
def test_answers_that_cannot_be_used_are_a_problem_of_the_hand_in(course, sheet, says):
    folder = course.workspace.template(SLUG)
    (folder / "report" / "report.tex").write_text(LATEX)
    (folder / "answers.toml").write_text(sheet)
    packed = pack(folder, course.assignment, "ada")
    (problem,) = packed.problems
    assert problem.startswith(says)
    assert "is not ready to hand in" in incomplete(packed, course.assignment)
    assert "answers.toml" in packed.files


@pytest.fixture
def answered(course) -> Workspace:
    """The course with the reference's answers in its report, and the styles of reports."""
    root = course.workspace.root
    styles = root / "report_templates" / "styles"
    shutil.copytree(CODE / "report_templates" / "styles", styles)
    shutil.copytree(styles / "ieee", styles / "single", dirs_exist_ok=True)
    tex = course.workspace.report_template(SLUG) / "report.tex"
    text = LATEX.replace("  Take the product", "% BEGIN SOLUTION\nTake the product")
    text = text.replace("% a remark\n", "% a remark\n% END SOLUTION\n")
    tex.write_text(tex.read_text().replace("\\end{document}", text))
    templates.write(course.workspace, SLUG)
    return course.workspace


def test_a_release_has_the_bank_and_no_key(answered, tmp_path):
    made = release.release(answered, SLUG, tmp_path / "out", without_selftest=True)
    assert {"written.toml", "answers.toml"} <= set(made.files) and "key.toml" not in made.files
    text = (made.folder / "report" / "report.tex").read_text()
    assert "\\CorrectChoice two" not in text and "\\choice two" in text
    assert "100\\% sure" not in text
    told = collect(load(SLUG, answered), leaks.read_folder(made.folder))
    assert told.answers and not any(one.chosen for one in told.answers)


def kit(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run the kit that lies in a released folder, as its student does."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-m", "kit", *command],
        cwd=folder, env=environment | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip


def test_a_student_checks_and_packs_answers_in_the_released_folder(answered, tmp_path):
    folder = release.release(answered, SLUG, tmp_path / "out", without_selftest=True).folder
    (folder / "answers.toml").write_text(RIGHT.replace('bad = "b"', 'bad = ""'))
    done = kit(folder, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 of 5 written questions are answered" in done.stdout
    assert "written questions" not in kit(folder, "check", "-q", "q1").stdout
    done = kit(folder, "pack", "--student", "ada")
    assert "note: written questions left blank: bad" in done.stdout
    with zipfile.ZipFile(folder / "ada.zip") as archive:
        assert {"answers.toml", "report/report.tex"} <= set(archive.namelist())
    (folder / "answers.md").write_text("# one\n- [x] one\n- [ ] two\n- [ ] three\n")
    for command in (["check"], ["pack", "--student", "ada"]):
        done = kit(folder, *command)
        assert done.returncode == 1 and "ready to hand in" not in done.stdout
        assert "one: answers.md:1 and answers.toml:1 answer it differently" in done.stderr


def test_a_release_with_a_tick_or_a_word_of_the_key_is_refused(answered, tmp_path, monkeypatch):
    readme = answered.solution(SLUG) / "README.md"
    before = readme.read_text()
    readme.write_text(before + "\nA sum that everybody should be able to do.\n")
    templates.write(answered, SLUG)
    with pytest.raises(KitError, match="README.md holds .* private in .*key.toml"):
        release.release(answered, SLUG, tmp_path / "out", without_selftest=True)
    readme.write_text(before)
    monkeypatch.setattr("kit.grading.written.latex.unticked", lambda text, bank: text)
    templates.write(answered, SLUG)
    with pytest.raises(KitError, match="report.tex holds 'an answer to one', which is private"):
        release.release(answered, SLUG, tmp_path / "out", without_selftest=True)


def test_the_reference_ticks_what_the_key_has(answered):
    assert structure.problems(answered, SLUG) == []
    path = answered.autograder(SLUG) / "key.toml"
    path.write_text(KEY.replace('right = ["b"]', 'right = ["c"]'))
    (problem,) = structure.problems(answered, SLUG)
    assert problem.endswith("one ticks b; the key has c")
