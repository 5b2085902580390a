"""The memory of eight PyTorch children of one fork server, each after a short training.

python -m benchmarks.memory
"""

import contextlib
import json
import os

from benchmarks.classes import LIGHT
from benchmarks.cost import own_pss_mb
from kit.assignment import load
from kit.jail import Jail
from kit.jail.cell import tree

CHILDREN = 8
TRAIN = """
import torch
from networks import Perceptron, train_step

def train():
    model = Perceptron()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    x, y = torch.randn(8, 8), torch.arange(8) % 4
    return [train_step(model, optimizer, x, y) for _ in range(20)]
"""


def main() -> dict[str, float]:
    """Proportional set sizes in MB: of all together, of the server, of a child."""
    assignment = load("light", LIGHT)
    files = {path.name: path.read_bytes() for path in LIGHT.solution("light").glob("*.py")}
    with contextlib.ExitStack() as context:
        jail = context.enter_context(Jail(assignment.preload, assignment.limits))
        children = []
        for _ in range(CHILDREN):
            session = context.enter_context(jail.start(files))
            session.load(["networks"])
            session.define(TRAIN).train()
            children.append(session)
        ours = {pid: own_pss_mb(pid) for pid in tree(os.getpid()) if pid != os.getpid()}
        jailed = [ours[session._channel._cell.pid] for session in children]  # type: ignore[attr-defined]
    return {
        "eight_torch_children_pss_mb": round(sum(ours.values()), 1),
        "largest_child_pss_mb": round(max(jailed), 1),
        "processes": len(ours),
    }


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201
