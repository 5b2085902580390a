"""What a report may state of the generative model, and what it may claim."""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run
from kit.experiments.facts import about

STAGES = ("unet", "judge", "reference", "samples", "scores", "cost")


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the generative model, if it is among the runs."""
    if "scores" not in runs:
        return []
    keys = tuple(runs[name].key for name in STAGES)
    found = about("generator", [runs[name] for name in STAGES])
    found += [Fact(f"generator.{n}", v, digits=0, runs=keys) for n, v in _counts(runs, config)]
    found += [Fact(f"generator.{n}", text, runs=keys) for n, text in _texts(runs, config).items()]
    for name, (value, unit, digits) in _values(runs).items():
        found.append(Fact(f"generator.{name}", value, unit, digits, runs=keys))
    return found


def _counts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[tuple[str, int]]:
    g, s, trained = config["generator"], config["sampling"], runs["unet"].result
    counts = {name: g[name] for name in ("size", "batch")}
    counts |= {name: s[name] for name in ("ode_steps", "components")}
    counts |= {
        "samples": runs["reference"].result["count"],
        "judge_epochs": config["judge"]["epochs"],
    }
    counts |= {name: trained[name] for name in ("parameters", "steps", "images")}
    counts |= {"full_steps": config["full"]["steps"], "full_batch": config["full"]["batch"]}
    return list(counts.items())


def _texts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> dict[str, str]:
    g, inception = config["generator"], runs["scores"].result["inception"]
    names = ("rate", "label_dropout", "decay")
    return {
        **{name: f"{g[name]:g}" for name in names},
        "guidance": f"{config['sampling']['guidance']:g}",
        "channels": ", ".join(str(width) for width in g["channels"]),
        "inception_reason": inception["reason"] or "none",
    }


def _values(runs: Mapping[str, Run]) -> dict[str, tuple[float | str, str, int]]:
    """Values with their unit and decimals."""
    scores, reference = runs["scores"].result, runs["reference"].result
    real, gaussian, made = reference["real"], reference["gaussian"], scores["made"]
    inception, cost = scores["inception"], runs["cost"].result
    values: dict[str, tuple[float | str, str, int]] = {
        "loss": (runs["unet"].history[-1]["loss"], "", 3),
        "distance": (scores["distance"], "", 2),
        "floor": (reference["floor"], "", 2),
        "gaussian.distance": (gaussian["distance"], "", 2),
        "agreement": (100 * scores["agreement"], "%", 1),
        "gaussian.agreement": (100 * gaussian["agreement"], "%", 1),
        "judge_accuracy": (100 * runs["judge"].result["accuracy"], "%", 1),
        "midpoint_contrast": (100 * scores["contrast"]["midpoint"], "%", 0),
        "blend_contrast": (100 * scores["contrast"]["blend"], "%", 0),
        "fid": (inception.get("distance", "not computed"), "", 1),
        "fid_floor": (inception.get("floor", "not computed"), "", 1),
        "images_per_second": (runs["unet"].result["images_per_second"], "", 0),
        "full_images_per_second": (cost["images_per_second"], "", 1),
        "full_hours": (cost["hours"], "h", 0),
        "training_minutes": (runs["unet"].seconds / 60, "min", 1),
    }
    for name, looked in (("made", made), ("gaussian", gaussian)):
        for what in ("neighbour", "apart"):
            values[f"{name}.{what}"] = (looked[what] / real[what], "", 2)
    return values


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    if "generator.distance" not in facts:
        return {}
    value = {
        name.removeprefix("generator."): float(fact.value)
        for name, fact in facts.items()
        if name.startswith("generator.") and not isinstance(fact.value, str)
    }
    return {
        "generator_is_small": value["size"] < 32 or facts["generator.data"].value != "CIFAR100",
        "images_are_made_smaller": value["size"] < 32,
        "flow_beats_gaussian": value["distance"] < value["gaussian.distance"],
        "distance_far_from_floor": value["distance"] > 3 * value["floor"],
        "nothing_is_copied": value["made.neighbour"] > 0.7,
        "batch_is_diverse": value["made.apart"] > 0.9,
        "midpoints_are_sharp": value["midpoint_contrast"] > value["blend_contrast"] + 10,
        "inception_is_known": "fid" in value,
        "agreement_above_gaussian": value["agreement"] > value["gaussian.agreement"],
    }
