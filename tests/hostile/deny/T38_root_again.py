# T38: asks for root: user and group 0, a changed owner, a user namespace in which it is root.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["capabilities", "seccomp"]]
#
# [tier.separate-uid]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp"]]
# reason = "Where the machine lets users make namespaces, its filter alone refuses them."

import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER, CLONE_NEWUTS = 0x10000000, 0x04000000


def attack():
    """Whether it became anything that it was not."""
    became_root = os.getuid() != 0 and does(os.setuid, 0)
    return became_root or does(os.setgroups, [0]) or new_namespace()


def does(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        return False
    return True


def new_namespace():
    """A child tries, so that this process stays as it is."""
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        flags = CLONE_NEWUTS if libc.unshare(CLONE_NEWUSER) else CLONE_NEWUSER
        os._exit(1 if flags == CLONE_NEWUSER or libc.unshare(CLONE_NEWUTS) == 0 else 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
