"""System-call filters: a small assembler of classic BPF, and the call that installs a program.

A filter is a list of rules. The first rule that fits answers; where none fits, the call is allowed.
"""

import ctypes
import platform
import struct
from collections.abc import Iterable
from typing import NamedTuple

from kit.jail.confine import call
from kit.jail.syscalls import NEWER, architecture, numbers

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # codes of classic BPF
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in the kernel's struct seccomp_data
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
ENOSYS = 38
X32 = 0x40000000  # numbers of x86-64's second set of calls start here
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALL_BITS = 0xFFFFFFFF


class Test(NamedTuple):
    """`(argument & mask) == value`, or `!=`; on the lower 32 bits, all that these calls look at."""

    argument: int
    value: int
    mask: int = ALL_BITS
    equal: bool = True


class Rule(NamedTuple):
    """These calls fail with `error` where all tests hold."""

    names: tuple[str, ...]
    error: int
    tests: tuple[Test, ...] = ()


def assemble(rules: Iterable[Rule]) -> bytes:
    """The program for this machine; what its table does not know fails with ENOSYS.

    Raises:
        OSError: this kind of machine is unknown.
    """
    known = numbers(platform.machine()) if architecture() else {}
    program = [
        *[(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture()), (RETURN, 0, 0, KILL)],
        *[(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)],
        *[(AT_LEAST, 0, 1, NEWER), (RETURN, 0, 0, ERRNO | ENOSYS)],
    ]
    for rule in rules:
        for name in rule.names:
            if name in known:
                program += block(known[name], rule)
    program.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def block(number: int, rule: Rule) -> list[tuple[int, int, int, int]]:
    """Instructions that answer one call by its rule, or go on with its number loaded again."""
    body: list[tuple[int, int, int, int]] = []
    for test in reversed(rule.tests):
        rest = len(body) + 1  # a failed test jumps behind the answer
        jump = (EQUAL, 0, rest, test.value) if test.equal else (EQUAL, rest, 0, test.value)
        load = (LOAD, 0, 0, ARGUMENTS + 8 * test.argument)
        body = [load, (AND, 0, 0, test.mask), jump, *body]
    body.append((RETURN, 0, 0, ERRNO | rule.error))
    reload = [(LOAD, 0, 0, NUMBER)] if rule.tests else []
    return [(EQUAL, 0, len(body) + len(reload), number), *body, *reload]


class Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def install(program: bytes) -> None:
    """Filter the calls of this process, and of all it starts, for good.

    It needs no_new_privs or a privilege.
    """
    code = ctypes.create_string_buffer(program, len(program))
    head = Program(len(program) // 8, ctypes.addressof(code))
    zero = ctypes.c_ulong(0)
    mode = ctypes.c_ulong(SECCOMP_MODE_FILTER)
    call("prctl", PR_SET_SECCOMP, mode, ctypes.byref(head), zero, zero)
