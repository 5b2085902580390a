"""What the kit raises. Every message is one sentence: what was wrong, where, what to do.

KitError              exit code 1
├── UsageError        exit code 2: a wrong command, manifest, marker or option
├── IntakeError       a submission that cannot be read
├── JailError         isolation is missing or does not hold
├── DataError         a data set is missing or is not what it should be
└── BuildError        LaTeX, a figure or a report could not be made
"""


class KitError(Exception):
    """Something the person at the keyboard can act on; shown without a traceback."""

    exit_code = 1


class UsageError(KitError):
    """A command, a manifest or a marker is written wrong."""

    exit_code = 2


class IntakeError(KitError):
    """A submission cannot be read."""


class JailError(KitError):
    """The isolation asked for is not there, or does not hold."""


class DataError(KitError):
    """A data set is missing, or is not what it should be."""


class BuildError(KitError):
    """A report, or a part of one, could not be made."""
