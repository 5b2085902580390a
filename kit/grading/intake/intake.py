"""A submission read into memory: the files for the jail, and what a person should know about it.

Nothing of a submission runs here, and nothing that a student hands in makes this raise.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.assignment import Assignment
from kit.errors import IntakeError
from kit.files import sha256
from kit.grading.intake import documents
from kit.grading.intake.archive import Bounds
from kit.grading.intake.collect import UNREAD, collect
from kit.grading.intake.discover import Entry
from kit.grading.intake.layout import Layout, lay_out
from kit.grading.intake.parcel import Parcel, gather
from kit.grading.intake.source_text import BY_HAND, Remark, import_remarks, parse
from kit.grading.results import Answer, Finding
from kit.grading.written.answers import collect as collect_answers
from kit.handin import matches

MOST_FINDINGS = 60  # a submission that is one long oddity is told so, not listed
DECISIVE = (BY_HAND, UNREAD)  # marks depend on these, so that they are listed first


@dataclass(frozen=True)
class Submission:
    """A submission ready to be judged: `files` go into the jail, `kept` are only listed."""

    student: str
    files: dict[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    sha256: str = ""
    kept: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    report: bytes = b""  # as it was handed in, for a jail to read


def bounds(assignment: Assignment) -> Bounds:
    """How much a submission of this assignment may hold."""
    return Bounds(total_bytes=assignment.limits.submission_mb << 20)


def read(entry: Entry, assignment: Assignment) -> Submission:
    """Read one submission from its files; one that cannot be read comes back with `error` set."""
    return unpack(gather(entry, bounds(assignment)), assignment)


def unpack(parcel: Parcel, assignment: Assignment) -> Submission:
    """Read one submission; one that cannot be read comes back with `error` set."""
    findings = [Finding(kind, text) for kind, text in parcel.remarks]
    try:
        pile = collect(parcel, bounds(assignment), assignment)
    except IntakeError as error:
        text = _encodable(str(error))
        findings.append(Finding("intake", text))
        return Submission(parcel.student, findings=_listed(findings), error=text)
    findings += [Finding(kind, text) for kind, text in pile.remarks]
    layout = lay_out(assignment, pile.files)
    findings += layout.findings + _code_findings(layout)
    archives = [item.name for item in parcel.items if item.archive]
    findings += documents.findings(assignment, pile.files, archives)
    told = collect_answers(assignment, pile.files)
    findings += [Finding("answers", text, file) for file, text in told.problems]
    return Submission(
        parcel.student,
        files=dict(sorted(layout.files.items())),
        findings=_listed(findings),
        sha256=_digest(pile.files),
        kept=tuple(sorted(pile.files.keys() - layout.origin.values())),
        answers=told.answers,
        report=_report(assignment, pile.files),
    )


def _report(assignment: Assignment, files: Mapping[str, bytes]) -> bytes:
    """The shallowest PDF under a name of the report's; empty where there is none."""
    names = [name for one in assignment.handin.files if one.kind == "report" for name in one.names]
    found = [path for path in files if path.lower().endswith(".pdf") and matches(path, (*names,))]
    return files[min(found, key=lambda path: (path.count("/"), path))] if found else b""


def _digest(files: dict[str, bytes]) -> str:
    """One hash over names and contents, the same for a folder and a zip of it."""
    lines = (f"{sha256(data)} {name}\n" for name, data in sorted(files.items()))
    return sha256("".join(lines).encode())


def _code_findings(layout: Layout) -> list[Finding]:
    """What a person should look at; a file that stands for several modules may import for all."""
    imports, uses = layout.assignment.imports, Counter(layout.origin.values())
    own = frozenset(name.partition("/")[0].removesuffix(".py") for name in layout.files)
    found: dict[tuple[str, Remark], Finding] = {}
    for name, data in sorted(layout.files.items()):
        tree = parse(data)
        alone = uses[layout.origin[name]] == 1
        rules = imports.of(name.removesuffix(".py")) if alone else imports
        remarks = [tree] if isinstance(tree, Remark) else import_remarks(tree, rules, own)
        for remark in remarks:  # one notebook may stand for several modules: say it once
            where = Finding(remark.kind, remark.text, name, remark.line or None)
            place = name if remark.kind == BY_HAND else layout.origin[name]
            found.setdefault((place, remark), where)
    return list(found.values())


def _listed(findings: list[Finding]) -> tuple[Finding, ...]:
    findings = sorted(findings, key=lambda one: one.kind not in DECISIVE)
    shown = [
        Finding(one.kind, _encodable(one.text), _encodable(one.file), one.line)
        for one in findings[:MOST_FINDINGS]
    ]
    if len(findings) > MOST_FINDINGS:
        more = len(findings) - MOST_FINDINGS
        shown.append(Finding("more", f"{more} further findings are not listed"))
    return tuple(shown)


def _encodable(text: str) -> str:
    """Text that can be written: a file name may hold bytes that are no character."""
    return text.encode("utf-8", "backslashreplace").decode()[:500]
