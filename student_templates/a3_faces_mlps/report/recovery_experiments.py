"""Question 1.2 and 1.3: the network against the eigenfaces, and faces with pixels missing or noisy.

All of it on the test faces. A mask is drawn for each seed; within a seed every method sees the
same damaged faces.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage, beside
from kit.experiments.facts import mean

faces = beside(__file__, "face_experiments")
CLOSE = 10.0  # degrees: a direction nearer than this to the eigenfaces counts as found
SHARES = (10, 30, 50, 70)  # per cent of the pixels that are missing
SIGMAS = (5, 10, 20)  # standard deviation of the noise, in per cent of the range of a pixel
SHOWN = 50  # the share whose faces are kept for the figure
METHODS = ("input", "mean", "zeroed", "rescaled", "filled", "denoiser", "gappy")
NOISE_METHODS = ("input", "network", "denoiser", "pca")


def plan(config: dict[str, Any]) -> list[Stage]:
    """A denoising network for each one of question 1.1, then what each of them recovers."""
    c, seeds, stages = config["faces"], config["seeds"], []
    rates = c["rates"] if len(c["rates"]) > 1 else []
    for units in faces.UNITS:
        trials = [f"tune-ae-{units}-{rate:g}" for rate in rates]
        for seed in seeds:
            sizes = {"held_out": 0, "train": c["train"], "test": c["test"]}
            params = {**sizes, "units": units, "seed": seed, "trials": trials}
            params |= {"batch": c["batch"], "rate": c["rates"][0], "epochs": c["denoiser_epochs"]}
            params |= {"corrupt": c["corrupt"], "start": "centred", "every": 0}
            name, needs = f"dae-{units}-{seed}", tuple(trials)
            stages.append(Stage(name, "faces", faces.train, params, needs, c["data"]))
            needs = (f"ae-{units}-{seed}", name, f"eigenfaces-{units}")
            params = {**sizes, "units": units, "seed": seed}
            name = f"recover-{units}-{seed}"
            stages.append(Stage(name, "faces", recover, params, needs, c["data"]))
        needs = (f"ae-{units}-{seeds[0]}",)
        params = {**sizes, "units": units, "seed": seeds[0]}
        stages.append(Stage(f"views-{units}", "faces", view, params, needs, c["data"]))
    return stages


def view(ctx: Context) -> None:
    """The weights of both layers as images, those of the first also without what no face can see.

    The part of a hidden unit's weights at right angles to all centred training faces has no effect
    on any of them, and no gradient.
    """
    network = ctx.run(f"ae-{ctx.params['units']}-{ctx.seed}")
    train, _ = faces.split(ctx)
    _, size, seen = np.linalg.svd(train - train.mean(axis=0), full_matrices=False)
    seen = seen[size > 1e-4 * size[0]]
    weights = network.array("weight-fc1.weight")
    inside = weights @ seen.T @ seen
    ctx.record("outside", float(1 - np.sum(inside**2) / np.sum(weights**2)))
    for name, rows in (
        ("whole", weights),
        ("inside", inside),
        ("second", network.array("decoder").T),
    ):
        ctx.save(name, faces._stretched(rows.reshape(-1, 64, 64)))


def recover(ctx: Context) -> None:
    """Angles between the two subspaces; errors of every method on damaged test faces.

    The denoising network was trained on faces with the mean face in their gaps, and gets such ones.
    """
    network, denoiser, linear = (ctx.run(name) for name in _needs(ctx))
    centre, basis = linear.array("centre"), linear.array("basis")
    angles = ctx.code.principal_angles(basis, network.array("decoder").astype(np.float64))
    ctx.record("angles", np.degrees(angles))
    train, whole = faces.split(ctx)
    middle = train.mean(axis=0)
    nets = [_network(ctx, run, middle) for run in (network, denoiser)]
    rng = np.random.default_rng([ctx.seed, 2])
    for share in SHARES:
        observed = ctx.code.mask_pixels(whole.shape, share / 100, rng)
        found = _masked(ctx, whole, observed, nets, (centre, basis))
        for method, output in found.items():
            errors = ctx.code.masked_errors(whole, output, observed)
            ctx.record(f"mask-{share}-{method}", errors)
            if share == SHOWN:
                ctx.save(f"shown-{method}", faces.as_bytes(output[: faces.SAMPLES]))
    for sigma in SIGMAS:
        noisy = whole + rng.normal(0.0, sigma / 100, whole.shape).astype(np.float32)
        linear_output = ctx.code.pca_reconstruct(noisy.T, centre, basis).T
        outputs = (noisy, nets[0](noisy), nets[1](noisy), linear_output)
        for method, output in zip(NOISE_METHODS, outputs, strict=True):
            ctx.record(f"noise-{sigma}-{method}", float(np.mean((output - whole) ** 2)))


def _needs(ctx: Context) -> tuple[str, str, str]:
    units, seed = ctx.params["units"], ctx.seed
    return f"ae-{units}-{seed}", f"dae-{units}-{seed}", f"eigenfaces-{units}"


def _network(ctx: Context, run: Run, middle: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A trained network as a function of faces (N, 4096)."""
    import torch  # seconds to import, so only where a network runs

    torch.set_num_threads(1)
    model = ctx.code.build_autoencoder(run.params["units"])
    names = [name for name in run.arrays if name.startswith("weight-")]
    weights = {n.removeprefix("weight-"): torch.from_numpy(run.array(n)) for n in names}
    model.load_state_dict(weights)

    def reconstruct(rows: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            centred = torch.from_numpy((rows - middle).astype(np.float32))
            output: np.ndarray = model(centred).numpy() + middle
        return output

    return reconstruct


def _masked(
    ctx: Context,
    whole: np.ndarray,
    observed: np.ndarray,
    nets: Sequence[Callable[[np.ndarray], np.ndarray]],
    linear: tuple[np.ndarray, np.ndarray],
) -> dict[str, np.ndarray]:
    """What each method makes of the faces of which only the observed pixels are known."""
    zeroed = np.where(observed, whole, np.float32(0))
    filled = np.where(observed, whole, linear[0].astype(np.float32))
    gappy = ctx.code.gappy_reconstruct(zeroed.T.astype(np.float64), observed.T, *linear)
    outputs = (
        *(zeroed, filled, nets[0](zeroed)),
        nets[0](ctx.code.rescale_observed(whole, observed)),
        *(nets[0](filled), nets[1](filled), gappy.T),
    )
    return dict(zip(METHODS, outputs, strict=True))


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Angles, and errors in thousandths: over all pixels, and over the missing ones."""
    found: list[Fact] = []
    for units in faces.UNITS:
        name = f"faces.{units}"
        mine = [runs[f"recover-{units}-{s}"] for s in config["seeds"] if "faces" in _parts(runs)]
        if not mine:
            continue
        angles = {run.key: np.array(run.result["angles"]) for run in mine}
        seen = runs[f"views-{units}"]
        outside = {seen.key: 100 * seen.result["outside"]}
        found.append(mean(f"{name}.outside", outside, "%", 0))
        for what, of in {"largest": np.max, "median": np.median}.items():
            values = {key: float(of(each)) for key, each in angles.items()}
            found.append(mean(f"{name}.angle_{what}", values, "degrees", 1))
        close = {key: float((each < CLOSE).sum()) for key, each in angles.items()}
        found.append(mean(f"{name}.angles_close", close, "", 1))
        for share in SHARES:
            for method in METHODS:
                for place, pixels in enumerate(("all", "missing")):
                    key = f"mask-{share}-{method}"
                    values = {run.key: 1000 * run.result[key][place] for run in mine}
                    fact = f"{name}.mask.{share}.{method}.{pixels}"
                    found.append(mean(fact, values, "", 2))
        for sigma in SIGMAS:
            for method in NOISE_METHODS:
                values = {run.key: 1000 * run.result[f"noise-{sigma}-{method}"] for run in mine}
                found.append(mean(f"{name}.noise.{sigma}.{method}", values, "", 2))
    if found:
        keys = found[0].runs
        found.append(Fact("faces.corrupt", 100 * config["faces"]["corrupt"], "%", 0, runs=keys))
        found.append(Fact("faces.close_degrees", CLOSE, digits=0, runs=keys))
    return found


def _parts(runs: Mapping[str, Run]) -> set[str]:
    return {run.part for run in runs.values()}


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of damaged faces, and whether the facts bear it out."""
    found: dict[str, bool] = {}
    for units in faces.UNITS if "faces.train" in facts else ():
        at = {
            (share, method): float(facts[f"faces.{units}.mask.{share}.{method}.missing"].value)
            for share in SHARES
            for method in METHODS
        }
        noisy = {
            (sigma, method): float(facts[f"faces.{units}.noise.{sigma}.{method}"].value)
            for sigma in SIGMAS
            for method in NOISE_METHODS
        }
        every = [(at[s, "zeroed"], at[s, "filled"], at[s, "rescaled"]) for s in SHARES]
        found |= {
            f"zeros_hurt_{units}": at[50, "zeroed"] > at[50, "mean"],
            f"zeros_hurt_more_{units}": at[10, "zeroed"] < at[30, "zeroed"] < at[50, "zeroed"],
            f"weights_stay_noise_{units}": float(facts[f"faces.{units}.outside"].value) > 50,
            f"filling_best_{units}": all(filled < scaled for _, filled, scaled in every),
            f"denoiser_beats_filled_at_50_{units}": at[50, "denoiser"] < at[50, "filled"],
            f"denoiser_beats_filled_at_10_{units}": at[10, "denoiser"] < at[10, "filled"],
            f"filling_helps_{units}": all(filled < zeroed for zeroed, filled, _ in every),
            f"rescaling_helps_{units}": all(scaled < zeroed for zeroed, _, scaled in every),
            f"rescaled_worse_than_mean_{units}": at[50, "rescaled"] > at[50, "mean"],
            f"pca_denoises_better_{units}": all(
                noisy[s, "pca"] < noisy[s, "network"] for s in SIGMAS
            ),
            f"gappy_best_{units}": all(
                at[s, "gappy"] <= min(at[s, m] for m in METHODS) for s in SHARES
            ),
            f"denoiser_beats_zeroed_{units}": all(
                at[s, "denoiser"] < at[s, "zeroed"] for s in SHARES
            ),
            f"denoiser_beats_gappy_at_70_{units}": at[70, "denoiser"] < at[70, "gappy"],
            f"removes_noise_{units}": noisy[20, "network"] < noisy[20, "input"],
            f"adds_error_to_clean_{units}": noisy[5, "network"] > noisy[5, "input"],
        }
    return found
