"""q13: energy and carbon dioxide (public)."""

from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q13"
points = None


@test_case(points=0.5, hidden=False)
def test_steady_power(energy_kwh):
    """500 watts for two hours are one kilowatt-hour"""
    close(energy_kwh([0.0, 3600.0, 7200.0], [500.0, 500.0, 500.0]), 1.0, rtol=1e-9)


@test_case(points=0.5, hidden=False)
def test_at_home(emissions_g):
    """Two kilowatt-hours on a grid with 300 g/kWh cause 600 g"""
    close(emissions_g(2.0, 300.0), 600.0, rtol=1e-9)
