"""The engines that a batch can be given: what brings its tasks to grading processes."""

from collections.abc import Callable

from kit.grading import pool
from kit.grading.job import Engine

ENGINES: dict[str, Callable[[str], Engine]] = {"local": lambda _where: pool.run}
"""By name; each is made from a word on where it runs, such as an address."""
