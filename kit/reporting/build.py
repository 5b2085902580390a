"""Builds a report: sources and results in, a checked PDF out.

`out` becomes a folder that LaTeX, or an online editor, needs nothing besides.
"""

import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kit import assignment as manifest
from kit.errors import BuildError, KitError
from kit.experiments.results import Results
from kit.files import load_module, write_bytes, write_json, write_text
from kit.paths import Workspace
from kit.reporting import appendix, facts, figure_style, latex, log, pdf, prose, source
from kit.reporting.escape import tex
from kit.reporting.findings import Finding

MAIN = "report"
BODY_END = "body:end"  # a label before the references
REFERENCES_END = "references:end"  # a label of every style, before the appendix, which never counts
SOURCES = ("*.tex", "*.bib", "*.sty", "*.cls", "*.bst", "*.png", "*.jpg", "*.pdf")
FULL = "full"
Made = TypeVar("Made")  # a figure or a table


@dataclass(frozen=True)
class Report:
    """A report that was built: the PDF, its pages, and what a person should look at."""

    pdf: Path
    pages: int
    findings: tuple[Finding, ...]


def build(
    workspace: Workspace, slug: str, results: Results, out: Path, student: str | None = None
) -> Report:
    """Fill the report of `slug` with `results` and build it in `out`.

    Args:
        workspace: the repository, or a student's folder with the skeleton.
        slug: the assignment.
        results: published facts, or those of a run of any size.
        out: the folder to build in; made when it is missing.
        student: the author to print; by default the report is the reference's.

    Raises:
        BuildError: a source asks for a name that is not there, a published claim no longer holds,
            a figure cannot be drawn, or LaTeX fails.
    """
    assignment = manifest.load(slug, workspace)
    origin = workspace.report_template(slug)
    title, author = assignment.title, student or "Reference solution"
    _clear(out)
    settings = {"title": title, "author": author, "course": assignment.course}
    names = _write_results(origin, results, out, settings)
    used = source.check(origin / f"{MAIN}.tex", results.parts, names)
    _check_claims(results, used)
    copy_sources(workspace, assignment.report.style, origin, out)
    built, text = latex.compile_pdf(out, MAIN, origin)
    pdf.attach(built, results, title, author)
    count = pdf.pages(built)
    found = [
        *log.findings(text),
        *pdf.font_findings(built),
        *_page_findings(assignment, built, count),
    ]
    found += [Finding("not run", sentence) for sentence in results.missing]
    found += _changed(results)
    for path in sorted(origin.glob("*.tex")):
        found += prose.typed_numbers(path)
    return Report(built, count, tuple(found))


def _clear(out: Path) -> None:
    """Remove what an earlier build left in `out`, so that equal sources make equal bytes.

    Raises:
        BuildError: `out` holds something else than a report built before.
    """
    if out.is_dir() and any(out.iterdir()) and not (out / "results.tex").is_file():
        raise BuildError(f"{out} holds other files: name an empty or a new folder to build in")
    for name in ("figures", "tables"):
        shutil.rmtree(out / name, ignore_errors=True)
    for path in out.glob(f"{MAIN}.*"):
        path.unlink()
    write_text(out / "results.tex", facts.HEADER)  # the folder is ours from here on


def _write_results(
    origin: Path, results: Results, out: Path, settings: dict[str, str]
) -> dict[str, set[str]]:
    """Write results.tex, facts.json, tables/ and figures/; returns the names there are, by kind."""
    keys = " ".join(run.key[:12] for run in results.runs.values())
    module = load_module(origin / "figures.py", f"{results.slug}_figures")
    with figure_style.style():
        drawn = _made(module.figures, results)
        for name, figure in drawn.items():
            figure_style.save(figure, out / "figures" / f"{name}.pdf", keys)
    tables = {**appendix.fragments(results), **_made(module.tables, results)}
    for name, table in tables.items():
        write_text(out / "tables" / f"{name}.tex", table)
    values = {name: tex(value) for name, value in {**settings, "stamp": stamp(results)}.items()}
    lines = facts.results_tex(results.facts, results.claims, results.parts, values)
    write_text(out / "results.tex", lines)
    write_json(out / pdf.ATTACHMENT, pdf.provenance(results))
    return {
        "fact": set(results.facts),
        "claim": set(results.claims),
        "condition": set(results.claims),
        "table": set(tables),
        "figure": set(drawn),
    }


def _made(function: Callable[[Results], dict[str, Made]], results: Results) -> dict[str, Made]:
    """What a function of figures.py returns; its errors become one sentence with the line."""
    try:
        return function(results)
    except KitError:
        raise
    except Exception as error:  # the file is the assignment's, or a student's own
        path = function.__code__.co_filename
        frames = traceback.extract_tb(error.__traceback__)
        lines = [at.lineno for at in frames if at.filename == path]
        lines = lines or [function.__code__.co_firstlineno]  # it could not even be called
        kind = "asks for what is not there" if isinstance(error, KeyError) else type(error).__name__
        raise BuildError(f"{path}:{lines[-1]}: {function.__name__}() {kind}: {error}") from error


def _check_claims(results: Results, used: list[source.Use]) -> None:
    """A published report states nothing that its facts no longer bear."""
    for use in used:
        if results.published and use.kind == "claim" and not results.claims[use.name]:
            raise BuildError(
                f"{use.file}:{use.line}: the published facts do not bear the claim '{use.name}': "
                "rewrite the sentence or the condition"
            )


def copy_sources(workspace: Workspace, style: str, origin: Path, out: Path) -> None:
    """Copy the report's sources and its style into `out`.

    Raises:
        BuildError: the style is not there.
    """
    styles = workspace.styles()
    if not (styles / style).is_dir() or not (styles / "kit.sty").is_file():
        raise BuildError(f"{styles} has no style '{style}' with kit.sty beside it")
    for folder, patterns in ((styles, ("kit.sty",)), (styles / style, SOURCES), (origin, SOURCES)):
        for pattern in patterns:
            for path in sorted(folder.glob(pattern)):
                if path.name != f"{MAIN}.pdf":  # an earlier one, not a figure
                    write_bytes(out / path.name, path.read_bytes())


def stamp(results: Results) -> str:
    """The words on every page of a report that shows no results; empty for one that does."""
    sizes = {name for name in results.config_names.values() if name != FULL}
    small = [part for part, name in results.config_names.items() if name != FULL]
    if not sizes and not results.stand_ins:
        return ""
    what = f"{' and '.join(sorted(sizes)) or FULL} size"
    if sizes and len(small) < len(results.config_names):
        what = f"{', '.join(part.replace('_', ' ') for part in small)}: {what}"
    where = f" on {' and '.join(results.stand_ins)}" if results.stand_ins else ""
    return f"{what}{where}: not results"


def _page_findings(assignment: manifest.Assignment, built: Path, count: int) -> list[Finding]:
    low, high = assignment.report.min_pages, assignment.report.max_pages
    label, place = REFERENCES_END, "appendix"
    if not assignment.report.count_references:
        label, place = BODY_END, "references"
    before = latex.page_of(built.with_suffix(".aux"), label)
    counted = f"{before} pages before its {place}" if before else f"{count} pages"
    count = before or count
    if low is not None and count < low:
        return [Finding("pages", f"the report has {counted}, fewer than the {low} asked for")]
    if high is not None and count > high:
        return [Finding("pages", f"the report has {counted}, more than the {high} allowed")]
    return []


def _changed(results: Results) -> list[Finding]:
    if not results.changed:
        return []
    names = ", ".join(results.changed)
    return [Finding("changed", f"published by an earlier version of the code: {names}")]
