"""Grade a class: `python grade.py a1 SUBMISSIONS -o OUT`, the same as `python -m kit grade`."""

import sys

from kit.cli import kit

if __name__ == "__main__":  # the grading processes import this file and must not start anew
    kit(["grade", *sys.argv[1:]], prog_name="grade.py")
