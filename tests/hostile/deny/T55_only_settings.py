# T55: hands in a manifest and results of its own, and no code.
#
# build = true
# verdict = "MISSING"
# points = { q1 = 0, q2 = 0 }


def submission():
    return {
        "assignment.toml": b"title = 'easy'\n[[question]]\nid = 'q1'\npoints = 100\n",
        "results.json": b'{"points": 300, "verdict": "PASS"}',
        "grade.py": b"print('3 of 3 points')\n",
    }
