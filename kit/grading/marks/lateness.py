"""How late a submission is and what that costs, by the manifest's late rule.

Days are counted on the clock of the course: one extension day ends at the same time of day, also
where the clocks change in between. Points are computed in exact decimals.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from kit.assignment import Late
from kit.errors import UsageError
from kit.grading.marks.exact import decimal as exact
from kit.grading.marks.exact import shown

DAY = datetime.timedelta(days=1)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Lateness:
    """Days late as the rule counts them, the points left of `points`, and the sentence for it."""

    days: int
    points: float
    sentence: str


def days_late(late: Late, submitted: datetime.datetime, extension_days: int = 0) -> int:
    """The days begun after the due time; of working days, those that a weekend does not eat.

    Raises:
        UsageError: the time names its zone and the due time none, so they cannot be compared.
    """
    if late.due is None:
        return 0
    zone = ZoneInfo(late.timezone) if late.timezone else None
    due = late.due.replace(tzinfo=zone) if zone else late.due
    if submitted.tzinfo is None:  # on the course's clock
        submitted = submitted.replace(tzinfo=due.tzinfo)
    if submitted.tzinfo is not None and due.tzinfo is None:
        raise UsageError(
            f"the hand-in time {submitted.isoformat()} has an offset and the due time of the "
            "manifest has none: give `timezone` under [late]"
        )
    due += extension_days * DAY
    passed = max(0, (submitted - due) // DAY - 1)  # a change of clocks moves it by less than a day
    while _instant(submitted) > _instant(due + passed * DAY):
        passed += 1
    if not passed or not late.working_days:
        return passed
    ends = [(due + number * DAY).date() for number in range(1, passed + 1)]
    return max(1, sum(day.weekday() < 5 and day not in late.holidays for day in ends))


def _instant(time: datetime.datetime) -> datetime.datetime:
    """The same moment as a time without a zone; two times of one zone compare by their clocks."""
    return time if time.tzinfo is None else time.astimezone(datetime.UTC).replace(tzinfo=None)


def apply(late: Late, points: float, out_of: float, days: int) -> Lateness:
    """What `points` of `out_of` become when they come `days` late."""
    if late.kind == "none" or days == 0:
        return Lateness(days, points, "")
    counted = f"{days} {'working ' if late.working_days else ''}day{'s' if days > 1 else ''} late"
    if late.days and days > late.days:
        return Lateness(days, 0.0, f"{counted}, more than the {late.days} allowed: 0 points")
    left, said = RULES[late.kind](late, exact(points), exact(out_of), days)
    return Lateness(days, float(left), f"{counted}: {said}")


Rule = Callable[[Late, Decimal, Decimal, int], tuple[Decimal, str]]


def _per_day(late: Late, points: Decimal, out_of: Decimal, days: int) -> tuple[Decimal, str]:
    return _less(points, min(HUNDRED, exact(late.percent) * days))


def _flat(late: Late, points: Decimal, out_of: Decimal, days: int) -> tuple[Decimal, str]:
    return _less(points, exact(late.percent))


def _cap(late: Late, points: Decimal, out_of: Decimal, days: int) -> tuple[Decimal, str]:
    return _at_most(points, out_of, exact(late.percent))


def _falling_cap(late: Late, points: Decimal, out_of: Decimal, days: int) -> tuple[Decimal, str]:
    return _at_most(points, out_of, max(Decimal(0), HUNDRED - exact(late.percent) * days))


RULES: dict[str, Rule] = {
    "per_day": _per_day,
    "flat": _flat,
    "cap": _cap,
    "falling_cap": _falling_cap,
}


def _less(points: Decimal, percent: Decimal) -> tuple[Decimal, str]:
    left = points * (HUNDRED - percent) / HUNDRED
    return left, f"{shown(percent)} % of {shown(points)} points are lost"


def _at_most(points: Decimal, out_of: Decimal, percent: Decimal) -> tuple[Decimal, str]:
    most = out_of * percent / HUNDRED
    said = f"the mark is at most {shown(most)} ({shown(percent)} % of {shown(out_of)})"
    return min(points, most), said
