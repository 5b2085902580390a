"""The submissions in a folder: whose they are and which paths belong together.

An entry is a folder, a zip, a notebook or a Python file, or all the files that an LMS wrote for one
student. Nothing is opened here.
"""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kit.errors import UsageError

# Canvas: lastfirst_[LATE_]<user id>_<submission id>_<file name>
CANVAS = re.compile(r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_\d+_(?P<file>.+)$")
# Moodle: first last_<user number>_assignsubmission_<plugin>_<file name>, or a folder without one
MOODLE = re.compile(
    r"^(?P<name>.+)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?$"
)
RESUBMITTED = re.compile(r"-\d+(?=\.\w+$)")  # Canvas numbers a file that is handed in again
LISTS = frozenset(
    [".csv", ".toml", ".json", ".md", ".txt", ".log", ".html"]
)  # the instructor's own
ONLINE_TEXT = frozenset(["", ".html"])  # what Moodle writes of a text that was typed in
ID_BYTES = 200
MARKS = ("Mn", "Mc")  # vowel signs and accents that belong to the letter before them


@dataclass(frozen=True)
class Source:
    """A path of a submission and the name under which its student knew it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Entry:
    """A submission: a student, the paths that make it up, what their names alone tell.

    `user` is the student's number in the LMS. `shared` is the name that several submissions carry;
    none of them has it as its id.
    """

    student: str
    sources: tuple[Source, ...]
    late: bool = False
    remark: str = ""
    user: str = ""
    shared: str = ""


def discover(folder: Path) -> tuple[Entry, ...]:
    """The submissions in `folder`, by student id; ids are distinct and safe as file names.

    Raises:
        UsageError: it is no folder, or there is nothing to grade in it.
    """
    found = [entry for entry in _grouped(folder) if not _is_text_alone(entry)]
    if not found:
        raise UsageError(f"{folder} holds no folder, zip, notebook or Python file to grade")
    return _distinct(found)


def texts_alone(folder: Path) -> tuple[str, ...]:
    """Who typed a text into Moodle and handed in nothing else; `discover` leaves them out.

    Raises:
        UsageError: it is no folder.
    """
    return tuple(sorted(entry.student for entry in _grouped(folder) if _is_text_alone(entry)))


def refuse_inside(out: Path, submissions: Path) -> None:
    """Keep results out of the folder of the submissions.

    Raises:
        UsageError: `out` lies there.
    """
    if out.resolve().is_relative_to(submissions.resolve()):
        raise UsageError(
            f"{out} lies in the folder of the submissions, where it would be graded as "
            "one of them; name a folder outside with -o"
        )


def _grouped(folder: Path) -> list[Entry]:
    """What lies in the folder, all that an LMS wrote for one person together."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name the one that holds the submissions")
    found: dict[tuple[str, str], Entry] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        entry = None if path.name.startswith((".", "__MACOSX")) else _entry(path)
        if entry is None:
            continue
        key = entry.student, entry.user or path.name
        if before := found.get(key):
            entry = replace(entry, sources=(*before.sources, *entry.sources))
        found[key] = entry
    return [_as_named(entry) for entry in found.values()]


def _as_named(entry: Entry) -> Entry:
    """An entry whose files have names of their own; lab-1.py and lab-2.py are no resubmissions."""
    counts = Counter(source.name.casefold() for source in entry.sources)
    sources = (
        Source(one.path, match["file"])
        if counts[one.name.casefold()] > 1 and (match := CANVAS.match(one.path.name))
        else one
        for one in entry.sources
    )
    return replace(entry, sources=tuple(sources))


def _entry(path: Path) -> Entry | None:
    """The entry of this path alone; None for a list of the instructor's."""
    own_list = path.suffix.lower() in LISTS
    if match := CANVAS.match(path.name):
        if own_list and Path(match["file"]).stem.isdecimal():  # roster_2026_03_06.csv
            return None
        source = Source(path, RESUBMITTED.sub("", match["file"]))
        late, user = bool(match["late"]), match["user"]
        return Entry(_student(match["name"]), (source,), late=late, user=user)
    if match := MOODLE.match(path.name):
        source = Source(path, match["file"] or path.name)
        return Entry(_student(match["name"]), (source,), user=match["user"])
    if own_list:
        return None
    stem = path.name if path.is_dir() else path.stem
    return Entry(_student(stem), (Source(path, path.name),))


def _is_text_alone(entry: Entry) -> bool:
    """Whether all there is of a submission is a text that was typed into Moodle."""
    return all(_is_text(source.path) for source in entry.sources)


def _is_text(path: Path) -> bool:
    match = MOODLE.match(path.name)
    if match is None or match["kind"] != "onlinetext":
        return False
    files = path.iterdir() if path.is_dir() and not path.is_symlink() else [path]
    return all(file.suffix.lower() in ONLINE_TEXT for file in files)


def _student(name: str) -> str:
    """A name as an id; files are named after it, and file systems end at 255 bytes.

    One name can be written in several ways in Unicode; it is one student's all the same.
    """
    marked = (char if _is_safe(char) else "\0" for char in unicodedata.normalize("NFC", name))
    safe = re.sub("\0+", "_", "".join(marked))
    return safe.encode()[:ID_BYTES].decode(errors="ignore").strip("._") or "unnamed"


def _is_safe(char: str) -> bool:
    return char.isalnum() or char in "_.@+-" or unicodedata.category(char) in MARKS


def _distinct(found: list[Entry]) -> tuple[Entry, ...]:
    """The entries with an id each; a name that several carry is the id of none of them.

    Otherwise a second submission could come into the marks that were given for the first.
    """
    named: dict[str, list[Entry]] = {}
    for entry in sorted(found, key=lambda entry: (entry.student, entry.sources[0].name)):
        named.setdefault(entry.student.casefold(), []).append(entry)
    taken = set(named)
    entries: list[Entry] = []
    for own in named.values():
        entries += own if len(own) == 1 else _apart(own, taken)
    return tuple(sorted(entries, key=lambda entry: entry.student))


def _apart(own: list[Entry], taken: set[str]) -> Iterator[Entry]:
    """Submissions of one name; people whom an LMS numbers are namesakes, others are told about."""
    namesakes = all(entry.user for entry in own)
    for entry in own:
        student = next(name for name in _ids(entry) if name.casefold() not in taken)
        taken.add(student.casefold())
        remark = (
            ""
            if namesakes
            else (
                f"{len(own)} submissions carry the name {entry.student}; this is "
                f"{entry.sources[0].path.name}: decide which one counts"
            )
        )
        yield replace(entry, student=student, remark=remark, shared=entry.student)


def _ids(entry: Entry) -> Iterator[str]:
    if entry.user:
        yield f"{entry.student}_{entry.user}"
    yield from (f"{entry.student}-{number}" for number in itertools.count(1))
