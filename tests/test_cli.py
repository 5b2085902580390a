"""The command line as a newcomer meets it, and the pages that describe it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.authoring import trusted_tests
from kit.cli import SECTIONS, commands_page, kit
from kit.paths import find_workspace

ROOT = Path(__file__).resolve().parent.parent
VERBS = [str(verb.name) for verbs in SECTIONS.values() for verb in verbs]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def run(*arguments: str):
    return CliRunner().invoke(kit, list(arguments))


def test_help_lists_every_verb_under_its_reader():
    text = run("--help").output
    places = [text.index(f"\n{section}:") for section in SECTIONS]
    assert places == sorted(places)
    for verb in VERBS:
        assert re.search(rf"^  {verb}\b", text, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb):
    assert run(verb, "--help").exit_code == 0
    assert f"### kit {verb}\n" in (ROOT / "docs" / "commands.md").read_text()


def test_the_pages_name_only_verbs_that_exist():
    for page in PAGES:
        for verb in re.findall(r"python -m kit (\w+)", page.read_text()):
            assert verb in VERBS, f"{page.name} mentions `kit {verb}`"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "zz"], "no assignment is named 'zz'"),
        (["grade", "zz", str(ROOT), "-o", "out"], "no assignment is named 'zz'"),
        (["experiment", "a1", "--config", "huge"], "huge"),
        (["experiment", "a1", "--config", "demo", "--set", "nonsense=1"], "nonsense"),
        (["check", "a1", "-q", "q99"], "q99"),
        (["pack", "a1", "--student", "../x"], "../x"),
        (["report", "a1", "--set", "x=1"], "--set is for runs: add --config"),
        (["report", "a1", "--part", "conv_gan"], "--part is for runs: add --config"),
    ],
)
def test_a_wrong_word_is_one_sentence(arguments, words):
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    lines = [line for line in result.output.splitlines() if line.strip()]
    assert len(lines) == 1, result.output
    assert words in lines[0]
    assert "Traceback" not in result.output


def test_the_generated_pages_are_up_to_date():
    assert trusted_tests.check(find_workspace()) == []
    assert commands_page.check(find_workspace()) == []


def test_the_makefile_lists_what_it_can_do():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    described = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert targets == described
