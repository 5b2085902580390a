"""Namespaces, mounts, limits and capabilities of the calling process, through the C library.

Runs inside the jail, in a process that has just been forked and has one thread. Linux only.
"""

import ctypes
import os
import resource
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
ALL_NAMESPACES = (
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = (
    *(1, 4, 24, 38, 47),
)
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
HIGHEST_CAPABILITY = 63
LEAST_PID_MAX = 301  # the kernel accepts no smaller one

libc: Any = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> int:
    """One C library call; a result of -1 is an OSError that names the call."""
    result: int = getattr(libc, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int = 0, third: int = 0) -> None:
    """The system call of that name."""
    zero = ctypes.c_ulong(0)
    call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(third), zero, zero)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """The system call of that name."""
    encoded = [part.encode() or None for part in (source, target, kind)]
    call("mount", *encoded, ctypes.c_ulong(flags), options.encode() or None)


def drop_root(identity: int) -> None:
    """Become an ordinary user for good, after giving this process tree its own /proc."""
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    drop_bounding_set()
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)


def enter_namespaces() -> None:
    """New user, mount, pid, ipc, uts and network namespaces; the next fork is pid 1 there."""
    user, group = os.getuid(), os.getgid()
    prctl(PR_SET_DUMPABLE, 1)
    call("unshare", ALL_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def private_mounts(tmp_mb: int, most_pids: int) -> None:
    """An own /tmp, /dev/shm and read-only /proc, for pid 1 of the new namespaces."""
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    size = f"size={tmp_mb}m,nr_inodes=4096"
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"{size},mode=700")  # noqa: S108
    shared = "/dev/shm"  # noqa: S108
    mount("tmpfs", shared, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"{size},mode=1777")
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    mount("proc", "/proc", "proc", flags)
    for setting, value in (
        ("/proc/sys/user/max_user_namespaces", 0),  # no way back to capabilities
        (
            "/proc/sys/kernel/pid_max",
            max(LEAST_PID_MAX, most_pids),
        ),  # per pid namespace since Linux 6.14
    ):
        try_to_write(setting, value)
    mount("none", "/proc", "", MS_REMOUNT | MS_BIND | MS_RDONLY | flags)


def try_to_write(path: str, value: int) -> None:
    """Set a kernel setting where this kernel allows it; the other limits hold without it."""
    try:
        Path(path).write_text(str(value), encoding="ascii")
    except OSError:
        return


def limit_resources(limits: dict[str, int]) -> None:
    """Set limits by name, {"CPU": 10}, soft and hard alike."""
    fixed = {"CORE": 0, "MEMLOCK": 0, "MSGQUEUE": 0}
    for name, value in {**limits, **fixed}.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is not None:
            _, hard = resource.getrlimit(number)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(number, (value, value))


def drop_bounding_set() -> None:
    """No program that is started from here on can have a capability."""
    for capability in range(HIGHEST_CAPABILITY + 1):
        zero = ctypes.c_ulong(0)
        libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), zero, zero, zero)


def drop_capabilities() -> None:
    """Give up every capability, for this process and all it starts, for good."""
    drop_bounding_set()
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())
    prctl(PR_SET_NO_NEW_PRIVS, 1)
