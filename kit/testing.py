"""What a test file may use. One test runs the same on a student's own functions and on proxies.

On a student's machine, in a notebook and in stock otter the names of a test are the functions
themselves; in a graded run they are proxies of functions in the jail. A test therefore looks at
a result only through this module. Nothing here believes an object of the student's: a comparison
sees plain arrays, NaN never equals, and a subclass never gets to say that it does.
"""

import contextlib
import hashlib
import hmac
import importlib
import math
import types
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

PUBLIC_SEED = b"public"  # outside a graded run every student tests on these inputs


class CheckFailed(AssertionError):
    """What was asked of the student's code does not hold; the message is a sentence for them."""


class JailSession(Protocol):
    """What this module asks of a session with the jail (`kit.bridge.session.Session`)."""

    def library(self, name: str) -> Any:
        """Import a library beside the student's code."""

    def define(self, source: str) -> Any:
        """Run a test's own source beside the student's code; its namespace."""

    def fetch(self, handle: Any) -> Any:
        """The plain value of what a handle stands for."""

    def seed(self, number: int) -> None:
        """Seed every generator beside the student's code."""


@dataclass
class _Run:
    """One question being judged: where its code lives and what its inputs are drawn from."""

    session: JailSession | None = None
    seed: bytes = PUBLIC_SEED
    drawn: dict[str, int] = field(default_factory=dict)


_run: ContextVar[_Run | None] = ContextVar("_run", default=None)


@contextlib.contextmanager
def jailed(session: JailSession, seed: bytes) -> Iterator[None]:
    """Within this context tests work on proxies of `session` and draw inputs from `seed`."""
    token = _run.set(_Run(session, seed))
    try:
        session.seed(_number(seed, "jail"))
        yield
    finally:
        _run.reset(token)


def _current() -> _Run:
    return _run.get() or _Run()


def _number(seed: bytes, label: str) -> int:
    return int.from_bytes(hmac.new(seed, label.encode(), hashlib.sha256).digest()[:4], "big")


def rng(label: str = "") -> np.random.Generator:
    """A generator for a test's inputs: the same for every student, unknown before a graded run."""
    return np.random.default_rng(_number(_current().seed, f"rng|{label}"))


# --- values -------------------------------------------------------------------------------------


def value(x: Any) -> Any:
    """The plain value of `x`, wherever it lives: builtins and exact NumPy arrays.

    Tensors and variables of TensorFlow, Keras and PyTorch become arrays; lists, tuples and dicts
    are converted throughout.

    Raises:
        CheckFailed: `x` has no plain value (a model, a function, an object of the student's).
    """
    return _plain(x, _current().session)


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


def _array(x: Any, what: str) -> NDArray[Any]:
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


# --- checks -------------------------------------------------------------------------------------


def that(condition: object, sentence: str) -> None:
    """Fail with `sentence` unless `condition` is exactly true."""
    if condition is not True and not (isinstance(condition, np.bool_) and bool(condition)):
        raise CheckFailed(sentence)


def shape(x: Any, expected: tuple[int, ...], what: str = "the result") -> None:
    """Check the shape of an array."""
    actual = _array(x, what).shape
    if actual != tuple(expected):
        raise CheckFailed(f"{what} has shape {actual}; expected {tuple(expected)}")


def dtype(x: Any, expected: str, what: str = "the result") -> None:
    """Check the dtype of an array by its NumPy name, such as "float32"."""
    actual = _array(x, what).dtype.name
    if actual != expected:
        raise CheckFailed(f"{what} has dtype {actual}; expected {expected}")


def finite(x: Any, what: str = "the result") -> None:
    """Check that an array holds neither NaN nor infinity."""
    array = _array(x, what)
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        where = _index(bad[0])
        raise CheckFailed(f"{what} is {array[tuple(bad[0])]} at {where}; expected finite numbers")


def close(
    actual: Any, expected: ArrayLike, *, rtol: float, atol: float = 0.0, what: str = "the result"
) -> None:
    """Check numbers: |actual - expected| <= atol + rtol |expected|, shape for shape; NaN fails."""
    have, want = _array(actual, what), _array(expected, "the expected value")
    if have.shape != want.shape:
        raise CheckFailed(f"{what} has shape {have.shape}; expected {want.shape}")
    wide = np.complex128 if "c" in (have.dtype.kind, want.dtype.kind) else np.float64
    have, want = have.astype(wide), want.astype(wide)
    # A NaN on either side makes every comparison false; infinities agree in sign only.
    with np.errstate(invalid="ignore"):
        difference = np.abs(have - want)
        near = np.isfinite(want) & (difference <= atol + rtol * np.abs(want))
    good = near | (have == want)
    _report_difference(have, want, difference, good, what)


def equal(actual: Any, expected: Any, what: str = "the result") -> None:
    """Check a plain value exactly: numbers and arrays by value, text and None as they are."""
    plain = value(actual)
    if expected is None or isinstance(expected, str | bytes):
        if type(plain) is not type(expected) or plain != expected:
            raise CheckFailed(f"{what} is {_short(plain)}; expected {_short(expected)}")
        return
    have, want = _array(plain, what), np.asarray(expected)
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
    called = ", ".join(_short(argument) for argument in arguments)
    try:
        function(*arguments, **named)
    except NotImplementedError:
        raise
    except kind:
        return
    except Exception as error:  # a RemoteError carries the name of what was raised in the jail
        name = getattr(error, "kind", type(error).__name__)
        if name == kind.__name__:
            return
        if name in ("NotImplementedError", None) or not hasattr(error, "kind"):
            raise
        raise CheckFailed(
            f"calling it with ({called}) raised {name}; expected {kind.__name__}"
        ) from None
    raise CheckFailed(f"calling it with ({called}) raised nothing; expected {kind.__name__}")


def trusts(reason: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test that must believe what an object in the jail says, and why it must."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test.trusts = reason  # type: ignore[attr-defined]
        return test

    return mark


# --- objects beside the student's code ----------------------------------------------------------


class _Remote:
    """`remote.keras.layers.Dense(3)` builds a library's object where the student's code runs.

    Everything reached from `remote` stays there and comes back as a handle: ask `value` for what
    is in it. `remote.define(source)` runs a test's own source there; it must hold no secret.
    """

    def __getattr__(self, library: str) -> Any:
        if library.startswith("_"):
            raise AttributeError(library)
        session = _current().session
        return importlib.import_module(library) if session is None else session.library(library)

    def define(self, source: str) -> Any:
        """Run `source`; the functions and values that it defines are attributes of the result."""
        session = _current().session
        if session is not None:
            return session.define(source)
        namespace = types.ModuleType("defined_by_the_test")
        exec(compile(source, "<defined by the test>", "exec"), namespace.__dict__)  # noqa: S102
        return namespace


remote = _Remote()

_GRADIENT = {
    "tensorflow": """
def gradient(function, arguments, wrt):
    import tensorflow as tf
    arguments = list(arguments)
    arguments[wrt] = x = tf.constant(arguments[wrt])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(*arguments)
        total = tf.reduce_sum(y)
    dx = tape.gradient(total, x)
    return y, (tf.zeros_like(x) if dx is None else dx)
""",
    "torch": """
def gradient(function, arguments, wrt):
    import torch
    arguments = [torch.tensor(a) if hasattr(a, "__array__") else a for a in arguments]
    arguments[wrt] = x = arguments[wrt].detach().requires_grad_()
    y = function(*arguments)
    (dx,) = torch.autograd.grad(y.sum(), x, allow_unused=True)
    return y.detach(), (torch.zeros_like(x) if dx is None else dx)
""",
}


def grad(
    function: Callable[..., Any], *arguments: Any, wrt: int = 0, framework: str = "tensorflow"
) -> tuple[NDArray[Any], NDArray[Any]]:
    """The value of `function(*arguments)` and the gradient of its sum by argument `wrt`.

    Taken by the framework's own automatic differentiation; a constant has gradient zero.
    """
    helper = remote.define(_GRADIENT[framework])
    result, gradient = value(helper.gradient(function, list(arguments), wrt))
    return _array(result, "the value"), _array(gradient, "the gradient")
