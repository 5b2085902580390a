"""A class on a real Dask scheduler with real workers: the same bytes, whatever dies."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clusters import ROOT, DaskCluster, Watched, until
from test_batch import a_class
from toy_course import Course, interruptible

from kit.errors import JailError, KitError, UsageError
from kit.grading.engines import choice as engines
from kit.grading.engines import cluster
from kit.jail import available
from kit.paths import Workspace

pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))

DOCS = Path(__file__).parent.parent / "docs" / "instructor.md"
KILLER = """
import os
from kit.grading.engines import dask_worker
from kit.grading.judging.worker import Grader

class Killed(Grader):
    def grade(self, task):
        if task.student == "eve":
            with open("deaths", "a") as stream:
                stream.write("x")
            os._exit(3)
        return super().grade(task)

dask_worker.Grader = Killed
"""
OTHER_KIT = """
from dataclasses import replace
from kit.grading.judging import worker

ours = worker.this_build()
other = replace(ours, code="0")
worker.this_build = lambda: other
"""
JAILLESS = """
from kit.errors import JailError
from kit.grading.judging import worker

def jail(*_, **__):
    raise JailError("bubblewrap is missing")

worker.Jail = jail
"""


@pytest.fixture(scope="module")
def course(toy: Workspace, toy_assignment: Any, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 24, graded here."""
    made = Course(toy, toy_assignment, tmp_path_factory.mktemp("course"))
    a_class(made)
    for number in range(12):
        made.hand_in(f"twin{number}", made.solution if number % 4 else made.template)
    made.grade("here")
    return made


@pytest.fixture
def small(toy: Workspace, toy_assignment: Any, tmp_path: Path) -> Course:
    made = Course(toy, toy_assignment, tmp_path)
    for student in ("ada", "eve", "fay"):
        made.hand_in(student, made.solution)
    return made


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskCluster]:
    """A scheduler that gives a submission up with the second worker that it loses."""
    with DaskCluster(
        tmp_path / "dask", {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    ) as made:
        made.schedule()
        yield made


def preload(folder: Path, text: str) -> list[str]:
    (folder / "preload.py").write_text(text)
    return ["--preload", str(folder / "preload.py")]


def test_a_worker_that_is_killed_costs_nothing(course: Course, dask: DaskCluster) -> None:
    lost, _ = dask.work("--no-nanny"), dask.work("--no-nanny")
    with cluster.dask_cluster(dask.address) as engine:
        watched = Watched(engine, 6, lost.kill)
        summary = course.grade("there", engine=watched, jobs=None)
    assert (summary.fresh, summary.reused) == (24, 0), dask.said()
    assert course.bytes_of("there") == course.bytes_of("here")
    assert watched.most <= 2 * 2, "only a few submissions are on their way"
    until(lambda: not dask.jails(), "the jails to end")


@pytest.mark.slow
def test_a_submission_that_kills_its_workers_is_our_fault_and_its_neighbours_do_not_suffer(
    small: Course, dask: DaskCluster
) -> None:
    options = preload(dask.folder, KILLER)
    dask.work(*options), dask.work(*options)
    with cluster.dask_cluster(dask.address) as engine:
        summary = small.grade(engine=engine, jobs=None)
    made = {one.student: (one.verdict.value, one.points) for one, _ in summary.graded}
    assert made == {"ada": ("PASS", 7), "eve": ("GRADER_ERROR", None), "fay": ("PASS", 7)}
    assert "every Dask worker that tried it died" in summary.faults
    assert len((dask.folder / "deaths").read_text()) == 4  # twice among others, twice alone


@pytest.mark.parametrize(
    ("text", "said"),
    [(OTHER_KIT, "its kit is not the batch's"), (JAILLESS, "bubblewrap is missing")],
)
def test_a_worker_that_cannot_grade_is_named(
    small: Course, dask: DaskCluster, text: str, said: str
) -> None:
    dask.work(*preload(dask.folder, text))
    with (
        pytest.raises(JailError, match=f"^{re.escape(os.uname().nodename)}: .*{said}"),
        cluster.dask_cluster(dask.address) as engine,
    ):
        small.grade(engine=engine)
    assert not list((small.root / "out").rglob("*.html"))


def test_a_cluster_that_goes_away_is_told(
    small: Course, dask: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = dask.work("--no-nanny")
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 2)
    with cluster.dask_cluster(dask.address) as engine:
        watched = Watched(engine, 1, worker.kill)
        with pytest.raises(KitError, match="no worker left; start one and run the same command"):
            small.grade(engine=watched)
    assert small.grade().reused == 1


def command(course: Course, out: Path, address: str) -> list[str]:
    """The command that an instructor types."""
    here = [sys.executable, "-m", "kit", "grade", "t1", str(course.submissions), "-o", str(out)]
    return [*here, "--secret", str(course.secret), "--dask", address]


def follow_the_docs(home: Path) -> None:
    """Make certificates and a configuration in a home, by the documentation's own lines."""
    section = DOCS.read_text().partition("## More than one machine\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    (lines,) = [text for text in blocks if "openssl" in text]
    home.mkdir()
    environment = {**os.environ, "HOME": str(home)}
    subprocess.run(["bash", "-ec", lines], env=environment, check=True, capture_output=True)


def run(line: list[str], course: Course, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": ROOT, "HOME": str(home)}
    return subprocess.run(
        line,
        cwd=course.workspace.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.slow
def test_tls_as_documented_lets_in_who_has_a_certificate(small: Course, tmp_path: Path) -> None:
    home, stranger, nobody = (tmp_path / name for name in ("home", "stranger", "nobody"))
    follow_the_docs(home), follow_the_docs(stranger), nobody.mkdir()
    small.grade("here")
    with DaskCluster(tmp_path / "dask", {"HOME": str(home)}) as dask:
        dask.schedule("--protocol", "tls")
        assert dask.address.startswith("tls://127.0.0.1:")
        dask.work()
        out = small.root / "there"
        done = run(command(small, out, dask.address), small, home)
        assert done.returncode == 0, done.stderr + dask.said()
        assert small.bytes_of("there") == small.bytes_of("here")

        no_entry = small.root / "no"
        done = run(command(small, no_entry, dask.address), small, nobody)
        assert done.returncode == 2 and "asks for certificates" in done.stderr, done.stderr
        done = run(command(small, no_entry, dask.address), small, stranger)
        assert done.returncode == 1 and "no Dask scheduler can be used at" in done.stderr
        plain = dask.address.replace("tls://", "tcp://")
        assert run(command(small, no_entry, plain), small, home).returncode == 1
        assert not list(no_entry.glob("results/*.json"))


@pytest.mark.slow
def test_an_interrupt_leaves_nothing_on_the_cluster(course: Course, dask: DaskCluster) -> None:
    from distributed import Client

    dask.work(), dask.work()
    out = course.root / "cut"
    shutil.rmtree(out, ignore_errors=True)
    line = command(course, out, dask.address)
    with course.kept_busy():
        running = subprocess.Popen(
            line,
            cwd=course.workspace.root,
            env={**os.environ, "PYTHONPATH": ROOT},
            stdout=subprocess.DEVNULL,
            preexec_fn=interruptible,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            until(lambda: len(list((out / "results").glob("*.json"))) > 2, "three results", 120)
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=60)[1]
        finally:
            running.kill()
    assert running.returncode == 130 and "Traceback" not in said, said
    with Client(dask.address, set_as_default=False) as client:
        assert len(client.nthreads()) == 2
        until(lambda: not client.processing() or not any(client.processing().values()), "no task")
    until(lambda: not dask.jails(), "the jails to end", 120)
    with cluster.dask_cluster(dask.address) as engine:
        summary = course.grade("cut", engine=engine, jobs=None)
    assert summary.reused >= 3 and course.bytes_of("cut") == course.bytes_of("here")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://192.0.2.1:8786", "is not encrypted"),
        ("192.0.2.1:8786", "write tls://HOST:PORT"),
        ("tls://192.0.2.1", "write tls://HOST:PORT"),
        ("tcp://127.0.0.1:port", "write tls://HOST:PORT"),
    ],
)
def test_an_address_that_would_tell_the_secret_is_refused(address: str, said: str) -> None:
    started = time.monotonic()
    with pytest.raises(UsageError, match=said), cluster.dask_cluster(address):
        pass
    assert time.monotonic() - started < 2, "nothing has been tried"


def test_an_open_address_has_to_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with (
        pytest.raises(KitError, match="no Dask scheduler can be used at tcp://192.0.2.1:8786"),
        cluster.dask_cluster("tcp://192.0.2.1:8786", insecure=True),
    ):
        pass


PLACE: dict[str, Any] = {"dask": None, "slurm": False, "insecure": False, "jobs": None}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"dask": "tls://a:1", "slurm": True}, "two places"),
        ({"insecure": True}, "for an address"),
        ({"slurm": True, "insecure": True}, "for an address"),
    ],
)
def test_options_that_contradict_each_other(place: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said), engines.chosen(None, **PLACE | place):
        pass


def test_a_class_that_is_graded_opens_no_cluster(course: Course) -> None:
    place = PLACE | {"dask": "tls://192.0.2.1:1"}
    with engines.chosen(None, **place) as engine:
        assert course.grade("here", engine=engine).reused == 24
    with engines.chosen(None, **PLACE) as engine:
        assert engine is None
