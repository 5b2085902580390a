"""The running average of a network's weights: its decay, and a state that holds both."""

from typing import Any

import numpy as np

from kit.experiments import torch_models

Array = np.ndarray[Any, Any]
MARK = "average."


def decay(most: float, step: int) -> float:
    """The decay at a step: less at first, so that the first weights are soon forgotten."""
    return min(most, (1 + step) / (10 + step))


def state(model: Any, average: Any, optimizer: Any) -> dict[str, Array]:
    """All that a training needs to go on."""
    kept = {f"{MARK}{name}": np.array(value) for name, value in average.state_dict().items()}
    return {**torch_models.state(model, optimizer), **kept}


def restore(arrays: dict[str, Array], model: Any, average: Any, optimizer: Any) -> None:
    """Put the arrays of `state` back, into networks and an optimiser made as those were."""
    kept = {name: array for name, array in arrays.items() if name.startswith(MARK)}
    own = {name: array for name, array in arrays.items() if name not in kept}
    torch_models.restore(own, model, optimizer)
    load(average, {name.removeprefix(MARK): array for name, array in kept.items()})


def load(network: Any, arrays: dict[str, Array]) -> None:
    """Put weights and buffers, by name, into a network."""
    import torch  # seconds to import, and only where a network is trained

    network.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
