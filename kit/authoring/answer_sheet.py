"""The sheet that students answer the written questions in: `answers.toml`, made from the bank."""

import textwrap

from kit.bank import Bank, WrittenQuestion

WIDTH = 96
_HEAD = """\
# Your answers to the written questions. For one option write its letter: "c"; where all that apply
# are asked for, a list: ["a", "c"]; for a text, words between the three quotes. What stays empty is
# blank. `python -m kit check` shows how your answers were read. You may answer elsewhere instead
# (the assignment says where), but two answers that differ are an error.
"""


def sheet(bank: Bank) -> str:
    """The text of the sheet."""
    parts = [_HEAD]
    for section in bank.sections:
        points = f" ({section.points:g} points)" if section.points else ""
        parts.append(f"\n# {section.title}{points}\n")
        parts += [_entry(one) for one in bank.questions if one.section == section.id]
    return "".join(parts)


def _entry(question: WrittenQuestion) -> str:
    points = f"({question.points:g} points) " if question.points else ""
    lines = _comment(f"{points}{' '.join(question.text.split())}", "# ", "# ")
    for letter, option in zip(question.letters, question.options, strict=True):
        lines += _comment(option, f"#   {letter}) ", "#      ")
    blank = {"single": '""', "multiple": "[]", "text": "'''\n'''"}[question.kind]
    if question.shown:
        blank = f'"{question.shown[0]}"'
    return "\n".join(["", *lines, f"{question.id} = {blank}", ""])


def _comment(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
