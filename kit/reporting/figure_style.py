"""How every figure looks and is written: size in print, colours, fonts that publishers accept."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMN, PAGE = 3.48, 7.12  # inches; the columns of IEEEtran on A4
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")  # Okabe-Ito
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
FONT = 8.0


def style() -> AbstractContextManager[None]:
    """The settings under which a report's figures are drawn and saved."""
    import matplotlib
    from cycler import cycler

    return matplotlib.rc_context(
        {
            "backend": "agg",
            "font.family": "serif",
            "font.serif": ["STIXGeneral"],
            "mathtext.fontset": "stix",
            "font.size": FONT,
            "axes.labelsize": FONT,
            "axes.titlesize": FONT,
            "xtick.labelsize": FONT - 1,
            "ytick.labelsize": FONT - 1,
            "legend.fontsize": FONT - 1,
            "legend.frameon": False,
            "lines.linewidth": 1.0,
            "axes.linewidth": 0.6,
            "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=DASHES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.alpha": 0.3,
            "grid.linewidth": 0.4,
            "figure.constrained_layout.use": True,
            "pdf.fonttype": 42,  # no Type 3 fonts: publishers refuse them
            "savefig.bbox": None,  # the width stays what was asked for
            "svg.hashsalt": "kit",
        }
    )


def canvas(width: float, height: float) -> "Figure":
    """An empty figure that no window system and no global state knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height))


def save(figure: "Figure", path: Path, keywords: str = "") -> Path:
    """Write a figure as PDF, without dates, with the run keys as its keywords."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dateless = {"CreationDate": None, "ModDate": None, "Keywords": keywords}
    figure.savefig(path, format="pdf", metadata=dateless)
    return path
