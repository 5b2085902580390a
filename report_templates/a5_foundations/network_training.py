"""How a network of problem 2.2 is trained and measured, whatever it is made of."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from kit.experiments import Context
from kit.experiments.torch_models import cosine, restore, set_rate, state, summary

SPLIT_SEED = 0  # the same images are set aside whatever the seed of a training


def train_network(ctx: Context, p: Mapping[str, Any]) -> None:
    """Train the network that `p` names with its options; keep how it did on all three sets."""
    import torch  # seconds to import, so only where a network is trained

    torch.manual_seed(ctx.seed)
    model = _network(ctx.code, p["network"], p["options"])
    ctx.record("summary", summary(model, (3, 32, 32)))
    ctx.record("rate", p["rate"])
    ctx.record("parameters", ctx.code.count_parameters(model))
    decay = {"momentum": p["momentum"], "weight_decay": p["weight_decay"]}
    optimizer = torch.optim.SGD(model.parameters(), p["rate"], nesterov=True, **decay)
    resumed = ctx.resume()
    if resumed:
        restore(resumed[1], model, optimizer)
    first = resumed[0] + 1 if resumed else 1
    sets, batches = _sets(ctx, _layout(model)), _Batches(ctx, p, first)
    model.to(memory_format=_layout(model))

    def on_epoch(row: dict[str, Any]) -> None:
        ctx.epoch(epochs=p["epochs"], **row)
        ctx.checkpoint(row["epoch"], state(model, optimizer))

    validation = ctx.code.make_loader(*sets["validation"], 1000)
    ctx.code.train_cnn(
        batches.scheduled(ctx.code.make_train_step(model, optimizer, batches.augment), optimizer),
        lambda: ctx.code.evaluate_cnn(model, validation),
        batches.of(*sets["train"]),
        p["epochs"],
        on_epoch,
        first_epoch=first,
    )
    for name, tensors in sets.items():
        if name != "test" or p["test"]:
            loss, accuracy = ctx.code.evaluate_cnn(model, ctx.code.make_loader(*tensors, 1000))
            ctx.record(f"{name}_loss", loss)
            ctx.record(f"{name}_accuracy", accuracy)


def _network(code: Any, name: str, options: Mapping[str, Any]) -> Any:
    classes = {  # written out, for a run depends on what its stage names
        "BaseCNN": lambda: code.BaseCNN(**options),
        "StridedCNN": lambda: code.StridedCNN(**options),
        "DeeperCNN": lambda: code.DeeperCNN(**options),
    }
    return classes[name]()


def _layout(model: Any) -> Any:
    """Channels last, which is faster, unless the network flattens by a view, which needs rows."""
    import torch  # seconds to import, so only where a network is trained

    images = torch.zeros(2, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    training = model.training
    try:
        with torch.no_grad():
            model.eval()(images)
    except RuntimeError:
        return torch.contiguous_format
    finally:
        model.train(training)
    return torch.channels_last


def _sets(ctx: Context, layout: Any) -> dict[str, tuple[Any, Any]]:
    """Training, validation and test tensors, normalised by what the training images alone tell."""
    import torch  # seconds to import, so only where a network is trained

    data, held_out = ctx.data, ctx.params["held_out"]
    order = np.random.default_rng(SPLIT_SEED).permutation(len(data.train_labels))
    kept, aside = order[held_out:], order[:held_out]
    statistics = ctx.code.channel_statistics(data.train_images[kept])
    images = {
        "train": (data.train_images[kept], data.train_labels[kept]),
        "validation": (data.train_images[aside], data.train_labels[aside]),
        "test": (data.test_images, data.test_labels),
    }
    found = {}
    for name, (pictures, labels) in images.items():
        tensor = ctx.code.to_tensor(np.array(pictures), *statistics)
        tensor = tensor.contiguous(memory_format=layout)
        found[name] = (tensor, torch.from_numpy(np.array(labels)))
    return found


class _Batches:
    """All that is random in an epoch of training, drawn from the seed and the epoch alone."""

    def __init__(self, ctx: Context, p: Mapping[str, Any], first: int) -> None:
        import torch  # seconds to import, so only where a network is trained

        self.ctx, self.p, self.epoch = ctx, p, first
        self.step, self.steps = 0, 1
        self.generator = torch.Generator()

    def of(self, images: Any, labels: Any) -> "_Batches":
        """Iterate over these tensors from now on."""
        self.tensors = images, labels
        per_epoch = -(-len(labels) // self.p["batch"])
        self.step, self.steps = (self.epoch - 1) * per_epoch, self.p["epochs"] * per_epoch
        return self

    def __iter__(self) -> Iterator[Any]:
        import torch  # seconds to import, so only where a network is trained

        seed = 1000 * self.ctx.seed + self.epoch
        torch.manual_seed(seed)
        self.generator.manual_seed(seed)
        self.epoch += 1
        make = self.ctx.code.make_loader
        return iter(make(*self.tensors, self.p["batch"], shuffle=True, seed=seed))

    def augment(self, images: Any) -> Any:
        """The batch, flipped and shifted if that is asked for."""
        most = self.p["augment"]
        return self.ctx.code.flip_and_shift(images, self.generator, most) if most else images

    def scheduled(self, step: Callable[..., Any], optimizer: Any) -> Callable[..., Any]:
        """`step` at the learning rate of its place in the schedule."""

        def at_its_rate(images: Any, labels: Any) -> Any:
            at = cosine(self.p["rate"], self.steps, self.p["warm_up"])
            set_rate(optimizer, at(self.step))
            self.step += 1
            return step(images, labels)

        return at_its_rate
