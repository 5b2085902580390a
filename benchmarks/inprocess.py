"""The bare tests, one process for the whole class: frameworks imported once, no jail.

python -m benchmarks.inprocess light work/light 3
"""

import sys
import time
from pathlib import Path

from benchmarks.bare import Bare
from benchmarks.classes import open_class
from benchmarks.cost import settled_cpu_seconds
from benchmarks.ours import tell


def main(name: str, folder: Path, rounds: int) -> None:
    """Run the tests on the class so often; print what the start and every round cost."""
    school = open_class(name, folder)
    began = time.monotonic()
    bare = Bare(school)
    bare.points(school.submissions[0])
    tell(startup_cpu=settled_cpu_seconds(), startup_wall=time.monotonic() - began)
    for _ in range(rounds):
        before, clock = settled_cpu_seconds(), time.monotonic()
        earned = {path.stem: bare.points(path) for path in school.submissions}
        wall = time.monotonic() - clock
        tell(cpu=settled_cpu_seconds() - before, wall=wall, points=earned)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
