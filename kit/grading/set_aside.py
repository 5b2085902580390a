"""The questions that wait for a person, because a module imports what the tests cannot judge.

A manifest may accept a framework that its tests do not speak (`imports.by_hand`). Whoever uses it
has broken no rule, so that nothing the tests say of those questions is a mark.
"""

from kit.assignment import Assignment
from kit.grading.results import SubmissionResult
from kit.grading.source_text import BY_HAND


def set_aside(assignment: Assignment, result: SubmissionResult) -> frozenset[str]:
    """The ids of those questions; a helper that imports it may serve every module, so all wait."""
    files = {finding.file for finding in result.findings if finding.kind == BY_HAND}
    modules = {file.removesuffix(".py") for file in files}
    everywhere = bool(modules - set(assignment.modules))
    return frozenset(
        question.id
        for question in assignment.questions
        if everywhere or modules & {question.module_of(name) for name in question.functions}
    )
