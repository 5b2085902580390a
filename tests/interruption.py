"""Ctrl-C in the middle of an experiment."""

import contextlib
from collections.abc import Iterator

import numpy as np
import pytest

from kit.experiments import Context


@contextlib.contextmanager
def interrupted_after(stage: str, epoch: int) -> Iterator[None]:
    """Ctrl-C inside, right after a stage of that name has kept its checkpoint of the epoch."""
    checkpoint = Context.checkpoint

    def stop(self: Context, at: int, arrays: dict[str, np.ndarray]) -> None:
        checkpoint(self, at, arrays)
        if at == epoch and self._folder.name.startswith(stage):
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Context, "checkpoint", stop)
        yield
