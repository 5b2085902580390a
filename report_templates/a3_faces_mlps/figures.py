"""The report's figures and tables, of whichever parts have results; the text stands in the .tex.

Their names are those that the sources give to kitfigure and kittable. Every number comes from a run
or a fact. `face_figures.py` draws question 1, `mlp_figures.py` the others.
"""

from typing import Any

from kit.experiments import beside
from kit.experiments.results import Results

faces = beside(__file__, "face_figures")
mlps = beside(__file__, "mlp_figures")


def figures(results: Results) -> dict[str, Any]:
    """Every figure, by name."""
    return {**dict(faces.figures(results)), **dict(mlps.figures(results))}


def tables(results: Results) -> dict[str, str]:
    """Every table, by name."""
    return {**dict(faces.tables(results)), **dict(mlps.tables(results))}
