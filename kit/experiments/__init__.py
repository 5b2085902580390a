"""Experiments: stages that run once per configuration, code and data, and are then kept.

An assignment's `experiments.py` imports what it needs from here: `Stage`, `Context`, `Run`, `Fact`.
`experiment.run` drives it, `published` freezes its facts. Nothing here knows a framework or a task.
"""

from kit.experiments.split import beside
from kit.experiments.stage import Context, Fact, Run, Stage

__all__ = ["Context", "Fact", "Run", "Stage", "beside"]
