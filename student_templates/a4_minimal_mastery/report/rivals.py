"""Two classifiers of AddNIST that know nothing of sums, as large as the limit allows.

The first sees that the order of the channels does not matter (Zaheer et al. 2017); the second is
the network that one would take for any small picture in colour.
"""

from typing import Any

CLASSES = 20


def build(kind: str) -> Any:
    """A rival, "set" or "plain": images (n, 3, 28, 28) in, log-probabilities (n, 20) out."""
    from torch import nn  # seconds to import, so only where a network is trained

    def blocks(*shapes: tuple[int, int, int]) -> list[Any]:
        layers: list[Any] = []
        for inputs, outputs, stride in shapes:
            layers += [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)]
            layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
        return layers

    rest = ((16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1))
    if kind == "plain":
        layers = blocks((3, 32, 1), (32, 32, 2), *rest[1:])
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES)]
        return nn.Sequential(*layers, *head, nn.LogSoftmax(1))
    encoder = nn.Sequential(*blocks((1, 16, 1), *rest), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    head = [nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, CLASSES)]
    return nn.Sequential(_per_channel(encoder), *head, nn.LogSoftmax(1))


def _per_channel(encoder: Any) -> Any:
    """The sum over the channels of what `encoder` makes of each."""
    from torch import nn

    class PerChannel(nn.Module):  # a class that needs torch to be defined
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, images: Any) -> Any:
            """Images (n, 3, h, w) to features (n, 64)."""
            features = self.encoder(images.flatten(0, 1)[:, None])
            return features.unflatten(0, images.shape[:2]).sum(1)

    return PerChannel()
