"""Grading: from a folder of submissions to results, marks, feedback and exports.

The process that runs this package holds tests, expected values and marks; it never runs, imports or
unpickles what a student wrote. Student code runs behind `kit.jail`, spoken to through `kit.bridge`.

A submission goes through `intake`, `judging`, `marks` and `handed_out`; `written` is its answers in
words. `batch` does so for a class, on one of the `engines`; `autograders` pack all this for others.
"""
