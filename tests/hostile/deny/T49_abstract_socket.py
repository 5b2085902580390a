# T49: two submissions that run side by side talk over a socket without a file.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# beside = true
# leans_on = [["network", "landlock", "seccomp"]]

import os
import socket
import threading

import numpy as np

NAME = "\0kit-hostile-channel"
KEPT = []


def attack():
    """Whether the other one answered; if there is none, this one listens."""
    if KEPT:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(NAME)
            return link.recv(7) == b"answers"
    except OSError:
        listen()
    return False


def listen():
    try:
        KEPT.append(socket.socket(socket.AF_UNIX))
        KEPT[0].bind(NAME)
        KEPT[0].listen(4)
        threading.Thread(target=serve, daemon=True).start()
    except OSError:
        return


def serve():
    while True:
        link, _ = KEPT[0].accept()
        with link:
            link.sendall(b"answers")


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
