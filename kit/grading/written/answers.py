"""What a submission answers to each written question, put together from every source it holds.

Two sources that answer one question differently are a problem of that question, which a person
decides; so is a box too many or a variable that is no literal. Nothing here knows the key.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kit.assignment import Assignment
from kit.bank import Bank
from kit.errors import IntakeError
from kit.grading.intake.source_text import normalised
from kit.grading.results import Answer
from kit.grading.written.given import Given, readable
from kit.grading.written.latex import from_latex
from kit.grading.written.notebook import from_notebook
from kit.grading.written.plain import from_markdown, from_toml
from kit.handin import matches

Reader = Callable[[str, Bank], Iterator[Given]]
READERS: dict[str, Reader] = {
    ".toml": from_toml,
    ".md": from_markdown,
    ".ipynb": from_notebook,
    ".tex": from_latex,
}
MOST_BYTES = 4 << 20


@dataclass
class Collected:
    """The answers by question, in the bank's order, and the sources that could not be read.

    `answers` is empty where no source says anything about any question.
    """

    answers: tuple[Answer, ...] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)  # file, sentence


def is_source(assignment: Assignment, path: str) -> bool:
    """Whether a handed-in file is one that answers may stand in."""
    names = [name for file in assignment.answer_files for name in file.names]
    return matches(path, (*names,)) and path.casefold().endswith(tuple(READERS))


def collect(assignment: Assignment, handed_in: Mapping[str, bytes]) -> Collected:
    """Read every source among the handed-in files."""
    bank, collected = assignment.written, Collected()
    if bank is None:
        return collected
    found: dict[str, list[tuple[str, Given]]] = {}
    for path in sorted(path for path in handed_in if is_source(assignment, path)):
        try:
            for given in _read(path, handed_in[path], bank):
                if bank.get(given.question) is None:
                    collected.problems.append((_where(path, given), given.problem))
                found.setdefault(given.question, []).append((path, given))
        except IntakeError as error:
            collected.problems.append((path, str(error)))
    if any(bank.get(name) for name in found):
        asked = bank.asked
        collected.answers = tuple(_together(one.id, found.get(one.id, [])) for one in asked)
    return collected


def _read(path: str, data: bytes, bank: Bank) -> list[Given]:
    if len(data) > MOST_BYTES:
        raise IntakeError(f"it is larger than {MOST_BYTES >> 20} MB and was not read")
    text = normalised(data)[0].decode("utf-8", "replace")
    reader = next(READERS[suffix] for suffix in READERS if path.lower().endswith(suffix))
    return list(reader(text, bank))


def _together(question: str, found: list[tuple[str, Given]]) -> Answer:
    """One answer of all sources: those that are blank say nothing."""
    told = [(path, given) for path, given in found if not given.blank]
    if not told:
        return Answer(question)
    sources = tuple(dict.fromkeys(_where(path, given) for path, given in told))
    problems = [f"{_where(path, given)}: {given.problem}" for path, given in told if given.problem]
    sound = [(path, given) for path, given in told if not given.problem]
    different = dict.fromkeys((given.chosen, " ".join(given.text.split())) for _, given in sound)
    if len(different) > 1:
        problems.append(f"{' and '.join(_where(*one) for one in sound)} answer it differently")
    chosen = () if len(different) != 1 else sound[0][1].chosen
    texts = list(dict.fromkeys(given.text for _, given in sound if given.text))
    if len(different) > 1:
        texts = [f"[{_where(path, given)}]\n{given.text}" for path, given in sound if given.text]
    problem = readable("; ".join(problems)[:500])
    return Answer(question, chosen, "\n\n".join(texts), sources, problem)


def _where(path: str, given: Given) -> str:
    return readable(f"{path}:{given.line}" if given.line else path)
