# Names in Greek, comments in several scripts, an emoji in a string.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import numpy as np

# 小さな関数。 Ελληνικά. עברית
SMILE = "🙂"


def softmax(χ):
    δύναμη = np.exp(χ - np.max(χ, axis=-1, keepdims=True))
    Σ = np.sum(δύναμη, axis=-1, keepdims=True)
    return δύναμη / Σ


def double(größe):
    print(SMILE, "naïve café")
    return 2 * größe
