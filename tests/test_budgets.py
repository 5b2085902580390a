"""Budgets: what a submission claims, what is counted of it in the jail, what that suggests."""

import csv
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from kit.assignment import Assignment, Penalty, load
from kit.authoring.bench import Bench
from kit.authoring.selftest import budget_problems
from kit.bridge.session import Session
from kit.budget import Budget
from kit.errors import JailError, UsageError
from kit.grading.handed_out.suggestions import Suggestion
from kit.grading.intake.intake import Submission
from kit.grading.judging.budgets import claimed, count, counters
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.results import Count, SubmissionResult
from kit.jail import Jail, available
from kit.paths import Workspace
from kit.testing.counting import pages, steps, trainable
from tests.toy_course import Course, Recorder

LENGTH = Budget(
    id="length", title="Entries", limit=100, each=10, penalty="longer", claim="vectors.LENGTH"
)
PAGES = Budget(id="sheets", title="Pages", limit=1, each=1, penalty="pages")
PENALTIES = (
    Penalty(id="longer", title="Entries over the limit", points=-2),
    Penalty(id="pages", title="Pages over the limit", points=-1),
)
SOURCE = """
import numpy as np
from kit.testing import value
from kit.testing.counting import pages


def length(unit):
    return len(value(unit(np.ones(120))))


def sheets(report):
    return pages(report)
"""
MANIFEST = """
[[budget]]
id = "length"
title = "Entries"
limit = 100
each = 10
penalty = "longer"
claim = "vectors.LENGTH"

[[budget]]
id = "sheets"
title = "Pages"
limit = 1
each = 1
penalty = "pages"

[[penalty]]
id = "longer"
title = "Entries over the limit"
points = -2

[[penalty]]
id = "pages"
title = "Pages over the limit"
points = -1
"""


@pytest.fixture
def budgeted(toy_assignment: Assignment) -> Assignment:
    changes = {"budgets": (LENGTH, PAGES), "penalties": PENALTIES}
    return toy_assignment.model_copy(update=changes)


def paper(path: Path, *sheets: str) -> bytes:
    """A PDF with a page for each text."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    with PdfPages(path) as document:
        for text in sheets:
            figure = Figure(figsize=(4, 4))
            figure.text(0.05, 0.95, text, va="top", fontsize=8)
            document.savefig(figure)
    return path.read_bytes()


TEXT = "\n".join(["A line of the paper that says something."] * 4)


def counted(
    assignment: Assignment, jail: Jail, files: dict[str, bytes], report: bytes = b"", source=SOURCE
) -> tuple[Count, ...]:
    found, late = count(assignment, Submission("ada", files, report=report), jail, source)
    assert not late
    return found


# The claim


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (b"LENGTH = 70_330", 70_330),
        (b"LENGTH: int = 7  # counted by hand", 7),
        (b"LENGTH = 1\nLENGTH = 2", 2),
        (b"LENGTH = len('abc')", None),  # nothing runs
        (b"LENGTH = True", None),
        (b"LENGTH = -3", None),
        (b"LENGTH = 7.0", None),
        (b"def f():\n    LENGTH = 3", None),
        (b"LENGTH = 3\nLENGTH = more()", None),
        (b"LENGTH =", None),
        (b"", None),
    ],
)
def test_a_claim_is_a_plain_number_of_the_module(source: bytes, number: int | None) -> None:
    assert claimed(LENGTH, {"vectors.py": source}) == number


# The count


def test_what_is_counted_stands_beside_the_claim(
    budgeted: Assignment, jail: Jail, toy_solution: dict[str, bytes], tmp_path: Path
) -> None:
    files = toy_solution | {"vectors.py": b"LENGTH = 100\n" + toy_solution["vectors.py"]}
    report = paper(tmp_path / "a.pdf", TEXT, TEXT + "\nReferences\n[1] A book")
    assert counted(budgeted, jail, files, report) == (
        Count("length", 100, 120),
        Count("sheets", None, 2),
    )


@pytest.mark.parametrize(
    ("vectors", "problem"),
    [
        (b"def unit(x):\n    raise ZeroDivisionError", "it raised ZeroDivisionError"),
        (b"def unit(x):\n    raise NotImplementedError", "not written yet"),
        (b"def unit(x):\n    return None", "what came back has another form than asked for"),
        (b"def unit(x):\n    return Ellipsis", "it raised TypeError"),  # it has no length
        (b"import os\ndef unit(x):\n    os._exit(0)", "the process that ran the code ended"),
        (b"def unit(x):\n    while True: pass", "the code took too long"),
        (b"1 / 0", "vectors.py cannot be imported (ZeroDivisionError)"),
        (b"x = 1", "vectors.py has no function unit"),
        (None, "vectors.py was not handed in"),
    ],
)
def test_what_cannot_be_counted_says_why(
    budgeted: Assignment, jail: Jail, vectors: bytes | None, problem: str
) -> None:
    files = {} if vectors is None else {"vectors.py": vectors}
    length, sheets = counted(budgeted, jail, files)
    assert (length.counted, length.asked) == (None, None)
    assert length.problem.startswith(problem)
    assert sheets == Count("sheets", problem="no report was handed in")


@pytest.mark.parametrize("answer", ["-1", "10**16", "2.0", "True", "'7'", "None", "(1, 'x')"])
def test_what_is_no_number_is_no_count(
    budgeted: Assignment, jail: Jail, toy_solution: dict[str, bytes], answer: str
) -> None:
    (one, _) = counted(
        budgeted, jail, toy_solution, source=f"def length(unit):\n    return {answer}\n"
    )
    assert (one.counted, one.problem) == (None, "what was counted is no number")


class Broken:
    """A jail in which nothing starts."""

    def start(self, files: object, limits: object) -> Session:
        raise JailError("no jail today")


def test_a_jail_that_does_not_work_is_no_fault_of_the_submission(
    budgeted: Assignment, toy_solution: dict[str, bytes]
) -> None:
    with pytest.raises(JailError, match="no jail today"):
        count(budgeted, Submission("ada", toy_solution), Broken(), SOURCE)


def test_a_file_that_is_no_pdf_is_said_to_be_none(budgeted: Assignment, jail: Jail) -> None:
    (_, sheets) = counted(budgeted, jail, {}, b"%PDF-1.7 and no more")
    assert (sheets.counted, sheets.problem) == (None, "it raised an exception of its own")


def test_a_mistake_in_the_source_is_told_before_anything_is_graded(budgeted: Assignment) -> None:
    with pytest.raises(UsageError, match="length asks for norm, which is not graded"):
        counters("def length(norm): ...", budgeted)
    with pytest.raises(UsageError, match=r"budgets\.py cannot be used: SyntaxError"):
        counters("def length(", budgeted)
    assert list(counters(SOURCE, budgeted)) == ["length", "sheets"]


def test_pages_end_where_the_references_begin(tmp_path: Path) -> None:
    refs = "References\n[1] A book"
    for sheets, number in [
        ((TEXT,), 1),
        ((TEXT, TEXT + "\n" + refs), 2),
        ((TEXT, refs), 1),
        ((TEXT, "A running head\n3\n\n" + refs, "[2] Another book"), 1),
        ((TEXT, "5 R EFERENCES\n[1] A book"), 1),
        ((TEXT + "\nReferences to other work are many", TEXT), 2),
    ]:
        assert pages(paper(tmp_path / "a.pdf", *sheets)) == number, sheets


# PyTorch, in this process: what the counting itself does


def test_parameters_are_unique_and_trainable() -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn
    one, two = nn.Linear(3, 2), nn.Linear(2, 4, bias=False)
    tied = nn.Sequential(one, two)
    norm = nn.BatchNorm1d(4)  # 8 parameters; its averages are buffers
    assert trainable(one) == 8
    assert trainable([tied, one, norm]) == 24
    assert trainable({"generator": one, "critics": (two, two)}) == 16
    two.weight.requires_grad_(False)
    assert trainable(tied) == 8


def test_steps_are_the_most_that_one_parameter_took() -> None:
    torch = pytest.importorskip("torch")

    def network():
        layer = torch.nn.Linear(2, 1)
        return layer, torch.optim.SGD(layer.parameters(), lr=0.1)

    def step(layer, optimizer):
        optimizer.zero_grad()
        layer(torch.ones(1, 2)).sum().backward()
        optimizer.step()

    def in_turn(count, critics=1):
        generator, critic = network(), network()
        for _ in range(count):
            step(*generator)
            for _ in range(critics):
                step(*critic)

    def two_optimizers(count):
        layer, first = network()
        for optimizer in (first, torch.optim.Adam(layer.parameters())):
            for _ in range(count):
                step(layer, optimizer)

    assert steps(in_turn, 3) == 3
    assert steps(in_turn, 3, critics=5) == 15
    assert steps(two_optimizers, count=4) == 8
    assert steps(lambda: None) == 0
    with pytest.raises(ZeroDivisionError):
        steps(lambda: 1 / 0)
    from torch.optim.optimizer import _global_optimizer_post_hooks as left

    assert not left  # not even by the one that broke


TORCH = """
from kit.testing import remote
from kit.testing.counting import steps, trainable


def length(unit):
    return trainable(unit(5))


def sheets(unit, project):
    torch = remote.torch
    return steps(project, unit(5), torch.ones(4, 5), steps=6), 6
"""
STUDENT = b"""
import torch

LENGTH = 30


def unit(width):
    return torch.nn.Linear(width, width)


def project(network, x, steps):
    optimizer = torch.optim.Adam(network.parameters())
    for _ in range(2 * steps):
        optimizer.zero_grad()
        network(x).square().mean().backward()
        optimizer.step()
"""


@pytest.mark.slow
def test_networks_are_counted_in_the_jail(budgeted: Assignment) -> None:
    if (reason := available()) is not None:
        pytest.skip(reason)
    limits = budgeted.limits.model_copy(update={"memory_mb": 1500, "cpu_seconds": 30})
    torch = budgeted.model_copy(update={"frameworks": ("torch",), "limits": limits})
    with Jail(torch.preload, torch.limits) as jail:
        found = counted(torch, jail, {"vectors.py": STUDENT}, source=TORCH)
    assert found == (Count("length", 30, 30), Count("sheets", None, 12, asked=6))


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        (b"LENGTH = 120\n", "claimed 120; counted 120; at most 100 allowed; over by 2 full 10"),
        (b"", "vectors.py states no LENGTH as a plain number; counted 120"),
    ],
)
def test_the_self_test_holds_the_solution_to_its_budgets(
    course: Course, jail: Jail, claim: bytes, problem: str
) -> None:
    path = course.workspace.solution("t1_toy") / "vectors.py"
    path.write_bytes(claim + path.read_bytes())
    tests = TestSet.load(course.workspace, "t1_toy")
    (said,) = budget_problems(Bench(course.workspace, course.assignment, tests, (), jail))
    assert said.startswith(f"the solution and its budget length: {problem}")
    wide = LENGTH.model_copy(update={"limit": 120, "claim": ""})
    kept = course.assignment.model_copy(update={"budgets": (wide, PAGES)})
    assert budget_problems(Bench(course.workspace, kept, tests, (), jail)) == []


# The suggestion

FEWER = LENGTH.model_copy(update={"limit": 1000, "each": 100, "below": True})


def suggested(budget: Budget, **known: int | str) -> Suggestion:
    return Suggestion(budget, PENALTIES[0], Count("length", **known))


@pytest.mark.parametrize(
    ("known", "units", "person", "sentence"),
    [
        ({"claimed": 999, "counted": 999}, 0, False,
         "claimed 999; counted 999; fewer than 1,000 allowed"),
        ({"claimed": 1000, "counted": 1000}, 0, True,
         "claimed 1,000; counted 1,000; fewer than 1,000 allowed; over, but by no full 100"),
        ({"claimed": 500, "counted": 1500}, 5, True,
         "claimed 500; counted 1,500; fewer than 1,000 allowed; over by 5 full 100;"
         " 5 × -2 = -10 points suggested"),
        ({"claimed": 1500, "counted": 500}, 5, True,
         "claimed 1,500; counted 500; fewer than 1,000 allowed; over by 5 full 100;"
         " 5 × -2 = -10 points suggested"),
        ({"counted": 10}, 0, True,
         "vectors.py states no LENGTH as a plain number; counted 10; fewer than 1,000 allowed"),
        ({"claimed": 10, "problem": "it raised KeyError"}, 0, True,
         "claimed 10; not counted: it raised KeyError; fewer than 1,000 allowed"),
        ({"problem": "it raised KeyError"}, None, True,
         "vectors.py states no LENGTH as a plain number; not counted: it raised KeyError;"
         " fewer than 1,000 allowed"),
        ({"claimed": 900, "counted": 6, "asked": 6}, 0, False,
         "claimed 900; asked for 6, the training took 6; fewer than 1,000 allowed"),
        ({"claimed": 900, "counted": 12, "asked": 6}, 8, True,
         "claimed 900; asked for 6, the training took 12; fewer than 1,000 allowed;"
         " over by 8 full 100; 8 × -2 = -16 points suggested"),
        ({"claimed": 900, "counted": 3, "asked": 6}, 0, True,
         "claimed 900; asked for 6, the training took 3; fewer than 1,000 allowed"),
        ({"counted": 6, "asked": 6}, None, True,
         "vectors.py states no LENGTH as a plain number; asked for 6, the training took 6;"
         " fewer than 1,000 allowed"),
        ({"claimed": 10}, 0, False, "claimed 10; not counted; fewer than 1,000 allowed"),
    ],
)  # fmt: skip
def test_evidence_is_a_sentence(
    known: dict[str, int | str], units: int | None, person: bool, sentence: str
) -> None:
    one = suggested(FEWER, **known)
    assert (one.units, one.needs_a_person, one.sentence) == (units, person, sentence)


@pytest.mark.parametrize(("number", "person"), [(4, False), (5, True)])
def test_a_budget_without_a_claim_goes_by_the_count(number: int, person: bool) -> None:
    four = PAGES.model_copy(update={"limit": 4})
    one = Suggestion(four, PENALTIES[1], Count("sheets", counted=number))
    assert (one.units, one.needs_a_person) == (number - 4, person)


# A class


@pytest.fixture
def course(toy: Workspace, tmp_path: Path) -> Course:
    """The toy course with two budgets, on disk, and a class that uses them."""
    root = tmp_path / "toy"
    shutil.copytree(toy.root, root, ignore=shutil.ignore_patterns("__pycache__", "work"))
    workspace = Workspace(root, released=False)
    manifest = workspace.manifest("t1_toy")
    manifest.write_text(manifest.read_text() + MANIFEST)
    (workspace.autograder("t1_toy") / "budgets.py").write_text(SOURCE)
    made = Course(workspace, load("t1_toy", workspace), tmp_path)
    short = paper(tmp_path / "short.pdf", TEXT)
    long = paper(tmp_path / "long.pdf", TEXT, TEXT, TEXT)
    for name, claim, report in [("ada", 120, short), ("eve", 50, long), ("joan", None, short)]:
        head = b"" if claim is None else b"LENGTH = %d\n" % claim
        vectors = head + made.solution["vectors.py"]
        if name == "joan":
            vectors = vectors.replace(b"return x / length", b"return (x / length)[:90]")
        made.hand_in(name, made.solution | {"vectors.py": vectors, "report.pdf": report})
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_class_gets_evidence_and_no_penalty(course: Course, jail: Jail) -> None:
    summary = course.grade()
    told = {
        (row["student"], row["component"]): (row["points"], row["claimed"], row["counted"])
        for row in rows(course.root / "out" / "penalties.csv")
    }
    assert told == {
        ("ada", "longer"): ("2", "120", "120"),
        ("ada", "pages"): ("0", "", "1"),
        ("eve", "longer"): ("2", "50", "120"),
        ("eve", "pages"): ("2", "", "3"),
        ("joan", "longer"): ("0", "", "90"),
        ("joan", "pages"): ("0", "", "1"),
    }
    assert {mark.penalty for _, mark in summary.graded} == {0}
    assert "budgets to look at, see penalties.csv" in summary.sentence
    page = (course.root / "out" / "index.html").read_text()
    assert page.count("2 × -2 = -4 points suggested") == 2
    assert "vectors.py states no LENGTH as a plain number; counted 90" in page
    own = (course.root / "out" / "feedback" / "eve.html").read_text()
    assert "Entries: claimed 50; counted 120; at most 100 allowed" in own
    assert "Pages: counted 3; at most 1 allowed" in own


def test_a_person_confirms_by_the_lines_of_a_copy(course: Course, jail: Jail) -> None:
    first = course.grade()
    made = course.root / "out" / "penalties.csv"
    with pytest.raises(UsageError, match="is written anew by every run; copy it"):
        course.grade(marks=made)
    copy = course.root / "confirmed.csv"
    copy.write_text(made.read_text())
    second = course.grade(marks=copy)
    assert (second.fresh, second.reused) == (0, 3)
    assert {result.student: mark.penalty for result, mark in second.graded} == {
        "ada": -4, "eve": -6, "joan": 0,
    }  # fmt: skip
    assert "budgets to look at" in first.sentence
    assert "budgets to look at" not in second.sentence


def test_a_copy_of_the_suggestions_is_read_whoever_is_in_it(course: Course, jail: Jail) -> None:
    files = {"vectors.py": b"LENGTH = 120\n" + course.solution["vectors.py"]}
    course.hand_in("-ijkl56", course.solution | files)  # no report: its pages are not counted
    course.grade()
    made = course.root / "out" / "penalties.csv"
    told = {(row["student"], row["component"]): row["points"] for row in rows(made)}
    assert told[("'-ijkl56", "longer")] == "2" and told[("'-ijkl56", "pages")] == ""
    copy = course.root / "confirmed.csv"
    copy.write_text(made.read_text())
    penalties = {one.student: mark.penalty for one, mark in course.grade(marks=copy).graded}
    assert penalties["-ijkl56"] == -4


def test_counts_are_stored_and_counted_again_when_they_could_differ(
    course: Course, jail: Jail
) -> None:
    course.grade(jobs=1)
    before = course.bytes_of("out")
    asked = Recorder()
    course.grade(engine=asked)
    assert asked.asked == {} and course.bytes_of("out") == before
    assert course.grade("again", jobs=2) and course.bytes_of("again") == before
    source = course.workspace.autograder("t1_toy") / "budgets.py"
    source.write_text(SOURCE.replace("ones(120)", "ones(130)"))
    course.grade(engine=asked)
    assert set(asked.asked) == {"ada", "eve", "joan"}
    assert rows(course.root / "out" / "penalties.csv")[0]["counted"] == "130"


def test_a_limit_is_applied_anew_without_counting_again(course: Course, jail: Jail) -> None:
    course.grade()
    wide = LENGTH.model_copy(update={"limit": 1000})
    course.assignment = course.assignment.model_copy(update={"budgets": (wide, PAGES)})
    asked = Recorder()
    course.grade(engine=asked)
    assert asked.asked == {}
    assert [row["points"] for row in rows(course.root / "out" / "penalties.csv")][::2] == ["0"] * 3


def test_an_assignment_without_budgets_has_none_in_its_files(
    toy: Workspace, toy_assignment: Assignment, tmp_path: Path, jail: Jail
) -> None:
    plain = Course(toy, toy_assignment, tmp_path)
    plain.hand_in("ada", plain.solution)
    summary = plain.grade()
    assert not (tmp_path / "out" / "penalties.csv").exists()
    text = (tmp_path / "out" / "results" / "ada.json").read_text()
    assert "budgets" not in text
    assert "Budgets" not in (tmp_path / "out" / "index.html").read_text()
    assert summary.graded[0][0].budgets == ()


def test_a_result_keeps_its_counts(course: Course, jail: Jail) -> None:
    course.grade(student="ada")
    path = course.root / "out" / "results" / "ada.json"
    found = SubmissionResult.from_json(path.read_text())
    assert found.budgets == (Count("length", 120, 120), Count("sheets", None, 1))
    assert found.to_json() == path.read_text()


# The manifest


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"penalty": "longest"}, "no \\[\\[penalty\\]\\] is 'longest'"),
        ({"penalty": "pages"}, "no \\[\\[penalty\\]\\] is 'pages'"),  # one budget has it already
        ({"claim": "matrices.LENGTH"}, "no file of the hand-in is module 'matrices'"),
        ({"claim": "LENGTH"}, "should match pattern"),
        ({"each": 0}, "greater than 0"),
    ],
)
def test_a_budget_fits_its_manifest(
    budgeted: Assignment, changes: dict[str, object], problem: str
) -> None:
    table = budgeted.model_dump(by_alias=True)
    table["budget"] = [PAGES.model_dump(), LENGTH.model_dump() | changes]
    with pytest.raises(ValidationError, match=problem):
        Assignment.model_validate(table)
