"""torchvision's data sets, also beside a torch that its compiled operators do not fit.

A torchvision built for CUDA does not import beside a CPU build of torch: two operators are missing
that no data set needs. They are declared here, without an implementation, only when the plain
import fails. No compiled operator of torchvision works in that process.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

from kit.errors import DataError

_declared: list[Any] = []  # torch forgets a declaration when its library object goes


def datasets() -> ModuleType:
    """The module `torchvision.datasets`.

    Raises:
        DataError: torch or torchvision is not installed.
    """
    try:
        return importlib.import_module("torchvision.datasets")
    except ImportError as error:
        raise DataError(
            f"real data is read with torchvision, and {error.name or 'it'} is not installed: "
            "pip install torch torchvision"
        ) from None
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]  # the half-imported package
    _declare_operators()
    return importlib.import_module("torchvision.datasets")


def _declare_operators() -> None:
    import torch  # four seconds, and only where real data is read

    library: Any = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for operator in ("nms", "qnms"):
        library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _declared.append(library)
