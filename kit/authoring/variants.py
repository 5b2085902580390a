"""Variants: right solutions that are written otherwise, against which tolerances are calibrated.

`autograder/<slug>/variants.toml` lists them in the format of mutants:

    [[variant]]
    function = "softmax"
    module = "losses"
    name = "float32"
    about = "works in single precision"
    find = "np.exp(shifted)"
    replace = "np.exp(shifted.astype(np.float32))"

Every variant keeps full marks. A new function or import may come with it: `append`, at the end of
the module.
"""

from dataclasses import dataclass

from kit.assignment import Assignment
from kit.authoring import edits
from kit.authoring.edits import EditEntry, FunctionEdit
from kit.errors import UsageError
from kit.paths import Workspace
from kit.toml_table import read_entries

FILE = "variants.toml"


class _Entry(EditEntry):
    module: str
    about: str
    append: str = ""


@dataclass(frozen=True)
class Variant(FunctionEdit):
    """One right solution that is written otherwise."""

    about: str
    append: str


def load(workspace: Workspace, assignment: Assignment) -> list[Variant]:
    """The variants of an assignment; none where there is no file.

    Raises:
        UsageError: an entry is wrong.
    """
    path = workspace.autograder(assignment.slug) / FILE
    if not path.is_file():
        return []
    variants: list[Variant] = []
    for entry in read_entries(path, _Entry, "variant"):
        if f"{entry.module}.{entry.function}" not in _graded(assignment):
            raise UsageError(
                f"{path}: variant {entry.name}: {entry.module}.{entry.function} is no graded "
                "function"
            )
        within = entry.within or entry.function
        place = (entry.module, entry.function, entry.name, entry.pairs, within, path)
        variants.append(Variant(*place, entry.about, entry.append))
    edits.refuse_doubles(variants, "variant")
    return variants


def apply(variant: Variant, source: str) -> str:
    """The module's `source` as the variant has it.

    Raises:
        UsageError: a text to find is not there exactly once, or the result is no other program.
    """
    return f"{edits.apply(variant, source, 'variant')}\n{variant.append}\n"


def _graded(assignment: Assignment) -> set[str]:
    return {name for question in assignment.questions for name in question.graded}
