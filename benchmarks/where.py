"""Where the time of a submission goes: processor milliseconds by part, both sides of the wall.

    python -m benchmarks.where light work/light

The trusted side is timed by its own processor clock around each part; a part does not count the
parts inside it. The jailed side is read off the kernel's clock of the child as each request begins
and ends; what is left of the tree's time is the fork server's: forking, namespaces, taking down.
"""

import contextlib
import functools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kit.grading.judging.cases as cases
import kit.grading.judging.judge as judge
import kit.grading.judging.worker as worker
from benchmarks.classes import open_class
from benchmarks.cost import settled_cpu_seconds
from benchmarks.ours import make_job, points
from kit.bridge import wire
from kit.bridge.channel import Channel
from kit.bridge.session import Session
from kit.grading.results import SubmissionResult
from kit.jail import Jail

CHILD = "start and end of the child"
TRUSTED = {
    "intake": (worker, "unpack"),
    CHILD: (Jail, "start"),
    "encode": (wire, "encode"),
    "decode": (wire, "decode"),
    "send, wait, receive": (Channel, "exchange"),
    "otter: reading test files": (judge, "parse"),
    "otter: running and scoring": (judge, "run_file"),
    "the tests themselves": (cases, "_run"),
    "JSON": (SubmissionResult, "to_json"),
}


class Parts:
    """Processor seconds of this process by part, and of the child by what it was asked."""

    def __init__(self) -> None:
        self.trusted: Counter[str] = Counter()
        self.jailed: Counter[str] = Counter()
        self._stack: list[str] = []
        self._last = time.process_time()

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What runs within this context belongs to `name`."""
        self._stamp()
        self._stack.append(name)
        try:
            yield
        finally:
            self._stamp()
            self._stack.pop()

    def _stamp(self) -> None:
        now = time.process_time()
        self.trusted[self._stack[-1] if self._stack else "the rest"] += now - self._last
        self._last = now

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, timed as part `name`."""

        @functools.wraps(function)
        def run(*arguments: Any, **keywords: Any) -> Any:
            with self.part(name):
                return function(*arguments, **keywords)

        return run

    def watch(self) -> None:
        """Put the clocks around the parts of this process, for good."""
        for name, (home, attribute) in TRUSTED.items():
            setattr(home, attribute, self.wrapped(name, getattr(home, attribute)))
        Session.close = self.wrapped(CHILD, Session.close)  # type: ignore[method-assign]
        Session.request = self._asking(Session.request)  # type: ignore[method-assign]

    def _asking(self, request: Callable[..., Any]) -> Callable[..., Any]:
        def ask(session: Session, operation: str, *rest: Any, **named: Any) -> Any:
            pid = session._channel._cell.pid  # type: ignore[attr-defined]
            before = _on_cpu(pid)
            if not hasattr(session, "_seen"):
                self.jailed["until it is confined"] += before
                session._seen = before  # type: ignore[attr-defined]
            try:
                return request(session, operation, *rest, **named)
            finally:
                after = _on_cpu(pid) or before
                self.jailed[_PARTS.get(operation, "calls")] += after - session._seen  # type: ignore[attr-defined]
                session._seen = after  # type: ignore[attr-defined]

        return ask


_PARTS = {"load": "imports of the modules", "define": "sources of the tests"}


def _on_cpu(pid: int) -> float:
    """Seconds that the threads of a process have run, by the scheduler's own clock."""
    total = 0
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def measure(name: str, folder: Path, count: int) -> dict[str, dict[str, float]]:
    """Milliseconds per submission by part, of so many submissions of the class."""
    school = open_class(name, folder)
    parts = Parts()
    grader = worker.Grader(make_job(school))
    chosen = school.sample(count)
    points(grader, chosen[0])
    parts.watch()
    points(grader, chosen[0])
    parts.trusted.clear(), parts.jailed.clear()
    before, clock = settled_cpu_seconds(), time.process_time()
    for path in chosen:
        points(grader, path)
    parts._stamp()
    whole, own = settled_cpu_seconds() - before, time.process_time() - clock
    grader.close()
    rest = whole - own - sum(parts.jailed.values())
    jailed = {**parts.jailed, "fork, namespaces, taking down": rest}
    shares = {"trusted": dict(parts.trusted), "jailed": jailed}
    return {
        side: {part: round(1000 * seconds / len(chosen), 2) for part, seconds in table.items()}
        for side, table in shares.items()
    }


if __name__ == "__main__":
    how_many = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), how_many), indent=1))  # noqa: T201
