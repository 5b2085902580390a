"""A frame of the bridge: `magic, header length, body length`, a JSON header, the array buffers.

The buffers follow one another, each padded to 64 bytes. Every length is bounded before anything
is read. This file travels into the jail, so it imports nothing of the kit.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

MAGIC = b"KIT1"
PREFIX = struct.Struct("<4sIQ")
ALIGNMENT = 64


class WireError(Exception):
    """A value that cannot travel, or bytes that are not an honest frame."""


@dataclass(frozen=True)
class WireLimits:
    """Upper bounds on one frame; the last two on all frames that answer one question.

    `collisions` are keys of a dict whose hashes are equal: many of them make building it quadratic.
    """

    header: int = 4 << 20
    body: int = 256 << 20
    depth: int = 40
    nodes: int = 500_000
    buffers: int = 4096
    references: int = 10_000
    collisions: int = 100
    headers: int = 32 << 20
    bodies: int = 1 << 30


LIMITS = WireLimits()


class Reference(NamedTuple):
    """An object that stays in the jail: its number there and the name of its type."""

    id: int
    type: str


class Frame(NamedTuple):
    """One frame as received: the JSON text and the buffers, one after the other."""

    header: bytes
    body: np.ndarray


def padded(size: int) -> int:
    """The room that a buffer takes in a frame."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def filled_from(connection: socket.socket) -> Callable[[memoryview], None]:
    """A function that fills a view from a socket, and raises EOFError where that hangs up."""

    def fill(view: memoryview) -> None:
        while len(view):
            count = connection.recv_into(view)
            if not count:
                raise EOFError("the other end hung up")
            view = view[count:]

    return fill


def read_frame(fill: Callable[[memoryview], None], limits: WireLimits = LIMITS) -> Frame:
    """Read one frame; `fill` fills a whole memoryview or raises.

    Raises:
        WireError: the lengths are out of bounds, or the frame does not begin as one.
    """
    prefix = bytearray(PREFIX.size)
    fill(memoryview(prefix))
    magic, header_length, body_length = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError("these bytes are not a frame")
    if header_length > limits.header or body_length > limits.body:
        raise WireError("the frame is too large")
    header = bytearray(header_length)
    fill(memoryview(header))
    body = np.empty(body_length, np.uint8)
    fill(memoryview(body))  # type: ignore[arg-type]
    return Frame(bytes(header), body)
