"""Graders that run a submission in their own process, to show that the corpus's forgeries bite.

Each is one script in graders/. It runs in a folder that holds the tests, the solution and the
submission, unpacked over them as many courses do; the caller then reads the result file. All of it
happens in a disposable namespace without a network, on copies, under limits of its own.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from corpus import HERE

COURSE = HERE / "course"
GRADERS = HERE / "graders"
ROOT = HERE.parent.parent
SECONDS = 60
LINGERING = 0.4  # seconds until somebody collects the results
MEMORY = 12 << 30  # address space: torch maps a lot
FILE_BYTES = 64 << 20
TESTS = ("test_public", "test_hidden")
OTTER_TESTS = ("test_q1", "test_q1_hidden")


def unavailable() -> str | None:
    """Why there can be no disposable namespace here; None if there can."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    done = subprocess.run([*namespace("/tmp"), "true"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"no namespaces: {done.stderr.strip()}"


def namespace(folder: str) -> list[str]:
    """A command prefix: the machine read-only, one folder to write to, nobody to talk to."""
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/mnt"),
        *("--ro-bind", str(ROOT), str(ROOT)),  # the clone itself may lie in /tmp
        *("--bind", folder, "/mnt", "--chdir", "/mnt"),
        *("--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--setenv", "OMP_NUM_THREADS", "1"),
        *("--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "HOME", "/mnt"),
    ]


def points(grader: str, slug: str, files: dict[str, bytes]) -> float:
    """The points of 2 that an in-process grader gives these files."""
    with tempfile.TemporaryDirectory(prefix="kit-in-process-") as name:
        folder = Path(name)
        lay_out(folder, slug)
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        said = run(folder, grader)
        return earned(folder, grader, said)


def lay_out(folder: Path, slug: str) -> None:
    """The grader's folder: graders, the solution, the tests by otter's names."""
    for path in GRADERS.glob("*.py"):
        shutil.copy(path, folder)
    own = folder / f"cases_softmax_{slug}.py"
    if own.is_file():
        shutil.copy(own, folder / "cases_softmax.py")
    shutil.copy(COURSE / "solutions" / slug / "answers.py", folder / "solution.py")
    shutil.copy(COURSE / "autograder" / slug / "oracle.py", folder)
    (folder / "tests").mkdir()
    for kind, suffix in (("public", ""), ("hidden", "_hidden")):
        source = COURSE / "autograder" / slug / kind / "q1.py"
        shutil.copy(source, folder / "tests" / f"q1{suffix}.py")


def run(folder: Path, grader: str) -> str:
    """Run a grader in a namespace of its own; what it printed."""
    script = f"{grader}_grader.py"
    command = [sys.executable, script]
    if grader in ("pytest", "status"):
        script = "test_pytest_grader.py"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["--junitxml=junit.xml", script]
    shell = 'PYTHONPATH="$0" "$@"; echo "STATUS $?"; sleep ' + str(LINGERING)
    done = subprocess.run(
        [*namespace(str(folder)), "sh", "-c", shell, str(ROOT), *command],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=SECONDS, preexec_fn=limit,
    )  # fmt: skip
    return done.stdout


def limit() -> None:
    """Limits of everything that runs in the namespace."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def earned(folder: Path, grader: str, said: str) -> float:
    """What whoever collects the results takes them for: each test of the two counts once."""
    if grader == "stdout":
        return float(sum(f"PASSED {test}" in said.splitlines() for test in TESTS))
    if grader == "status":  # as in GitHub Classroom: all that counts is how pytest ended
        return 2.0 * (said.splitlines()[-1] == "STATUS 0")
    if grader == "pytest":
        return junit_points(folder / "junit.xml")
    try:
        rows = json.loads((folder / "results.json").read_text())["tests"]
    except (OSError, ValueError, LookupError):
        return 0.0
    best = {row["name"]: row["score"] for row in rows}
    return float(sum(best.get(test, 0) for test in (*TESTS, *OTTER_TESTS)))


def junit_points(path: Path) -> float:
    """A point for each test that is reported and has not failed."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return 0.0
    sound = {
        case.get("name")
        for case in cases
        if case.find("failure") is None and case.find("error") is None
    }
    return float(len(sound & set(TESTS)))
