"""Which engine grades: the hash of its code and the versions of what it stands on.

It is part of every result's key, and a grading process compares its own with that of the batch,
which may run on another machine.
"""

import importlib.metadata
import sys
from dataclasses import dataclass

from kit.files import sha256
from kit.paths import engine_files

PARTS = ("testing", "bridge", "jail", "grading")  # of the engine, beside what all of it stands on
PACKAGES = ("numpy", "tensorflow", "keras", "torch", "otter-grader")


@dataclass(frozen=True)
class Build:
    """An engine: its code's hash, and package names with their versions."""

    code: str
    versions: tuple[tuple[str, str], ...]

    def unlike(self, other: "Build") -> str | None:
        """How this engine differs from that of the batch, `other`; None if it does not."""
        theirs = dict(other.versions)
        for name, version in self.versions:
            if version != theirs.get(name):
                here, there = (
                    f"{name} {v}" if v else f"no {name}" for v in (version, theirs[name])
                )
                return f"it has {here} and the batch {there}; install the same versions"
        if self.code != other.code:
            return "its kit is not the batch's; install the same one, and edit none meanwhile"
        return None


def this_build() -> Build:
    """The engine as it lies here now."""
    python = ("python", f"{sys.version_info.major}.{sys.version_info.minor}")
    return Build(_code_hash(), (python, *((name, _version(name)) for name in PACKAGES)))


def _code_hash() -> str:
    files = engine_files(*PARTS).items()
    return sha256("\n".join(f"{name} {sha256(path.read_bytes())}" for name, path in files).encode())


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
