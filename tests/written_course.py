"""The toy course with a bank of written questions: its files, and answers to hand in."""

import shutil
from pathlib import Path

from toy_course import Course

from kit.assignment import load
from kit.authoring import templates
from kit.paths import Workspace

SLUG = "t1_toy"
BANK = """\
[[section]]
id = "basics"
title = "Basics"
points = 12

[[section]]
id = "people"
title = "Collaboration"
points = 0

[[question]]
id = "sample"
section = "basics"
kind = "single"
points = 0
text = "Which letter comes first?"
options = ["a", "z"]
shown = ["a"]

[[question]]
id = "one"
section = "basics"
kind = "single"
points = 2
text = "How much is one and one?"
options = ["one", "two", "three"]

[[question]]
id = "bad"
section = "basics"
kind = "single"
points = 1
text = "How much is two times two? Tick what comes closest."
options = ["three", "five", "nine"]

[[question]]
id = "many"
section = "basics"
kind = "multiple"
points = 6
text = "Which numbers are prime?"
options = ["one", "two", "three", "four", "six"]

[[question]]
id = "words"
section = "basics"
kind = "text"
points = 3
text = "Prove that there is no largest prime number."

[[question]]
id = "help"
section = "people"
kind = "text"
points = 0
text = "Who helped you?"
"""
KEY = """\
[[answer]]
question = "sample"
right = ["a"]

[[answer]]
question = "one"
right = ["b"]
explanation = "A sum that everybody should be able to do."

[[answer]]
question = "bad"
right = ["a"]
accepted = ["b"]
status = "defective"
note = "Four is missing; three and five are equally close to it."

[[answer]]
question = "many"
right = ["b", "c"]
explanation = "Only numbers with exactly two divisors are prime."

[[answer]]
question = "words"
explanation = "The product of all of them and one more has a new divisor."

[[answer.rubric]]
title = "The product of all primes plus one is looked at"
points = 2

[[answer.rubric]]
title = "The contradiction is stated"
points = 1

[[answer]]
question = "help"
"""
RIGHT = 'one = "b"\nbad = "b"\nmany = ["c", "b"]\nwords = "Take the product."\nhelp = "nobody"\n'
LATEX = r"""
\documentclass{article}
\newcommand{\choice}{\item}  % \begin{question}{one}{2} in a comment is none
\begin{document}
\begin{question}{one}{2}
How much is one and one?
\begin{choices}
  \choice one
  \CorrectChoice two
  % \CorrectChoice three
  \choice three
\end{choices}
\end{question}
\begin{question}{words}{3}
\begin{soln}
  Take the product, 100\% sure. % a remark
\end{soln}
\end{question}
\begin{question}{help}{0}
\begin{soln}
  % Your text here.
  \vspace{2cm}
\end{soln}
\end{question}
\end{document}
"""
MARKDOWN = """\
# Basics

## one (2 points)

> How much is one and one?

- [ ] one
- [x] two
- [ ] three

## many
* [ ] one
* [X] two
* [ ] three
* [x] four
* [ ] six

## words

> Prove that there is no largest prime number.

Take the product.

### A heading of one's own

```
# help is no heading in here
```
<!-- not this -->

## help
"""


def workspace(root: Path, bank: str = BANK, key: str = KEY) -> Workspace:
    """A copy of the toy course with a bank, its template up to date."""
    tests = Path(__file__).parent
    shutil.copytree(tests / "toy", root, ignore=shutil.ignore_patterns("__pycache__", "work"))
    course = Workspace(root, released=False)
    manifest = course.manifest(SLUG)
    text = manifest.read_text().replace("report = 3\n", "report = 3\nwritten = 12\n")
    manifest.write_text(text)
    course.written(SLUG).write_text(bank)
    (course.autograder(SLUG) / "key.toml").write_text(key)
    templates.write(course, SLUG)
    return course


def course(root: Path) -> Course:
    """That course, with a class to hand in."""
    (root / "class").mkdir()
    there = workspace(root / "course")
    return Course(there, load(SLUG, there), root / "class")
