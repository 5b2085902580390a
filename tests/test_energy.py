"""The energy of a computation: units, counters that wrap, and which method a reading names."""

import importlib.util
import time
from pathlib import Path

import pytest

from kit.errors import UsageError
from kit.experiments import energy

ASSUMED = energy.Assumptions(
    watts_per_core=10, memory_gb=2, watts_per_gb=0.5, overhead=1.5, grams_per_kwh=400
)


def write_zone(root: Path, name: str, microjoules: int) -> Path:
    zone = root / name
    zone.mkdir(exist_ok=True)
    (zone / "energy_uj").write_text(f"{microjoules}\n")
    (zone / "max_energy_range_uj").write_text("1000000000\n")
    return zone


def test_one_kilowatt_hour_is_a_hundred_hours_of_a_10_watt_core():
    no_memory = energy.Assumptions(10, 0, 0.5, 1.5, 400)
    assert energy.estimated_kwh(no_memory, 0, 100 * 3600) == pytest.approx(1.0)


def test_the_memory_counts_by_the_clock_and_cores_by_their_time():
    assert energy.estimated_kwh(ASSUMED, 3600, 0) == pytest.approx(0.001)
    assert energy.estimated_kwh(ASSUMED, 3600, 7200) == pytest.approx(0.021)


def test_the_overhead_is_in_the_grams():
    assert energy.grams(ASSUMED, 2.0) == pytest.approx(1200)


def test_without_counters_the_reading_is_an_estimate_of_this_process(tmp_path):
    with energy.Meter(ASSUMED, counters=tmp_path / "none") as meter:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
    reading = meter.reading
    assert reading.method == "estimate" and reading.cpu_seconds >= 0.05
    assert reading.kwh == energy.estimated_kwh(ASSUMED, reading.seconds, reading.cpu_seconds)


def test_counters_are_read_where_they_can_be_and_only_whole_processors(tmp_path):
    first = write_zone(tmp_path, "intel-rapl:0", 5_000_000)
    second = write_zone(tmp_path, "intel-rapl:1", 999_000_000)
    part = write_zone(tmp_path, "intel-rapl:0:0", 0)  # the cores: in the package already
    with energy.Meter(ASSUMED, counters=tmp_path) as meter:
        write_zone(tmp_path, first.name, 8_000_000)
        write_zone(tmp_path, second.name, 1_000_000)  # past its end and on from zero
        write_zone(tmp_path, part.name, 900_000_000)
    assert meter.reading.method == "RAPL counters"
    assert meter.reading.kwh == pytest.approx((3 + 2) / 3.6e6)


def test_an_unreadable_counter_leaves_the_estimate(tmp_path):
    (tmp_path / "intel-rapl:0").mkdir()
    with energy.Meter(ASSUMED, counters=tmp_path) as meter:
        pass
    assert meter.reading.method == "estimate"


def test_counters_are_not_read_when_the_estimate_is_asked_for(tmp_path):
    write_zone(tmp_path, "intel-rapl:0", 5_000_000)
    with energy.Meter(ASSUMED, "estimate", counters=tmp_path) as meter:
        pass
    assert meter.reading.method == "estimate"


def test_there_is_no_reading_before_the_end():
    meter = energy.Meter(ASSUMED, "estimate")
    with pytest.raises(RuntimeError, match="once the metered block has ended"):
        _ = meter.reading


def test_an_unknown_method_is_named_with_the_known_ones():
    with pytest.raises(UsageError, match="auto, estimate, codecarbon"):
        energy.Meter(ASSUMED, "guess")


@pytest.mark.skipif(importlib.util.find_spec("codecarbon") is not None, reason="it is installed")
def test_codecarbon_is_asked_for_by_name_and_missed_in_one_sentence():
    with pytest.raises(UsageError, match="pip install codecarbon"):
        energy.Meter(ASSUMED, "codecarbon")


@pytest.mark.slow
def test_codecarbon_measures_energy_without_a_network():
    pytest.importorskip("codecarbon")
    with energy.Meter(ASSUMED, "codecarbon") as meter:
        time.sleep(2)
    assert meter.reading.method == "CodeCarbon" and meter.reading.kwh > 0
