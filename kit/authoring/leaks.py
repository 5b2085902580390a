"""The search for private text in what a student is about to get.

Private are: what stands inside solution blocks, the mutants, the variants, the oracle, the hidden
tests, keys and the files that hold them. A text counts if it is long enough to be no coincidence
and does not stand in a public file anyway. The search reads inside archives and notebooks, and
ignores indentation.
"""

import ast
import contextlib
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kit.assignment import Assignment, load
from kit.authoring import mutants, solution_blocks, variants
from kit.grading.written.answers import collect
from kit.paths import Workspace

SHORTEST = 25  # characters of a line that is looked for
_PRIVATE_NAMES = (
    "oracle.py",
    "samples.toml",
    "variants.toml",
    "key.toml",
    "*.pyc",
    "secret",
    "secret.[!p]*",
    "*.key",
    "*.pem",
)
_PRIVATE_FOLDERS = ("hidden", "mutants", "solutions", "published", "__pycache__")
# What every program that uses a framework writes: no secret, wherever it stands.
IDIOMS = re.compile(
    r"with tf\.GradientTape\(\) as tape:|\w+\.trainable = (True|False)|super\(\)\.__init__\(.*\)"
)


@dataclass(frozen=True)
class Secret:
    """A text that must not leave, and the private file it is from."""

    text: str
    origin: str


@dataclass(frozen=True)
class Leak:
    """A secret found in `file`, or a file that is private by its name (no `secret`)."""

    file: str
    secret: Secret | None

    def __str__(self) -> str:
        if self.secret is None:
            return f"{self.file} is a private file by its name"
        return f"{self.file} holds '{self.secret.text}', which is private in {self.secret.origin}"


def secrets(workspace: Workspace, slug: str) -> list[Secret]:
    """Every private text of an assignment."""
    folder = workspace.autograder(slug)
    modules = _lines_of_modules(workspace, slug)
    tests = modules | _lines_of_tests(workspace, slug)
    found: list[Secret] = []

    def add(path: Path, texts: Iterable[str], public: Collection[str] = ()) -> None:
        origin = path.relative_to(workspace.root).as_posix()
        new = (text for text in texts if not any(text in line for line in public))
        found.extend(Secret(text, origin) for text in new)

    for path in _sources(workspace, slug):
        add(path, solution_blocks.private_lines(_read(path), path))
    named = {line for line in tests if line.startswith("def ")}
    for path in sorted(folder.glob("oracle*.py")):
        add(path, _code(_read(path)), modules | named)
    for path in sorted((folder / "hidden").glob("*.py")):
        add(path, _code(_read(path)), tests)
    for mutant in mutants.load(workspace, load(slug, workspace)):
        texts = [mutant.mistake, *(replace for _, replace in mutant.edits)]
        add(mutant.path, (line.strip() for t in texts for line in t.splitlines()), tests)
    for variant in variants.load(workspace, load(slug, workspace)):
        texts = [variant.about, variant.append, *(replace for _, replace in variant.edits)]
        add(variant.path, (line.strip() for t in texts for line in t.splitlines()), tests)
    for path in sorted(folder.glob("key*.toml")):
        add(path, _strings(tomllib.loads(_read(path))))
    return [secret for secret in dict.fromkeys(found) if _is_telling(secret.text)]


def ticks(assignment: Assignment, files: Mapping[str, bytes]) -> list[Leak]:
    """Where a file that is about to leave answers a written question, the examples apart."""
    leaks = []
    for name, data in files.items():
        for answer in collect(assignment, {name: data}).answers:
            if answer.chosen:
                leaks.append(Leak(name, Secret(f"an answer to {answer.question}", "key.toml")))
    return leaks


def search(files: Mapping[str, bytes], wanted: list[Secret]) -> list[Leak]:
    """Where the secrets stand in `files`, archives and notebooks among them opened."""
    leaks: list[Leak] = []
    for name, data in _opened(files):
        path = PurePosixPath(name)
        if set(path.parts[:-1]) & set(_PRIVATE_FOLDERS) or any(
            path.match(pattern) for pattern in _PRIVATE_NAMES
        ):
            leaks.append(Leak(name, None))
        text = _readable(name, data)
        leaks += [Leak(name, secret) for secret in wanted if secret.text in text]
    return leaks


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` by its relative name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _sources(workspace: Workspace, slug: str) -> list[Path]:
    """The files that may hold solution blocks."""
    solutions = workspace.solution(slug).glob("*.py")
    report = workspace.report_template(slug)
    return sorted([*solutions, *report.glob("*.tex"), *report.glob("*.py")])


def _lines_of_modules(workspace: Workspace, slug: str) -> set[str]:
    """What the modules say outside their blocks."""
    paths = sorted(workspace.solution(slug).glob("*.py"))
    texts = [solution_blocks.strip(_read(path), path) for path in paths]
    return {line.strip() for text in texts for line in text.splitlines()}


def _lines_of_tests(workspace: Workspace, slug: str) -> set[str]:
    """What the public tests say."""
    texts = [_read(path) for path in sorted(workspace.public_tests(slug).glob("*.py"))]
    return {line.strip() for text in texts for line in text.splitlines()}


def _code(source: str) -> Iterator[str]:
    """What a private file says: its functions' names, its texts, every line but signatures."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    yield from (f"def {node.name}(" for node in functions)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (line.strip() for line in node.value.splitlines())
    signatures = {n for f in functions for n in range(f.lineno, f.body[0].lineno)}
    for number, line in enumerate(source.splitlines(), start=1):
        if number not in signatures:
            yield line.strip()


def _is_name(text: str) -> bool:
    return text.startswith("def ") and text.endswith("(")


def _is_telling(text: str) -> bool:
    if _is_name(text):
        return len(text) >= 12
    grammar = text.startswith(("import ", "from ", ")", "]", "}", "OK_FORMAT", "@test_case"))
    return len(text) >= SHORTEST and not grammar and not IDIOMS.fullmatch(text)


def _opened(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in files.items():
        yield name, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [m for m in archive.namelist() if not m.endswith("/")]
                yield from _opened({f"{name}/{m}": archive.read(m) for m in members})


def _readable(name: str, data: bytes) -> str:
    """The text of a file with every line stripped; of a notebook, what its cells say."""
    text = data.decode("utf-8", errors="replace")
    if name.endswith((".ipynb", ".json")):
        with contextlib.suppress(ValueError):  # no JSON after all: the text itself is searched
            text += "\n" + "\n".join(_strings(json.loads(text)))
    return "\n".join(line.strip() for line in text.splitlines())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # a notebook keeps a cell's source as a list of lines
        for item in value:
            yield from _strings(item)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
