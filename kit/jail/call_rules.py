"""Which system calls student code may not make, tier by tier."""

import errno
from collections.abc import Collection

from kit.jail.seccomp import Rule, Test

NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* that clone takes
CLONE_THREAD = 0x00010000
AF_UNIX, SOCK_STREAM, SOCK_SEQPACKET, SOCKET_KIND = 1, 1, 5, 0xF
TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into somebody's terminal
SIGNAL_OWNERS = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP: a signal to another process
F_SETOWN, F_SETOWN_EX = 8, 15
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4  # to outlive its parent; to hide what it holds open
O_ACCMODE, O_TRUNC = 0o3, 0o1000
KERNEL = (  # privileges, other processes, the kernel's rarely used corners
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "fsopen", "fsconfig"),
    *("fsmount", "move_mount", "open_tree", "mount_setattr", "fspick", "quotactl", "quotactl_fd"),
    *("swapon", "swapoff", "acct", "reboot", "kexec_load", "kexec_file_load", "init_module"),
    *("finit_module", "delete_module", "iopl", "ioperm", "modify_ldt", "uselib", "personality"),
    *("vhangup", "sethostname", "setdomainname", "settimeofday", "clock_settime"),
    *("clock_adjtime", "adjtimex", "syslog", "mknod", "mknodat", "bpf", "perf_event_open"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd"),
    *("process_madvise", "process_mrelease", "move_pages", "migrate_pages", "mbind"),
    *("set_mempolicy", "set_mempolicy_home_node", "remap_file_pages", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "open_by_handle_at"),
    *("name_to_handle_at", "fanotify_init", "keyctl", "add_key", "request_key"),
)
MEMORY = (  # memory that no limit on a process counts, and queues that outlive it
    *("memfd_create", "memfd_secret", "shmget", "shmat", "msgget", "semget"),
    *("mq_open", "mq_unlink"),
)
ATTRIBUTES = (  # Landlock does not cover them
    *("chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "utime", "utimes"),
    *("futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr"),
    *("lremovexattr", "fremovexattr", "truncate"),
)
WATCHING = ("inotify_init", "inotify_init1")
SENDING = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
GOVERNING = (
    *("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"),
)


def shared() -> list[Rule]:
    """What no tier allows."""
    return [
        Rule((*KERNEL, *MEMORY), errno.EPERM),
        Rule(("clone3",), errno.ENOSYS),  # its flags are behind a pointer; the C library uses clone
        Rule(("clone",), errno.EPERM, (Test(0, 0, NEW_NAMESPACES, equal=False),)),
        Rule(("prctl",), errno.EPERM, (Test(0, PR_SET_PDEATHSIG),)),
        Rule(("prctl",), errno.EPERM, (Test(0, PR_SET_DUMPABLE),)),
        *(Rule(("ioctl",), errno.EPERM, (Test(1, command),)) for command in TERMINAL_INPUT),
        *(Rule(("ioctl",), errno.EPERM, (Test(1, command),)) for command in SIGNAL_OWNERS),
        Rule(("fcntl",), errno.EPERM, (Test(1, F_SETOWN),)),
        Rule(("fcntl",), errno.EPERM, (Test(1, F_SETOWN_EX),)),
    ]


def own_network() -> list[Rule]:
    """For a process with a network of its own: local sockets only."""
    return [Rule(("socket",), errno.EAFNOSUPPORT, (Test(0, AF_UNIX, equal=False),))]


def shared_network() -> list[Rule]:
    """For a process on the machine's network: no socket at all but a connected pair.

    A pair of datagram sockets could send to any address.
    """
    kinds = (
        Test(1, SOCK_STREAM, SOCKET_KIND, equal=False),
        Test(1, SOCK_SEQPACKET, SOCKET_KIND, equal=False),
    )
    return [
        Rule(("socket", "connect", "bind", "listen", "accept", "accept4"), errno.EPERM),
        Rule(("socketpair",), errno.EPERM, kinds),
        Rule(WATCHING, errno.EPERM),
    ]


def no_processes() -> list[Rule]:
    """No process is started; threads are."""
    return [
        Rule(("fork", "vfork"), errno.EAGAIN),
        Rule(("clone",), errno.EAGAIN, (Test(0, 0, CLONE_THREAD),)),
    ]


def same_user_processes(pid: int) -> list[Rule]:
    """For a process whose user owns other processes: hands off them."""
    another = (Test(0, pid, equal=False), Test(0, 0, equal=False))
    return [
        Rule(SENDING, errno.EPERM, (Test(0, pid, equal=False),)),
        Rule(("tkill", "pidfd_open", "pidfd_send_signal"), errno.EPERM),
        Rule(GOVERNING, errno.EPERM, another),
        Rule(("setpriority", "ioprio_set"), errno.EPERM, (Test(1, 0, equal=False),)),
        Rule(("setpriority", "ioprio_set"), errno.EPERM, (Test(0, 0, 0xFFFFFFFE, equal=False),)),
    ]


def same_user_files() -> list[Rule]:
    """For a process whose user owns other files: what Landlock lets it do to them."""
    return [
        Rule(ATTRIBUTES, errno.EPERM),
        Rule(("openat2",), errno.ENOSYS),
        Rule(("open",), errno.EPERM, (Test(1, O_TRUNC, O_ACCMODE | O_TRUNC),)),
        Rule(("openat",), errno.EPERM, (Test(2, O_TRUNC, O_ACCMODE | O_TRUNC),)),
    ]


def for_tier(tier: str, pid: int, without: Collection[str] = ()) -> list[Rule]:
    """The rules for student code in a tier; `pid` is its process."""
    if tier == "namespaces":
        return shared() + own_network()
    rules = shared() + shared_network()
    if tier == "landlock":
        rules += no_processes() + same_user_files()
        rules += [] if "signals" in without else same_user_processes(pid)
    return rules
