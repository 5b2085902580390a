"""An experiments file in several: the neighbours that `experiments.py` is put together from."""

from pathlib import Path
from types import ModuleType

from kit.files import load_module


def beside(file: str, name: str) -> ModuleType:
    """The module `name` in the folder of `file` (the caller's `__file__`), loaded anew."""
    path = Path(file).resolve().with_name(f"{name}.py")
    return load_module(path, f"{path.parent.name}_{name}")
