"""Each mechanism of the jail is switched off, and the attacks that lean on it must get through.

That shows two things: the tests of the corpus bite, and every mechanism is there for a reason.
Where two hold the same thing, each is switched off alone, and the other must hold, then both are.
It happens in a disposable namespace; see `disposable.py`.
"""

import hashlib
from collections import defaultdict

import pytest
from corpus import Case, cases
from disposable import examine

from kit.jail import MECHANISMS, TIERS, available

CONFINED = [tier for tier in TIERS if tier != "unconfined"]
CORPUS = [case for case in cases() if case.kind == "deny"]
HEAD = ("tier", "without", "got through", "still denied", "others held")
LOOKING = frozenset({"disk"})
SAMPLE = 4  # cases that do not lean on what is switched off alone


def held_by(case: Case, tier: str) -> set[frozenset[str]]:
    """The sets of this tier's mechanisms that hold a case.

    A header names the holders in all tiers at once; those that a tier does not have are left out.
    """
    if tier not in case.header.tiers:
        return set()
    return {MECHANISMS[tier] & frozenset(names) for names in case.leans_on(tier)} - {frozenset()}


def leaning(tier: str) -> dict[frozenset[str], list[Case]]:
    """The cases of a tier by the mechanisms that hold them."""
    found = defaultdict(list)
    for case in CORPUS:
        for names in held_by(case, tier):
            found[names].append(case)
    return dict(found)


def sabotages(tier: str) -> list[frozenset[str]]:
    """What is switched off: each mechanism alone, and each set that holds a case."""
    alone = {frozenset({name}) for name in MECHANISMS[tier]}
    return sorted(alone | leaning(tier).keys(), key=lambda names: (len(names), sorted(names)))


SABOTAGES = [
    pytest.param(tier, names, id=f"{tier}-{'+'.join(sorted(names))}")
    for tier in CONFINED
    for names in sabotages(tier)
]


class Summary:
    """The table at the end: mechanisms, and how many cases got through without them."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, int, int, int]] = []

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Print it."""
        terminalreporter.section("sabotage: what gets through without a mechanism")
        width = max(len(row[1]) for row in self.rows) + 2
        for row in [HEAD, *self.rows]:
            tier, names, *counts = row
            cells = "".join(f"{count:>14}" for count in counts)
            terminalreporter.write_line(f"{tier:14}{names:{width}}{cells}")


@pytest.fixture(scope="module")
def summary(request):
    table = Summary()
    yield table
    if table.rows:
        request.config.pluginmanager.register(table)


@pytest.mark.parametrize("tier", CONFINED)
def test_every_mechanism_has_a_case_that_leans_on_it(tier):
    named = frozenset().union(*leaning(tier))
    assert sorted(MECHANISMS[tier] - named) == []


@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_a_case_leans_on_what_there_is(case):
    known = frozenset().union(*MECHANISMS.values())
    named = {name for tier in CONFINED for names in case.leans_on(tier) for name in names}
    assert named <= known


@pytest.mark.slow
@pytest.mark.parametrize(("tier", "without"), SABOTAGES)
def test_without_it_the_attacks_get_through(tier, without, summary):
    if (reason := available(tier)) is not None or (reason := available("namespaces")) is not None:
        pytest.skip(f"{tier}: {reason}")
    biting, others = leaning(tier).get(without, []), bystanders(tier, without)
    seen = examine(tier, without, biting + others)
    through = {c: seen[str(c)].breach(c.expected(tier).points) for c in biting}
    denied = [str(case) for case, how in through.items() if not how]
    wrong = {str(c): how for c in others if (how := seen[str(c)].breach(c.expected(tier).points))}
    counts = (len(biting) - len(denied), len(denied), len(others) - len(wrong))
    summary.rows.append((tier, " + ".join(sorted(without)), *counts))
    assert denied == [], "they do not lean on it, or something else denies them too"
    assert wrong == {}, "they were said not to lean on it"


def bystanders(tier: str, without: frozenset[str]) -> list[Case]:
    """Some cases that are held without these mechanisms, always the same.

    Where others hold the same thing as well, those cases come first. The disk's watchdog is not
    taken at its word: what is done between two of its looks gets through, now and then.
    """
    held = {
        case: held_by(case, tier)
        for case in CORPUS
        if tier in case.header.tiers and not case.header.slow
    }
    apart = [
        case for case, sets in held.items() if not any(names - LOOKING <= without for names in sets)
    ]
    seed = "+".join(sorted(without))

    def order(case: Case) -> tuple[bool, bytes]:
        shared = any(names & without for names in held[case])
        return not shared, hashlib.sha256(f"{seed}{case}".encode()).digest()

    return sorted(apart, key=order)[:SAMPLE]
