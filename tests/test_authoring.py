"""From the private source to the template: blocks, generated files, mutants, samples, scaffold."""

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from kit import assignment as manifest
from kit.authoring import (
    mutants,
    notebook,
    points_table,
    reach,
    samples,
    scaffold,
    solution_blocks,
    structure,
    templates,
)
from kit.errors import UsageError
from kit.grading.judging.tests_on_disk import TestSet
from kit.paths import Workspace

ROOT = Path(__file__).resolve().parent.parent
TOY = ROOT / "tests" / "toy"
SLUG = "t1_toy"
FILE = Path("part.py")


@pytest.fixture
def toy(tmp_path: Path) -> Workspace:
    """A copy of the toy course that a test may change."""
    root = tmp_path / "course"
    shutil.copytree(TOY, root, ignore=shutil.ignore_patterns("__pycache__"))
    return Workspace(root, released=False)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def jail_is_missing() -> str | None:
    from kit.jail import available

    return available()


# --- solution blocks ------------------------------------------------------------------------------

SOURCE = '''\
"""A part."""

import numpy as np

LIMIT = 3

# BEGIN SOLUTION
_FACTOR = 2


def _twice(x):
    return _FACTOR * x


# END SOLUTION


def double(x: float, *, times: int = 1) -> float:
    """Twice x."""
    if times < 1:
        raise ValueError("times must be positive")
    # BEGIN SOLUTION
    for _ in range(times):
        x = _twice(x)

    return x
    # END SOLUTION


class Counter:
    """Counts."""

    def add(self) -> int:
        """One more."""
        # BEGIN SOLUTION
        self.n += 1
        return self.n
        # END SOLUTION
'''
STRIPPED = '''\
"""A part."""

import numpy as np

LIMIT = 3


def double(x: float, *, times: int = 1) -> float:
    """Twice x."""
    if times < 1:
        raise ValueError("times must be positive")
    raise NotImplementedError("double is not written yet")


class Counter:
    """Counts."""

    def add(self) -> int:
        """One more."""
        raise NotImplementedError("Counter.add is not written yet")
'''


def test_a_block_becomes_one_line_that_names_its_function():
    assert solution_blocks.strip(SOURCE, FILE) == STRIPPED


def test_a_constant_may_get_its_value_in_a_block():
    given = "STEPS = None\n# BEGIN SOLUTION\nSTEPS = 40\n_half = STEPS // 2\n# END SOLUTION\n"
    assert solution_blocks.strip(given, FILE) == "STEPS = None\n"


def test_a_source_without_blocks_stays_as_it_is():
    assert solution_blocks.strip(STRIPPED, FILE) == STRIPPED


def test_a_long_placeholder_is_wrapped_as_ruff_would():
    name = "a_name_that_is_as_long_as_names_get_in_this_course_and_then_some"
    source = f"def {name}():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"
    stripped = solution_blocks.strip(source, FILE)
    assert max(map(len, stripped.splitlines())) <= 120
    done = subprocess.run(
        ["ruff", "format", "--line-length", "100", "--diff", "-"],
        input=stripped,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        (2, "def f():\n    # BEGIN SOLUTION\n    return 1\n", "never closed"),
        (2, "def f():\n    # END SOLUTION\n    return 1\n", "no BEGIN SOLUTION before it"),
        (
            3,
            "def f():\n    # BEGIN SOLUTION\n    # BEGIN SOLUTION\n    pass\n    # END SOLUTION\n",
            "nested in the one of line 2",
        ),
        (1, "# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", "outside a function"),
        (1, "# BEGIN SOLUTION\nimport os\n# END SOLUTION\n", "outside a function"),
        (1, "# BEGIN SOLUTION\ndef f():\n    pass\n# END SOLUTION\n", "outside a function"),
        (
            2,
            "class A:\n    # BEGIN SOLUTION\n    x = 1\n    # END SOLUTION\n",
            "outside a function",
        ),
        (
            2,
            "def f():\n    # BEGIN SOLUTION\n    # END SOLUTION\n    return 1\n",
            "no whole statement",
        ),
        (
            3,
            "def f():\n    if 1:\n        # BEGIN SOLUTION\n        1\n    2\n    # END SOLUTION\n",
            "cuts through a statement",
        ),
        (
            2,
            "def f():\n    # BEGIN SOLUTION\n    'Doc.'\n    return 1\n    # END SOLUTION\n",
            "docstring of f",
        ),
        (
            2,
            "def f():\n  # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n",
            "not indented like",
        ),
        (2, "def f():\n    #BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n", "write it as"),
        (4, "def f():\n    # BEGIN SOLUTION\n    return 1\n    # End of solution\n", "write it as"),
        (
            1,
            "# BEGIN SOLUTION\n_A = 1\n# END SOLUTION\n\n\ndef f(x=_A):\n    return x\n",
            "removes `_A`",
        ),
        (
            3,
            "x = 1\n\ndef f(:\n    # BEGIN SOLUTION\n    pass\n    # END SOLUTION\n",
            "valid Python",
        ),
    ],
)
def test_a_marker_out_of_place_is_named_with_file_and_line(line, text, sentence):
    if "End of" in text:
        text = text.replace("End of solution", "end solution")
    with pytest.raises(UsageError) as caught:
        solution_blocks.strip(text, FILE)
    assert f"part.py:{line}: " in str(caught.value)
    assert sentence in str(caught.value)


def test_a_block_in_latex_becomes_a_comment():
    text = "Fact.\n% BEGIN SOLUTION\nOur discussion.\n% END SOLUTION\nEnd.\n"
    stripped = solution_blocks.strip(text, Path("report.tex"))
    assert stripped == "Fact.\n% Your text here.\nEnd.\n"
    with pytest.raises(UsageError, match=r"report\.tex:2: .*never closed"):
        solution_blocks.strip("a\n% BEGIN SOLUTION\nb\n", Path("report.tex"))


def test_private_lines_are_those_that_stand_in_blocks_only():
    lines = solution_blocks.private_lines(SOURCE, FILE)
    assert "x = _twice(x)" in lines
    assert '"""Twice x."""' not in lines


@pytest.mark.parametrize("path", sorted(ROOT.glob("solutions/*/*.py")), ids=lambda p: p.name)
def test_signatures_and_docstrings_survive_in_every_solution(path):
    def outline(source):
        return {
            node.name: (
                ast.unparse(node.args),
                node.returns and ast.unparse(node.returns),
                ast.get_docstring(node),
            )
            for node in ast.parse(source).body
            if isinstance(node, ast.FunctionDef)
        }

    source = path.read_text(encoding="utf-8")
    stripped = solution_blocks.strip(source, path)
    assert outline(stripped) == {
        name: kept for name, kept in outline(source).items() if not name.startswith("_")
    } or outline(stripped) == outline(source)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--isolated",
            "--line-length",
            "100",
            "--diff",
            "-",
        ],
        input=stripped,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


# --- templates, handout, notebook -----------------------------------------------------------------


def test_the_toys_template_is_up_to_date():
    assert templates.check(Workspace(TOY, released=False), SLUG) == []


def test_writing_twice_changes_nothing(toy):
    (toy.solution(SLUG) / "README.md").write_text("# T\n\n<!-- points table -->\n")
    assert [path.name for path in templates.write(toy, SLUG)] == ["README.md"]
    assert templates.write(toy, SLUG) == []
    assert templates.check(toy, SLUG) == []


def test_the_check_names_what_is_stale_missing_or_of_no_source(toy):
    folder = toy.template(SLUG)
    (folder / "vectors.py").write_text("x = 1\n")
    (folder / "tests" / "q1.py").unlink()
    (folder / "notes.txt").write_text("mine")
    (folder / "__pycache__").mkdir(exist_ok=True)
    (folder / "__pycache__" / "vectors.pyc").write_bytes(b"")
    found = templates.check(toy, SLUG)
    assert len(found) == 3
    assert "tests/q1.py is missing" in found[0]
    assert "vectors.py differs from its source" in found[1]
    assert "notes.txt comes from no source" in found[2]
    templates.write(toy, SLUG)
    assert templates.check(toy, SLUG) == []
    assert not (folder / "notes.txt").exists()


def test_one_changed_byte_is_seen(toy):
    path = toy.template(SLUG) / "vectors.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(templates.check(toy, SLUG)) == 1


def test_a_broken_marker_stops_the_template_with_its_place(toy):
    path = toy.solution(SLUG) / "vectors.py"
    path.write_text(path.read_text().replace("    # END SOLUTION\n", "", 1))
    with pytest.raises(UsageError, match=r"vectors\.py:\d+: this BEGIN SOLUTION is nested"):
        templates.check(toy, SLUG)


def test_the_points_table_comes_from_the_manifest(toy):
    loaded = manifest.load(SLUG, toy)
    text = points_table.handout("# T\n\n<!-- points table -->\n\nEnd.\n", loaded, FILE)
    assert "| q2 (exercise1): The moving average | `averages.moving_average` | 3 |" in text
    assert "| **auto** | | **7** |" in text
    assert "the better one counts" in text
    for verb in ("check", "pack", "experiment", "report"):
        assert f"python -m kit {verb}" in text
    assert points_table.handout(text, loaded, FILE).count("| q1: ") == 1
    with pytest.raises(UsageError, match="0 lines"):
        points_table.handout("# T\n", loaded, FILE)


def test_requirements_are_pinned_and_by_framework(toy):
    loaded = manifest.load(SLUG, toy)
    text = templates.requirements(loaded, ROOT)
    assert "numpy==" in text
    assert "tensorflow" not in text
    keras = loaded.model_copy(update={"frameworks": ("keras",)})
    assert "tensorflow==" in templates.requirements(keras, ROOT)
    assert "ruff" not in text


def test_the_notebook_is_valid_and_the_same_each_time(toy):
    loaded = manifest.load(SLUG, toy)
    text = notebook.notebook(loaded)
    assert text == notebook.notebook(loaded)
    document = nbformat.reads(text, as_version=4)
    nbformat.validate(document)
    ids = [cell.id for cell in document.cells]
    assert len(ids) == len(set(ids))
    sources = [cell.source for cell in document.cells]
    for question in loaded.questions:
        assert f'grader.check("{question.id}")' in sources
    assert "from vectors import unit, project" in sources
    assert sources[-1] == "grader.check_all()"


# --- mutants --------------------------------------------------------------------------------------


def test_mutants_are_read_and_applied(toy):
    loaded = manifest.load(SLUG, toy)
    source = (toy.solution(SLUG) / "vectors.py").read_text()
    known = {mutant.label: mutant for mutant in mutants.load(toy, loaded)}
    changed = mutants.apply(known["unit.sum_of_entries"], source)
    assert "length = np.sum(x)\n" in changed
    assert changed != source


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('find = "x"\nreplace = "y"', "occurs 6 times"),
        ('find = "zzz"\nreplace = "y"', "occurs 0 times"),
        ('find = "x"', "give either"),
        ('fund = "x"\nreplace = "y"', "fund"),
        ('find = "# BEGIN SOLUTION"\nreplace = "#"', "changes no code"),
        ('find = "return x / length"\nreplace = "("', "not valid Python"),
        ('find = "sqrt"\nreplace = "abs"\nwithin = "_norm"', "there is no function _norm"),
    ],
)
def test_a_wrong_mutant_is_named(toy, entry, sentence):
    path = toy.autograder(SLUG) / "mutants" / "vectors.toml"
    head = '[[mutant]]\nfunction = "unit"\nname = "wrong"\nmistake = "m"\nloses = { q1 = 1 }\n'
    path.write_text(f"{head}{entry}\n")
    source = (toy.solution(SLUG) / "vectors.py").read_text()
    with pytest.raises(UsageError, match=r"vectors\.toml:.* mutant") as caught:
        for mutant in mutants.load(toy, manifest.load(SLUG, toy)):
            if mutant.module == "vectors":
                mutants.apply(mutant, source)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["[[mutants]]\nx = 1", "mutant = 3"])
def test_a_list_of_mutants_that_is_none_is_named(toy, text):
    (toy.autograder(SLUG) / "mutants" / "vectors.toml").write_text(text)
    with pytest.raises(UsageError, match=r"vectors\.toml:1: mutant"):
        mutants.load(toy, manifest.load(SLUG, toy))


def test_edits_need_not_be_valid_one_by_one(toy):
    path = toy.autograder(SLUG) / "mutants" / "vectors.toml"
    path.write_text(
        '[[mutant]]\nfunction = "unit"\nname = "two"\nmistake = "m"\nloses = { q1 = 1 }\n'
        'edits = [["length = np", "length = abs(np"], ["sum(x * x))", "sum(x * x)))"]]\n'
    )
    source = (toy.solution(SLUG) / "vectors.py").read_text()
    (mutant,) = (m for m in mutants.load(toy, manifest.load(SLUG, toy)) if m.module == "vectors")
    assert "length = abs(np.sqrt(np.sum(x * x)))" in mutants.apply(mutant, source)


def test_a_mutant_of_no_graded_function_is_refused(toy):
    path = toy.autograder(SLUG) / "mutants" / "vectors.toml"
    rewrite(path, 'function = "project"', 'function = "projection"')
    with pytest.raises(UsageError, match="'projection' is no graded function"):
        mutants.load(toy, manifest.load(SLUG, toy))


def test_a_change_reaches_the_questions_whose_functions_can_run_it():
    cases = structure.read_cases(TestSet.load(Workspace(TOY, released=False), SLUG))
    source = "def unit(x):\n    return _half(x)\n\n\ndef _half(x):\n    return x\n"
    other = "def moving_average(x, by=unit):\n    return x\n"
    assert reach.affected_questions("_half", [source, other], cases) == {"q1", "q2"}
    assert reach.affected_questions("project", [source, other], cases) == {"q1"}


# --- laws of structure ----------------------------------------------------------------------------


def test_the_toy_keeps_the_laws_of_structure():
    assert structure.problems(Workspace(TOY, released=False), SLUG) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("public/q1.py", "points=0.5", "points=0.25", "q1: its cases add up to 3.5 points"),
        ("public/q2.py", "import numpy as np", "import numpy as np\nimport oracle", "q2.py:4: "),
        ("public/q2.py", "def test_small", "def test_random_signal", "there twice"),
        ("hidden/q1.py", '"""project agrees with least squares for', '""""""  # ', "no docstring"),
        (
            "hidden/q3.py",
            ', failure_message="Feed it ten values, one after the other."',
            "",
            "hint",
        ),
        ("public/q3.py", "(make_running_mean)", "(running_mean)", "no graded function"),
        ("public/q3.py", 'name = "q3"', 'name = "q4"', 'must say name = "q3"'),
        (
            "mutants/vectors.toml",
            'function = "project"',
            'function = "unit"',
            "project has 0 mutants",
        ),
    ],
)
def test_a_broken_law_of_structure_is_a_sentence(toy, name, old, new, sentence):
    rewrite(toy.autograder(SLUG) / name, old, new)
    templates.write(toy, SLUG)
    assert any(sentence in problem for problem in structure.problems(toy, SLUG))


def test_a_function_that_the_manifest_names_must_be_there(toy):
    rewrite(toy.solution(SLUG) / "vectors.py", "def project", "def projection")
    templates.write(toy, SLUG)
    found = " ".join(structure.problems(toy, SLUG))
    assert "the solution has no function project" in found
    assert "the template has no function project" in found


# --- samples --------------------------------------------------------------------------------------


def test_the_sample_class_is_built_the_same_twice(toy, tmp_path):
    first = samples.build(toy, SLUG, tmp_path / "one")
    samples.build(toy, SLUG, tmp_path / "two")
    assert {path.name for path in first} == {
        "ada.zip", "barbara", "charles.zip", "dennis", "edsger.zip"
    }  # fmt: skip
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    for path in files:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert twin.read_bytes() == path.read_bytes()
    assert "np.sum(x)" in (tmp_path / "one/barbara/vectors.py").read_text()
    assert "SOLUTION" not in (tmp_path / "one/barbara/vectors.py").read_text()
    with zipfile.ZipFile(tmp_path / "one/charles.zip") as archive:
        assert b"NotImplementedError" in archive.read("vectors.py")


def sample(toy: Workspace, text: str, out: Path) -> Path:
    (toy.autograder(SLUG) / "samples.toml").write_text(
        f'[[sample]]\nstudent = "eve"\nverdict = "PASS"\npoints = 7\n{text}\n'
    )
    (path,) = samples.build(toy, SLUG, out)
    return path


def test_a_class_that_has_changed_leaves_no_old_submission(toy, tmp_path):
    home = tmp_path / "class"
    samples.build(toy, SLUG, home)
    (home / "mine.txt").write_text("kept")
    path = toy.autograder(SLUG) / "samples.toml"
    rewrite(path, 'student = "ada"', 'student = "grace"')
    rewrite(path, 'form = "folder"', 'form = "zip"')
    samples.build(toy, SLUG, home)
    assert {path.name for path in home.iterdir()} == {
        ".class.json", "mine.txt", "grace.zip", "barbara.zip", "charles.zip", "dennis.zip",
        "edsger.zip",
    }  # fmt: skip


def test_a_notebook_sample_holds_what_must_not_run(toy, tmp_path):
    path = sample(toy, 'form = "notebook"', tmp_path)
    document = nbformat.read(path, as_version=4)
    nbformat.validate(document)
    text = "\n".join(cell.source for cell in document.cells)
    for piece in ("!pip install", "range(10**12)", "def unit(", "def make_running_mean("):
        assert piece in text


def test_the_other_forms(toy, tmp_path):
    nested = sample(toy, 'form = "nested"', tmp_path)
    with zipfile.ZipFile(nested) as archive:
        names = archive.namelist()
    assert "my submission/code/vectors.py" in names
    assert any(name.startswith("__MACOSX/") for name in names)
    alone = sample(toy, 'form = "py"\nfile = "eve_1_2_all.py"', tmp_path)
    assert alone.name == "eve_1_2_all.py"
    assert {"unit", "make_running_mean"} <= set(structure.top_level(alone.read_text()))
    parts = sample(toy, 'modules = ["vectors"]\ndrop = ["project"]', tmp_path)
    assert "NotImplementedError" in (parts / "averages.py").read_text()
    assert list(structure.top_level((parts / "vectors.py").read_text())) == ["unit"]
    decorated = toy.solution(SLUG) / "vectors.py"
    rewrite(decorated, "def project(", "@staticmethod\ndef project(")
    left = sample(toy, 'drop = ["project"]', tmp_path)
    assert "@" not in (left / "vectors.py").read_text()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('mutants = ["unit.nothing"]', "no mutant unit.nothing"),
        ('drop = ["nothing"]', "neither a module nor a function"),
        ('modules = ["nothing"]', "no module 'nothing'"),
        ('from = "solution"', "from: this key is unknown"),
    ],
)
def test_a_wrong_sample_is_named(toy, tmp_path, text, sentence):
    with pytest.raises(UsageError, match=r"samples\.toml:.* sample") as caught:
        sample(toy, text, tmp_path)
    assert sentence in str(caught.value)


# --- scaffold -------------------------------------------------------------------------------------


def test_a_new_assignment_keeps_the_laws_of_structure(toy):
    before = {path for path in toy.root.rglob("*") if path.is_file()}
    made = scaffold.new(toy, "a6_diffusion")
    assert structure.problems(toy, "a6_diffusion") == []
    assert manifest.load("a6_diffusion", toy).title == "Diffusion"
    after = {path for path in toy.root.rglob("*") if path.is_file()}
    homes = {path.relative_to(toy.root).parts[:2] for path in after - before}
    assert homes == {
        (home, "a6_diffusion")
        for home in ("solutions", "autograder", "report_templates", "student_templates")
    }
    assert set(made) == after - before
    for path in made:
        assert "{{" not in path.read_text(), path


def test_the_experiments_of_a_new_assignment_run(toy):
    from kit.experiments import experiment

    scaffold.new(toy, "a6_diffusion")
    results = experiment.run(toy, "a6_diffusion", "demo", console=Console(quiet=True))
    assert results.claims == {"heat.mixes": True}
    assert set(results.facts) == {"entropy.coldest", "entropy.hottest"}


def test_a_name_that_is_taken_or_no_slug_is_refused(toy):
    with pytest.raises(UsageError, match="is there already"):
        scaffold.new(toy, SLUG)
    with pytest.raises(UsageError, match="is no name for an assignment"):
        scaffold.new(toy, "Diffusion")


def test_a_new_assignment_passes_its_self_test(toy):
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    scaffold.new(toy, "a6_diffusion")
    assert selftest(toy, "a6_diffusion", Console(quiet=True)) == []


# --- self-test ------------------------------------------------------------------------------------


def test_the_self_test_names_what_breaks_a_law(toy):
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    rewrite(toy.autograder(SLUG) / "mutants" / "vectors.toml", "q1 = 1.5", "q1 = 2")
    rewrite(
        toy.solution(SLUG) / "averages.py", "return total / count", "return total / (count + 1)"
    )
    console = Console(record=True, width=160, file=io.StringIO())
    rewrite(
        toy.autograder(SLUG) / "mutants" / "averages.toml",
        "return total / count",
        "return total / (count + 1)",
    )
    (toy.autograder(SLUG) / "variants.toml").unlink()
    found = selftest(toy, SLUG, console)
    assert any("variants.toml: q1 compares with a tolerance; add a variant" in t for t in found)
    assert any("length_only says it loses 2 of q1, but it loses 1.5" in text for text in found)
    assert any(text.startswith("the solution loses test_two_values of q3: FAIL") for text in found)
    assert "q3 test_two_values (public)" in console.export_text()
    assert selftest(toy, SLUG, console, only="unit.zero_stays") == []
    assert "returns the zero vector" in console.export_text()


def test_a_case_that_no_mutant_fails_is_named(toy):
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    rewrite(
        toy.autograder(SLUG) / "public" / "q2.py",
        "close(moving_average(np.array([1.0, 2.0, 3.0, 4.0]), 2), [1.5, 2.5, 3.5], rtol=1e-9)",
        "close(1.0, 1.0, rtol=1e-9)",
    )
    templates.write(toy, SLUG)
    found = selftest(toy, SLUG, Console(quiet=True))
    assert any("test_small is failed by no mutant" in text for text in found)


def test_a_law_of_tolerances_or_of_chance_that_is_broken_is_a_sentence(toy):
    """One self-test of a course with one fault of each kind."""
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    tests = toy.autograder(SLUG)
    rewrite(  # of size 1: a tolerance that right answers nearly use up, and a mutant just misses
        tests / "public" / "q3.py",
        'close(add(3.0), 2.0, rtol=1e-9, what="the mean of 1 and 3")',
        "close(add(3.0) + 0.3, 2.0, rtol=0, atol=0.4)",
    )
    rewrite(
        tests / "hidden" / "q3.py",
        "    first(10.0)\n",
        "    normal(rng().standard_normal(99), false_fail=1e-5)\n    first(10.0)\n",
    )
    rewrite(tests / "hidden" / "q3.py", "import close, rng", "import close, normal, rng")
    rewrite(tests / "variants.toml", "'valid'", "'same'")
    rewrite(tests / "mutants" / "equivalent.toml", "the dot product commutes", "it just commutes")
    templates.write(toy, SLUG)
    found = selftest(toy, SLUG, Console(quiet=True))
    for sentence in (
        "public/q3.py: test_two_values: right answers are off by 0.75 tolerances; widen",
        "hidden/q3.py: the checks of test_two_means_are_apart fail a right answer with probability",
        "variant moving_average.convolution is right, but loses test_small of q2: FAIL",
    ):
        assert any(sentence in text for text in found), (sentence, found)


def test_a_margin_below_ten_breaks_the_law(toy):
    from kit.authoring import margins

    cases = structure.read_cases(TestSet.load(toy, SLUG))
    case = (cases[0].question, cases[0].case.name)

    def said(right: float, wrong: float) -> list[str]:
        return margins.problems(cases, {case: margins.Margin(right, wrong)})

    assert said(0.1, 1.5) == said(0.0, 1.1) == []
    assert "right answers are off by 0.2 tolerances and a mutant by 1.5, a margin of 7.5" in str(
        said(0.2, 1.5)
    )
    assert "widen the tolerance until that is below 0.3" in str(said(0.31, 1e9))


def test_a_test_that_fails_too_often_by_chance_breaks_the_law(toy):
    rewrite(
        toy.autograder(SLUG) / "hidden" / "q3.py",
        "def test_ten_values",
        '@statistical(1e-5, "a guess")\ndef test_ten_values',
    )
    path = toy.autograder(SLUG) / "hidden" / "q3.py"
    path.write_text(path.read_text().replace("import close, rng", "import close, rng, statistical"))
    (said,) = structure.problems(toy, SLUG)
    assert "test_ten_values fails a right answer with probability 1e-05" in said


def test_the_flake_hunt_draws_anew_each_time_and_tells_the_secret(toy):
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import hunt

    assert hunt(toy, SLUG, Console(quiet=True), 3) == []
    rewrite(
        toy.autograder(SLUG) / "hidden" / "q3.py",
        '    values = [float(v) for v in rng("ten").normal(size=10)]\n',
        '    values = [float(v) for v in rng("ten").normal(size=10)]\n'
        "    values = values if values[0] > 0 else [math.nan]\n",
    )
    rewrite(toy.autograder(SLUG) / "hidden" / "q3.py", "from otter", "import math\nfrom otter")
    found = hunt(toy, SLUG, Console(quiet=True), 40)
    assert 3 < len(found) < 37  # half of the secrets draw a number above 0
    assert re.match(r"run \d+, secret [0-9a-f]{32}: the solution loses test_ten_values", found[0])


def test_the_self_test_writes_its_matrix_and_takes_no_template_for_granted(toy):
    if reason := jail_is_missing():
        pytest.skip(reason)
    from kit.authoring.selftest import selftest

    assert selftest(toy, SLUG, Console(quiet=True)) == []
    with (toy.work() / "selftest" / SLUG / "matrix.csv").open() as stream:
        header, *rows = csv.reader(stream)
    assert header[:3] == ["mutant", "kind", "edit"]
    assert {row[1] for row in rows} == {"written", "generated"}
    marks = dict(
        zip(header, next(r for r in rows if r[0] == "vectors.unit.zero_stays"), strict=True)
    )
    assert (marks["q1.test_unit_of_zero"], marks["q1.test_unit_of_3_4"]) == ("x", ".")
    assert marks["q2.test_small"] == ""  # out of its reach
    document = json.loads((toy.work() / "selftest" / SLUG / "matrix.json").read_text())
    assert {m["mutant"] for m in document["mutants"]} == {r[0].partition(".")[2] for r in rows}
    shutil.rmtree(toy.template(SLUG))
    with pytest.raises(UsageError, match="run `make templates`"):
        selftest(toy, SLUG, Console(quiet=True))
