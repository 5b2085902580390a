"""Every forgery of the corpus bites where the tests run in the student's process.

A case that no grader in one process falls for would show nothing about one that keeps apart.
"""

import in_process
import pytest
from corpus import GRADERS, Case, cases

reason = in_process.unavailable()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(reason is not None, reason=str(reason))]

FORGERIES = [
    pytest.param(case, grader, id=f"{case.name}-{grader}")
    for case in cases()
    for grader in case.header.forges
]
ASKED = {"h1_softmax": GRADERS, "h2_torch": ("otter", "unittest", "pytest")}
WRONG = {
    "h1_softmax": b"def softmax(x):\n    return 0 * x\n",
    "h2_torch": b"import torch\n\n\ndef softmax(x):\n    return torch.zeros_like(x)\n",
}
CONTROLS = [(slug, grader) for slug, graders in ASKED.items() for grader in graders]


@pytest.mark.parametrize(("case", "grader"), FORGERIES)
def test_a_forgery_earns_points_in_process(case: Case, grader: str):
    files = case.submission()
    assert isinstance(files, dict)
    assert in_process.points(grader, case.header.assignment, files) >= 1


@pytest.mark.parametrize(("slug", "grader"), CONTROLS)
def test_these_graders_are_fair_to_the_honest(slug: str, grader: str):
    solution = (in_process.COURSE / "solutions" / slug / "answers.py").read_bytes()
    assert in_process.points(grader, slug, {"answers.py": solution}) == 2
    assert in_process.points(grader, slug, {"answers.py": WRONG[slug]}) == 0
