"""A submission's functions in the jail, and what becomes of them: imports, exceptions, deaths.

Each module is imported on its own, so that one that does not import costs only its own functions.
A process that has died is replaced by a fresh one. What the jailed side says is quoted to the
student in public sentences only.
"""

import builtins
from typing import Protocol

from kit.assignment import Assignment, Limits
from kit.bridge.errors import BridgeError, CellDied, RemoteError
from kit.bridge.proxies import RemoteFunction, make_environment
from kit.bridge.session import Session
from kit.errors import JailError
from kit.grading.judging.outcomes import Outcome, sentence
from kit.grading.results import Verdict

# Sentences about a death that hold nothing of the child's own making.
_DEATHS = {
    Verdict.TIMEOUT: "the code took too long and was stopped",
    Verdict.MEMORY: "the code took too much memory and was stopped",
    Verdict.CRASH: "the process that ran the code ended before it answered",
}
_KNOWN_ERRORS = frozenset(
    [name for name, value in vars(builtins).items() if isinstance(value, type)]
    + ["LinAlgError", "InvalidArgumentError", "ResourceExhaustedError", "UnimplementedError"]
)


class Starter(Protocol):
    """What the judge asks of a jail."""

    def start(self, files: dict[str, bytes], limits: Limits) -> Session:
        """A session with a fresh process that has `files` in its folder."""


class JailedCode:
    """A submission in its jailed process, which is replaced by a fresh one when it has died."""

    def __init__(self, assignment: Assignment, files: dict[str, bytes], jail: Starter) -> None:
        self._assignment, self._files, self._jail = assignment, files, jail
        self._session: Session | None = None
        self.functions: dict[str, RemoteFunction] = {}
        self.problems: dict[str, Outcome] = {
            module: Outcome(Verdict.MISSING, text, text)
            for module in assignment.modules
            if (text := f"{module}.py was not handed in") and f"{module}.py" not in files
        }

    def session(self) -> Session:
        """The live session, with every module loaded that can be."""
        if self._session is None or self._session.dead:
            self.close()
            self._session = self._open()
        return self._session

    def close(self) -> None:
        """End the process."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _open(self) -> Session:
        """Start a process and import the modules; one that ends it is left out of the next."""
        while True:  # every round but the last leaves a module out
            session = self._jail.start(self._files, self._assignment.limits)
            try:
                _prove_alive(session)
                if self._load(session):
                    return session
            except BaseException:
                session.close()
                raise
            session.close()

    def _load(self, session: Session) -> bool:
        """Import module by module; whether the process lived to the end of it."""
        for module in self._assignment.modules:
            if module in self.problems and self.problems[module].verdict is not Verdict.ERROR:
                continue  # not there, or it has already ended a process
            session.begin_question()
            try:
                report = session.load([module])[module]
            except (CellDied, RemoteError) as error:
                self.problems[module] = _import_failed(module, error)
                if isinstance(error, CellDied):
                    return False
                continue
            self.problems.pop(module, None)
            if "error" in report:
                self.problems[module] = _import_error(module, **report["error"])
        return self._bind(session)

    def _bind(self, session: Session) -> bool:
        try:
            self.functions = make_environment(session, self._assignment.functions)
        except (CellDied, RemoteError) as error:
            self.functions = {}
            for module in session.offered:
                self.problems[module] = _import_failed(module, error)
            return not isinstance(error, CellDied)
        return True


def _prove_alive(session: Session) -> None:
    """A process that does not answer before it has seen the submission is not the student's."""
    try:
        session.ping()
    except BridgeError as error:
        raise JailError(
            f"the jailed process ended before anything was imported: {error}; "
            "run the batch again, and see docs/security.md if that does not help"
        ) from error


def raised(error: RemoteError) -> Outcome:
    """The student's code raised an exception."""
    if error.kind == "NotImplementedError":
        text = sentence(error.text) or "not written yet"
        return Outcome(Verdict.NOT_ATTEMPTED, text, "not written yet")
    verdict = Verdict.MEMORY if error.kind == "MemoryError" else Verdict.ERROR
    return Outcome(verdict, sentence(str(error)), f"it raised {_kind(error.kind)}")


def death(error: Exception | SystemExit) -> Outcome:
    """The process that ran the student's code has ended."""
    known = isinstance(error, CellDied) and error.verdict in _DEATHS
    verdict = Verdict(error.verdict) if known and isinstance(error, CellDied) else Verdict.CRASH
    detail = error.detail if isinstance(error, CellDied) else ""
    said = _DEATHS[verdict]
    clock = error.clock if isinstance(error, CellDied) else ""
    return Outcome(verdict, sentence(f"{said}: {detail}" if detail else said), said, clock)


def _import_failed(module: str, error: CellDied | RemoteError) -> Outcome:
    """Importing a module ended the process, or answered with nonsense."""
    outcome = raised(error) if isinstance(error, RemoteError) else death(error)
    verdict = outcome.verdict
    if verdict is Verdict.NOT_ATTEMPTED:
        verdict = Verdict.ERROR
    importing = f"importing {module}.py"
    message, plain = f"{importing}: {outcome.message}", f"{importing}: {outcome.plain}"
    return Outcome(verdict, message, plain, outcome.clock)


def _import_error(module: str, kind: str, text: str, line: int | None) -> Outcome:
    where = f"{module}.py" if line is None else f"{module}.py:{line}"
    plain = f"{module}.py cannot be imported ({_kind(kind)})"
    return Outcome(Verdict.ERROR, sentence(f"{where}: importing it raised {kind}: {text}"), plain)


def _kind(name: str) -> str:
    """The name of an exception; one of the student's own could spell a hidden input."""
    return name if name in _KNOWN_ERRORS else "an exception of its own"
