"""The generated appendix: which runs the numbers come from, on what machine, with what settings.

Fragments by pylatex, one line of a table per run; the report's source puts them into floats.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.experiments import Run
from kit.experiments.results import Results
from kit.reporting.escape import breakable, tex
from kit.reporting.facts import number

KEY = 12  # characters of a run key that are printed; the attachment has them all


def fragments(results: Results) -> dict[str, str]:
    """Every fragment, by the name of its file under tables/."""
    return {
        "runs": runs_table(results),
        "machine": machine(results),
        "settings": settings_table(results),
    }


def _tabular(spec: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    from pylatex import Tabular
    from pylatex.utils import NoEscape

    table = Tabular(NoEscape(spec), booktabs=True, width=len(header))
    table.add_row([NoEscape(cell) for cell in header])
    table.append(NoEscape(r"\midrule"))
    for row in rows:
        table.add_row([NoEscape(cell) for cell in row])
    text: str = table.dumps()
    return text + "\n"


def runs_table(results: Results) -> str:
    """Stage, size, key, data and seconds of every run; a mark where today's code differs."""
    rows = [_run_row(name, run, results) for name, run in results.runs.items()]
    header = ("Stage", "Size", "Key", "Data", r"\multicolumn{1}{r}{Seconds}")
    return _tabular("llllr", header, rows)


def _run_row(name: str, run: Run, results: Results) -> tuple[str, ...]:
    mark = r"\textsuperscript{*}" if name in results.changed else ""
    size = results.config_names.get(run.part) or next(iter(results.config_names.values()), "")
    data = run.dataset["title"] if run.dataset else "--"
    return (
        breakable(name) + mark,
        tex(size),
        rf"\texttt{{{run.key[:KEY]}}}",
        tex(data),
        number(float(run.seconds), 1).latex,
    )


def machine(results: Results) -> str:
    """A paragraph: the hardware, the versions, and the warning where today's code differs."""
    hardware = {_machine(run.hardware) for run in results.runs.values()}
    versions = {_words(run.versions) for run in results.runs.values()}
    lines = [
        f"Hardware: {'; '.join(sorted(hardware))}.",
        f"Versions: {'; '.join(sorted(versions))}.",
        f"All runs together took {number(results.seconds / 60, 1).latex} minutes.",
    ]
    if results.changed:
        lines.append(
            r"A run marked \textsuperscript{*} was made by an earlier version of the code: run "
            "again, it would have another key."
        )
    return "\n".join(lines) + "\n"


def _words(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{tex(name)} {tex(value)}" for name, value in facts.items())


def _machine(hardware: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in hardware.items() if name not in ("device", "cores")}
    cores = f", {hardware['cores']} cores" if "cores" in hardware else ""
    return f"{tex(hardware.get('device', 'unknown'))}{cores}, {_words(rest)}"


def settings_table(results: Results) -> str:
    """The hyper-parameters of the configuration that the runs were made with."""
    rows = [
        (breakable(name), tex(value) if isinstance(value, str) else _setting(value))
        for name, value in _flat(results.config)
    ]
    half = -(-len(rows) // 2)
    rows += [("", "")] * (2 * half - len(rows))
    across = [left + right for left, right in zip(rows[:half], rows[half:], strict=True)]
    return _tabular("ll@{\\hspace{3em}}ll", ("Setting", "Value") * 2, across)


def _flat(config: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in config.items():
        if isinstance(value, Mapping):
            rows += _flat(value, f"{prefix}{name}.")
        else:
            rows.append((f"{prefix}{name}", value))
    return rows


def _setting(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(tex(item) for item in value)
    return number(value).latex if isinstance(value, bool | int) else tex(f"{value:g}")
