"""Frames made by an enemy: 100,000 of them bring values or clean refusals, never anything else.

Each example draws a value and a seed; from both comes a batch of frames: the value's own bytes
flipped, cut, doubled and spliced, its JSON torn and put together in other ways, and frames made
from nothing. Every frame is read twice, as bytes and as the answer to a session's request.
"""

import json
import os
import random
import resource
import socket
import string

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_wire import ARRAYS, PLAIN, joined, reader

from kit.assignment import Limits
from kit.bridge import frame, wire
from kit.bridge.channel import Usage
from kit.bridge.errors import CellDied, RemoteError
from kit.bridge.frame import MAGIC, PREFIX, Reference, WireError
from kit.bridge.proxies import Handle
from kit.bridge.session import Session

BATCH = 50
QUICK, SLOW = 2_000, 100_000
GROWTH_MB = 1024  # the largest frame that is allowed, and what reading it takes
LIMITS = Limits(cpu_seconds=60, wall_seconds=60, call_seconds=60)
PLAIN_TYPES = (bool, int, float, complex, str, bytes, list, tuple, dict, np.ndarray, Handle)
OPERATIONS = ("value", "call", "get", "len", "next", "iter", "index", "define", "names")
HUGE = (
    "1" * 399,
    "-" + "9" * 401,
    "1e999",
    "9" * 5000,
    "NaN",
    "Infinity",
    "0.1",
    "18446744073709551616",
)
TAGS = ("tuple", "dict", "bytes", "array", "ref", "complex", "b", "v", "", "__class__")
WORDS = ("number", "ok", "stop", "error", "kind", "text", "kinds", "float64", "object", "int8")


class Fuzz:
    """Frames from a seed; the same seed gives the same frames."""

    def __init__(self, seed, value):
        self.draw = random.Random(seed)
        self.base = joined(wire.encode({"number": 1, "ok": value}, lambda _: Reference(3, "Model")))

    def frames(self):
        makers = (self.bytes_changed, self.json_changed, self.made, self.lengths_changed, self.odd)
        return [self.draw.choice(makers)() for _ in range(BATCH)]

    def bytes_changed(self):
        data = bytearray(self.base)
        for _ in range(self.draw.randint(1, 8)):
            place = self.draw.randrange(len(data) + 1)
            action = self.draw.randrange(6)
            if action == 0 and place < len(data):
                data[place] ^= 1 << self.draw.randrange(8)
            elif action == 1:
                data[place:place] = self.draw.choice(
                    [b"[", b"]}", b"{", b"9" * 50, b"\0", b'"', b"\xff"]
                )
            elif action == 2:
                del data[place : place + self.draw.randint(1, 40)]
            elif action == 3:
                del data[place:]
            elif action == 4:
                data += data[: self.draw.randint(0, len(data))]
            else:
                data[place : place + 4] = self.draw.randbytes(4)
        return bytes(data)

    def lengths_changed(self):
        _, header, body = PREFIX.unpack(self.base[: PREFIX.size])
        header = self.draw.choice([0, 1, header - 1, header + 1, 4 << 20, (4 << 20) + 1, 2**32 - 1])
        body = self.draw.choice([0, 1, 63, body + 64, 1 << 20, (256 << 20) + 1, 2**64 - 1, body])
        prefix = PREFIX.pack(self.draw.choice([MAGIC, b"KIT2"]), max(0, header), body)
        return prefix + self.base[PREFIX.size :]

    def json_changed(self):
        _, length, _ = PREFIX.unpack(self.base[: PREFIX.size])
        text = self.base[PREFIX.size : PREFIX.size + length]
        body = self.base[PREFIX.size + length :]
        table = json.loads(text)
        for _ in range(self.draw.randint(1, 4)):
            table = self.torn(table)
        if self.draw.random() < 0.1:
            body = self.draw.randbytes(self.draw.choice([0, 64, 128]))
        return packed(self.text(table), body)

    def torn(self, node):
        """The tree with a node of it replaced."""
        if self.draw.random() < 0.15:
            return self.junk(0)
        if type(node) is dict and node:
            key = self.draw.choice(list(node))
            return {(self.word() if self.draw.random() < 0.1 else k): (
                self.torn(v) if k == key else v) for k, v in node.items()}  # fmt: skip
        if type(node) is list and node:
            place = self.draw.randrange(len(node))
            action = self.draw.random()
            if action < 0.1:
                return node[:place] + node[place + 1 :]
            if action < 0.2:
                return node + node
            return [*node[:place], self.torn(node[place]), *node[place + 1 :]]
        return self.junk(0)

    def junk(self, depth):
        kind = self.draw.randrange(14 if depth < 4 else 9)
        if kind < 4:
            return self.draw.choice(
                [None, True, 0, 1, -1, 2**31, 2**62, 2**1024, 0.5, "", "x", "\ud800"]
            )
        if kind == 4:
            return Raw(self.draw.choice(HUGE))
        if kind == 5:
            depth = self.draw.choice([10, 45, 10_000])
            return Raw("[" * depth + "]" * self.draw.choice([depth, 0, 1]))
        if kind == 6:
            return {
                "array": [self.word(), [self.size() for _ in range(self.draw.randint(0, 40))], 0]
            }
        if kind == 7:
            return {"ref": [self.size(), self.word() * self.draw.choice([1, 500])]}
        if kind == 8:
            modulus = (1 << 61) - 1
            return {"dict": [[modulus * i, 0] for i in range(self.draw.choice([3, 300]))]}
        if kind < 11:
            return [self.junk(depth + 1) for _ in range(self.draw.randint(0, 4))]
        return {self.word(): self.junk(depth + 1) for _ in range(self.draw.randint(0, 3))}

    def made(self):
        answer = {"number": 1, self.draw.choice(["ok", "error", "stop"]): 0}
        pairs = [["number", self.draw.choice([1, 1, 1, 2, True, 1.0])]]
        pairs.append([self.draw.choice(list(answer)), self.junk(0)])
        node = self.draw.choice([{"dict": pairs}, self.junk(0)])
        sizes = [self.size() for _ in range(self.draw.choice([0, 0, 0, 1, 3]))]
        return packed(self.text({"b": sizes, "v": node}), self.draw.randbytes(64 * len(sizes)))

    def odd(self):
        """A well-formed frame that answers nothing, or with something else than was asked for."""
        reply = {"number": 1 if self.draw.random() < 0.6 else self.part(0)}
        for key in self.draw.choice((["ok"], ["error"], ["error"], ["stop"], [], ["ok", "error"])):
            reply[key] = self.part(0)
        return joined(wire.encode(self.draw.choice([reply, reply, self.part(0)])))

    def part(self, depth):
        kind = self.draw.randrange(9 if depth < 3 else 6)
        if kind < 3:
            return self.draw.choice(
                [None, True, 1, -5, 10**300, 1.0, "text", "\x1b[31m\n", b"x", 1j]
            )
        if kind == 3:
            return np.full(self.draw.choice([(), 2, (0, 3), (1, 1)]), 1, self.draw.choice("?bdF"))
        if kind == 4:
            return {"kind": self.part(3), "text": self.part(3), "kinds": [self.part(3)]}
        if kind == 5:
            return Reference(self.draw.choice([1, 2**62]), "T" * self.draw.choice([1, 900]))
        parts = [self.part(depth + 1) for _ in range(self.draw.randint(0, 3))]
        named = dict.fromkeys(("layers", *self.draw.sample(WORDS, len(parts))), parts)
        return self.draw.choice([parts, tuple(parts), named, {"names": parts}])

    def word(self):
        return self.draw.choice([*TAGS, *WORDS, self.draw.choice(string.ascii_letters)])

    def size(self):
        return self.draw.choice([0, 1, 3, 8, 64, -1, 2**28, 2**40, 2**63, True, 1.0, None])

    def text(self, table):
        text = json.dumps(table, default=str)
        for raw in Raw.made:
            text = text.replace(f'"{raw.mark}"', raw.text, 1)
        Raw.made.clear()
        return text.encode()


class Raw:
    """Text that goes into the JSON as it is."""

    made: list = []

    def __init__(self, text):
        self.text = text
        self.mark = f"raw-{len(Raw.made)}-raw"
        Raw.made.append(self)

    def __str__(self):
        return self.mark


def packed(header, body):
    return PREFIX.pack(MAGIC, len(header), len(body)) + header + body


class Replay:
    """A connection whose other end has answered before it is asked: bytes, then nothing more."""

    def __init__(self, data):
        self.ours, self.theirs = socket.socketpair()
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        self.data = data

    def fileno(self):
        return self.ours.fileno()

    def setblocking(self, flag):
        self.ours.setblocking(flag)

    def send(self, view):
        """The answer is on its way once the request is."""
        self.theirs.setblocking(False)
        self.theirs.send(self.data[: 1 << 18])
        self.theirs.shutdown(socket.SHUT_WR)
        return len(view)

    def recv_into(self, view):
        return self.ours.recv_into(view)

    def close(self):
        self.ours.close()
        self.theirs.close()


class FakeCell:
    """A cell without a process behind it."""

    def __init__(self, data):
        self.connection = Replay(data)
        self.output, self.printer = os.pipe()
        os.set_blocking(self.output, False)

    def usage(self):
        return Usage()

    def end(self, grace=0.0):
        return "CRASH", "the process ended"

    def close(self):
        self.connection.close()
        os.close(self.output)
        os.close(self.printer)


def check_plain(value, depth=0):
    """What crossed is of exact plain types, throughout."""
    assert value is None or type(value) in PLAIN_TYPES, type(value)
    assert depth < 100
    if type(value) is np.ndarray:
        assert value.dtype.kind in "biufc"
    parts = value if type(value) in (list, tuple) else ()
    if type(value) is dict:
        parts = [*value, *value.values()]
    for part in parts:
        check_plain(part, depth + 1)


def as_bytes(data):
    """Read a frame by itself."""
    made = []
    try:
        made.append(wire.decode(frame.read_frame(reader(data)), lambda _: None))
    except (WireError, EOFError):
        return
    check_plain(made[0])


def as_answer(data, operation):
    """Read a frame as the answer to a request; whatever comes of it, the session says why."""
    session = Session(FakeCell(data), LIMITS)
    try:
        if operation == "load":
            report = session.load(["layers"])
            assert set(report) == {"layers"}
        else:
            check_plain(session.ask(operation, 1))
    except CellDied as death:
        assert session.dead == death.verdict == "CRASH"
    except RemoteError as error:
        assert len(error.kind) <= 200 and len(error.text) <= 2000
        assert error.text.isprintable() and error.kind.isprintable()
    except StopIteration:
        assert operation == "next"
    finally:
        session.close()


def fuzz(least):
    """Batches until so many frames were read, the memory of this process bounded."""
    read = 0

    @settings(
        deadline=None,
        database=None,
        derandomize=True,
        max_examples=-(-least // BATCH),
        suppress_health_check=list(HealthCheck),
    )
    @given(PLAIN | ARRAYS | st.lists(ARRAYS, max_size=3), st.integers(0, 2**32))
    def run(value, seed):
        nonlocal read
        choose = random.Random(seed)
        for data in Fuzz(seed, value).frames():
            as_bytes(data)
            as_answer(data, choose.choice((*OPERATIONS, "load")))
            read += 1

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    run()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10 < before + GROWTH_MB
    return read


def test_hostile_frames_bring_values_or_refusals():
    assert fuzz(QUICK) >= QUICK


@pytest.mark.slow
def test_a_hundred_thousand_hostile_frames():
    assert fuzz(SLOW) >= SLOW
