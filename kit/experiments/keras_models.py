"""What experiments need of Keras models: their summary as rows, and their whole state as arrays."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def summary(model: Any) -> dict[str, Any]:
    """The layers (name, type, output shape, parameters) and the parameter counts of a model."""
    layers = [
        {
            "name": layer.name,
            "type": type(layer).__name__,
            "shape": [int(size) for size in layer.output.shape[1:]],
            "parameters": int(layer.count_params()),
        }
        for layer in model.layers
    ]
    trainable = sum(int(np.prod(variable.shape)) for variable in model.trainable_weights)
    return {"layers": layers, "trainable": trainable, "total": int(model.count_params())}


def state(*owners: Any) -> dict[str, Array]:
    """Every variable of the models and optimisers: weights, statistics, moments, random seeds."""
    return {
        f"{place}-{index}": np.asarray(variable)
        for place, owner in enumerate(owners)
        for index, variable in enumerate(owner.variables)
    }


def restore(arrays: dict[str, Array], *owners: Any) -> None:
    """Put the arrays of `state` back; the optimisers must have been built."""
    for place, owner in enumerate(owners):
        for index, variable in enumerate(owner.variables):
            variable.assign(arrays[f"{place}-{index}"])


def predict(model: Any, inputs: Array, batch: int = 1000) -> Array:
    """The model's outputs in inference mode, a batch at a time, as one array."""
    import tensorflow as tf  # seconds to import, and only where a model runs

    forward = tf.function(lambda part: model(part, training=False), reduce_retracing=True)
    parts = [forward(inputs[start : start + batch]) for start in range(0, len(inputs), batch)]
    return np.concatenate([np.asarray(part) for part in parts])


def cosine(rate: float, steps: int, warm_up: float) -> Any:
    """A cosine decay from `rate` to 0 over `steps`, after a linear rise over their first share."""
    import keras  # seconds to import, and only where a model trains

    rise = int(steps * warm_up)
    start = {"initial_learning_rate": 0.0, "warmup_target": rate, "warmup_steps": rise}
    if not rise:
        start = {"initial_learning_rate": rate}
    return keras.optimizers.schedules.CosineDecay(decay_steps=steps - rise, **start)
