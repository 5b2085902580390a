"""What a test file may use. One test runs the same on a student's own functions and on proxies.

On a student's machine, in a notebook and in stock otter the names of a test are the functions
themselves; in a graded run they are proxies of functions in the jail. A test therefore looks at
a result only through this package. Nothing here believes an object of the student's: a comparison
sees plain arrays, NaN never equals, and a subclass never gets to say that it does.
"""

from kit.testing.beside import grad, remote, trusts
from kit.testing.chance import averages, normal, statistical
from kit.testing.checks import close, dtype, equal, finite, raises, shape, that
from kit.testing.run import jailed, rng
from kit.testing.values import CheckFailed, value

__all__ = [
    "CheckFailed",
    "averages",
    "close",
    "dtype",
    "equal",
    "finite",
    "grad",
    "jailed",
    "normal",
    "raises",
    "remote",
    "rng",
    "shape",
    "statistical",
    "that",
    "trusts",
    "value",
]
