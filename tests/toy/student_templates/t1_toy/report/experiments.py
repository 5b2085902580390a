"""The toy's experiment: how well a moving average removes noise, for several widths."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage


def plan(config: dict[str, Any]) -> list[Stage]:
    """A stage per width."""
    return [
        Stage(f"width{width}", "averages", smooth, {"width": width, "values": config["values"]})
        for width in config["widths"]
    ]


def smooth(ctx: Context) -> None:
    """Smooth a noisy sine; the error goes into every row of the history."""
    draw = np.random.default_rng(ctx.seed)
    clean = np.sin(np.linspace(0, 6, ctx.params["values"]))
    width = ctx.params["width"]
    for epoch in (1, 2):
        noisy = clean + 0.1 * draw.normal(size=clean.shape)
        middle = (width - 1) // 2
        smoothed = ctx.code.moving_average(noisy, width)
        error = float(np.mean(np.abs(smoothed - clean[middle : middle + len(smoothed)])))
        ctx.epoch(epoch, 2, error=error)
    ctx.save("smoothed", smoothed)
    ctx.record("error", error)


def facts(runs: Mapping[str, Run], config: dict[str, Any]) -> list[Fact]:
    """The mean error for each width."""
    return [
        Fact(f"error.{name}", run.result["error"], digits=4, runs=(run.key,))
        for name, run in runs.items()
    ]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What the report says of the facts."""
    return {"width3.helps": facts["error.width3"].value < facts["error.width1"].value}
