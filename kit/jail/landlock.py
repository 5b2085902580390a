"""Landlock: which files a process may reach, whatever its user may; no TCP, no signals outwards.

What was opened before stays open. The rules hold for the process and all it starts, for good.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from kit.jail.confine import call, libc

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every machine
VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER = 1, 2, 4, 8
REMOVE_FOLDER, REMOVE_FILE, MAKE_DEVICE, MAKE_FOLDER, MAKE_FILE = 16, 32, 64, 128, 256
MAKE_BLOCK, REFER, TRUNCATE, DEVICE_COMMANDS = 1 << 11, 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = (1 << 13) - 1
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_COMMANDS
TCP = 0b11  # bind, connect
ABSTRACT_SOCKETS, SIGNALS = 1, 2
READ = READ_FILE | READ_FOLDER
RUN = READ | EXECUTE
OWN = ~(EXECUTE | MAKE_DEVICE | MAKE_BLOCK)
SHARE = READ_FILE | WRITE_FILE | MAKE_FILE | REMOVE_FILE | TRUNCATE  # names that it knows only


def version() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    found: int = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION)
    return max(found, 0)


def restrict(rules: Iterable[tuple[str, int]], *, signals: bool = True) -> None:
    """Allow these rights beneath these paths, and nothing else.

    Args:
        rules: pairs of a path and rights, such as `RUN` or `OWN`; a path may be missing.
        signals: whether signals to processes outside are refused, too (version 6).

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    handled = FIRST_RIGHTS
    for right, since in ((REFER, 2), (TRUNCATE, 3), (DEVICE_COMMANDS, 5)):
        handled |= right if known >= since else 0
    scope = ABSTRACT_SOCKETS | (SIGNALS if signals else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    attributes = struct.pack("=QQQ", handled, TCP, scope)[:size]
    ruleset = call("syscall", CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    try:
        for path, rights in rules:
            allow(ruleset, path, rights & handled)
        call("syscall", RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule, if the path is there."""
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            rights &= OF_FILES
        rule = struct.pack("=Qi", rights, beneath)
        call("syscall", ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    finally:
        os.close(beneath)
