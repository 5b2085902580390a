"""A submission as it was handed in: its raw bytes, read with caps, nothing of it opened.

The batch reads parcels and hashes them; unpacking and looking inside is a grading process's work.
Links are followed only where they stay inside the folder; devices and pipes are never opened.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import IntakeError
from kit.grading.intake.archive import IGNORED_FOLDERS, Bounds, is_ignored
from kit.grading.intake.discover import Entry, Source

NOT_READ = frozenset([".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"])


@dataclass(frozen=True)
class Item:
    """One file of a parcel; an archive stands for the files in it."""

    name: str
    data: bytes
    archive: bool = False


@dataclass(frozen=True)
class Parcel:
    """One student's submission; `error` says why it could not be read.

    `remarks` are findings, as kind and text, that only whoever read it could make.
    """

    student: str
    items: tuple[Item, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    error: str | None = None

    @property
    def sha256(self) -> str:
        """A hash of all of it; equal parcels get equal results."""
        digest = hashlib.sha256()
        for text in (self.student, repr(self.remarks), repr(self.error)):
            _add(digest, text.encode("utf-8", "surrogatepass"))
        for item in self.items:
            _add(digest, item.name.encode("utf-8", "surrogatepass"))
            _add(digest, b"archive" if item.archive else b"file")
            _add(digest, item.data)
        return digest.hexdigest()


def _add(digest: "hashlib._Hash", data: bytes) -> None:
    digest.update(len(data).to_bytes(8))
    digest.update(data)


def gather(entry: Entry, bounds: Bounds) -> Parcel:
    """Read a submission's bytes, within the bounds; nothing that was handed in makes this raise."""
    told = [("name", entry.remark)] if entry.remark else []
    if entry.late:
        told.append(("late", "the file name says that it was handed in late"))
    reader = _Reader(bounds)
    try:
        for source in entry.sources:
            reader.take(source, alone=len(entry.sources) == 1)
    except IntakeError as error:
        return Parcel(entry.student, remarks=tuple(told), error=str(error))
    return Parcel(entry.student, tuple(reader.items), (*told, *reader.remarks))


class _Reader:
    """Reads the sources of one submission; what passes a bound is an `IntakeError`."""

    def __init__(self, bounds: Bounds) -> None:
        self.items: list[Item] = []
        self.remarks: list[tuple[str, str]] = []
        self._bounds = bounds
        self._left = bounds.total_bytes

    def take(self, source: Source, *, alone: bool) -> None:
        """Read a file or a folder; an archive that cannot be opened may not be all there is."""
        path = source.path
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                raise IntakeError(f"{path.name} is a link; put the submission itself in its place")
            if stat.S_ISDIR(mode):
                self._folder(path)
            elif not stat.S_ISREG(mode):
                raise IntakeError(f"{path.name} is neither a file nor a folder")
            elif (suffix := path.suffix.lower()) in NOT_READ and alone:
                raise IntakeError(f"{path.name} is a {path.suffix} archive; ask for a zip")
            else:
                self._file(path, source.name, archive=suffix == ".zip")
        except OSError as error:
            raise IntakeError(f"{path.name} cannot be read: {error.strerror}") from None

    def _folder(self, folder: Path) -> None:
        root = folder.resolve()
        for path in self._listed(folder):
            name = path.relative_to(folder).as_posix()
            link = path.is_symlink()
            if link and not _stays_inside(path, root):
                self.remarks.append(("link", f"{name} is a link out of the folder; not followed"))
            elif path.is_dir() or is_ignored(name):
                continue
            elif not stat.S_ISREG(path.stat().st_mode):
                self.remarks.append(("device", f"{name} is not a regular file; not read"))
            else:
                self._file(path, name)

    def _listed(self, folder: Path) -> Iterator[Path]:
        """Every path in a folder, in order; litter is left out, too many are an error."""
        count = 0
        for current, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name not in IGNORED_FOLDERS)
            count += len(folders) + len(names)
            if count > self._bounds.listed:
                listed = self._bounds.listed
                raise IntakeError(
                    f"the folder lists over {listed} files; hand in what is asked for"
                )
            yield from (Path(current, name) for name in [*folders, *sorted(names)])

    def _file(self, path: Path, name: str, *, archive: bool = False) -> None:
        if len(self.items) >= self._bounds.files:
            raise IntakeError(f"the submission holds more than {self._bounds.files} files")
        if path.stat().st_size > self._left:
            raise IntakeError(too_large(self._bounds))
        with path.open("rb") as stream:
            data = stream.read(self._left + 1)  # it may have grown since
        self._left -= len(data)
        if self._left < 0:
            raise IntakeError(too_large(self._bounds))
        self.items.append(Item(name, data, archive))


def _stays_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def too_large(bounds: Bounds) -> str:
    """The sentence for a submission past its size."""
    return f"the submission is larger than {bounds.total_bytes >> 20} MB"
