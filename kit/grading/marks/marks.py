"""From raw points to a mark, with a trail of sentences that defends it.

Choose-one groups (the better counts), manual components, overrides with their reason, bonuses,
penalties, the late rule, in this order. Raw results are read here and never changed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.assignment import Assignment, Choice, Penalty
from kit.grading.marks import lateness
from kit.grading.marks.components import parts, sentence
from kit.grading.marks.exact import decimal, product, rounded, shown, total
from kit.grading.marks.hand_marks import FINAL, Arrival, HandMark
from kit.grading.marks.set_aside import has_no_code, set_aside, unopened
from kit.grading.results import QuestionResult, SubmissionResult, Verdict, worst
from kit.grading.written.key import Key
from kit.grading.written.scoring import Scored

AUTO = "auto"
IMPORTS = "its file imports what the tests cannot judge"
UNOPENED = "no graded function was found, and an archive that may hold them was not opened"
NO_CODE = "No graded function was handed in, which by the rules means zero for the assignment."


@dataclass(frozen=True)
class Mark:
    """A student's mark. What is not known yet is None and named in `pending`.

    While something is pending, `final` is the mark so far and `out_of` what it could be so far;
    `most` is the whole of the assignment.
    """

    student: str
    questions: Mapping[str, float | None]
    auto: float | None
    auto_max: float
    manual: Mapping[str, float | None]  # report, written
    bonus: float
    penalty: float
    days_late: int
    final: float | None
    out_of: float
    most: float
    pending: tuple[str, ...]
    counted_groups: tuple[str, ...]
    trail: tuple[str, ...]
    written: tuple[Scored, ...] = ()  # the written questions one by one

    @property
    def settled(self) -> bool:
        """Whether nothing is open any more."""
        return self.final is not None and not self.pending


def chosen(assignment: Assignment, points: Mapping[str, float | None]) -> dict[str, str]:
    """Each choice's title and the group that counts for it: the one with more points."""
    return {choice.title: _better(assignment, choice, points) for choice in assignment.choices}


def _better(assignment: Assignment, choice: Choice, points: Mapping[str, float | None]) -> str:
    return max(choice.groups, key=lambda group: sum_of(assignment, group, points) or 0.0)


def sum_of(assignment: Assignment, group: str, points: Mapping[str, float | None]) -> float | None:
    """The points of a group's questions; None while one of them could not be graded."""
    own = [points.get(q.id, 0.0) for q in assignment.questions if q.group == group]
    known = [value for value in own if value is not None]
    return None if len(known) < len(own) else total(known)


def counted(
    assignment: Assignment, points: Mapping[str, float | None]
) -> tuple[float | None, float]:
    """The automatic points that count and their maximum; None where the grader failed.

    A question that could not be graded may be in the group that would have been the better one, so
    any of them leaves the sum open.
    """
    groups = [sum_of(assignment, group, points) for group in counted_groups(assignment, points)]
    known = [part for part in groups if part is not None]
    open_ = any(points.get(question.id, 0.0) is None for question in assignment.questions)
    return None if open_ else total(known), assignment.components.get("auto", 0.0)


def counted_groups(assignment: Assignment, points: Mapping[str, float | None]) -> tuple[str, ...]:
    """The groups whose questions count, in the order of the questions."""
    grouped = {group for choice in assignment.choices for group in choice.groups}
    best = set(chosen(assignment, points).values())
    groups = dict.fromkeys(question.group for question in assignment.questions)
    return tuple(group for group in groups if group not in grouped or group in best)


def mark(
    assignment: Assignment,
    result: SubmissionResult,
    by_hand: Mapping[str, HandMark] | None = None,
    arrival: Arrival | None = None,
    key: Key | None = None,
) -> Mark:
    """The mark of one submission and the sentences that lead to it.

    Without a key every written question is open.
    """
    by_hand = by_hand or {}
    trail: list[str] = []
    questions = _questions(assignment, result, by_hand, trail)
    auto, auto_max = counted(assignment, questions)
    waiting = _waiting(assignment, result, questions, trail)
    _explain_auto(assignment, questions, auto, trail, waiting)
    made = parts(assignment, result, by_hand, key, trail)
    bonus, penalty = _bonus(assignment, by_hand, trail), _penalty(assignment, by_hand, trail)
    out_of, most = total([auto_max, *made.given_of]), total([auto_max, *made.worth.values()])
    days, final = _days_late(assignment, arrival), None
    pending = {**({AUTO: auto_max} if waiting else {}), **made.pending}
    if no_code := _no_code(assignment, result, by_hand):
        trail.append(NO_CODE)
        final = 0.0
    elif auto is not None:
        earned = max(0.0, total([auto, *made.given, bonus, penalty]))
        final = _after_lateness(assignment, earned, out_of, days, trail)
    final = _overridden(final, by_hand, trail)
    if no_code or FINAL in by_hand:  # a rule, or whoever sets the mark, has decided about all of it
        pending, out_of = {}, most
    if final is not None:
        trail.append(_conclusion(final, out_of, pending))
    return Mark(
        student=result.student,
        questions=questions,
        auto=auto,
        auto_max=auto_max,
        manual=made.points,
        bonus=bonus,
        penalty=penalty,
        days_late=days,
        final=final,
        out_of=out_of,
        most=most,
        pending=tuple(pending),
        counted_groups=counted_groups(assignment, questions),
        trail=tuple(trail),
        written=made.written,
    )


def _days_late(assignment: Assignment, arrival: Arrival | None) -> int:
    if arrival is None:
        return 0
    return lateness.days_late(assignment.late, arrival.submitted, arrival.extension_days)


def _no_code(
    assignment: Assignment, result: SubmissionResult, by_hand: Mapping[str, HandMark]
) -> bool:
    """Whether the rule on missing code applies; a person who gave points for code has decided."""
    missing = has_no_code(result) and not unopened(result)
    decided = any(question.id in by_hand for question in assignment.questions)
    return assignment.rules.no_code_is_zero and missing and not decided


def _conclusion(final: float, out_of: float, pending: Mapping[str, float]) -> str:
    if not pending:
        return f"Mark: {shown(final)} of {shown(out_of)}."
    parts = " and ".join(f"{name} ({shown(points)} points)" for name, points in pending.items())
    return f"So far: {shown(final)} of {shown(out_of)}; not marked yet: {parts}."


def _after_lateness(
    assignment: Assignment, earned: float, out_of: float, days: int, trail: list[str]
) -> float:
    late = lateness.apply(assignment.late, earned, out_of, days)
    if late.sentence:
        trail.append(f"{late.sentence}.")
    return rounded(decimal(late.points))


def _overridden(
    final: float | None, by_hand: Mapping[str, HandMark], trail: list[str]
) -> float | None:
    override = by_hand.get(FINAL)
    if override is None:
        return final
    before = "open" if final is None else shown(final)
    trail.append(f"Mark set to {shown(override.points)} (was {before}): {override.comment}.")
    return override.points


def _questions(
    assignment: Assignment,
    result: SubmissionResult,
    by_hand: Mapping[str, HandMark],
    trail: list[str],
) -> dict[str, float | None]:
    points = {question.id: question.points for question in result.questions}
    points |= dict.fromkeys(set_aside(assignment, result))
    for question in assignment.questions:
        if override := by_hand.get(question.id):
            raw = points.get(question.id, 0.0)
            was = "open" if raw is None else shown(raw)
            trail.append(
                f"{question.id} set to {shown(override.points)} (was {was}): {override.comment}."
            )
            points[question.id] = override.points
    unknown = None if result.points is None else 0.0  # a submission that was never judged
    return {question.id: points.get(question.id, unknown) for question in assignment.questions}


def _explain_auto(
    assignment: Assignment,
    points: Mapping[str, float | None],
    auto: float | None,
    trail: list[str],
    waiting: Sequence[str],
) -> None:
    for choice in assignment.choices:
        sums = {group: sum_of(assignment, group, points) for group in choice.groups}
        listed = ", ".join(
            f"{group_title(group)} has {'open points' if value is None else shown(value)}"
            for group, value in sums.items()
        )
        best = group_title(_better(assignment, choice, points))
        which = "the better one will count" if None in sums.values() else f"{best} counts"
        trail.append(f"{choice.title}: {listed}; {which}.")
    if any(points[name] is None for name in points.keys() - set(waiting)):
        trail.append("The grader failed on a question; the mark stays open until it is graded.")
    if auto is not None:
        trail.append(f"Tests: {shown(auto)} of {shown(assignment.components.get('auto', 0.0))}.")


def _waiting(
    assignment: Assignment,
    result: SubmissionResult,
    points: Mapping[str, float | None],
    trail: list[str],
) -> list[str]:
    """The questions that were set aside and that nobody has given points yet."""
    aside = set_aside(assignment, result)
    names = [name for name in points if name in aside and points[name] is None]
    if names:
        why = UNOPENED if unopened(result) else IMPORTS
        trail.append(f"A person grades {', '.join(names)}: {why}.")
    return names


def _bonus(assignment: Assignment, by_hand: Mapping[str, HandMark], trail: list[str]) -> float:
    given = [(one, by_hand[one.id]) for one in assignment.bonuses if one.id in by_hand]
    trail += [f"Bonus. {sentence(one.title, line, one.points)}" for one, line in given]
    return total(line.points for _, line in given)


def _penalty(assignment: Assignment, by_hand: Mapping[str, HandMark], trail: list[str]) -> float:
    taken = []
    for penalty in assignment.penalties:
        if given := by_hand.get(penalty.id):
            points = product(penalty.points, given.points)
            taken.append(points)
            comment = f" ({given.comment})" if given.comment else ""
            trail.append(f"{penalty.title}: {_taken(penalty, given, points)}{comment}.")
    return total(taken)


def _taken(penalty: Penalty, given: HandMark, points: float) -> str:
    """What a penalty takes, and where it applies by the unit, how it comes about."""
    if not penalty.per:
        return shown(points)
    each = f"{shown(penalty.points)} per {penalty.per}"
    return f"{shown(given.points)} × {each} = {shown(points)}"


def group_title(name: str) -> str:
    """`exercise1` as people read it: Exercise 1."""
    words = re.sub(r"(?<=[a-z])(?=\d)", " ", name.replace("_", " "))
    return words.capitalize() or "Questions"


def overall_verdict(assignment: Assignment, questions: Sequence[QuestionResult]) -> Verdict:
    """The verdict of a submission: the worst among the questions that count.

    Of groups with equal points the one that was worked on decides. A fault of the grader anywhere
    is one of the whole, for it leaves the mark open.
    """
    if any(question.verdict is Verdict.GRADER_ERROR for question in questions):
        return Verdict.GRADER_ERROR
    by_group: dict[str, list[QuestionResult]] = {}
    for result in questions:
        by_group.setdefault(assignment.question(result.id).group, []).append(result)

    def worked_on(group: str) -> tuple[float, int]:
        own = by_group.get(group, [])
        tried = sum(one.verdict not in (Verdict.NOT_ATTEMPTED, Verdict.MISSING) for one in own)
        return sum(one.points or 0.0 for one in own), tried

    for choice in assignment.choices:
        best = max(choice.groups, key=worked_on)
        for group in choice.groups:
            if group != best:
                by_group.pop(group, None)
    return worst(one.verdict for own in by_group.values() for one in own)
