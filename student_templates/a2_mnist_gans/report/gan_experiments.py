"""Questions 1 and 2: a DCGAN and a CGAN, and what each change to them is worth.

An arm is the base with one change, trained for as many iterations from the same seed. The long run
is a CGAN of the size that is worth its name; its settings were fixed beforehand and chosen by no
score on the test images.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from kit.experiments import Context, Stage, beside

training = beside(__file__, "gan_training")
judging = beside(__file__, "judge_experiments")
KINDS = ("dcgan", "cgan")
LONG = "cgan-long"
CLASSES = 10
STRIP = 10  # images of an arm that are kept for the report


def parameters(config: Mapping[str, Any], kind: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """What a GAN is trained with: the common settings, those of its kind, the change."""
    own = {name: value for name, value in config[kind].items() if not isinstance(value, Mapping)}
    common = {**config["gan"], "conditional": kind == "cgan", "seed": config["seeds"][0]}
    return {**common, **own, **change}


def plan(config: dict[str, Any]) -> list[Stage]:
    """The long run, the arms of both kinds, the scores of each."""
    data, found = config["data"], []
    long = parameters(config, "cgan", config["cgan"]["long"])
    found.append(Stage(LONG, "", train_arm, long, (), data))
    for kind in KINDS:
        for arm, change in config[kind]["arms"].items():
            params = parameters(config, kind, change)
            found.append(Stage(f"{kind}-{arm}", kind, train_arm, params, (), data))
        arms = [f"{kind}-{arm}" for arm in config[kind]["arms"]]
        arms += [LONG] if kind == "cgan" else []
        found += [
            Stage(f"{arm}-score", kind, score_arm, {"arm": arm}, (arm, "judge", "reference"), data)
            for arm in arms
        ]
    return found


def train_arm(ctx: Context) -> None:
    """Train a GAN; keep a strip of images as it goes, and many at the end."""
    rng = np.random.default_rng([ctx.seed, 1, 1])
    count, p = ctx.params["samples"], ctx.params
    labels = training.balanced_labels(count) if p["conditional"] else None
    noise = ctx.code.sample_noise(count, p["noise_dim"], rng)
    few = slice(0, STRIP)

    def on_round(game: Any, number: int) -> None:
        if number in (1, 2, 5, 10, 15, 20, 30):
            strip = game.sample(noise[few], None if labels is None else labels[few])
            ctx.save(f"strip-{min(p['iterations'], training.ROUND * number):05d}", strip)

    game = training.train(ctx, ctx.data.train_images, ctx.data.train_labels, on_round=on_round)
    samples = game.sample(noise, labels)
    ctx.save("samples", samples, local=True)
    ctx.save("grid", samples[: CLASSES * STRIP])
    last = ctx.history[-1]
    ctx.record("accuracy", last["accuracy"])
    rows = ctx.history
    ctx.record(
        "updates",
        [sum(r[f"{who}_updates"] for r in rows) for who in ("discriminator", "generator")],
    )


def score_arm(ctx: Context) -> None:
    """Judge the images of a trained generator."""
    run = ctx.run(ctx.params["arm"])
    samples = run.array("samples")[: ctx.run("reference").result["count"]]
    labels = training.balanced_labels(len(samples)) if run.params["conditional"] else None
    scores = judging.scores(ctx, samples, labels)
    for name, value in scores.items():
        ctx.record(name, value)
