"""A zip from a student, read into memory: names to bytes. Nothing is ever extracted to the disk.

Refused, each with one sentence: names that leave the folder, links, devices, bombs (by ratio, by a
lying header, by overlap), too many or too large members, encryption, methods other than deflate.
"""

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kit.errors import IntakeError

LITTER = "__MACOSX __pycache__ .git .ipynb_checkpoints .venv venv node_modules .idea .vscode"
IGNORED_FOLDERS = frozenset([*LITTER.split(), ".pytest_cache", ".mypy_cache", ".ruff_cache"])
IGNORED_FILES = frozenset([".DS_Store", "Thumbs.db", "desktop.ini", ".OTTER_LOG"])
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # bzip2 and lzma: far worse ratios
LOCAL_HEADER = 30  # bytes before the name of a member
ENCRYPTED = 0x1
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError),
)
SMALL = 4096  # up to this many compressed bytes, the ratio says nothing


@dataclass(frozen=True)
class Bounds:
    """How much a submission may hold."""

    total_bytes: int = 20 << 20
    files: int = 500
    listed: int = 20_000  # members of all kinds, ignored ones among them
    ratio: int = 200
    name_length: int = 240
    name_bytes: int = 255  # of one part of the name, as file systems have it
    depth: int = 12


def read_zip(data: bytes, bounds: Bounds) -> dict[str, bytes]:
    """The regular files of a zip, by their clean relative names.

    Raises:
        IntakeError: it is no zip, or holds something that no honest hand-in holds.
    """
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, member in _members(archive, bounds):
                content = _content(archive, member, name, bounds)
                total += len(content)
                if total > bounds.total_bytes:
                    raise IntakeError(_too_large(bounds))
                files[name] = content
    except DAMAGED as error:
        raise IntakeError(f"the zip is damaged ({error}); ask for it again") from None
    return files


def clean_name(raw: str, bounds: Bounds) -> str:
    """A member's name as a relative POSIX path.

    Raises:
        IntakeError: the name is absolute, leaves the folder or is not a sane file name.
    """
    name = unicodedata.normalize("NFC", raw)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    shown = ascii(raw[:80])
    if "\\" in name:
        raise IntakeError(f"the name {shown} has a backslash; the zip must use '/'")
    if name.startswith("/") or ".." in parts or ":" in name:
        raise IntakeError(f"the name {shown} points outside the submission")
    if not parts or any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in name):
        raise IntakeError(f"the name {shown} is not a file name")
    long = any(len(part.encode()) > bounds.name_bytes for part in parts)
    if long or len(name) > bounds.name_length or len(parts) > bounds.depth:
        raise IntakeError(f"the name {shown} is too long or too deep")
    return "/".join(parts)


def is_ignored(name: str) -> bool:
    """Whether a file is litter of an editor, a system or a tool."""
    *folders, base = name.split("/")
    return base in IGNORED_FILES or not IGNORED_FOLDERS.isdisjoint(folders)


def _members(archive: zipfile.ZipFile, bounds: Bounds) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    members = archive.infolist()
    if len(members) > bounds.listed:
        raise IntakeError(f"the zip lists {len(members)} members; hand in only the files asked for")
    _check_overlap(members)
    seen: set[str] = set()
    for member in members:
        name = clean_name(member.orig_filename, bounds)
        _check_kind(member, name)
        if member.is_dir() or is_ignored(name):
            continue
        if name.casefold() in seen:
            raise IntakeError(f"the zip holds {ascii(name)} twice (upper and lower case are one)")
        seen.add(name.casefold())
        if len(seen) > bounds.files:
            raise IntakeError(f"the zip holds more than {bounds.files} files")
        yield name, member


def _check_overlap(members: list[zipfile.ZipInfo]) -> None:
    spans = sorted(
        (member.header_offset, member.header_offset + LOCAL_HEADER + member.compress_size)
        for member in members
    )
    for before, after in zip(spans, spans[1:], strict=False):
        if before[1] > after[0]:
            raise IntakeError("members of the zip overlap, as in a zip bomb")


def _check_kind(member: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise IntakeError(f"{ascii(name)} is a link or a device, not a file")
    if member.flag_bits & ENCRYPTED:
        raise IntakeError("the zip is encrypted; ask for one without a password")
    if member.compress_type not in METHODS:
        raise IntakeError(f"{ascii(name)} is compressed by an unusual method; ask for a plain zip")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, bounds: Bounds) -> bytes:
    if member.file_size > bounds.total_bytes:
        raise IntakeError(_too_large(bounds))
    if member.compress_size > SMALL and member.file_size > bounds.ratio * member.compress_size:
        raise IntakeError(f"{ascii(name)} unpacks to over {bounds.ratio} times its size")
    with archive.open(member) as stream:
        content = stream.read(bounds.total_bytes + 1)  # a header may lie: count what comes out
    if len(content) > bounds.total_bytes:
        raise IntakeError(_too_large(bounds))
    return content


def _too_large(bounds: Bounds) -> str:
    return f"the submission unpacks to more than {bounds.total_bytes >> 20} MB"
