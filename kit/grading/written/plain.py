"""Answers in TOML and in Markdown."""

import re
import tomllib
from collections.abc import Iterator

from kit.bank import Bank
from kit.errors import IntakeError
from kit.grading.written.given import Given, boxes, from_value, worded
from kit.toml_lines import line_of

_HEADING = re.compile(r"^(#{1,6})\s+`?(\w+)`?")
_BOX = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[(.?)\]")
_KEY = re.compile(r"^\s*[\"']?(\w+)[\"']?\s*=")
_OVERWRITTEN = re.compile(r"Cannot overwrite a value \(at (?:line (\d+)|end of document)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^\s*(```|~~~)")


def from_toml(text: str, bank: Bank) -> Iterator[Given]:
    """`nn1 = "d"`, `ae3 = ["b", "c"]`, `ae2 = '''a text'''`.

    Raises:
        IntakeError: it is not TOML.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        twice = _twice(text, str(error), bank)
        raise IntakeError(twice or f"it is not TOML: {error}") from None
    for name, value in table.items():
        question, line = bank.get(name), line_of(text, (name,))
        if question is None:
            yield Given(name, problem=f"there is no question '{name[:40]}'", line=line)
        elif not question.shown:
            yield from_value(question, value, line)


def _twice(text: str, error: str, bank: Bank) -> str:
    """Which question stands twice, and where, if that is what the parser says; else ""."""
    found = _OVERWRITTEN.match(error)
    if found is None:
        return ""
    lines = enumerate(text.splitlines()[: int(found[1]) if found[1] else None], start=1)
    keys = [(key[1], number) for number, line in lines if (key := _KEY.match(line))]
    asked = [(name, number) for name, number in keys if bank.get(name)]
    same = [number for name, number in asked if name == asked[-1][0]]
    if len(same) < 2:
        return ""
    return f"{asked[-1][0]} stands twice, in lines {same[0]} and {same[-1]}; remove one of them"


def from_markdown(text: str, bank: Bank) -> Iterator[Given]:
    """Under a heading that names a question: check boxes, or a text. Quoted lines are ours.

    Ticks under a heading that names none are a problem: they were meant for some question.
    """
    text = text if text.count("<!--") > text.count("-->") else _COMMENT.sub(_lines, text)
    current, start, level, body, fenced = "", 0, 0, list[str](), False
    for number, line in enumerate([*text.splitlines(), "# the end"], start=1):
        heading = None if fenced else _HEADING.match(line)
        fenced ^= _FENCE.match(line) is not None
        inside = bank.get(current) and heading and len(heading[1]) > level
        ends = heading and (not inside or bank.get(heading[2]))
        if heading is None or not ends:
            body.append(line)
            continue
        yield from _below(bank, current, body, start)
        current, start, level, body = heading[2], number, len(heading[1]), []
    if fenced:
        yield from _below(bank, current, body[:-1], start)


def _lines(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _below(bank: Bank, name: str, body: list[str], line: int) -> Iterator[Given]:
    question = bank.get(name)
    ticks = [match[1].strip() != "" for one in body if (match := _BOX.match(one))]
    if question is None:
        if name and any(ticks):
            yield Given(name, problem=f"there is no question '{name[:40]}'", line=line)
    elif question.ticked and not question.shown:
        yield boxes(question, ticks, line)
    elif not question.shown:
        yield worded(question, "\n".join(one for one in body if not one.startswith(">")), line)
