"""q2: an affine layer (hidden)."""

from otter.test_files import test_case

from kit.testing import close, remote, rng

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=True, failure_message="Which side is transposed?")
def test_random(Affine):
    """random weights and inputs"""
    draw = rng("affine")
    weight, bias, x = draw.normal(size=(3, 4)), draw.normal(size=3), draw.normal(size=(5, 4))
    layer = Affine(remote.torch.from_numpy(weight), remote.torch.from_numpy(bias))
    close(layer(remote.torch.from_numpy(x)), x @ weight.T + bias, rtol=1e-6, atol=1e-9)
