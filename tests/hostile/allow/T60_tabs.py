# Indented with tabs, one statement over many lines, semicolons.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true

ANSWERS = """
import numpy as np; import math


def softmax(x):
>powers = np.exp(
>>x
>>>- np.max(x, axis=-1, keepdims=True)
>)
>if True:
>>total = np.sum(powers, axis=-1, keepdims=True); result = powers / total
>return result


def double(x): return 2 * x
"""


def submission():
    return {"answers.py": ANSWERS.replace(">", "\t").encode()}
