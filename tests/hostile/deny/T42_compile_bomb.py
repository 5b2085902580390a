# A short file of which the compiler makes gigabytes: blocks that are copied to every way out.
#
# verdict = ["MEMORY", "TIMEOUT"]
# points = { q1 = 0, q2 = 0 }
# build = true

DEPTH, STATEMENTS = 10, 8000


def submission():
    lines = ["def softmax(x):"]
    for depth in range(1, DEPTH):
        lines += [" " * depth + "try:", " " * (depth + 1) + "pass", " " * depth + "finally:"]
    lines.append(" " * DEPTH + ";".join(["x"] * STATEMENTS))
    return {"answers.py": "\n".join([*lines, "", "def double(x):", " return 2 * x", ""]).encode()}
