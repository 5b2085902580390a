"""The jail that student code runs in.

    limits = assignment.limits
    with Jail(("numpy", "tensorflow", "keras"), limits) as jail:   # imported once; proves itself
        with jail.start({"compression.py": source}, limits) as session:
            session.load(["compression"])                          # see kit.bridge.session

`Jail.start` forks a child with the submission's files in its working folder, and nothing of the
repository within its reach. One jail serves one submission at a time; several jails run side by
side. `choose` picks the strongest tier of isolation that the machine offers, `available` says why
one is not to be had; docs/security.md tells what each of them holds back.

    trusted: tier, trial (is it to be had?), jail, launch, layout, admission, cell, probe (it holds)
    jailed: fork_server > parent > child, and what they confine with: confine, landlock, seccomp,
    call_rules, syscalls, users, scratch
"""

from kit.jail.jail import Jail
from kit.jail.tier import MECHANISMS, TIERS, available, choose

__all__ = ["MECHANISMS", "TIERS", "Jail", "available", "choose"]
