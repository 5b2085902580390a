"""Checks of random numbers. Each states how often it fails a right answer, and computes its bound.

The bounds are inequalities, not approximations, so that a rate of 1e-9 means what it says.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from kit.testing.meter import tell_chance
from kit.testing.values import CheckFailed, array_of


def statistical(
    false_fail: float, why: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test that a right answer can fail by chance.

    Args:
        false_fail: the probability of that, over the course's secrets; below 1e-6.
        why: where the number comes from. That of `averages` and `normal` checks is theirs.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test.statistical = (false_fail, why)  # type: ignore[attr-defined]
        return test

    return mark


def averages(
    terms: Any,
    expected: float,
    *,
    variance: float,
    false_fail: float,
    tail: float = 0.0,
    what: str = "the mean",
) -> None:
    """Check that independent terms (n, ...) average to `expected` along the first axis.

    Bernstein's inequality: such a mean is off by more than sqrt(2 v x / n) + c x / n with a
    probability of at most 2 exp(-x) (Boucheron, Lugosi, Massart 2013, section 2.4).

    Args:
        terms: n independent draws of a number, or of an array.
        expected: the expectation of each.
        variance: v, that of each term.
        false_fail: the probability of failing a right answer, all entries together.
        tail: c: 0 for normal terms; 1 for products of two independent standard normals; 2 for
            squares of them (v = 1, 1 and 2).
        what: its name in a sentence.
    """
    array = array_of(terms, what).astype(np.float64)
    mean = array.mean(axis=0)
    x = math.log(2 * mean.size / false_fail)
    count = len(array)
    bound = math.sqrt(2 * variance * x / count) + tail * x / count
    tell_chance(false_fail)
    worst = float(np.max(np.abs(mean - expected)))
    if not worst <= bound:
        raise CheckFailed(f"{what} is off by {worst:.3g}; by chance it would be up to {bound:.3g}")


def normal(
    sample: Any, *, false_fail: float, deviation: float = 1.0, what: str = "the sample"
) -> None:
    """Check that numbers are independent draws of a normal distribution with mean 0.

    The largest distance of the two distribution functions exceeds sqrt(x / 2n) with a probability
    of at most 2 exp(-x) (Dvoretzky, Kiefer, Wolfowitz; Massart 1990).
    """
    numbers = np.sort(array_of(sample, what).astype(np.float64).ravel()) / deviation
    count = numbers.size
    at = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in numbers])
    steps = np.arange(count + 1) / count
    distance = float(np.max(np.maximum(np.abs(at - steps[:-1]), np.abs(at - steps[1:]))))
    bound = math.sqrt(math.log(2 / false_fail) / (2 * count))
    tell_chance(false_fail)
    if not distance <= bound:
        raise CheckFailed(
            f"{what} is no normal sample with mean 0 and standard deviation {deviation:g}: the "
            f"distribution functions differ by {distance:.3g}; by chance by up to {bound:.3g}"
        )
