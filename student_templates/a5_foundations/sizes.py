"""The arithmetic of convolutions: sizes of outputs along one axis, numbers of parameters."""

Pair = tuple[int, int]


def conv_output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """The height (or width) of a convolution's or a pooling's output; a partial step is left out.

    Args:
        size: of the input, without padding.
        kernel: of the kernel, without dilation.
        stride: from one window to the next.
        padding: zeros on either side.
        dilation: from one tap of the kernel to the next.

    Raises:
        ValueError: the dilated kernel is larger than the padded input.
    """
    raise NotImplementedError("conv_output_size is not written yet")


def conv_transpose_output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
) -> int:
    """The height (or width) of a transposed convolution's output.

    Without `output_padding` it is the smallest size which the convolution of the same kernel,
    stride, padding and dilation takes to `size`; with it, so much larger.

    Raises:
        ValueError: `output_padding` is below 0, or not below the larger of stride and dilation.
    """
    raise NotImplementedError("conv_transpose_output_size is not written yet")


def conv_parameters(
    in_channels: int, out_channels: int, kernel: Pair, groups: int = 1, bias: bool = True
) -> int:
    """How many parameters a convolution has, weights and (with `bias`) one bias per output channel.

    Raises:
        ValueError: `groups` does not divide both numbers of channels.
    """
    raise NotImplementedError("conv_parameters is not written yet")
