"""The jailed end of the bridge: answers requests beside the student's code, in one process.

It holds no secret and decides nothing: whatever it answers is the student's word. It imports the
wire format and the standard library only; frameworks are used when the fork server imported them.
"""

import importlib
import importlib.util
import random
import socket
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kit.bridge import frame, wire

TEXT_CHARACTERS = 2000
KIND_CHARACTERS = 200


class Stop(Exception):
    """The iterator that was asked for its next value has none."""


def serve(connection: socket.socket) -> None:
    """Answer requests until the judge hangs up."""
    server, fill = Server(), frame.filled_from(connection)
    while True:
        try:
            received = frame.read_frame(fill)
        except (EOFError, OSError):
            return
        for part in server.answer(received):
            connection.sendall(part)


class Server:
    """The objects that stay here, and the operations on them."""

    def __init__(self) -> None:
        self.objects: dict[int, Any] = {}
        self.last = 0
        self.operations: dict[str, Callable[..., Any]] = {
            "load": load,
            "names": self.lookup,
            "call": lambda target, args, kwargs: target(*args, **kwargs),
            "get": getattr,
            "set": setattr,
            "index": lambda target, key: target[key],
            "len": len,
            "iter": iter,
            "next": advance,
            "define": define,
            "import": importlib.import_module,
            "value": lambda target: target,
            "ping": lambda: None,
        }

    def park(self, value: Any) -> frame.Reference:
        """Keep `value` here under a new number."""
        self.last += 1
        self.objects[self.last] = value
        return frame.Reference(self.last, type(value).__name__)

    def refuse(self, value: Any) -> frame.Reference:
        """Say that `value` cannot leave."""
        raise TypeError(f"an object of type {type(value).__name__} has no plain value")

    def lookup(self, pairs: list[list[str]]) -> list[frame.Reference]:
        """References to the objects with these (module, name)."""
        return [self.park(getattr(sys.modules[module], name)) for module, name in pairs]

    def resolve(self, reference: frame.Reference) -> Any:
        """The object of that number."""
        return self.objects[reference.id]

    def answer(self, received: frame.Frame) -> list[Any]:
        """Run one request; whatever student code raises becomes part of the reply."""
        number = 0
        try:
            number, freed, start, name, arguments, keep = wire.decode(received, self.resolve)
            for gone in freed:
                self.objects.pop(gone, None)
            if start is not None:
                seed(start)
            result = self.operations[name](*arguments)
            if keep:
                result = self.park(result)
            park = self.refuse if name == "value" else self.park
            return wire.encode({"number": number, "ok": result}, park, detach=name == "value")
        except Stop:
            return wire.encode({"number": number, "stop": True})
        except BaseException as error:  # SystemExit and KeyboardInterrupt are answers, too
            return wire.encode({"number": number, "error": describe(error)})


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as text: its kind, its message and the kinds it derives from."""
    kinds = [kind.__name__[:KIND_CHARACTERS] for kind in type(error).__mro__[:16]]
    kind = "NotImplementedError" if isinstance(error, NotImplementedError) else kinds[0]
    try:
        text = str(error)[:TEXT_CHARACTERS]
    except BaseException:
        text = "an exception that has no text"
    return {"kind": kind, "text": text, "kinds": kinds}


def load(modules: list[str]) -> dict[str, Any]:
    """Import the student's modules one by one; an error in one leaves the others alone."""
    report: dict[str, Any] = {}
    for name in modules:
        path = Path.cwd() / f"{name}.py"
        try:
            module = import_file(name, path)
            report[name] = {"names": public_names(module)}
        except BaseException as error:
            details = describe(error)
            line = error_line(error, str(path))
            text = error.msg if isinstance(error, SyntaxError) else details["text"]
            report[name] = {"error": {"kind": details["kind"], "text": str(text), "line": line}}
    return report


def import_file(name: str, path: Path) -> types.ModuleType:
    """Import one file of the submission under its own name, once."""
    present = sys.modules.get(name)
    if present is not None and getattr(present, "__file__", None) == str(path):
        return present
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{path.name} is not part of the submission")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def public_names(module: types.ModuleType) -> list[str]:
    """The functions and classes a module offers, its own and those it imported."""
    names = [name for name in vars(module) if not name.startswith("_")]
    return sorted(name for name in names if callable(getattr(module, name, None)))


def error_line(error: BaseException, path: str) -> int | None:
    """The last line of the student's file that the error passed through."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    return lines[-1] if lines else None


def advance(iterator: Any) -> Any:
    """The next value of an iterator."""
    try:
        return next(iterator)
    except StopIteration:
        raise Stop from None


def define(source: str) -> types.ModuleType:
    """Run a test's own source here; its names become attributes of what comes back."""
    module = types.ModuleType("defined_by_the_test")
    exec(compile(source, "<test>", "exec"), vars(module))  # noqa: S102  a test's source, in the jail
    return module


def seed(number: int) -> None:
    """Seed every generator a student's code may draw from."""
    random.seed(number)
    np.random.seed(number % 2**32)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(number % 2**31)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(number % 2**32)
    if "torch" in sys.modules:  # manual_seed would also walk the stack for each kind of accelerator
        sys.modules["torch"].default_generator.manual_seed(number)
