"""Gradescope's container, for real: its layout, Docker's default powers, no namespaces.

The zip is unpacked as Gradescope does, `run_autograder` is started as root, and what it leaves in
/autograder is looked at from outside. The packages are those of this machine, shown where setup.sh
would have installed them.
"""

import io
import json
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import containers
import pytest
from gradescope_schema import valid

from kit.assignment import Assignment
from kit.grading.autograders.gradescope_place import VENV
from kit.grading.autograders.gradescope_zip import build
from kit.grading.judging.judge import judge
from kit.grading.judging.secret import seed_id
from kit.grading.judging.tests_on_disk import TestSet
from kit.jail import Jail
from kit.paths import Workspace

pytestmark = pytest.mark.slow

SECRET = b"0123456789abcdef-of-the-course"
METADATA = {"id": 1, "users": [{"email": "ada@example.org", "name": "Ada"}]}
LOOK = """\
cd /autograder && ./run_autograder >/autograder/results/stdout 2>&1
echo "status $?" >>/autograder/results/stdout
for p in /proc/[0-9]*; do
  printf '%s %s\\n' "$(stat -c %u "$p")" "$(tr '\\0\\n' '  ' <"$p/cmdline" | cut -c1-60)"
done >/autograder/results/processes 2>/dev/null
stat -c '%a %u %n' /autograder/* >/autograder/results/modes
find / /dev/shm -xdev ! -user root -not -path '/proc/*' >/autograder/results/foreign 2>/dev/null
true
"""

# Every attack is on q1 and returns what is right only where it got through.
ATTACK = """
import os, signal, sys, time
import numpy as np

def tried(action):
    try:
        return action()
    except BaseException:
        return None

{attack}

WRONG = np.zeros((3, 33))

def unit(x):
    if not attack():
        return WRONG
    if not np.any(x):
        raise ValueError
    return x / np.sqrt(np.sum(x * x))

def project(x, direction):
    return np.dot(x, direction) / np.dot(direction, direction) * direction if attack() else WRONG
"""
READ = """
PATHS = [
    "/autograder/source/secret", "/autograder/source/autograder/t1_toy/hidden/q1.py",
    "/autograder/source/autograder/t1_toy/oracle.py", "/autograder/source/settings.json",
    "/autograder/results/results.json", "/autograder/results/stdout", "/autograder/run_autograder",
    "/autograder/submission_metadata.json", "/autograder/submission/vectors.py", "/etc/shadow",
    *(f"/proc/{pid}/{what}" for pid in [1, os.getppid(), *range(1, 200)] if pid != os.getpid()
      for what in ("environ", "mem", "maps", "root/autograder/source/secret", "cwd/secret")),
]
FOLDERS = ["/autograder/source", "/autograder/results", "/autograder/submission"]

def attack():
    read = [p for p in PATHS if tried(lambda: open(p, "rb").read(1))]
    return read + [p for p in FOLDERS if tried(lambda: os.listdir(p)) is not None]
"""
WRITE = """
FULL = '{"score": 7, "output": "forged"}'
PLACES = [
    "/autograder/results/results.json", "/autograder/results/forged", "/autograder/forged",
    "/autograder/source/kit/__init__.py", "/autograder/source/forged", "/autograder/run_autograder",
    "/autograder/submission/vectors.py", "/opt/forged", "/etc/forged",
    os.path.join("/root", "forged"), os.path.dirname(np.__file__) + "/forged.py",
]

def attack():
    wrote = [p for p in PLACES if tried(lambda: open(p, "w").write(FULL))]
    moved = tried(lambda: os.rename("/autograder/results", "/autograder/moved") or True)
    return wrote or moved or tried(lambda: os.chmod("/autograder/results", 0o777) or True)
"""
PATCH = """
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
for module in list(sys.modules.values()):
    for name in ("close", "test_case", "run_file", "serve"):
        tried(lambda: setattr(module, name, lambda *a, **k: True))
print('{"score": 7.0, "tests": []}', flush=True)

def attack():
    return False
"""
DAEMON = """
def attack():
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 32):
            tried(lambda: signal.signal(number, signal.SIG_IGN))
        if os.fork() == 0:
            while True:
                tried(lambda: open("/autograder/results/results.json", "w").write('{"score": 7}'))
                time.sleep(0.01)
        os._exit(0)
    return False
"""
KILL = """
def attack():
    os.kill(-1, signal.SIGKILL)
    for pid in range(1, 300):
        tried(lambda: pid == os.getpid() or os.kill(pid, signal.SIGKILL))
    return False
"""
EXIT = """
def attack():
    os._exit(0)
"""
SLEEP = """
def attack():
    if os.fork() == 0:
        os.setsid()
    time.sleep(600)
"""
ATTACKS = {"reads": READ, "writes": WRITE, "patches": PATCH, "leaves a daemon": DAEMON}
ATTACKS |= {"kills": KILL, "exits": EXIT}
UID_ALONE = ("reads", "writes", "leaves a daemon")  # an old kernel has no Landlock


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: its document, and files for whoever looks."""

    document: dict[str, Any]
    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / "results" / name).read_text()

    @property
    def points(self) -> dict[str, float]:
        """Points per question, summed over its rows."""
        points: dict[str, float] = {}
        for row in self.document["tests"]:
            name = row["name"].partition(":")[0]
            points[name] = points.get(name, 0.0) + row.get("score", 0.0)
        return points


@pytest.fixture(scope="module")
def packed(toy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "secret").write_bytes(SECRET)
    return build(toy, "t1_toy", folder / "ag.zip", secret=folder / "secret")


def laid_out(packed: Path, files: Mapping[str, bytes], root: Path) -> Path:
    """/autograder as Gradescope makes it: all of it root's, all of it readable by everyone."""
    top = root / "autograder"
    for name in ("source", "submission", "results"):
        (top / name).mkdir(parents=True)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(top / "source")
    script = top / "run_autograder"
    script.write_bytes((top / "source" / "run_autograder").read_bytes())
    script.chmod(0o755)
    (top / "submission_metadata.json").write_text(json.dumps(METADATA))
    for name, data in files.items():
        path = top / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return top


def run_in_container(
    packed: Path,
    files: Mapping[str, bytes],
    root: Path,
    *,
    landlock: bool = True,
    links: Mapping[str, str] | None = None,
    seconds: int | None = None,
) -> Outcome:
    if (reason := containers.missing()) is not None:
        pytest.skip(reason)
    top = laid_out(packed, files, root)
    for name, target in (links or {}).items():
        (top / "submission" / name).symlink_to(target)
    if seconds is not None:
        settings = top / "source" / "settings.json"
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"seconds": seconds}))
    done = containers.run(
        ["/bin/bash", "-c", LOOK],
        read_write={top: "/autograder"},
        read_only={Path(sys.prefix): VENV},
        cwd="/autograder",
        landlock=landlock,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return Outcome(valid(top / "results" / "results.json"), top)


@pytest.fixture(scope="module")
def expected(
    toy_assignment: Assignment, toy_tests: TestSet, toy_solution: dict[str, bytes], jail: Jail
) -> dict[str, float | None]:
    """What the local judge gives the solution, in the strongest tier there is here."""
    made = judge(toy_assignment, dict(toy_solution), jail, SECRET, toy_tests)
    return {one.id: one.points for one in made}


def untouched(out: Outcome) -> None:
    """Nothing of the submission's runs any more, and it has left nothing and opened nothing."""
    processes = out.text("processes").splitlines()
    assert {line.split()[0] for line in processes} == {"0"}, processes
    assert not [line for line in processes if "fork_server" in line or "gradescope" in line]
    modes = dict(reversed(line.rsplit(" ", 1)) for line in out.text("modes").splitlines())
    assert modes == {
        **{f"/autograder/{name}": "700 0" for name in ("results", "source", "submission")},
        "/autograder/run_autograder": "700 0",
        "/autograder/submission_metadata.json": "600 0",
    }
    assert out.text("foreign") == ""
    assert "status 0" in out.text("stdout")
    whole = (out.folder / "results" / "results.json").read_bytes()
    assert SECRET not in whole and b"ada@example.org" not in whole and b"forged" not in whole


def test_an_honest_submission_gets_what_the_local_judge_gives(
    packed: Path, toy_solution: dict[str, bytes], expected: dict[str, float | None], tmp_path: Path
) -> None:
    out = run_in_container(packed, toy_solution, tmp_path)
    assert out.points == expected and sum(map(float, filter(None, expected.values()))) == 10
    assert out.document["score"] == 7  # one exercise of two counts
    extra = out.document["extra_data"]
    assert extra["tier"] == "separate-uid" and extra["complete"] is True
    assert extra["seed_id"] == seed_id(SECRET) and len(extra["submission_sha256"]) == 64
    assert out.document["execution_time"] > 0
    seen = {row["name"]: row["visibility"] for row in out.document["tests"]}
    assert set(seen.values()) == {"visible", "after_published"} and len(seen) == 11
    untouched(out)


@pytest.mark.parametrize("how", ["in a folder", "in a zip", "with a repository"])
def test_files_may_lie_as_gradescope_lays_them_out(
    packed: Path, toy_solution: dict[str, bytes], tmp_path: Path, how: str
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in toy_solution.items():
            archive.writestr(name, data)
    litter = {".git/config": b"[core]", "__MACOSX/._vectors.py": b"\0", ".DS_Store": b"\0"}
    files = {
        "in a folder": {f"hw 1/{name}": data for name, data in toy_solution.items()},
        "in a zip": {"work.zip": stream.getvalue()},
        "with a repository": toy_solution | litter,
    }[how]
    assert run_in_container(packed, files, tmp_path).document["score"] == 7


def test_a_template_gets_nothing(
    packed: Path, toy_template: dict[str, bytes], tmp_path: Path
) -> None:
    out = run_in_container(packed, toy_template, tmp_path)
    assert out.document["score"] == 0 and set(out.points.values()) == {0.0}
    assert out.document["extra_data"]["verdict"] == "NOT_ATTEMPTED"
    assert out.document["extra_data"]["complete"] is True


@pytest.mark.parametrize(
    ("name", "landlock"),
    [(name, True) for name in ATTACKS] + [(name, False) for name in UID_ALONE],
    ids=lambda value: {True: "with Landlock", False: "without Landlock"}.get(value, value),
)
def test_an_attack_gets_nothing_and_costs_one_question(
    packed: Path, toy_solution: dict[str, bytes], tmp_path: Path, name: str, landlock: bool
) -> None:
    attack = ATTACK.format(attack=ATTACKS[name]).encode()
    files = toy_solution | {"vectors.py": attack}
    out = run_in_container(packed, files, tmp_path, landlock=landlock)
    assert out.points == {"q1": 0, "q2": 3, "q3": 3}, out.text("stdout")
    assert out.document["score"] == 3 and out.document["extra_data"]["complete"] is True
    verdicts = {r["extra_data"]["verdict"] for r in out.document["tests"] if r["number"] < "2"}
    odd = {"exits": {"CRASH"}, "kills": {"CRASH", "ERROR", "FAIL"}}  # it may end itself, or not
    assert verdicts <= odd.get(name, {"FAIL"}), verdicts
    untouched(out)


def test_the_attacks_get_through_where_nothing_stops_them(tmp_path: Path) -> None:
    """As root, in the same layout: what is denied above is there to be had."""
    if (reason := containers.missing()) is not None:
        pytest.skip(reason)
    for name in ("source/kit", "results", "submission", "source/autograder/t1_toy/hidden"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "source/secret").write_bytes(SECRET)
    for name in ("reads", "writes"):
        (tmp_path / f"{name}.py").write_text(ATTACK.format(attack=ATTACKS[name]))
    code = "import numpy, reads, writes; x = numpy.ones(2); print(reads.unit(x), writes.unit(x))"
    done = containers.run(
        [sys.executable, "-c", code], read_write={tmp_path: "/autograder"}, cwd="/autograder"
    )
    assert done.stdout.count("0.70710678") == 4, done.stdout
    assert "forged" in (tmp_path / "moved" / "results.json").read_text()


def test_a_link_is_not_followed(
    packed: Path, toy_solution: dict[str, bytes], tmp_path: Path
) -> None:
    """A repository may hold links; one to the tests is no way to have them quoted."""
    links = {"averages.py": "/autograder/source/autograder/t1_toy/hidden/q1.py"}
    files = {"vectors.py": toy_solution["vectors.py"]}
    out = run_in_container(packed, files, tmp_path, links=links)
    assert out.points == {"q1": 4, "q2": 0, "q3": 0}
    assert "link out of the folder; not followed" in out.document["output"]


def test_when_time_runs_out_all_is_ended_and_nothing_is_a_zero(
    packed: Path, toy_solution: dict[str, bytes], tmp_path: Path
) -> None:
    files = toy_solution | {"vectors.py": ATTACK.format(attack=SLEEP).encode()}
    out = run_in_container(packed, files, tmp_path, seconds=8)
    assert 8 <= out.document["execution_time"] < 25
    assert out.document["extra_data"]["complete"] is False
    assert out.document["output"].startswith("Not a mark: the grader failed on q1, q2, q3")
    untouched(out)
