"""The list of tests that must believe a handle, in `docs/security.md`, made from the tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kit.errors import UsageError
from kit.files import write_text
from kit.grading.judging.tests_on_disk import TestSet, TestSource
from kit.paths import Workspace

_LIST = re.compile(r"(?<=<!-- trusts begin -->\n).*?(?=<!-- trusts end -->)", re.DOTALL)


def page(workspace: Workspace) -> Path:
    """The page that the list is part of."""
    return workspace.root / "docs" / "security.md"


def write(workspace: Workspace) -> list[Path]:
    """Bring the list up to date; the page, if it changed."""
    path, text = page(workspace), filled(workspace)
    if not path.is_file() or path.read_text(encoding="utf-8") == text:
        return []
    return [write_text(path, text)]


def check(workspace: Workspace) -> list[str]:
    """A sentence if the list is out of date."""
    path = page(workspace)
    if not path.is_file() or path.read_text(encoding="utf-8") == filled(workspace):
        return []
    return [f"{path} does not list the tests that trust a handle; run `make templates`"]


def filled(workspace: Workspace) -> str:
    """The page's text with today's list.

    Raises:
        UsageError: the page has no place for it.
    """
    path = page(workspace)
    if not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8")
    table = ["| assignment | test | why it must |", "|---|---|---|"]
    for slug in workspace.slugs():
        for source in TestSet.load(workspace, slug).files:
            table += [f"| {slug} | {row} |" for row in _rows(source)]
    new, count = _LIST.subn(lambda _: "\n".join(table) + "\n", text)
    if count != 1:
        raise UsageError(f"{path} has no lines `<!-- trusts begin -->` and `<!-- trusts end -->`")
    return new


def _rows(source: TestSource) -> Iterator[str]:
    kind = "hidden" if source.hidden else "public"
    for node in ast.parse(source.text).body:
        for decorator in getattr(node, "decorator_list", []):
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "trusts":
                reason = ast.literal_eval(decorator.args[0])
                yield f"{kind} {source.question}: `{node.name}` | {reason}"  # type: ignore[attr-defined]
