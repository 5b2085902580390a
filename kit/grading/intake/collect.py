"""The files of a submission, from the raw bytes of a parcel, all in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kit.assignment import Assignment
from kit.errors import IntakeError
from kit.grading.intake.archive import Bounds, clean_name, read_zip
from kit.grading.intake.parcel import NOT_READ, Parcel, too_large
from kit.handin import HandinFile, matches

CODE = (".py", ".ipynb")
INNER_ZIPS = 10  # each may take the work of a whole submission, even if it is refused
EMPTY = "the submission is empty"
UNREAD = "archive"  # the kind of the remark on an archive that nobody has looked into


@dataclass
class Pile:
    """The files of one submission as they are unpacked, and sentences on what was odd."""

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
            raise IntakeError(too_large(self.bounds))
        if len(self.files) >= self.bounds.files:
            raise IntakeError(f"the submission holds more than {self.bounds.files} files")
        if name.casefold() in {known.casefold() for known in self.files}:
            raise IntakeError(
                f"the submission holds {ascii(name)} twice (upper and lower case are one)"
            )
        self.files[name] = data


def collect(parcel: Parcel, bounds: Bounds, assignment: Assignment) -> Pile:
    """Every file of a submission by its relative name.

    Where a graded module is not there by name, the zips in it are opened, once. An archive that
    stays closed is a remark of the kind `UNREAD`.

    Raises:
        IntakeError: the submission cannot be read; the sentence says why.
    """
    if parcel.error is not None:
        raise IntakeError(parcel.error)
    pile = Pile(bounds)
    for item in parcel.items:
        if item.archive:
            for name, data in read_zip(item.data, bounds).items():
                pile.add(name, data)
        else:
            pile.add(clean_name(item.name, bounds), item.data)
    modules = [file for file in assignment.handin.files if file.module]
    complete = all(named_as(file, pile.files) for file in modules)
    closed = _closed_zips(pile) if complete else _open_inner_zips(pile)
    if not pile.files:
        raise IntakeError(EMPTY)
    for name in sorted(pile.files):
        if why := closed.get(name) or _not_read(name):
            pile.remarks.append((UNREAD, f"{name} was not opened: {why}"))
    return pile


def named_as(file: HandinFile, paths: Iterable[str]) -> list[str]:
    """Those paths which have a name that the file of a module may come under."""
    kinds = CODE if file.notebook else (".py",)
    return [path for path in paths if path.lower().endswith(kinds) and matches(path, file.names)]


def _zips(pile: Pile) -> list[str]:
    return [name for name in pile.files if name.lower().endswith(".zip")]


def _closed_zips(pile: Pile) -> dict[str, str]:
    """Why the zips in a submission stay closed that holds every module without them."""
    return dict.fromkeys(_zips(pile), "every module that is graded lies beside it")


def _open_inner_zips(pile: Pile) -> dict[str, str]:
    """Open the zips in a submission; why the others stayed closed, by name."""
    closed = {}
    zips = _zips(pile)
    for name in zips[:INNER_ZIPS]:
        try:
            _open(pile, name)
        except IntakeError as error:  # the rest of the submission is graded all the same
            closed[name] = str(error)
        else:
            pile.remarks.append(("layout", f"{name} lies inside the submission and was opened"))
    closed |= dict.fromkeys(zips[INNER_ZIPS:], f"no more than {INNER_ZIPS} zips are")
    return closed | {name: "it lies in another zip" for name in _zips(pile) if name not in zips}


def _open(pile: Pile, name: str) -> None:
    """Put the files of a zip in its place, or in a folder of its name where they would collide."""
    opened = Pile(pile.bounds, pile.files.copy(), total=pile.total)
    opened.total -= len(opened.files.pop(name))  # what is in it counts
    members = read_zip(pile.files[name], pile.bounds)
    folder = name.rpartition("/")[0]
    there = {known.casefold() for known in opened.files}
    if any(f"{folder}/{member}".lstrip("/").casefold() in there for member in members):
        folder = name[: -len(".zip")]
    for member, content in members.items():
        opened.add(f"{folder}/{member}".lstrip("/"), content)
    pile.files, pile.total = opened.files, opened.total


def _not_read(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return f"{suffix} archives are not read; a zip is" if suffix in NOT_READ else ""
