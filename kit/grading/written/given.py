"""An answer as one source gives it, brought into one form: letters, or a text, or a problem."""

from dataclasses import dataclass
from typing import Any

from kit.bank import WrittenQuestion

TEXT_LIMIT = 20_000  # characters of an answer in words


@dataclass(frozen=True)
class Given:
    """What a source says to one question; with neither letters nor text it is blank."""

    question: str
    chosen: tuple[str, ...] = ()
    text: str = ""
    problem: str = ""
    line: int = 0

    @property
    def blank(self) -> bool:
        """Whether nothing was answered."""
        return not (self.chosen or self.text or self.problem)


def from_value(question: WrittenQuestion, value: Any, line: int = 0) -> Given:
    """The answer that a plain value gives: `"d"`, `["b", "c"]`, `"b, c"`, or a text."""
    if not question.ticked:
        if isinstance(value, str):
            return worded(question, value, line)
        return Given(question.id, problem="the answer is no text", line=line)
    parts = _parts(question, value)
    if parts is None:
        return Given(question.id, problem=f"'{str(value)[:40]}' is no letter", line=line)
    return ticked(question, parts, line)


def ticked(question: WrittenQuestion, letters: list[str], line: int = 0) -> Given:
    """The answer of these letters."""
    strange = [letter for letter in letters if letter not in question.letters]
    if strange:
        text = f"there is no option '{strange[0][:40]}', only {', '.join(question.letters)}"
        return Given(question.id, problem=text, line=line)
    chosen = tuple(letter for letter in question.letters if letter in letters)
    if question.kind == "single" and len(chosen) > 1:
        text = f"{' and '.join(chosen)} are ticked where one option is asked for"
        return Given(question.id, problem=text, line=line)
    return Given(question.id, chosen, line=line)


def boxes(question: WrittenQuestion, ticks: list[bool], line: int = 0) -> Given:
    """The answer of boxes in the order of the options."""
    if len(ticks) != len(question.options):
        text = f"it has {len(ticks)} boxes, and the question {len(question.options)} options"
        return Given(question.id, problem=text, line=line)
    letters = [letter for letter, tick in zip(question.letters, ticks, strict=True) if tick]
    return ticked(question, letters, line)


def worded(question: WrittenQuestion, text: str, line: int = 0) -> Given:
    """The answer in words."""
    text = readable(text).strip()
    if len(text) > TEXT_LIMIT:
        said = f"the answer is longer than {TEXT_LIMIT} characters"
        return Given(question.id, problem=said, line=line)
    return Given(question.id, text=text, line=line)


def readable(text: str) -> str:
    """Text that can be written anywhere: no half of a character pair, no control characters."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


def _parts(question: WrittenQuestion, value: Any) -> list[str] | None:
    """The letters that a value names; an option's own words stand for its letter."""
    if isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        plain = value.strip().casefold()
        for letter, option in zip(question.letters, question.options, strict=True):
            if plain == option.casefold():
                return [letter]
        return plain.replace(",", " ").split()
    if isinstance(value, list | tuple | set) and all(isinstance(one, str) for one in value):
        return [one.strip().casefold() for one in value if one.strip()]
    return None
