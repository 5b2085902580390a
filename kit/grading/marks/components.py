"""The parts of a mark that people give: the report by its rubric, the written questions.

Ticks are scored by the key; what is answered in words waits for a person, and so does everything
where no answer was found or two contradict each other. A part counts when all of it is marked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from kit.assignment import Assignment
from kit.grading.marks.exact import fraction, rounded, shown, total
from kit.grading.marks.hand_marks import HandMark
from kit.grading.results import SubmissionResult
from kit.grading.written.key import Key
from kit.grading.written.scoring import Scored, State, score

WRITTEN = "written"


@dataclass(frozen=True)
class Parts:
    """Points by component, None while one is open; what each is worth; the written questions."""

    points: Mapping[str, float | None]
    worth: Mapping[str, float]
    written: tuple[Scored, ...] = ()

    @property
    def given(self) -> list[float]:
        """The points of the components that are marked."""
        return [points for points in self.points.values() if points is not None]

    @property
    def given_of(self) -> list[float]:
        """What those are worth."""
        return [self.worth[name] for name, points in self.points.items() if points is not None]

    @property
    def pending(self) -> dict[str, float]:
        """The components that are not marked yet, and what they are worth."""
        return {name: self.worth[name] for name, points in self.points.items() if points is None}


def parts(
    assignment: Assignment,
    result: SubmissionResult,
    by_hand: Mapping[str, HandMark],
    key: Key | None,
    trail: list[str],
) -> Parts:
    """The components besides the tests, with a sentence for whatever is given."""
    points: dict[str, float | None] = {}
    written: tuple[Scored, ...] = ()
    for name, most in assignment.components.items():
        if name == "auto" or most == 0:
            continue
        if name == WRITTEN and assignment.written is not None:
            found = score(assignment.written, key, result.answers)
            written = tuple(_by_hand(one, by_hand) for one in found)
        if given := by_hand.get(name):
            points[name] = given.points
            trail.append(sentence(name.capitalize(), given, most))
        elif name == "report":
            points[name] = _rubric(assignment, by_hand, trail)
        else:
            points[name] = _written(result, written, most, trail) if written else None
    worth = {str(name): most for name, most in assignment.components.items() if name in points}
    return Parts(points, worth, written)


def sentence(title: str, given: HandMark, most: float) -> str:
    """What a person gave for something, of how much, and why."""
    comment = f" ({given.comment})" if given.comment else ""
    return f"{title}: {shown(given.points)} of {shown(most)}{comment}."


def _rubric(
    assignment: Assignment, by_hand: Mapping[str, HandMark], trail: list[str]
) -> float | None:
    rubric = assignment.report.rubric
    lines = [item for item in rubric if f"report.{item.id}" in by_hand]
    if not lines:
        return None
    if len(lines) < len(rubric):
        marked = f"{len(lines)} of {len(rubric)} lines of the report are marked"
        trail.append(f"{marked}; it counts when all are.")
    given = [by_hand[f"report.{item.id}"] for item in lines]
    trail += [
        sentence(item.title, line, item.points) for item, line in zip(lines, given, strict=True)
    ]
    return None if len(lines) < len(rubric) else total(line.points for line in given)


def _by_hand(one: Scored, by_hand: Mapping[str, HandMark]) -> Scored:
    given = by_hand.get(f"{WRITTEN}.{one.question.id}")
    if given is None:
        return one
    if given.version not in ("", one.answer.version):
        return replace(one, earlier=shown(given.points))
    points = fraction(given.points)
    return replace(one, state=State.MARKED, points=points, comment=given.comment)


def _written(
    result: SubmissionResult, written: tuple[Scored, ...], most: float, trail: list[str]
) -> float | None:
    counted = [one for one in written if one.question.points]
    if not result.answers and not any(one.state is State.MARKED for one in counted):
        trail.append("No answers to the written questions were found; a person has to look.")
        return None
    known = [one for one in counted if one.points is not None]
    points = sum((one.points for one in known if one.points is not None), Fraction(0))
    of = total(one.question.points for one in known)
    trail.append(f"Written questions: {shown(points)} of {shown(of)}{_noted(counted)}.")
    trail += [_marked(one) for one in counted if one.state is State.MARKED]
    if len(known) == len(counted):
        return rounded(points)
    open_ = [one for one in counted if one.points is None]
    trail += [f"{one.question.id}: {one.answer.problem}." for one in open_ if one.answer.problem]
    names = ", ".join(one.question.id for one in open_)
    trail.append(f"Not marked yet of the written questions: {names}; they count when all are.")
    return None


def _noted(counted: list[Scored]) -> str:
    blank = [one.question.id for one in counted if one.state is State.BLANK]
    return f" (left blank: {', '.join(blank)})" if blank else ""


def _marked(one: Scored) -> str:
    points, most = shown(one.points or 0), shown(one.question.points)
    comment = f" ({one.comment})" if one.comment else ""
    return f"{one.question.id}, marked by a person: {points} of {most}{comment}."
