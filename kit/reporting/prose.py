r"""Finds numbers typed in a report's prose: they should come from facts, through `\res{key}`.

Looked at: decimals, percentages, counts of something measured, whole numbers from 100 up. Left
alone: arguments of commands that take names or lengths, `% kit: ok` lines, displayed equations.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from kit.reporting.findings import Finding
from kit.reporting.source import read, without_comments

WAIVER = re.compile(r"%\s*kit:\s*ok\b")
NAMES = (
    "res|resunit|resvalue|resn|ref|eqref|label|cite|citep|citet|input|inputpart|kittable|kitfigure|"
    "url|href|includegraphics|usepackage|documentclass|bibliography|bibliographystyle|vspace|hspace|"
    "setlength|addtolength|begin|end|ifpart|setcounter|kitset|definecolor|color|pageref"
)
OPAQUE = re.compile(rf"\\(?:{NAMES})\*?\s*(?:\[[^\]]*\]\s*)?(?:\{{[^{{}}]*\}})?")
FIRST_ARGUMENT = re.compile(r"\\(?:claim|whether)\s*\{[^{}]*\}")
DISPLAY = re.compile(
    r"\\begin\{(equation|align|gather|multline|verbatim|lstlisting)(\*?)\}.*?\\end\{\1\2\}|\\\[.*?\\\]",
    re.DOTALL,
)
LENGTH = re.compile(
    r"-?\d*\.?\d+\s*(?:\\(?:text|column|line)(?:width|height)|(?:pt|em|ex|in|cm|mm)\b)"
)
GROUPED = r"\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+"
MEASURED = (
    r"(?:\\,|~|\s|-)*(?:\\%|percent\b|per\s+cent\b|(?:percentage\s+)?points?\b|epochs?\b|seeds?\b)"
)
TYPED = re.compile(
    rf"(?<![\w\\.])(?:{GROUPED}|\d+\.\d+|\d+(?={MEASURED})|\d{{3,}})(?![\w])(?:\\,\\%|\\%)?"
)


def typed_numbers(path: Path) -> Iterator[Finding]:
    """The numbers typed in the prose of one LaTeX source, solution blocks included."""
    original = read(path)
    waived = {i for i, line in enumerate(original.splitlines(), 1) if WAIVER.search(line)}
    text = without_comments(original)
    start = text.find(r"\begin{document}")
    if start >= 0:  # the preamble is settings, not prose
        text = _blank(text[:start]) + text[start:]
    for pattern in (DISPLAY, FIRST_ARGUMENT, OPAQUE, LENGTH):
        text = pattern.sub(lambda match: _blank(match[0]), text)
    for match in TYPED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line not in waived:
            yield Finding(
                "typed number",
                f"the number '{match[0].strip()}' is typed; take it from a fact with \\res{{key}}, "
                "or end the line with '% kit: ok'",
                str(path),
                line,
            )


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
