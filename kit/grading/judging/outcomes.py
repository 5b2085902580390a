"""What became of a test case, as a verdict and a sentence.

A sentence for a public case may quote the code under test; one for a hidden case never does.
"""

from dataclasses import dataclass

from kit.bridge.errors import Unsendable
from kit.grading.results import Verdict

OUR_FAULT = "the grader failed here, which costs you nothing: "
LIMIT = 500  # characters of a sentence; a student's exception can be as long as it likes


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    `message` may quote the student's code and is for public cases; `plain` says what a hidden
    case may say, and never holds text that the code under test could have chosen.
    """

    verdict: Verdict
    message: str = ""
    plain: str = ""
    clock: str = ""


PASSED = Outcome(Verdict.PASS)

# What a test raises when a student's function returned something of another form than it asks
# for, such as None for a pair, a number to allocate by, a list too long to send back. The self-test
# shows that the solution's results raise none.
MISFITS = (
    *(TypeError, ValueError, LookupError, AttributeError, ArithmeticError),
    *(StopIteration, RuntimeError, MemoryError, BufferError, Unsendable),
)


def broken(what: str) -> Outcome:
    """A fault of the grader or of a test file, which costs nobody a point."""
    text = f"{OUR_FAULT}{what}"
    return Outcome(Verdict.GRADER_ERROR, text, text)


def misfit(error: Exception) -> Outcome:
    """The test could not use what the functions under test returned."""
    said = sentence(f"{type(error).__name__}: {error}")
    text = f"the test cannot use what came back ({said})"
    return Outcome(Verdict.FAIL, text, "what came back has another form than asked for")


def check_failed(error: AssertionError) -> Outcome:
    """What was asked of the functions does not hold."""
    return Outcome(Verdict.FAIL, sentence(str(error)) or "what is asked for does not hold")


def sentence(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, without control characters, cut at `limit` characters."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
