"""q8: when the loss stops falling, and the learning rate from then on (hidden)."""

from otter.test_files import test_case

from kit.testing import close, equal, rng

OK_FORMAT = False
name = "q8"
points = None


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Compare means of two windows that do not overlap; look at every epoch from "
    "2 * window on; where the loss always falls there is none.",
)
def test_windows(plateau_epoch):
    """Noisy curves, falling curves, short ones, and the edge of the tolerance"""
    steps = [8.0, 2.0, 7.0, 1.5, 6.0, 1.0, 3.0, 3.95, 3.0, 0.1, 0.1]
    # the means of two epochs are 5, 4.5, 4.25, 3.75, 3.5, 2, 3.475, ...
    equal(plateau_epoch(steps, 2, 0.01), 8, "the epoch of a noisy curve")
    equal(plateau_epoch(steps, 2, 0.2), 4, "the epoch with a tolerance of a fifth")
    equal(plateau_epoch(steps, 1, 0.01), 3, "the epoch with windows of one epoch")
    falling = [0.9**epoch for epoch in range(40)]
    equal(plateau_epoch(falling), None, "of a loss that always falls")
    equal(plateau_epoch([1.0] * 9), None, "of nine epochs, with windows of five")
    equal(plateau_epoch([1.0] * 10), 10, "of ten equal losses")
    equal(plateau_epoch([10.0, 1.0, 0.1, 3.0], 2), None, "of a loss that rises at the very end")
    equal(plateau_epoch([4.0, 4.0, 2.0, 2.0], 2, 0.5), None, "of one just as low as the tolerance")
    slow = [0.999**epoch for epoch in range(40)]
    equal(plateau_epoch(slow), 10, "of a loss that falls by half a percent in five epochs")
    equal(plateau_epoch(slow, tolerance=0.004), None, "of it with a tolerance of 0.004")
    later = [0.9**epoch for epoch in range(30)] + [0.9**30] * 20
    equal(plateau_epoch(later, 3), 36, "of a loss that is flat from epoch 31 on")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A factor for each milestone that is reached, that epoch included, in whatever "
    "order they come.",
)
def test_milestones(decayed_rate):
    """Several milestones in any order, another factor, and none"""
    rate = float(rng("rate").uniform(0.05, 0.5))
    cases = [(29, 1.0), (30, 0.5), (59, 0.5), (60, 0.25), (89, 0.25), (90, 0.125), (500, 0.125)]
    for epoch, share in cases:
        found = decayed_rate(rate, epoch, [60, 90, 30], factor=0.5)
        close(found, share * rate, rtol=1e-9, what=f"the rate of epoch {epoch}")
    close(decayed_rate(rate, 70, []), rate, rtol=1e-9, what="the rate without milestones")
    close(decayed_rate(rate, 70, [10, 20]), rate / 100, rtol=1e-9, what="after two milestones")
