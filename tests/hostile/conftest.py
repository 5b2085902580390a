"""The hostile corpus: what is not collected, and the table of its results per tier."""

from collections import Counter, defaultdict

collect_ignore = ["course", "deny", "allow", "support", "graders"]
CORPUS = "hostile corpus"  # a property of the tests that go into the table
WORDS = {"passed": "as expected", "failed": "otherwise", "skipped": "not run"}
HEADS = ("tier", "kind", "classes", "pinned", *WORDS.values())

outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
classes: dict[tuple[str, str], set[str]] = defaultdict(set)


def pytest_itemcollected(item):
    """Write the tier and the case on each test, where a process that only reports finds them."""
    parameters = getattr(item, "callspec", None) and item.callspec.params
    if parameters and {"examiner", "case"} <= parameters.keys():
        case = parameters["case"]
        row = [parameters["examiner"], case.kind, case.identifier, case.header.pinned]
        item.user_properties.append((CORPUS, row))


def pytest_runtest_logreport(report):
    """Count each case of the corpus by tier and kind."""
    row = dict(report.user_properties).get(CORPUS)
    if row and (report.when == "call" or (report.when == "setup" and not report.passed)):
        tier, kind, identifier, pinned = row
        outcomes[tier, kind][WORDS[report.outcome]] += 1
        if report.passed:
            classes[tier, kind].add(identifier)
            outcomes[tier, kind]["pinned"] += pinned


def pytest_terminal_summary(terminalreporter):
    """Print the table of the corpus."""
    if not outcomes:
        return
    terminalreporter.section("hostile corpus: classes, and cases by outcome")
    terminalreporter.write_line("".join(f"{head:<14}" for head in HEADS))
    for (tier, kind), counts in sorted(outcomes.items()):
        named = sorted(name for name in classes[tier, kind] if name.startswith("T"))
        cells = [tier, kind, len(named), *(counts[head] for head in HEADS[3:])]
        terminalreporter.write_line("".join(f"{cell:<14}" for cell in cells))
