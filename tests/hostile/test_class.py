"""The whole corpus as one class, in one batch: it gets to its end, and each gets what is due."""

import csv
import io

import pytest
from corpus import cases
from examiner import COURSE, SECRET, hand_in
from expectations import check
from rich.console import Console

from kit.assignment import load
from kit.grading.batch.batch import grade
from kit.jail import available, choose
from kit.paths import Workspace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(available() is not None, reason=str(available())),
]


@pytest.mark.parametrize("slug", ["h1_softmax", "h2_torch"])
def test_a_class_of_attackers_is_graded_to_the_end(slug, tmp_path):
    tier = choose(None)
    chosen = {
        case.name: case
        for case in cases()
        if case.header.assignment == slug and tier in case.header.tiers
        if not (case.header.slow or case.header.limits or case.header.beside)
    }
    for case in chosen.values():
        hand_in(tmp_path / "class", case.name, case.submission())
    (tmp_path / "secret").write_bytes(SECRET)
    workspace = Workspace(COURSE, released=False)
    summary = grade(
        workspace, load(slug, workspace), tmp_path / "class", tmp_path / "out",
        console=Console(file=io.StringIO()), secret=tmp_path / "secret", jobs=2,
    )  # fmt: skip
    assert summary.faults == ""
    found = {result.student: result for result, _ in summary.graded}
    assert found.keys() == chosen.keys()
    for name, case in chosen.items():
        check(found[name], case, tier)
    with (tmp_path / "out" / "gradebook.csv").open(newline="") as stream:
        assert {row["student"] for row in csv.DictReader(stream)} == chosen.keys()
