"""The report's figures and tables, of whichever parts have results; the text stands in the .tex.

Their names are those that the sources give to kitfigure and kittable. Every number comes from a run
or a fact. `gan_figures.py` draws questions 1 to 3, `more_figures.py` questions 4 and 5.
"""

from typing import Any

from kit.experiments import beside
from kit.experiments.results import Results

gans = beside(__file__, "gan_figures")
more = beside(__file__, "more_figures")


def figures(results: Results) -> dict[str, Any]:
    """Every figure, by name."""
    return {**dict(gans.figures(results)), **dict(more.figures(results))}


def tables(results: Results) -> dict[str, str]:
    """Every table, by name."""
    return {**dict(gans.tables(results)), **dict(more.tables(results))}
