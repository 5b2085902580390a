"""q6: recurrent steps (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, rng, that

OK_FORMAT = False
name = "q6"
points = None


def _sigmoid(x):
    return 0.5 * (1.0 + np.tanh(0.5 * x))


@test_case(points=1, hidden=True, failure_message="The order of the gates is i, f, o, g.")
def test_lstm_step(lstm_step):
    """Two steps of lstm_step, gate by gate"""
    draw = rng("lstm")
    wx, wh, b = draw.normal(size=(4, 20)), draw.normal(size=(5, 20)), draw.normal(size=20)
    state = want = draw.normal(size=(3, 5)), draw.normal(size=(3, 5))
    for _ in range(2):
        x = draw.normal(size=(3, 4))
        state = lstm_step(x, state, wx, wh, b)
        that(isinstance(state, tuple) and len(state) == 2, "expected hidden state and cell")
        sums = x @ wx + want[0] @ wh + b
        i, f, o, g = (sums[:, k : k + 5] for k in (0, 5, 10, 15))
        cell = _sigmoid(f) * want[1] + _sigmoid(i) * np.tanh(g)
        want = _sigmoid(o) * np.tanh(cell), cell
    close(state[0], want[0], rtol=1e-7, atol=1e-9)
    close(state[1], want[1], rtol=1e-7, atol=1e-9)
