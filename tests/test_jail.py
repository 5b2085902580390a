"""The jail for real: hostile code in it costs its own session, and nothing outside it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from kit.assignment import Limits
from kit.bridge.errors import CellDied, RemoteError
from kit.bridge.proxies import Handle, make_environment
from kit.errors import JailError
from kit.jail import Jail, available, layout, probe
from kit.jail import jail as jail_module

CONFINING = (
    "namespaces",
    pytest.param("separate-uid", marks=pytest.mark.slow),
    pytest.param("landlock", marks=pytest.mark.slow),
)
LIMITS = Limits(
    cpu_seconds=3, wall_seconds=20, call_seconds=1.0, memory_mb=300, tmp_mb=16, processes=20
)


@pytest.fixture(scope="module", params=CONFINING)
def small_jail(request):
    if (reason := available(request.param)) is not None:
        pytest.skip(f"{request.param}: {reason}")
    with Jail(["numpy"], LIMITS, tier=request.param) as running:
        yield running


@pytest.fixture
def tier(small_jail):
    return small_jail.tier


@pytest.fixture
def forking(tier):
    if tier == "landlock":
        pytest.skip("this tier starts no process")


@pytest.fixture
def run(small_jail):
    """Starts a session with one module and returns it and its functions."""
    sessions = []

    def start(source, limits=None, **files):
        code = textwrap.dedent(source).encode()
        named = {f"{name}.py": text.encode() for name, text in files.items()}
        session = small_jail.start({"work.py": code, **named}, limits)
        sessions.append(session)
        report = session.load(["work"])["work"]
        if "error" in report:
            raise RemoteError(report["error"]["kind"], report["error"]["text"])
        return session, make_environment(session, report["names"])

    def close():
        for session in sessions:
            session.close()

    start.close = close
    yield start
    close()


def died(call, *arguments):
    with pytest.raises(CellDied) as caught:
        call(*arguments)
    return caught.value.verdict


def still_serves(small_jail):
    with small_jail.start({"fine.py": b"def f(x): return x + 1\n"}) as session:
        session.load(["fine"])
        return make_environment(session, ["f"])["f"](41) == 42


def test_arrays_go_there_and_back(run):
    _, functions = run(
        """
        import numpy as np
        def halves(x): return x[: len(x) // 2], x[len(x) // 2 :]
        def scale(x):
            x *= 2
            return x
        class Box:
            size = 3
        """
    )
    big = np.random.default_rng(0).normal(size=(1 << 19, 2))
    left, right = functions["halves"](big)
    np.testing.assert_array_equal(np.concatenate([left, right]), big)
    mine = np.ones(3, np.float32)
    assert functions["scale"](mine).dtype == np.float32
    np.testing.assert_array_equal(mine, np.ones(3))
    assert isinstance(functions["Box"](), Handle)
    assert functions["Box"]().size == 3


def test_helper_files_are_beside_the_module(run):
    _, functions = run(
        "from extra import base\ndef f(): return base()\n", extra="def base(): return 5"
    )
    assert functions["f"]() == 5


def test_objects_of_the_submission_run_nothing_here(run, tmp_path):
    _, functions = run(
        f"""
        import numpy as np, os
        class Sly(np.ndarray):
            def __array_finalize__(self, other): pass
        class Equal:
            def __eq__(self, other): return True
            def __reduce__(self): return os.system, ("touch {tmp_path}/ran",)
        class Number(float): pass
        def sly(): return np.zeros(3).view(Sly)
        def equal(): return Equal()
        def objects(): return np.array([Equal()])
        def nested(): return [(Equal(), 1), {{"a": Equal()}}]
        """
    )
    assert isinstance(functions["sly"](), Handle)
    assert functions["equal"]() != 3
    assert isinstance(functions["objects"](), Handle)
    assert isinstance(functions["nested"]()[0][0], Handle)
    assert not list(tmp_path.iterdir())


def test_exceptions_and_exits_are_answers(run):
    session, functions = run(
        """
        import sys
        def wrong(): raise KeyError("k")
        def leave(): sys.exit(0)
        def deep(): return deep()
        def huge(): return 10 ** 5000
        def big(): return 10 ** 299
        """
    )
    for name, kind in (("wrong", "KeyError"), ("leave", "SystemExit"), ("deep", "RecursionError")):
        with pytest.raises(RemoteError) as caught:
            functions[name]()
        assert caught.value.kind == kind
    assert isinstance(functions["huge"](), Handle)
    assert functions["big"]() == 10**299
    assert session.dead is None


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("import os; os._exit(0)", "CRASH"),
        ("import ctypes; ctypes.string_at(0)", "CRASH"),
        ("import os; os.abort()", "CRASH"),
        ("import os; os.close(3)", "CRASH"),
        ("import os; os.write(3, b'KIT1' + bytes(100))", "CRASH"),
        ("import os; os.write(3, b'{\"points\": 10}')", "CRASH"),
        ("while True: pass", "TIMEOUT"),
        ("import re; re.match(r'(a+)+$', 'a' * 40 + 'b')", "TIMEOUT"),
        (
            "import signal\nfor s in range(1, 65):\n"
            "  try: signal.signal(s, signal.SIG_IGN)\n  except Exception: pass\nwhile True: pass",
            "TIMEOUT",
        ),
        ("kept = []\nwhile True: kept.append(bytearray(1 << 20))", "MEMORY"),
    ],
    ids=["exit", "segfault", "abort", "close", "forge", "text", "loop", "regex", "deaf", "memory"],
)
def test_deaths_have_a_verdict_and_cost_one_session(run, small_jail, body, verdict):
    session, functions = run("def f():\n" + textwrap.indent(body, "    ") + "\n")
    assert died(functions["f"]) == verdict
    assert session.dead == verdict
    assert died(functions["f"]) == verdict
    assert still_serves(small_jail)


def test_a_sleeper_meets_the_clock_on_the_wall(run):
    session, functions = run("import time\ndef f(): time.sleep(60)\n")
    session.begin_question(wall_seconds=0.5)  # importing takes its time on a busy machine
    with pytest.raises(CellDied) as caught:
        functions["f"]()
    assert (caught.value.verdict, caught.value.clock) == ("TIMEOUT", "wall")


def test_processor_time_counts_over_the_calls_of_a_question(run):
    limits = LIMITS.model_copy(update={"cpu_seconds": 0.6})
    source = """
    import time
    def f():
        end = time.process_time() + 0.25
        while time.process_time() < end: pass
    """
    session, functions = run(source, limits)
    for _ in range(3):
        session.begin_question()
        functions["f"]()
    with pytest.raises(CellDied) as caught:
        for _ in range(8):
            functions["f"]()
    assert caught.value.clock == "cpu"


def test_one_huge_allocation_is_an_exception(run):
    _, functions = run("import numpy as np\ndef f(): return np.ones(1 << 40)\n")
    with pytest.raises(RemoteError) as caught:
        functions["f"]()
    assert "MemoryError" in caught.value.kinds


def test_death_at_import(small_jail):
    with small_jail.start({"work.py": b"import os\nos._exit(0)\n"}) as session:
        assert died(session.load, ["work"]) == "CRASH"


def marked(name):
    """The processes of this machine whose command line begins with `name`."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (folder / "cmdline").read_bytes().startswith(name.encode()):
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def wait_until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true within 30 seconds")


def test_a_daemon_dies_with_its_session(run, forking):
    session, functions = run(
        """
        import os, time
        def f():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.execv("/bin/sleep", ["daemon-left-behind", "1000"])
                os._exit(0)
        """
    )
    functions["f"]()
    wait_until(lambda: len(marked("daemon-left-behind")) == 1)
    session.close()
    wait_until(lambda: not marked("daemon-left-behind"))


def test_processes_that_replace_one_another_are_ended(run, forking):
    """Each starts the next and ends: no list of processes ever shows the one that lives."""
    session, functions = run(
        """
        import os, time
        def who(): return os.getuid()
        def fork():
            while True:  # where the dead are not yet counted out, the limit refuses for a moment
                try: return os.fork()
                except OSError: time.sleep(0.001)
        def f():
            end = time.monotonic() + 60
            for _ in range(4):
                if fork() == 0:
                    while time.monotonic() < end:
                        if fork(): os._exit(0)
                    os._exit(0)
            time.sleep(0.2)
        """
    )
    user = functions["who"]()
    with contextlib.suppress(CellDied):  # what has ended and nobody asked after counts, too
        functions["f"]()
    session.close()
    for _ in range(3):
        assert not [p for p in Path("/proc").glob("[0-9]*") if owner(p) == user != 65534]


def owner(folder):
    try:
        return folder.stat().st_uid
    except OSError:
        return None


def test_a_fork_bomb_is_ended(run, small_jail, forking):
    _, functions = run(
        """
        import os, time
        def f():
            while True:
                try: os.fork()
                except OSError: time.sleep(0.01)
        """
    )
    assert died(functions["f"]) in ("CRASH", "TIMEOUT")
    assert still_serves(small_jail)


def test_memory_of_children_counts(run, forking):
    _, functions = run(
        """
        import os, time
        def f():
            for _ in range(6):
                if os.fork() == 0:
                    kept = bytearray(100 << 20)
                    kept[::4096] = b"x" * len(kept[::4096])
                    time.sleep(60)
            time.sleep(60)
        """
    )
    assert died(functions["f"]) == "MEMORY"


def test_memory_that_children_share_counts_once(run, forking):
    _, functions = run(
        """
        import os, time
        def f():
            kept = bytearray(b"x") * (150 << 20)
            children = []
            for _ in range(3):
                if (child := os.fork()) == 0:
                    time.sleep(0.5)
                    os._exit(0)
                children.append(child)
            for child in children: os.waitpid(child, 0)
            return len(kept)
        """
    )
    assert functions["f"]() == 150 << 20


def test_an_output_flood_is_cut(run):
    session, functions = run(
        "def f():\n    for _ in range(200): print('x' * 100_000)\n    return 1\n"
    )
    assert functions["f"]() == 1
    assert len(session.output) == LIMITS.output_kb << 10


DISK_FILLER = """
def where():
    import os
    return os.environ["TMPDIR"]
def f(folder):
    try:
        for i in range(100):
            with open(f"{folder}/{i}", "wb") as stream: stream.write(bytes(1 << 20))
        __import__("time").sleep(5)  # a fast disk is done before the watchdog's next look
    except OSError:
        return i
def leave():
    import os, time
    kept = []
    for i in range(60):
        kept.append(open("gone", "wb"))
        kept[-1].write(bytes(1 << 20))
        os.unlink("gone")
    time.sleep(10)
def many():
    import os, time
    for i in range(8000): open(str(i), "w").close()
    time.sleep(10)
def nested():
    import os, time
    for i in range(2500):
        os.mkdir("d")
        os.chdir("d")
    time.sleep(10)
"""


def test_a_disk_filler_fills_its_own_folder_only(run, small_jail, tier):
    _, functions = run(DISK_FILLER)
    if tier == "namespaces":
        assert functions["f"]("/tmp") <= 16
        assert functions["f"]("/dev/shm") <= 16
    else:
        assert functions["f"]("/tmp") == functions["f"]("/var/tmp") == 0
        assert died(functions["f"], ".") == "CRASH"
        assert not list(Path("/dev/shm").glob("[0-9]*"))
    assert still_serves(small_jail)


@pytest.mark.parametrize("name", ["leave", "many", "nested"])
def test_files_that_are_hard_to_count_are_counted(run, small_jail, tier, name):
    if tier == "namespaces":
        pytest.skip("the kernel counts what is in its own /tmp")
    limits = LIMITS.model_copy(update={"cpu_seconds": 30, "call_seconds": 30, "wall_seconds": 60})
    session, functions = run(DISK_FILLER, limits)
    folder = Path(functions["where"]())
    assert folder.is_dir()
    with pytest.raises(CellDied, match=r"files|MB of files"):
        functions[name]()
    session.close()
    assert not folder.exists()
    assert still_serves(small_jail)


def test_nothing_is_left_for_the_next_submission(run):
    places = ["/tmp", "/var/tmp", "/dev/shm", "."]
    _, functions = run(
        """
        def f(place):
            try: open(place + "/kit-test-answer", "w").write("42")
            except OSError: pass
        """
    )
    for place in places:
        functions["f"](place)
    run.close()
    _, functions = run("import os\ndef f(p): return os.path.exists(p + '/kit-test-answer')\n")
    assert [functions["f"](place) for place in places] == [False] * 4


ESCAPES = """
import os, socket

def attempt(action, *arguments):
    try: return repr(action(*arguments))
    except BaseException as error: return None

def read(path): return attempt(lambda: open(path, "rb").read(10))
def listing(path): return attempt(os.listdir, path)
def connect(port):
    def action():
        with socket.socket() as link:
            link.settimeout(1)
            link.connect(("127.0.0.1", port))
            return True
    return attempt(action)
def abstract(name):
    def action():
        with socket.socket(socket.AF_UNIX) as link: link.connect(name)
        return True
    return attempt(action)
def lookup(): return attempt(socket.getaddrinfo, "example.org", 80)
def environment(): return dict(os.environ)
def processes():
    try: return sorted(name for name in os.listdir("/proc") if name.isdigit())
    except OSError: return None
def stop(pid): return attempt(os.kill, pid, 9)
def everything(): return attempt(os.kill, -1, 9)
def setting(): return attempt(lambda: open("/proc/sys/kernel/core_pattern", "w"))
def change(): return attempt(os.chmod, "/dev/null", 0)
def namespace():
    import ctypes
    return ctypes.CDLL(None).unshare(0x10000000)
def unmount():
    import ctypes
    return ctypes.CDLL(None).umount2(b"/proc", 2)
def identity(): return os.getuid(), os.geteuid()
def walk(name):
    return [os.path.join(d, f) for top in ("/opt/jail", "/tmp", "/dev")
            for d, _, files in os.walk(top) for f in files if f == name]
def descriptors():
    return [fd for fd in range(64) if attempt(os.fstat, fd) is not None]
"""


def test_there_is_no_way_out(run, tier, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SECRET", "hush")
    _, functions = run(ESCAPES)
    here = Path(__file__).resolve()
    assert functions["read"](str(here)) is None
    for folder in (here.parents[1], Path.home(), tmp_path):
        assert functions["listing"](str(folder)) is None, folder
    for path in ("/etc/passwd", "/etc/shadow", "/proc/1/mem", "/proc/kcore"):
        assert functions["read"](path) is None, path
    assert functions["walk"](here.name) == functions["walk"]("grade.py") == []
    assert "hush" not in functions["environment"]().values()
    assert functions["processes"]() == (["1"] if tier == "namespaces" else None)
    assert functions["setting"]() is None
    assert functions["change"]() is None
    assert functions["namespace"]() == functions["unmount"]() == -1
    assert tier == "landlock" or 0 not in functions["identity"]()
    assert functions["descriptors"]() == [0, 1, 2, 3]


def test_there_is_no_network(run):
    _, functions = run(ESCAPES)
    with socket.socket() as listener, socket.socket(socket.AF_UNIX) as named:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        named.bind("\0kit-jail-test")
        named.listen(1)
        assert functions["connect"](listener.getsockname()[1]) is None
        assert functions["abstract"]("\0kit-jail-test") is None
    assert functions["lookup"]() is None


def test_nobody_outside_can_be_signalled(run, small_jail):
    _, functions = run(ESCAPES)
    assert functions["stop"](os.getpid()) is None
    functions["everything"]()
    assert still_serves(small_jail)


def test_a_submission_named_like_a_library_changes_only_itself(small_jail):
    files = {"random.py": b"raise SystemExit", "numpy.py": b"x = 1", "kit.py": b"", "json.py": b"x"}
    files["work.py"] = b"import numpy as np\ndef f(): return np.ones(2)\n"
    with small_jail.start(files) as session:
        session.load(["work"])
        np.testing.assert_array_equal(make_environment(session, ["f"])["f"](), [1, 1])
    assert still_serves(small_jail)


@pytest.mark.parametrize(
    "name", ["/etc/x", "../x", "a/../../x", "", ".", "a\\b", "a\nb", "a//b", "n" * 300]
)
def test_names_that_lead_out_are_refused(small_jail, name):
    with pytest.raises(JailError):
        small_jail.start({name: b""})


def test_files_that_do_not_fit_are_refused(small_jail):
    with pytest.raises(JailError, match="does not fit"):
        small_jail.start({"large.bin": bytes(20 << 20)})
    with pytest.raises(JailError, match="not a name"):
        small_jail.start({"a": b"", "a/b": b""})


@pytest.mark.parametrize("asked", [*CONFINING, "unconfined"])
def test_nothing_outlives_a_grader_that_is_killed(asked):
    if (reason := available(asked)) is not None:
        pytest.skip(f"{asked}: {reason}")
    name = f"orphan-of-{asked}-{os.getpid()}"  # a process that replaces itself, where none starts
    code = textwrap.dedent(
        f"""
        import sys
        from kit.assignment import Limits
        from kit.jail import Jail
        work = b"import os, tempfile\\nwhere = tempfile.gettempdir\\n"
        if {asked!r} != "landlock":
            work += b"if not os.fork(): os.execv('/bin/sleep', [{name!r}, '99'])"
        else:
            work += b"def stay(): os.execv('/bin/sleep', [{name!r}, '99'])"
        from kit.bridge.proxies import make_environment
        jail = Jail(["numpy"], Limits(), tier={asked!r})
        with jail, jail.start({{"work.py": work}}) as session:
            names = session.load(["work"])["work"]["names"]
            functions = make_environment(session, names)
            print(functions["where"](), flush=True)
            if "stay" in names: functions["stay"]()
            sys.stdin.read()
        """
    )
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[1]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe) as grader:
        folder = Path(grader.stdout.readline().decode().strip())
        wait_until(lambda: len(marked(name)) == 1)
        grader.kill()
    wait_until(lambda: not marked(name))
    if asked != "namespaces":
        wait_until(lambda: not folder.exists())


def test_folders_of_a_submission_are_made(small_jail):
    files = {
        "pack/__init__.py": b"",
        "pack/inner.py": b"y = 3",
        "work.py": b"from pack.inner import y",
    }
    with small_jail.start(files) as session:
        assert session.load(["work"]) == {"work": {"names": []}}


def test_a_dead_fork_server_is_started_again():
    with Jail(["numpy"], LIMITS) as jail:
        os.kill(jail._process.pid, signal.SIGKILL)
        jail._process.wait()
        assert still_serves(jail)


def test_two_jails_side_by_side(small_jail):
    with (
        Jail(["numpy"], LIMITS) as other,
        other.start({"a.py": b"def f(): return 1"}) as one,
        small_jail.start({"a.py": b"def f(): return 2"}) as two,
    ):
        for session, result in ((one, 1), (two, 2)):
            session.load(["a"])
            assert make_environment(session, ["f"])["f"]() == result


def test_closing_leaves_nothing_behind(small_jail):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        assert still_serves(small_jail)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_missing_framework_is_named():
    with (
        pytest.raises(JailError, match="pip install no_such_framework"),
        Jail(["numpy", "no_such_framework.part"], LIMITS),
    ):
        pass


def test_the_self_check_names_what_was_not_denied(small_jail, monkeypatch):
    monkeypatch.setattr(probe, "hidden_folders", lambda: [Path("/usr")])
    with pytest.raises(JailError, match="reading /usr"):
        small_jail.self_check()
    monkeypatch.setattr(layout, "environment", dict)
    monkeypatch.setattr(probe, "hidden_folders", list)
    with pytest.raises(JailError, match="reading the variable"):
        small_jail.self_check()


def test_machines_without_a_jail_say_so(monkeypatch):
    available.cache_clear()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "grading needs Linux" in available()
    monkeypatch.undo()
    available.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "apt-get install bubblewrap" in available("namespaces")
    monkeypatch.undo()
    available.cache_clear()


def test_importing_the_jail_needs_no_unix():
    blocked = (
        "import sys\nfor name in ('fcntl', 'resource', 'pwd', 'grp'): sys.modules[name] = None\n"
    )
    code = f"{blocked}import kit.jail, kit.bridge.session\nsys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])


def test_the_setup_of_a_child_that_fails_is_never_the_submissions_fault(small_jail, monkeypatch):
    monkeypatch.setattr(jail_module.Jail, "_rlimits", lambda self, limits: {"AS": "much"})
    with pytest.raises(JailError, match="could not be set up"):
        small_jail.start({})
