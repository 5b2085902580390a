# Files of systems, editors and tools around it.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true

ANSWERS = b"""
import numpy as np


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""


def submission():
    return {
        "answers.py": ANSWERS,
        ".DS_Store": b"\x00\x00\x00\x01Bud1",
        "__MACOSX/._answers.py": b"\x00\x05\x16\x07",
        "__pycache__/answers.cpython-311.pyc": b"\x00",
        ".ipynb_checkpoints/answers-checkpoint.py": b"def softmax(x): return 0",
        ".vscode/settings.json": b"{}",
        "plot.png": b"\x89PNG",
        "report.pdf": b"%PDF-1.7",
        "requirements.txt": b"numpy\n",
        "notes.md": b"# Notes\n",
    }
