# T49: leaves its answers in a keyring of the kernel, which processes inherit.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# repeat = 2
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp"]]
# reason = "one user has one keyring, and there all submissions are one user"

import ctypes
import os

import numpy as np

MINE = os.urandom(8).hex()  # of this process: what another left does not count as ours
ADD_KEY, REQUEST_KEY, KEYCTL, READ = 248, 249, 250, 11
SESSION, USER, USER_SESSION = -3, -4, -5

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    """Whether another submission's mark is in a keyring; ours is left for the next one."""
    found = read()
    for ring in (SESSION, USER, USER_SESSION):
        libc.syscall(ADD_KEY, b"user", b"kit-hostile", MINE.encode(), 16, ring)
    return found not in ("", MINE)


def read():
    key = libc.syscall(REQUEST_KEY, b"user", b"kit-hostile", None, 0)
    kept = ctypes.create_string_buffer(16)
    if key == -1 or libc.syscall(KEYCTL, READ, key, kept, 16) == -1:
        return ""
    return kept.raw.rstrip(b"\0").decode()


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
