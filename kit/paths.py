"""Where things are: in the course's repository, or in the folder that a student was given.

The layout of a workspace stands here alone. Nothing here creates a folder.
"""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from kit.errors import UsageError

CODE = Path(__file__).resolve().parent.parent
_SOURCE = (".py", ".toml", ".j2")


def engine_files(*packages: str) -> dict[str, Path]:
    """The kit's own files by their path in it: those at its top, and those of `packages`."""
    root = CODE / "kit"
    found = [*root.glob("*"), *(path for name in packages for path in (root / name).rglob("*"))]
    chosen = (path for path in found if path.suffix in _SOURCE and path.is_file())
    return dict(sorted((path.relative_to(root).as_posix(), path) for path in chosen))


@dataclass(frozen=True)
class Workspace:
    """A course's repository, or one released assignment (`released`), rooted at `root`."""

    root: Path
    released: bool

    def slugs(self) -> tuple[str, ...]:
        """The assignments that this workspace holds, in order."""
        if self.released:
            return (self.root.name if not (self.root / "slug").is_file() else self._slug(),)
        manifests = (self.root / "autograder").glob("*/assignment.toml")
        return tuple(sorted(path.parent.name for path in manifests))

    def _slug(self) -> str:
        return (self.root / "slug").read_text(encoding="utf-8").strip()

    def resolve(self, prefix: str | None) -> str:
        """The one assignment that starts with `prefix`; without one, the only assignment there is.

        Raises:
            UsageError: none or several match.
        """
        slugs = self.slugs()
        matches = [slug for slug in slugs if slug.startswith(prefix or "")]
        if prefix in slugs:
            return str(prefix)
        if len(matches) == 1:
            return matches[0]
        near = difflib.get_close_matches(prefix or "", slugs, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near and not matches else ""
        word = f"{len(matches)} assignments match" if matches else "no assignment is named"
        raise UsageError(
            f"{word} '{prefix or ''}' in {self.root}: name one of {', '.join(slugs)}{hint}"
        )

    def autograder(self, slug: str) -> Path:
        """The folder of the manifest and the tests."""
        return self.root if self.released else self.root / "autograder" / slug

    def manifest(self, slug: str) -> Path:
        """The assignment's manifest."""
        return self.autograder(slug) / "assignment.toml"

    def written(self, slug: str) -> Path:
        """The public half of its bank of written questions; not every assignment has one."""
        return self.autograder(slug) / "written.toml"

    def key(self, slug: str) -> Path | None:
        """The private half, the key; none in a student's folder."""
        return None if self.released else self.autograder(slug) / "key.toml"

    def public_tests(self, slug: str) -> Path:
        """The tests that students may run."""
        return self.root / "tests" if self.released else self.autograder(slug) / "public"

    def hidden_tests(self, slug: str) -> Path | None:
        """The tests that only the grader runs; none in a student's folder."""
        return None if self.released else self.autograder(slug) / "hidden"

    def solution(self, slug: str) -> Path:
        """The reference solution; in a student's folder, the student's own modules."""
        return self.root if self.released else self.root / "solutions" / slug

    def template(self, slug: str) -> Path:
        """The generated template; in a student's folder, the folder itself."""
        return self.root if self.released else self.root / "student_templates" / slug

    def report_template(self, slug: str) -> Path:
        """The report's sources and the experiments behind it."""
        return self.root / "report" if self.released else self.root / "report_templates" / slug

    def styles(self) -> Path:
        """The report styles."""
        return self.root / ("report/styles" if self.released else "report_templates/styles")

    def work(self) -> Path:
        """What the kit makes and may be deleted: runs, reports, releases."""
        return Path(os.environ.get("KIT_WORK") or self.root / "work")

    def runs(self, slug: str) -> Path:
        """The run store of an assignment."""
        return self.work() / "runs" / slug


def find_workspace(start: Path | None = None) -> Workspace:
    """The workspace that `start` (by default the current folder) lies in, else the kit's own.

    Raises:
        UsageError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, CODE):
        if (folder / "autograder").is_dir() and (folder / "solutions").is_dir():
            return Workspace(folder, released=False)
        if (folder / "assignment.toml").is_file() and (folder / "tests").is_dir():
            return Workspace(folder, released=True)
    raise UsageError(
        f"{here} lies in no assignment: change to the folder you were given, or to the course's "
        "repository"
    )
