"""Files in and out. A file is written whole or not at all (temporary name, then a rename)."""

import contextlib
import hashlib
import importlib.util
import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.errors import KitError, UsageError


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> Path:
    """Write `data` to `path`, making its folder; a reader never sees half a file.

    Until it has its `mode`, nobody but its owner can read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(name).chmod(mode)  # mkstemp makes 0600, which a colleague could not read
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return path


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 with LF line ends."""
    return write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> Path:
    """Write `value` as JSON with sorted keys, so that equal values make equal bytes."""
    return write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file of ours.

    Raises:
        KitError: the file is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KitError(
            f"{path} cannot be read as JSON ({error}); delete it and run again"
        ) from None


def zipped(
    files: Mapping[str, bytes], modes: Mapping[str, int] | None = None, comment: bytes = b""
) -> bytes:
    """A zip that depends on nothing but `files`: no clock, no order, no system.

    `modes` are the permissions of those that do not have 0644.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = comment
        for name, data in sorted(files.items()):
            member = zipfile.ZipInfo(name)  # dated 1980-01-01
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # as on Unix, wherever it is made
            member.external_attr = (0o100000 | (modes or {}).get(name, 0o644)) << 16
            archive.writestr(member, data)
    return stream.getvalue()


def sha256(data: bytes) -> str:
    """The SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def load_module(path: Path, name: str) -> ModuleType:
    """Load the Python file at `path` as module `name`, replacing a module of that name.

    Raises:
        UsageError: the file is missing.
    """
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"{path} is missing; it should be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
