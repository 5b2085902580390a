"""What a jail contains: an interpreter, its packages, /usr, the jailed half of the bridge.

With namespaces, everything is mounted read-only at a neutral path, and the rest of the machine is
not there at all. In the other tiers the paths are the machine's own, and rules close the rest.
"""

import json
import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

JAIL_HOME = "/opt/jail"
PYTHON = "/opt/python"
PACKAGES = "/opt/packages"
NOBODY = 65534
KIT = Path(__file__).resolve().parents[1]
JAILED_FILES = (
    *("bridge/frame.py", "bridge/wire.py", "bridge/server.py"),
    *("jail/fork_server.py", "jail/nursery.py", "jail/parent.py", "jail/child.py"),
    *("jail/scratch.py", "jail/users.py", "jail/confine.py", "jail/landlock.py"),
    *("jail/seccomp.py", "jail/call_rules.py", "jail/syscalls.py", "jail/tensors.py"),
    "jail/huge_pages.py",
)
EMPTY_FILES = ("__init__.py", "bridge/__init__.py", "jail/__init__.py")
FOLDERS = (
    "/opt",
    PACKAGES,
    *(f"{JAIL_HOME}{part}" for part in ("", "/kit", "/kit/bridge", "/kit/jail")),
)
BASIC_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "HOME": "/tmp",  # noqa: S108
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "USER": "student",
}
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
UNSHARED = {"pid": "--unshare-pid", "network": "--unshare-net", "ipc": "--unshare-ipc"}


def bubblewrap(sources: list[int], without: Collection[str] = ()) -> list[str]:
    """The command line up to `--`; `sources` are descriptors to read `jailed_files` from."""
    command = ["bwrap", *namespaces(without), "--hostname", "jail", "--new-session", "--clearenv"]
    command += user_namespace()
    inherited = dict(os.environ) if "environment" in without else {}
    for name, value in (inherited | environment()).items():
        command += ["--setenv", name, value]
    command += whole_machine() if "mounts" in without else small_system()
    for folder in FOLDERS:  # bubblewrap's own parents are for root only
        command += ["--perms", "0755", "--dir", folder]
    for source, target in sorted(mounts().items(), key=lambda pair: pair[1]):
        command += ["--ro-bind", source, target]
    for descriptor, name in zip(sources, jailed_files(), strict=True):
        target = f"{JAIL_HOME}/kit/{name}"
        command += ["--perms", "0444", "--ro-bind-data", str(descriptor), target]
    if "mounts" not in without:
        command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return [*command, "--chdir", "/"]


def namespaces(without: Collection[str] = ()) -> list[str]:
    """What bubblewrap separates."""
    return [flag for name, flag in UNSHARED.items() if name not in without] + ["--unshare-uts"]


def user_namespace() -> list[str]:
    """Options for an ordinary user; root needs none, the fork server drops root itself."""
    if os.getuid() == 0:
        return []
    identity = str(NOBODY)
    return ["--unshare-user", "--uid", identity, "--gid", identity, "--cap-drop", "ALL"]


def small_system() -> list[str]:
    """Mounts of /usr, of what links into it, and of a /proc and a /dev of its own."""
    command = ["--ro-bind", "/usr", "/usr", *system_links()]
    for source in ("/etc/ld.so.cache", "/etc/localtime"):
        command += ["--ro-bind-try", source, source]
    command += ["--proc", "/proc", "--dev", "/dev"]
    return [*command, "--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108


def whole_machine() -> list[str]:
    """The machine as it is, for a test of what the mounts are good for; the kit lies in /opt."""
    return ["--dev-bind", "/", "/", "--tmpfs", "/opt"]


def jailed_files() -> dict[str, bytes]:
    """The only files of the kit that are in the jail, by their path in the package."""
    empty = dict.fromkeys(EMPTY_FILES, b"")
    return empty | {name: (KIT / name).read_bytes() for name in JAILED_FILES}


def jailed_command(descriptor: int, server: dict[str, Any]) -> list[str]:
    """What bubblewrap runs inside: the interpreter and the fork server."""
    return ["--", interpreter(), *fork_server(JAIL_HOME, descriptor, server)]


def fork_server(home: str, descriptor: int, server: dict[str, Any]) -> list[str]:
    """The interpreter's arguments for the fork server, whose files are in `home`."""
    script = f"{home}/kit/jail/fork_server.py"
    return ["-u", "-B", "-P", "-s", script, str(descriptor), json.dumps(server)]


def environment() -> dict[str, str]:
    """The environment of the fork server inside bubblewrap, made from nothing."""
    folders = [JAIL_HOME, *(inside(folder) for folder in package_folders())]
    return {
        **BASIC_ENVIRONMENT,
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "LD_LIBRARY_PATH": f"{inside(sys.base_prefix)}/lib",
        "PYTHONPATH": ":".join(folders),
    }


def readable() -> list[str]:
    """What student code reads and runs, by its paths in the jail."""
    return [*SYSTEM, *map(inside, [sys.base_prefix, *package_folders()])]


def environment_in_place(home: str, base: str, packages: list[str]) -> dict[str, str]:
    """The environment of a fork server among the machine's files, made from nothing."""
    return {
        **BASIC_ENVIRONMENT,
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "LD_LIBRARY_PATH": f"{base}/lib",
        "PYTHONHOME": base,
        "PYTHONPATH": ":".join([home, *packages]),
    }


def readable_in_place(base: str, packages: list[str]) -> list[str]:
    """What student code reads and runs: the system, the interpreter's own parts, the packages."""
    parts = [f"{base}/{name}" for name in ("bin", "include", "lib", "lib64", "share")]
    return [*SYSTEM, *parts, *packages]


def open_to_all(folder: str) -> bool:
    """Whether every user can reach a folder and read it."""
    path = Path(folder).resolve()
    above = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    everybody = stat.S_IROTH | stat.S_IXOTH
    return above and path.stat().st_mode & everybody == everybody


def mounts() -> dict[str, str]:
    """Folders of this machine and where they are in the jail, beside /usr."""
    folders = [sys.base_prefix, *package_folders()]
    return {folder: inside(folder) for folder in folders if inside(folder) != folder}


def inside(folder: str) -> str:
    """Where a folder of the interpreter or of packages is in the jail."""
    path, base = Path(folder).resolve(), Path(sys.base_prefix).resolve()
    if path.is_relative_to("/usr"):
        return str(path)
    if path.is_relative_to(base):
        return str(PYTHON / path.relative_to(base))
    return f"{PACKAGES}/{package_folders().index(folder)}"


def package_folders() -> list[str]:
    """The site-packages folders this process imports from."""
    names = ("site-packages", "dist-packages")
    return [entry for entry in sys.path if Path(entry).name in names and Path(entry).is_dir()]


def interpreter() -> str:
    """The base interpreter's path in the jail."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"{inside(sys.base_prefix)}/bin/{name}"


def system_links() -> list[str]:
    """Mounts of /bin, /lib and their like: links into /usr on most systems."""
    command = []
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64")):
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    return command
