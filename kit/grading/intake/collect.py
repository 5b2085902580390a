"""The files of a submission, from the raw bytes of a parcel, all in memory."""

from dataclasses import dataclass, field

from kit.errors import IntakeError
from kit.grading.intake.archive import Bounds, clean_name, read_zip
from kit.grading.intake.parcel import Parcel, too_large

CODE = (".py", ".ipynb")


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


def collect(parcel: Parcel, bounds: Bounds) -> Pile:
    """Every file of a submission by its relative name; zips in it are opened once, if need be.

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
    if not any(name.endswith(CODE) for name in pile.files):
        _open_inner_zips(pile)
    if not pile.files:
        raise IntakeError("the submission is empty")
    return pile


def _open_inner_zips(pile: Pile) -> None:
    inner = [name for name in pile.files if name.lower().endswith(".zip")]
    for name in inner:
        data = pile.files.pop(name)
        pile.total -= len(data)  # what is in it counts
        folder = name.rpartition("/")[0]
        for member, content in read_zip(data, pile.bounds).items():
            pile.add(f"{folder}/{member}".lstrip("/"), content)
        pile.remarks.append(("layout", f"{name} lies inside the submission and was opened"))
