"""The power of a computation: units, counters that wrap, and which method a meter names."""

import importlib.util
import time
from pathlib import Path

import pytest

from kit.errors import UsageError
from kit.experiments import energy

ASSUMED = energy.Assumptions(watts_per_core=10, memory_gb=2, watts_per_gb=0.5)


def write_zone(root: Path, name: str, microjoules: int) -> Path:
    zone = root / name
    zone.mkdir(exist_ok=True)
    (zone / "energy_uj").write_text(f"{microjoules}\n")
    (zone / "max_energy_range_uj").write_text("1000000000\n")
    return zone


def clocks(monkeypatch, wall: list[float], cpu: list[float]) -> None:
    """Let the clocks show these times, one after the other."""
    monkeypatch.setattr(energy.time, "perf_counter", iter(wall).__next__)
    monkeypatch.setattr(energy.time, "process_time", iter(cpu).__next__)


def test_the_estimate_is_busy_cores_and_memory(monkeypatch, tmp_path):
    clocks(monkeypatch, [100, 110, 130], [0, 20, 20, 25, 25])
    with energy.PowerMeter(ASSUMED, counters=tmp_path / "none") as meter:
        meter.read()
    assert meter.method == "estimate from processor time"
    assert meter.seconds == [0, 10, 30]
    assert meter.watts == pytest.approx([21, 21, 3.5])  # two cores, then a quarter of one; 1 W
    assert meter.cpu_seconds == 25


def test_the_estimate_follows_this_process():
    with energy.PowerMeter(ASSUMED, "estimate") as meter:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
    assert meter.cpu_seconds >= 0.05
    assert meter.watts[-1] > 1.0  # more than the memory alone


def test_times_rise_however_often_one_reads():
    with energy.PowerMeter(ASSUMED, "estimate") as meter:
        for _ in range(50):
            meter.read()
    assert len(meter.seconds) == len(meter.watts) == 52
    assert all(a < b for a, b in zip(meter.seconds, meter.seconds[1:], strict=False))


def test_counters_are_read_where_they_can_be_and_only_whole_processors(monkeypatch, tmp_path):
    clocks(monkeypatch, [0, 2], [0, 0])
    first = write_zone(tmp_path, "intel-rapl:0", 5_000_000)
    second = write_zone(tmp_path, "intel-rapl:1", 999_000_000)
    part = write_zone(tmp_path, "intel-rapl:0:0", 0)  # the cores: in the package already
    with energy.PowerMeter(ASSUMED, counters=tmp_path) as meter:
        write_zone(tmp_path, first.name, 8_000_000)
        write_zone(tmp_path, second.name, 1_000_000)  # past its end and on from zero
        write_zone(tmp_path, part.name, 900_000_000)
    assert meter.method == "RAPL counters of the processor"
    assert meter.watts == pytest.approx([(3 + 2) / 2] * 2)


def test_each_reading_of_the_counters_begins_where_the_last_one_ended(monkeypatch, tmp_path):
    clocks(monkeypatch, [0, 1, 2], [0, 0, 0])
    write_zone(tmp_path, "intel-rapl:0", 0)
    with energy.PowerMeter(ASSUMED, counters=tmp_path) as meter:
        write_zone(tmp_path, "intel-rapl:0", 4_000_000)
        meter.read()
        write_zone(tmp_path, "intel-rapl:0", 5_000_000)
    assert meter.watts == pytest.approx([4, 4, 1])


def test_an_unreadable_counter_leaves_the_estimate(tmp_path):
    (tmp_path / "intel-rapl:0").mkdir()
    assert energy.PowerMeter(ASSUMED, counters=tmp_path).method.startswith("estimate")


def test_counters_are_not_read_when_the_estimate_is_asked_for(tmp_path):
    write_zone(tmp_path, "intel-rapl:0", 5_000_000)
    meter = energy.PowerMeter(ASSUMED, "estimate", counters=tmp_path)
    assert meter.method.startswith("estimate")


def test_an_unknown_method_is_named_with_the_known_ones():
    with pytest.raises(UsageError, match="auto, estimate, codecarbon"):
        energy.PowerMeter(ASSUMED, "guess")


@pytest.mark.skipif(importlib.util.find_spec("codecarbon") is not None, reason="it is installed")
def test_codecarbon_is_asked_for_by_name_and_missed_in_one_sentence():
    with pytest.raises(UsageError, match="pip install codecarbon"):
        energy.PowerMeter(ASSUMED, "codecarbon")


@pytest.mark.slow
def test_codecarbon_measures_power_without_a_network():
    pytest.importorskip("codecarbon")
    with energy.PowerMeter(ASSUMED, "codecarbon") as meter:
        time.sleep(2)
        meter.read()
    assert meter.method == "CodeCarbon" and len(meter.watts) == 2 and meter.watts[0] > 0
