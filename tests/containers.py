"""Runs a command as Docker would by default: few capabilities, no namespaces of its own.

    containers.run(["python", "grade.py"], user=1000, read_write={tmp_path: "/autograder"})

The command sees a root of its own: /usr, a small /etc and /dev, this interpreter and its packages
at their own paths, a fresh /tmp, /proc and /dev/shm, and the folders named by the caller. A filter
refuses what Docker's refuses: unshare, setns, mount, clone with new namespaces. All of it dies with
the call. Needs root outside: `missing()` says what is missing.

As a script it is the container's first process: `containers.py CONFIGURATION COMMAND...`.
"""

import contextlib
import errno
import functools
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from kit.jail import confine, layout, seccomp, syscalls  # noqa: E402  as a script it has no other way
from kit.jail.call_rules import NEW_NAMESPACES  # noqa: E402

MNT_DETACH = 2
DOCKER_CAPABILITIES = (0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31)
FILTER = [  # the part of moby's default profile that an isolation tier meets
    seccomp.Rule(
        (
            *("unshare", "setns", "mount", "umount2", "pivot_root", "fsopen", "fsmount"),
            *("move_mount", "open_tree", "mount_setattr", "fsconfig", "fspick", "bpf"),
            *("keyctl", "add_key", "request_key", "open_by_handle_at", "perf_event_open"),
            *("userfaultfd", "io_uring_setup", "swapon", "swapoff", "reboot", "syslog"),
            *("init_module", "finit_module", "kexec_load", "sethostname", "settimeofday"),
        ),
        errno.EPERM,
    ),
    seccomp.Rule(("clone3",), errno.ENOSYS),
    seccomp.Rule(("clone",), errno.EPERM, (seccomp.Test(0, 0, NEW_NAMESPACES, equal=False),)),
]
ACCOUNTS = "root:x:0:0:root:/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n"


@functools.cache
def missing() -> str | None:
    """Why no container can be made here."""
    if sys.platform != "linux" or os.getuid() != 0:
        return "a container for a test is made by root on Linux"
    try:
        run(["/bin/true"], check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return f"no container can be made here ({error})"
    return None


def run(
    command: Sequence[str],
    *,
    user: int = 0,
    read_only: Mapping[Path, str] | None = None,
    read_write: Mapping[Path, str] | None = None,
    cwd: str = "/",
    landlock: bool = True,
    namespaces: bool = False,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command in a container to its end.

    Args:
        command: the program, by its path in there, and its arguments.
        user: 0 for the container's root; another user has no capability at all.
        read_only: folders or files of this machine and their paths in there.
        read_write: the same, and what is written there stays.
        cwd: a folder in there.
        landlock: False for a kernel without it.
        namespaces: True for a machine that lets an ordinary user make them.
        env: the whole environment.
        timeout: seconds.
        check: raise where the command fails.
    """
    with tempfile.TemporaryDirectory(prefix="kit-container-") as top:
        configuration = {
            "top": top,
            "user": user,
            "cwd": cwd,
            "landlock": landlock,
            "namespaces": namespaces,
            "read_only": {str(source): target for source, target in (read_only or {}).items()},
            "read_write": {str(source): target for source, target in (read_write or {}).items()},
        }
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8", **(env or {})}
        first = [sys.executable, "-B", __file__, json.dumps(configuration), *command]
        return subprocess.run(
            first,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=check,
        )


def contain(configuration: dict, command: list[str]) -> int:
    """Be the parent of the container; returns its command's status."""
    flags = confine.CLONE_NEWNS | confine.CLONE_NEWPID | confine.CLONE_NEWIPC | confine.CLONE_NEWUTS
    confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)  # a timeout kills this process
    confine.call("unshare", flags)
    first = os.fork()
    if first == 0:
        confine.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL)
        os._exit(initialise(configuration, command))
    return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])


def initialise(configuration: dict, command: list[str]) -> int:
    """Be the container's first process: run the command, reap, return its status."""
    enter_root(Path(configuration["top"]), configuration)
    child = os.fork()
    if child == 0:
        give_up(configuration)
        os.chdir(configuration["cwd"])
        os.execvpe(command[0], command, os.environ)
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.waitstatus_to_exitcode(status)


def enter_root(top: Path, configuration: dict) -> None:
    """Build the root of the container and make it this process's root."""
    confine.mount("none", "/", "", confine.MS_REC | confine.MS_PRIVATE)
    confine.mount("tmpfs", str(top), "tmpfs", 0, "mode=755")
    folders = ["root", "home/student", "tmp", "proc", "dev/shm", "etc", "var/tmp", "opt", "run"]
    for name in folders:
        (top / name).mkdir(parents=True)
    (top / "tmp").chmod(0o1777)
    (top / "etc/passwd").write_text(ACCOUNTS, encoding="ascii")
    (top / "etc/shadow").write_text("root:secret\n", encoding="ascii")
    (top / "etc/shadow").chmod(0o600)
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64")):
        if path.is_symlink():
            (top / path.name).symlink_to(path.readlink())
        elif path.is_dir():
            bind(path, top / path.name, read_only=True)
    own = ["/usr", "/etc/ld.so.cache", sys.base_prefix, sys.prefix, *layout.package_folders()]
    shown = {path: path for path in own} | configuration["read_only"]
    for source, target in sorted(shown.items(), key=lambda pair: pair[1]):
        bind(Path(source), top / target.lstrip("/"), read_only=True)
    for source, target in configuration["read_write"].items():
        bind(Path(source), top / target.lstrip("/"), read_only=False)
    for device in ("null", "zero", "full", "random", "urandom", "tty"):
        bind(Path("/dev", device), top / "dev" / device, read_only=False)
    confine.mount("tmpfs", str(top / "dev/shm"), "tmpfs", 0, "size=64m,mode=1777")
    confine.mount("proc", str(top / "proc"), "proc", 0)
    os.chdir(top)
    confine.call("syscall", syscalls.numbers(platform.machine())["pivot_root"], b".", b".")
    confine.call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def bind(source: Path, target: Path, *, read_only: bool) -> None:
    """Show a folder or a file of this machine at a place in the container."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(exist_ok=True)
    flags = confine.MS_BIND | confine.MS_REC
    confine.mount(str(source), str(target), "", flags)
    if read_only:
        confine.mount("none", str(target), "", flags | confine.MS_REMOUNT | confine.MS_RDONLY)


def give_up(configuration: dict) -> None:
    """Keep what a process in Docker has: the filter, the capabilities, the user."""
    rules = [] if configuration["namespaces"] else list(FILTER)
    if not configuration["landlock"]:
        calls = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
        rules.append(seccomp.Rule(calls, errno.ENOSYS))
    seccomp.install(seccomp.assemble(rules))
    for capability in range(confine.HIGHEST_CAPABILITY + 1):
        if capability not in DOCKER_CAPABILITIES:
            with contextlib.suppress(OSError):
                confine.prctl(confine.PR_CAPBSET_DROP, capability)
    if configuration["user"]:
        os.setgroups([])
        os.setresgid(*[configuration["user"]] * 3)
        os.setresuid(*[configuration["user"]] * 3)


if __name__ == "__main__":
    raise SystemExit(contain(json.loads(sys.argv[1]), sys.argv[2:]))
