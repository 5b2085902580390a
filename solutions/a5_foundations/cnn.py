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
        # BEGIN SOLUTION
        activation = nn.ReLU if relu else nn.Identity
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 5),
            activation(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            activation(),
            nn.MaxPool2d(2),
        )
        self.classifier = _head(400, activation)
        # END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        # BEGIN SOLUTION
        return self.classifier(self.features(images))
        # END SOLUTION


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
        # BEGIN SOLUTION
        if kernel_size not in (2, 3):
            raise ValueError(f"the kernel size is 2 or 3, not {kernel_size}")
        activation = nn.ReLU if relu else nn.Identity
        padding = kernel_size - 2
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 5),
            activation(),
            nn.Conv2d(6, 6, kernel_size, stride=2, padding=padding),
            nn.Conv2d(6, 16, 5),
            activation(),
            nn.Conv2d(16, 16, kernel_size, stride=2, padding=padding),
        )
        self.classifier = _head(400, activation)
        # END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        # BEGIN SOLUTION
        return self.classifier(self.features(images))
        # END SOLUTION


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
        # BEGIN SOLUTION
        layers: list[nn.Module] = []
        channels, size = 3, 32
        for width in widths:
            for inputs in (channels, width):
                layers.append(nn.Conv2d(inputs, width, 3, padding=1, bias=not batch_norm))
                layers += [nn.BatchNorm2d(width)] if batch_norm else []
                layers.append(nn.ReLU())
            layers.append(nn.MaxPool2d(2))
            channels, size = width, size // 2
        self.features = nn.Sequential(*layers)
        self.classifier = _head(channels * size * size, nn.ReLU, dropout)
        # END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 32, 32) to logits (n, 10)."""
        # BEGIN SOLUTION
        return self.classifier(self.features(images))
        # END SOLUTION


# BEGIN SOLUTION
def _head(inputs: int, activation: type[nn.Module], dropout: float = 0.0) -> nn.Sequential:
    """The three dense layers that all the networks share, from feature maps to logits."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(inputs, 120),
        activation(),
        nn.Dropout(dropout),
        nn.Linear(120, 84),
        activation(),
        nn.Linear(84, 10),
    )


# END SOLUTION


def count_parameters(model: nn.Module) -> int:
    """How many numbers training can change: each parameter once, frozen ones and buffers not."""
    # BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
    # END SOLUTION
