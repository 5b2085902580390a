"""q12: counting parameters, on paper and in the network (public)."""

from otter.test_files import test_case

from kit.testing import equal, remote

OK_FORMAT = False
name = "q12"
points = None


@test_case(points=0.5, hidden=False)
def test_three_networks(mlp_parameters):
    """The shallow, the deep and the wide network of the handout"""
    for hidden, count in (((32,), 25_450), ((32, 64, 32), 29_642), ((128, 64, 128), 118_346)):
        equal(mlp_parameters(hidden), count, f"the parameters of {hidden}")


@test_case(points=0.5, hidden=False)
def test_one_layer(count_parameters):
    """A linear layer from 5 to 3 has 18 parameters"""
    equal(count_parameters(remote.torch.nn.Linear(5, 3)), 18, "the number of parameters")
