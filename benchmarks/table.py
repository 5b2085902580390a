"""The figures of a class as tables for the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

WAYS = {
    "ours": "this kit, jailed",
    "otter": "stock otter run",
    "fresh": "a fresh Python",
    "bare": "the bare tests",
}


def show(name: str, found: dict[str, Any], console: Console) -> None:
    """Print the four ways, the ratios, and where the time goes."""
    rows = Table(title=f"{name}: per submission")
    for column in ("way", "CPU s", "spread", "per minute", "peak MB", "of 60"):
        rows.add_column(column, justify="left" if column == "way" else "right")
    for way, label in WAYS.items():
        one = found[way]
        low, high = one["cpu_spread"]
        cells = [f"{one['cpu_seconds']:.3f}", f"{low:.3f}-{high:.3f}", f"{one['per_minute']:.0f}"]
        rows.add_row(label, *cells, f"{one['peak_memory_mb']:.0f}", str(one["measured"]))
    console.print(rows)
    start = found["ours"]["startup_cpu_seconds"]
    console.print(
        f"{found['ratio_vs_otter_cpu']:.0f}x otter run, {found['ratio_vs_fresh_cpu']:.0f}x a fresh "
        f"Python; {found['overhead_ms']:.0f} ms more than the bare tests, "
        f"{found['overhead_vs_inprocess_cpu']:.2f} times their time; the start of a worker "
        f"(imports, self-check) takes {start:.1f} CPU s, once"
    )
    console.print(_where(name, found["where"]))


def _where(name: str, where: dict[str, dict[str, float]]) -> Table:
    rows = Table(title=f"{name}: where the time goes, CPU ms per submission")
    rows.add_column("side")
    rows.add_column("part")
    rows.add_column("ms", justify="right")
    for side, parts in where.items():
        for part, spent in sorted(parts.items(), key=lambda pair: -pair[1]):
            rows.add_row(side, part, f"{spent:.1f}")
        rows.add_section()
    return rows
