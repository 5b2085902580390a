"""The two architectures as diagrams: boxes, arrows, and the words beside them.

They show what the reference has. Draw your own with `_box` and `_arrow`, in inches from the lower
left corner, and give the figure a place in the .tex.
"""

from typing import Any

from kit.reporting.figure_style import COLOURS, canvas

WIDTH = 5.5
BLUE, ORANGE, GREEN, PINK = COLOURS[:4]
SMALL = 6.0
Point = tuple[float, float]  # inches


def classifier(parameters: str) -> Any:
    """Three channels through one shared encoder, then the sum of what each may show."""
    figure, axes = _page(1.5)
    for row, name in enumerate(("red", "green", "blue")):
        y = 1.1 - 0.42 * row
        _box(axes, (0.32, y), (0.52, 0.3), f"$x_{row + 1}$\n{name}", BLUE)
        _arrow(axes, (0.58, y), (0.98, y))
        _box(axes, (1.72, y), (1.44, 0.3), r"encoder $f_\theta$", GREEN)
        _arrow(axes, (2.44, y), (2.76, y))
        _box(axes, (3.06, y), (0.56, 0.3), rf"$p_{row + 1}$", ORANGE)
        _arrow(axes, (3.34, y), (3.74, 0.68))
    _box(axes, (4.12, 0.68), (0.76, 0.62), "$p_1 * p_2 * p_3$\nconvolution,\nno weights", PINK)
    _arrow(axes, (4.5, 0.68), (4.78, 0.68))
    _box(axes, (5.1, 0.68), (0.64, 0.62), "$P(y\\mid x)$\nsums $1..20$\nrenormalised", BLUE)
    axes.text(1.72, 1.36, rf"the same weights for every channel ({parameters})", **_words())
    axes.text(3.06, 1.36, "digit $0..9$", **_words())
    return figure


def unet(size: int, channels: list[int], parameters: str) -> Any:
    """Down, through the middle and up again, with the condition at every block."""
    figure, axes = _page(1.5)
    sides = [size >> level for level in range(len(channels))]
    step = 0.5
    for level, (side, width) in enumerate(zip(sides, channels, strict=True)):
        y, height = 1.3 - 0.36 * level, 0.28
        left, right = 1.02 + step * level, 4.48 - step * level
        for x in (left, right):
            _box(axes, (x, y), (0.58, height), rf"${side}^2$, {width}", GREEN)
        if level + 1 < len(channels):
            _arrow(axes, (left + 0.29, y), (right - 0.29, y), dashed=True)
            _arrow(axes, (left, y - 0.14), (left + step - 0.2, y - 0.22))
            _arrow(axes, (right - step + 0.2, y - 0.22), (right, y - 0.14))
    deepest = 1.3 - 0.36 * (len(channels) - 1)
    x = 1.02 + step * (len(channels) - 1)
    _arrow(axes, (x + 0.29, deepest), (2.46, deepest))
    _box(axes, (2.75, deepest), (0.58, 0.28), "attention", ORANGE)
    _arrow(axes, (3.04, deepest), (4.48 - step * (len(channels) - 1) - 0.29, deepest))
    _box(axes, (0.3, 1.3), (0.5, 0.28), "$x_t$", BLUE)
    _arrow(axes, (0.55, 1.3), (0.73, 1.3))
    _arrow(axes, (4.77, 1.3), (4.93, 1.3))
    _box(axes, (5.2, 1.3), (0.5, 0.28), r"$v_\theta$", BLUE)
    words = "time $t$ and class $y$: scale and shift of every block"
    _box(axes, (2.75, 0.16), (2.9, 0.22), words, PINK)
    _arrow(axes, (1.7, 0.27), (1.5, 0.79))
    _arrow(axes, (3.8, 0.27), (4.0, 0.79))
    axes.text(0.62, 0.42, f"{parameters}\nparameters", **_words())
    axes.text(2.75, 1.36, "skips", **_words())
    return figure


def _page(height: float) -> tuple[Any, Any]:
    figure = canvas(WIDTH, height)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, height), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def _words() -> dict[str, Any]:
    return {"ha": "center", "va": "center", "fontsize": SMALL}


def _box(axes: Any, centre: Point, sides: Point, text: str, colour: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    (x, y), (width, height) = centre, sides
    corner = (x - width / 2, y - height / 2)
    style = {"facecolor": colour + "26", "edgecolor": colour, "linewidth": 0.7}
    axes.add_patch(FancyBboxPatch(corner, width, height, "round,pad=0,rounding_size=0.04", **style))
    axes.text(x, y, text, **_words())


def _arrow(axes: Any, start: Point, end: Point, *, dashed: bool = False) -> None:
    look = {"arrowstyle": "-|>", "mutation_scale": 5, "linewidth": 0.6, "color": "black"}
    look |= {"linestyle": ":" if dashed else "-", "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)
