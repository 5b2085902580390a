"""The kill matrix: mutants by test cases, in short on the terminal, in full on disk."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Column, Table

from kit.authoring.bench import Case, Kill
from kit.authoring.margins import Margin
from kit.authoring.mutants import Mutant
from kit.authoring.structure import CaseOnDisk
from kit.files import write_json, write_text
from kit.grading.spreadsheet import table


@dataclass(frozen=True)
class Matrix:
    """Every mutant that was judged, and what is known of the cases."""

    cases: tuple[CaseOnDisk, ...]
    kills: tuple[Kill, ...]
    margins: Mapping[Case, Margin]

    def alone(self) -> Counter[Case]:
        """How many mutants each case is the only one to fail."""
        return Counter(case for kill in self.kills if len(kill.failed) == 1 for case in kill.failed)

    def needless(self) -> list[CaseOnDisk]:
        """The hidden cases without which every mutant would still fail somewhere."""
        alone = self.alone()
        return [c for c in self.cases if c.case.hidden and not alone[c.question, c.case.name]]

    def idle(self) -> list[CaseOnDisk]:
        """The cases that no mutant fails: they test nothing that a student gets wrong."""
        killing = {case for kill in self.kills for case in kill.failed}
        return [c for c in self.cases if (c.question, c.case.name) not in killing]

    def table(self) -> Table:
        """A row per case: how many mutants it fails, of how many that it could see."""
        right = [
            Column(name, justify="right")
            for name in ("written", "generated", "alone", "right", "wrong", "margin")
        ]
        rows = Table(Column("case", overflow="fold"), *right, box=SIMPLE, title="kill matrix")
        alone, question = self.alone(), ""
        order = [c.question for c in self.cases]
        for c in sorted(self.cases, key=lambda c: order.index(c.question)):
            if question not in ("", c.question):
                rows.add_section()
            question = c.question
            case = (c.question, c.case.name)
            name = f"{c.question} {c.case.name}{'' if c.case.hidden else ' (public)'}"
            counts = [self._count(case, written) for written in (True, False)]
            rows.add_row(name, *counts, str(alone[case] or "-"), *_measured(c, self.margins))
        return rows

    def _count(self, case: Case, written: bool) -> str:
        of = [k for k in self.kills if isinstance(k.mutant, Mutant) is written]
        reached = [kill for kill in of if case in kill.reached]
        return f"{sum(case in kill.failed for kill in reached)}/{len(reached)}"

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write `matrix.csv`, a row per mutant and a column per case, and `matrix.json`."""
        names = [(c.question, c.case.name) for c in self.cases]
        lines = [["mutant", "kind", "edit", *(f"{q}.{name}" for q, name in names)]]
        for kill in self.kills:
            mutant = kill.mutant
            kind = "written" if isinstance(mutant, Mutant) else "generated"
            marks = [_mark(kill, case) for case in names]
            lines.append([f"{mutant.module}.{mutant.label}", kind, edit_of(kill), *marks])
        document = {"mutants": [_plain(k) for k in self.kills], "cases": self._cases()}
        return (
            write_text(folder / "matrix.csv", table(lines)),
            write_json(folder / "matrix.json", document),
        )

    def _cases(self) -> list[dict[str, Any]]:
        alone = self.alone()
        rows = []
        for c in self.cases:
            case = (c.question, c.case.name)
            margin = self.margins.get(case)
            statistical = getattr(c.case.function, "statistical", (None, ""))
            rows.append({
                "case": f"{c.question}.{c.case.name}", "hidden": c.case.hidden,
                "killed_alone": alone[case], "false_fail": statistical[0],
                "largest_right_error": margin and _number(margin.right),
                "smallest_wrong_error": margin and _number(margin.wrong),
            })  # fmt: skip
        return rows


def edit_of(kill: Kill) -> str:
    """What was done to the solution, in words or as text."""
    mutant = kill.mutant
    if isinstance(mutant, Mutant):
        return mutant.mistake
    return f"{mutant.find} -> {mutant.replace}"


def written_table(kills: Sequence[Kill], wrong: set[str]) -> Table:
    """A row per mutant: its edit, what it loses and where; those in `wrong` in red."""
    rows = Table(title=f"{len(kills)} mutants", show_lines=False)
    for column in ("mutant", "edit", "loses", "failed by"):
        rows.add_column(column, overflow="fold")
    for kill in kills:
        lost = ", ".join(f"{q} {points:g}" for q, points in sorted(kill.lost.items())) or "nothing"
        failed = ", ".join(f"{q}.{name}" for q, name in sorted(kill.failed)) or "-"
        label = kill.mutant.label
        rows.add_row(label, edit_of(kill), lost, failed, style="red" if label in wrong else "")
    return rows


def _measured(c: CaseOnDisk, margins: Mapping[Case, Margin]) -> tuple[str, str, str]:
    """What right answers are off by, what wrong ones are, and the margin; or why there is none."""
    if (statistical := getattr(c.case.function, "statistical", None)) is not None:
        return "chance", f"{statistical[0]:.0e}", "-"
    if (margin := margins.get((c.question, c.case.name))) is None:
        return "discrete", "-", "-"
    return f"{margin.right:.1e}", _short(margin.wrong), _short(margin.width)


def _short(number: float) -> str:
    return "inf" if math.isinf(number) else f"{number:.2g}"


def _number(number: float) -> float | str:
    return number if math.isfinite(number) else "inf"


def _mark(kill: Kill, case: Case) -> str:
    return "" if case not in kill.reached else "x" if case in kill.failed else "."


def _plain(kill: Kill) -> dict[str, Any]:
    mutant = kill.mutant
    return {
        "module": mutant.module, "function": mutant.function, "mutant": mutant.label,
        "written": isinstance(mutant, Mutant), "edit": edit_of(kill), "loses": kill.lost,
        "failed": sorted(f"{q}.{name}" for q, name in kill.failed),
        "errors": {f"{q}.{name}": _number(e) for (q, name), e in kill.errors.items()},
    }  # fmt: skip
