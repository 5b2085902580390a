"""Reads results.json as strictly as we can: the schema, no NaN, no points beyond the most."""

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = json.loads(Path(__file__).with_name("gradescope.schema.json").read_text())
CHECKER = jsonschema.Draft202012Validator(SCHEMA)


def valid(path: Path) -> dict[str, Any]:
    """The document in `path`; fails where Gradescope would refuse it or could misread it."""
    data = path.read_bytes()
    assert b"\r" not in data
    document: dict[str, Any] = json.loads(data.decode("utf-8", "strict"), parse_constant=_refused)
    check(document)
    return document


def check(document: dict[str, Any]) -> None:
    """Hold a document to the schema, and to what a schema cannot say."""
    CHECKER.validate(document)
    for row in document.get("tests", []):
        assert row.get("score", 0) <= row.get("max_score", 0) + 1e-9, row
    numbers = [row["number"] for row in document["tests"] if "number" in row]
    assert len(numbers) == len(set(numbers)), "two rows have one number"


def _refused(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
