"""Plain text into LaTeX: every character that TeX would read as a command is written out."""

import re

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "→": r"\ensuremath{\to}",
    "×": r"\ensuremath{\times}",
    "±": r"\ensuremath{\pm}",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
}
LATIN = 0x17F  # the letters that pdfLaTeX's default fonts and inputenc know


def tex(value: object) -> str:
    """`value` as text that prints as itself in pdfLaTeX; what its fonts lack becomes "?"."""
    return printable("".join(SPECIAL.get(character, character) for character in str(value)))


def printable(text: str) -> str:
    """`text` with tabs as spaces and "?" for what the fonts of pdfLaTeX lack."""
    return "".join(
        c if ord(c) <= LATIN and (c.isprintable() or c == "\n") else "?" for c in text.expandtabs(4)
    )


def breakable(text: str) -> str:
    """A path-like name that TeX may break after each separator."""
    return re.sub(r"(\\_|[./-])", r"\1\\allowbreak{}", tex(text))
