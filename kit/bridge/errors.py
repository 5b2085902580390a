"""What can go wrong across the bridge: the student's exception, the end of the process, our fault.

Text that comes from the jail is cut and cleaned before it becomes part of an exception.
"""

from collections.abc import Sequence
from typing import Any

from kit.errors import KitError

KIND_CHARACTERS = 200
TEXT_CHARACTERS = 2000


class BridgeError(KitError):
    """The bridge was used in a way that cannot work; a fault of the test, not of the student."""


class Unsendable(BridgeError):
    """A value that cannot be sent into the jail, or is too large for it."""


class RemoteError(BridgeError):
    """The student's code raised an exception.

    Attributes:
        kind: the name of the exception's class.
        text: its message, one line, without control characters.
        kinds: the names of its class and of the classes it derives from.
    """

    def __init__(self, kind: str, text: str, kinds: Sequence[str] = ()) -> None:
        self.kind = one_line(kind, KIND_CHARACTERS)
        self.text = one_line(text, TEXT_CHARACTERS)
        self.kinds = tuple(one_line(name, KIND_CHARACTERS) for name in kinds) or (self.kind,)
        super().__init__(f"{self.kind}: {self.text}" if self.text else self.kind)


class RemoteAttributeError(RemoteError, AttributeError):
    """An attribute that a remote object does not have, so that `hasattr` works on handles."""


class RemoteTypeError(RemoteError, TypeError):
    """A remote object that has no length, which `list` asks for first and can do without."""


class CellDied(BridgeError):
    """The jailed process ended.

    Attributes:
        verdict: "TIMEOUT", "MEMORY" or "CRASH".
        detail: one sentence.
        clock: "cpu" or "wall" for a TIMEOUT, else "".
    """

    def __init__(self, verdict: str, detail: str, clock: str = "") -> None:
        self.verdict, self.detail, self.clock = verdict, detail, clock
        super().__init__(detail)


def one_line(text: str, characters: int) -> str:
    """`text` cut, on one line, without control, format and unassigned characters."""
    cut = " ".join(text[: 2 * characters].split())[:characters]
    return "".join(character for character in cut if character.isprintable())


def are_names(value: Any, most: int = 100) -> bool:
    """Whether `value` is a list of at most `most` strings."""
    return type(value) is list and len(value) <= most and all(type(part) is str for part in value)
