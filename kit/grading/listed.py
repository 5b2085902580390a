"""Many names in one sentence: the first few of them, and how many more there are."""

from collections.abc import Sequence

LISTED = 5


def listed(names: Sequence[str]) -> str:
    """The first few of many names, and how many more there are."""
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
