"""The jail that student code runs in.

    limits = assignment.limits
    with Jail(("numpy", "tensorflow", "keras"), limits) as jail:   # imported once; proves itself
        with jail.start({"compression.py": source}, limits) as session:
            session.load(["compression"])                          # see kit.bridge.session

`Jail.start` forks a child with its own user, pid, mount, ipc, uts and network namespaces, the
submission's files in its working folder, and nothing of the repository. One jail serves one
submission at a time; several jails run side by side. `choose` picks the strongest tier of isolation
that the machine offers, `available` says why one is not to be had.
"""

from kit.jail.jail import Jail
from kit.jail.tier import MECHANISMS, TIERS, available, choose

__all__ = ["MECHANISMS", "TIERS", "Jail", "available", "choose"]
