"""Grade a class: `python grade.py a1 SUBMISSIONS -o OUT`, the same as `python -m kit grade`."""

from kit.cli import grade_main

if __name__ == "__main__":  # the grading processes import this file and must not start anew
    grade_main()
