"""The jail's proof: things that must not work are tried from inside, the way student code would.

The probe's source runs in the jail; the addresses and names it tries come from the trusted side.
"""

import contextlib
import socket
import sys
from pathlib import Path

from kit.bridge.session import Session
from kit.jail import layout

SOURCE = '''
import os
import socket


def allowed(action):
    """Whether an action succeeds."""
    try:
        action()
    except BaseException:
        return False
    return True


def connect(family, address):
    """Connect to an address."""
    with socket.socket(family, socket.SOCK_STREAM) as link:
        link.settimeout(0.5)
        link.connect(address)


def write(folder):
    """Leave a file in a folder."""
    with open(os.path.join(folder, "left-behind"), "w") as stream:
        stream.write("x")


def network(port):
    """The network actions that worked."""
    tries = {
        "a connection to this machine": lambda: connect(socket.AF_INET, ("127.0.0.1", port)),
        "a connection to the Internet": lambda: connect(socket.AF_INET, ("192.0.2.1", 80)),
        "a name lookup": lambda: socket.getaddrinfo("example.org", 80),
    }
    return [what for what, action in tries.items() if allowed(action)]


def readable(folders):
    """The folders that can be listed."""
    return [folder for folder in folders if allowed(lambda: os.listdir(folder))]


def writable(folders):
    """The folders that take a file."""
    return [folder for folder in folders if allowed(lambda: write(folder))]


def environment():
    """The names of the environment's variables, inherited ones too."""
    names = set(os.environ)
    with open("/proc/self/environ", "rb") as stream:
        names |= {entry.split(b"=")[0].decode() for entry in stream.read().split(b"\\0") if entry}
    return sorted(names)


def processes():
    """How many processes are to be seen."""
    return sum(name.isdigit() for name in os.listdir("/proc"))


def identity():
    """The user, and the capabilities in effect."""
    with open("/proc/self/status") as stream:
        lines = dict(line.split(":", 1) for line in stream)
    return os.getuid(), int(lines["CapEff"], 16), int(lines["NoNewPrivs"])
'''
OURS = {"LC_CTYPE", "PWD"}  # set by the interpreter and by bubblewrap


def failures(session: Session) -> list[str]:
    """What the jail allows and should not, each as a phrase."""
    from kit.jail.fork_server import ENVIRONMENT

    source = session.define(SOURCE)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        found = list(source.network(listener.getsockname()[1]))
    hidden = [str(folder) for folder in hidden_folders()]
    found += [f"reading {folder}" for folder in source.readable(hidden)]
    guarded = ["/", "/dev", "/usr", "/opt", layout.JAIL_HOME, *map(layout.inside, _python())]
    found += [f"writing to {folder}" for folder in source.writable(guarded)]
    foreign = set(source.environment()) - set(layout.environment()) - set(ENVIRONMENT) - OURS
    found += [f"reading the variable {name}" for name in sorted(foreign)]
    if (seen := source.processes()) != 1:
        found.append(f"seeing {seen} processes")
    user, capabilities, locked = source.identity()
    if user == 0 or capabilities or locked != 1:
        found.append("running with privileges")
    return found


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
