"""The LaTeX source that asks the written questions agrees with their bank, word by word."""

import re
import textwrap
import tomllib

import pytest

from kit.authoring.solution_blocks import strip
from kit.bank import load_bank
from kit.grading.written.latex import unticked
from kit.paths import find_workspace
from kit.reporting.escape import tex
from kit.reporting.source import without_comments

HOME = find_workspace()
BANKS = sorted((HOME.root / "autograder").glob("*/written.toml"))
QUESTION = re.compile(r"\\begin\{question\}\{(\w+)\}\{([\d.]+)\}(.*?)\\end\{question\}", re.DOTALL)
OPTION = re.compile(
    r"\\(?:choice|CorrectChoice)\b(.*?)(?=\\choice|\\CorrectChoice|\\end\{choices\})",
    re.DOTALL,
)
CHOICES = re.compile(r"\\begin\{choices\}.*?\\end\{choices\}", re.DOTALL)
QUOTED = re.compile(r'"([^"]*)"')


def asked(slug):
    """Id -> points, text and options, of every question in the report's sources."""
    found = {}
    for path in sorted(HOME.report_template(slug).glob("*.tex")):
        for name, points, body in QUESTION.findall(without_comments(path.read_text("utf-8"))):
            assert name not in found, f"{path} asks {name} again"
            text = re.split(r"\\begin\{(?:choices|soln)\}", body)[0]
            options = [words(option) for option in OPTION.findall(body)]
            found[name] = (float(points), words(text), options)
    return found


def words(text):
    return " ".join(text.split())


def latex(text):
    """What the bank says, in LaTeX: formulas as they are, everything else escaped."""
    parts = re.split(r"(\$[^$]*\$)", words(text))
    return "".join(part if part.startswith("$") else plain(part) for part in parts)


def plain(text):
    escaped = "".join(
        f"``{tex(part)}''" if place % 2 else tex(part)
        for place, part in enumerate(QUOTED.split(text))
    )
    return escaped.replace(r" \%", r"\,\%")


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: path.parent.name)
def test_the_report_asks_what_the_bank_asks(bank):
    told = tomllib.loads(bank.read_text(encoding="utf-8"))["question"]
    found = asked(bank.parent.name)
    assert list(found) and set(found) == {question["id"] for question in told}
    for question in told:
        points, text, options = found[question["id"]]
        assert points == question["points"]
        assert text == latex(question["text"])
        assert options == [latex(option) for option in question.get("options", [])]


def ticked(source, turn, asked_ids):
    """The source with other options ticked, `turn` further, and its lines filled as an author's."""

    def boxes(found):
        options = OPTION.findall(found[0])
        right = found[0].split(r"\CorrectChoice")[0].count(r"\choice")
        lines = []
        for number, option in enumerate(options):
            mark = r"\CorrectChoice" if number == (right + turn) % len(options) else r"\choice"
            item = f"{mark} {words(without_comments(option))}"
            comment = " % kit: ok" if "% kit: ok" in option else ""
            filled = textwrap.wrap(item, 96, initial_indent="  ", subsequent_indent="    ")
            lines += [line + comment for line in filled]
        return "\\begin{choices}\n" + "\n".join(lines) + "\n\\end{choices}"

    def question(found):
        return CHOICES.sub(boxes, found[0]) if found[1] in asked_ids else found[0]

    return QUESTION.sub(question, source)


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.parent.name)
def test_the_template_is_the_same_whichever_options_are_ticked(path):
    bank, slug = load_bank(path), path.parent.name
    ids = [question.id for question in bank.asked]
    for file in sorted(HOME.report_template(slug).glob("*.tex")):
        source = strip(file.read_text("utf-8"), file)
        sources = {ticked(source, turn, ids) for turn in range(4)}
        assert len(sources) == (4 if CHOICES.search(source) else 1)
        released = (HOME.template(slug) / "report" / file.name).read_text("utf-8")
        assert {unticked(source, bank) for source in sources} == {released}
