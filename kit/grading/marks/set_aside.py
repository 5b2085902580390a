"""The questions that wait for a person, because the tests did not see what was handed in.

A manifest may accept a framework that its tests do not speak (`imports.by_hand`). Whoever uses it
has broken no rule, so that nothing the tests say of those questions is a mark. Nor is it where no
graded function was found, while an archive that may hold them was not opened.
"""

from kit.assignment import Assignment
from kit.grading.intake.collect import EMPTY, UNREAD
from kit.grading.intake.source_text import BY_HAND
from kit.grading.results import SubmissionResult, Verdict


def set_aside(assignment: Assignment, result: SubmissionResult) -> frozenset[str]:
    """The ids of those questions; a helper that imports it may serve every module, so all wait."""
    if unopened(result):
        return frozenset(question.id for question in assignment.questions)
    files = {finding.file for finding in result.findings if finding.kind == BY_HAND}
    modules = {file.removesuffix(".py") for file in files}
    everywhere = bool(modules - set(assignment.modules))
    return frozenset(
        question.id
        for question in assignment.questions
        if everywhere or modules & {question.module_of(name) for name in question.functions}
    )


def has_no_code(result: SubmissionResult) -> bool:
    """Whether a submission has none of the graded functions.

    One that could not be read may have some, so only an empty one is known to have none.
    """
    if not result.questions:
        return any(one.kind == "intake" and one.text == EMPTY for one in result.findings)
    return {question.verdict for question in result.questions} == {Verdict.MISSING}


def unopened(result: SubmissionResult) -> bool:
    """Whether the code of a submission may lie in an archive that was not opened."""
    return has_no_code(result) and any(one.kind == UNREAD for one in result.findings)
