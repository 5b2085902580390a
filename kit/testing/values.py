"""From whatever a student's function returned to plain numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.testing.run import JailSession, current


class CheckFailed(AssertionError):
    """What was asked of the student's code does not hold; the message is a sentence for them."""


def value(x: Any) -> Any:
    """The plain value of `x`, wherever it lives: builtins and exact NumPy arrays.

    Tensors and variables of TensorFlow, Keras and PyTorch become arrays; lists, tuples and dicts
    are converted throughout.

    Raises:
        CheckFailed: `x` has no plain value (a model, a function, an object of the student's).
    """
    return _plain(x, current().session)


def _plain(x: Any, session: JailSession | None, depth: int = 0) -> Any:
    if x is None or type(x) in (bool, int, float, complex, str, bytes):
        return x
    if depth < 20 and isinstance(x, list | tuple):
        items = [_plain(item, session, depth + 1) for item in x]
        return items if isinstance(x, list) else tuple(items)
    if depth < 20 and isinstance(x, Mapping):
        return {key: _plain(item, session, depth + 1) for key, item in x.items()}
    if session is not None and type(x) is not np.ndarray and not isinstance(x, np.generic):
        return session.fetch(x)
    return _local_array(x)


def _local_array(x: Any) -> NDArray[Any]:
    if hasattr(x, "detach") and hasattr(x, "cpu"):  # a PyTorch tensor, which may require grad
        x = x.detach().cpu()
    if isinstance(x, np.ndarray | np.generic) or hasattr(x, "numpy"):
        array = np.array(x.numpy() if hasattr(x, "numpy") else x)
        if array.dtype.kind in "biufc":
            return array
    raise CheckFailed(f"expected numbers, got an object of type {type(x).__name__}")


def array_of(x: Any, what: str) -> NDArray[Any]:
    """The plain array of `x`; `what` names it in the sentence where there is none."""
    plain = value(x)
    if plain is None:
        raise CheckFailed(f"{what} is None: is a return statement missing?")
    try:
        array = np.asarray(plain)
    except ValueError:
        raise CheckFailed(f"{what} is a ragged list; expected one array") from None
    if array.dtype.kind not in "biufc":
        raise CheckFailed(f"{what} holds no numbers but {type(plain).__name__}")
    return array
