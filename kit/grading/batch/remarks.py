"""What a batch tells its instructor at the end: what is open, whom a CSV names in vain.

Each remark is one sentence. Nothing here changes a mark.
"""

import difflib
from collections.abc import Collection, Sequence

from kit.assignment import Assignment
from kit.grading.handed_out.suggestions import FILE, unconfirmed
from kit.grading.intake.collect import UNREAD
from kit.grading.intake.discover import Entry
from kit.grading.judging.outcomes import OUR_FAULT
from kit.grading.listed import LISTED, listed
from kit.grading.marks.hand_marks import Arrival, Marks
from kit.grading.results import SubmissionResult, Verdict
from kit.grading.written.queue import FOLDER, Queue


def strangers(named: Collection[str], students: Collection[str]) -> list[str]:
    """A sentence for everyone whom a CSV names and who handed in nothing."""
    sentences = []
    for name in sorted(set(named) - set(students)):
        folded = {student.casefold(): student for student in students}
        near = difflib.get_close_matches(name.casefold(), list(folded), n=1)
        hint = f"; did you mean {folded[near[0]]}?" if near else ""
        sentences.append(f"{name} is named in a CSV but handed in nothing{hint}")
    return sentences


def on_names(entries: Sequence[Entry]) -> list[str]:
    """A sentence for every submission whose name another one carries, too, with its path."""
    return [
        f"{one.student} is {one.sources[0].path}: others carry the name {one.shared}, too; "
        "decide which one counts"
        for one in entries
        if one.remark
    ]


def on_texts(students: Sequence[str]) -> list[str]:
    """Who handed in nothing that the kit grades, but a text that was typed into Moodle."""
    what = "an online text and no file, which is not graded"
    return [f"{what}: {listed(students)}"] if students else []


def on_late(
    assignment: Assignment, arrivals: dict[str, Arrival], entries: Sequence[Entry]
) -> list[str]:
    """Whose file name says late, where that would cost points if the time was known."""
    if assignment.late.kind == "none" or assignment.late.due is None:
        return []
    students = [one.student for one in entries if one.late and one.student not in arrivals]
    what = "late by the name of the file, and counted as on time until --times says when"
    return [f"{what}: {listed(students)}"] if students else []


def on_times(
    assignment: Assignment, arrivals: dict[str, Arrival], students: Collection[str]
) -> list[str]:
    """What hand-in times leave open: no late rule for them, or submissions without one."""
    if not arrivals:
        return []
    if assignment.late.kind == "none" or assignment.late.due is None:
        return ["the manifest's [late] has no rule with a due time: hand-in times change no mark"]
    without = sorted(set(students) - set(arrivals))
    return [f"no hand-in time, counted as on time: {listed(without)}"] if without else []


def on_results(
    results: Sequence[SubmissionResult], submissions: int, tests_sha256: str
) -> list[str]:
    """What of a class is not graded, or was graded by other tests than today's."""
    sentences = []
    if missing := submissions - len(results):
        plural = "submission has" if missing == 1 else "submissions have"
        sentences.append(f"{missing} {plural} not been graded yet; run without --student")
    old = [one.student for one in results if one.tests_sha256 != tests_sha256]
    if old:
        sentences.append(f"graded by other tests than today's: {listed(old)}; grade them again")
    return sentences


def on_budgets(
    assignment: Assignment, marks: Marks, results: Sequence[SubmissionResult]
) -> list[str]:
    """Whose budgets a person has to look at, because nobody has decided about the penalty."""
    students = [
        one.student for one in results if unconfirmed(assignment, one, marks.get(one.student, {}))
    ]
    what = f"budgets to look at, see {FILE}; a penalty counts when --marks gives it"
    return [f"{what}: {listed(students)}"] if students else []


def on_waiting(students: Sequence[str]) -> list[str]:
    """Whose questions wait for a person, because of what their files import."""
    what = "questions that a person grades, for what their file imports"
    return [f"{what}: {listed(students)}; give them points with --marks"] if students else []


def on_changed(queue: Queue) -> list[str]:
    """A sentence for every answer that is another than the one that got points."""
    return [
        f"{row['student']}, {row['component']}: {row['changed']}; see its CSV in {FOLDER}/"
        for row in queue.changed
    ]


def on_unread(results: Sequence[SubmissionResult], waiting: Collection[str]) -> list[str]:
    """Who handed in an archive that nobody has looked into, and whose mark is open for it."""
    students = [
        one.student for one in results if any(finding.kind == UNREAD for finding in one.findings)
    ]
    sentences = []
    if students:
        sentences.append(f"archives that were not opened, see the pages: {listed(students)}")
    if open_ := [name for name in students if name in waiting]:
        what = "no code was found beside them, so that the mark stays open until --marks decides"
        sentences.append(f"{what}: {listed(open_)}")
    return sentences


def on_outdated(students: Sequence[str]) -> list[str]:
    """Whose stored result is that of other files than lie there now."""
    what = "handed in anew since they were graded"
    return [f"{what}: {listed(students)}; run without --student"] if students else []


def on_gone(students: Collection[str]) -> list[str]:
    """Of whom an earlier run left results, who are not in the class any more."""
    what = "not in this class, but with results or pages of an earlier run, which stay"
    return [f"{what}: {listed(sorted(students))}"] if students else []


def faults(results: Sequence[SubmissionResult]) -> str:
    """Whom the grader failed on and why; empty if nobody."""
    failed = [one for one in results if one.verdict is Verdict.GRADER_ERROR]
    if not failed:
        return ""
    reasons: dict[str, None] = {}
    for result in failed:
        reasons |= {one.text: None for one in result.findings if one.kind == "grader"}
        for question in result.questions:
            for case in question.cases:
                if case.verdict is Verdict.GRADER_ERROR:
                    reasons[f"{question.id}: {case.message.removeprefix(OUR_FAULT)}"] = None
    whom = listed([result.student for result in failed])
    return f"the grader failed on {whom}, whose marks stay open\n  " + "\n  ".join(
        [*list(reasons)[:LISTED], *(["..."] if len(reasons) > LISTED else [])]
    )
