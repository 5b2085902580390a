"""What the budgets suggest: a sentence of evidence for each, and how often its penalty would apply.

A suggestion is no penalty. A person looks at the evidence and gives the penalty in `marks.csv`, or
does not; `penalties.csv` has the lines to copy there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.assignment import Assignment, Penalty
from kit.budget import Budget
from kit.errors import UsageError
from kit.files import write_text
from kit.grading.marks.exact import product, shown
from kit.grading.marks.hand_marks import HandMark
from kit.grading.results import Count, SubmissionResult
from kit.grading.spreadsheet import table

FILE = "penalties.csv"
COLUMNS = ("student", "component", "points", "comment", "limit", "claimed", "counted", "asked")


@dataclass(frozen=True)
class Suggestion:
    """A budget, its penalty, and what is known of it in one submission."""

    budget: Budget
    penalty: Penalty
    count: Count

    @property
    def number(self) -> int | None:
        """What the suggestion goes by: the larger of claim and count.

        Of a training that took more steps than it was asked for, the claim is as many times larger.
        """
        count, claimed = self.count, self.count.claimed
        if count.counted is None or count.asked is None:
            known = [number for number in (claimed, count.counted) if number is not None]
            return max(known, default=None)
        if claimed is None:
            return None
        return max(claimed, -(-claimed * count.counted // max(1, count.asked)))

    @property
    def units(self) -> int | None:
        """How often the penalty would apply; None where nothing is known."""
        return None if self.number is None else self.budget.units(self.number)

    @property
    def agrees(self) -> bool:
        """Whether there is a claim, where one is asked for, and what was counted fits it."""
        count = self.count
        if count.problem or (self.budget.claim and count.claimed is None):
            return False
        expected = count.claimed if count.asked is None else count.asked
        return None in (count.counted, expected) or count.counted == expected

    @property
    def needs_a_person(self) -> bool:
        """Whether there is something to decide."""
        over = self.number is not None and self.budget.is_over(self.number)
        return over or not self.agrees

    @property
    def sentence(self) -> str:
        """The evidence, and what is suggested."""
        said = [*self._evidence(), f"{self.budget.rule} allowed"]
        if units := self.units:
            each = self.penalty.points
            points = f"{units} × {shown(each)} = {shown(product(each, units))}"
            said.append(f"over by {units} full {self.budget.each:,}; {points} points suggested")
        elif self.number is not None and self.budget.is_over(self.number):
            said.append(f"over, but by no full {self.budget.each:,}")
        return "; ".join(said)

    def _evidence(self) -> list[str]:
        count, said = self.count, []
        if self.budget.claim:
            claim = f"{self.budget.claim.replace('.', '.py states no ', 1)} as a plain number"
            said.append(claim if count.claimed is None else f"claimed {count.claimed:,}")
        if count.counted is None:
            said.append(f"not counted{': ' if count.problem else ''}{count.problem}")
        elif count.asked is None:
            said.append(f"counted {count.counted:,}")
        else:
            said.append(f"asked for {count.asked:,}, the training took {count.counted:,}")
        return said


def suggestions(assignment: Assignment, found: Sequence[Count]) -> tuple[Suggestion, ...]:
    """What is known of every budget, in the order of the manifest; nothing of an unread hand-in."""
    counts = {one.budget: one for one in found}
    penalties = {one.id: one for one in assignment.penalties}
    return tuple(
        Suggestion(budget, penalties[budget.penalty], counts[budget.id])
        for budget in assignment.budgets
        if budget.id in counts
    )


def unconfirmed(
    assignment: Assignment, result: SubmissionResult, by_hand: Mapping[str, HandMark]
) -> tuple[Suggestion, ...]:
    """What a person has not decided about yet; a penalty that is given 0 times is decided."""
    return tuple(
        one
        for one in suggestions(assignment, result.budgets)
        if one.needs_a_person and one.penalty.id not in by_hand
    )


def refuse_as_marks(marks: Path | Sequence[Path] | None, out: Path) -> None:
    """Be sure that what people decided is in no file that this run writes anew.

    Raises:
        UsageError: it is.
    """
    for path in [marks] if isinstance(marks, Path) else marks or ():
        if path.resolve() == (out / FILE).resolve():
            raise UsageError(
                f"{path} is written anew by every run; copy it, keep the lines that you confirm, "
                "and give the copy to --marks"
            )


def write_suggestions(
    out: Path, assignment: Assignment, results: Sequence[SubmissionResult]
) -> list[Path]:
    """Write a line per student and budget, in the columns of `--marks` and some more."""
    if not assignment.budgets:
        return []
    lines = [
        _line(result.student, one)
        for result in results
        for one in suggestions(assignment, result.budgets)
    ]
    return [write_text(out / FILE, table([COLUMNS, *lines]))]


def _line(student: str, one: Suggestion) -> list[str]:
    count = one.count
    numbers = (one.units, one.budget.limit, count.claimed, count.counted, count.asked)
    units, *more = ("" if number is None else str(number) for number in numbers)
    return [student, one.penalty.id, units, one.sentence, *more]
