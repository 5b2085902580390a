"""The manifest: what is wrong in it is said with file, line and key."""

from pathlib import Path

import pytest

from kit.assignment import Assignment, load
from kit.errors import UsageError
from kit.paths import Workspace, find_workspace

MANIFEST = """\
title = "A title"
summary = "A summary."
frameworks = ["numpy"]

[components]
auto = 3
report = 2

[[question]]
id = "q1"
title = "First"
points = 3
group = "left"
functions = ["part.first"]

[[question]]
id = "q2"
title = "Second"
points = 3
group = "right"
functions = ["part.second", "part.third"]

[[choice]]
title = "One of two"
groups = ["left", "right"]

[[handin.files]]
name = "part.py"
module = "part"

[report]
style = "ieee"

[[report.rubric]]
id = "text"
title = "The text"
points = 2
"""


FILES = "[[handin.files]]"


def workspace_with(tmp_path: Path, manifest: str) -> Workspace:
    folder = tmp_path / "autograder" / "x1_demo"
    folder.mkdir(parents=True)
    (tmp_path / "solutions").mkdir()
    (folder / "assignment.toml").write_text(manifest)
    return Workspace(tmp_path, released=False)


def line_of(text: str) -> int:
    return MANIFEST.splitlines().index(text) + 1


def test_a_good_manifest_loads(tmp_path):
    assignment = load("x1_demo", workspace_with(tmp_path, MANIFEST))
    assert isinstance(assignment, Assignment)
    assert assignment.modules == ("part",)
    assert assignment.functions == ("first", "second", "third")
    assert assignment.group_points("right") == 3
    assert assignment.question("q2").module_of("third") == "part"
    assert assignment.preload == ("numpy",)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "Second"', 'title = "Second"\ncolour = 1', "colour", "unknown"),
        ('id = "q2"', 'idd = "q2"', "idd", "this key is unknown"),
        ("auto = 3", "auto = 4", "auto", "is 4, but the questions add up to 3"),
        ("report = 2", "report = 5", "report", "is 5, but the lines of report.rubric"),
        ('id = "q2"', 'id = "q1"', "id", "'q1' is there twice"),
        ('points = 3\ngroup = "right"', 'points = 2\ngroup = "right"', "[[choice]]", "differ"),
        ('"part.second"', '"other.second"', "functions", "no file of the hand-in holds"),
        ("points = 2", "points = -2", "points", "greater than or equal to 0"),
        ('style = "ieee"', "style = 3", "style", "valid string"),
        ('frameworks = ["numpy"]', 'frameworks = ["jax"]', "frameworks", "numpy"),
        (FILES, f'[handin]\nstudent = "[0-9]"\nexample = "a"\n{FILES}', "[handin]", "not have"),
        (FILES, f'[handin]\nstudent = "("\n{FILES}', "[handin]", "no regular expression"),
        (FILES, f'[handin]\narchive = "{{group}}.zip"\n{FILES}', "[handin]", "no other braces"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path, old, new, line, words):
    assert old in MANIFEST
    text = MANIFEST.replace(old, new, 1)
    with pytest.raises(UsageError) as caught:
        load("x1_demo", workspace_with(tmp_path, text))
    message = str(caught.value)
    number = int(message.split("assignment.toml:")[1].split(":")[0])
    assert words in message
    assert text.splitlines()[number - 1].startswith(line)


def test_broken_toml_and_a_missing_file_are_one_sentence(tmp_path):
    workspace = workspace_with(tmp_path, "title = ")
    with pytest.raises(UsageError, match="is not TOML"):
        load("x1_demo", workspace)
    workspace.manifest("x1_demo").unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        load("x1_demo", workspace)


def test_a_prefix_names_one_assignment(tmp_path):
    workspace = workspace_with(tmp_path, MANIFEST)
    assert workspace.resolve("x1") == "x1_demo"
    assert workspace.resolve(None) == "x1_demo"
    with pytest.raises(UsageError, match="did you mean x1_demo"):
        workspace.resolve("x1_dmo")
    (tmp_path / "autograder" / "x1_other").mkdir()
    (tmp_path / "autograder" / "x1_other" / "assignment.toml").write_text(MANIFEST)
    with pytest.raises(UsageError, match="2 assignments match"):
        workspace.resolve("x1")


def test_the_workspace_is_found_from_any_folder_inside_it(tmp_path):
    workspace = workspace_with(tmp_path, MANIFEST)
    assert find_workspace(workspace.autograder("x1_demo")) == workspace


@pytest.mark.parametrize("slug", find_workspace().slugs())
def test_every_manifest_on_disk_loads(slug):
    assert load(slug, find_workspace()).questions
