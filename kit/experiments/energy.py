"""The electrical power that a computation takes, read while it runs.

Measured where the machine lets it: by the processor's own counters (RAPL), or by CodeCarbon, an
optional extra. Otherwise estimated from the processor time, as Lannelongue et al. (2021, "Green
Algorithms", Advanced Science 8) do: busy cores times the power of a core, and the power of the
memory. A meter names its method; what it takes as given is in `Assumptions` and belongs beside
every number. What energy and emissions follow from the readings is for the reader to compute.
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
COUNTRY = "USA"  # CodeCarbon asks for one; only its energy is used, never its carbon intensity


@dataclass(frozen=True)
class Assumptions:
    """What an estimate takes as given, in watts."""

    watts_per_core: float  # of a busy core: its share of the processor's rated power
    memory_gb: float
    watts_per_gb: float


class PowerMeter:
    """`with PowerMeter(assumptions) as meter:` and in it `meter.read()` now and then.

    Then `seconds` rise from 0 and `watts` has the mean power since the reading before; the first
    entry is the same as the second. The last reading is taken at the end of the block. RAPL counts
    the whole processor, other processes included; the estimate is this process's own.
    """

    def __init__(
        self, assumptions: Assumptions, method: str = "auto", counters: Path = RAPL
    ) -> None:
        """Prepare to meter by `method`: "auto" is RAPL where it can be read, else the estimate.

        Raises:
            UsageError: there is no such method, or CodeCarbon is asked for and not installed.
        """
        if method not in METHODS:
            raise UsageError(f"'{method}' is no way to meter power: {', '.join(METHODS)}")
        self.seconds: list[float] = []
        self.watts: list[float] = []
        self._assumptions = assumptions
        self._zones = _zones(counters) if method == "auto" else []
        self._tracker = _codecarbon() if method == "codecarbon" else None
        self._start = 0.0
        self._cpu_start = self._cpu_last = 0.0
        self._counts: list[int] = []

    @property
    def method(self) -> str:
        """How the readings come about, in words."""
        if self._tracker is not None:
            return "CodeCarbon"
        return "RAPL counters of the processor" if self._zones else "estimate from processor time"

    @property
    def cpu_seconds(self) -> float:
        """The processor time up to the last reading, summed over cores."""
        return self._cpu_last - self._cpu_start

    def __enter__(self) -> "PowerMeter":
        if self._tracker is not None:
            self._tracker.start()
        self._counts = _counts(self._zones)
        self._start = time.perf_counter()
        self._cpu_start = self._cpu_last = time.process_time()
        self.seconds, self.watts = [0.0], []
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._tracker is not None:
            self._tracker.stop()
            kwh = float(self._tracker.final_emissions_data.energy_consumed)
            self._append(lambda seconds: 3.6e6 * kwh / seconds)
        else:
            self.read()

    def read(self) -> None:
        """Take a reading; CodeCarbon gives one only, at the end."""
        if self._tracker is None:
            self._append(self._rapl if self._zones else self._estimate)

    def _append(self, power: Callable[[float], float]) -> None:
        now = time.perf_counter() - self._start
        watts = power(max(now - self.seconds[-1], 1e-9))
        self._cpu_last = time.process_time()
        self.watts += [watts] if self.watts else [watts, watts]
        self.seconds.append(max(now, self.seconds[-1] + 1e-9))

    def _estimate(self, seconds: float) -> float:
        cores = (time.process_time() - self._cpu_last) / seconds
        memory = self._assumptions.memory_gb * self._assumptions.watts_per_gb
        return self._assumptions.watts_per_core * cores + memory

    def _rapl(self, seconds: float) -> float:
        before, self._counts = self._counts, _counts(self._zones)
        return _joules(self._zones, before, self._counts) / seconds


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


def _joules(zones: list[Path], before: list[int], after: list[int]) -> float:
    total = 0.0
    for zone, first, last in zip(zones, before, after, strict=True):
        wrapped = int((zone / "max_energy_range_uj").read_text()) if last < first else 0
        total += (last - first + wrapped) / 1e6
    return total
