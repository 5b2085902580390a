"""What a run was computed with: the device, the versions. Numbers may differ where these do."""

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import kit

DISTRIBUTIONS = {  # of each framework of a manifest, what decides the numbers
    "numpy": ("numpy",),
    "keras": ("numpy", "keras", "tensorflow"),
    "torch": ("numpy", "torch"),
}


def device_class() -> str:
    """What the machine offers, "cpu" or "gpu": part of a run's key, found without a framework."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    present = Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi")
    return "gpu" if present and not hidden else "cpu"


def versions(frameworks: Sequence[str]) -> dict[str, str]:
    """The versions that belong to a run's key."""
    names = [name for framework in frameworks for name in DISTRIBUTIONS[framework]]
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for name in dict.fromkeys(names):
        found[name] = _version(name)
    return found


def _version(name: str) -> str:
    for distribution in (name, f"{name}-cpu", f"{name}-macos"):
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "not installed"


def describe() -> dict[str, Any]:
    """The machine, in words and numbers, as the frameworks in use see it."""
    return {
        "device": _gpu() or _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "kit": kit.__version__,
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _gpu() -> str | None:
    """The GPU that a framework already loaded would use; none is loaded for the question."""
    if "tensorflow" in sys.modules:
        config = sys.modules["tensorflow"].config
        for device in config.list_physical_devices("GPU"):
            details = config.experimental.get_device_details(device)
            return str(details.get("device_name", "GPU"))
    if "torch" in sys.modules and sys.modules["torch"].cuda.is_available():
        return str(sys.modules["torch"].cuda.get_device_name(0))
    return None
