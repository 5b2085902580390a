# T46: opens sockets through the system calls of older machines, which a filter may have forgotten:
# those of 32 bit by interrupt, those of x32 by their numbers.
#
# verdict = ["FAIL", "CRASH"]
# points = { q1 = 0, q2 = 1 }

import ctypes
import mmap
import platform
import struct

import numpy as np

NETLINK, RAW = 16, 3
X32, SOCKET, OLD_SOCKET = 0x40000000, 41, 359


def attack():
    """Whether one of them gave a socket."""
    return platform.machine() == "x86_64" and (by_number() >= 0 or by_interrupt() >= 0)


def by_number():
    return ctypes.CDLL(None, use_errno=True).syscall(X32 | SOCKET, NETLINK, RAW, 0)


def by_interrupt():
    """push rbx; eax, ebx, ecx, edx = number and arguments; int 0x80; pop rbx; ret"""
    code = b"\x53\xb8" + struct.pack("<I", OLD_SOCKET) + b"\xbb" + struct.pack("<I", NETLINK)
    code += b"\xb9" + struct.pack("<I", RAW) + b"\xba" + bytes(4) + b"\xcd\x80\x5b\xc3"
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_int)(start)()


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x
