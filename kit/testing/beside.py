"""Objects beside the student's code: libraries, a test's own stubs and spies, gradients."""

import importlib
import linecache
import types
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from kit.framework_noise import hushed
from kit.testing.run import current
from kit.testing.values import array_of, value


def trusts(reason: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test that must believe what an object in the jail says, and why it must."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test.trusts = reason  # type: ignore[attr-defined]
        return test

    return mark


class _Remote:
    """`remote.keras.layers.Dense(3)` builds a library's object where the student's code runs.

    Everything reached from `remote` stays there and comes back as a handle: ask `value` for what
    is in it. `remote.define(source)` runs a test's own source there; it must hold no secret.
    """

    def __getattr__(self, library: str) -> Any:
        if library.startswith("_"):
            raise AttributeError(library)
        session = current().session
        if session is not None:
            return session.library(library)
        with hushed():
            return importlib.import_module(library)

    def define(self, source: str) -> Any:
        """Run `source`; the functions and values that it defines are attributes of the result."""
        session = current().session
        if session is not None:
            return session.define(source)
        namespace = types.ModuleType("defined_by_the_test")
        name = f"<defined by the test, {hash(source):x}>"
        # So that tracebacks, and TensorFlow's rewriting of functions, find the lines.
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), namespace.__dict__)  # noqa: S102
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
    return array_of(result, "the value"), array_of(gradient, "the gradient")
