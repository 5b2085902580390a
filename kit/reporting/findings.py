"""A finding: something about a report that a person should look at, and that stops nothing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """What was seen (`kind`, one sentence) and where; line 0 means the whole file."""

    kind: str
    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{where}{self.text}"


def place(path: Path, line: int) -> str:
    """A position as editors understand it."""
    return f"{path}:{line}"
