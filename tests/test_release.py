"""What a student gets: the allow-list, and the search for private text, which is shown to bite."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from kit import assignment as manifest
from kit.authoring import leaks, mutants, release, scaffold, stamp, templates
from kit.authoring.selftest import selftest
from kit.errors import KitError, UsageError
from kit.files import zipped
from kit.paths import Workspace

ROOT = Path(__file__).resolve().parent.parent
COURSE = Workspace(ROOT, released=False)
SLUG = "t1_toy"


@pytest.fixture
def toy(stamped_toy: Path, tmp_path: Path) -> Workspace:
    """A copy of the toy course, with its stamp and the report style that its manifest names."""
    shutil.copytree(stamped_toy, tmp_path / "course")
    return Workspace(tmp_path / "course", released=False)


def names(files):
    return {name.split("/")[0] for name in files}


def test_a_release_holds_what_is_on_the_list_and_nothing_else(toy, tmp_path):
    (toy.autograder(SLUG) / "notes.txt").write_text("private")
    (toy.report_template(SLUG) / "draft.docx").write_text("private")
    made = release.release(toy, SLUG, tmp_path / "out")
    assert names(made.files) == {
        "README.md", "assignment.toml", "slug", "requirements.txt", "test_public.py", "kit",
        "t1_toy.ipynb", "tests", "report", "vectors.py", "averages.py",
    }  # fmt: skip
    assert {name for name in made.files if name.startswith("report/styles/")} >= {
        "report/styles/kit.sty"
    }
    assert not [
        name for name in made.files if "skeleton" in name or name.endswith((".pyc", ".docx"))
    ]
    assert set(leaks.read_folder(made.folder)) == set(made.files)
    with zipfile.ZipFile(made.archive) as archive:
        assert {f"{SLUG}/{name}" for name in made.files} == set(archive.namelist())


def test_a_release_is_the_same_bytes_every_time(toy, tmp_path):
    first = release.release(toy, SLUG, tmp_path / "one").archive.read_bytes()
    os.utime(toy.solution(SLUG) / "vectors.py", (0, 0))
    assert release.release(toy, SLUG, tmp_path / "two").archive.read_bytes() == first
    assert release.release(toy, SLUG, tmp_path / "one").archive.read_bytes() == first


def test_a_stale_template_or_a_foreign_file_stops_the_release(toy, tmp_path):
    made = release.release(toy, SLUG, tmp_path)
    (made.folder / "mine.py").write_text("x = 1\n")
    with pytest.raises(UsageError, match=r"mine\.py, which is no part of a release"):
        release.release(toy, SLUG, tmp_path)
    (toy.template(SLUG) / "vectors.py").write_text("x = 1\n")
    with pytest.raises(UsageError, match="differs from its source"):
        release.release(toy, SLUG, tmp_path)


PLANTS = {
    "a line of a solution block": "length = np.sqrt(np.sum(x * x))",
    "a mutant's mistake": "takes the sum of absolute values for the length",
    "a function of the oracle": "def window_means(signal, width):",
    "a line of the oracle": "return [math.fsum(signal[i : i + width]) / width for i in starts]",
    "the name of a hidden test": "def test_two_means_are_apart(make_running_mean):",
    "a line of a hidden test": 'signal = rng("signal").normal(size=20)',
    "a hidden test's hint": "Is your direction of length one already?",
    "a private paragraph of the report": r"\claim{width3.helps}{A wider window removes noise.}",
}


# A line that stands outside a block of a report's source is public, whatever else it is.
PLACES = [
    (where, what)
    for where in ("experiments.py", "report.tex")
    for what in PLANTS
    if (where, what) != ("report.tex", "a private paragraph of the report")
]


@pytest.mark.parametrize(("where", "what"), PLACES)
def test_planted_private_text_is_found_and_nothing_is_released(toy, tmp_path, what, where):
    path = toy.report_template(SLUG) / where
    path.write_text(path.read_text() + f"    {PLANTS[what]}\n")
    if where == "experiments.py":
        path.write_text(path.read_text().replace(f"    {PLANTS[what]}", f"# {PLANTS[what]}"))
    templates.write(toy, SLUG)
    with pytest.raises(KitError, match="nothing was released"):
        release.release(toy, SLUG, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_search_opens_archives_and_notebooks(toy):
    wanted = leaks.secrets(toy, SLUG)
    text = PLANTS["a line of a solution block"]
    inner = zipped({"a/b.py": f"        {text}\n".encode()})
    notebook = '{"cells": [{"source": ["x = 1\\n", "  length = np.sqrt(np.sum(x * x))\\n"]}]}'
    found = leaks.search(
        {
            "outer.zip": zipped({"inner.zip": inner}),
            "work.ipynb": notebook.encode(),
            "fine.py": b"x = 1\n",
            "tests/hidden/q1.py": b"",
            "oracle.py": b"",
            "kit/__pycache__/x.pyc": b"",
        },
        wanted,
    )
    assert {leak.file for leak in found} == {
        "outer.zip/inner.zip/a/b.py",
        "work.ipynb",
        "tests/hidden/q1.py",
        "oracle.py",
        "kit/__pycache__/x.pyc",
    }


def test_an_assignment_that_has_changed_since_its_self_test_is_not_released(toy, tmp_path):
    path = toy.autograder(SLUG) / "hidden" / "q1.py"
    path.write_text(path.read_text().replace("rtol=1e-9)", "rtol=1e-8)"))
    with pytest.raises(UsageError, match="changed since its self-test: run `python -m kit self"):
        release.release(toy, SLUG, tmp_path / "out")
    stamp.remove(toy, SLUG)
    with pytest.raises(UsageError, match="t1_toy has passed no self-test"):
        release.release(toy, SLUG, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    path.write_text(path.read_text().replace("points=1,", "points=2,"))
    with pytest.raises(UsageError, match="its cases add up to"):  # a law that takes no jail
        release.release(toy, SLUG, tmp_path / "out", without_selftest=True)


def test_a_self_test_that_fails_leaves_no_stamp(toy, tmp_path):
    assert stamp.problem(toy, SLUG) is None
    path = toy.autograder(SLUG) / "mutants" / "equivalent.toml"
    path.write_text(path.read_text().partition("[[equivalent]]")[0])
    found = selftest(toy, SLUG, Console(quiet=True))
    assert len(found) == 1
    assert "no test of project fails on 'np.dot(direction, x)'" in found[-1]
    with pytest.raises(UsageError, match="t1_toy has passed no self-test"):
        release.release(toy, SLUG, tmp_path / "out")


def test_a_new_assignment_can_be_released(toy, tmp_path):
    scaffold.new(toy, "a6_diffusion")
    assert selftest(toy, "a6_diffusion", Console(quiet=True)) == []
    made = release.release(toy, "a6_diffusion", tmp_path)
    assert "softmax.py" in made.files


@pytest.mark.parametrize("slug", COURSE.slugs())
def test_no_release_holds_private_text(slug, tmp_path):
    """Independent of `kit.authoring.leaks`: a plain reading of the private files."""
    made = release.release(COURSE, slug, tmp_path, without_selftest=True)
    text = "\n".join(
        " ".join(line.split())
        for data in leaks.read_folder(made.folder).values()
        for line in data.decode("utf-8").splitlines()
    )
    unescaped = text.replace('\\"', '"')
    private = [*solution_lines(slug), *names_of_functions(slug), *mistakes(slug)]
    assert len(private) > 20
    for line in private:
        assert line not in unescaped, f"the release of {slug} holds: {line}"
    for name in made.files:
        path = Path(name)
        assert path.suffix != ".pyc"
        assert path.name not in {"oracle.py", "samples.toml", "key.toml"}
        assert not {"hidden", "mutants", "solutions"} & set(path.parts)
    with zipfile.ZipFile(made.archive) as archive:
        for name in made.files:
            assert archive.read(f"{slug}/{name}") == (made.folder / name).read_bytes()
    assert leaks.search({"the.zip": made.archive.read_bytes()}, leaks.secrets(COURSE, slug)) == []


def solution_lines(slug):
    """Lines of 25 characters and more that stand between markers and nowhere else."""
    inside, outside = [], set()
    for path in [*COURSE.solution(slug).glob("*.py"), *COURSE.report_template(slug).glob("*.tex")]:
        private = False
        for line in path.read_text(encoding="utf-8").splitlines():
            text = " ".join(line.split())
            private = (private or "BEGIN SOLUTION" in text) and "END SOLUTION" not in text
            if private and "SOLUTION" not in text:
                inside.append(text)
            else:
                outside.add(text)
    long = [line for line in inside if len(line) >= 25 and line not in outside]
    return [line for line in long if not leaks.IDIOMS.fullmatch(line)]


def names_of_functions(slug):
    """Hidden tests and the oracle's functions, but those named like a graded function."""
    hidden = [*COURSE.hidden_tests(slug).glob("*.py"), COURSE.autograder(slug) / "oracle.py"]
    sources = [*COURSE.public_tests(slug).glob("*.py"), *COURSE.solution(slug).glob("*.py")]
    public = "".join(path.read_text(encoding="utf-8") for path in sources)
    names = [
        f"def {node.name}("
        for path in hidden
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and len(node.name) > 8
    ]
    return [name for name in names if name not in public]


def mistakes(slug):
    listed = mutants.load(COURSE, manifest.load(slug, COURSE))
    return [mutant.mistake for mutant in listed if len(mutant.mistake) >= 25]


@pytest.mark.slow
def test_the_released_folder_works_alone(toy, tmp_path):
    """Public tests fail as not attempted on the template, and pass on the solution."""
    folder = release.release(toy, SLUG, tmp_path / "out").folder
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def run(*arguments):
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)

    tests = ("pytest", "-q", "-p", "no:cacheprovider")
    before = run(*tests)
    assert before.returncode == 1
    assert "NOT ATTEMPTED" in before.stdout
    assert "NOT ATTEMPTED" in run("kit", "check").stdout
    for path in toy.solution(SLUG).glob("*.py"):
        shutil.copy(path, folder)
    after = run(*tests)
    assert after.returncode == 0, after.stdout
    checked = run("kit", "check").stdout
    assert "PASS" in checked
    assert "NOT ATTEMPTED" not in checked
