"""What the self-test reads off the tests: errors as shares of their tolerances, stated rates.

Outside a self-test nobody listens, and nothing here has any effect.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Meter:
    """What each case told: `errors` in units of the tolerance, `chances` of failing wrongly."""

    errors: dict[str, list[float]] = field(default_factory=dict)
    chances: dict[str, list[float]] = field(default_factory=dict)


_meter: ContextVar[Meter | None] = ContextVar("_meter", default=None)
_case: ContextVar[str] = ContextVar("_case", default="")


@contextlib.contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Within this context the checks tell `meter`."""
    token = _meter.set(meter)
    try:
        yield
    finally:
        _meter.reset(token)


@contextlib.contextmanager
def within_case(label: str) -> Iterator[None]:
    """Within this context what the checks tell belongs to the case `label`."""
    token = _case.set(label)
    try:
        yield
    finally:
        _case.reset(token)


def listening() -> bool:
    """Whether anybody does; who does not ask may compute in vain."""
    return _meter.get() is not None


def tell_error(share: float) -> None:
    """The largest error of one comparison over its tolerance: 1 and less passes."""
    if (meter := _meter.get()) is not None:
        meter.errors.setdefault(_case.get(), []).append(share)


def tell_chance(false_fail: float) -> None:
    """How often a statistical check fails a right answer."""
    if (meter := _meter.get()) is not None:
        meter.chances.setdefault(_case.get(), []).append(false_fail)
