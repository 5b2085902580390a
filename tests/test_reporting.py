"""The reporting engine on a small report: names, claims, lint, LaTeX errors, the PDF."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from kit.authoring import solution_blocks
from kit.errors import BuildError
from kit.experiments import Fact, Run
from kit.experiments.published import load_published
from kit.experiments.results import Results
from kit.paths import Workspace, find_workspace
from kit.reporting import (
    appendix,
    escape,
    facts,
    figure_style,
    figures,
    latex,
    listings,
    log,
    pdf,
    prose,
    source,
    tables,
)
from kit.reporting import build as building

ROOT = Path(__file__).resolve().parent.parent
needs_latex = pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")

MANIFEST = """
title = "Toy & friends"
summary = "Nothing."
frameworks = ["numpy"]
[components]
auto = 1
report = 0
[[question]]
id = "q1"
title = "One"
points = 1
functions = ["toy.one"]
[handin]
[[handin.files]]
name = "toy.py"
module = "toy"
[report]
style = "ieee"
max_pages = 1
"""
REPORT = r"""\documentclass[conference,a4paper]{IEEEtran}
\usepackage{kitieee}
\begin{document}
\title{\kitget{title}}\author{\kitget{author}}\maketitle
\section{Reaching \res{alpha.accuracy}}
Text \resunit{alpha.accuracy}, math $a=\res{alpha.count}$, \cite{one}, Fig.~\ref{fig:x}.
\inputpart{alpha}
\inputpart{beta}
\bibliographystyle{IEEEtran}\bibliography{refs}
\end{document}
"""
PART = r"""\begin{figure}[t]\kitfigure{curve}\caption{\res{alpha.count}}\label{fig:x}\end{figure}
\begin{table}[t]\caption{Runs of \res{alpha.accuracy}}\centering\kittable{rows}\end{table}
\claim{alpha.good}{It is good.} \claim{alpha.great}{It is great.}
\footnote{\res{alpha.name}}
\whether{alpha.great}{Wonderful.}{Not yet.} \whether{alpha.good}{Fine.}{Bad.}
"""
FIGURES = """
from kit.reporting import figures as draw
from kit.reporting import tables as tabular

def figures(results):
    rows = results.runs["train"].history
    panel = draw.Panel("loss", draw.lines_of(rows, {"train": "loss"}))
    return {"curve": draw.curves([panel])}

def tables(results):
    return {"rows": tabular.per_epoch(results.runs["train"].history, [tabular.Column("epoch", "E"),
        tabular.Column("loss", "Loss")], blocks=2)}
"""
BIB = "@misc{one, author={A. Author}, title={A title}, year={2020}}\n"


def run_of(folder, **changes):
    history = [{"epoch": i, "loss": 1 / i} for i in range(1, 6)]
    about = {"name": "digits", "title": "toy digits", "sha256": "0" * 64, "stand_in": True}
    fields = {
        "key": "a" * 64,
        "stage": "train",
        "part": "alpha",
        "params": {},
        "history": history,
        "result": {},
        "seconds": 1.5,
        "hardware": {"device": "a_cpu", "cores": 2},
        "versions": {"numpy": "2.0"},
        "dataset": about,
        "folder": folder,
    }
    return Run(**{**fields, **changes})


@pytest.fixture
def results(tmp_path):
    found = [
        Fact("alpha.accuracy", 98.1234, "%", 1, spread=0.06, n=3, runs=("a" * 64,)),
        Fact("alpha.count", 84060),
        Fact("alpha.name", "50% & more_"),
    ]
    return Results(
        slug="toy",
        config={"seed": 0, "alpha": {"epochs": 5, "rate": 1e-3, "on": True, "k": [1, 2]}},
        runs={"train": run_of(tmp_path)},
        facts={fact.name: fact for fact in found},
        claims={"alpha.good": True, "alpha.great": False},
        config_names={"alpha": "demo"},
    )


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "course"
    template = root / "report_templates" / "toy"
    template.mkdir(parents=True)
    (root / "autograder" / "toy").mkdir(parents=True)
    (root / "autograder" / "toy" / "assignment.toml").write_text(MANIFEST)
    shutil.copytree(ROOT / "report_templates" / "styles", root / "report_templates" / "styles")
    texts = {"report.tex": REPORT, "alpha.tex": PART, "figures.py": FIGURES, "refs.bib": BIB}
    for name, text in texts.items():
        (template / name).write_text(text)
    return Workspace(root, released=False)


def edit(workspace, name, old, new):
    path = workspace.report_template("toy") / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# --- facts ---


@pytest.mark.parametrize(
    ("value", "digits", "latex_text"),
    [
        (84060, 2, r"\ensuremath{84{,}060}"),
        (98.1234, 1, r"\ensuremath{98.1}"),
        (-0.25, 2, r"\ensuremath{-0.25}"),
        (1e-7, 2, r"\ensuremath{1.0\times10^{-7}}"),
        (0.0, 1, r"\ensuremath{0.0}"),
        (float("nan"), 2, "n/a"),
        (True, 2, "yes"),
        ("50% & a_b", 2, r"50\% \& a\_b"),
    ],
)
def test_a_value_is_printed_in_latex(value, digits, latex_text):
    assert facts.number(value, digits).latex == latex_text


def test_spread_and_unit_are_printed():
    fact = Fact("a", 98.1234, "%", 1, spread=0.06)
    assert facts.fact_number(fact).plain == "98.1+/-0.1"
    assert facts.unit(fact) == r"\,\%"


def test_no_character_of_plain_text_is_a_command():
    assert escape.tex(r"\input{x}") == r"\textbackslash{}input\{x\}"
    assert escape.tex("a\x00→漢") == r"a?\ensuremath{\to}?"


# --- names in the sources ---


def test_an_unknown_fact_names_file_line_and_the_near_one(workspace, results, tmp_path):
    edit(workspace, "alpha.tex", r"\footnote{\res{alpha.name}}", r"\res{alpha.nome}")
    with pytest.raises(
        BuildError, match=r"alpha.tex:4: there is no fact 'alpha.nome'.*'alpha.name'"
    ):
        building.build(workspace, "toy", results, tmp_path / "out")


@pytest.mark.parametrize("kind", ["claim", "condition", "table", "figure"])
def test_unknown_claims_tables_and_figures_are_named(tmp_path, kind):
    command = {
        "claim": r"\claim{x}{y}",
        "condition": r"\whether{x}{y}{z}",
        "table": r"\kittable{x}",
        "figure": r"\kitfigure[width=1cm]{x}",
    }
    (tmp_path / "r.tex").write_text("\n" + command[kind])
    known = {"fact": [], "claim": [], "condition": [], "table": [], "figure": []}
    with pytest.raises(BuildError, match=rf"r.tex:2: there is no {kind} 'x'"):
        source.check(tmp_path / "r.tex", [], known)


def test_comments_and_absent_parts_ask_for_nothing(tmp_path):
    text = "a 5\\% b \\res{k}\n% \\res{no}\n\\ifpart{beta}{x {\\res{no}}\n} \\res{after}\n"
    text += "\\inputpart{beta}\n"
    (tmp_path / "r.tex").write_text(text)
    found = [(use.name, use.line) for use in source.uses(tmp_path / "r.tex", ["alpha"])]
    assert found == [("k", 1), ("after", 4)]


# --- the lint of typed numbers ---


@pytest.mark.parametrize(
    "text",
    [
        "reaches 98.1",
        r"loses 3\,\% of",
        "a 5 percent gain",
        "has 84,060 weights",
        "has 84{,}060",
        "for 100 epochs",
        "over 3 seeds",
        "size 512",
        r"\claim{k}{beats 12.5 by far}",
        "% BEGIN SOLUTION\nis 0.5",
    ],
)
def test_a_typed_number_is_found(tmp_path, text):
    (tmp_path / "r.tex").write_text(text)
    assert list(prose.typed_numbers(tmp_path / "r.tex"))


@pytest.mark.parametrize(
    "text",
    [
        r"\res{svd2.accuracy} and \cite{lecun1998}",
        "the two factors, Section 3",
        "every 10th epoch",
        r"\vspace{12.5pt} \includegraphics[width=0.85\columnwidth]{a}",
        "is 98.1 % kit: ok",
        "% is 98.1",
        r"\begin{equation} x = 0.125 \end{equation}",
        "\\usepackage{x}\n12.5\n\\begin{document} none",
    ],
)
def test_what_is_not_a_result_is_left_alone(tmp_path, text):
    (tmp_path / "r.tex").write_text(text)
    assert list(prose.typed_numbers(tmp_path / "r.tex")) == []


def test_the_finding_names_the_line(tmp_path):
    (tmp_path / "r.tex").write_text("one\ntwo\nthree is 3.14\n")
    (finding,) = prose.typed_numbers(tmp_path / "r.tex")
    assert str(finding).startswith(f"{tmp_path / 'r.tex'}:3: the number '3.14' is typed")


REPORTED = ROOT / "report_templates"
REPORTS = sorted(REPORTED.glob("*/*.tex"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_number_is_typed_in_the_reference_reports(path):
    assert [str(finding) for finding in prose.typed_numbers(path)] == []


# --- tables ---


def test_rows_are_folded_into_blocks():
    rows = [{"epoch": i, "loss": i / 10} for i in range(1, 6)]
    text = tables.per_epoch(rows, [tables.Column("epoch", "E"), tables.Column("loss", "L", 1)], 2)
    lines = [line for line in text.splitlines() if line.count("&") == 3]
    assert lines[0].startswith("E & L & E & L")
    assert lines[1].replace(r"\ensuremath", "") == r"{1} & {0.1} & {4} & {0.4} \\"
    assert lines[-1].endswith(r"&  &  \\")


def test_a_row_of_another_width_is_an_error():
    with pytest.raises(BuildError, match="2 cells under 1 headings"):
        tables.grid(["a"], [[1, 2]])


def test_an_undefined_name_in_a_template_raises():
    jinja2 = pytest.importorskip("jinja2")
    with pytest.raises(jinja2.UndefinedError):
        tables.environment().from_string(r"\VAR{ nothing }").render()


SUMMARY = {
    "layers": [
        {"name": "dense_1", "type": "Dense", "shape": [100], "parameters": 78500},
        {"name": "up", "type": "Conv2DTranspose", "shape": [28, 28, 1], "parameters": 1601},
    ],
    "trainable": 80000,
    "total": 80101,
}


def test_a_model_summary_becomes_a_table():
    text = tables.model_summary(SUMMARY).replace(r"\ensuremath", "")
    assert r"Dense & {100} & {78{,}500}" in text
    assert r"Conv2DTranspose & {28 \times 28 \times 1} & {1{,}601}" in text
    assert r"Trainable &  & {80{,}000}" in text and r"Total &  & {80{,}101}" in text
    assert text.count(r"\midrule") == 2


def test_summaries_of_unequal_length_stand_beside_one_another():
    shorter = {**SUMMARY, "layers": SUMMARY["layers"][:1]}
    text = tables.model_summaries({"2X": SUMMARY, "4X": shorter}).replace(r"\ensuremath", "")
    assert r"Conv2DTranspose & {28 \times 28 \times 1} & {1{,}601} &  &  \\" in text


def test_the_appendix_lists_runs_machine_and_settings(results):
    found = appendix.fragments(dataclasses.replace(results, changed=("train",)))
    assert "aaaaaaaaaaaa" in found["runs"] and "toy digits" in found["runs"]
    assert r"a\_cpu" in found["machine"] and "earlier version" in found["machine"]
    assert "0.001" in found["settings"] and "yes" in found["settings"]


# --- figures ---


def test_figures_keep_their_width_and_embed_true_type(tmp_path):
    pikepdf = pytest.importorskip("pikepdf")
    images = np.linspace(-1, 1, 6 * 28 * 28).reshape(6, 28, 28, 1)
    with figure_style.style():
        drawn = {
            "confusion": figures.confusion(
                {"a": np.eye(10, dtype=int) * 900, "b": np.eye(10, dtype=int)}
            ),
            "mosaic": figures.mosaic({"1": images[:3], "10": images[3:]}),
            "spectra": figures.spectra(
                {"W": figures.Spectrum([4, 2], [0.9, 0.6], np.arange(9, 0, -1))}
            ),
            "bars": figures.bars(
                {"2x": {"a": figures.Bar(1.0, 0.1), "b": figures.Bar(2.0)}}, "y", ("z", 1.5)
            ),
            "histogram": figures.histogram({"all": [0.4, 0.6]}, ["shirt", "ankle boot"], "share"),
        }
        for name, figure in drawn.items():
            path = figure_style.save(figure, tmp_path / f"{name}.pdf", "key1")
            assert list(pdf.font_findings(path)) == []
            with pikepdf.open(path) as document:
                width = float(document.pages[0].mediabox[2]) / 72
            assert width == pytest.approx(figure_style.COLUMN, abs=0.01)
        again = figure_style.save(
            figures.mosaic({"1": images[:3], "10": images[3:]}), tmp_path / "again.pdf", "key1"
        )
    assert again.read_bytes() == (tmp_path / "mosaic.pdf").read_bytes()


def test_a_mosaic_of_nothing_is_an_error():
    with pytest.raises(BuildError, match="no image"):
        figures.mosaic({"1": np.zeros((0, 28, 28))})


# --- the log and LaTeX ---


def test_the_log_is_read():
    text = (
        "LaTeX Warning: Reference `fig:a' on page 1 undefined on input line 7.\n" * 2
        + "LaTeX Warning: Citation `x' on page 1 undefined on input line 8.\n"
        + "LaTeX Warning: Label `t' multiply defined.\n"
        + "Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--4\n"
        + "Overfull \\hbox (1.5pt too wide) in paragraph at lines 5--6\n"
    )
    assert [finding.kind for finding in log.findings(text)] == [
        "undefined",
        "undefined",
        "multiply defined",
        "overfull",
    ]


def test_the_first_error_is_found_with_advice():
    error = log.first_error(
        "(./a.tex\n./a.tex:12: Undefined control sequence.\nl.12 some \\foo\n  bar\n"
    )
    assert (error.file, error.line) == ("a.tex", 12)
    assert "\\foo" in error.advice


def test_a_missing_latexmk_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match=r"latexmk is not installed.*apt-get install latexmk"):
        latex.compile_pdf(tmp_path, "report", tmp_path)


@needs_latex
def test_an_endless_document_is_ended(tmp_path):
    (tmp_path / "report.tex").write_text(
        "\\documentclass{article}\\begin{document}\\def\\x{\\x}\\x"
    )
    with pytest.raises(BuildError, match="within 4 seconds"):
        latex.compile_pdf(tmp_path, "report", tmp_path, seconds=4)


@needs_latex
def test_no_file_outside_the_folder_is_read_and_no_command_runs(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.tex").write_text("secret")
    (folder / ".latexmkrc").write_text("system('touch ran');")
    body = r"\documentclass{article}\begin{document}\immediate\write18{touch ran}"
    body += rf"\input{{{tmp_path}/secret.tex}}"
    (folder / "report.tex").write_text(body + r"\end{document}")
    with pytest.raises(BuildError, match="LaTeX stopped"):
        latex.compile_pdf(folder, "report", folder)
    assert not (folder / "ran").exists()


# --- a whole report ---


@needs_latex
def test_a_report_is_built_stamped_and_carries_its_facts(workspace, results, tmp_path):
    report = building.build(workspace, "toy", results, tmp_path / "out", student="Ada L.")
    assert report.pages == 1
    assert [str(finding) for finding in report.findings] == []
    text = text_of(report.pdf)
    for words in (
        "98.1",
        "84,060",
        "It is good.",
        "Not yet. Fine.",
        "[not confirmed at this size: alpha.great]",
        "Ada L.",
        "demo size on toy digits: not results",
        "50% & more_",
    ):
        assert words in text.replace("\r\n", " ").replace("\n", " ")
    carried = pdf.attached(report.pdf)
    assert carried["facts"]["alpha.count"]["value"] == 84060
    assert carried["runs"] == {"train": "a" * 64}
    again = building.build(workspace, "toy", results, tmp_path / "elsewhere", student="Ada L.")
    assert again.pdf.read_bytes() == report.pdf.read_bytes()


def text_of(path):
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@needs_latex
def test_a_latex_error_names_the_source_and_what_to_do(workspace, results, tmp_path):
    edit(workspace, "alpha.tex", r"\footnote{", "\n\\fotnote{")
    with pytest.raises(
        BuildError, match=r"report_templates/toy/alpha.tex:5: .*spelling of \\fotnote"
    ):
        building.build(workspace, "toy", results, tmp_path / "out")


@needs_latex
def test_too_many_pages_are_a_finding(workspace, results, tmp_path):
    edit(workspace, "report.tex", r"\inputpart{beta}", r"\clearpage More.")
    report = building.build(workspace, "toy", results, tmp_path / "out")
    assert [finding.kind for finding in report.findings] == ["pages"]


@needs_latex
def test_pages_after_the_references_begin_need_not_count(workspace, results, tmp_path):
    manifest = workspace.autograder("toy") / "assignment.toml"
    manifest.write_text(manifest.read_text() + "count_references = false\n")
    ending = r"\label{body:end}\clearpage More."
    edit(workspace, "report.tex", r"\inputpart{beta}", ending)
    assert building.build(workspace, "toy", results, tmp_path / "out").findings == ()
    edit(workspace, "report.tex", ending, r"\clearpage\hypersetup{} " + ending)
    (finding,) = building.build(workspace, "toy", results, tmp_path / "out").findings
    assert "2 pages before its references, more than the 1 allowed" in finding.text


@needs_latex
def test_pages_of_the_appendix_never_count(workspace, results, tmp_path):
    ending = r"\kitappendix More.\clearpage And more."
    edit(workspace, "report.tex", r"\inputpart{beta}", ending)
    report = building.build(workspace, "toy", results, tmp_path / "out")
    assert report.findings == () and report.pages == 3
    edit(workspace, "report.tex", ending, r"\clearpage\hypersetup{} " + ending)
    (finding,) = building.build(workspace, "toy", results, tmp_path / "out").findings
    assert "2 pages before its appendix, more than the 1 allowed" in finding.text


def test_no_folder_of_other_files_is_built_in(workspace, results, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(BuildError, match="holds other files"):
        building.build(workspace, "toy", results, tmp_path)


def test_a_published_claim_that_fails_stops_the_build(workspace, results, tmp_path):
    published = dataclasses.replace(results, published=True)
    with pytest.raises(BuildError, match=r"alpha.tex:3: .*do not bear the claim 'alpha.great'"):
        building.build(workspace, "toy", published, tmp_path / "out")


def test_a_figure_that_asks_for_a_missing_run_is_one_sentence(workspace, results, tmp_path):
    edit(
        workspace,
        "figures.py",
        'results.runs["train"].history\n    panel',
        'results.runs["x"].history\n    panel',
    )
    with pytest.raises(BuildError, match=r"figures.py:6: figures\(\) asks for .*'x'"):
        building.build(workspace, "toy", results, tmp_path / "out")


def test_figures_that_take_no_results_are_one_sentence(workspace, results, tmp_path):
    edit(workspace, "figures.py", "def tables(results)", "def tables()")
    with pytest.raises(BuildError, match=r"figures.py:\d+: tables\(\) TypeError: .*0 positional"):
        building.build(workspace, "toy", results, tmp_path / "out")


PUBLISHED = sorted({path.parent.parent.name for path in REPORTED.glob("*/published/*/")})


@needs_latex
@pytest.mark.slow
@pytest.mark.parametrize("released", [False, True], ids=["reference", "skeleton"])
@pytest.mark.parametrize("slug", PUBLISHED)
def test_published_facts_fill_the_reference_and_the_skeleton(slug, released, tmp_path):
    course = find_workspace(ROOT)
    workspace = release_of(course, slug, tmp_path / "course") if released else course
    results = load_published(course, slug)
    report = building.build(workspace, slug, results, tmp_path / "out", student="Ada")
    expected = {"changed"}
    assert [str(f) for f in report.findings if f.kind not in expected] == []
    assert pdf.attached(report.pdf)["published"]


def release_of(course, slug, root):
    """A student's folder: the manifest, the stripped report, the styles."""
    (root / "report").mkdir(parents=True)
    (root / "tests").mkdir()
    shutil.copy(course.manifest(slug), root)
    shutil.copytree(course.styles(), root / "report" / "styles")
    for path in course.report_template(slug).glob("*.*"):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".tex":
            text = solution_blocks.strip(text, path)
        (root / "report" / path.name).write_text(text, encoding="utf-8")
    return Workspace(root, released=True)


@pytest.mark.parametrize(
    ("names", "stand_in", "words"),
    [
        ({"a": "full"}, False, ""),
        ({"a": "demo"}, True, "demo size on toy digits: not results"),
        ({"a": "full", "b_c": "quick"}, False, "b c: quick size: not results"),
        ({"a": "full"}, True, "full size on toy digits: not results"),
    ],
)
def test_the_stamp_says_what_the_numbers_are(results, tmp_path, names, stand_in, words):
    about = {**results.runs["train"].dataset, "stand_in": stand_in}
    changed = dataclasses.replace(
        results, config_names=names, runs={"train": run_of(tmp_path, dataset=about)}
    )
    assert building.stamp(changed) == words


def test_a_listing_holds_the_code_and_nothing_ends_it_early():
    text = listings.listing("x = {'a_b': 1}  # 50 % \u00e9 \u4e2d", "firstnumber=3")
    assert text.startswith("\\begin{lstlisting}[firstnumber=3]\nx = {'a_b': 1}  # 50 % \u00e9 ?\n")
    assert text.endswith("\\end{lstlisting}\n")
    assert "\nif x:\n    return y\n" in listings.listing("if x:\n\treturn y")
    with pytest.raises(BuildError, match="cannot be shown"):
        listings.listing("a\n\\end{lstlisting}\n\\input{secret}")
