"""The zip for stock otter: what is in it, and that stock otter gives the points that we give."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kit.assignment import Assignment
from kit.grading.autograders.otter_zip import build, driver, renamed
from kit.grading.autograders.packing import engine_modules
from kit.grading.judging.judge import judge
from kit.grading.judging.tests_on_disk import TestSet, TestSource
from kit.jail import Jail
from kit.paths import Workspace

PARTLY = b"""
def unit(x):
    return x / abs(x).sum()


def project(x, direction):
    raise NotImplementedError
"""


@pytest.fixture(scope="module")
def autograder(toy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(toy, "t1_toy", tmp_path_factory.mktemp("zip") / "ag.zip")


def test_the_zip_has_what_otter_asks_for(autograder: Path, toy_tests: TestSet) -> None:
    with zipfile.ZipFile(autograder) as archive:
        names = set(archive.namelist())
        config = json.loads(archive.read("otter_config.json"))
        assert b"numpy==" in archive.read("environment.yml")
    tests = {f"tests/{q}{part}.py" for q in ("q1", "q2", "q3") for part in ("", "_hidden")}
    assert {name for name in names if name.startswith("tests/")} == tests
    assert {"run_autograder", "run_otter.py", "setup.sh", "environment.yml"} <= names
    assert {"files/_driver.ipynb", "files/oracle.py", "files/kit/testing/__init__.py"} <= names
    assert config["show_hidden"] is False


def test_the_zip_holds_no_more_of_the_kit_than_tests_need(autograder: Path) -> None:
    with zipfile.ZipFile(autograder) as archive:
        ours = [name for name in archive.namelist() if name.startswith("files/kit/")]
    parts = {name.split("/")[2] for name in ours}
    assert not parts & {"grading", "jail", "authoring", "cli"}
    assert ours == [f"files/kit/{name}" for name in engine_modules("kit.testing")]


def test_the_zip_is_reproducible(autograder: Path, toy: Workspace, tmp_path: Path) -> None:
    assert build(toy, "t1_toy", tmp_path / "ag.zip").read_bytes() == autograder.read_bytes()


def test_a_hidden_file_has_a_name_of_its_own() -> None:
    text = '"""q1."""\nOK_FORMAT = False\nname = (\n    "q1"\n)\npoints = None\n'
    made = renamed(TestSource("q1", True, "hidden/q1.py", text), "q1_hidden")
    assert made == '"""q1."""\nOK_FORMAT = False\nname = "q1_hidden"\npoints = None\n'


def test_a_broken_module_stays_alone(
    toy_assignment: Assignment, toy_solution: Mapping[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "averages.py").write_bytes(toy_solution["averages.py"])
    (tmp_path / "vectors.py").write_text("raise SystemExit(0)\n")
    cell = json.loads(driver(toy_assignment))["cells"][0]
    code = "".join(cell["source"]) + "\nprint('moving_average' in globals(), 'unit' in globals())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "vectors.py cannot be imported: SystemExit" in done.stdout
    assert done.stdout.splitlines()[-1] == "True False"


def stock(autograder: Path, files: Mapping[str, bytes], folder: Path) -> dict[str, float]:
    """The points of stock `otter run`, by question."""
    with zipfile.ZipFile(folder / "ada.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    command = [sys.executable, "-m", "otter", "run", "-a", str(autograder), "-o", str(folder)]
    subprocess.run([*command, "--no-logo", "ada.zip"], cwd=folder, check=True, capture_output=True)
    points: dict[str, float] = {}
    for row in json.loads((folder / "results.json").read_text())["tests"]:
        if "score" in row:
            question = row["name"].removesuffix("_hidden")
            points[question] = points.get(question, 0.0) + row["score"]
    return points


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["solution", "template", "partly right", "syntax error"])
def test_stock_otter_gives_the_same_points(
    kind: str,
    autograder: Path,
    toy_assignment: Assignment,
    toy_tests: TestSet,
    toy_solution: dict[str, bytes],
    toy_template: dict[str, bytes],
    jail: Jail,
    tmp_path: Path,
) -> None:
    files = {
        "solution": toy_solution,
        "template": toy_template,
        "partly right": toy_solution | {"vectors.py": PARTLY},
        "syntax error": toy_solution | {"averages.py": b"def broken(:\n"},
    }[kind]
    ours = judge(toy_assignment, dict(files), jail, b"a secret of the course", toy_tests)
    expected = {one.id: one.points for one in ours}
    assert stock(autograder, files, tmp_path) == expected
    total = sum(points or 0.0 for points in expected.values())
    assert (total == 10) == (kind == "solution") and (total == 0) == (kind == "template")
