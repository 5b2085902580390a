"""The checks of a test file. Each fails with a sentence that a student can act on."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kit.testing import meter
from kit.testing.run import current
from kit.testing.values import CheckFailed, array_of, value


def that(condition: object, sentence: str) -> None:
    """Fail with `sentence` unless `condition` is exactly true."""
    if condition is not True and not (isinstance(condition, np.bool_) and bool(condition)):
        raise CheckFailed(sentence)


def shape(x: Any, expected: tuple[int, ...], what: str = "the result") -> None:
    """Check the shape of an array."""
    actual = array_of(x, what).shape
    if actual != tuple(expected):
        raise CheckFailed(f"{what} has shape {actual}; expected {tuple(expected)}")


def dtype(x: Any, expected: str, what: str = "the result") -> None:
    """Check the dtype of an array by its NumPy name, such as "float32"."""
    actual = array_of(x, what).dtype.name
    if actual != expected:
        raise CheckFailed(f"{what} has dtype {actual}; expected {expected}")


def finite(x: Any, what: str = "the result") -> None:
    """Check that an array holds neither NaN nor infinity."""
    array = array_of(x, what)
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        where = _index(bad[0])
        raise CheckFailed(f"{what} is {array[tuple(bad[0])]} at {where}; expected finite numbers")


def close(
    actual: Any, expected: ArrayLike, *, rtol: float, atol: float = 0.0, what: str = "the result"
) -> None:
    """Check numbers: |actual - expected| <= atol + rtol |expected|, shape for shape; NaN fails."""
    have, want = array_of(actual, what), array_of(expected, "the expected value")
    if have.shape != want.shape:
        raise CheckFailed(f"{what} has shape {have.shape}; expected {want.shape}")
    wide = np.complex128 if "c" in (have.dtype.kind, want.dtype.kind) else np.float64
    have, want = have.astype(wide), want.astype(wide)
    # A NaN on either side makes every comparison false; infinities agree in sign only.
    with np.errstate(invalid="ignore"):
        difference = np.abs(have - want)
        near = np.isfinite(want) & (difference <= atol + rtol * np.abs(want))
    good = near | (have == want)
    if meter.listening():
        _tell(difference, atol + rtol * np.abs(want), have == want)
    _report_difference(have, want, difference, good, what)


def _tell(difference: NDArray[Any], tolerance: NDArray[Any], same: NDArray[np.bool_]) -> None:
    """Tell the self-test how far off the worst number is, in units of its tolerance."""
    if not np.any(tolerance > 0):
        return  # a comparison without a tolerance has nothing to calibrate
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        shares = np.where(same, 0.0, difference / tolerance)
    meter.tell_error(float(np.max(np.where(np.isnan(shares), np.inf, shares))))


def equal(actual: Any, expected: Any, what: str = "the result") -> None:
    """Check a plain value exactly: numbers and arrays by value, text and None as they are."""
    plain = value(actual)
    if expected is None or isinstance(expected, str | bytes):
        if type(plain) is not type(expected) or plain != expected:
            raise CheckFailed(f"{what} is {_short(plain)}; expected {_short(expected)}")
        return
    have, want = array_of(plain, what), np.asarray(expected)
    if have.shape != want.shape:
        raise CheckFailed(f"{what} has shape {have.shape}; expected {want.shape}")
    difference = np.abs(have.astype(np.float64) - want.astype(np.float64))
    _report_difference(have, want, difference, have == want, what)


def _report_difference(
    have: NDArray[Any], want: NDArray[Any], difference: NDArray[Any], good: NDArray[Any], what: str
) -> None:
    if np.all(good):
        return
    if have.ndim == 0:
        raise CheckFailed(f"{what} is {have[()]:.7g}; expected {want[()]:.7g}")
    bad = np.argwhere(~good)
    first = tuple(bad[0])
    largest = np.nanmax(difference) if np.isfinite(difference).any() else math.nan
    raise CheckFailed(
        f"{what} differs at {len(bad)} of {have.size} places; first at {_index(bad[0])}: "
        f"{have[first]:.7g}, expected {want[first]:.7g}; largest difference {largest:.3g}"
    )


def _index(position: NDArray[Any]) -> str:
    return "[" + ", ".join(str(int(i)) for i in position) + "]"


def _short(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 80 else text[:77] + "..."


def raises(
    kind: type[Exception], function: Callable[..., Any], *arguments: Any, **named: Any
) -> None:
    """Check that a call raises `kind`; a template's NotImplementedError passes through."""
    called = f"calling it with ({', '.join(_short(argument) for argument in arguments)})"
    try:
        function(*arguments, **named)
    except Exception as error:
        kinds = _kinds(error)
        if not kinds or "NotImplementedError" in kinds:
            raise
        if kind.__name__ not in kinds:
            raise CheckFailed(f"{called} raised {kinds[0]}; expected {kind.__name__}") from None
        return
    raise CheckFailed(f"{called} raised nothing; expected {kind.__name__}")


def _kinds(error: Exception) -> tuple[str, ...]:
    """The names of the student's exception and of its bases; none for a fault of the grader's."""
    if current().session is None:
        return tuple(base.__name__ for base in type(error).__mro__)
    return tuple(getattr(error, "kinds", ()))  # what came out of the jail carries its names
