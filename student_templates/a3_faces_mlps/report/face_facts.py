"""What a report may state of the autoencoders and the eigenfaces, and what it may claim."""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.experiments import Fact, Run, beside
from kit.experiments.facts import about, mean

faces = beside(__file__, "face_experiments")


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the autoencoders and of the eigenfaces."""
    mine = [run for run in runs.values() if run.part == "faces"]
    if not mine:
        return []
    c, keys = config["faces"], tuple(run.key for run in mine)
    found = about("faces", mine)
    for name in ("epochs", "denoiser_epochs", "tune_epochs", "batch", "held_out"):
        found.append(Fact(f"faces.{name}", c[name], digits=0, runs=keys))
    counts = runs[f"eigenfaces-{faces.UNITS[0]}"].result["counts"]
    for name, count in zip(("train_faces", "test_faces"), counts, strict=True):
        found.append(Fact(f"faces.{name}", count, digits=0, runs=keys))
    found.append(Fact("faces.seeds", len(config["seeds"]), digits=0, runs=keys))
    for units in faces.UNITS:
        found += _unit_facts(runs, config["seeds"], units)
    for name, run in runs.items():
        if name.startswith("tune-ae-"):
            found.append(_thousandths(f"faces.{name}", {run.key: run.result["other_loss"]}))
    return found


def _thousandths(name: str, values: Mapping[str, float], digits: int = 3) -> Fact:
    """A mean squared error per pixel, in thousandths: the numbers are small."""
    return mean(name, {key: 1000 * value for key, value in values.items()}, "", digits)


def _unit_facts(runs: Mapping[str, Run], seeds: Sequence[int], units: int) -> list[Fact]:
    name = f"faces.{units}"
    nets = [runs[f"ae-{units}-{seed}"] for seed in seeds]
    raw, linear = runs[f"ae-raw-{units}"], runs[f"eigenfaces-{units}"]
    keys, bound = tuple(run.key for run in nets), linear.result["bound"]
    ratios = {run.key: run.result["loss"] / bound for run in nets}
    found = [
        Fact(f"{name}.parameters", nets[0].result["parameters"], digits=0, runs=keys),
        Fact(f"{name}.rate", nets[0].result["rate"], digits=4, runs=keys),
        _thousandths(f"{name}.bound", {linear.key: bound}),
        _thousandths(f"{name}.variance", {linear.key: linear.result["variance"]}),
        _thousandths(f"{name}.pca_test", {linear.key: linear.result["other_loss"]}),
        _thousandths(f"{name}.raw", {raw.key: raw.result["loss"]}),
        Fact(f"{name}.raw_dead", raw.result["dead"], digits=0, runs=(raw.key,)),
        Fact(f"{name}.raw_spread", raw.result["spread"], digits=4, runs=(raw.key,)),
        mean(f"{name}.ratio", ratios, "", 3),
        Fact(f"{name}.ratio_worst", max(ratios.values()), digits=3, runs=keys),
        Fact(f"{name}.ratio_least", min(ratios.values()), digits=6, runs=keys),
    ]
    for fact, record in {"loss": "loss", "test": "other_loss"}.items():
        values = {run.key: run.result[record] for run in nets}
        found.append(_thousandths(f"{name}.{fact}", values))
    sums = {run.key: 4096 * run.result["loss"] for run in nets}
    found.append(mean(f"{name}.sum_loss", sums, "", 1))
    for record in ("dead", "always"):
        found.append(mean(f"{name}.{record}", {r.key: r.result[record] for r in nets}, "", 1))
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    found: dict[str, bool] = {}
    for units in faces.UNITS if "faces.train" in facts else ():
        at = {
            key: float(facts[f"faces.{units}.{key}"].value)
            for key in (
                "ratio_worst",
                "ratio_least",
                "raw_dead",
                "raw",
                "variance",
                "test",
                "always",
            )
        }
        pca = float(facts[f"faces.{units}.pca_test"].value)
        found |= {
            f"ae_{units}_near_bound": at["ratio_worst"] <= 1.10,
            f"ae_{units}_very_near_bound": at["ratio_worst"] <= 1.03,
            f"ae_{units}_above_bound": at["ratio_least"] >= 1 - 1e-6,
            f"raw_{units}_dies": at["raw_dead"] == units,
            f"raw_{units}_is_mean_face": abs(at["raw"] / at["variance"] - 1) < 0.01,
            f"ae_{units}_is_not_linear": at["always"] < units,
            f"ae_{units}_above_pca_on_test": at["test"] > pca,
        }
    return found
