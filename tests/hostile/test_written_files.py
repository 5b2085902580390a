"""What reaches pages, tables and the terminal after a whole class of hostile submissions.

A real batch: names and texts that would break HTML, CSV, JSON or a terminal, links and pipes in
place of files, inputs of hidden tests in every message. Then each written file is read as its
readers would.
"""

import csv
import io
import json
import os
import shutil
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from corpus import HERE, Case
from examiner import COURSE, SECRET
from expectations import HIDDEN_NUMBERS
from rich.console import Console

from kit.assignment import load
from kit.grading.batch import batch
from kit.jail import available
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))
SLUG = "h1_softmax"
NASTY = '"><img src=x onerror=alert(1)>'
HONEST = (COURSE / "solutions" / SLUG / "answers.py").read_bytes()
TEXTS = Case(HERE / "deny" / "T45_text_that_breaks_pages.py").submission()["answers.py"]
INPUTS = Case(HERE / "deny" / "T52_inputs_in_messages.py").submission()["answers.py"]
SHAPES = Case(HERE / "deny" / "T52_inputs_in_shapes.py").submission()["answers.py"]
LATER = Case(HERE / "deny" / "T52_kept_for_later.py").submission()["answers.py"]
FLOOD = Case(HERE / "allow" / "T45_flood.py").submission()["answers.py"]
HONEST_STUDENT = "ada"
LEAKY = ("inputs", "shapes", "later")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Handed:
    """A folder of submissions, the batch over it, and what it wrote."""

    def __init__(self, root: Path) -> None:
        self.submissions, self.out = root / "submissions", root / "out"
        self.submissions.mkdir()
        self.secret = root / "secret"
        self.secret.write_bytes(SECRET)
        self.key = root / "key.py"
        self.key.write_bytes(HONEST)
        self.screen = io.StringIO()

    def hand_in(self, student: str, files: dict[str, bytes]) -> Path:
        folder = self.submissions / student
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return folder

    def grade(self) -> batch.BatchSummary:
        workspace = Workspace(COURSE, released=False)
        return batch.grade(
            workspace,
            load(SLUG, workspace),
            self.submissions,
            self.out,
            console=Console(file=self.screen, force_terminal=False, width=200),
            jobs=1,
            secret=self.secret,
        )

    def files(self, suffix: str = "") -> list[Path]:
        found = sorted(path for path in self.out.rglob(f"*{suffix}") if path.is_file())
        assert found
        return found


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    made = Handed(tmp_path_factory.mktemp("class"))
    made.hand_in(HONEST_STUDENT, {"answers.py": HONEST})
    made.hand_in("texts", {"answers.py": TEXTS})
    made.hand_in("inputs", {"answers.py": INPUTS})
    made.hand_in("shapes", {"answers.py": SHAPES})
    made.hand_in("later", {"answers.py": LATER})
    made.hand_in("flood", {"answers.py": FLOOD})
    for name in ('=HYPERLINK("x")', "+1", "@SUM(A1)", "-2", "<script>alert(1)<", "a\tb", NASTY):
        made.hand_in(name.replace("/", ""), {"answers.py": TEXTS})
    strange = made.hand_in("files", {"answers.py": HONEST, f"{NASTY}.py": b"import this_" + b"x"})
    (strange / "=1+1.py").write_bytes(b"import os\n")
    (strange / "notes.txt").symlink_to(made.secret)
    os.mkfifo(strange / "pipe.py")
    for name, odd in (("escape", "a\n\x1b[2J.py"), ("bytes", os.fsdecode(b"\xff\xfe.py"))):
        (made.hand_in(name, {"answers.py": HONEST}) / odd).write_bytes(b"x")
    linked = made.hand_in("linked", {})
    (linked / "answers.py").symlink_to(made.key)
    loop = made.hand_in("loop", {"answers.py": HONEST})
    (loop / "again").symlink_to(loop)
    (loop / "itself").symlink_to("itself")
    (made.submissions / "whole").symlink_to(COURSE / "solutions" / SLUG)
    made.summary = made.grade()
    return made


def marks(handed: Handed) -> dict[str, tuple[str, float]]:
    return {
        result.student: (result.verdict.value, result.points) for result, _ in handed.summary.graded
    }


def test_every_submission_has_its_verdict(handed):
    found = marks(handed)
    assert found["ada"] == found["flood"] == found["loop"] == ("PASS", 3)
    assert found["files"] == ("PASS", 3)
    assert found["texts"] == ("ERROR", 1)
    assert found["escape"] == found["bytes"] == ("ERROR", 0)
    assert found["linked"][1] == found["whole"][1] == 0
    assert len(found) == len(list(handed.submissions.iterdir()))
    assert handed.summary.faults == ""


class Shape(HTMLParser):
    """The tags of a page, its event attributes and links that run code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.live: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            target = "".join((value or "").split()).lower()
            if name.startswith("on") or target.startswith(("javascript:", "data:", "http")):
                self.live.append(f"{tag} {name}={value}")


def test_no_page_has_an_element_that_a_submission_wrote(handed):
    honest = [path for path in handed.files(".html") if path.stem == HONEST_STUDENT]
    assert len(honest) == 1
    plain = Shape(honest[0].read_text())
    for path in handed.files(".html"):
        shape = Shape(path.read_text())
        assert shape.live == [], path
        assert shape.tags["img"] == shape.tags["iframe"] == 0, path
        if path.parent == honest[0].parent:
            assert shape.tags["script"] == plain.tags["script"], path
        assert "alert(1)>" not in path.read_text(), path


def test_no_cell_of_a_table_is_a_formula(handed):
    for path in handed.files(".csv"):
        for row in csv.reader(io.StringIO(path.read_text(), newline="")):
            for cell in row:
                assert not cell.startswith(FORMULA) or is_number(cell), (path, cell)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_every_file_is_text_without_control_characters(handed):
    for path in handed.files():
        assert path.name.isprintable()
        text = path.read_bytes().decode("utf-8")
        odd = {ascii(c) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
        assert odd <= {r"'\n'", r"'\r'", r"'\t'"}, path
        if path.suffix == ".json":
            json.loads(text, parse_constant=no_number)


def no_number(name):
    raise AssertionError(f"{name} is not JSON")


def test_the_terminal_gets_no_escapes(handed):
    said = handed.screen.getvalue() + handed.summary.sentence + handed.summary.faults
    assert [c for c in said if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t\r"] == []


def test_what_a_link_leads_to_is_never_read(handed):
    secret = SECRET.decode()
    for path in handed.files():
        text = path.read_text()
        assert secret not in text, path


@pytest.mark.parametrize("student", LEAKY)
def test_no_hidden_input_is_in_a_students_page(handed, student):
    """Every message of these submissions spells inputs; a page may quote the public ones."""
    pages = [path for path in handed.files() if path.stem == student]
    assert pages
    for path in pages:
        digits = path.read_text().replace(".", "").replace("_", "")
        assert [number for number in HIDDEN_NUMBERS if number in digits] == [], path


def test_an_output_flood_is_not_kept(handed):
    assert sum(path.stat().st_size for path in handed.files()) < 2 << 20


def test_a_second_batch_reads_nothing_new(handed, tmp_path):
    """What hostile names became is stable: the same class gives the same bytes."""
    before = {p.relative_to(handed.out): p.read_bytes() for p in handed.files() if stable(p)}
    copy = Handed(tmp_path)
    shutil.rmtree(copy.submissions)
    copy.submissions = handed.submissions
    copy.summary = copy.grade()
    after = {p.relative_to(copy.out): p.read_bytes() for p in copy.files() if stable(p)}
    assert after == before


def stable(path: Path) -> bool:
    return path.name != "timings.json"
