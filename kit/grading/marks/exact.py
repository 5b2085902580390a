"""Points as the exact decimals that people wrote, not as the binary numbers next to them.

A float is a container here: 0.1 means one tenth. Sums are made in fractions, and rounded to four
decimals, half away from zero.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLACES = Decimal("0.0001")


def decimal(number: float) -> Decimal:
    """The decimal number that was written."""
    return Decimal(str(number))


def fraction(number: float) -> Fraction:
    """The same as a fraction."""
    return Fraction(str(number))


def rounded(number: Fraction | Decimal) -> float:
    """The float next to an exact number of at most four decimals."""
    return float(_rounded(Fraction(number)))


def shown(number: float | Fraction | Decimal) -> str:
    """A number as people read it: at most four decimals, and no zeros at their end."""
    exact = fraction(number) if isinstance(number, float) else Fraction(number)
    text = f"{_rounded(exact):f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def total(numbers: Iterable[float]) -> float:
    """The sum of numbers as they are written: 0.1 and 0.2 are 0.3."""
    return rounded(sum(map(fraction, numbers), Fraction(0)))


def product(one: float, other: float) -> float:
    """The product of two numbers as they are written."""
    return rounded(fraction(one) * fraction(other))


def _rounded(exact: Fraction) -> Decimal:
    written = Decimal(exact.numerator) / Decimal(exact.denominator)
    return written.quantize(PLACES, ROUND_HALF_UP)
