"""How tensors travel between a jailed child's own processes, such as the workers of a DataLoader.

PyTorch hands over descriptors through a named socket, which the tiers on the machine's own network
refuse; here they travel as bytes. Only the child runs this: nothing is unpickled outside the jail.
"""

import pickle
import sys
from multiprocessing import reduction
from typing import Any


def send_by_value() -> None:
    """Register tensors with multiprocessing anew."""
    torch = sys.modules["torch"]
    for kind in (torch.Tensor, torch.nn.Parameter):
        reduction.ForkingPickler.register(kind, as_bytes)


def as_bytes(tensor: Any) -> tuple[Any, ...]:
    """A tensor as pickle has it, without the shared memory that multiprocessing would use."""
    return pickle.loads, (pickle.dumps(tensor),)
