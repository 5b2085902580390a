"""Code in a report: a listing of the package `listings`, put into place by the report's source."""

from kit.errors import BuildError
from kit.reporting.escape import LATIN

END = r"\end{lstlisting}"


def listing(code: str, options: str = "") -> str:
    """`code` as a listing; characters that the fonts of pdfLaTeX lack become "?".

    Raises:
        BuildError: the code has the line that would end the listing.
    """
    if END in code:
        raise BuildError(f"code that holds {END} cannot be shown in a listing")
    text = "".join(c if c == "\n" or (c.isprintable() and ord(c) <= LATIN) else "?" for c in code)
    return rf"\begin{{lstlisting}}{f'[{options}]' if options else ''}" + f"\n{text}\n{END}\n"
