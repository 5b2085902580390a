"""What a person should know about handed-in documents: word processors' files, scanned pages.

A PDF is looked at as bytes, in plain Python: its streams are unpacked within bounds and searched
for what paints images and what shows text. Nothing is rendered, and outside the jail no PDF library
meets a file that a student made. Nothing here takes points away.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from kit.assignment import Assignment
from kit.grading.results import Finding
from kit.handin import is_pdf

WORD_PROCESSORS = (".doc", ".docx", ".odt", ".rtf", ".pages")
STREAM_BYTES = 1 << 20  # unpacked, of one stream: content streams are far smaller
ALL_BYTES = 32 << 20
STREAMS = 20_000
PAGE_AREA = 200_000  # square points that a picture of a page covers; A4 has 501,000, A5 250,000
_STREAM = re.compile(rb"stream\r?\n")
_TEXT = re.compile(rb"[\)>\]]\s*T[jJ]\b|\)\s*['\"]")
_IMAGE = re.compile(rb"/[^\s/<>\[\]()]+\s+Do\b")
_PLACED = re.compile(rb"(?:(-?[\d.]{1,20})\s+)(?:(-?[\d.]{1,20})\s+)" * 3 + rb"cm\b")


def findings(
    assignment: Assignment, files: Mapping[str, bytes], archives: Sequence[str] = ()
) -> Iterator[Finding]:
    """What is odd about the documents among the handed-in files, and about the names."""
    for path, data in sorted(files.items()):
        if assignment.handin.refuses(path):
            continue  # which is said where the hand-in list is gone through
        if path.lower().endswith(WORD_PROCESSORS):
            text = "a word processor's file; a PDF is what is asked for, and nobody reads this"
            yield Finding("document", text, path)
        elif path.lower().endswith(".pdf"):
            yield from (Finding("scan", text, path) for text in _on_pdf(data))
    reports = [path for path in sorted(files) if path.lower().endswith(".pdf")]
    yield from _on_names(assignment, [*archives, *reports])


def _on_pdf(data: bytes) -> Iterator[str]:
    if not is_pdf(data):
        yield "it is no PDF, whatever its name says"
        return
    if re.search(rb"/Encrypt\s", data):
        yield "it is encrypted, so that scanned pages could not be looked for"
        return
    if data.count(b"endstream") > STREAMS:
        yield "it holds too many parts to be looked through for scanned pages"
        return
    pages = sum(map(_is_picture, _streams(data)))
    if pages:
        count = "a page is a picture" if pages == 1 else f"{pages} pages are pictures"
        yield f"{count} without text, as a scan of handwriting is; a person has to look at them"


def _streams(data: bytes) -> Iterator[bytes]:
    """The unpacked streams of a PDF, but images and fonts; each search begins after the last."""
    left, place = ALL_BYTES, 0
    while left > 0 and (begin := _STREAM.search(data, place)):
        end = data.find(b"endstream", begin.end())
        place = len(data) if end < 0 else end + len(b"endstream")
        head = data[max(0, begin.start() - 2000) : begin.start()].rpartition(b" obj")[2]
        if re.search(rb"/Subtype\s*/Image|/FontFile|/Length1\s", head):
            continue
        packed = data[begin.end() : end if end >= 0 else len(data)]
        content = _unpacked(packed) if b"FlateDecode" in head else packed[:STREAM_BYTES]
        left -= len(content)
        yield content


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, STREAM_BYTES)
    except zlib.error:
        return b""


def _is_picture(content: bytes) -> bool:
    """Whether a stream shows no text, and what it paints first is as large as a page.

    An image is a square of one point that is scaled to its place; a drawing that is included comes
    in its own size, and so do the pages of a report that is bound into another file.
    """
    image = _IMAGE.search(content)
    if image is None or _TEXT.search(content):
        return False
    area = 1.0
    for found in _PLACED.finditer(content, 0, image.start()):
        try:
            a, b, c, d = (float(number) for number in found.groups()[:4])
        except ValueError:  # 1.2.3
            return False
        area *= abs(a * d - b * c)
    return area >= PAGE_AREA


def _on_names(assignment: Assignment, paths: Sequence[str]) -> Iterator[Finding]:
    """Archives and reports whose name holds none of the form that the course asks for."""
    form, example = assignment.handin.student, assignment.handin.example
    for path in paths if form else ():
        if not re.search(form, PurePosixPath(path).stem):
            text = f"its name has not the form that the course asks for, such as {example}"
            yield Finding("name", text, path)
