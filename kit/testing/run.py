"""Which run a test is part of: a graded one, with a jail and a secret seed, or a student's own."""

import contextlib
import hashlib
import hmac
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

PUBLIC_SEED = b"public"  # outside a graded run every student tests on these inputs


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
class Run:
    """One question being judged: where its code lives and what its inputs are drawn from."""

    session: JailSession | None = None
    seed: bytes = PUBLIC_SEED


_running: ContextVar[Run | None] = ContextVar("_running", default=None)


@contextlib.contextmanager
def jailed(session: JailSession, seed: bytes) -> Iterator[None]:
    """Within this context tests work on proxies of `session` and draw inputs from `seed`."""
    token = _running.set(Run(session, seed))
    session.seed(_number(seed, "jail") % 2**32)
    try:
        yield
    finally:
        _running.reset(token)


def current() -> Run:
    """The run that the caller is part of; a student's own where no graded one is under way."""
    return _running.get() or Run()


def _number(seed: bytes, label: str) -> int:
    return int.from_bytes(hmac.new(seed, label.encode(), hashlib.sha256).digest(), "big")


def rng(label: str = "") -> np.random.Generator:
    """A generator for a test's inputs: the same for every student, unknown before a graded run."""
    return np.random.default_rng(_number(current().seed, f"rng|{label}"))
