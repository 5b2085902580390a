"""Gradescope: its file by a strict schema, the zip's allow-list, and a run that comes to no end."""

import ast
import contextlib
import importlib.metadata
import io
import json
import math
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from gradescope_schema import check, valid
from packaging.utils import canonicalize_name
from rich.console import Console
from test_gradebook import EVIL, graded

from kit.assignment import Assignment
from kit.authoring import solution_blocks
from kit.cli import kit
from kit.errors import KitError
from kit.grading.autograders.gradescope_json import (
    OPEN,
    problems,
    to_gradescope,
    write_document,
)
from kit.grading.autograders.gradescope_place import Place, Settings
from kit.grading.autograders.gradescope_run import check_closed, run
from kit.grading.autograders.gradescope_zip import build, usable_seconds
from kit.grading.batch import batch
from kit.grading.judging.secret import seed_id
from kit.grading.marks.marks import mark
from kit.grading.results import Verdict
from kit.jail import available
from kit.paths import Workspace

ROOT = Path(__file__).resolve().parents[1]
SECRET = b"0123456789abcdef-of-the-course"
CONTROL = "\x00\x07\x1b[31m\r\n\ud800 red \x9f 20\N{NO-BREAK SPACE}% \N{SNOWMAN}"
PICKLES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
JAILED = {"kit/jail/tensors.py"}  # tensors between a submission's own processes; not on our side
QUESTIONS = ("q1", "q2", "q3")
LOADS_CODE = PICKLES | {"multiprocessing", "concurrent"}  # whose queues unpickle what they are sent


# The document


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("text", ["", EVIL, CONTROL])
def test_every_document_is_valid(toy_assignment: Assignment, verdict: Verdict, text: str) -> None:
    result = graded(verdict=verdict, text=text)
    document = to_gradescope(toy_assignment, result, mark(toy_assignment, result))
    check(json.loads(json.dumps(document)))
    assert problems(document) == []
    assert document["extra_data"]["complete"] is (verdict is not Verdict.GRADER_ERROR)


def test_odd_characters_are_replaced_and_ordinary_ones_kept(toy_assignment: Assignment) -> None:
    result = graded(verdict=Verdict.FAIL, text=CONTROL)
    rows = to_gradescope(toy_assignment, result, mark(toy_assignment, result))["tests"]
    assert rows[1]["output"] == "FAIL. ???[31m\n? red ? 20\N{NO-BREAK SPACE}% \N{SNOWMAN}"


@pytest.mark.parametrize(
    "change",
    [
        {"score": "7"},
        {"score": True},
        {"score": None},
        {"execution_time": "0.00"},
        {"visibility": "later"},
        {"colour": "red"},
        {"output": "a\x00b"},
        {"tests": [{"name": "q1", "score": 1}]},
        {"tests": [{"name": "q1", "score": 1, "max_score": 1, "weight": 2}]},
        {"tests": [{"name": "q1", "number": 1}]},
        {"tests": [{"name": "q1", "status": "ok"}]},
    ],
)
def test_the_schema_is_strict(toy_assignment: Assignment, change: dict[str, object]) -> None:
    result = graded()
    document = to_gradescope(toy_assignment, result, mark(toy_assignment, result))
    check(document)
    with pytest.raises(jsonschema.ValidationError):
        check(document | change)


def test_nothing_invalid_is_written(toy_assignment: Assignment, tmp_path: Path) -> None:
    result = graded()
    document = to_gradescope(toy_assignment, result, mark(toy_assignment, result))
    with pytest.raises(KitError, match="not a finite number"):
        write_document(tmp_path / "results.json", document | {"score": math.nan})
    assert list(tmp_path.iterdir()) == []


def test_no_test_is_dropped(toy_assignment: Assignment) -> None:
    """What a submission did not get as far as still counts in the most there is."""
    unread = replace(graded(), questions=(), verdict=Verdict.ERROR, points=0.0)
    document = to_gradescope(toy_assignment, unread, mark(toy_assignment, unread))
    check(document)
    assert document["score"] == 0
    assert [row["max_score"] for row in document["tests"]] == [4, 3, 3]
    assert {row["status"] for row in document["tests"]} == {"failed"}


def test_hidden_rows_are_as_visible_as_asked(toy_assignment: Assignment) -> None:
    result = graded()
    document = to_gradescope(
        toy_assignment, result, mark(toy_assignment, result), hidden="after_due_date"
    )
    seen = {row["visibility"] for row in document["tests"] if row["name"].endswith("case 2")}
    assert seen == {"after_due_date"}


def test_an_open_mark_is_no_zero(toy_assignment: Assignment) -> None:
    result = graded(verdict=Verdict.GRADER_ERROR)
    document = to_gradescope(toy_assignment, result, mark(toy_assignment, result))
    check(document)
    assert document["output"].startswith(f"{OPEN} on q1, which costs you nothing")
    assert document["score"] == 3  # q2; q1 is open, q3 was not handed in and is not chosen
    waits, *rows = document["tests"]
    assert (waits["name"], waits["visibility"]) == (OPEN, "after_published")  # so no total shows
    assert "score" not in waits
    (broken,) = [row for row in rows if row["extra_data"]["verdict"] == "GRADER_ERROR"]
    assert "score" not in broken and "costs you nothing" not in broken["output"]


def test_what_a_batch_exports_is_valid(
    toy: Workspace,
    toy_assignment: Assignment,
    toy_solution: Mapping[str, bytes],
    toy_template: Mapping[str, bytes],
    tmp_path: Path,
) -> None:
    if (reason := available()) is not None:
        pytest.skip(reason)
    loud = b"def unit(x):\n    raise ValueError('\\x00\\x1b[31m\\ud800')\n"
    hand_in = {
        "ada": toy_solution,
        "bob": toy_template,
        "eve": {**toy_solution, "vectors.py": loud},
        "mal": {"work.zip": b"PK\x05\x06 no zip at all"},
    }
    for student, files in hand_in.items():
        for name, data in files.items():
            path = tmp_path / "class" / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (tmp_path / "secret").write_bytes(SECRET)
    console = Console(file=io.StringIO())
    options = {"console": console, "secret": tmp_path / "secret", "jobs": 1}
    batch.grade(toy, toy_assignment, tmp_path / "class", tmp_path / "out", **options)
    made = sorted((tmp_path / "out" / "gradescope").glob("*/results.json"))
    scores = {path.parent.name: valid(path)["score"] for path in made}
    assert scores == {"ada": 7, "bob": 0, "eve": 3.5}  # half a point asks for ValueError; mal waits


# The zip


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("course") / "secret"
    path.write_bytes(SECRET)
    return path


@pytest.fixture(scope="module")
def packed(toy: Workspace, secret: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("zip") / "ag.zip"
    return build(toy, "t1_toy", out, secret=secret, minutes=20, hidden="after_due_date")


def test_the_verb_writes_the_same_zip(
    packed: Path, toy: Workspace, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(toy.root)
    out = tmp_path / "new" / "x.zip"
    options = ["--secret", str(secret), "--minutes", "20", "--hidden", "after_due_date"]
    done = CliRunner().invoke(kit, ["gradescope", "t1", "-o", str(out), *options])
    assert done.exit_code == 0 and "keep it to yourself" in done.output
    assert out.read_bytes() == packed.read_bytes()
    assert [path.name for path in out.parent.iterdir()] == ["x.zip"]


def members(packed: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_is_an_allow_list(packed: Path) -> None:
    names = set(members(packed))
    outside = {name for name in names if not name.startswith("kit/")}
    tests = {f"autograder/t1_toy/{k}/{q}.py" for k in ("public", "hidden") for q in QUESTIONS}
    assert outside == tests | {
        *("autograder/t1_toy/assignment.toml", "autograder/t1_toy/oracle.py"),
        *("setup.sh", "run_autograder", "requirements.txt"),
        *("settings.json", "unfinished.json", "secret"),
    }
    parts = {
        name.split("/")[1] for name in names if name.startswith("kit/") and name.count("/") > 1
    }
    assert parts == {"bridge", "grading", "jail", "testing"}
    for never in ("batch", "pool", "gradescope_zip", "otter_zip", "gradebook", "feedback"):
        assert not any(name.endswith(f"/{never}.py") for name in names)


def test_the_zip_holds_no_solution_and_no_mutant(packed: Path, toy: Workspace) -> None:
    everything = b"\n".join(members(packed).values()).decode()
    lines = [
        line.strip()
        for path in toy.solution("t1_toy").glob("*.py")
        for line in solution_blocks.private_lines(path.read_text(), path)
        if len(line.strip()) > 15
    ]
    assert len(lines) > 10
    assert [line for line in lines if line in everything] == []
    others = [*(toy.autograder("t1_toy") / "mutants").glob("*.toml")]
    for path in [*others, toy.autograder("t1_toy") / "samples.toml"]:
        assert path.read_text() not in everything


def test_no_packed_code_unpickles(packed: Path) -> None:
    """Not by name, not through NumPy, and not through a queue or a connection of ours."""
    for name, data in members(packed).items():
        if name.endswith(".py") and name not in JAILED:
            for node in ast.walk(ast.parse(data)):
                assert not _unpickles(node), f"{name}:{node.lineno}: {ast.unparse(node)}"


def _unpickles(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(one.name.partition(".")[0] in LOADS_CODE for one in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in LOADS_CODE
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value in LOADS_CODE  # for an import by name
    if isinstance(node, ast.keyword) and node.arg in {"allow_pickle", "weights_only"}:
        return ast.unparse(node.value) != str(node.arg == "weights_only")
    return False


def test_the_search_for_pickles_finds_them() -> None:
    sources = [
        *("import dill", "from pickle import loads", "__import__('pickle')"),
        *("import concurrent.futures", "np.load(f, allow_pickle=True)"),
    ]
    for source in sources:
        assert any(map(_unpickles, ast.walk(ast.parse(source)))), source
    innocent = "np.load(f, allow_pickle=False); import numpy; x = 'a pickle'"
    assert not any(map(_unpickles, ast.walk(ast.parse(innocent))))


def test_the_secret_draws_the_inputs_of_local_grading(packed: Path) -> None:
    assert seed_id(members(packed)["secret"].strip()) == seed_id(SECRET)
    with zipfile.ZipFile(packed) as archive:
        modes = {m.filename: m.external_attr >> 16 & 0o777 for m in archive.infolist()}
    assert modes["secret"] == 0o600 and modes["run_autograder"] == modes["setup.sh"] == 0o755
    assert packed.stat().st_mode & 0o777 == 0o600  # the zip itself holds the secret


def test_the_zip_is_reproducible(
    packed: Path, toy: Workspace, secret: Path, tmp_path: Path
) -> None:
    options = {"secret": secret, "minutes": 20, "hidden": "after_due_date"}
    assert build(toy, "t1_toy", tmp_path / "x.zip", **options).read_bytes() == packed.read_bytes()


def test_what_stands_until_there_is_a_result_says_so(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_bytes(members(packed)["unfinished.json"])
    document = valid(tmp_path / "results.json")
    assert document["score"] == 0 and document["extra_data"]["complete"] is False
    assert document["output"].startswith(f"{OPEN} on q1, q2, q3")


def test_the_settings_are_packed(packed: Path) -> None:
    settings = json.loads(members(packed)["settings.json"])
    assert settings == {"slug": "t1_toy", "seconds": 1080, "hidden": "after_due_date"}
    assert [usable_seconds(minutes) for minutes in (1, 10, 40)] == [30, 540, 2160]


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_a_script_is_valid_bash(packed: Path, name: str) -> None:
    text = members(packed)[name]
    subprocess.run(["bash", "-n"], input=text, check=True)
    assert text.startswith(b"#!/usr/bin/env bash\n") and b"\r" not in text


def test_the_packages_are_those_of_the_constraints(packed: Path) -> None:
    wanted = dict(line.split("==") for line in members(packed)["requirements.txt"].decode().split())
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    constraints = dict(line.split("==") for line in lines if not line.startswith("#"))
    known = {canonicalize_name(name): version for name, version in constraints.items()}
    assert {name: known.get(name) for name in wanted} == wanted
    assert {"numpy", "pydantic", "otter-grader"} <= wanted.keys()
    assert not {"tensorflow", "torch", "rich", "pytest", "mypy"} & wanted.keys()


def test_a_framework_brings_its_packages(secret: Path, tmp_path: Path, toy: Workspace) -> None:
    """Those of the manifest, in the versions of this machine, its processor-only build."""
    root = tmp_path / "course"
    shutil.copytree(toy.root / "autograder", root / "autograder")
    manifest = root / "autograder" / "t1_toy" / "assignment.toml"
    manifest.write_text(manifest.read_text().replace('["numpy"]', '["torch"]', 1))
    made = members(
        build(Workspace(root, released=False), "t1_toy", tmp_path / "x.zip", secret=secret)
    )
    version = importlib.metadata.version("torch").partition("+")[0]
    assert f"torch=={version}" in made["requirements.txt"].decode().split()
    assert b"download.pytorch.org/whl/cpu" in made["setup.sh"]
    assert b"import kit.grading" in made["setup.sh"] and b"torch._dynamo" in made["setup.sh"]


# A run in the container, its parts


@pytest.fixture
def place(packed: Path, tmp_path: Path) -> Place:
    for folder in ("source", "submission", "results"):
        (tmp_path / folder).mkdir(mode=0o700)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "source")
    return Place(tmp_path)


@pytest.mark.parametrize("folder", ["source", "results"])
def test_nothing_runs_beside_an_open_folder(place: Place, folder: str) -> None:
    check_closed(place)
    (place.root / folder).chmod(0o750)
    with pytest.raises(KitError, match=f"{folder} is open to student code"):
        check_closed(place)


def test_a_fault_leaves_a_valid_file_and_tells_only_the_staff(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.root / "results").chmod(0o755)
    result = run(place, time.monotonic())
    assert result.points is None and "results is open" in capsys.readouterr().out
    document = valid(place.results)
    assert document["extra_data"]["complete"] is False
    assert "results is open" not in place.results.read_text()
    assert {row.get("score") for row in document["tests"]} == {None}


def test_what_was_judged_counts_when_time_runs_out(
    place: Place, toy_assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """q1 is judged, then the judging process hangs; the document keeps q1 and says the rest."""
    first = replace(graded(), questions=graded().questions[:1])
    line = json.dumps({"result": first.to_json()}).encode() + b"\n"
    script = (
        "import os, sys, time\n"
        f"os.write(int(sys.argv[1]), {line!r})\n"
        "os.write(int(sys.argv[1]), b'{\"half')\n"
        "time.sleep(600)\n"
    )
    hanging = place.source / "kit" / "grading" / "autograders" / "gradescope_judge.py"
    hanging.write_text(script)
    monkeypatch.setenv("PYTHONPATH", str(place.source))
    settings = replace(Settings.read(place), seconds=2)
    (place.source / "settings.json").write_text(settings.to_json())
    started = time.monotonic()
    result = run(place, started)
    assert 2 <= time.monotonic() - started < 20
    assert [one.points for one in result.questions] == [4, None, None] and result.points is None
    document = valid(place.results)
    assert document["score"] == 4 and document["execution_time"] >= 2
    assert document["output"].startswith(f"{OPEN} on q2, q3")
    assert "there was no time left for it" in document["tests"][-1]["output"]
    assert _alive(str(hanging.stem), place) == []


def test_a_judge_that_dies_is_no_zero(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    (place.source / "kit" / "grading" / "autograders" / "gradescope_judge.py").write_text(script)
    monkeypatch.setenv("PYTHONPATH", str(place.source))
    assert run(place, time.monotonic()).points is None
    assert "ended with status -9" in capsys.readouterr().out
    assert valid(place.results)["output"].startswith(f"{OPEN} on q1, q2, q3")


def test_whatever_a_child_leaves_behind_is_ended() -> None:
    """In a process of its own, since it ends every child there is."""
    code = (
        "import subprocess, sys, time\n"
        "from kit.grading.autograders.gradescope_run import end_children\n"
        "from kit.jail import confine\n"
        "confine.prctl(confine.PR_SET_CHILD_SUBREAPER, 1)\n"
        "leave = 'import os, time\\nos.setsid()\\nif os.fork(): os._exit(0)\\nos.setsid()\\n'\n"
        "leave += 'if os.fork(): os._exit(0)\\nprint(os.getpid(), flush=True)\\ntime.sleep(30)'\n"
        "pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.DEVNULL}\n"
        "child = subprocess.Popen([sys.executable, '-c', leave], **pipes)\n"
        "pid = int(child.stdout.readline())\n"
        "child.wait()\n"
        "end_children()\n"
        "import os\n"
        "print(os.path.exists(f'/proc/{pid}'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]


def _alive(word: str, place: Place) -> list[str]:
    """The command lines of processes that hold `word` and the place's path."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if word in line and str(place.root) in line:
                found.append(line)
    return found
