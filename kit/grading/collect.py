"""The bytes of a submission, from folders, zips and loose files, all in memory.

Links are followed only where they stay inside the folder; devices and pipes are never opened.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import IntakeError
from kit.grading.archive import IGNORED_FOLDERS, Bounds, clean_name, is_ignored, read_zip
from kit.grading.discover import Entry, Source

NOT_READ = frozenset([".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"])
CODE = (".py", ".ipynb")


@dataclass
class Pile:
    """The files of one submission as they are read, and sentences on what was odd."""

    bounds: Bounds
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)  # kind, text
    total: int = 0

    def add(self, name: str, data: bytes) -> None:
        """Take a file in.

        Raises:
            IntakeError: it is one too many, one too large, or its name is there already.
        """
        self.total += len(data)
        if self.total > self.bounds.total_bytes:
            raise IntakeError(_too_large(self.bounds))
        if len(self.files) >= self.bounds.files:
            raise IntakeError(f"the submission holds more than {self.bounds.files} files")
        if name.casefold() in {known.casefold() for known in self.files}:
            raise IntakeError(
                f"the submission holds {ascii(name)} twice (upper and lower case are one)"
            )
        self.files[name] = data


def collect(entry: Entry, bounds: Bounds) -> Pile:
    """Every file of a submission by its relative name; a lone zip inside is opened once.

    Raises:
        IntakeError: the submission cannot be read; the sentence says why.
    """
    pile = Pile(bounds)
    for source in entry.sources:
        _read_source(source, pile)
    if not any(name.endswith(CODE) for name in pile.files):
        _open_inner_zips(pile)
    if not pile.files:
        raise IntakeError("the submission is empty")
    return pile


def _read_source(source: Source, pile: Pile) -> None:
    path = source.path
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise IntakeError(f"{path.name} is a link; put the submission itself in its place")
        if stat.S_ISDIR(mode):
            _read_folder(path, pile)
        elif not stat.S_ISREG(mode):
            raise IntakeError(f"{path.name} is neither a file nor a folder")
        elif path.suffix.lower() == ".zip":
            for name, data in read_zip(_read(path, pile.bounds), pile.bounds).items():
                pile.add(name, data)
        elif path.suffix.lower() in NOT_READ:
            raise IntakeError(f"{path.name} is a {path.suffix} archive; ask for a zip")
        else:
            pile.add(clean_name(source.name, pile.bounds), _read(path, pile.bounds))
    except OSError as error:
        raise IntakeError(f"{path.name} cannot be read: {error.strerror}") from None


def _read_folder(folder: Path, pile: Pile) -> None:
    root = folder.resolve()
    for current, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in IGNORED_FOLDERS)
        for name in [*folders, *sorted(names)]:
            path = Path(current, name)
            relative = clean_name(path.relative_to(folder).as_posix(), pile.bounds)
            if path.is_symlink() and not _stays_inside(path, root):
                pile.remarks.append(
                    ("link", f"{relative} is a link out of the folder; not followed")
                )
            elif name in folders or is_ignored(relative):
                continue
            elif not stat.S_ISREG(path.stat().st_mode):
                pile.remarks.append(("device", f"{relative} is not a regular file; not read"))
            else:
                pile.add(relative, _read(path, pile.bounds))


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _read(path: Path, bounds: Bounds) -> bytes:
    if path.stat().st_size > bounds.total_bytes:
        raise IntakeError(_too_large(bounds))
    return path.read_bytes()


def _open_inner_zips(pile: Pile) -> None:
    inner = [name for name in pile.files if name.lower().endswith(".zip")]
    for name in inner:
        data = pile.files.pop(name)
        folder = name.rpartition("/")[0]
        for member, content in read_zip(data, pile.bounds).items():
            pile.add(f"{folder}/{member}".lstrip("/"), content)
        pile.remarks.append(("layout", f"{name} lies inside the submission and was opened"))


def _too_large(bounds: Bounds) -> str:
    return f"the submission is larger than {bounds.total_bytes >> 20} MB"
