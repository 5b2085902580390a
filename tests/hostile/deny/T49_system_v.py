# T49: leaves its answers in a System V segment, which outlives the process that made it.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# repeat = 2
# leans_on = [["ipc", "seccomp"]]

import ctypes
import os

import numpy as np

MINE = os.urandom(8).hex()  # of this process: what another left does not count as ours
KEY, SIZE, IPC_CREAT = 0x6B6974, 64, 0o1000

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p


def attack():
    """Whether another submission's mark is in the segment; ours is left for the next one."""
    number = libc.shmget(KEY, SIZE, IPC_CREAT | 0o666)
    address = libc.shmat(number, None, 0) if number != -1 else None
    if address in (None, ctypes.c_void_p(-1).value):
        return False
    found = ctypes.string_at(address, 16).rstrip(b"\0").decode()
    ctypes.memmove(address, MINE.encode(), 16)
    return found not in ("", MINE)


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
