"""Which handed-in file is which graded module, and which other files travel with them.

The exact name counts first, then an alias, then the content: a file or a notebook that defines a
module's graded functions stands in for the module. Every such step is a finding.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.assignment import Assignment
from kit.errors import IntakeError
from kit.grading.intake.collect import CODE, named_as
from kit.grading.intake.notebook_code import extract
from kit.grading.intake.source_text import READ_BYTES, Remark, defined_names, normalised, parse
from kit.grading.listed import listed
from kit.grading.results import Finding
from kit.handin import HandinFile, matches

# what the grader or the frameworks import: a file so named must not stand in their way
LIBRARIES = frozenset(
    ["numpy", "scipy", "sklearn", "torch", "torchvision", "tensorflow", "keras"]
) | {
    "matplotlib",
    "pandas",
    "PIL",
    "otter",
    "kit",
    "pytest",
    "oracle",
    "conftest",
    "sitecustomize",
    "usercustomize",
}
RELEASED = frozenset(["tests", "report", "test_public"])  # what every student was given
SENT_BYTES = 1 << 20  # of one Python file
SENT_DEPTH = 4  # folders around a helper: what a jail can hold of them is bounded


@dataclass
class Layout:
    """The files for the jail as they are found, the paths they came from, and the findings."""

    assignment: Assignment
    handed_in: Mapping[str, bytes]
    files: dict[str, bytes] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)  # name in the jail → handed-in path
    findings: list[Finding] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """The graded modules that no file stands for yet."""
        return [name for name in self.assignment.modules if f"{name}.py" not in self.files]

    def note(self, kind: str, text: str, file: str = "", line: int | None = None) -> None:
        """Record something for a person to look at."""
        self.findings.append(Finding(kind, text, file, line))

    def take(self, name: str, path: str, data: bytes) -> None:
        """Send `data`, handed in as `path`, into the jail as `name`."""
        if len(data) > SENT_BYTES:
            self.note("size", f"the file is larger than {SENT_BYTES >> 10} KB and is not run", path)
            return
        data, oddity = normalised(data)
        if oddity:
            self.note("encoding", f"the file {oddity}", name)
        if sum(map(len, self.files.values())) + len(data) > READ_BYTES:
            text = f"with it there is more than {READ_BYTES >> 10} KB of code; it is not run"
            self.note("size", text, path)
            return
        self.files[name] = data
        self.origin[name] = path


def lay_out(assignment: Assignment, handed_in: Mapping[str, bytes]) -> Layout:
    """Find every graded module and helper among the handed-in files."""
    layout = Layout(assignment, handed_in)
    for file in assignment.handin.files:
        if file.module:
            _find_by_name(layout, file, file.module)
    base = _base(layout)
    if layout.missing:
        _find_by_content(layout)
    if base:
        text = f"the modules lie in the folder {base}/; they should be at the top of the hand-in"
        layout.note("layout", text)
    for path in sorted(handed_in):
        if _is_unknown(layout, path):
            _take_helper(layout, base, path)
    _note_refused(layout)
    _note_unlisted(layout)
    _note_missing(layout)
    return layout


def _is_unknown(layout: Layout, path: str) -> bool:
    """Whether it is a Python file that stands for no module yet."""
    return path.lower().endswith(".py") and path not in layout.origin.values()


def _find_by_name(layout: Layout, file: HandinFile, module: str) -> None:
    """Take the shallowest file of that name; the exact name goes first, code before a notebook."""
    paths = named_as(file, layout.handed_in)
    paths.sort(key=lambda path: (_rank(path, file), path.count("/"), path))
    if not paths:
        return
    path = paths[0]
    if len(paths) > 1:
        layout.note("layout", f"{file.name} is there {len(paths)} times; {path} is graded")
    if not file.is_asked_for(path):
        layout.note("layout", f"{path} is graded as {file.name}")
    code = _code(layout, path)
    if code is not None:
        layout.take(f"{module}.py", path, code)


def _rank(path: str, file: HandinFile) -> tuple[bool, bool]:
    return path.rpartition("/")[2] != file.name, path.lower().endswith(".ipynb")


def _code(layout: Layout, path: str) -> bytes | None:
    """What of a file is code to grade; None where it is a notebook that cannot be read."""
    data = layout.handed_in[path]
    if not path.lower().endswith(".ipynb"):
        return data
    try:
        code = extract(data, READ_BYTES - sum(map(len, layout.files.values())))
    except IntakeError as error:
        layout.note("notebook", str(error), path)
        return None
    for remark in code.remarks:
        layout.note(remark.kind, remark.text, path)
    return code.source


def _base(layout: Layout) -> str:
    """The folder in which most modules lie."""
    folders = [path.rpartition("/")[0] for path in layout.origin.values()]
    return max(sorted(set(folders)), key=folders.count) if folders else ""


def _find_by_content(layout: Layout) -> None:
    """For each missing module take the file that defines most of its graded functions."""
    sources = _sources(layout)
    for module in layout.missing:
        wanted = {
            function
            for question in layout.assignment.questions
            for function in question.functions
            if question.module_of(function) == module
        }
        best = max(sources, key=lambda path: len(wanted & sources[path][1]), default=None)
        alone = len(sources) == len(layout.assignment.modules) == 1
        if best is not None and (alone or wanted & sources[best][1]):
            layout.note("layout", f"{module}.py is not there; {best} is graded in its place")
            layout.take(f"{module}.py", best, sources[best][0])


def _sources(layout: Layout) -> dict[str, tuple[bytes, frozenset[str]]]:
    """Notebooks and unknown Python files: their importable code and the names that it defines."""
    found = {}
    left = READ_BYTES
    for path, data in sorted(layout.handed_in.items(), key=lambda item: (item[0].count("/"), item)):
        if path.lower().endswith(".ipynb"):
            try:
                code = extract(data, left)
            except IntakeError as error:
                layout.note("notebook", str(error), path)
                continue
            left -= code.read
            found[path] = (code.source, code.names)
            for remark in code.remarks:
                layout.note(remark.kind, remark.text, path)
        elif _is_unknown(layout, path) and len(data) <= left:
            left -= len(data)
            tree = parse(normalised(data)[0])
            names = frozenset() if isinstance(tree, Remark) else defined_names(tree)
            found[path] = (data, names)
    return found


def _take_helper(layout: Layout, base: str, path: str) -> None:
    """Send a further Python file along, under its name relative to the modules."""
    if base and not path.startswith(f"{base}/"):
        layout.note("layout", f"{path} does not lie beside the modules and is not sent along")
        return
    inside = path[len(base) + 1 :] if base else path
    name = f"{inside[: -len('.py')]}.py"  # .PY is not what Python imports
    top = name.partition("/")[0].removesuffix(".py")
    if top in RELEASED:
        return
    if top in LIBRARIES or top in sys.stdlib_module_names:
        text = f"'{top}' is the name of a library; the file of that name is not used"
        if not any(finding.text == text for finding in layout.findings):
            layout.note("shadow", text, path)
    elif name.count("/") > SENT_DEPTH:
        layout.note("layout", f"{path} lies too many folders deep and is not sent along")
    elif all(part.isidentifier() for part in name.removesuffix(".py").split("/")):
        layout.take(name, path, layout.handed_in[path])


def _note_refused(layout: Layout) -> None:
    for path in sorted(layout.handed_in):
        if layout.assignment.handin.refuses(path):
            layout.note("refused", "files of this kind are not accepted", path)


def _note_unlisted(layout: Layout) -> None:
    """Source files that nobody asked for; they travel all the same, and cost no point."""
    if not layout.assignment.handin.only_listed:
        return
    asked = [file.names for file in layout.assignment.handin.files]
    graded = [layout.origin.get(f"{module}.py") for module in layout.assignment.modules]
    further = [
        path
        for path in sorted(layout.handed_in)
        if path.lower().endswith(CODE)
        and path not in graded
        and not any(matches(path, names) for names in asked)
    ]
    if further:
        what = "no source files but those asked for are accepted"
        layout.note("unlisted", f"{what}: {listed(further)}")


def _note_missing(layout: Layout) -> None:
    for file in layout.assignment.handin.files:
        there = any(matches(path, file.names) for path in layout.handed_in)
        if file.required and not there and f"{file.module}.py" not in layout.files:
            layout.note("missing", f"{file.name} was not handed in")
