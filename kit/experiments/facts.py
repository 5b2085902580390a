"""Facts that every assignment states: means over runs, and where the numbers come from."""

from collections.abc import Mapping, Sequence

import numpy as np

from kit.experiments.stage import Fact, Run


def mean(name: str, values: Mapping[str, float], unit: str = "", digits: int = 2) -> Fact:
    """The mean of `values`, by run key, with their standard deviation if there are several."""
    numbers = list(values.values())
    spread = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else None
    return Fact(name, float(np.mean(numbers)), unit, digits, spread, len(numbers), tuple(values))


def about(part: str, runs: Sequence[Run]) -> list[Fact]:
    """Where the numbers of a part come from: data, machine, versions, time.

    The first of `runs` tells the data and the machine; the time is that of all.
    """
    keys, first = tuple(run.key for run in runs), runs[0]
    data = first.dataset or {}
    texts = {
        "data": data.get("title", "none"),
        "hardware": first.hardware["device"],
        "system": first.hardware["system"],
        **{f"version.{name}": version for name, version in first.versions.items()},
    }
    counts = {
        "train": data.get("train", 0),
        "test": data.get("test", 0),
        "cores": first.hardware["cores"],
    }
    found = [Fact(f"{part}.{name}", text, runs=keys) for name, text in texts.items()]
    found += [Fact(f"{part}.{name}", count, digits=0, runs=keys) for name, count in counts.items()]
    minutes = sum(run.seconds for run in runs) / 60
    return [*found, Fact(f"{part}.minutes", minutes, "min", 1, runs=keys)]
