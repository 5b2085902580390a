"""The trusted end of the bridge: one conversation with one jailed process.

    with Jail(("numpy",), limits) as jail, jail.start({"compression.py": source}) as session:
        report = session.load(["compression"])           # {"compression": {"names": [...]}}
        functions = make_environment(session, ["low_rank_factors"])
        session.begin_question()                         # the clocks of a question start anew
        left, right = functions["low_rank_factors"](weight, 2)    # NumPy arrays
        layers = session.library("keras").layers         # sticky: gives handles only
        session.fetch(layers.Dense(3)(weight))           # a NumPy array

An exception in the student's code is a `RemoteError`; the end of the process, for whatever
reason, is a `CellDied`, and every later request on that session raises it again. Anything else
that comes out of here is a fault of the test or of the grader. A session belongs to one thread.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from kit.bridge import frame, wire
from kit.bridge.channel import Cell, Channel
from kit.bridge.errors import (
    KIND_CHARACTERS,
    TEXT_CHARACTERS,
    BridgeError,
    CellDied,
    RemoteAttributeError,
    RemoteError,
    RemoteTypeError,
    Unsendable,
    are_names,
    one_line,
)
from kit.bridge.proxies import Handle

if TYPE_CHECKING:
    from kit.assignment import Limits

MOST_LINES = 1_000_000
MOST_HANDLES = 100_000  # that the answers to one question may bring


class Session:
    """Requests to one jailed process, under the limits of an assignment."""

    def __init__(self, cell: Cell, limits: Limits) -> None:
        self.limits = limits
        self.offered: dict[str, list[str]] = {}
        self._channel = Channel(cell, limits)
        self._closed = False
        self._freed: list[int] = []
        self._seed: int | None = None
        self._number = 0
        self._handles = 0

    @property
    def dead(self) -> str | None:
        """The verdict the process died with: "TIMEOUT", "MEMORY", "CRASH"; None while it lives."""
        return self._channel.death.verdict if self._channel.death else None

    @property
    def output(self) -> str:
        """What the submission has printed so far, cut; for nobody but its author and the marker."""
        return self._channel.printed.decode("utf-8", "replace")

    def load(self, modules: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Import these modules of the submission, each on its own.

        Returns:
            For each module {"names": its functions and classes} or {"error": {"kind", "text",
            "line"}}.
        """
        answer = self.ask("load", list(modules))
        if not isinstance(answer, dict) or set(answer) != set(modules):
            raise self.broken("the report on the modules came back as something else")
        report = {module: self._module(answer[module]) for module in modules}
        self.offered |= {m: found["names"] for m, found in report.items() if "names" in found}
        return report

    def begin_question(
        self, cpu_seconds: float | None = None, wall_seconds: float | None = None
    ) -> None:
        """Start the clocks of a question; without arguments, with the assignment's limits."""
        if not self._closed and self._channel.death is None:
            cpu = self.limits.cpu_seconds if cpu_seconds is None else cpu_seconds
            wall = self.limits.wall_seconds if wall_seconds is None else wall_seconds
            self._channel.start_question(cpu, wall)
            self._handles = 0

    def library(self, name: str) -> Handle:
        """A library in the jail; whatever derives from it is a handle."""
        return self._expect_handle(self.ask("import", name, keep=True))

    def define(self, source: str) -> Handle:
        """Run a test's own source in the jail; its names are attributes of the handle.

        Raises:
            SyntaxError: the test's source is wrong.
        """
        _check_syntax(source)
        return self._expect_handle(self.ask("define", source))

    def fetch(self, handle: Handle) -> Any:
        """The plain value of a handle: builtins and NumPy arrays, tensors and variables too.

        Raises:
            RemoteError: of kind TypeError where the object has no plain value.
        """
        return self.ask("value", handle)

    def seed(self, number: int) -> None:
        """Seed random, NumPy and the frameworks that are there, as part of the next request.

        A request that fails leaves the seed for the one after it.
        """
        self._seed = number

    def ping(self) -> None:
        """Ask for a sign of life.

        Raises:
            CellDied: there is none.
        """
        self.ask("ping")

    def ask(
        self, operation: str, *arguments: Any, keep: bool = False, timeout: float | None = None
    ) -> Any:
        """One operation; `keep` asks for a sticky handle whatever the result is."""
        return self.request(operation, arguments, keep=keep, timeout=timeout)

    def request(
        self,
        operation: str,
        arguments: Sequence[Any],
        *,
        keep: bool = False,
        timeout: float | None = None,
    ) -> Any:
        """Send one request, wait for its answer.

        Args:
            operation: one that `kit.bridge.server` knows.
            arguments: plain values, arrays and handles.
            keep: answer with a sticky handle, whatever the result is.
            timeout: processor seconds for this call, instead of the assignment's.

        Raises:
            RemoteError: the student's code raised an exception.
            CellDied: the jailed process ended, or a limit ended it.
            StopIteration: "next" found no further value.
            Unsendable: an argument cannot be sent.
            BridgeError: the session is closed.
        """
        if (death := self._channel.death) is not None:
            raise CellDied(death.verdict, death.detail, death.clock)
        if self._closed:
            raise BridgeError("the session is closed; start another one")
        self._number += 1
        freed, self._freed = self._freed, []
        request = [self._number, freed, self._seed, operation, list(arguments), keep]
        try:
            parts = wire.encode(request, self._reference)
        except frame.WireError as error:
            raise Unsendable(f"{error}; send plain values, arrays and handles") from None
        seconds = self.limits.call_seconds if timeout is None else timeout
        try:
            received = self._channel.exchange(parts, seconds)
            reply = wire.decode(received, lambda reference: self._handle(reference, keep))
        except frame.WireError as error:
            raise self.broken(str(error)) from None
        if not (type(reply) is dict and "error" in reply):
            self._seed = None
        return self._open(reply, operation)

    def broken(self, what: str) -> CellDied:
        """End the process because it broke the protocol; returns the exception to raise."""
        return self._channel.die("CRASH", f"the submission's process broke the protocol: {what}")

    def forget(self, number: int) -> None:
        """Let the jail drop an object that no proxy names any more."""
        self._freed.append(number)

    def close(self) -> None:
        """End the process and everything it started."""
        if not self._closed:
            self._closed = True
            self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self, reply: Any, operation: str) -> Any:
        """The value in a reply, or the exception it reports."""
        if type(reply) is not dict or len(reply) != 2 or not self._is_own(reply.get("number")):
            raise self.broken("an answer to no question")
        if "ok" in reply:
            return reply["ok"]
        if "stop" in reply and operation == "next":
            raise StopIteration
        kind, text, kinds = self._exception(reply.get("error"), "kinds")
        if not are_names(kinds):
            raise self.broken("an exception came back as something else")
        if operation == "get" and "AttributeError" in kinds:
            raise RemoteAttributeError(kind, text, kinds)
        if operation == "len" and "TypeError" in kinds:
            raise RemoteTypeError(kind, text, kinds)
        raise RemoteError(kind, text, kinds)

    def _is_own(self, number: Any) -> bool:
        return type(number) is int and number == self._number  # an array would compare by parts

    def _module(self, found: Any) -> dict[str, Any]:
        if type(found) is dict and set(found) == {"names"} and are_names(found["names"], 10_000):
            return {"names": found["names"]}
        kind, text, line = self._exception(
            found.get("error") if type(found) is dict else None, "line"
        )
        line = line if type(line) is int and 0 < line < MOST_LINES else None
        kind, text = one_line(kind, KIND_CHARACTERS), one_line(text, TEXT_CHARACTERS)
        return {"error": {"kind": kind, "text": text, "line": line}}

    def _exception(self, error: Any, third: str) -> tuple[str, str, Any]:
        if type(error) is not dict or set(error) != {"kind", "text", third}:
            raise self.broken("an answer that says nothing")
        kind, text = error["kind"], error["text"]
        if type(kind) is not str or type(text) is not str:
            raise self.broken("an exception came back as something else")
        return kind, text, error[third]

    def _expect_handle(self, value: Any) -> Handle:
        if not isinstance(value, Handle):
            raise self.broken("an object came back as something else")
        return value

    def _reference(self, value: Any) -> frame.Reference:
        if not isinstance(value, Handle):
            raise frame.WireError(f"a value of type {type(value).__name__} cannot be sent")
        if value._session is not self:
            raise frame.WireError(f"{value!r} belongs to another session")
        return frame.Reference(value._number, value._type)

    def _handle(self, reference: frame.Reference, sticky: bool) -> Handle:
        self._handles += 1
        if self._handles > MOST_HANDLES:
            raise frame.WireError("the answers hold too many objects")
        return Handle(self, reference.id, one_line(reference.type, KIND_CHARACTERS), sticky)


@functools.lru_cache(maxsize=512)  # a test's source is the same for every submission
def _check_syntax(source: str) -> None:
    compile(source, "<define>", "exec")
