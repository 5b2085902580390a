"""The hostile corpus: what is not collected, and the table of its results per tier."""

from collections import Counter, defaultdict

import pytest

collect_ignore = ["course", "deny", "allow", "support", "graders"]
WORDS = {"passed": "as expected", "failed": "otherwise", "skipped": "not run"}

tables: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Count each case of the corpus by tier and kind."""
    report = yield
    graded = getattr(item, "callspec", None) and item.callspec.params
    of_the_corpus = graded and {"examiner", "case"} <= graded.keys()
    if of_the_corpus and (report.when == "call" or report.skipped):
        tables[graded["examiner"]][graded["case"].kind][WORDS[report.outcome]] += 1
    return report


def pytest_terminal_summary(terminalreporter):
    """Print the table of the corpus."""
    if not tables:
        return
    terminalreporter.section("hostile corpus: cases by tier")
    terminalreporter.write_line(
        f"{'tier':14} {'kind':8}" + "".join(f"{word:>13}" for word in WORDS.values())
    )
    for tier, kinds in tables.items():
        for kind, counts in kinds.items():
            cells = "".join(f"{counts[word]:>13}" for word in WORDS.values())
            terminalreporter.write_line(f"{tier:14} {kind:8}{cells}")
