"""What holds for the whole tree: sizes, the import budget of the command line, no stray paths."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
PYTHON = [path for path in TRACKED if path.suffix == ".py" and path.is_file()]
ENGINE = [path for path in PYTHON if path.is_relative_to(ROOT / "kit")]
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "manager", "handler"}
FRAMEWORKS = (
    *("torch", "tensorflow", "keras", "otter", "matplotlib", "sklearn", "pydantic", "numpy"),
    *("dask", "distributed"),
)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ENGINE, ids=short)
def test_a_module_of_the_engine_is_small_and_says_what_it_is_for(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert path.stem not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(text)), "a module docstring says what it is for"


@pytest.mark.parametrize("path", ENGINE, ids=short)
def test_functions_of_the_engine_are_short(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"


def test_help_is_quick_and_imports_no_framework():
    code = (
        "import sys, runpy; sys.argv = ['kit', '--help']\n"
        "try: runpy.run_module('kit', run_name='__main__')\n"
        "except SystemExit: pass\n"
        f"print([name for name in {FRAMEWORKS} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]", "--help must import nothing heavy"


def test_the_engine_names_no_assignment():
    slugs = [path.name for path in (ROOT / "solutions").iterdir() if path.is_dir()]
    for path in ENGINE:
        for slug in slugs:
            assert slug not in path.read_text(), f"{short(path)} names {slug}"


HERE = re.compile("|".join(re.escape(f"{path}/") for path in (ROOT, Path.home(), sys.base_prefix)))


@pytest.mark.parametrize("path", TRACKED, ids=short)
def test_no_path_of_one_machine_is_in_the_tree(path):
    if path.suffix in {".png", ".pdf", ".npz"} or not path.is_file():
        return
    found = HERE.search(path.read_text(encoding="utf-8"))
    assert found is None, f"{short(path)} holds {found and found[0]!r}"


def test_solutions_import_nothing_of_ours():
    for path in PYTHON:
        if path.is_relative_to(ROOT / "solutions"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                for name in names:
                    assert not name.startswith(("kit", "autograder", "solutions")), short(path)
