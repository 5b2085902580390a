"""A class on a real Slurm of one node: a job that is cancelled midway costs nothing."""

import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest
from clusters import ROOT, Processes, Watched, until
from rich.console import Console
from test_batch import a_class
from toy_course import Course

from kit.errors import UsageError
from kit.grading.engines import slurm
from kit.jail import available
from kit.paths import Workspace

PATH = f"{os.environ['PATH']}:/usr/sbin"
DAEMONS = ("munged", "slurmctld", "slurmd")
CONFIGURATION = """
ClusterName=ci
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
AuthInfo=socket={folder}/munge.sock
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=0
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldPort={controller}
SlurmdPort={node}
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000
PartitionName=debug Nodes=localhost Default=YES
"""


def missing() -> str | None:
    """Why there can be no Slurm here."""
    if (reason := available()) is not None:
        return reason
    if absent := [name for name in DAEMONS if shutil.which(name, path=PATH) is None]:
        return f"{', '.join(absent)} is missing; tools/setup slow installs Slurm"
    return None if os.getuid() == 0 else "this Slurm's daemons want to be root's"


@pytest.fixture(scope="module", autouse=True)
def needs() -> None:
    """Where CI runs, nothing is skipped."""
    if (reason := missing()) is not None:
        assert not os.environ.get("CI"), reason
        pytest.skip(reason)


class Slurm(Processes):
    """A Slurm of this machine alone, in a folder of its own."""

    def __enter__(self) -> "Slurm":
        munge, config = self.folder / "munge.sock", self.folder / "slurm.conf"
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        ports = {name: free_port() for name in ("controller", "node")}
        config.write_text(CONFIGURATION.format(folder=self.folder, **ports))
        self.environment |= {"SLURM_CONF": str(config), "PATH": PATH}
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        files = [f"--{name}-file={self.folder}/munged.{name}" for name in ("pid", "seed", "log")]
        try:
            # --force: the folder above the socket may be closed to others, who have no use for it
            self.start(
                "munged",
                ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}"]
                + files,
            )
            until(munge.exists, "munge")
            self.start("slurmctld", ["slurmctld", "-D", "-c"])
            self.start("slurmd", ["slurmd", "-D", "-N", "localhost"])
            until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%t"), "an idle node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("scancel", "--user=root")
        with contextlib.suppress(AssertionError):
            until(lambda: not self.jobs(), "the jobs to end", 20)
        super().__exit__()
        for process in psutil.process_iter():  # a job may have outlived its node
            with contextlib.suppress(psutil.Error):
                if process.environ().get("SLURM_CONF") == self.environment["SLURM_CONF"]:
                    process.kill()

    def ask(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout

    def jobs(self, state: str = "pending,running,completing") -> list[str]:
        """The numbers of the jobs that wait or run, the oldest first."""
        return sorted(self.ask("squeue", "-h", "-o", "%A", "-t", state).split(), key=int)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Slurm]:
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, Slurm(Path(folder)) as made:
        for name in ("SLURM_CONF", "PATH", "PYTHONPATH"):
            monkeypatch.setenv(name, made.environment[name])
        monkeypatch.setenv("HOME", str(tmp_path))
        yield made


@pytest.mark.slow
def test_a_job_that_is_cancelled_is_replaced_and_costs_nothing(
    toy: Workspace, toy_assignment: Any, tmp_path: Path, node: Slurm
) -> None:
    course = Course(toy, toy_assignment, tmp_path)
    a_class(course)
    for number in range(12):
        course.hand_in(f"twin{number}", course.solution)
    course.grade("here")
    settings = {
        "jobqueue.slurm.cores": 1,
        "jobqueue.slurm.memory": "1500MB",
        "jobqueue.slurm.interface": "lo",
        "distributed.deploy.lost-worker-timeout": "1s",
    }
    before = signal.getsignal(signal.SIGINT)
    with dask.config.set(settings), slurm.slurm_cluster(2, Console(file=io.StringIO())) as engine:
        until(lambda: len(node.jobs("running")) == 2, "two jobs")
        first = node.jobs()
        watched = Watched(engine, 6, lambda: node.ask("scancel", first[0]))
        summary = course.grade("there", engine=watched, jobs=None)
        until(lambda: len(node.jobs("running")) == 2, "another job")
        assert node.jobs() != first, "one is new"
    assert (summary.fresh, summary.reused) == (24, 0)
    assert course.bytes_of("there") == course.bytes_of("here")
    until(lambda: not node.jobs(), "the jobs to end", 20)
    assert signal.getsignal(signal.SIGINT) is before
    folder = tmp_path / ".cache" / "dl-assignment-kit" / "slurm"
    assert folder.stat().st_mode & 0o77 == 0
    assert not list(folder.rglob("*.pem")), "no key is left"


@pytest.mark.slow
def test_a_job_that_slurm_does_not_take_is_told(
    toy: Workspace, toy_assignment: Any, tmp_path: Path, node: Slurm
) -> None:
    """The command, told by a configuration file of a queue that is not there."""
    course = Course(toy, toy_assignment, tmp_path)
    course.hand_in("ada", course.solution)
    settings = tmp_path / ".config" / "dask" / "jobqueue.yaml"
    line = [sys.executable, "-m", "kit", "grade", "t1", str(course.submissions)]
    line += ["-o", str(tmp_path / "out"), "--secret", str(course.secret), "--slurm"]

    def said() -> str:
        done = subprocess.run(
            line,
            cwd=course.workspace.root,
            env=os.environ | {"PYTHONPATH": ROOT},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode in {1, 2} and "Traceback" not in done.stderr, done.stderr
        return done.stderr

    assert "say in ~/.config/dask/jobqueue.yaml what a job gets" in said()
    settings.parent.mkdir(parents=True)
    job = "{cores: 1, memory: 1GB, interface: lo, queue: compute}"
    settings.write_text(f"jobqueue:\n  slurm: {job}\n")
    assert "Slurm does not take the job: " in (text := said())
    assert "invalid partition" in text.lower()


def test_slurm_is_asked_for_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with (
        pytest.raises(UsageError, match="run this where Slurm's jobs are submitted"),
        slurm.slurm_cluster(1, Console(file=io.StringIO())),
    ):
        pass
