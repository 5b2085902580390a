"""Reads a LaTeX log: the first error as one sentence, and what else a person should look at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.reporting.findings import Finding

ERROR = re.compile(r"^(?:\./)?(?P<file>[^:\n]+\.\w+):(?P<line>\d+): (?P<text>.+)$", re.MULTILINE)
BARE = re.compile(r"^! (?P<text>.+)$", re.MULTILINE)
CONTEXT = re.compile(r"^l\.\d+ (?P<before>.*)$", re.MULTILINE)
UNDEFINED = re.compile(
    r"^(?:LaTeX|Package natbib) Warning: (Reference|Citation) [`']([^']+)' (?:on page \S+ )?"
    r"undefined(?: on input line (\d+))?",
    re.MULTILINE,
)
MULTIPLE = re.compile(r"^LaTeX Warning: Label [`']([^']+)' multiply defined", re.MULTILINE)
OVERFULL = re.compile(r"^Overfull \\hbox \((\d+\.\d+)pt too wide\)(.*)$", re.MULTILINE)
BAD_BOX = 5.0  # points; less is not seen
PACKAGES = {"IEEEtran.cls": "texlive-publishers", "latexmk": "latexmk"}
ADVICE = (
    (r"Undefined control sequence", "correct the spelling of {word} or define it"),
    (r"File `(.+)' not found", "install the TeX package that has it{package}, or correct the name"),
    (r"Missing \$ inserted", "put the formula between $ signs, or write \\_ and \\^{{}} in text"),
    (
        r"Misplaced alignment tab|Extra alignment tab",
        "write \\& for the character, or add a column",
    ),
    (r"Runaway argument|Paragraph ended before|File ended while", "a closing brace is missing"),
    (r"Environment (\S+) undefined", "correct its name"),
    (
        r"\\begin\{.*\} .*ended by|Extra \}|Too many \}",
        "match every \\begin with its \\end and { with }",
    ),
    (r"Package kit Error", "use a name that results.tex defines"),
    (r"Unicode character|inputenc", "replace the character by a LaTeX command"),
)


@dataclass(frozen=True)
class TexError:
    """The first error of a log: where (line 0 if unknown), TeX's message and what to do."""

    file: str
    line: int
    text: str
    advice: str


def first_error(log: str) -> TexError | None:
    """The first error of a log made with -file-line-error, or None."""
    match = ERROR.search(log)
    if match:
        file, line, start = match["file"], int(match["line"]), match.end()
    elif match := BARE.search(log):
        file, line, start = "", 0, match.end()
    else:
        return None
    context = CONTEXT.search(log, start)
    words = re.findall(r"\\[A-Za-z@]+", context["before"]) if context else []
    text = match["text"].strip().rstrip(".")
    return TexError(file, line, text, _advice(text, words[-1] if words else "the command"))


def _advice(text: str, word: str) -> str:
    for pattern, advice in ADVICE:
        if match := re.search(pattern, text):
            name = match[1] if match.groups() else ""
            package = f" ({PACKAGES[name]} on Debian)" if name in PACKAGES else ""
            return advice.format(word=word, package=package)
    return "correct that line"


def findings(log: str) -> Iterator[Finding]:
    """Undefined references and citations, labels defined twice, lines far too wide; each once."""
    for kind, name, line in dict.fromkeys(match.groups() for match in UNDEFINED.finditer(log)):
        where = f" (input line {line})" if line else ""
        yield Finding("undefined", f"{kind.lower()} '{name}' is undefined{where}")
    for name in dict.fromkeys(MULTIPLE.findall(log)):
        yield Finding("multiply defined", f"label '{name}' is defined more than once")
    for width, where in dict.fromkeys(OVERFULL.findall(log)):
        if float(width) > BAD_BOX:
            place = where.strip() or "somewhere"
            yield Finding("overfull", f"a line is {width} pt too wide: {place}")
