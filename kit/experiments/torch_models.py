"""What experiments need of PyTorch networks: their summary, their whole state, a learning rate."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def summary(model: Any, shape: Sequence[int]) -> dict[str, Any]:
    """The layers (name, type, output shape, parameters) that an input of `shape` passes, in order.

    What changes nothing, an identity or a dropout of probability 0, is left out. The counts of
    parameters are those of the whole model.
    """
    import torch  # seconds to import, and only where a network is trained

    rows: list[dict[str, Any]] = []
    names = {layer: name for name, layer in model.named_modules()}

    def note(layer: Any, _inputs: Any, output: Any) -> None:
        count = sum(parameter.numel() for parameter in layer.parameters())
        kind, sides = type(layer).__name__, [int(side) for side in output.shape[1:]]
        rows.append({"name": names[layer], "type": kind, "shape": sides, "parameters": count})

    leaves = [layer for layer in names if not list(layer.children()) and not _idle(layer)]
    hooks = [layer.register_forward_hook(note) for layer in leaves]
    training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, *shape))
    model.train(training)
    for hook in hooks:
        hook.remove()
    total = sum(parameter.numel() for parameter in model.parameters())
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return {"layers": rows, "trainable": trainable, "total": total}


def _idle(layer: Any) -> bool:
    return type(layer).__name__ == "Identity" or getattr(layer, "p", None) == 0


def state(model: Any, optimizer: Any) -> dict[str, Array]:
    """Every parameter and buffer of the model, and the moments that the optimiser keeps."""
    arrays = {f"model.{name}": _array(value) for name, value in model.state_dict().items()}
    for place, kept in optimizer.state_dict()["state"].items():
        arrays |= {
            f"optimizer.{place}.{name}": _array(value)
            for name, value in kept.items()
            if value is not None
        }
    return arrays


def _array(value: Any) -> Array:
    array: Array = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    return np.array(array)


def restore(arrays: dict[str, Array], model: Any, optimizer: Any) -> None:
    """Put the arrays of `state` back, into a model and an optimiser made as those were."""
    import torch  # seconds to import, and only where a network is trained

    weights, kept = {}, optimizer.state_dict()
    kept["state"] = {}
    for name, array in arrays.items():
        owner, _, rest = name.partition(".")
        if owner == "model":
            weights[rest] = torch.from_numpy(array)
        else:
            place, _, moment = rest.partition(".")
            kept["state"].setdefault(int(place), {})[moment] = torch.from_numpy(array)
    model.load_state_dict(weights)
    optimizer.load_state_dict(kept)


def cosine(rate: float, steps: int, warm_up: float) -> Callable[[int], float]:
    """The rate at step 0, 1, ...: a linear rise over the first share of `steps`, then a cosine.

    It ends at 0; a rise of no step begins at `rate`.
    """
    rise = int(steps * warm_up)

    def at(step: int) -> float:
        if step < rise:
            return rate * (step + 1) / (rise + 1)
        done = (step - rise) / max(steps - rise, 1)
        return rate * (1 + math.cos(math.pi * min(done, 1.0))) / 2

    return at


def set_rate(optimizer: Any, rate: float) -> None:
    """The learning rate of every group of parameters from now on."""
    for group in optimizer.param_groups:
        group["lr"] = rate
