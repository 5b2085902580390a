"""How late a submission is and what that costs, by the manifest's late rule."""

import datetime
import math
from dataclasses import dataclass

from kit.assignment import Late

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """Days late as the rule counts them, the points left of `points`, and the sentence for it."""

    days: int
    points: float
    sentence: str


def days_late(late: Late, submitted: datetime.datetime, extension_days: int = 0) -> int:
    """The days begun after the due time; of working days, those that a weekend does not eat."""
    if late.due is None:
        return 0
    due = late.due + extension_days * DAY
    if due.tzinfo is None or submitted.tzinfo is None:  # one clock: the course's
        due, submitted = due.replace(tzinfo=None), submitted.replace(tzinfo=None)
    begun = max(0, math.ceil((submitted - due) / DAY))
    if not begun or not late.working_days:
        return begun
    ends = [(due + number * DAY).date() for number in range(1, begun + 1)]
    return max(1, sum(day.weekday() < 5 and day not in late.holidays for day in ends))


def apply(late: Late, points: float, out_of: float, days: int) -> Lateness:
    """What `points` of `out_of` become when they come `days` late."""
    if late.kind == "none" or days == 0:
        return Lateness(days, points, "")
    counted = f"{days} {'working ' if late.working_days else ''}day{'s' if days > 1 else ''} late"
    if late.days and days > late.days:
        return Lateness(days, 0.0, f"{counted}, more than the {late.days} allowed: 0 points")
    if late.kind == "per_day":
        share = min(100.0, late.percent * days)
        left = points * (1 - share / 100)
        return Lateness(days, left, f"{counted}: {share:g} % of {points:g} points are lost")
    most = out_of * late.percent / 100
    sentence = f"{counted}: the mark is at most {most:g} ({late.percent:g} % of {out_of:g})"
    return Lateness(days, min(points, most), sentence)
