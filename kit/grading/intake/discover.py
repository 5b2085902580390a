"""The submissions in a folder: whose they are and which paths belong together.

An entry is a folder, a zip, a notebook or a Python file, or all the files that an LMS wrote for one
student. Nothing is opened here.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from kit.errors import UsageError

# Canvas: lastfirst_[LATE_]<user id>_<submission id>_<file name>
CANVAS = re.compile(r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_\d+_(?P<file>.+)$")
MOODLE = re.compile(r"^(?P<name>.+)_\d+_assignsubmission_file_?$")
RESUBMITTED = re.compile(r"-\d+(?=\.\w+$)")  # Canvas numbers a file that is handed in again
LISTS = frozenset(
    [".csv", ".toml", ".json", ".md", ".txt", ".log", ".html"]
)  # the instructor's own
ID_BYTES = 200
UNSAFE = re.compile(r"[^\w.@+-]+")


@dataclass(frozen=True)
class Source:
    """A path of a submission and the name under which its student knew it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Entry:
    """A submission: a student, the paths that make it up, what their names alone tell."""

    student: str
    sources: tuple[Source, ...]
    late: bool = False
    remark: str = ""


def discover(folder: Path) -> tuple[Entry, ...]:
    """The submissions in `folder`, by student id; ids are distinct and safe as file names.

    Raises:
        UsageError: it is no folder, or there is nothing to grade in it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name the one that holds the submissions")
    found: dict[tuple[str, str], Entry] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.startswith((".", "__MACOSX")) and path.suffix.lower() not in LISTS:
            key, entry = _entry(path)
            if key in found:
                entry = replace(entry, sources=(*found[key].sources, *entry.sources))
            found[key] = entry
    if not found:
        raise UsageError(f"{folder} holds no folder, zip, notebook or Python file to grade")
    return _distinct(_namesakes_apart(found))


def _namesakes_apart(found: dict[tuple[str, str], Entry]) -> list[Entry]:
    """Two people of one name have two numbers in Canvas; the number then joins the id."""
    users: dict[str, set[str]] = {}
    for student, user in found:
        users.setdefault(student, set()).add(user)
    return [
        replace(entry, student=f"{student}_{user}")
        if user.isdigit() and len(users[student]) > 1
        else entry
        for (student, user), entry in found.items()
    ]


def _entry(path: Path) -> tuple[tuple[str, str], Entry]:
    """The key under which paths belong together, and the entry of this path alone."""
    if match := CANVAS.match(path.name):
        source = Source(path, RESUBMITTED.sub("", match["file"]))
        student = _student(match["name"])
        entry = Entry(student, (source,), late=bool(match["late"]))
        return (student, match["user"]), entry
    stem = path.name if path.is_dir() else path.stem
    if match := MOODLE.match(stem):
        stem = match["name"]
    return (_student(stem), path.name), Entry(_student(stem), (Source(path, path.name),))


def _student(name: str) -> str:
    """A name as an id; files are named after it, and file systems end at 255 bytes."""
    name = UNSAFE.sub("_", name).encode()[:ID_BYTES].decode(errors="ignore")
    return name.strip("._") or "unnamed"


def _distinct(found: list[Entry]) -> tuple[Entry, ...]:
    """The entries with an id each: a second submission of ada becomes ada-2, and says so."""
    counts = Counter(entry.student.casefold() for entry in found)
    taken: set[str] = {name for name, count in counts.items() if count == 1}
    entries = []
    for entry in sorted(found, key=lambda entry: (entry.student, entry.sources[0].name)):
        if counts[entry.student.casefold()] == 1:
            entries.append(entry)
            continue
        number, student = 1, entry.student
        while student.casefold() in taken:
            number += 1
            student = f"{entry.student}-{number}"
        taken.add(student.casefold())
        remark = (
            f"{counts[entry.student.casefold()]} submissions carry the name {entry.student}; this "
            f"is {entry.sources[0].path.name}: decide which one counts"
        )
        entries.append(replace(entry, student=student, remark=remark))
    return tuple(sorted(entries, key=lambda entry: entry.student))
