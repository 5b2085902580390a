"""Which engine grades: the hash of its code and the versions of what it stands on.

It is part of every result's key, and a grading process compares its own with that of the batch,
which may run on another machine.
"""

import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path

import kit
from kit.files import sha256

CODE = ("testing", "bridge", "jail", "grading")  # what of the engine makes a result
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
    root = Path(kit.__file__).parent
    files = [path for part in CODE for path in (root / part, *(root / part).rglob("*.py"))]
    files += [root / f"{part}.py" for part in CODE]
    lines = [f"{p.relative_to(root)} {sha256(p.read_bytes())}" for p in files if p.is_file()]
    return sha256("\n".join(sorted(lines)).encode())


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
