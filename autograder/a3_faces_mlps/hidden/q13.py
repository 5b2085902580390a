"""q13: energy and carbon dioxide (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, raises, rng

OK_FORMAT = False
name = "q13"
points = None


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Weigh each pair of readings by the time between them; the clock need not "
    "start at 0.",
)
def test_uneven_readings(energy_kwh):
    """Readings at uneven times, of a power that rises and falls in straight lines"""
    draw = rng("readings")
    times = 1000.0 + np.cumsum(draw.uniform(0.1, 30, 40))
    watts = draw.uniform(50, 350, 40)
    joules = 0.0
    for i in range(39):  # a rectangle and a triangle between two readings
        low, high = sorted((watts[i], watts[i + 1]))
        joules += (times[i + 1] - times[i]) * (low + (high - low) / 2)
    found = energy_kwh(times.tolist(), watts.tolist())
    close(found, joules / 3_600_000, rtol=1e-9, what="the energy")
    close(energy_kwh(times, watts), joules / 3_600_000, rtol=1e-9, what="the energy of arrays")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One reading takes no time: 0.0. Times that stand still or fall, and a reading "
    "without a time, are a ValueError.",
)
def test_odd_readings(energy_kwh):
    """A single reading is no energy; times that do not rise are refused"""
    close(energy_kwh([5.0], [100.0]), 0.0, rtol=0, atol=1e-15)
    raises(ValueError, energy_kwh, [0.0, 2.0, 1.0], [1.0, 1.0, 1.0])
    raises(ValueError, energy_kwh, [0.0, 1.0, 1.0], [1.0, 1.0, 1.0])
    raises(ValueError, energy_kwh, [0.0, 1.0, 2.0], [1.0, 1.0])
    raises(ValueError, energy_kwh, [0.0, 1.0], [1.0])


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The building draws pue times what its machines do.",
)
def test_in_a_building(emissions_g):
    """Emissions of a machine in a building with a PUE"""
    draw = rng("building")
    for _ in range(3):
        kwh, intensity, pue = draw.uniform(0.01, 5), draw.uniform(20, 900), draw.uniform(1.05, 2)
        found = emissions_g(float(kwh), float(intensity), float(pue))
        close(found, kwh * intensity * pue, rtol=1e-9, what="the emissions")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A PUE below 1 cannot be; 1 can.",
)
def test_impossible_buildings(emissions_g):
    """A building that draws less than its machines is refused, one that draws as much is not"""
    raises(ValueError, emissions_g, 1.0, 300.0, 0.9)
    raises(ValueError, emissions_g, 1.0, 300.0, 0.0)
    close(emissions_g(1.0, 300.0, pue=1.0), 300.0, rtol=1e-9)
