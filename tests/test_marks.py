"""Marks: choices, hand marks, penalties, lateness, and the sentences that defend them."""

import datetime
import zoneinfo
from dataclasses import replace
from pathlib import Path

import pytest

from kit.assignment import Assignment, Bonus, Late, Penalty, Rules
from kit.errors import UsageError
from kit.grading.marks.exact import product, shown, total
from kit.grading.marks.hand_marks import Arrival, HandMark, read_marks, read_times
from kit.grading.marks.lateness import DAY, apply, days_late
from kit.grading.marks.marks import chosen, counted, mark, overall_verdict
from kit.grading.results import Finding, QuestionResult, SubmissionResult, Verdict

DUE = datetime.datetime(2026, 3, 6, 23, 59)  # a Friday


def question(name: str, points: float | None, verdict: Verdict = Verdict.FAIL) -> QuestionResult:
    if points is None:
        verdict = Verdict.GRADER_ERROR
    return QuestionResult(name, name, points, 4 if name == "q1" else 3, verdict, ())


def result(*points: float | None, student: str = "ada") -> SubmissionResult:
    questions = tuple(question(f"q{n}", value) for n, value in enumerate(points, start=1))
    total = None if None in points else 0.0
    return SubmissionResult(
        student, "t1_toy", Verdict.FAIL, total, 7, questions, (), "", "", "", "", ""
    )


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({"q1": 4, "q2": 1, "q3": 2}, (6, "exercise2")),
        ({"q1": 4, "q2": 2, "q3": 1}, (6, "exercise1")),
        ({"q1": 4, "q2": 2, "q3": 2}, (6, "exercise1")),
        ({"q1": 4}, (4, "exercise1")),
        ({"q1": None, "q2": 3, "q3": 3}, (None, "exercise1")),
        ({"q1": 4, "q2": 3, "q3": None}, (None, "exercise1")),
    ],
)
def test_the_better_group_counts(
    toy_assignment: Assignment, points: dict[str, float | None], expected: tuple[float, str]
) -> None:
    assert counted(toy_assignment, points) == (expected[0], 7)
    assert chosen(toy_assignment, points) == {"One exercise of two": expected[1]}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("PASS", "PASS", "MISSING"), "PASS"),  # the group that does not count says nothing
        (("PASS", "NOT_ATTEMPTED", "TIMEOUT"), "TIMEOUT"),  # no points either way: the one tried
        (("PASS", "NOT_ATTEMPTED", "NOT_ATTEMPTED"), "NOT_ATTEMPTED"),
        (("PASS", "PASS", "GRADER_ERROR"), "GRADER_ERROR"),
    ],
)
def test_the_verdict_is_that_of_what_counts(
    toy_assignment: Assignment, verdicts: tuple[str, ...], expected: str
) -> None:
    questions = [
        question(f"q{n}", 3 if verdict == "PASS" else 0, Verdict(verdict))
        for n, verdict in enumerate(verdicts, start=1)
    ]
    assert overall_verdict(toy_assignment, questions) == expected


def test_a_mark_without_hand_marks_says_what_is_pending(toy_assignment: Assignment) -> None:
    made = mark(toy_assignment, result(4, 1, 2))
    assert (made.final, made.out_of, made.pending) == (6, 7, ("report",))
    assert made.trail == (
        "One exercise of two: Exercise 1 has 1, Exercise 2 has 2; Exercise 2 counts.",
        "Tests: 6 of 7.",
        "So far: 6 of 7; not marked yet: report (3 points).",
    )
    assert made.most == 10 and not made.settled


def test_a_fault_of_the_grader_leaves_the_mark_open(toy_assignment: Assignment) -> None:
    made = mark(toy_assignment, result(4, 1, None))
    assert made.final is None and made.auto is None
    assert "Exercise 2 has open points; the better one will count." in made.trail[0]
    assert "stays open" in made.trail[1]
    assert mark(toy_assignment, result(None)).final is None


def test_overrides_do_not_touch_the_raw_result(toy_assignment: Assignment) -> None:
    raw = result(1, 1, 2)
    by_hand = {"q1": HandMark("q1", 3, "the test was too strict")}
    made = mark(toy_assignment, raw, by_hand)
    assert made.auto == 5 and raw.questions[0].points == 1
    assert made.trail[0] == "q1 set to 3 (was 1): the test was too strict."


def test_an_override_closes_what_the_grader_left_open(toy_assignment: Assignment) -> None:
    made = mark(toy_assignment, result(4, 1, None), {"q3": HandMark("q3", 2, "marked by hand")})
    assert made.auto == 6


def test_report_points_come_whole_or_by_line(toy_assignment: Assignment) -> None:
    by_hand = {"report.discussion": HandMark("report.discussion", 2.5, "clear")}
    made = mark(toy_assignment, result(4, 3, 0), by_hand)
    assert (made.final, made.out_of, made.pending) == (9.5, 10, ())
    assert "The discussion explains the plot: 2.5 of 3 (clear)." in made.trail
    assert mark(toy_assignment, result(4, 3, 0), {"report": HandMark("report", 3, "")}).final == 10


def test_a_rubric_counts_when_all_of_it_is_marked(toy_assignment: Assignment) -> None:
    line = toy_assignment.report.rubric[0]
    rubric = (line, line.model_copy(update={"id": "style"}))
    report = toy_assignment.report.model_copy(update={"rubric": rubric})
    two_lines = toy_assignment.model_copy(update={"report": report})
    by_hand = {"report.style": HandMark("report.style", 2, "")}
    made = mark(two_lines, result(4, 3, 0), by_hand)
    assert (made.final, made.out_of, made.pending) == (7, 7, ("report",))
    assert "1 of 2 lines of the report are marked; it counts when all are." in made.trail


def test_whoever_sets_the_mark_has_decided_about_all_of_it(toy_assignment: Assignment) -> None:
    made = mark(toy_assignment, result(4, 3, None), {"final": HandMark("final", 9, "appeal")})
    assert (made.final, made.out_of, made.pending, made.settled) == (9, 10, (), True)
    assert made.trail[-2:] == ("Mark set to 9 (was open): appeal.", "Mark: 9 of 10.")


def test_penalties_take_points_and_never_go_below_zero(toy_assignment: Assignment) -> None:
    penalty = Penalty(id="pages", title="Over the page limit", points=-2, per="page")
    strict = toy_assignment.model_copy(update={"penalties": (penalty,)})
    made = mark(strict, result(4, 3, 0), {"pages": HandMark("pages", 2, "six pages")})
    assert (made.penalty, made.final) == (-4, 3)
    assert "Over the page limit: 2 × -2 per page = -4 (six pages)." in made.trail
    assert mark(strict, result(0, 0, 0), {"pages": HandMark("pages", 9, "")}).final == 0


def test_a_bonus_comes_on_top_and_is_late_with_the_rest(toy_assignment: Assignment) -> None:
    bonus = Bonus(id="creativity", title="A question of one's own", points=4)
    late = Late(due=DUE, kind="flat", percent=50)
    generous = toy_assignment.model_copy(update={"bonuses": (bonus,), "late": late})
    by_hand = {"creativity": HandMark("creativity", 3, "new data")}
    made = mark(generous, result(4, 3, 0), by_hand)
    assert (made.bonus, made.final, made.out_of, made.pending) == (3, 10, 7, ("report",))
    assert "Bonus. A question of one's own: 3 of 4 (new data)." in made.trail
    assert mark(generous, result(4, 3, 0), by_hand, Arrival(DUE + DAY)).final == 5


@pytest.mark.parametrize(
    ("late", "hours", "days", "points"),
    [
        (Late(due=DUE), 100, 5, 8),
        (Late(due=DUE, kind="per_day", percent=10), -1, 0, 8),
        (Late(due=DUE, kind="per_day", percent=10), 0.1, 1, 7.2),
        (Late(due=DUE, kind="per_day", percent=10), 24.1, 2, 6.4),
        (Late(due=DUE, kind="per_day", percent=60), 48, 2, 0),
        (Late(due=DUE, kind="per_day", percent=10, days=3), 73, 4, 0),
        (Late(due=DUE, kind="flat", percent=30, days=3), 71, 3, 5.6),
        (Late(due=DUE, kind="flat", percent=30, days=3), 73, 4, 0),
        (Late(due=DUE, kind="falling_cap", percent=10, days=7), 1, 1, 8),
        (Late(due=DUE, kind="falling_cap", percent=10, days=7), 24 * 3, 3, 7),
        (Late(due=DUE, kind="falling_cap", percent=10, days=7), 24 * 8, 8, 0),
        (Late(due=DUE, kind="falling_cap", percent=60), 24 * 3, 3, 0),
        (Late(due=DUE, kind="cap", percent=40, days=5), 1, 1, 4),
        (Late(due=DUE, kind="cap", percent=40, days=5), 24 * 6, 6, 0),
        (Late(due=DUE, kind="cap", percent=40, days=5, working_days=True), 24 * 7, 5, 4),
        (Late(due=DUE, kind="cap", percent=40, days=5, working_days=True), 24 * 8, 5, 4),
        (Late(due=DUE, kind="cap", percent=40, days=5, working_days=True), 24 * 10, 6, 0),
        (Late(due=DUE, kind="cap", percent=40, working_days=True), 1, 1, 4),
    ],
)
def test_late_rules(late: Late, hours: float, days: int, points: float) -> None:
    submitted = DUE + datetime.timedelta(hours=hours)
    assert days_late(late, submitted) == days
    assert apply(late, 8, 10, days).points == pytest.approx(points)


def test_holidays_extensions_and_time_zones() -> None:
    late = Late(due=DUE, working_days=True, holidays=(datetime.date(2026, 3, 9),))
    assert days_late(late, DUE + datetime.timedelta(days=4)) == 1  # a weekend and a Monday off
    assert days_late(late, DUE + datetime.timedelta(days=2), extension_days=2) == 0
    aware = (DUE + datetime.timedelta(hours=1)).replace(tzinfo=datetime.UTC)
    with pytest.raises(UsageError, match="give `timezone` under"):
        days_late(late, aware)
    assert days_late(late.model_copy(update={"timezone": "UTC"}), aware) == 1


def test_points_left_are_exact_decimals() -> None:
    flat = Late(due=DUE, kind="flat", percent=30)
    assert apply(flat, 88.1, 100, 1).points == 61.67  # in binary numbers 61.669999...
    falling = Late(due=DUE, kind="falling_cap", percent=10)
    assert [apply(falling, points, 100, 1).points for points in (85, 99)] == [85, 90]


@pytest.mark.parametrize(
    ("utc", "extension", "days"),
    [
        ("2026-03-28T22:59:00", 0, 0),  # 23:59 in Berlin in winter
        ("2026-03-28T22:59:01", 0, 1),
        ("2026-03-29T21:59:00", 0, 1),  # 23:59 in summer: that day had 23 hours
        ("2026-03-29T21:59:01", 0, 2),
        ("2026-03-29T21:59:00", 1, 0),
    ],
)
def test_days_end_on_the_clock_of_the_course(utc: str, extension: int, days: int) -> None:
    due = datetime.datetime(2026, 3, 28, 23, 59)
    late = Late(due=due, timezone="Europe/Berlin", kind="per_day", percent=10)
    submitted = datetime.datetime.fromisoformat(f"{utc}+00:00")
    assert days_late(late, submitted, extension) == days
    here = submitted.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    assert days_late(late, here, extension) == days  # a time without a zone is the course's


@pytest.mark.parametrize(
    ("zone", "due", "utc", "extension", "days"),
    [
        # Berlin's clocks go back on 2026-10-25 at 3: the day that ends then has 25 hours.
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-24T21:59:00", 0, 0),
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-24T21:59:01", 0, 1),
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-25T22:59:00", 0, 1),
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-25T22:59:01", 0, 2),
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-25T22:59:00", 1, 0),
        ("Europe/Berlin", "2026-10-24T23:59", "2026-10-25T22:59:01", 1, 1),
        # Due in the hour that comes twice: its first time counts.
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00", 0, 0),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T01:30:00", 0, 1),
        # Melbourne's go forward on 2021-10-03: a week from 18:00 to 18:00 is an hour short.
        ("Australia/Melbourne", "2021-09-27T18:00", "2021-10-04T07:00:00", 0, 7),
        ("Australia/Melbourne", "2021-09-27T18:00", "2021-10-04T07:00:01", 0, 8),
        ("Asia/Shanghai", "2022-05-22T21:00", "2022-05-25T13:00:00", 0, 3),
        ("Asia/Shanghai", "2022-05-22T21:00", "2022-05-25T13:00:01", 0, 4),
    ],
)
def test_clocks_that_change_make_no_day_longer(
    zone: str, due: str, utc: str, extension: int, days: int
) -> None:
    late = Late(due=datetime.datetime.fromisoformat(due), timezone=zone, kind="per_day", percent=10)
    submitted = datetime.datetime.fromisoformat(f"{utc}+00:00")
    assert days_late(late, submitted, extension) == days
    here = submitted.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    assert days_late(late, here, extension) == days


def test_the_late_rules_of_two_courses_word_by_word(toy_assignment: Assignment) -> None:
    """A cap that falls by ten points a day for a week; seventy per cent for three days."""
    of_100 = toy_assignment.model_copy(
        update={"components": {"auto": 7, "report": 93}, "late": Late(
            due=DUE, kind="falling_cap", percent=10, days=7)},
    )  # fmt: skip

    def final(assignment: Assignment, report: float, hours: float) -> tuple[float | None, str]:
        arrival = Arrival(DUE + datetime.timedelta(hours=hours))
        made = mark(
            assignment, result(4, 3, 0), {"report": HandMark("report", report, "")}, arrival
        )
        return made.final, made.trail[-2]

    assert final(of_100, 78, 1) == (85, "1 day late: the mark is at most 90 (90 % of 100).")
    assert final(of_100, 92, 1)[0] == 90
    assert final(of_100, 92, 7 * 24)[0] == 30
    assert final(of_100, 92, 7 * 24 + 0.01) == (
        0,
        "8 days late, more than the 7 allowed: 0 points.",
    )
    flat = of_100.model_copy(update={"late": Late(due=DUE, kind="flat", percent=30, days=3)})
    assert final(flat, 81.1, 72) == (61.67, "3 days late: 30 % of 88.1 points are lost.")
    assert final(flat, 81.1, 72.01)[0] == 0


def test_sums_are_exact_decimals(toy_assignment: Assignment) -> None:
    assert total([0.1, 0.2]) == 0.3 and 0.1 + 0.2 != 0.3
    assert product(0.1, 3) == 0.3 and 0.1 * 3 != 0.3
    assert total([1.00005, 0]) == 1.0001  # half up; in binary the number lies below the half
    line = toy_assignment.report.rubric[0]
    rubric = tuple(line.model_copy(update={"id": name, "points": 1}) for name in ("a", "b", "c"))
    penalty = Penalty(id="pages", title="Pages", points=-0.1)
    exact = toy_assignment.model_copy(
        update={
            "report": toy_assignment.report.model_copy(update={"rubric": rubric}),
            "penalties": (penalty,),
        }
    )
    by_hand = {f"report.{name}": HandMark(name, 0.1, "") for name in ("a", "b", "c")}
    by_hand["pages"] = HandMark("pages", 3, "")
    made = mark(exact, result(0.1, 0.2, 0), by_hand)
    assert (made.auto, made.manual["report"], made.penalty, made.final) == (0.3, 0.3, -0.3, 0.3)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (136.1234, "136.1234"), (139.9996, "139.9996"), (132.933, "132.933"), (7.0, "7"), (0, "0"),
        (1.00005, "1.0001"), (-1.00005, "-1.0001"), (-0.00001, "0"), (100.0, "100"),
        (1_234_567.5, "1234567.5"), (0.30000000000000004, "0.3"),
    ],
)  # fmt: skip
def test_a_number_is_shown_to_four_decimals(number: float, text: str) -> None:
    assert shown(number) == text


def test_the_sentences_have_the_points_of_the_mark(toy_assignment: Assignment) -> None:
    late = Late(due=DUE, kind="flat", percent=30)
    large = toy_assignment.model_copy(
        update={"components": {"auto": 7.0, "report": 193.0}, "late": late}
    )
    by_hand = {"report": HandMark("report", 125.9333, "")}
    made = mark(large, result(4, 3, 0), by_hand, Arrival(DUE + DAY))
    assert made.trail[-3:] == (
        "Report: 125.9333 of 193.",
        "1 day late: 30 % of 132.9333 points are lost.",
        "Mark: 93.0533 of 200.",
    )


def missing(*verdicts: str) -> SubmissionResult:
    questions = [question(f"q{n}", 0, Verdict(one)) for n, one in enumerate(verdicts, start=1)]
    return replace(result(0, 0, 0), questions=tuple(questions))


def test_no_code_is_zero_for_all_of_it_where_the_rules_say_so(toy_assignment: Assignment) -> None:
    by_hand = {"report": HandMark("report", 3, "")}
    none = missing("MISSING", "MISSING", "MISSING")
    assert mark(toy_assignment, none, by_hand).final == 3
    strict = toy_assignment.model_copy(update={"rules": Rules(no_code_is_zero=True)})
    made = mark(strict, none, by_hand)
    assert (made.final, made.out_of, made.pending, made.settled) == (0, 10, (), True)
    assert made.manual["report"] == 3  # what was marked is not overwritten
    assert made.trail[-2] == (
        "No graded function was handed in, which by the rules means zero for the assignment."
    )
    assert mark(strict, none).settled  # nobody has to mark the report
    some = missing("MISSING", "NOT_ATTEMPTED", "MISSING")
    assert mark(strict, some, by_hand).final == 3
    damaged = replace(none, questions=(), findings=(Finding("intake", "the zip is damaged"),))
    assert mark(strict, damaged, by_hand).final == 3  # it could not be read: a person looks
    empty = replace(damaged, findings=(Finding("intake", "the submission is empty"),))
    assert mark(strict, empty, by_hand).final == 0
    given = {"q1": HandMark("q1", 2, "sent by mail")}
    assert mark(strict, none, by_hand | given).final == 5
    assert mark(strict, none, {"final": HandMark("final", 4, "appeal")}).final == 4


def test_a_due_time_has_one_clock() -> None:
    with pytest.raises(ValueError, match="there is no time zone 'Berlin'"):
        Late(due=DUE, timezone="Berlin")
    with pytest.raises(ValueError, match="not both"):
        Late(due=DUE.replace(tzinfo=datetime.UTC), timezone="Europe/Berlin")


def test_lateness_is_in_the_trail(toy_assignment: Assignment) -> None:
    late = Late(due=DUE, kind="cap", percent=50, days=5)
    strict = toy_assignment.model_copy(update={"late": late})
    arrival = Arrival(DUE + datetime.timedelta(days=2))
    made = mark(strict, result(4, 3, 0), arrival=arrival)
    assert (made.final, made.days_late) == (3.5, 2)
    assert "2 days late: the mark is at most 3.5 (50 % of 7)." in made.trail


# The CSVs


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_marks_are_read(toy_assignment: Assignment, tmp_path: Path) -> None:
    text = 'student,component,points,comment\nada,report,2,"good, short"\n\nada,final,9,appeal\n'
    marks = read_marks(written(tmp_path, text), toy_assignment)
    assert marks["ada"]["report"] == HandMark("report", 2, "good, short")
    assert mark(toy_assignment, result(4, 3, 0), marks["ada"]).final == 9


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("student,points\nada,1", ":1: the column 'component' is missing"),
        ("student,component,points\nada,raport,1", ":2: 'raport' is no component"),
        ("student,component,points\nada,report,4", ":2: report has 0 to 3 points, not 4"),
        ("student,component,points\nada,report,-1", ":2: report has 0 to 3 points, not -1"),
        ("student,component,points\nada,report,nan", ":2: points: 'nan' is not a number"),
        ("student,component,points\nada,q1,1", ":2: an override of q1 needs its reason"),
        ("student,component,points\nada,report,1\nada,report,1", ":3: ada has a second line"),
        (
            "student,component,points\nada,report,1\nada,report.discussion,1",
            ":3: ada has points for report and report.discussion",
        ),
        ("student,component,points\n,report,1", ":2: the student is missing"),
        ("student,component,points,comment\nada,report,1,a,b", ":2: it has more cells"),
        ("student,component,points,comment\nada,q1,,too strict", ":2: points: '' is not a number"),
        (
            "student,component,points,comment\nada,report,2,5",
            ":2: the comment is the bare number 5",
        ),
        ("student,component,points,comment\nada,report,,5", 'write 2.5 or quote "2,5"'),
        (
            'student,component,points,comment\nada,report,2,"good\nbob,report,3,fine',
            ":2: the row that begins here cannot be read (unexpected end of data); "
            "look for a quotation mark",
        ),
        (
            'student,component,points,comment\nada,report,1,a\nada,report,2,"good\nb,report,3,"x"',
            ":3: the row that begins here cannot be read",
        ),
        (
            f"student,component,points,comment\nada,report,2,{'x' * 200_000}",
            ":2: the row that begins here cannot be read (field larger than field limit",
        ),
        (
            'student,component,points\n"ada,report,2\nbob,report,3\n",report,3',
            ":2: the cell of 'student' goes on in the next line",
        ),
        (
            'student,component,points\nada,"report\n",2',
            ":2: the cell of 'component' goes on in the next line",
        ),
        ('student,component,points,comment\nada,report,1,"a\nb"\nbob,q9,1,', ":4: 'q9' is no"),
    ],
)
def test_a_wrong_line_is_named(
    toy_assignment: Assignment, tmp_path: Path, lines: str, problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_marks(written(tmp_path, lines), toy_assignment)
    assert problem in str(caught.value)


def test_a_line_without_points_is_not_marked_yet(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    text = "student,component,points,comment\nada,report,,look again\nbob,report,3,\neve,q1,,\n"
    assert set(read_marks(written(tmp_path, text), toy_assignment)) == {"bob"}


def test_a_note_in_the_queue_is_no_mark(tmp_path: Path) -> None:
    from written_course import course

    assignment = course(tmp_path).assignment
    text = "student,component,points,comment\nada,written.one,,ask her\nada,written.words,,later\n"
    assert read_marks(written(tmp_path, text), assignment) == {}


def test_marks_come_in_several_files(toy_assignment: Assignment, tmp_path: Path) -> None:
    one = written(tmp_path, "student,component,points\nada,report,2\n").rename(tmp_path / "one.csv")
    two = written(tmp_path, "student,component,points\nbob,report,3\n")
    assert set(read_marks([one, two], toy_assignment)) == {"ada", "bob"}
    with pytest.raises(UsageError, match="marks.csv:2: bob has a second line for report"):
        read_marks([two, two], toy_assignment)


def test_a_guarded_name_is_read_as_it_was(toy_assignment: Assignment, tmp_path: Path) -> None:
    text = "student,component,points,comment\n'-ijkl56,report,2,'=well done\n'tis,report,1,\n"
    marks = read_marks(written(tmp_path, text), toy_assignment)
    assert marks["-ijkl56"]["report"].comment == "=well done"
    assert set(marks) == {"-ijkl56", "'tis"}
    times = read_times(written(tmp_path, "student,submitted\n'@eve,2026-03-07T10:00\n"))
    assert set(times) == {"@eve"}


def test_semicolons_and_decimal_commas_are_read(toy_assignment: Assignment, tmp_path: Path) -> None:
    text = "student;component;points;comment\r\nada;report;2,5;good, short\r\n"
    marks = read_marks(written(tmp_path, text), toy_assignment)
    assert marks == {"ada": {"report": HandMark("report", 2.5, "good, short")}}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("ada,2026-03-07T10:00,1.5", ":2: extension_days is a number of whole days from 0 to 366"),
        ("ada,2026-03-07T10:00,-1", ":2: extension_days"),
        ("ada,2026-03-07T10:00,367", ":2: extension_days"),
        ("ada,2026-03-07T10:00,20210913", "whole days from 0 to 366, not 20210913"),
        ("ada,2026-03-07T10:00,\nada,2026-03-08T10:00,", ":3: ada has a second hand-in time"),
        ("ada,2026-03-07,", ":2: '2026-03-07' has no time of day"),
        ("ada,20260307,", "write one, as in 20260307T22:10"),
        ("ada,0001-01-01T10:00,", ":2: '0001-01-01T10:00' is not in a year from 1970 to 2100"),
        ("ada,9999-12-31T23:59,", ":2: '9999-12-31T23:59' is not in a year from 1970 to 2100"),
    ],
)
def test_a_wrong_time_is_named(tmp_path: Path, lines: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_times(written(tmp_path, f"student,submitted,extension_days\n{lines}\n"))
    assert problem in str(caught.value)


def test_times_are_read(tmp_path: Path) -> None:
    text = "student,submitted,extension_days\nada,2026-03-07T10:00,2\nbob,2026-03-07T10:00Z,\n"
    times = read_times(written(tmp_path, text))
    assert times["ada"].extension_days == 2 and times["bob"].submitted.tzinfo
    with pytest.raises(UsageError, match=":2: 'soon' is not a time"):
        read_times(written(tmp_path, "student,submitted\nada,soon\n"))
