"""What a framework writes to the terminal while it is imported, kept from the person there.

TensorFlow's C++ parts write some notes before any setting of theirs is read. So the file descriptor
of the errors leads into a file meanwhile, and whatever is no such note is written out afterwards.
"""

import contextlib
import importlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Collection, Iterator
from typing import BinaryIO

_NOISY = "tensorflow"
_STDERR = 2
_NOTE = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|[IWE]\d{4} \d\d:\d\d:\d+\.\d+ "
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] "
    rb"|To enable the following instructions: "
)


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Within this context a framework may be imported; its notes are dropped, nothing else is."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # for what is written later
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with tempfile.TemporaryFile() as caught:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # a program without a terminal has no such descriptor
            yield
            return
        _flush()
        os.dup2(caught.fileno(), _STDERR)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, _STDERR)
            os.close(kept)
            _write_out(caught)


def import_quietly(names: Collection[str]) -> None:
    """Import the noisy framework, if it is among `names`, before other code does so aloud."""
    if _NOISY in names and _NOISY not in sys.modules:
        with hushed(), contextlib.suppress(ImportError):  # who needs it will say that it is missing
            importlib.import_module(_NOISY)


def _flush() -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # it may be closed, or None
        sys.stderr.flush()


def _write_out(caught: BinaryIO) -> None:
    caught.seek(0)
    for line in caught:
        if not _NOTE.match(line):
            os.write(_STDERR, line)
