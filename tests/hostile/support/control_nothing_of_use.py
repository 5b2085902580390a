# Hands in a text in place of code.
#
# verdict = "MISSING"
# points = { q1 = 0, q2 = 0 }
# findings = ["missing"]
# build = true


def submission():
    return {"sorry.txt": b"My dog ate it.\n"}
