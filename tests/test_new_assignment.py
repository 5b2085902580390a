"""A sixth assignment in a copy of this repository: one command, every law, and no other file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.files import sha256
from kit.jail import available

ROOT = Path(__file__).resolve().parent.parent
SLUG = "a6_diffusion"
HOMES = ("autograder", "report_templates", "solutions", "student_templates")
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what is tracked here."""
    root = tmp_path / "course"
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    return root


def contents(root: Path) -> dict[str, str]:
    """The hash of every file, but what running things leaves behind."""
    left = {"__pycache__", "work", ".pytest_cache"}
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and not left & set(path.parts[len(root.parts) :])
    }


def run(root: Path, *command: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def assert_only_new_homes(before: dict[str, str], after: dict[str, str]) -> None:
    """No file that was there is another or gone, and what is new lies in the four places."""
    assert {name: after.get(name) for name in before} == before
    homes = {tuple(name.split("/")[:2]) for name in after.keys() - before.keys()}
    assert homes == {(home, SLUG) for home in HOMES}


def test_one_command_writes_it_and_changes_no_other_file(repository):
    before = contents(repository)
    made = run(repository, "kit", "new", SLUG).splitlines()
    after = contents(repository)
    assert_only_new_homes(before, after)
    assert len(made) == len(after) - len(before)
    generated = run(repository, "kit", "templates", "--check")  # the tables are up to date, too
    assert generated == ""
    assert contents(repository) == after


@jailed
@pytest.mark.slow
def test_it_passes_every_law(repository):
    before = contents(repository)
    run(repository, "kit", "new", SLUG)
    assert f"{SLUG} keeps its laws" in run(repository, "kit", "selftest", "a6")
    run(repository, "kit", "release", "a6")
    graded = run(
        repository, "pytest", "-q", "-p", "no:cacheprovider", "tests/test_laws.py", "-k", SLUG
    )
    assert " passed" in graded and "skipped" not in graded
    assert_only_new_homes(before, contents(repository))
