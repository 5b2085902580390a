"""The isolation tiers, strongest first, the mechanisms each is made of, and the choice of one."""

import functools

from kit.errors import JailError
from kit.jail import launch

TIERS = ("namespaces", "separate-uid", "landlock", "unconfined")
WATCHED = frozenset({"cpu", "wall", "memory", "processes", "output"})
COMMON = WATCHED | {"rlimits", "environment", "descriptors"}
MECHANISMS: dict[str, frozenset[str]] = {
    "namespaces": COMMON
    | {"mounts", "network", "pid", "ipc", "tmp", "capabilities", "landlock", "seccomp"},
    "separate-uid": COMMON
    | {"uid", "capabilities", "landlock", "seccomp", "disk", "kill", "sweep"},
    "landlock": COMMON | {"landlock", "seccomp", "signals", "disk", "kill"},
    "unconfined": COMMON | {"disk", "kill"},
}


def choose(asked: str | None = None) -> str:
    """The strongest tier that this machine offers, or exactly the one asked for.

    "unconfined" runs only when it is asked for by name.

    Raises:
        JailError: there is none, or not the one asked for; it says why.
    """
    if asked is not None:
        if asked not in TIERS:
            raise JailError(f"there is no isolation tier {asked!r}; choose from {', '.join(TIERS)}")
        if (reason := available(asked)) is not None:
            raise JailError(f"the isolation tier {asked!r} is not to be had here: {reason}")
        return asked
    reasons = {tier: available(tier) for tier in TIERS[:-1]}
    for tier, reason in reasons.items():
        if reason is None:
            return tier
    if len(set(reasons.values())) == 1:
        raise JailError(next(iter(reasons.values())) or "")
    said = "; ".join(f"{tier}: {reason}" for tier, reason in reasons.items())
    raise JailError(f"this machine offers no isolation for grading ({said})")


@functools.cache
def available(tier: str | None = None) -> str | None:
    """Why this tier, or else any tier, is not to be had here, in one sentence; None if it is."""
    if tier is None:
        try:
            choose()
        except JailError as error:
            return str(error)
        return None
    return launch.missing(tier)
