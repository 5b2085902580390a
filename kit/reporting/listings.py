"""Code in a report: a listing of the package `listings`, put into place by the report's source."""

from kit.errors import BuildError
from kit.reporting.escape import printable

END = r"\end{lstlisting}"


def listing(code: str, options: str = "") -> str:
    """`code` as a listing; characters that the fonts of pdfLaTeX lack become "?".

    Raises:
        BuildError: the code has the line that would end the listing.
    """
    if END in code:
        raise BuildError(f"code that holds {END} cannot be shown in a listing")
    opened = rf"\begin{{lstlisting}}{f'[{options}]' if options else ''}"
    return f"{opened}\n{printable(code)}\n{END}\n"
