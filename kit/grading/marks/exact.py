"""Points as the exact decimals that people wrote, not as the binary numbers next to them.

A float is a container here: 0.1 means one tenth. Sums are made in fractions, and rounded to four
decimals, half up.
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
    exact = Fraction(number)
    written = Decimal(exact.numerator) / Decimal(exact.denominator)
    return float(written.quantize(PLACES, ROUND_HALF_UP))


def total(numbers: Iterable[float]) -> float:
    """The sum of numbers as they are written: 0.1 and 0.2 are 0.3."""
    return rounded(sum(map(fraction, numbers), Fraction(0)))


def product(one: float, other: float) -> float:
    """The product of two numbers as they are written."""
    return rounded(fraction(one) * fraction(other))
