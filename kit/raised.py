"""What an exception says of itself, and the line of somebody's code that it came through."""

import traceback
from pathlib import Path


def described(error: BaseException) -> str:
    """An exception's type and text, whatever its own `__str__` does."""
    try:
        text = str(error)
    except BaseException:
        text = "(it has no text)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def place(error: BaseException, folder: Path) -> str:
    """`file.py:line` of the innermost line in `folder` that an exception passed; "" if none."""
    inside = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent == folder
    ]
    return f"{Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else ""
