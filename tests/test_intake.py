"""Intake: what an honest hand-in may look like, and what never gets in."""

import io
import json
import os
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest

from kit.assignment import Assignment, Imports
from kit.errors import IntakeError, UsageError
from kit.grading.intake.archive import Bounds, read_zip
from kit.grading.intake.discover import discover, texts_alone
from kit.grading.intake.intake import Submission, read
from kit.grading.intake.notebook_code import extract
from kit.grading.intake.source_text import Remark, import_remarks, parse
from kit.grading.judging.secret import course_secret, seed_id

LINK, FIFO, DEVICE = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644
UNIT = b"def unit(x):\n    return x\n\n\ndef project(x, direction):\n    return x\n"
AVERAGE = b"def moving_average(signal, width):\n    return signal\n"


def zipped(
    members: dict[str, bytes], *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = method
            member.external_attr = mode << 16
            member.create_system = 3
            archive.writestr(member, data)
    return stream.getvalue()


def doubled(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x = 1")
    return stream.getvalue()


def lying(claimed: int, really: int) -> bytes:
    data = bytearray(zipped({"a.py": b"\0" * really}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature) + offset
        data[at : at + 4] = struct.pack("<I", claimed)
    return bytes(data)


def overlapping() -> bytes:
    data = bytearray(zipped({"a.py": os.urandom(900), "b.py": os.urandom(900)}))
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def far_away() -> bytes:
    """A member that stands beyond the end of every file, by its zip64 record."""
    data = zipped({"a.py": b"x = 1"})
    at = data.find(b"PK\x01\x02")
    entry, end = bytearray(data[at : data.find(b"PK\x05\x06")]), data.find(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, 2**63 + 5)
    entry[30:32] = struct.pack("<H", len(extra))
    entry[42:46] = b"\xff" * 4
    tail = bytearray(data[end:])
    tail[12:16] = struct.pack("<I", len(entry) + len(extra))
    return data[:at] + bytes(entry) + extra + bytes(tail)


def encrypted() -> bytes:
    data = bytearray(zipped({"a.py": b"x = 1"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature) + offset
        data[at] |= 1
    return bytes(data)


HOSTILE = {
    "zip slip": (zipped({"../../etc/cron.d/x": b"x"}), "outside the submission"),
    "absolute": (zipped({"/etc/x": b"x"}), "outside the submission"),
    "backslash": (zipped({"..\\..\\x.py": b"x"}), "backslash"),
    "drive": (zipped({"C:/x.py": b"x"}), "outside the submission"),
    "stream": (zipped({"x.py:evil": b"x"}), "outside the submission"),
    "link": (zipped({"vectors.py": b"/etc/passwd"}, mode=LINK), "a link or a device"),
    "fifo": (zipped({"pipe": b""}, mode=FIFO), "a link or a device"),
    "device": (zipped({"null": b""}, mode=DEVICE), "a link or a device"),
    "one large member": (zipped({"a.py": b"\0" * (30 << 20)}), "more than 20 MB"),
    "ratio": (zipped({"a.py": b"\0" * (19 << 20)}), "200 times its size"),
    "lying header": (lying(1000, 30 << 20), "damaged"),
    "overlap": (overlapping(), "overlap"),
    "too many files": (zipped({f"f{n}.py": b"" for n in range(600)}), "more than 500 files"),
    "too many members": (zipped({f"d{n}/": b"" for n in range(20_001)}), "lists 20001 members"),
    "encrypted": (encrypted(), "encrypted"),
    "lzma": (zipped({"a.py": b"x" * 999}, method=zipfile.ZIP_LZMA), "unusual method"),
    "bzip2": (zipped({"a.py": b"x" * 999}, method=zipfile.ZIP_BZIP2), "unusual method"),
    "case collision": (zipped({"A.py": b"1", "a.py": b"2"}), "twice"),
    "control character": (zipped({"a\x01b.py": b"1"}), "not a file name"),
    "nul": (zipped({"a.pyXevil": b"1"}).replace(b"a.pyXevil", b"a.py\0evil"), "not a file name"),
    "deep": (zipped({"d/" * 40 + "a.py": b"1"}), "too deep"),
    "long name": (zipped({"a" * 300: b"1"}), "too long"),
    "long for a file system": (zipped({"é" * 200 + ".py": b"1"}), "too long"),
    "no zip": (b"PK\x05\x06" + b"\0" * 9, "damaged"),
    "offset of zip64": (far_away(), "damaged"),
    "cut off": (zipped({"a.py": os.urandom(5000)})[:3000], "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_archive_refuses(name: str) -> None:
    data, reason = HOSTILE[name]
    started = time.monotonic()
    with pytest.raises(IntakeError, match=reason):
        read_zip(data, Bounds())
    assert time.monotonic() - started < 5


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archive_refuses_a_name_twice() -> None:
    with pytest.raises(IntakeError, match="twice"):
        read_zip(doubled("a.py", "a.py"), Bounds())


def test_archive_ignores_the_litter_of_systems() -> None:
    members = {"hw/a.py": b"1", "__MACOSX/._a.py": b"x", "hw/.DS_Store": b"", "hw/": b""}
    members |= {".venv/lib/x.py": b"", "hw/__pycache__/a.pyc": b""}
    assert read_zip(zipped(members), Bounds()) == {"hw/a.py": b"1"}


# Whose submissions they are


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_bytes(b"x = 1\n")


def test_discover_reads_the_names_that_an_lms_writes(tmp_path: Path) -> None:
    touch(tmp_path, "smithbob_340934_208490284_BobsWork.zip", "lee_LATE_12_99_vectors-2.py")
    touch(tmp_path, "lee_LATE_12_100_averages.py", ".DS_Store", "roster.csv", "ada.py")
    (tmp_path / "Grace Hopper_7_assignsubmission_file_").mkdir()
    entries = {entry.student: entry for entry in discover(tmp_path)}
    assert sorted(entries) == ["Grace_Hopper", "ada", "lee", "smithbob"]
    assert [source.name for source in entries["lee"].sources] == ["averages.py", "vectors.py"]
    assert entries["lee"].late and not entries["smithbob"].late


def test_numbers_of_its_own_are_no_resubmissions_of_one_file(tmp_path: Path) -> None:
    touch(tmp_path, "lee_12_98_lab-1.py", "lee_12_99_lab-2.py", "kim_13_97_lab-2.py")
    named = {one.student: [source.name for source in one.sources] for one in discover(tmp_path)}
    assert named == {"kim": ["lab.py"], "lee": ["lab-1.py", "lab-2.py"]}


def test_two_submissions_of_one_name_are_both_graded(tmp_path: Path) -> None:
    touch(tmp_path, "ada.zip", "ada.py", "ada-2.py")
    (tmp_path / "ADA").mkdir()
    entries = discover(tmp_path)
    names = [entry.student for entry in entries]
    assert names == ["ADA-1", "ada-2", "ada-3", "ada-4"]
    assert sum("decide which one counts" in entry.remark for entry in entries) == 3


def test_namesakes_in_canvas_keep_their_numbers(tmp_path: Path) -> None:
    touch(tmp_path, "lee_12_1_a.py", "lee_13_2_a.py")
    entries = discover(tmp_path)
    assert [entry.student for entry in entries] == ["lee_12", "lee_13"]
    assert not any(entry.remark for entry in entries)


def test_a_name_that_several_carry_is_the_id_of_none(tmp_path: Path) -> None:
    touch(tmp_path, "ada.zip", "ada.ipynb", "lee_12_1_a.py", "lee.zip")
    entries = {entry.student: entry for entry in discover(tmp_path)}
    assert sorted(entries) == ["ada-1", "ada-2", "lee-1", "lee_12"]
    assert {entry.shared for entry in entries.values()} == {"ada", "lee"}
    assert all("decide which one counts" in entry.remark for entry in entries.values())


def test_every_file_that_an_lms_wrote_is_part_of_a_submission(tmp_path: Path) -> None:
    touch(tmp_path, "lee_12_99_answers.toml", "lee_12_98_sizes.py", "kim_LATE_13_97_answers.md")
    touch(tmp_path, "Grace Hopper_4711_assignsubmission_file_answers.toml")
    touch(tmp_path, "roster.csv", "README.md", "roster_2026_03_06.csv")
    entries = {entry.student: entry for entry in discover(tmp_path)}
    names = {who: [source.name for source in one.sources] for who, one in entries.items()}
    assert names == {
        "lee": ["sizes.py", "answers.toml"],
        "kim": ["answers.md"],
        "Grace_Hopper": ["answers.toml"],
    }


def test_moodle_downloads_without_folders(tmp_path: Path) -> None:
    for name in ("hw.zip", "report.pdf"):
        touch(tmp_path, f"Grace Hopper_4711_assignsubmission_file_{name}")
    touch(
        tmp_path, "Ann Lee_12_assignsubmission_file_a.py", "Ann Lee_13_assignsubmission_file_a.py"
    )
    touch(tmp_path, "Ann Lee_13_assignsubmission_onlinetext_onlinetext.html")
    touch(tmp_path, "Kurt Goedel_15_assignsubmission_onlinetext_.html")
    text, work = (
        tmp_path / f"{name}_assignsubmission_onlinetext_" for name in ("Emmy_14", "Al_16")
    )
    for folder, names in ((text, ["onlinetext.html"]), (work, ["onlinetext.html", "hw.py"])):
        folder.mkdir()
        touch(folder, *names)
    entries = {entry.student: entry for entry in discover(tmp_path)}
    assert sorted(entries) == ["Al", "Ann_Lee_12", "Ann_Lee_13", "Grace_Hopper"]
    assert [one.name for one in entries["Grace_Hopper"].sources] == ["hw.zip", "report.pdf"]
    assert len(entries["Ann_Lee_13"].sources) == 2
    assert texts_alone(tmp_path) == ("Emmy", "Kurt_Goedel")


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Jose\u0301.py", "Jos\u00e9"),
        ("अदिति.zip", "अदिति"),
        ("Nguye\u0302\u0303n Anh.py", "Nguy\u1ec5n_Anh"),
    ],
)
def test_ids_keep_every_script(tmp_path: Path, name: str, student: str) -> None:
    touch(tmp_path, name)
    assert [entry.student for entry in discover(tmp_path)] == [student]


def test_long_names_that_begin_alike_stay_apart(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{'long' * 60}{letter}.zip" for letter in "ab"))
    students = [entry.student for entry in discover(tmp_path)]
    assert len(set(students)) == 2 and all(len(name) < 210 for name in students)


@pytest.mark.parametrize("missing", [True, False])
def test_nothing_to_grade_is_one_sentence(tmp_path: Path, missing: bool) -> None:
    with pytest.raises(UsageError, match="holds no folder|is not a folder"):
        discover(tmp_path / "nowhere" if missing else tmp_path)


# From files to modules


def handed_in(toy: Assignment, tmp_path: Path, files: dict[str, bytes]) -> Submission:
    folder = tmp_path / "class" / "ada"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return read(discover(folder.parent)[0], toy)


def kinds(submission: Submission) -> set[str]:
    return {finding.kind for finding in submission.findings}


def test_a_plain_hand_in_has_no_finding(toy_assignment: Assignment, tmp_path: Path) -> None:
    found = handed_in(
        toy_assignment, tmp_path, {"vectors.py": UNIT, "averages.py": AVERAGE, "notes.txt": b"hi"}
    )
    assert found.error is None and found.findings == ()
    assert found.files == {"vectors.py": UNIT, "averages.py": AVERAGE}
    assert found.kept == ("notes.txt",)


def test_a_wrapping_folder_is_looked_through(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {f"hw1/src/{name}": UNIT for name in ("vectors.py", "averages.py", "tools/shape.py")}
    found = handed_in(toy_assignment, tmp_path, files)
    assert set(found.files) == {"vectors.py", "averages.py", "tools/shape.py"}
    assert [f.text for f in found.findings if f.kind == "layout"] == [
        "the modules lie in the folder hw1/src/; they should be at the top of the hand-in"
    ]


def test_a_folder_and_its_zip_have_one_hash(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {"vectors.py": UNIT, "averages.py": AVERAGE}
    loose = handed_in(toy_assignment, tmp_path / "a", files)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "ada.zip").write_bytes(zipped(files))
    packed = read(discover(tmp_path / "b")[0], toy_assignment)
    assert loose == packed and len(loose.sha256) == 64


def test_a_lone_zip_inside_is_opened(toy_assignment: Assignment, tmp_path: Path) -> None:
    inner = zipped({"vectors.py": UNIT, "averages.py": AVERAGE})
    found = handed_in(toy_assignment, tmp_path, {"work.zip": inner, "report.pdf": b"%PDF"})
    assert set(found.files) == {"vectors.py", "averages.py"} and kinds(found) == {"layout"}


def archives(submission: Submission) -> list[str]:
    return [finding.text for finding in submission.findings if finding.kind == "archive"]


def test_a_zip_bomb_inside_stays_closed(toy_assignment: Assignment, tmp_path: Path) -> None:
    inner = zipped({"x.txt": b"\0" * (900 << 10)})
    files = {"a.zip": inner, "b.zip": inner, "c.zip": zipped({"vectors.py": UNIT})}
    found = handed_in(toy_assignment, tmp_path, files)
    assert archives(found) == ["b.zip was not opened: the submission is larger than 1 MB"]
    assert found.error is None and found.files == {"vectors.py": UNIT}


def test_of_many_zips_inside_some_stay_closed(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {f"{number:02}.zip": zipped({f"{number}.txt": b""}) for number in range(12)}
    found = handed_in(toy_assignment, tmp_path, files)
    assert archives(found) == [
        f"{n}.zip was not opened: no more than 10 zips are" for n in (10, 11)
    ]


def test_a_zip_is_opened_where_a_module_is_missing(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    inner = zipped({"averages.py": AVERAGE, "vectors.py": b"x = 1\n", "old.zip": b"PK"})
    files = {"vectors.py": UNIT, "work.ipynb": notebook("x = 1"), "code.ZIP": inner}
    found = handed_in(toy_assignment, tmp_path, files)
    assert found.files["vectors.py"] == UNIT and found.files["averages.py"] == AVERAGE
    assert any(
        "code.ZIP lies inside the submission and was opened" in one.text for one in found.findings
    )
    assert archives(found) == ["code/old.zip was not opened: it lies in another zip"]


def test_an_archive_that_stays_closed_is_a_finding(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    files = {"vectors.py": UNIT, "averages.py": AVERAGE, "data.zip": b"PK", "more.RAR": b"Rar!"}
    assert archives(handed_in(toy_assignment, tmp_path / "whole", files)) == [
        "data.zip was not opened: every module that is graded lies beside it",
        "more.RAR was not opened: .rar archives are not read; a zip is",
    ]


def test_a_closed_archive_is_never_among_further_findings(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    folder = tmp_path / "part" / "class" / "ada"
    folder.mkdir(parents=True)
    for number in range(70):
        (folder / f"link{number}").symlink_to("/etc/passwd")
    found = handed_in(toy_assignment, tmp_path / "part", {"code.zip": b"PK"})
    assert archives(found)[0].startswith("code.zip was not opened: the zip is damaged")
    assert {"link", "more"} <= kinds(found)


def test_an_archive_beside_other_files_of_an_lms_is_a_finding(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    touch(tmp_path, "lee_12_98_homework.rar", "lee_12_99_vectors.py")
    found = read(discover(tmp_path)[0], toy_assignment)
    assert found.error is None and "vectors.py" in found.files
    assert archives(found) == ["homework.rar was not opened: .rar archives are not read; a zip is"]


def test_suffixes_in_capitals_are_read(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {"Mine.PY": UNIT, "AVERAGES.PY": AVERAGE, "helper.PY": b"x = 1\n"}
    found = handed_in(toy_assignment, tmp_path, files)
    assert found.files == {"vectors.py": UNIT, "averages.py": AVERAGE, "helper.py": b"x = 1\n"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + UNIT,
        UNIT.replace(b"\n", b"\r\n"),
        "\ufeff".encode("utf-16-le") + UNIT.decode().encode("utf-16-le"),
        "\ufeff".encode("utf-16-be") + UNIT.decode().encode("utf-16-be"),
    ],
    ids=["bom", "crlf", "utf-16-le", "utf-16-be"],
)
def test_what_windows_writes_is_read(
    toy_assignment: Assignment, tmp_path: Path, data: bytes
) -> None:
    found = handed_in(toy_assignment, tmp_path, {"vectors.py": data, "averages.py": AVERAGE})
    assert found.files["vectors.py"] == UNIT and kinds(found) <= {"encoding"}


def test_other_names_are_mapped(toy_assignment: Assignment, tmp_path: Path) -> None:
    found = handed_in(
        toy_assignment, tmp_path, {"My_Vectors_FINAL (2).py": UNIT, "averages_v2.py": AVERAGE}
    )
    assert found.files == {"vectors.py": UNIT, "averages.py": AVERAGE}
    assert kinds(found) == {"layout"}


def test_the_top_one_of_two_is_graded(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {"old/vectors.py": b"x = 1\n", "vectors.py": UNIT, "averages.py": AVERAGE}
    found = handed_in(toy_assignment, tmp_path, files)
    assert found.files["vectors.py"] == UNIT
    assert any("2 times" in finding.text for finding in found.findings)


def test_names_of_libraries_do_not_travel(toy_assignment: Assignment, tmp_path: Path) -> None:
    shadows = ["numpy/__init__.py", "otter.py", "kit/testing.py", "random.py", "oracle.py"]
    files = {"vectors.py": UNIT, "averages.py": AVERAGE, "mine.py": b"x = 1\n"}
    found = handed_in(toy_assignment, tmp_path, files | dict.fromkeys(shadows, b"x = 1\n"))
    assert set(found.files) == {"vectors.py", "averages.py", "mine.py"}
    assert sum(finding.kind == "shadow" for finding in found.findings) == len(shadows)


def test_a_helper_in_too_many_folders_does_not_travel(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    deep = {f"a/b/c/d/{name}": b"x = 1\n" for name in ("near.py", "e/far.py")}
    found = handed_in(toy_assignment, tmp_path, {"vectors.py": UNIT, "averages.py": AVERAGE} | deep)
    assert set(found.files) == {"vectors.py", "averages.py", "a/b/c/d/near.py"}
    assert any("e/far.py lies too many folders deep" in one.text for one in found.findings)


def test_links_and_pipes_of_a_folder(toy_assignment: Assignment, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"KEY = 1\n")
    folder = tmp_path / "class" / "ada"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "real.py").write_bytes(UNIT)
    (folder / "vectors.py").symlink_to("src/real.py")  # stays inside
    (folder / "averages.py").symlink_to(secret)
    (folder / "etc").symlink_to("/etc")
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe.py")
    found = read(discover(folder.parent)[0], toy_assignment)
    assert found.files == {"vectors.py": UNIT, "src/real.py": UNIT}
    assert {"link", "device", "missing"} <= kinds(found)
    assert not any(b"KEY" in data for data in found.files.values())


def test_a_submission_that_is_a_link_is_refused(toy_assignment: Assignment, tmp_path: Path) -> None:
    (tmp_path / "ada").symlink_to("/etc")
    found = read(discover(tmp_path)[0], toy_assignment)
    assert found.error == "ada is a link; put the submission itself in its place"


@pytest.mark.parametrize("name", ["ada.rar", "ada.zip", "ada.tgz"])
def test_what_cannot_be_read_is_one_sentence(
    toy_assignment: Assignment, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"Rar!")
    found = read(discover(tmp_path)[0], toy_assignment)
    assert found.error and found.error.count(".") <= 2 and "ask for" in found.error


def test_too_large_is_refused_unread(toy_assignment: Assignment, tmp_path: Path) -> None:
    with (tmp_path / "ada.py").open("wb") as stream:
        stream.truncate(40 << 30)  # sparse: reading it would end the grader
    found = read(discover(tmp_path)[0], toy_assignment)
    assert found.error == "the submission is larger than 1 MB"


def test_a_file_name_that_is_no_text_can_be_written_down(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "ada").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "ada") + b"/\xff\xfe.py")).write_bytes(b"x")
    found = read(discover(tmp_path)[0], toy_assignment)
    assert found.error and found.error.encode()


# What the source says


def test_a_syntax_error_names_file_and_line(toy_assignment: Assignment, tmp_path: Path) -> None:
    files = {"vectors.py": UNIT + b"\ndef f(:\n", "averages.py": AVERAGE}
    found = handed_in(toy_assignment, tmp_path, files)
    finding = next(finding for finding in found.findings if finding.kind == "syntax")
    assert (finding.file, finding.line) == ("vectors.py", 8)
    assert "vectors.py" in found.files  # the judge says ERROR, and the other file is graded


@pytest.mark.parametrize(
    "source",
    [
        "-" * 200_000 + "1",
        "a" + ".b" * 100_000,
        "(" * 5000,
        "f" + "()" * 100_000,
        "a\0b",
        "é\udc80",
    ],
)
def test_a_source_that_breaks_parsers_is_a_remark(source: str) -> None:
    started = time.monotonic()
    assert isinstance(parse(source.encode("utf-8", "surrogatepass")), Remark)
    assert time.monotonic() - started < 5


def test_a_file_of_a_refused_kind_is_a_finding(toy_assignment: Assignment, tmp_path: Path) -> None:
    strict = toy_assignment.handin.model_copy(update={"refused": ("*.doc", "*.docx")})
    assignment = toy_assignment.model_copy(update={"handin": strict})
    folder = tmp_path / "ada"
    (folder / "text").mkdir(parents=True)
    (folder / "vectors.py").write_bytes(UNIT)
    (folder / "text" / "Report.DocX").write_bytes(b"PK")
    found = read(discover(tmp_path)[0], assignment)
    (finding,) = [one for one in found.findings if one.kind == "refused"]
    assert finding.file == "text/Report.DocX" and "not accepted" in finding.text
    assert not any(
        f.kind == "refused" for f in read(discover(tmp_path)[0], toy_assignment).findings
    )


def remarks(source: str) -> list[tuple[str, int]]:
    tree = parse(source.encode())
    assert not isinstance(tree, Remark)
    imports = Imports(allowed=("numpy", "math"), flagged=("numpy.linalg.norm",))
    return [(one.kind, one.line) for one in import_remarks(tree, imports, frozenset(["mine"]))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy as np, math\nimport mine\nfrom . import x", []),
        ("import socket", [("import", 1)]),
        ("\nfrom subprocess import run", [("import", 2)]),
        ("import numpy as np\nnp.linalg.norm(3)", [("flagged", 2)]),
        ("from numpy import linalg as la\n\nla.norm", [("flagged", 3)]),
        ("from numpy.linalg import norm", [("flagged", 1)]),
        ("import numpy as np\nnp.linalg.svd(3)", []),
        ("def f():\n    exec('1')", [("dynamic", 2)]),
        ("model.compile(1)", []),
    ],
)
def test_imports_that_a_person_should_see(source: str, expected: list[tuple[str, int]]) -> None:
    assert remarks(source) == expected


def test_a_module_may_have_a_list_of_its_own(toy_assignment: Assignment, tmp_path: Path) -> None:
    imports = Imports(allowed=("numpy", "torch"), only={"vectors": ("numpy",)})
    toy = toy_assignment.model_copy(update={"imports": imports})
    files = {"vectors.py": b"import torch\n" + UNIT, "averages.py": b"import torch\n" + AVERAGE}
    found = handed_in(toy, tmp_path, files)
    (finding,) = found.findings
    assert (finding.kind, finding.file, finding.line) == ("import", "vectors.py", 1)
    both = b"import torch\n" + UNIT + b"\n\n" + AVERAGE  # in one file they cannot be told apart
    assert "import" not in kinds(handed_in(toy, tmp_path / "one", {"work.py": both}))


def test_a_package_whose_work_a_person_grades_is_said_of_each_module(
    toy_assignment: Assignment, tmp_path: Path
) -> None:
    imports = Imports(allowed=("numpy",), by_hand=("jax", "flax"))
    toy = toy_assignment.model_copy(update={"imports": imports})
    both = b"import jax.numpy as jnp\nimport tensorflow\n" + UNIT + b"\n\n" + AVERAGE
    found = handed_in(toy, tmp_path, {"work.py": both}).findings
    by_hand = [(one.file, one.line) for one in found if one.kind == "by_hand"]
    assert sorted(by_hand) == [("averages.py", 1), ("vectors.py", 1)]
    assert [one.kind for one in found[:2]] == ["by_hand", "by_hand"]  # never among «further ones»
    assert [one.text for one in found if one.kind == "import"] == [
        "imports tensorflow, which the assignment does not list"
    ]


# Notebooks


def notebook(*cells: str, version: int = 4) -> bytes:
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    if version == 4:
        return json.dumps({"cells": code, "nbformat": 4}).encode()
    old = [{"cell_type": "code", "input": cell} for cell in cells]
    return json.dumps({"worksheets": [{"cells": old}], "nbformat": 3}).encode()


def test_of_a_notebook_only_definitions_count() -> None:
    code = extract(
        notebook(
            "%matplotlib inline\n!pip install evil\nimport math\nfiles = !ls\nSIZE = 28 * 28",
            "TWICE = 2 * SIZE\nmodel = train()\nprint('hello')\nscale = lambda x: x / 255",
            "class A:\n    pass\n\nfor i in range(10**9):\n    pass",
            "%%time\ndef f(x, n=SIZE):\n    return math.sin(x) + TWICE",
            "%%bash\nrm -rf /",
        )
    )
    names: dict[str, object] = {}
    exec(code.source, names)
    assert {"SIZE", "TWICE", "scale", "A", "f"} == code.names
    assert callable(names["f"]) and names["TWICE"] == 1568
    assert b"train" not in code.source and b"rm -rf" not in code.source
    assert code.remarks == ()


def test_names_of_types_are_kept_in_a_notebook() -> None:
    code = extract(
        notebook(
            "from collections.abc import Callable\nimport numpy as np",
            "Pair = tuple[int, int]\nStep = Callable[[np.ndarray, Pair], list[float]]",
            "first = DATA[0]\nrows = [1, 2]\nthird = rows[3]",
            "def f(step: Step, size: Pair = (1, 1)) -> Pair:\n    return size",
        )
    )
    names: dict[str, object] = {}
    exec(code.source, names)
    assert {"Pair", "Step", "rows", "f"} == code.names


def test_a_cell_that_does_not_compile_costs_itself_only() -> None:
    code = extract(notebook("def f(:", "def g():\n    return (7\n        % 4)"))
    assert code.names == {"g"}
    assert "cell 1, line 1" in code.remarks[0].text


def test_a_missing_plotting_library_costs_nothing() -> None:
    code = extract(notebook("import no_such_library as plot\ndef f():\n    return 1"))
    names: dict[str, object] = {}
    exec(code.source, names)
    assert "f" in names


def test_what_a_definition_would_miss_is_said() -> None:
    code = extract(notebook("rate = best()", "def f(x=rate): ...", "def g():\n    return rate"))
    assert code.names == {"g"}
    assert [remark.text.split(":")[0] for remark in code.remarks] == ["cell 2", "cell 3"]


def test_a_name_that_only_an_annotation_needs_costs_nothing() -> None:
    code = extract(
        notebook(
            "import numpy.typing as npt\nimport numpy as np\nArray = npt.NDArray[np.float64]",
            "Table = load('frame')",
            "def f(x: Array, y: Table) -> Table:\n    return 1",
            "class Row:\n    kept: Table\n    def g(self):\n        return 2",
        )
    )
    names: dict[str, object] = {}
    exec(code.source, names)
    assert {"Array", "f", "Row"} == code.names and code.remarks == ()


def test_a_class_whose_body_reads_what_does_not_run_costs_itself_only() -> None:
    code = extract(
        notebook(
            "device = pick()",
            "class Net:\n    where = device",
            "class Fine:\n    size = 3\n    twice = 2 * size\n"
            "    def g(self):\n        return device",
        )
    )
    exec(code.source, {})
    assert code.names == {"Fine"}
    assert "Net needs `device`" in code.remarks[0].text


def test_old_notebooks_are_read() -> None:
    assert extract(notebook("def f(): ...", version=3)).names == {"f"}


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"\xff", b'{"cells": 3}', b'{"cells": [{}]}', b"[" * 100_000]
)
def test_what_is_no_notebook(data: bytes) -> None:
    with pytest.raises(IntakeError, match="save it again in Jupyter"):
        extract(data)


def test_a_notebook_stands_for_all_modules(toy_assignment: Assignment, tmp_path: Path) -> None:
    data = notebook(UNIT.decode(), AVERAGE.decode())
    found = handed_in(toy_assignment, tmp_path, {"Untitled.ipynb": data})
    assert set(found.files) == {"vectors.py", "averages.py"}
    assert found.files["vectors.py"] == found.files["averages.py"]


# The secret


def test_the_secret_is_made_once_and_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIT_SECRET_FILE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    secret = course_secret()
    path = tmp_path / ".config" / "dl-assignment-kit" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert course_secret() == secret and len(secret) == 64
    assert len(seed_id(secret)) == 8 and seed_id(secret) not in secret.decode()


def test_a_named_secret_must_be_there_and_long(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        course_secret(tmp_path / "none")
    (tmp_path / "short").write_text("abc")
    with pytest.raises(UsageError, match="fewer than 16 bytes"):
        course_secret(tmp_path / "short")
