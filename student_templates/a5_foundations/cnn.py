"""Problem 2.2, the networks: the CNN of the PyTorch tutorial and its relatives for CIFAR-10.

All take images (n, 3, 32, 32) and give logits (n, 10). Every network creates its layers in the
order in which an image passes through them.
"""

from collections.abc import Sequence

from torch import Tensor, nn


class BaseCNN(nn.Module):
    """The network of the PyTorch tutorial, 62,006 parameters; images (n, 3, 32, 32) in.

    Convolution 3 to 6 channels, 5x5; ReLU; max-pooling 2x2; convolution 6 to 16 channels, 5x5;
    ReLU; max-pooling 2x2; flattened, channels first; dense 400-120, ReLU, 120-84, ReLU, 84-10.

    Args:
        relu: without it the four ReLUs are left out, and nothing comes in their place.
    """

    def __init__(self, relu: bool = True) -> None:
        super().__init__()
        raise NotImplementedError("BaseCNN.__init__ is not written yet")

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        raise NotImplementedError("BaseCNN.forward is not written yet")


class StridedCNN(nn.Module):
    """`BaseCNN` with a strided convolution in the place of each pooling layer.

    That convolution keeps the number of channels, halves height and width as the pooling did
    (28 to 14, 10 to 5), has a bias, and no activation follows it.

    Args:
        kernel_size: 2, without padding (63,196 parameters), or 3, padded by 1 (64,656).
        relu: without it the four ReLUs of the base are left out.

    Raises:
        ValueError: another kernel size.
    """

    def __init__(self, kernel_size: int = 2, relu: bool = True) -> None:
        super().__init__()
        raise NotImplementedError("StridedCNN.__init__ is not written yet")

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        raise NotImplementedError("StridedCNN.forward is not written yet")


class DeeperCNN(nn.Module):
    """A deeper network: two 3x3 convolutions before every pooling, and the base's dense layers.

    For each of `widths` a block: convolution to that many channels, 3x3, padded by 1, then ReLU;
    the same once more; max-pooling 2x2. Flattened, then dense layers with 120, 84 and 10 units as
    in the base. With `batch_norm` each convolution has no bias and a `BatchNorm2d` between it and
    its ReLU. `dropout` is the probability of an `nn.Dropout` right before the first and right
    before the second dense layer.

    With the defaults it has 544,350 parameters; with widths (6, 16) and no normalisation 137,712.
    """

    def __init__(
        self, widths: Sequence[int] = (32, 64, 128), batch_norm: bool = True, dropout: float = 0.0
    ) -> None:
        super().__init__()
        raise NotImplementedError("DeeperCNN.__init__ is not written yet")

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        raise NotImplementedError("DeeperCNN.forward is not written yet")


def count_parameters(model: nn.Module) -> int:
    """How many numbers training can change: each parameter once, frozen ones and buffers not."""
    raise NotImplementedError("count_parameters is not written yet")
