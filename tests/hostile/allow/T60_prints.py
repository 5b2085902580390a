# Prints a lot, to both streams, in colour and without line ends.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import sys

import numpy as np

print("importing answers", flush=True)
print("\x1b[31mred\x1b[0m", end="")


def softmax(x):
    print("softmax of", x)
    print("warning: no idea", file=sys.stderr)
    sys.stdout.write("PASSED or FAILED, who knows\n" * 1000)
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    print(f"{x!r:>500}")
    return 2 * x
