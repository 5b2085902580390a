"""The energy that a computation takes, and the carbon dioxide that its electricity stands for.

Measured where the machine lets it: by the processor's own counters (RAPL), or by CodeCarbon, an
optional extra. Otherwise estimated from the processor time, as Lannelongue et al. (2021, "Green
Algorithms", Advanced Science 8) do: E = overhead * (core power * core time + memory power * time).
A reading names its method; what it assumes is in `Assumptions` and belongs beside the number.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kit.errors import UsageError

METHODS = ("auto", "estimate", "codecarbon")
RAPL = Path("/sys/class/powercap")
JOULES_PER_KWH = 3.6e6
COUNTRY = "USA"  # CodeCarbon asks for one; only its energy is used, never its carbon intensity


@dataclass(frozen=True)
class Assumptions:
    """What is taken as given: the power in watts, the overhead as a factor, the grid in g/kWh."""

    watts_per_core: float  # of a busy core; its share of the processor's rated power
    memory_gb: float
    watts_per_gb: float
    overhead: float  # energy of the site over energy of the machine (PUE)
    grams_per_kwh: float  # carbon dioxide equivalent of the electricity


@dataclass(frozen=True)
class Reading:
    """What a meter found; `kwh` is before the overhead, `cpu_seconds` sums over cores."""

    method: str
    seconds: float
    cpu_seconds: float
    kwh: float


class Meter:
    """`with Meter(assumptions) as meter: ...`, then `meter.reading`.

    RAPL counts the whole processor, so other processes are in its reading; the estimate and the
    processor time are this process's own.
    """

    def __init__(
        self, assumptions: Assumptions, method: str = "auto", counters: Path = RAPL
    ) -> None:
        """Prepare to meter by `method`: "auto" is RAPL where it can be read, else the estimate.

        Raises:
            UsageError: there is no such method, or CodeCarbon is asked for and not installed.
        """
        if method not in METHODS:
            raise UsageError(f"'{method}' is no way to meter energy: {', '.join(METHODS)}")
        self.assumptions = assumptions
        self._zones = _zones(counters) if method == "auto" else []
        self._tracker = _codecarbon() if method == "codecarbon" else None
        self._begun: tuple[float, float, list[int]] = (0.0, 0.0, [])
        self._reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """What was metered; RuntimeError before the end of the block."""
        if self._reading is None:
            raise RuntimeError("the reading is there once the metered block has ended")
        return self._reading

    def __enter__(self) -> "Meter":
        if self._tracker is not None:
            self._tracker.start()
        self._begun = (time.perf_counter(), time.process_time(), _counts(self._zones))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = time.perf_counter() - self._begun[0]
        cpu_seconds = time.process_time() - self._begun[1]
        method, kwh = self._energy(seconds, cpu_seconds)
        self._reading = Reading(method, seconds, cpu_seconds, kwh)

    def _energy(self, seconds: float, cpu_seconds: float) -> tuple[str, float]:
        if self._tracker is not None:
            self._tracker.stop()
            return "CodeCarbon", float(self._tracker.final_emissions_data.energy_consumed)
        if self._zones:
            return "RAPL counters", _joules(self._zones, self._begun[2]) / JOULES_PER_KWH
        return "estimate", estimated_kwh(self.assumptions, seconds, cpu_seconds)


def estimated_kwh(assumptions: Assumptions, seconds: float, cpu_seconds: float) -> float:
    """The energy of `cpu_seconds` of busy cores and `seconds` of memory, before the overhead."""
    memory = assumptions.memory_gb * assumptions.watts_per_gb * seconds
    return (assumptions.watts_per_core * cpu_seconds + memory) / JOULES_PER_KWH


def grams(assumptions: Assumptions, kwh: float) -> float:
    """The grams of carbon dioxide equivalent of `kwh` at the machine, the overhead included."""
    return kwh * assumptions.overhead * assumptions.grams_per_kwh


def _codecarbon() -> Any:
    try:
        from codecarbon import OfflineEmissionsTracker  # of the extra `energy`
    except ImportError:
        raise UsageError(
            "CodeCarbon is not installed: pip install codecarbon, or set the method to auto"
        ) from None
    make: Callable[..., Any] = OfflineEmissionsTracker
    return make(country_iso_code=COUNTRY, save_to_file=False, log_level="error")


def _zones(root: Path) -> list[Path]:
    """The counters of whole processor packages; none where one of them cannot be read."""
    zones = sorted(root.glob("intel-rapl:*[0-9]")) if root.is_dir() else []
    packages = [zone for zone in zones if zone.name.count(":") == 1]
    try:
        _counts(packages)
    except OSError:
        return []
    return packages


def _counts(zones: list[Path]) -> list[int]:
    return [int((zone / "energy_uj").read_text()) for zone in zones]


def _joules(zones: list[Path], before: list[int]) -> float:
    total = 0.0
    for zone, first, last in zip(zones, before, _counts(zones), strict=True):
        wrapped = int((zone / "max_energy_range_uj").read_text()) if last < first else 0
        total += (last - first + wrapped) / 1e6
    return total
