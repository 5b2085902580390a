"""Question 1.1 and 1.2: the autoencoder of faces, its weights as images, and the eigenfaces.

Faces are centred: the mean face of the training faces is taken off before the network and put back
after it, which the two biases could do as well. The learning rate is chosen by the stages whose
names begin with `tune`, on training faces that are held out; the test faces are read once, at the
end of a stage. Nets are small: one thread is faster than several, and its sums have one order.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from kit.experiments import Context, Stage

UNITS = (16, 64)
SAMPLES = 8  # faces whose reconstructions are kept


def plan(config: dict[str, Any]) -> list[Stage]:
    """Trials on held-out faces where several rates are given, then every seed, then eigenfaces."""
    c, seeds = config["faces"], config["seeds"]
    shared = {"batch": c["batch"], "corrupt": 0.0, "train": c["train"], "test": c["test"]}
    stages: list[Stage] = []

    def add(name: str, function: Callable[[Context], None], **params: Any) -> str:
        needs = tuple(params.get("trials", ()))
        stages.append(Stage(name, "faces", function, params, needs, c["data"]))
        return name

    for units in UNITS:
        trials = []
        if len(c["rates"]) > 1:
            held = {"seed": seeds[0], "held_out": c["held_out"], "epochs": c["tune_epochs"]}
            for rate in c["rates"]:
                name = f"tune-ae-{units}-{rate:g}"
                add(name, train, **shared, **held, units=units, rate=rate, start="centred")
                trials.append(name)
        how = {**shared, "units": units, "held_out": 0, "trials": trials, "rate": c["rates"][0]}
        raw = {**how, "epochs": c["tune_epochs"], "start": "raw"}
        add(f"ae-raw-{units}", train, **raw, seed=seeds[0])
        for seed in seeds:
            every = c["snapshots"][str(units)] if seed == seeds[0] else 0
            full = {**how, "epochs": c["epochs"], "start": "centred", "every": every}
            add(f"ae-{units}-{seed}", train, **full, seed=seed)
        sizes = {"held_out": 0, "train": c["train"], "test": c["test"]}
        add(f"eigenfaces-{units}", decompose, **sizes, units=units)
    return stages


def split(ctx: Context) -> tuple[np.ndarray, np.ndarray]:
    """The faces to train on and those to report on, rows (N, 4096): held-out ones, or the test."""
    p, data = ctx.params, ctx.data
    faces = ctx.code.parse_faces(data.train_images[: p["train"] or None])
    held_out = p["held_out"]
    if not held_out:
        return faces, ctx.code.parse_faces(data.test_images[: p["test"] or None])
    order = np.random.default_rng(0).permutation(len(faces))
    return faces[order[held_out:]], faces[order[:held_out]]


def train(ctx: Context) -> None:
    """Train one autoencoder, with its rate falling along a cosine; keep what came out.

    `start` "raw" is the network as PyTorch starts it, on pixels as they are. "centred" takes the
    mean face off and starts the first bias where every unit is active on every training face.
    """
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)
    torch.manual_seed(ctx.seed)
    p, (faces, others) = ctx.params, split(ctx)
    centred = p["start"] == "centred"
    offset = faces.mean(axis=0) if centred else np.zeros_like(faces[0])
    inputs = torch.from_numpy(faces - offset)
    model = ctx.code.build_autoencoder(p["units"])
    if centred:
        with torch.no_grad():
            model.fc1.bias.copy_(-(inputs @ model.fc1.weight.T).min(dim=0).values)
    ctx.record("parameters", ctx.code.count_parameters(model))
    _fit(ctx, model, inputs, faces, offset)

    def reconstruct(rows: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            output: np.ndarray = model(torch.from_numpy(rows - offset)).numpy() + offset
        return output

    with torch.no_grad():
        active = torch.relu(model.fc1(inputs)) > 0
    ctx.record("dead", int((~active).all(dim=0).sum()))
    ctx.record("always", int(active.all(dim=0).sum()))
    ctx.record("loss", _mse(reconstruct(faces), faces))
    ctx.record("other_loss", _mse(reconstruct(others), others))
    ctx.record("spread", float(reconstruct(others).std(axis=0).mean()))
    ctx.save("samples", as_bytes(reconstruct(others[:SAMPLES])))
    ctx.save("decoder", model.fc2.weight.detach().numpy(), local=True)
    for name, value in model.state_dict().items():
        ctx.save(f"weight-{name}", value.numpy(), local=True)


def _fit(ctx: Context, model: Any, inputs: Any, faces: np.ndarray, offset: np.ndarray) -> None:
    import torch  # seconds to import, so only where a network is trained

    p = ctx.params
    trials = [ctx.run(name) for name in p.get("trials", ())]
    rate = min(trials, key=lambda run: run.result["other_loss"]).params["rate"] if trials else None
    rate = rate or p["rate"]
    ctx.record("rate", rate)
    optimizer = torch.optim.Adam(model.parameters(), rate)
    kept = ctx.code.snapshot_epochs(p["epochs"], p["every"]) if p.get("every") else []

    def batches(epoch: int) -> Iterator[Any]:
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 + math.cos(math.pi * max(epoch - 1, 0) / p["epochs"])) / 2
        generator = torch.Generator().manual_seed(1000 * ctx.seed + epoch)
        for rows in torch.randperm(len(inputs), generator=generator).split(p["batch"]):
            yield inputs[rows]

    def corrupted(batch: Any) -> Any:
        share = float(torch.rand((), generator=damage)) * p["corrupt"]
        missing = torch.rand(batch.shape, generator=damage) < share
        return torch.where(missing, torch.zeros(()), batch)  # the mean face in the gaps

    def on_epoch(row: dict[str, Any]) -> None:
        epoch = row["epoch"]
        if epoch in kept:
            ctx.save(f"weights-{epoch:05d}", _stretched(ctx.code.weight_images(model)))
        if epoch % 10 == 0 or epoch == p["epochs"]:
            ctx.epoch(epochs=p["epochs"], **row)

    damage = torch.Generator().manual_seed(ctx.seed)
    corrupt = corrupted if p["corrupt"] else None
    ctx.code.train_autoencoder(model, optimizer, batches, p["epochs"], on_epoch, corrupt=corrupt)


def _mse(output: np.ndarray, faces: np.ndarray) -> float:
    return float(np.mean((output.astype(np.float64) - faces) ** 2))


def as_bytes(faces: np.ndarray) -> np.ndarray:
    """Faces (N, 4096) in [0, 1] as uint8 images (N, 64, 64)."""
    return np.rint(np.clip(faces, 0, 1) * 255).astype(np.uint8).reshape(-1, 64, 64)


def _stretched(images: np.ndarray) -> np.ndarray:
    """Each image on its own range of greys, uint8; 0 keeps the middle grey."""
    limit = np.abs(images).max(axis=(1, 2), keepdims=True)
    return np.rint(127.5 + 127.5 * images / np.maximum(limit, 1e-12)).astype(np.uint8)


def decompose(ctx: Context) -> None:
    """The eigenfaces of the training faces, the bound that follows, and the error on the others."""
    units = ctx.params["units"]
    faces, others = (part.astype(np.float64).T for part in split(ctx))  # a face per column
    centre, basis = ctx.code.eigenfaces(faces, units)
    ctx.record("bound", ctx.code.mse_bound(faces, units))
    ctx.record("variance", float(np.mean((faces - centre[:, None]) ** 2)))
    ctx.record("counts", [faces.shape[1], others.shape[1]])
    rebuilt = ctx.code.pca_reconstruct(others, centre, basis)
    ctx.record("other_loss", _mse(rebuilt, others))
    ctx.save("samples", as_bytes(rebuilt.T[:SAMPLES]))
    ctx.save("originals", as_bytes(others.T[:SAMPLES]))
    ctx.save("mean", as_bytes(centre[None]))
    ctx.save("eigenfaces", _stretched(basis.T.reshape(-1, 64, 64)))
    ctx.save("basis", basis, local=True)
    ctx.save("centre", centre, local=True)
