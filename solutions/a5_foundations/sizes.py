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
    # BEGIN SOLUTION
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} with padding {padding}")
    return room // stride + 1
    # END SOLUTION


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
    # BEGIN SOLUTION
    if not 0 <= output_padding < max(stride, dilation):
        raise ValueError(f"output padding {output_padding} is not below stride or dilation")
    return (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1
    # END SOLUTION


def conv_parameters(
    in_channels: int, out_channels: int, kernel: Pair, groups: int = 1, bias: bool = True
) -> int:
    """How many parameters a convolution has, weights and (with `bias`) one bias per output channel.

    Raises:
        ValueError: `groups` does not divide both numbers of channels.
    """
    # BEGIN SOLUTION
    if in_channels % groups or out_channels % groups:
        raise ValueError(f"{groups} groups divide not both {in_channels} and {out_channels}")
    weights = kernel[0] * kernel[1] * (in_channels // groups) * out_channels
    return weights + (out_channels if bias else 0)
    # END SOLUTION
