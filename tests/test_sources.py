"""The code that a report shows: as it is written, less what is said about it."""

from kit.experiments.sources import source
from kit.files import load_module

CODE = '''
"""A module."""

def _shared(x):
    """What both need."""
    return x

def first(x):
    """Says what it does.

    At length.
    """
    # BEGIN SOLUTION
    return _shared(x) + _shared(1)  # a comment stays
    # END SOLUTION

class Second:
    """A class."""

    size = 3

    def call(self):
        """A method."""
        return _shared(self.size)

def only():
    """A docstring alone."""
'''


def loaded(tmp_path):
    path = tmp_path / "shown.py"
    path.write_text(CODE, encoding="utf-8")
    return load_module(path, "shown")


def test_docstrings_and_marks_go_comments_and_what_is_private_come(tmp_path):
    text = source(loaded(tmp_path).first)
    assert text == (
        "def first(x):\n    return _shared(x) + _shared(1)  # a comment stays\n\n\n"
        "def _shared(x):\n    return x"
    )


def test_a_class_is_shown_and_what_is_shared_only_once(tmp_path):
    module = loaded(tmp_path)
    text = source(module.first, module.Second)
    assert "    size = 3\n" in text and "A method" not in text
    assert text.count("def _shared") == 1


def test_a_docstring_that_is_the_whole_body_stays(tmp_path):
    assert '"""A docstring alone."""' in source(loaded(tmp_path).only)
