"""The run store: one folder per key, finished when its result.json is there.

`<store>/<stage>-<12 characters of the key>/{spec.json, metrics.jsonl, checkpoint.npz, arrays.npz,
local.npz, result.json}`. The key is the SHA-256 of the spec, so an equal spec finds its run again
and a different one never does. Several processes may fill one store: a lock names the one at work.
"""

import contextlib
import datetime
import json
import os
import platform
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.experiments.metrics import read_rows
from kit.experiments.stage import Run
from kit.files import read_json, sha256, write_json

KEY_CHARACTERS = 12


def key_of(spec: Mapping[str, Any]) -> str:
    """The key of a spec: the SHA-256 of its JSON with sorted keys."""
    return sha256(json.dumps(spec, sort_keys=True, allow_nan=False).encode())


class RunStore:
    """The runs under `root`."""

    def __init__(self, root: Path) -> None:
        """Use the store at `root`, which need not exist yet."""
        self.root = root

    def folder(self, spec: Mapping[str, Any]) -> Path:
        """Where the run of `spec` is, or would be."""
        return self.root / f"{spec['stage']}-{key_of(spec)[:KEY_CHARACTERS]}"

    def find(self, spec: Mapping[str, Any], part: str) -> Run | None:
        """The finished run of `spec`, if there is one."""
        folder = self.folder(spec)
        return read_run(folder, part) if (folder / "result.json").is_file() else None

    def begin(self, spec: Mapping[str, Any]) -> Path:
        """The folder for a run of `spec`, with the spec in it."""
        folder = self.folder(spec)
        write_json(folder / "spec.json", {"key": key_of(spec), **spec})
        return folder

    def finish(self, spec: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        """Mark the run as finished by writing its result, then drop its checkpoint."""
        folder = self.folder(spec)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        write_json(folder / "result.json", {**result, "finished": now})
        (folder / "checkpoint.npz").unlink(missing_ok=True)


def read_run(folder: Path, part: str) -> Run:
    """The finished run in `folder`."""
    spec = read_json(folder / "spec.json")
    result = read_json(folder / "result.json")
    return Run(
        key=spec["key"],
        stage=spec["stage"],
        part=part,
        params=spec["params"],
        history=read_rows(folder / "metrics.jsonl"),
        result=result["records"],
        seconds=result["seconds"],
        hardware=result["hardware"],
        versions=spec["versions"],
        dataset=result["dataset"],
        folder=folder,
    )


@contextlib.contextmanager
def locked(folder: Path, waiting: Callable[[str], None], poll: float = 0.5) -> Iterator[None]:
    """Hold the lock of `folder`; while another process holds it, wait and call `waiting` once.

    A lock whose process has ended, on this machine, is taken over.
    """
    path = folder / "lock"
    folder.mkdir(parents=True, exist_ok=True)
    told = False
    while not _take(path):
        owner = _owner(path)
        if owner and _ended(owner):
            _break(path, owner)
            continue
        if owner and not told:
            told = True
            waiting(
                f"process {owner['pid']} on {owner['machine']} is at work on {folder.name}; "
                f"waiting for it (if it no longer exists, delete {path})"
            )
        time.sleep(poll)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _take(path: Path) -> bool:
    me = json.dumps({"pid": os.getpid(), "machine": platform.node(), "id": uuid.uuid4().hex})
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise KitError(f"{path} cannot be made ({error.strerror}): is the disk full?") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(me)
    return True


def _owner(path: Path) -> dict[str, Any] | None:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:  # being written, or left half written by a crash
        return _abandoned(path)
    return owner if isinstance(owner, dict) else None


def _abandoned(path: Path) -> dict[str, Any] | None:
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > 10:
            return {"pid": 0, "machine": platform.node(), "id": ""}
    return None


def _ended(owner: Mapping[str, Any]) -> bool:
    if owner["machine"] != platform.node():
        return False  # nothing can be said about a process elsewhere
    return owner["pid"] == 0 or not process_exists(int(owner["pid"]))


def process_exists(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    if os.name == "nt":  # os.kill would end the process there
        import ctypes

        kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent elsewhere)
        handle = kernel.OpenProcess(0x1000, False, pid)  # may query limited information
        if handle:
            kernel.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _break(path: Path, stale: Mapping[str, Any]) -> None:
    """Remove a stale lock, and only that one: another process may have done so and gone on."""
    aside = path.with_name(f"lock.{uuid.uuid4().hex}")
    with contextlib.suppress(FileNotFoundError):
        path.rename(aside)
        owner = _owner(aside)
        if owner and owner["id"] != stale["id"]:
            aside.rename(path)
        aside.unlink(missing_ok=True)
