# T38: attaches to other processes with ptrace, and reads them with process_vm_readv and
# /proc/<pid>/mem.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# [tier.separate-uid]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["uid", "capabilities", "landlock", "seccomp"]]
# reason = "elsewhere no process of its user can be traced, whatever is switched off"

import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE, PTRACE_DETACH = 0x4206, 17


class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def attack():
    """Whether one other process gave up one byte, or let itself be traced."""
    return any(traced(pid) or read(pid) or read_file(pid) for pid in others())


def others():
    near = range(max(2, os.getpid() - 50), os.getpid() + 50)
    try:
        seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except OSError:
        seen = set()
    return sorted({*seen, *near, os.getppid()} - {0, os.getpid()})


def traced(pid):
    if libc.ptrace(PTRACE_SEIZE, pid, None, None) == -1:
        return False
    libc.ptrace(PTRACE_DETACH, pid, None, None)
    return True


def read(pid):
    kept = ctypes.create_string_buffer(8)
    here = Span(ctypes.addressof(kept), 8)
    there = Span(id(None), 8)  # after a fork, the same address in both
    return libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0


def read_file(pid):
    try:
        with open(f"/proc/{pid}/mem", "rb") as stream:
            stream.seek(id(None))
            return len(stream.read(8)) > 0
    except OSError:
        return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
