"""q8: when the loss stops falling, and the learning rate from then on (public)."""

from otter.test_files import test_case

from kit.testing import close, equal

OK_FORMAT = False
name = "q8"
points = None


@test_case(points=0.5, hidden=False)
def test_flat_from_epoch_5(plateau_epoch):
    """A loss of 16, 8, 4, 2, 1, 1, 1, 1 is flat over two windows of two epochs at epoch 8"""
    losses = [16.0, 8.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0]
    equal(plateau_epoch(losses, window=2, tolerance=0.01), 8, "the epoch")


@test_case(points=0.5, hidden=False)
def test_one_milestone(decayed_rate):
    """From epoch 55 on the rate is a tenth"""
    for epoch, rate in ((1, 0.1), (54, 0.1), (55, 0.01), (200, 0.01)):
        close(decayed_rate(0.1, epoch, [55]), rate, rtol=1e-9, what=f"the rate of epoch {epoch}")
