"""The engine of the assignment kit: it names no assignment and holds nothing that one grades."""

__version__ = "0.1.0"
