"""The isolation tiers: which one a machine offers, what each holds without the stronger ones."""

import os
import re
import sys
import textwrap
from pathlib import Path

import containers
import numpy as np
import pytest

from kit.assignment import Limits
from kit.bridge.errors import CellDied
from kit.bridge.proxies import make_environment
from kit.errors import JailError
from kit.jail import MECHANISMS, TIERS, Jail, available, choose, layout
from kit.jail import tier as tier_module

ROOT = Path(__file__).resolve().parents[1]
LIMITS = Limits(
    cpu_seconds=10, wall_seconds=30, call_seconds=5, memory_mb=300, tmp_mb=16, processes=20
)
in_containers = pytest.mark.skipif(
    containers.missing() is not None, reason=str(containers.missing())
)


def python(code, **options):
    """What a Python program prints in a container that sees the kit's modules, no tests."""
    shown = {ROOT / "kit": "/srv/kit/kit"}
    shown |= options.pop("read_only", {})
    command = [sys.executable, "-B", "-c", textwrap.dedent(code)]
    done = containers.run(
        command, read_only=shown, cwd="/srv/kit", env={"PYTHONPATH": "/srv/kit"}, **options
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


CHOICE = """
    from kit.errors import JailError
    from kit.jail import choose
    try: print(choose())
    except JailError as error: print(error)
    try: choose("namespaces")
    except JailError as error: print(error)
"""


@in_containers
@pytest.mark.parametrize(
    ("user", "landlock", "chosen"),
    [
        (0, True, "separate-uid"),
        (0, False, "separate-uid"),
        (1000, True, "landlock"),
        (1000, False, "no isolation for grading"),
    ],
)
def test_a_container_offers_what_it_can(user, landlock, chosen):
    choice, refusal = python(CHOICE, user=user, landlock=landlock).splitlines()
    assert chosen in choice
    assert "'namespaces' is not to be had here" in refusal
    assert "bubblewrap cannot make here" in refusal


@in_containers
def test_an_ordinary_user_has_namespaces_where_the_machine_lets_them():
    assert graded(["/srv/kit", "/etc/passwd"], user=1000, namespaces=True) == (
        "namespaces 42 [None, None]"
    )


def test_a_tier_that_does_not_exist_is_refused():
    with pytest.raises(JailError, match="choose from namespaces, separate-uid"):
        choose("docker")
    assert set(MECHANISMS) == set(TIERS)


def test_no_tier_is_better_than_a_weak_one(monkeypatch):
    monkeypatch.setattr(tier_module, "available", lambda tier: f"no {tier}")
    with pytest.raises(JailError, match="landlock: no landlock"):
        choose()
    with pytest.raises(JailError, match="no namespaces"):
        Jail(["numpy"], LIMITS, tier="namespaces").__enter__()


WORK = b"""
import os
def f(x): return x + 1
def read(path):
    try: return os.listdir(path) if os.path.isdir(path) else open(path).read()
    except OSError: return None
"""
GRADING = """
    from kit.assignment import Limits
    from kit.bridge.proxies import make_environment
    from kit.errors import JailError
    from kit.jail import Jail
    try:
        with Jail(["numpy"], Limits()) as jail, jail.start({"work.py": WORK}) as session:
            session.load(["work"])
            functions = make_environment(session, ["f", "read"])
            print(jail.tier, functions["f"](41), [functions["read"](path) for path in PATHS])
    except JailError as error: print(error)
"""


def graded(paths, before="", **options):
    """What a jail in a container says of itself, of f(41) and of these paths."""
    given = f"WORK, PATHS = {WORK!r}, {paths!r}\n{before}\n"
    return python(given + textwrap.dedent(GRADING), **options)


@in_containers
@pytest.mark.parametrize(("user", "tier"), [(0, "separate-uid"), (1000, "landlock")])
def test_a_container_grades_and_hides_what_it_should(user, tier, tmp_path):
    secret = tmp_path / "hidden"
    secret.mkdir()
    (secret / "test_q1.py").write_text("assert f(41) == 42\n")
    for path in (tmp_path, secret, secret / "test_q1.py"):
        path.chmod(0o777)
    paths = ["/srv/tests", "/srv/tests/test_q1.py", "/tmp"]
    said = graded(paths, user=user, read_only={secret: "/srv/tests"})
    assert said == f"{tier} 42 [None, None, None]"


@in_containers
def test_without_landlock_permissions_must_close_what_is_hidden():
    said = graded([], landlock=False)
    assert "reading /srv/kit" in said
    assert "chmod 700 /srv/kit" in said
    close = "import os; os.chmod('/srv', 0o700); os.chmod('/root', 0o700); os.chdir('/')"
    said = graded(["/srv", "/etc/shadow"], close, landlock=False)
    assert said == "separate-uid 42 [None, None]"


def confining():
    """The tiers of this machine that confine."""
    return [tier for tier in TIERS[:-1] if available(tier) is None]


@pytest.fixture
def start():
    """Starts a jail with a module in it; returns its functions."""
    opened = []

    def begin(source, limits=LIMITS, **options):
        jail = Jail(["numpy"], limits, **options)
        opened.append(jail.__enter__())
        session = jail.start({"work.py": textwrap.dedent(source).encode()})
        opened.append(session)
        names = session.load(["work"])["work"]["names"]
        return jail, make_environment(session, names)

    yield begin
    for one in reversed(opened):
        one.close()


@pytest.mark.parametrize("tier", confining())
def test_every_tier_grades_and_names_itself(start, tier):
    jail, functions = start("def f(x): return x * 2", tier=tier)
    assert jail.tier == tier
    np.testing.assert_array_equal(functions["f"](np.ones(3)), [2, 2, 2])


CALLS = """
import ctypes, os, socket, threading
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments): return libc.syscall(number, *arguments), ctypes.get_errno()
def pair(kind):
    try: socket.socketpair(socket.AF_UNIX, kind)
    except OSError as error: return error.errno
def thread():
    done = []
    worker = threading.Thread(target=done.append, args=(1,))
    worker.start()
    worker.join()
    return done
def owner():
    import fcntl
    one, other = socket.socketpair()
    try: fcntl.fcntl(one, fcntl.F_SETOWN, 1)
    except OSError as error: return error.errno
def fork():
    try: child = os.fork()
    except OSError as error: return error.errno
    if not child: os._exit(0)
    return os.waitpid(child, 0)[1]
"""
X86 = {"ptrace": 101, "bpf": 321, "io_uring_setup": 425, "keyctl": 250, "memfd_create": 319}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
@pytest.mark.parametrize("tier", confining())
def test_system_calls_are_filtered(start, tier):
    jail, functions = start(CALLS, tier=tier)
    for name, number in X86.items():
        assert tuple(functions["call"](number, 0, 0, 0, 0)) == (-1, 1), name
    assert functions["call"](435, 0, 0)[1] == 38, "clone3 is not there"
    assert functions["call"](461, 0, 0)[1] == 38, "a call newer than the table is not there"
    assert functions["thread"]() == [1]
    assert functions["owner"]() == 1
    assert functions["pair"](1) is None
    assert functions["pair"](2) == (None if tier == "namespaces" else 1)
    assert functions["fork"]() == (11 if tier == "landlock" else 0)
    with pytest.raises(CellDied, match="SIGSYS"):
        functions["call"](0x40000000 + 39)
    assert jail.start({}).load([]) == {}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
def test_the_numbers_of_system_calls_are_the_headers():
    from kit.jail.syscalls import numbers

    headers = {
        "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        "aarch64": Path("/usr/include/asm-generic/unistd.h"),
    }
    for machine, header in headers.items():
        if not header.is_file():
            pytest.skip("the kernel's headers are not installed")
        lines = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
        known = {name: int(number) for name, number in lines}
        assert {name: known[name] for name in numbers(machine)} == numbers(machine)


LEFT_OUT = {  # what a mechanism alone holds, per tier: a source whose f() is True where it does not
    ("namespaces", "environment"): "import os\ndef f(): return 'COURSE_SECRET' in os.environ",
    ("namespaces", "seccomp"): "import os\ndef f(): return os.memfd_create('x') > 0",
    ("namespaces", "pid"): "import os\ndef f(): return os.getpid() != 1",
    (
        "namespaces",
        "rlimits",
    ): "from resource import *\ndef f(): return getrlimit(RLIMIT_AS)[0] < 0",
    ("separate-uid", "uid"): "import os\ndef f(): return os.getuid() == 0",
    ("separate-uid", "landlock"): "import os\ndef f(): return 'usr' in os.listdir('/')",
    ("separate-uid", "seccomp"): "import socket\ndef f(): return socket.socket() is not None",
    ("landlock", "landlock"): "import os\ndef f(): return 'usr' in os.listdir('/')",
    ("landlock", "seccomp"): "import os\ndef f(): return os.memfd_create('x') > 0",
    ("landlock", "descriptors"): (
        "import os\ndef f(): return any(os.path.exists(f'/proc/self/fd/{n}') for n in range(4, 64))"
    ),
}


@pytest.mark.parametrize(("tier", "mechanism"), LEFT_OUT)
def test_a_mechanism_left_out_is_out(start, tier, mechanism, monkeypatch):
    if tier not in confining():
        pytest.skip(f"{tier}: {available(tier)}")
    monkeypatch.setenv("COURSE_SECRET", "hush")
    source = LEFT_OUT[tier, mechanism]
    guarded = source.replace("def f(): return ", "def g(): return ") + (
        "\ndef f():\n    try: return bool(g())\n    except OSError: return False\n"
    )
    assert start(guarded, tier=tier)[1]["f"]() is False
    jail, functions = start(guarded, tier=tier, without=frozenset({mechanism}))
    assert functions["f"]() is True


@pytest.mark.parametrize(
    ("tier", "mechanism", "phrase"),
    [
        ("namespaces", "seccomp", "memory without a name"),
        ("namespaces", "rlimits", "without a limit"),
        ("separate-uid", "landlock", "reading"),
        ("separate-uid", "seccomp", "a datagram"),
        ("landlock", "landlock", "writing to"),
        ("unconfined", "descriptors", "descriptor"),
    ],
)
def test_the_self_check_refuses_a_tier_that_lacks_something(start, tier, mechanism, phrase):
    if available(tier) is not None:
        pytest.skip(f"{tier}: {available(tier)}")
    jail, _ = start("x = 1", tier=tier, without=frozenset({mechanism}))
    with pytest.raises(JailError, match=phrase):
        jail.self_check()


@pytest.mark.parametrize("tier", confining())
def test_a_package_that_starts_a_thread_is_not_forked(tier, tmp_path, monkeypatch):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    for path in (tmp_path, folder):
        path.chmod(0o755)
    (folder / "busy.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    )
    folders = [*layout.package_folders(), str(folder)]
    monkeypatch.setattr(layout, "package_folders", lambda: folders)
    with (
        pytest.raises(JailError, match="importing busy started 1 threads"),
        Jail(["busy"], LIMITS, tier=tier),
    ):
        pass


def test_unconfined_runs_when_it_is_asked_for_and_is_bounded(start):
    _, functions = start(
        """
        import os, time
        def f(): return os.getuid()
        def fill():
            for i in range(100):
                with open(str(i), "wb") as stream: stream.write(bytes(1 << 20))
            time.sleep(10)
        """,
        tier="unconfined",
    )
    assert functions["f"]() == os.getuid()
    with pytest.raises(CellDied, match="MB of files"):
        functions["fill"]()


@in_containers
@pytest.mark.slow
@pytest.mark.parametrize(("user", "namespaces"), [(0, False), (1000, False), (1000, True)])
def test_the_jails_tests_pass_in_a_container(user, namespaces):
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf"]
    command += ["tests/test_jail.py"]
    shown = {ROOT: str(ROOT)}
    done = containers.run(
        command,
        user=user,
        namespaces=namespaces,
        read_only=shown,
        cwd=str(ROOT),
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 40
