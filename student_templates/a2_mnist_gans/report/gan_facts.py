"""What a report may state of the GANs, the metrics and the bonus, and what it may claim."""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Fact, Run
from kit.experiments.facts import about

KINDS = ("dcgan", "cgan")
LONG = "cgan-long"
# What an arm changes, in the words of tables and text.
CHANGES = {
    "base": "base",
    "wide": "wider generator",
    "slow": "lower rate",
    "virtual": "virtual batch norm.",
    "smooth": "one-sided smoothing",
    "balanced": "balanced updates",
    "plane": "class as a plane",
    "hinge": "hinge loss",
    "long": "long run",
}
# Name: what it is multiplied by, decimals, unit.
MEASURES: dict[str, tuple[float, int, str]] = {
    "distance": (1, 2, ""),
    "score": (1, 2, ""),
    "success": (100, 2, "%"),
    "precision": (1, 3, ""),
    "recall": (1, 3, ""),
    "density": (1, 3, ""),
    "coverage": (1, 3, ""),
    "total_variation": (1, 3, ""),
    "covered": (1, 0, ""),
    "duplicates": (100, 0, "%"),
    "neighbour_distance": (1, 0, ""),
    "spread": (1, 2, ""),
}


def measured(prefix: str, found: Mapping[str, Any], keys: tuple[str, ...]) -> list[Fact]:
    """The scores of one set of images as facts."""
    facts = []
    for name, (scale, digits, unit) in MEASURES.items():
        if name in found:
            value = found[name] if scale == 1 else scale * found[name]
            facts.append(Fact(f"{prefix}.{name}", value, unit, digits, runs=keys))
    return facts


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value of the parts that are among the runs."""
    found: list[Fact] = []
    for kind in KINDS:
        arms = [name for name, run in runs.items() if run.part == kind and _scored(name, runs)]
        if f"{kind}-base" in arms and len(arms) == len(config[kind]["arms"]):
            found += _of_kind(kind, arms, runs)
    if "metrics" in runs:
        found += _of_metrics(runs)
    if "guided-score" in runs:
        found += _of_bonus(runs)
    return found


def _scored(name: str, runs: Mapping[str, Run]) -> bool:
    return f"{name}-score" in runs


def _of_kind(kind: str, arms: list[str], runs: Mapping[str, Run]) -> list[Fact]:
    named = {arm.removeprefix(f"{kind}-"): runs[arm] for arm in arms}
    if kind == "cgan":
        named["long"] = runs[LONG]
    base, found = named["base"], []
    found += about(kind, [base, *(run for run in named.values() if run is not base)])
    for name, run in named.items():
        scored = runs[f"{run.stage}-score"]
        keys = (run.key, scored.key)
        prefix = f"{kind}.{name}"
        found += measured(prefix, scored.result, keys)
        counts = {
            "iterations": run.params["iterations"],
            "batch": run.params["batch"],
            "generator.parameters": run.result["generator"]["trainable"],
            "discriminator.parameters": run.result["discriminator"]["trainable"],
            "discriminator_updates": run.result["updates"][0],
            "generator_updates": run.result["updates"][1],
        }
        found += [Fact(f"{prefix}.{key}", n, digits=0, runs=keys) for key, n in counts.items()]
        speed = run.params["iterations"] / run.seconds
        found.append(Fact(f"{prefix}.minutes", run.seconds / 60, "min", 1, runs=keys))
        found.append(Fact(f"{prefix}.speed", speed, "", 1, runs=keys))
        found.append(Fact(f"{prefix}.accuracy", 100 * run.result["accuracy"], "%", 0, runs=keys))
        found.append(Fact(f"{prefix}.real_label", run.params["real_label"], "", 1, runs=keys))
        for rate in ("generator_rate", "discriminator_rate"):
            found.append(Fact(f"{prefix}.{rate}", run.params[rate], "", 4, runs=keys))
    ranked = {name: runs[f"{run.stage}-score"].result["distance"] for name, run in named.items()}
    ranked.pop("long", None)
    for word, pick in (("best", min), ("worst", max)):
        name = pick(ranked, key=lambda arm: ranked[arm])
        found.append(Fact(f"{kind}.{word}", CHANGES[name], runs=(named[name].key,)))
        value = ranked[name]
        found.append(Fact(f"{kind}.{word}_distance", value, "", 2, runs=(named[name].key,)))
    for name in ("noise_dim", "embedding", "samples"):
        found.append(Fact(f"{kind}.{name}", base.params[name], digits=0, runs=(base.key,)))
    for name, digits in (("beta_1", 1), ("beta_2", 2), ("mean_decay", 3)):
        found.append(Fact(f"{kind}.{name}", base.params[name], "", digits, runs=(base.key,)))
    reference = runs["reference"]
    found += _rivals(kind, reference)
    return found


def _rivals(part: str, reference: Run) -> list[Fact]:
    """The rows that every table has: real images, and the Gaussian per class that does best."""
    keys = (reference.key,)
    return [
        *measured(f"{part}.real", reference.result["real"], keys),
        *measured(f"{part}.pca", reference.result[best_pca(reference)], keys),
        Fact(f"{part}.scored", reference.result["count"], digits=0, runs=keys),
    ]


def best_pca(reference: Run) -> str:
    """The number of components with the highest success rate, as the record's name."""
    names = [name for name in reference.result if name.startswith("pca-")]
    return max(names, key=lambda name: float(reference.result[name]["success"]))


def _of_metrics(runs: Mapping[str, Run]) -> list[Fact]:
    judge, reference, long = runs["judge"], runs["reference"], runs["metrics"]
    keys = (judge.key, reference.key, long.key)
    found = [*about("metrics", [judge, reference, long]), *_rivals("metrics", reference)]
    found += measured("metrics.long", long.result, keys)
    found += measured("metrics.memorised", long.result["memorised"], keys)
    values = {
        "accuracy": (100 * judge.result["accuracy"], "%", 2),
        "error": (100 - 100 * judge.result["accuracy"], "%", 2),
        "held_out_accuracy": (100 * judge.history[-1]["held_out_accuracy"], "%", 2),
        "lowest_class": (100 * min(judge.result["per_class"]), "%", 2),
        "judge_minutes": (judge.seconds / 60, "min", 1),
        "threshold": (reference.result["threshold"], "", 0),
    }
    for name, (value, unit, digits) in values.items():
        found.append(Fact(f"metrics.{name}", value, unit, digits, runs=keys))
    for name in ("neighbourhood", "k", "k_density", "batch", "batches", "neighbours"):
        found.append(Fact(f"metrics.{name}", reference.params[name], digits=0, runs=keys))
    counts = {
        "epochs": judge.params["epochs"],
        "shift": judge.params["shift"],
        "judge.parameters": judge.result["summary"]["trainable"],
        "judge.images": judge.result["images"],
        "features": judge.params["hidden"][-1],
        "components": int(best_pca(reference).removeprefix("pca-")),
        "iterations": runs[LONG].params["iterations"],
    }
    found += [Fact(f"metrics.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    rates = long.result["per_class"]
    for word, pick in (("best", max), ("worst", min)):
        digit = pick(range(len(rates)), key=lambda at: rates[at])
        found.append(Fact(f"metrics.{word}_digit", digit, digits=0, runs=keys))
        found.append(Fact(f"metrics.{word}_rate", 100 * rates[digit], "%", 2, runs=keys))
    matrix = long.array("confusion").copy()
    matrix[range(len(matrix)), range(len(matrix))] = 0
    asked, seen = divmod(int(matrix.argmax()), len(matrix))
    for name, n in (("asked", asked), ("seen", seen), ("mistaken", int(matrix.max()))):
        found.append(Fact(f"metrics.confused_{name}", n, digits=0, runs=keys))
    return found


def _of_bonus(runs: Mapping[str, Run]) -> list[Fact]:
    embedding, guided, scored = runs["embedding"], runs["guided"], runs["guided-score"]
    plain, guide, judge = runs["cgan-base-score"], runs["guide"], runs["judge"]
    reference = runs["reference"]
    keys = (embedding.key, guided.key, scored.key, plain.key, guide.key, judge.key)
    found = about("bonus", [guided, embedding, scored])
    found += measured("bonus.guided", scored.result, keys)
    found += measured("bonus.plain", plain.result, keys)
    found += _rivals("bonus", reference)
    for name in sorted(reference.result):
        if name.startswith("pca-"):
            prefix = f"bonus.{name.replace('-', '')}"
            found += measured(prefix, reference.result[name], (reference.key,))
    shares = {
        "same_digit": embedding.result["same_digit"],
        "same_kind": embedding.result["same_kind"],
        "pca_explained": embedding.result["pca_explained"],
        **{
            f"{kind}_{what}": embedding.result[f"{kind}_{what}"]
            for kind in ("real", "made")
            for what in ("confidence", "sure", "right")
        },
        "guide_accuracy": guide.result["accuracy"],
        "judge_accuracy": judge.result["accuracy"],
        "guided.guide_success": scored.result["guide_success"],
        "plain.guide_success": scored.result["plain_guide_success"],
    }
    for name, share in shares.items():
        found.append(Fact(f"bonus.{name}", 100 * share, "%", 2, runs=keys))
    counts = {
        "images": embedding.params["images"],
        "iterations": guided.params["iterations"],
        "guide.parameters": guide.result["summary"]["trainable"],
    }
    found += [Fact(f"bonus.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    found.append(Fact("bonus.perplexity", embedding.params["perplexity"], digits=0, runs=keys))
    found.append(Fact("bonus.sure", 100 * embedding.params["sure"], "%", 0, runs=keys))
    weight = guided.params["class_weight"]
    found.append(Fact("bonus.class_weight", weight, "", 1, runs=keys))
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    value = {n: float(f.value) for n, f in facts.items() if not isinstance(f.value, str)}
    found: dict[str, bool] = {}
    for kind in KINDS:
        if f"{kind}.base.distance" in value:
            found |= _of_arms(kind, value)
    if "metrics.long.distance" in value:
        found |= _of_long(value)
    if "bonus.guided.distance" in value:
        found |= _of_guided(value)
    return found


def _of_arms(kind: str, value: Mapping[str, float]) -> dict[str, bool]:
    prefix = f"{kind}."
    arms = [n.split(".")[1] for n in value if n.startswith(prefix) and n.endswith(".iterations")]
    short = [arm for arm in arms if arm != "long"]
    base = value[f"{kind}.base.distance"]
    found = {
        f"{kind}_{arm}_helps": value[f"{kind}.{arm}.distance"] < base
        for arm in short
        if arm != "base"
    }
    found[f"{kind}_covers_all"] = all(value[f"{kind}.{arm}.covered"] == 10 for arm in short)
    found[f"{kind}_beats_pca"] = (
        min(value[f"{kind}.{arm}.distance"] for arm in short) < value[f"{kind}.pca.distance"]
    )
    found[f"{kind}_base_less_varied"] = value[f"{kind}.base.recall"] < value[f"{kind}.real.recall"]
    found[f"{kind}_base_repeats"] = (
        value[f"{kind}.base.duplicates"] > value[f"{kind}.real.duplicates"]
    )
    found[f"{kind}_unbalanced"] = (
        value[f"{kind}.balanced.discriminator_updates"]
        != value[f"{kind}.balanced.generator_updates"]
    )
    if kind == "cgan":
        found["long_beats_arms"] = value["cgan.long.distance"] < min(
            value[f"cgan.{arm}.distance"] for arm in short
        )
        found["long_covers_all"] = value["cgan.long.covered"] == 10
    return found


def _of_long(value: Mapping[str, float]) -> dict[str, bool]:
    long, real, pca = (f"metrics.{name}" for name in ("long", "real", "pca"))
    return {
        "judge_is_good": value["metrics.accuracy"] >= 99.0,
        "long_meets_goal": value[f"{long}.success"] >= 97 and value[f"{long}.distance"] <= 10,
        "pca_succeeds": value[f"{pca}.success"] >= value[f"{long}.success"] - 1,
        "pca_succeeds_more": value[f"{pca}.success"] > value[f"{long}.success"],
        "long_nearer_than_pca": value[f"{long}.distance"] < value[f"{pca}.distance"],
        "long_above_floor": value[f"{long}.distance"] > value[f"{real}.distance"],
        "long_less_covered": value[f"{long}.coverage"] < value[f"{real}.coverage"],
        "long_copies_nothing": value[f"{long}.neighbour_distance"]
        > 0.5 * value[f"{real}.neighbour_distance"],
        "memorised_scores_well": value["metrics.memorised.success"] > 95,
        "memorised_recall_low": value["metrics.memorised.recall"] < value[f"{long}.recall"],
        "memorised_repeats": value["metrics.memorised.duplicates"] > 50,
    }


def _of_guided(value: Mapping[str, float]) -> dict[str, bool]:
    guided, plain = "bonus.guided", "bonus.plain"
    return {
        "guide_raises_success": value[f"{guided}.success"] > value[f"{plain}.success"],
        "guide_flatters": value[f"{guided}.guide_success"] > value[f"{guided}.success"],
        "guide_lowers_distance": value[f"{guided}.distance"] < value[f"{plain}.distance"],
        "guide_lowers_recall": value[f"{guided}.recall"] < value[f"{plain}.recall"],
        "made_less_sure": value["bonus.made_sure"] < value["bonus.real_sure"],
        "digits_cluster": value["bonus.same_digit"] >= 90,
        "kinds_mix": value["bonus.same_kind"] < 75,
    }
