r"""Answers in LaTeX: `\CorrectChoice` within `choices`, and the text of `soln`, per `question`.

A scanner for these environments and no more: no macro is expanded, and a comment says nothing.
"""

import re
from collections.abc import Iterator

from kit.bank import Bank
from kit.grading.written.given import Given, boxes, worded

TICK, OPTION = r"\CorrectChoice", r"\choice"
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_BEGIN = re.compile(r"\\begin\s*\{question\}\s*\{\s*(\w+)\s*\}")
_ITEM = re.compile(r"\\(CorrectChoice|choice)(?![A-Za-z])")
_WHOLE_ITEM = re.compile(
    r"^([ \t]*)\\(?:CorrectChoice|choice)(?![A-Za-z])(.*?)"
    r"(?=^[ \t]*\\(?:CorrectChoice\b|choice\b|end\{choices\}))",
    re.MULTILINE | re.DOTALL,
)
_SPACE = re.compile(r"\\(?:vspace|hspace)\*?\{[^{}]*\}|\\(?:vfill|hfill|newpage|par)\b|\\\\")


def from_latex(text: str, bank: Bank) -> Iterator[Given]:
    """The answers of every `question` environment whose id the bank knows."""
    text = _COMMENT.sub(r"\1", text)
    place = 0
    while begin := _BEGIN.search(text, place):
        end = text.find(r"\end{question}", begin.end())
        place = len(text) if end < 0 else end
        question = bank.get(begin[1])
        if question is None or question.shown:
            continue
        line = text.count("\n", 0, begin.start()) + 1
        body = text[begin.end() : place]
        if end < 0:
            yield Given(question.id, problem=r"\end{question} is missing", line=line)
        elif question.ticked:
            ticks = [match[1] == "CorrectChoice" for match in _ITEM.finditer(body)]
            yield boxes(question, ticks, line)
        else:
            yield worded(question, _box(body), line)


def _box(body: str) -> str:
    """What stands in the `soln` environments of a question; empty where that is only space."""
    parts = []
    for piece in body.split(r"\begin{soln}")[1:]:
        parts.append(piece.partition(r"\end{soln}")[0].strip())
    text = "\n\n".join(part for part in parts if part)
    return text if _SPACE.sub("", text).strip() else ""


def unticked(text: str, bank: Bank) -> str:
    r"""A LaTeX source with no question ticked: `\choice` for `\CorrectChoice`, but in examples.

    Every option comes on one line: where its lines broke would tell that the longer word was there.
    """
    parts, place = [], 0
    while begin := _BEGIN.search(text, place):
        end = text.find(r"\end{question}", begin.end())
        end = len(text) if end < 0 else end
        question = bank.get(begin[1])
        body = text[begin.end() : end]
        if question is not None and not question.shown:
            body = _WHOLE_ITEM.sub(_on_one_line, body).replace(TICK, OPTION)
        parts += [text[place : begin.end()], body]
        place = end
    return "".join([*parts, text[place:]])


def _on_one_line(item: re.Match[str]) -> str:
    words = _COMMENT.sub(r"\1", item[2]).split()
    comments = dict.fromkeys(found[0][len(found[1]) :] for found in _COMMENT.finditer(item[2]))
    return f"{item[1]}{' '.join([OPTION, *words, *comments])}\n"
