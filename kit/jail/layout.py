"""What a jail contains: an interpreter, its packages, /usr, the jailed half of the bridge.

Everything is mounted read-only at a neutral path. The rest of the machine is not there at all.
"""

import json
import os
import sys
from pathlib import Path

JAIL_HOME = "/opt/jail"
PYTHON = "/opt/python"
PACKAGES = "/opt/packages"
NOBODY = 65534
KIT = Path(__file__).resolve().parents[1]
JAILED_FILES = (
    *("bridge/frame.py", "bridge/wire.py", "bridge/server.py"),
    *("jail/confine.py", "jail/fork_server.py"),
)
EMPTY_FILES = ("__init__.py", "bridge/__init__.py", "jail/__init__.py")
FOLDERS = (
    "/opt",
    PACKAGES,
    *(f"{JAIL_HOME}{part}" for part in ("", "/kit", "/kit/bridge", "/kit/jail")),
)
NAMESPACES = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")


def bubblewrap(sources: list[int]) -> list[str]:
    """The command line up to `--`; `sources` are descriptors to read `jailed_files` from."""
    command = ["bwrap", *NAMESPACES, "--hostname", "jail", "--new-session", "--clearenv"]
    if os.getuid() != 0:  # root needs no user namespace here; the fork server drops root itself
        command += ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
        command += ["--cap-drop", "ALL"]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    command += ["--ro-bind", "/usr", "/usr", *system_links()]
    for source in ("/etc/ld.so.cache", "/etc/localtime"):
        command += ["--ro-bind-try", source, source]
    command += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777"]
    command += ["--tmpfs", "/tmp"]  # noqa: S108
    for folder in FOLDERS:  # bubblewrap's own parents are for root only
        command += ["--perms", "0755", "--dir", folder]
    for source, target in sorted(mounts().items(), key=lambda pair: pair[1]):
        command += ["--ro-bind", source, target]
    for descriptor, name in zip(sources, jailed_files(), strict=True):
        target = f"{JAIL_HOME}/kit/{name}"
        command += ["--perms", "0444", "--ro-bind-data", str(descriptor), target]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def jailed_files() -> dict[str, bytes]:
    """The only files of the kit that are in the jail, by their path in the package."""
    empty = dict.fromkeys(EMPTY_FILES, b"")
    return empty | {name: (KIT / name).read_bytes() for name in JAILED_FILES}


def fork_server(descriptor: int, preload: list[str]) -> list[str]:
    """The command that runs inside: the interpreter and the fork server."""
    script = f"{JAIL_HOME}/kit/jail/fork_server.py"
    arguments = [str(descriptor), str(NOBODY), json.dumps(preload)]
    return ["--", interpreter(), "-u", "-B", "-P", "-s", script, *arguments]


def environment() -> dict[str, str]:
    """The environment of the fork server, made from nothing."""
    folders = [JAIL_HOME, *(inside(folder) for folder in package_folders())]
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": "/tmp",  # noqa: S108
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "LANG": "C.UTF-8",
        "LD_LIBRARY_PATH": f"{inside(sys.base_prefix)}/lib",
        "MKL_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": ":".join(folders),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "USER": "student",
    }


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
