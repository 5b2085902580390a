"""What a report may state of the classifiers, and what it may claim."""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.experiments import Fact, Run, beside
from kit.experiments.facts import about, mean

experiments = beside(__file__, "classifier_experiments")
SPLITS = experiments.SPLITS
MODELS = experiments.MODELS


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the classifiers, if they are among the runs."""
    mine = [run for run in runs.values() if run.part == "classifier"]
    if not mine:
        return []
    found = about("classifier", mine) + _settings(mine[0], config)
    seeds = config["seeds"]
    models = config["classifier"]["models"]
    groups = {model: [runs[f"{model}-{seed}"] for seed in seeds] for model in models}
    for model, group in groups.items():
        found += _ends(f"classifier.{model}", group)
    for model in set(MODELS) - set(models):
        found.append(Fact(f"classifier.{model}.test_accuracy", "not run", runs=(mine[0].key,)))
    for name, better, worse in (("order", "set", "plain"), ("rule", "sum", "set")):
        both = groups.get(better), groups.get(worse)
        found.append(_gain(f"classifier.{name}_gain", *both, mine[0].key))
    return [*found, *_of_the_sum(groups["sum"])]


def _gain(name: str, better: Sequence[Run] | None, worse: Sequence[Run] | None, key: str) -> Fact:
    """How many points of test accuracy lie between two models, seed by seed, if both were run."""
    if not better or not worse:
        return Fact(name, "not known", runs=(key,))
    points = {
        a.key: 100 * (a.result["test"]["accuracy"] - b.result["test"]["accuracy"])
        for a, b in zip(better, worse, strict=True)
    }
    return mean(name, points, "points", 1)


def _settings(first: Run, config: Mapping[str, Any]) -> list[Fact]:
    c, keys = config["classifier"], (first.key,)
    counts = {name: c[name] for name in ("batch", "eval_batch", "probe", "steps")}
    counts |= {"seeds": len(config["seeds"])}
    names = zip(("images", "validation", "tests"), SPLITS, strict=True)
    counts |= {name: first.result["counts"][split] for name, split in names}
    texts = {name: f"{c[name]:g}" for name in ("rate", "weight_decay", "decay")}
    texts |= {"source": (first.dataset or {})["title"]}
    found = [Fact(f"classifier.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    return [*found, *(Fact(f"classifier.{name}", text, runs=keys) for name, text in texts.items())]


def _ends(name: str, group: Sequence[Run]) -> list[Fact]:
    """Size and steps of a model, and how it ended, over the seeds."""
    keys, first = tuple(run.key for run in group), group[0].result
    found = [Fact(f"{name}.{n}", first[n], digits=0, runs=keys) for n in ("parameters", "steps")]
    for split in SPLITS:
        accuracy = {run.key: 100 * run.result[split]["accuracy"] for run in group}
        loss = {run.key: run.result[split]["loss"] for run in group}
        found.append(mean(f"{name}.{split}_accuracy", accuracy, "%", 2))
        found.append(mean(f"{name}.{split}_loss", loss, "", 3))
        batches = 100 * first[split]["accuracy"], 100 * first[split]["deviation"]
        found.append(Fact(f"{name}.{split}_batches", batches[0], "%", 2, batches[1], runs=keys[:1]))
    gaps = {
        run.key: 100 * (run.result["train"]["accuracy"] - run.result["test"]["accuracy"])
        for run in group
    }
    minutes = {run.key: run.seconds / 60 for run in group}
    return [*found, mean(f"{name}.gap", gaps, "points", 2), mean(f"{name}.time", minutes, "min", 1)]


def _of_the_sum(group: Sequence[Run]) -> list[Fact]:
    """What is looked at of the model with the rule alone."""
    keys, name = tuple(run.key for run in group), "classifier.sum"
    tests = [run.result["test"]["accuracy"] for run in group]
    right, size = sum(tests) / len(tests), group[0].params["eval_batch"]
    found = [
        Fact(f"{name}.binomial", 100 * (right * (1 - right) / size) ** 0.5, "points", 1, runs=keys),
        mean(f"{name}.seed_spread", dict.fromkeys(keys[:1], _spread(tests)), "points", 2),
    ]
    gains = {
        run.key: 100 * (run.result["test"]["accuracy"] - run.result["last"]["accuracy"])
        for run in group
    }
    found.append(mean(f"{name}.average_gain", gains, "points", 2))
    half = {
        run.key: 100 * run.history[(len(run.history) - 1) // 2]["test_accuracy"] for run in group
    }
    found.append(mean(f"{name}.halfway", half, "%", 1))
    near = {run.key: 100 * run.result["near_misses"] for run in group}
    found.append(mean(f"{name}.near_misses", near, "%", 0))
    digits = {run.key: 100 * run.result["digit_accuracy"] for run in group}
    if all(value >= 0 for value in digits.values()):
        found.append(mean(f"{name}.digit_accuracy", digits, "%", 2))
        cubed = {key: 100 * (value / 100) ** 3 for key, value in digits.items()}
        return [*found, mean(f"{name}.cubed", cubed, "%", 2)]
    unknown = [Fact(f"{name}.{what}", "unknown", runs=keys) for what in ("digit_accuracy", "cubed")]
    return [*found, *unknown]


def _spread(accuracies: Sequence[float]) -> float:
    centre = sum(accuracies) / len(accuracies)
    squares = sum((value - centre) ** 2 for value in accuracies)
    return float(100 * (squares / max(len(accuracies) - 1, 1)) ** 0.5)


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    if "classifier.sum.parameters" not in facts:
        return {}
    value = {name: fact.value for name, fact in facts.items() if name.startswith("classifier.")}
    test = {model: value[f"classifier.{model}.test_accuracy"] for model in MODELS}
    rivals = [float(test[model]) for model in ("set", "plain") if test[model] != "not run"]
    right, half = float(test["sum"]), float(value["classifier.sum.halfway"])
    known = len(rivals) == len(MODELS) - 1
    steps = facts["limit.classifier.steps"].value
    return {
        "both_rivals_were_run": known,
        "sum_beats_rivals": right > max(rivals, default=0.0) + 5,
        "order_helps": known and right > rivals[0] > rivals[1],
        "gap_is_small": abs(float(value["classifier.sum.gap"])) < 1,
        "average_helps": float(value["classifier.sum.average_gain"]) > 0.1,
        "digits_are_known": value["classifier.sum.digit_accuracy"] != "unknown",
        "addnist_is_rebuilt": value["classifier.data"] != "AddNIST",
        "classifier_steps_left": value["classifier.sum.steps"] < steps,
        "most_is_learnt_early": half > 0.9 * right,
        "several_seeds": value["classifier.seeds"] > 1,
    }
