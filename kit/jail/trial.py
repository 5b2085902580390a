"""Whether this machine offers a tier: a process of its own really does what the tier rests on.

As a script it is quick: it imports nothing but the jail's own modules, and prints what failed.
"""

import errno
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

SECONDS = 30
RAN = "the trial ran"  # what it prints last


def reason(tier: str, wrapper: list[str]) -> str | None:
    """Why the tier is not to be had here; None if it is.

    Args:
        tier: one of the tiers that confine.
        wrapper: a command to run the trial in, such as bubblewrap and its options.
    """
    command = [*wrapper, sys.executable, "-I", "-S", "-B", __file__, tier]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stdout.strip()
    if done.returncode == 0 and said.endswith(RAN):
        return None
    return " ".join(said.split())[-300:] or f"its trial ended with status {done.returncode}"


def try_namespaces() -> None:
    """Inside bubblewrap: namespaces for a child, and mounts in them."""
    from kit.jail import confine, seccomp

    seccomp.assemble([])  # are the calls of this machine known?
    if os.getuid() == 0:
        confine.drop_root(65534)
    confine.enter_user_namespace(confine.CLONE_NEWPID)
    child = os.fork()
    if child == 0:
        try:
            confine.enter_namespaces(1, 64)
        except OSError as error:
            os.write(1, f"{error}\n".encode())
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError(errno.EPERM, "a child in namespaces could not mount its own /tmp and /proc")


def try_separate_uid() -> None:
    """A child of another user, under a filter, that this process can end."""
    from kit.jail import confine, seccomp, users

    if os.getuid() != 0:
        raise OSError(errno.EPERM, "it needs root")
    user, holder = users.claim()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            users.become(user)
            confine.prctl(confine.PR_SET_NO_NEW_PRIVS, 1)
            seccomp.install(seccomp.assemble([]))
            os.write(theirs, b"1")
            time.sleep(SECONDS)
        finally:
            os._exit(0)
    os.close(theirs)
    ready = os.read(ours, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    holder.close()
    if not ready:
        raise OSError(errno.EPERM, "a child could not become another user under a filter")


def try_landlock() -> None:
    """Files out of reach, no new process."""
    from kit.jail import call_rules, confine, landlock, seccomp

    if not landlock.version():
        raise OSError(errno.ENOSYS, "the kernel has no Landlock, or it is switched off")
    confine.prctl(confine.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict([("/usr", landlock.RUN)])
    seccomp.install(seccomp.assemble(call_rules.for_tier("landlock", os.getpid())))
    for what, action in (("listing /", lambda: os.scandir("/")), ("a fork", os.fork)):
        try:
            action()
        except OSError:
            continue
        raise OSError(errno.EPERM, f"the rules do not hold: {what} worked")


TRIALS = {
    "namespaces": try_namespaces,
    "separate-uid": try_separate_uid,
    "landlock": try_landlock,
}

if __name__ == "__main__":
    jail = Path(__file__).resolve().parent
    for name, folder in (("kit", jail.parent), ("kit.jail", jail)):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    try:
        TRIALS[sys.argv[1]]()
    except OSError as failure:
        raise SystemExit(str(failure.strerror or failure)) from None
    os.write(1, RAN.encode())
