"""Namespaces, mounts, limits and capabilities of the calling process, through the C library.

Runs inside the jail, in a process that has just been forked and has one thread. Linux only.
"""

import contextlib
import ctypes
import os
import resource
from collections.abc import Collection
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
OF_A_CHILD = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = (
    *(1, 4, 24, 38, 47),
)
PR_CAP_AMBIENT_CLEAR_ALL = 4
PR_SET_CHILD_SUBREAPER = 36
CAPABILITY_VERSION_3 = 0x20080522
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
OF_PROC = MS_NOSUID | MS_NODEV | MS_NOEXEC
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
    mount("proc", "/proc", "proc", OF_PROC)
    drop_bounding_set()
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)


def enter_user_namespace(others: int) -> None:
    """A new user namespace, in which this is the same user with every right, and `others` in it."""
    user, group = os.getuid(), os.getgid()
    prctl(PR_SET_DUMPABLE, 1)
    call("unshare", CLONE_NEWUSER | others)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        write(f"/proc/self/{name}", text)


def enter_namespaces(tmp_mb: int, most_pids: int, without: Collection[str] = ()) -> None:
    """What process 1 of a new pid namespace does to be alone.

    New mount, ipc, uts and network namespaces, an own /tmp, /dev/shm and read-only /proc.
    """
    if "pid" not in without:
        own_proc(most_pids)
    named = {"ipc": CLONE_NEWIPC, "network": CLONE_NEWNET}
    enter_user_namespace(OF_A_CHILD & ~sum(named[name] for name in named if name in without))
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    if "tmp" not in without:
        size = f"size={tmp_mb}m,nr_inodes=4096"
        mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"{size},mode=700")  # noqa: S108
        shared = "/dev/shm"  # noqa: S108
        mount("tmpfs", shared, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"{size},mode=1777")
    if "pid" not in without:
        try_to_write("/proc/sys/user/max_user_namespaces", 0)  # no way back to capabilities
        mount("none", "/proc", "", MS_REMOUNT | MS_BIND | MS_RDONLY | OF_PROC)


def own_proc(most_pids: int) -> None:
    """A /proc that shows this pid namespace only.

    It is for those who have rights over the pid namespace to mount: the user namespace of the fork
    server, which the child leaves afterwards.
    """
    call("unshare", CLONE_NEWNS)
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    mount("proc", "/proc", "proc", OF_PROC)
    # of each pid namespace since Linux 6.14
    try_to_write("/proc/sys/kernel/pid_max", max(LEAST_PID_MAX, most_pids))


def write(path: str, text: str) -> None:
    """Write to a file of /proc."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def try_to_write(path: str, value: int) -> None:
    """Set a kernel setting where this kernel allows it; the other limits hold without it."""
    with contextlib.suppress(OSError):
        write(path, str(value))


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
