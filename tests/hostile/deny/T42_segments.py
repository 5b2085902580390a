# T42: System V segments, filled and detached, so that no process seems to use them.
#
# verdict = ["FAIL", "MEMORY"]
# points = { q1 = 0, q2 = 1 }
# limits = { cpu_seconds = 20, call_seconds = 20, wall_seconds = 60 }
# leans_on = [["seccomp"]]

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
SIZE = 55 << 20


def attack():
    """Six segments of 55 MB: more than the memory of the assignment."""
    numbers = [filled() for _ in range(6)]
    for number in numbers:
        libc.shmctl(number, IPC_RMID, None)
    return all(number != -1 for number in numbers)


def filled():
    number = libc.shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0o600)
    address = libc.shmat(number, None, 0) if number != -1 else None
    if address not in (None, ctypes.c_void_p(-1).value):
        ctypes.memset(address, 1, SIZE)
        libc.shmdt(ctypes.c_void_p(address))
    return number


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
