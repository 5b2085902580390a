"""The jail's proof: things that must not work are tried from inside, the way student code would.

The probe's source runs in the jail; the addresses and names it tries come from the trusted side.
What must fail depends on the tier.
"""

import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.bridge.session import Session
from kit.jail import layout, users
from kit.jail.probe_source import SOURCE

OURS = {"LC_CTYPE", "PWD", "PYTHONHOME"}  # of the interpreter and of bubblewrap


def failures(session: Session, tier: str) -> list[str]:
    """What the jail allows and should not, each as a phrase."""
    source = session.define(SOURCE)
    foreign = set(source.environment()) - known_variables()
    found = [f"reading the variable {name}" for name in sorted(foreign)]
    found += [f"the use of descriptor {number}" for number in source.descriptors()]
    found += [f"{what} without a limit" for what in source.unlimited()]
    if tier == "unconfined":
        return found
    with listeners() as addresses:
        found += list(source.network(*addresses))
    found += [f"reading {folder}{cure(tier, folder)}" for folder in readable(source)]
    found += [f"writing to {folder}" for folder in source.writable(guarded(tier))]
    found += list(source.calls(os.getpid()))
    if tier == "namespaces" and (seen := source.processes()) != 1:
        found.append(f"seeing {seen} processes")
    if tier == "landlock" and source.forks():
        found.append("starting a process")
    if not harmless(tier, *source.identity()):
        found.append("running with privileges")
    return found


def readable(source: Any) -> list[str]:
    """The folders of the trusted side that can be listed."""
    found: list[str] = source.readable([str(folder) for folder in hidden_folders()])
    return found


def cure(tier: str, folder: str) -> str:
    """What to do where the permissions of a folder are all that closes it."""
    if tier != "separate-uid":
        return ""
    return f" (this kernel may have no Landlock: close it to other users with: chmod 700 {folder})"


def known_variables() -> set[str]:
    """The variables that a child has."""
    from kit.jail.child import INHERITED, environment

    return {*environment(""), *INHERITED, *layout.environment(), *OURS}


def guarded(tier: str) -> list[str]:
    """Folders that student code must not write to."""
    if tier == "namespaces":
        python = [layout.inside(folder) for folder in _python()]
        return ["/", "/dev", "/usr", "/opt", layout.JAIL_HOME, *python]
    return ["/", "/dev", "/usr", "/etc", "/opt", *_python()]


def harmless(tier: str, user: int, capabilities: int, locked: int, filtered: int) -> bool:
    """Whether the child is who it should be, can gain nothing and has a filter."""
    right_user = {
        "namespaces": user != 0,
        "separate-uid": users.FIRST <= user <= users.LAST,
        "landlock": user == os.getuid(),
    }
    return right_user[tier] and not capabilities and locked == 1 and filtered == 2


@contextlib.contextmanager
def listeners() -> Iterator[tuple[int, str, str]]:
    """A TCP port, an abstract and a named local socket of the trusted side, open to everybody."""
    with (
        tempfile.TemporaryDirectory(prefix="kit-probe-") as folder,
        socket.socket() as remote,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as named,
    ):
        Path(folder).chmod(0o755)
        path, name = f"{folder}/socket", f"\0kit-probe-{os.getpid()}"
        remote.bind(("127.0.0.1", 0))
        abstract.bind(name)
        named.bind(path)
        Path(path).chmod(0o777)
        for listener in (remote, abstract, named):
            listener.listen(1)
        yield remote.getsockname()[1], name, path


def hidden_folders() -> list[Path]:
    """Folders of the trusted side that a submission must not read."""
    folders = {Path.cwd()}
    if str(layout.KIT.parent) not in layout.package_folders():
        folders.add(layout.KIT.parent)
    with contextlib.suppress(RuntimeError):
        folders.add(Path.home())
    shared = {Path("/"), Path("/tmp")}  # noqa: S108  the jail has its own
    return sorted({folder.resolve() for folder in folders} - shared)


def _python() -> list[str]:
    return [sys.base_prefix, *layout.package_folders()]
