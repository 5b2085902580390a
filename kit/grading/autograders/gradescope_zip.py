"""The autograder zip for Gradescope that runs this kit's judge, out of the student's process.

It holds what grading needs and no more: the modules that the judge imports, the manifest, the tests
and the oracle, and the course's secret, so that inputs are those of local grading. No solution, no
mutant, no sample. Stock otter's own zip (`otter_zip`) is another: it trusts the class.
"""

import json
from pathlib import Path

from kit.assignment import Assignment, load
from kit.files import write_bytes, zipped
from kit.grading.autograders.gradescope_json import AFTER
from kit.grading.autograders.gradescope_place import Settings
from kit.grading.autograders.gradescope_run import Desk
from kit.grading.autograders.gradescope_scripts import run_script, setup_script
from kit.grading.autograders.packing import (
    distributions,
    engine_modules,
    imported,
    least_python,
    pins,
)
from kit.grading.judging.secret import course_secret
from kit.grading.judging.tests_on_disk import TestSet
from kit.jail import layout
from kit.paths import Workspace

ROOTS = ("kit.grading.autograders.gradescope_run", "kit.grading.autograders.gradescope_judge")
MODES = {"setup.sh": 0o755, "run_autograder": 0o755, "secret": 0o600}
GRADESCOPES_MINUTES = 10  # its default; at most 40


def build(
    workspace: Workspace,
    slug: str,
    out: Path,
    *,
    secret: Path | None = None,
    minutes: int = GRADESCOPES_MINUTES,
    hidden: str = AFTER,
) -> Path:
    """Write the zip to `out`, readable by its owner only: it holds the secret.

    Args:
        workspace: the course's repository.
        slug: the assignment.
        out: the zip's path.
        secret: the file of the course's secret.
        minutes: the time limit that is set on Gradescope; grading ends itself before it.
        hidden: when students see hidden tests, as Gradescope names it.

    Raises:
        UsageError: the manifest, a test file or the secret is wrong.
    """
    assignment = load(slug, workspace)
    tests = TestSet.load(workspace, slug)
    files = {
        **_engine(),
        **_assignment(workspace, assignment, tests),
        "secret": course_secret(secret) + b"\n",
        "settings.json": Settings(slug, usable_seconds(minutes), hidden).to_json().encode(),
        "unfinished.json": json.dumps(unfinished(assignment, hidden)).encode(),
        "run_autograder": run_script().encode(),
    }
    packages = pins(needed(assignment, files))
    listed = "".join(f"{name}=={version}\n" for name, version in packages.items())
    files["requirements.txt"] = listed.encode()
    files["setup.sh"] = setup_script(assignment.preload, packages, least_python(packages)).encode()
    return write_bytes(out, zipped(files, MODES), 0o600)  # it holds the secret


def usable_seconds(minutes: int) -> int:
    """What grading may take of Gradescope's limit: a tenth of it, and half a minute, are spare."""
    return 60 * minutes - max(30, 6 * minutes)


def unfinished(assignment: Assignment, hidden: str) -> dict[str, object]:
    """The document that stands until there is a result: no question is judged."""
    return Desk(assignment, hidden).document()


def needed(assignment: Assignment, files: dict[str, bytes]) -> list[str]:
    """The distributions that the packed code imports, and those that a submission may import."""
    modules = [*assignment.preload, *assignment.imports.allowed]
    for name, data in files.items():
        if name.endswith(".py"):
            modules += imported(data.decode())
    return distributions(modules)


def _engine() -> dict[str, bytes]:
    modules = {name: path.read_bytes() for name, path in engine_modules(*ROOTS).items()}
    by_path = {name: data for name, data in layout.jailed_files().items() if data}
    return {f"kit/{name}": data for name, data in {**by_path, **modules}.items()}


def _assignment(workspace: Workspace, assignment: Assignment, tests: TestSet) -> dict[str, bytes]:
    folder = f"autograder/{assignment.slug}"
    files = {f"{folder}/{source.label}": source.text.encode() for source in tests.files}
    files[f"{folder}/assignment.toml"] = workspace.manifest(assignment.slug).read_bytes()
    if tests.oracle is not None:
        files[f"{folder}/oracle.py"] = tests.oracle.encode()
    return files
