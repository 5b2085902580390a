"""The toy's figure and table."""

from typing import Any


def figures(results: Any) -> dict[str, Any]:
    """The smoothed signals, one line per width."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 2.5))
    axes = figure.subplots()
    for name, run in results.runs.items():
        axes.plot(run.array("smoothed"), label=name)
    axes.legend()
    return {"smoothed": figure}


def tables(results: Any) -> dict[str, str]:
    """The error for each width."""
    rows = " \\\\\n".join(f"{name} & \\res{{error.{name}}}" for name in results.runs)
    return {"errors": f"\\begin{{tabular}}{{lr}}\nrun & error \\\\\n{rows}\n\\end{{tabular}}\n"}
