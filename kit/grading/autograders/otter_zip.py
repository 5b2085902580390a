"""The autograder zip for stock otter, made by `otter generate` itself.

Stock otter runs the tests in the student's process: it gives an honest submission the same points
as our judge, and stops no dishonest one. It adds up all questions; which group of a choice counts
is for the gradebook to say.
"""

import ast
import importlib.metadata
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from kit.assignment import Assignment, load
from kit.errors import KitError
from kit.files import write_bytes, zipped
from kit.grading.autograders.packing import engine_modules
from kit.grading.judging.tests_on_disk import TestSet, TestSource
from kit.paths import Workspace

DRIVER = "_driver.ipynb"
SEED_PACKAGE = "kit.testing"  # what a test file may import of the kit
DISTRIBUTIONS = {"keras": ("tensorflow", "keras"), "torch": ("torch",), "numpy": ("numpy",)}
CONFIG = {"show_hidden": False, "show_all_public": True, "show_stdout": False, "logo": False}
SECONDS = 300

DRIVER_SOURCE = '''\
"""Brings the submitted functions to the tests; a module that breaks, breaks alone."""
import glob
import importlib
import os
import shutil

for _module, _names in {modules!r}.items():
    _found = [_path for _name in _names for _path in sorted(glob.glob(_name))]
    if _found and not os.path.exists(f"{{_module}}.py"):  # it is handed in under another name
        shutil.copy(_found[0], f"{{_module}}.py")
    try:
        _loaded = importlib.import_module(_module)
    except BaseException as _error:  # a syntax error, an exit: the other modules still count
        print(f"{{_module}}.py cannot be imported: {{type(_error).__name__}}: {{_error}}")
        continue
    for _name in {functions!r}:
        if _name not in globals() and hasattr(_loaded, _name):
            globals()[_name] = getattr(_loaded, _name)
'''


def build(workspace: Workspace, slug: str, out: Path) -> Path:
    """Write the autograder zip of `slug` to `out`.

    Raises:
        UsageError: the manifest or a test file is wrong.
        KitError: otter could not make the zip.
    """
    assignment = load(slug, workspace)
    tests = TestSet.load(workspace, slug)
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        files = _stage(stage, assignment, tests)
        _generate(stage, files)
        write_bytes(out, _repacked(stage / "autograder.zip"))
    return out


def _stage(stage: Path, assignment: Assignment, tests: TestSet) -> list[str]:
    """Lay out what `otter generate` reads; returns the support files."""
    (stage / "tests").mkdir()
    for source in tests.files:
        name = f"{source.question}_hidden" if source.hidden else source.question
        text = renamed(source, name)
        (stage / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    (stage / "otter_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (stage / "requirements.txt").write_text(requirements(assignment), encoding="utf-8")
    (stage / DRIVER).write_text(driver(assignment), encoding="utf-8")
    for name, path in engine_modules(SEED_PACKAGE).items():
        copy = stage / "kit" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    if tests.oracle is not None:
        (stage / "oracle.py").write_text(tests.oracle, encoding="utf-8")
    return [DRIVER, "kit", *(["oracle.py"] if tests.oracle is not None else [])]


def renamed(source: TestSource, name: str) -> str:
    """The test file under another name: otter keeps one result per name.

    Raises:
        KitError: the file has no line `name = "..."`.
    """
    for node in ast.parse(source.text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "name":
            lines = source.text.splitlines(keepends=True)
            lines[node.lineno - 1 : node.end_lineno] = [f'name = "{name}"\n']
            return "".join(lines)
    raise KitError(f'{source.label} has no line name = "{source.question}"; add one')


def driver(assignment: Assignment) -> str:
    """The notebook that stock otter runs, which imports each module by itself."""
    source = DRIVER_SOURCE.format(modules=_names(assignment), functions=assignment.functions)
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "driver",
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [cell],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1) + "\n"


def _names(assignment: Assignment) -> dict[str, list[str]]:
    """The modules, and the Python files (globs) that may stand for each."""
    return {
        file.module: [name for name in file.own_names if name.endswith(".py")]
        for file in assignment.handin.files
        if file.module
    }


def requirements(assignment: Assignment) -> str:
    """The frameworks in the versions that are installed here."""
    names = dict.fromkeys(
        name for framework in assignment.frameworks for name in DISTRIBUTIONS[framework]
    )
    return "".join(f"{_pinned(name)}\n" for name in dict.fromkeys(["numpy", *names]))


def _pinned(name: str) -> str:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return name
    return f"{name}=={version.partition('+')[0]}"  # 2.13.0+cpu is no version of an index


def _generate(stage: Path, files: list[str]) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [sys.executable, "-m", "otter", "generate", "-t", "tests", "-o", "autograder.zip"]
    command += ["-c", "otter_config.json", "-r", "requirements.txt", "--python-version", version]
    command += ["--no-environment", *files]
    done = subprocess.run(
        command, cwd=stage, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode or not (stage / "autograder.zip").is_file():
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["no word of why"]
        raise KitError(f"otter generate failed: {last[0]}; is otter-grader[grading] installed?")


def _repacked(made: Path) -> bytes:
    """The same zip with its members in order and no clock time in it."""
    with zipfile.ZipFile(made) as old:
        return zipped({name: old.read(name) for name in old.namelist()})
