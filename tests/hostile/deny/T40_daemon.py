# T40: leaves a daemon: double fork, new session, deaf to signals, holds stdout and the connection
# open.
#
# verdict = ["FAIL", "ERROR"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["pid"], ["kill"]]
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["seccomp", "kill"]]
# reason = "no process may be started there, so that none can be left behind"

import os
import signal

import numpy as np


def attack():
    """The runner looks for the daemon once the submission is done; it ends by itself later."""
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            os.set_inheritable(3, True)
            os.execv("/bin/sleep", ["kit-hostile-daemon", "60"])
        os._exit(0)
    os.wait()
    return False


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
