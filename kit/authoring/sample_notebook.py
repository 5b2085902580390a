"""A student's notebook made from module sources: untidy, as real ones are.

Between its definitions stand cells that must never run while it is graded: an installation, a
training loop that does not end, a call of a function that is nowhere.
"""

import ast

_INSTALL = "!pip install numpy\n%matplotlib inline"
_TRAINING = """\
# quick run before handing in
for epoch in range(10**12):
    loss = sum(range(epoch))"""
_STRAY = "history = train_everything(epochs=100)\nhistory"


def sample_notebook(title: str, sources: dict[str, str]) -> str:
    """The text of a notebook with a cell per top-level statement of each module."""
    from nbformat import v4, writes  # takes a while to import, and only this needs it

    cells = [
        v4.new_markdown_cell(f"# {title}", id="title"),
        v4.new_code_cell(_INSTALL, id="install"),
    ]
    for module, source in sources.items():
        cells.append(v4.new_markdown_cell(f"## {module}", id=module))
        cells += [
            v4.new_code_cell(text, id=f"{module}-{number}")
            for number, text in enumerate(_cells(source))
        ]
        cells.append(v4.new_code_cell(_TRAINING, id=f"{module}-training"))
    cells.append(v4.new_code_cell(_STRAY, id="stray"))
    document = v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    text: str = writes(document, version=4)
    return text.rstrip("\n") + "\n"


def _cells(source: str) -> list[str]:
    """The imports together, then every other statement alone; a broken module as it is."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return [source.rstrip("\n")]
    lines = source.splitlines()
    imports: list[str] = []
    others: list[str] = []
    for statement in body:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(d.lineno for d in decorators)])
        text = "\n".join(lines[first - 1 : statement.end_lineno])
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        (imports if is_import else others).append(text)
    return ["\n".join(imports), *others] if imports else others
