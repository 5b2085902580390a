"""From power readings to energy, and from energy to the carbon dioxide of a training."""

from collections.abc import Sequence

import numpy as np


def energy_kwh(seconds: Sequence[float], watts: Sequence[float]) -> float:
    """The energy in kilowatt-hours that readings of the power add up to.

    `watts[i]` is the power at the time `seconds[i]`. Between two readings, which may be any time
    apart, the power is taken to change in a straight line. A single reading adds up to 0.0.

    Raises:
        ValueError: there is not one time for each reading, or the times do not rise.
    """
    # BEGIN SOLUTION
    times, power = np.asarray(seconds, np.float64), np.asarray(watts, np.float64)
    if times.shape != power.shape or np.any(np.diff(times) <= 0):
        raise ValueError("expected as many times as readings, and rising times")
    joules = np.sum(np.diff(times) * (power[1:] + power[:-1]) / 2)
    return float(joules) / 3.6e6
    # END SOLUTION


def emissions_g(kwh: float, intensity: float, pue: float = 1.0) -> float:
    """The grams of CO2 equivalent that the energy of a computation causes.

    Args:
        kwh: the energy that the machine drew, in kilowatt-hours.
        intensity: grams of CO2 equivalent per kilowatt-hour of the grid.
        pue: power usage effectiveness: what the whole building draws for each unit that reaches the
            machines, at least 1 (a machine at home: 1).

    Raises:
        ValueError: `pue` is below 1.
    """
    # BEGIN SOLUTION
    if pue < 1:
        raise ValueError(f"a building draws at least what its machines do: PUE {pue} is below 1")
    return kwh * pue * intensity
    # END SOLUTION
