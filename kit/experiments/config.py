"""The configuration of an experiment: a TOML file and overrides such as `compression.epochs=3`."""

import copy
import difflib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit.errors import UsageError


def load(folder: Path, name: str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """The configuration `name` of the `configs` folder with the overrides applied in order.

    Raises:
        UsageError: there is no such file, it is not TOML, or an override does not fit it.
    """
    path = folder / f"{name}.toml"
    known = sorted(file.stem for file in folder.glob("*.toml"))
    if not path.is_file():
        raise UsageError(f"{folder} has no configuration '{name}': name one of {', '.join(known)}")
    try:
        config = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    for text in overrides:
        config = override(config, text)
    return config


def override(config: dict[str, Any], text: str) -> dict[str, Any]:
    """A copy of `config` in which `text`, "a.b=value", replaces a value that is there already."""
    dotted, equals, written = text.partition("=")
    if not equals:
        raise UsageError(f"--set {text} has no value: write --set key=value")
    changed = copy.deepcopy(config)
    table: Any = changed
    path = dotted.strip().split(".")
    for depth, key in enumerate(path):
        if not isinstance(table, dict) or key not in table:
            raise UsageError(_unknown(table, path, depth))
        if depth < len(path) - 1:
            table = table[key]
    table[path[-1]] = _value(dotted.strip(), written.strip(), table[path[-1]])
    return changed


def _unknown(table: Any, path: list[str], depth: int) -> str:
    prefix = ".".join(path[:depth])
    if not isinstance(table, dict):
        return f"--set {'.'.join(path)}: {prefix} is a value, not a table"
    near = difflib.get_close_matches(path[depth], list(table), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    keys = ", ".join(f"{prefix}.{key}" if prefix else key for key in table)
    return f"--set {'.'.join(path)}: this key is unknown, there are {keys}{hint}"


def _value(key: str, written: str, old: Any) -> Any:
    try:
        value = tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        value = written  # a bare word, as the shell hands it over
    if isinstance(old, float) and type(value) is int:
        return float(value)
    if type(value) is type(old) and (fault := _out_of_range(value, old)):
        raise UsageError(f"--set {key}={written}: the value {fault}")
    if type(value) is not type(old) or isinstance(old, dict):
        kind = "a table" if isinstance(old, dict) else f"{type(old).__name__} like {old!r}"
        raise UsageError(f"--set {key}={written}: the value should be {kind}")
    return value


def _out_of_range(value: Any, old: Any) -> str:
    """What is wrong with a value of the right type; "" if nothing is."""
    if isinstance(old, list) and old and not value:
        return "should not be empty"
    number = isinstance(old, int | float) and not isinstance(old, bool)
    return "should be above 0" if number and old > 0 and value <= 0 else ""
