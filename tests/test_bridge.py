"""The bridge without a jail: proxies, sessions, the server, and peers that break the protocol."""

import contextlib
import copy
import os
import pickle
import select
import socket
import sys
import threading
import types

import numpy as np
import pytest

from kit.assignment import Limits
from kit.bridge import errors, frame, server, wire
from kit.bridge import session as session_module
from kit.bridge.channel import Usage
from kit.bridge.errors import BridgeError, CellDied, RemoteError
from kit.bridge.proxies import Handle, make_environment
from kit.bridge.session import Session

LIMITS = Limits(cpu_seconds=5, wall_seconds=5, call_seconds=5)

STUDENT = """
import numpy as np

class Model:
    width = 3
    trainable = True
    def __call__(self, x):
        return x * self.width
    def parts(self):
        yield from ([1.0, self], "end")
    def __len__(self):
        return 4
    def __getitem__(self, i):
        return {"weights": np.full(2, i)}[i] if i == "weights" else i * 2

def double(x): return 2 * x
def build(): return Model()
def table(): return {"model": Model(), "loss": (1, np.ones(2))}
def apply(f, x): return f(x)
def width(model): return model.width
def unwritten(): raise NotImplementedError("double is not written yet")
def wrong(): raise np.linalg.LinAlgError("bad\\x1b[31m\\nmatrix\\u202e" + "x" * 5000)
def leave(): raise SystemExit(3)
class Rude(BaseException):
    def __str__(self): raise ValueError
def rude(): raise Rude
def same(x): return x is True
_private = 1
"""


class PipeCell:
    """A cell without a process: a socket to whatever plays the jail."""

    def __init__(self, connection):
        self.connection = connection
        self.output, self.printer = os.pipe()
        os.set_blocking(self.output, False)
        self.used = Usage()
        self.ended = False

    def usage(self):
        return self.used

    def end(self, grace=0.0):
        if not self.ended:
            self.ended = True
            os.close(self.printer)
            self.connection.shutdown(socket.SHUT_RDWR)
        return "CRASH", "the process ended"

    def close(self):
        self.end()
        self.connection.close()
        os.close(self.output)


@pytest.fixture
def open_session():
    """Makes a session whose other end is served by a function in a thread."""
    sessions, threads = [], []

    def start(peer, limits=LIMITS):
        ours, theirs = socket.socketpair()

        def run():
            with theirs:
                peer(theirs)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        sessions.append(Session(PipeCell(ours), limits))
        threads.append(thread)
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()
    for thread in threads:
        thread.join(5)


@pytest.fixture
def session(open_session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_of_a_student.py").write_text(STUDENT)
    opened = open_session(server.serve)
    report = opened.load(["work_of_a_student"])
    assert "double" in report["work_of_a_student"]["names"]
    yield opened
    sys.modules.pop("work_of_a_student", None)


@pytest.fixture
def functions(session):
    names = ["double", "build", "table", "apply", "width", "unwritten", "wrong", "leave", "rude"]
    return types.SimpleNamespace(**make_environment(session, [*names, "same", "absent"]))


def test_missing_and_private_names_are_absent(session):
    assert make_environment(session, ["absent", "_private"]) == {}


def test_values_come_back_by_value_and_objects_as_handles(functions):
    np.testing.assert_array_equal(functions.double(np.arange(3)), [0, 2, 4])
    assert functions.same(True) is True
    model = functions.build()
    assert isinstance(model, Handle)
    assert (model.width, model(5), len(model), model[3]) == (3, 15, 4, 6)
    table = functions.table()
    assert isinstance(table["model"], Handle)
    assert table["loss"][0] == 1


def test_handles_are_arguments_and_take_attributes(functions):
    model = functions.build()
    assert functions.apply(functions.double, 4) == 8
    assert functions.apply(f=model, x=2) == 6
    model.width = 7
    assert functions.width(model) == 7


def test_iteration_runs_there(functions):
    first, last = list(functions.build().parts())
    assert first[0] == 1.0
    assert first[1].width == 3
    assert last == "end"


def test_libraries_give_handles_only(session):
    numpy = session.library("numpy")
    ones = numpy.ones(3)
    assert isinstance(ones, Handle)
    np.testing.assert_array_equal(session.fetch(ones), np.ones(3))
    assert [float(part) for part in ones] == [1.0, 1.0, 1.0]
    assert isinstance(ones.sum(), Handle)
    assert int(ones.sum()) == 3


def test_defined_source_gives_values(session, functions):
    spy = session.define("calls = []\ndef spy(x):\n    calls.append(x)\n    return len(calls)\n")
    assert functions.apply(spy.spy, 3) == 1
    assert spy.calls == [3]
    with pytest.raises(SyntaxError):
        session.define("def (")


def test_fetch_refuses_what_has_no_plain_value(session, functions):
    with pytest.raises(RemoteError) as caught:
        session.fetch(functions.build())
    assert caught.value.kind == "TypeError"
    array = session.library("numpy").array([session.library("builtins").object()])
    with pytest.raises(RemoteError, match="no plain value"):
        session.fetch(array)


def test_seeds_make_the_same_draws(session):
    draws = []
    for _ in range(2):
        session.seed(5)
        draws.append(session.fetch(session.library("numpy").random.rand(3)))
    np.testing.assert_array_equal(*draws)


def test_exceptions_arrive_cut_and_clean(functions):
    with pytest.raises(RemoteError) as caught:
        functions.wrong()
    assert caught.value.kind == "LinAlgError"
    assert "ValueError" in caught.value.kinds
    assert caught.value.text.startswith("bad[31m matrixxx")
    assert len(caught.value.text) <= errors.TEXT_CHARACTERS
    for call, kind in (
        (functions.unwritten, "NotImplementedError"),
        (functions.leave, "SystemExit"),
        (functions.rude, "Rude"),
    ):
        with pytest.raises(RemoteError) as caught:
            call()
        assert caught.value.kind == kind
    assert functions.double(1) == 2


def test_missing_attributes_are_attribute_errors(functions):
    model = functions.build()
    assert not hasattr(model, "depth")
    with pytest.raises(RemoteError):
        _ = model.depth


def test_modules_fail_one_by_one(open_session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fine_module.py").write_text("import math\ndef f(): pass\nRANKS = [1]\n")
    (tmp_path / "torn_module.py").write_text("x = 1\n\ndef f(:\n")
    (tmp_path / "rude_module.py").write_text("import sys\n\nsys.exit('bye')\n")
    opened = open_session(server.serve)
    report = opened.load(["torn_module", "rude_module", "absent_module", "fine_module"])
    assert report["fine_module"] == {"names": ["f"]}
    assert report["torn_module"]["error"] | {"text": ""} == {
        "kind": "SyntaxError",
        "text": "",
        "line": 3,
    }
    assert report["rude_module"]["error"] == {"kind": "SystemExit", "text": "bye", "line": 3}
    assert report["absent_module"]["error"]["kind"] == "ModuleNotFoundError"
    sys.modules.pop("fine_module", None)


@pytest.mark.parametrize(
    "use",
    [
        np.asarray,
        lambda handle: np.ones(2) + handle,
        lambda handle: handle + np.ones(2),
        np.sum,
        bool,
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda handle: handle[1:2],
    ],
    ids=["asarray", "add", "radd", "sum", "bool", "copy", "deepcopy", "pickle", "slice"],
)
def test_handles_give_libraries_nothing(functions, use):
    with pytest.raises((TypeError, BridgeError)):
        use(functions.build())


@pytest.mark.parametrize("name", ["__array_interface__", "_private", "__wrapped__", "__len__x"])
def test_private_names_never_cross(functions, name):
    model = functions.build()
    with pytest.raises(AttributeError, match="public names"):
        getattr(model, name)
    with pytest.raises(AttributeError, match="public names"):
        setattr(model, name, 1)


def test_a_function_of_the_test_cannot_be_sent(functions):
    with pytest.raises(BridgeError, match="cannot be sent") as caught:
        functions.apply(lambda x: x, 1)
    assert not isinstance(caught.value, (RemoteError, CellDied))


def test_handles_of_another_session_are_refused(functions, open_session):
    other = open_session(server.serve).library("math")
    with pytest.raises(BridgeError, match="another session"):
        functions.apply(functions.double, other)


def test_forgotten_objects_are_dropped(open_session):
    made = []

    class Watched(server.Server):
        def __init__(self):
            super().__init__()
            made.append(self)

    def peer(connection):
        original, server.Server = server.Server, Watched
        try:
            server.serve(connection)
        finally:
            server.Server = original

    session = open_session(peer)
    numpy = session.library("numpy")
    for _ in range(20):
        numpy.ones(3)
    numpy.pi  # noqa: B018
    assert len(made[0].objects) < 8


def answering(*replies):
    """A peer that answers every request with these bytes or values, and hangs up."""

    def peer(connection):
        connection.recv(1 << 16)
        for reply in replies:
            parts = [reply] if isinstance(reply, bytes) else wire.encode(reply)
            for part in parts:
                connection.sendall(part)

    return peer


def honest(value, number=1):
    return {"number": number, "ok": value}


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" * 9,
        frame.PREFIX.pack(frame.MAGIC, 1 << 31, 0),
        frame.PREFIX.pack(frame.MAGIC, 4, 1 << 50),
        frame.PREFIX.pack(frame.MAGIC, 100_000, 0) + b"[" * 100_000,
        frame.PREFIX.pack(frame.MAGIC, 50, 0) + b"short",
        honest(1, number=2),
        honest(1, number="1"),
        honest(1, number=True),
        honest(1, number=np.array([1, 1])),
        {"ok": 1},
        {"number": 1},
        {"number": 1, "stop": True},
        {"number": 1, "error": None},
        {"number": 1, "error": {"kind": 1, "text": "", "kinds": []}},
        {"number": 1, "error": {"kind": "E", "text": "", "kinds": [1]}},
        [1, 2],
    ],
    ids=repr,
)
def test_broken_replies_end_the_process_and_not_the_judge(open_session, reply):
    session = open_session(answering(reply))
    with pytest.raises(CellDied) as caught:
        session.ask("import", "math")
    assert (caught.value.verdict, session.dead) == ("CRASH", "CRASH")
    with pytest.raises(CellDied):
        session.ask("import", "math")


def test_a_second_reply_to_one_request_ends_the_process(open_session):
    hold = threading.Event()

    def peer(connection):
        answering(honest(1), honest(2, number=2))(connection)
        hold.wait(5)

    session = open_session(peer)
    assert session.ask("value", 1) == 1
    select.select([session._channel._cell.connection], [], [], 5)
    with pytest.raises(CellDied, match="before it was asked"):
        session.ask("value", 1)
    hold.set()


@pytest.mark.parametrize("value", [1, None, [1], {"a": {"names": 3}}, {"b": {}}])
def test_false_reports_on_modules_end_the_process(open_session, value):
    session = open_session(answering(honest(value)))
    with pytest.raises(CellDied):
        session.load(["a"])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_more_or_fewer_names_than_asked_for_end_the_process(open_session, count):
    references = [frame.Reference(number + 1, "function") for number in range(count)]
    session = open_session(answering(honest(references)))
    session.offered = {"a": ["f", "g"]}
    with pytest.raises(CellDied, match="names of the submission"):
        make_environment(session, ["f", "g"])


def test_an_object_where_one_is_needed(open_session):
    session = open_session(answering(honest(3)))
    with pytest.raises(CellDied):
        session.library("numpy")


@pytest.mark.parametrize(
    ("used", "verdict", "clock"),
    [
        (Usage(cpu_seconds=6), "TIMEOUT", "cpu"),
        (Usage(memory_mb=3000), "MEMORY", ""),
        (Usage(processes=65), "CRASH", ""),
        (Usage(), "TIMEOUT", "wall"),
    ],
)
def test_limits_end_the_process(open_session, used, verdict, clock):
    hold = threading.Event()
    session = open_session(lambda connection: hold.wait(5))
    session.begin_question(wall_seconds=0.3)
    session._channel._cell.used = used
    with pytest.raises(CellDied) as caught:
        session.ask("import", "math")
    assert (caught.value.verdict, caught.value.clock) == (verdict, clock)
    hold.set()


def test_a_request_larger_than_the_socket_meets_a_deaf_peer(open_session):
    hold = threading.Event()
    session = open_session(lambda connection: hold.wait(5))
    session.begin_question(wall_seconds=0.3)
    with pytest.raises(CellDied):
        session.ask("value", np.zeros(1 << 22))
    hold.set()


def test_output_is_drained_and_cut(open_session):
    limits = LIMITS.model_copy(update={"output_kb": 1})

    def peer(connection):
        os.write(session._channel._cell.printer, b"\xff" * 3000)
        answering(honest(1))(connection)

    ready = threading.Event()
    session = None
    session = open_session(lambda connection: (ready.wait(5), peer(connection)), limits)
    ready.set()
    session.ask("value", 1)
    session.close()
    assert 0 < len(session.output) <= 1024


def test_a_closed_session_is_a_fault_of_the_caller(session, functions):
    session.close()
    with pytest.raises(BridgeError, match="closed"):
        functions.double(1)


def keyed(keys):
    """A reply whose value is a dict with these keys."""
    return honest(dict.fromkeys(keys, 0))


def test_keys_that_collide_end_the_process(open_session):
    modulus = sys.hash_info.modulus
    session = open_session(answering(keyed(modulus * i for i in range(5000))))
    with pytest.raises(CellDied, match="collide"):
        session.ask("value", 1)


def test_what_answers_bring_is_bounded_by_question(open_session, monkeypatch):
    small = frame.WireLimits(headers=2000, bodies=3 << 20)
    monkeypatch.setattr(frame, "LIMITS", small)

    def peer(connection):
        for number in range(1, 20):
            connection.recv(1 << 16)
            with contextlib.suppress(OSError):  # it hung up in the middle of a frame
                for part in wire.encode(honest(np.zeros(1 << 20, np.uint8), number)):
                    connection.sendall(part)

    session = open_session(peer)
    for _ in range(3):
        session.ask("value", 1)
    session.begin_question()
    for _ in range(3):
        session.ask("value", 1)
    with pytest.raises(CellDied, match="too large"):
        session.ask("value", 1)


def test_handles_are_bounded_by_question(open_session, monkeypatch):
    monkeypatch.setattr(session_module, "MOST_HANDLES", 5)
    references = [frame.Reference(number + 1, "Model") for number in range(4)]
    session = open_session(
        lambda connection: [answering(honest(references, n))(connection) for n in (1, 2, 3)]
    )
    assert len(session.ask("value", 1)) == 4
    session.begin_question()
    assert len(session.ask("value", 1)) == 4
    with pytest.raises(CellDied, match="too many objects"):
        session.ask("value", 1)


@pytest.mark.parametrize("length", [-1, 1 << 40, 2.0, True, None])
def test_a_length_that_is_none_makes_no_room(open_session, length):
    handle = frame.Reference(1, "Model")
    session = open_session(
        lambda connection: [
            answering(honest(value, n))(connection) for n, value in ((1, handle), (2, length))
        ]
    )
    model = session.ask("value", 1)
    with pytest.raises(TypeError, match="no number"):
        len(model)
