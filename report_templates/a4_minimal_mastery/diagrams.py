"""The two architectures as diagrams: boxes, arrows, and the words beside them."""

from typing import Any

from kit.reporting.figure_style import COLOURS, canvas

WIDTH, HEIGHT = 5.5, 1.62
BLUE, ORANGE, GREEN, PINK = COLOURS[:4]
SMALL = 6.0


def classifier(parameters: str) -> Any:
    """Three channels through one shared encoder, then the sum of what each may show."""
    figure, axes = _page()
    for row, name in enumerate(("red", "green", "blue")):
        y = 1.22 - 0.42 * row
        _box(axes, 0.32, y, 0.52, 0.3, f"$x_{row + 1}$\n{name}", BLUE)
        _arrow(axes, (0.58, y), (0.98, y))
        _box(axes, 1.72, y, 1.44, 0.3, r"encoder $f_\theta$", GREEN)
        _arrow(axes, (2.44, y), (2.76, y))
        _box(axes, 3.06, y, 0.56, 0.3, rf"$p_{row + 1}$", ORANGE)
        _arrow(axes, (3.34, y), (3.74, 0.8))
    _box(axes, 4.12, 0.8, 0.76, 0.62, "$p_1 * p_2 * p_3$\nconvolution,\nno weights", PINK)
    _arrow(axes, (4.5, 0.8), (4.78, 0.8))
    _box(axes, 5.1, 0.8, 0.64, 0.62, "$P(y\\mid x)$\nsums $1..20$\nrenormalised", BLUE)
    axes.text(1.72, 1.48, rf"the same weights for every channel ({parameters})", **_words())
    axes.text(3.06, 1.48, "digit $0..9$", **_words())
    layers = r"conv $3{\times}3$: 1-16, 16-32 $/2$, 32-32, 32-64 $/2$, 64-64, mean, linear 10"
    axes.text(1.9, 0.07, layers, **_words())
    return figure


def unet(size: int, channels: list[int], parameters: str) -> Any:
    """Down, through the middle and up again, with the condition at every block."""
    figure, axes = _page()
    sides = [size >> level for level in range(len(channels))]
    step = 0.5
    for level, (side, width) in enumerate(zip(sides, channels, strict=True)):
        y, height = 1.3 - 0.36 * level, 0.28
        left, right = 1.02 + step * level, 4.48 - step * level
        for x in (left, right):
            _box(axes, x, y, 0.58, height, rf"${side}^2$, {width}", GREEN)
        if level + 1 < len(channels):
            _arrow(axes, (left + 0.29, y), (right - 0.29, y), dashed=True)
            _arrow(axes, (left, y - 0.14), (left + step - 0.2, y - 0.22))
            _arrow(axes, (right - step + 0.2, y - 0.22), (right, y - 0.14))
    deepest = 1.3 - 0.36 * (len(channels) - 1)
    x = 1.02 + step * (len(channels) - 1)
    _arrow(axes, (x + 0.29, deepest), (2.46, deepest))
    _box(axes, 2.75, deepest, 0.58, 0.28, "attention", ORANGE)
    _arrow(axes, (3.04, deepest), (4.48 - step * (len(channels) - 1) - 0.29, deepest))
    _box(axes, 0.3, 1.3, 0.5, 0.28, "$x_t$", BLUE)
    _arrow(axes, (0.55, 1.3), (0.73, 1.3))
    _arrow(axes, (4.77, 1.3), (4.93, 1.3))
    _box(axes, 5.2, 1.3, 0.5, 0.28, r"$v_\theta$", BLUE)
    _box(
        axes, 2.75, 0.16, 2.9, 0.22, "time $t$ and class $y$: scale and shift of every block", PINK
    )
    _arrow(axes, (1.7, 0.27), (1.5, 0.79))
    _arrow(axes, (3.8, 0.27), (4.0, 0.79))
    axes.text(0.62, 0.42, f"{parameters}\nparameters", **_words())
    axes.text(2.75, 1.36, "skips", **_words())
    return figure


def _page() -> tuple[Any, Any]:
    figure = canvas(WIDTH, HEIGHT)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT), aspect="equal")
    axes.set_axis_off()
    return figure, axes


def _words() -> dict[str, Any]:
    return {"ha": "center", "va": "center", "fontsize": SMALL}


def _box(
    axes: Any, x: float, y: float, width: float, height: float, text: str, colour: str
) -> None:
    from matplotlib.patches import FancyBboxPatch

    corner = (x - width / 2, y - height / 2)
    style = {"facecolor": colour + "26", "edgecolor": colour, "linewidth": 0.7}
    axes.add_patch(FancyBboxPatch(corner, width, height, "round,pad=0,rounding_size=0.04", **style))
    axes.text(x, y, text, **_words())


def _arrow(axes: Any, start: Any, end: Any, *, dashed: bool = False) -> None:
    look = {"arrowstyle": "-|>", "mutation_scale": 5, "linewidth": 0.6, "color": "black"}
    look |= {"linestyle": ":" if dashed else "-", "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)
