"""The notebook of an assignment: a cell per question that runs its public tests through otter.

Made from the manifest with nbformat, byte for byte the same each time. It holds no code to fill
in: that is written in the modules, which `autoreload` reads again after every change.
"""

from typing import Any

from kit.assignment import Assignment, Question

_SETUP = """\
import otter

grader = otter.Notebook(tests_dir="tests")

%load_ext autoreload
%autoreload 2"""


def notebook(assignment: Assignment) -> str:
    """The text of the notebook of `assignment`."""
    import nbformat  # takes a while to import, and only this needs it
    from nbformat import v4

    cells = [
        v4.new_markdown_cell(_intro(assignment), id="intro"),
        v4.new_code_cell(_SETUP, id="setup"),
    ]
    for question in assignment.questions:
        cells += [
            v4.new_markdown_cell(_heading(question), id=question.id),
            v4.new_code_cell(_imports(question), id=f"{question.id}-import"),
            v4.new_code_cell(f'grader.check("{question.id}")', id=f"{question.id}-check"),
        ]
    cells += [
        v4.new_markdown_cell("## All questions", id="all"),
        v4.new_code_cell("grader.check_all()", id="all-check"),
    ]
    document = v4.new_notebook(cells=cells, metadata=_metadata())
    nbformat.validate(document)
    text: str = nbformat.writes(document, version=4)
    return text.rstrip("\n") + "\n"


def _metadata() -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def _intro(assignment: Assignment) -> str:
    modules = ", ".join(f"`{name}.py`" for name in assignment.modules)
    return (
        f"# {assignment.title}\n\n{assignment.summary}\n\n"
        f"Write your code in {modules}; this notebook runs the public tests on it. Run the next "
        "cell first. After a change of a file, run the cell of its question again. A function that "
        "you write in a cell of this notebook passes here, but `python -m kit check` and the "
        "experiments do not see it: put it into its file."
    )


def _heading(question: Question) -> str:
    functions = "\n".join(f"- `{name}`" for name in question.graded)
    points = f"{question.points:g} point{'' if question.points == 1 else 's'}"
    return f"## {question.id}: {question.title} ({points})\n\n{functions}"


def _imports(question: Question) -> str:
    modules: dict[str, list[str]] = {}
    for function in question.functions:
        modules.setdefault(question.module_of(function), []).append(function)
    return "\n".join(_import(module, names) for module, names in modules.items())


def _import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 100:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
