"""The progress of the stages: a bar on a terminal, plain lines where there is none."""

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

LINE_SECONDS = 5.0  # between two plain lines of one stage


class StageProgress:
    """The progress of one stage; call it with an epoch, the epochs and the row of metrics."""

    def __init__(self, console: Console, name: str) -> None:
        """Show the stage `name` on `console`."""
        self.console = console
        self.name = name
        self._last = 0.0
        self._bar: Progress | None = None
        self._task: Any = None

    def __call__(self, epoch: int, epochs: int, row: dict[str, Any]) -> None:
        """Show that `epoch` of `epochs` is done."""
        numbers = " ".join(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in row.items()
            if name != "epoch"
        )
        if self.console.is_terminal:
            self._draw(epoch, epochs, numbers)
        elif epoch == epochs or time.monotonic() - self._last > LINE_SECONDS:
            self._last = time.monotonic()
            line = f"{self.name}: epoch {epoch}/{epochs} {numbers}"
            self.console.print(line, highlight=False, soft_wrap=True)

    def _draw(self, epoch: int, epochs: int, numbers: str) -> None:
        if self._bar is None:
            text = TextColumn("{task.description} {task.completed:.0f}/{task.total:.0f}")
            columns = (text, BarColumn(20), TimeRemainingColumn(), TextColumn("{task.fields[row]}"))
            self._bar = Progress(*columns, console=self.console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self.name, total=epochs, row="")
        self._bar.update(self._task, completed=epoch, total=epochs, row=numbers)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
