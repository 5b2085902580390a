"""The source that the self-check runs inside the jail: each function says what worked."""

SOURCE = '''
import ctypes
import os
import resource
import socket

libc = ctypes.CDLL(None, use_errno=True)
AF_UNIX, AF_INET = socket.AF_UNIX, socket.AF_INET


def allowed(action):
    """Whether an action succeeds."""
    try:
        action()
    except BaseException:
        return False
    return True


def connect(family, address):
    """Connect to an address."""
    with socket.socket(family, socket.SOCK_STREAM) as link:
        link.settimeout(0.5)
        link.connect(address)


def send(address):
    """Send a datagram."""
    with socket.socket(AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"x", address)


def write(folder):
    """Leave a file in a folder."""
    path = os.path.join(folder, "left-behind")
    with open(path, "w") as stream:
        stream.write("x")
    os.unlink(path)


def network(port, abstract, path):
    """The network actions that worked."""
    tries = {
        "a connection to this machine": lambda: connect(AF_INET, ("127.0.0.1", port)),
        "a connection to the Internet": lambda: connect(AF_INET, ("192.0.2.1", 80)),
        "a datagram": lambda: send(("127.0.0.1", port)),
        "a name lookup": lambda: socket.getaddrinfo("example.org", 80),
        "a connection to an abstract socket": lambda: connect(AF_UNIX, abstract),
        "a connection to a local socket": lambda: connect(AF_UNIX, path),
    }
    return [what for what, action in tries.items() if allowed(action)]


def readable(folders):
    """The folders that can be listed."""
    return [folder for folder in folders if allowed(lambda: os.listdir(folder))]


def writable(folders):
    """The folders that take a file."""
    return [folder for folder in folders if allowed(lambda: write(folder))]


def environment():
    """The names of the environment's variables, inherited ones too."""
    names = set(os.environ)
    with open("/proc/self/environ", "rb") as stream:
        names |= {entry.split(b"=")[0].decode() for entry in stream.read().split(b"\\0") if entry}
    return sorted(names)


def descriptors():
    """The descriptors that are open and should not be."""
    return [number for number in range(4, 256) if allowed(lambda: os.fstat(number))]


def unlimited():
    """What has no limit."""
    names = {"memory": "AS", "the size of a file": "FSIZE", "processes": "NPROC",
             "open files": "NOFILE", "processor time": "CPU"}
    limits = {what: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
              for what, name in names.items()}
    return [what for what, limit in limits.items() if resource.RLIM_INFINITY in limit]


def processes():
    """How many processes are to be seen."""
    return sum(name.isdigit() for name in os.listdir("/proc"))


def forks():
    """Whether a process can be started."""
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def calls(judge):
    """The system calls that worked."""
    void = ctypes.c_void_p(0)
    tries = {
        "a signal to the grader": lambda: os.kill(judge, 0) is None,
        "a look into the grader": lambda: open(f"/proc/{judge}/environ", "rb").read(1) != b"",
        "a new user namespace": lambda: libc.unshare(0x10000000) == 0,
        "a mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, void) == 0,
        "a trace of the grader": lambda: libc.ptrace(16, judge, void, void) == 0,
        "memory without a name": lambda: os.memfd_create("x") >= 0,
        "shared memory": lambda: libc.shmget(0, 4096, 0o600) >= 0,
    }
    return [what for what, action in tries.items() if succeeds(action)]


def succeeds(action):
    """Whether an action returns True."""
    try:
        return action()
    except BaseException:
        return False


def identity():
    """The user, the capabilities in effect, whether it can gain any, the kind of filter."""
    with open("/proc/self/status") as stream:
        lines = dict(line.split(":", 1) for line in stream)
    names = ("NoNewPrivs", "Seccomp")
    return os.getuid(), int(lines["CapEff"], 16), *(int(lines[name]) for name in names)
'''
