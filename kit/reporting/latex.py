"""Runs latexmk on a folder, safely: no shell, no file outside the folder, no endless loop.

The folder holds all that TeX reads, so it can also be sent to an online editor as it is.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from kit.errors import BuildError
from kit.reporting import log as texlog
from kit.reporting.findings import place

SECONDS = 180.0
EPOCH = "315532800"  # 1980-01-01: without a date given from outside, every build has the same one
COMMAND = (
    "latexmk",
    "-norc",  # a .latexmkrc may run anything
    "-pdf",
    "-bibtex",
    "-interaction=nonstopmode",
    "-halt-on-error",
    "-file-line-error",
    "-latexoption=-no-shell-escape",
)
INSTALL = (
    "apt-get install latexmk texlive-latex-recommended texlive-fonts-recommended "
    "texlive-publishers, or TinyTeX on Windows and macOS"
)


def compile_pdf(
    folder: Path, main: str, origin: Path, seconds: float = SECONDS
) -> tuple[Path, str]:
    """Build `folder`/`main`.tex; returns the PDF and the log.

    Args:
        folder: where latexmk runs; all sources are in it.
        main: the main file's name without its ending.
        origin: the folder that the sources were copied from: errors name the files there.
        seconds: after so long the build is ended.

    Raises:
        BuildError: latexmk is missing, took too long, or TeX found an error (the first one).
    """
    latexmk = shutil.which("latexmk")
    if latexmk is None:
        raise BuildError(
            f"latexmk is not installed, so {folder / main}.tex was not made into a PDF: {INSTALL}; "
            "or upload that folder to an online LaTeX editor"
        )
    with tempfile.TemporaryDirectory() as home:
        code, output = _run([latexmk, *COMMAND[1:], f"{main}.tex"], folder, home, seconds)
    log = _read(folder / f"{main}.log")
    if code:
        raise BuildError(_failure(folder / main, log, output, origin))
    return folder / f"{main}.pdf", log


def page_of(aux: Path, label: str) -> int | None:
    """The page that a label of a finished build stands on; None where there is no such label."""
    found = re.search(rf"\\newlabel{{{re.escape(label)}}}{{{{[^{{}}]*}}{{(\d+)}}", _read(aux))
    return int(found[1]) if found else None


def environment(home: str) -> dict[str, str]:
    """The environment of TeX: paranoid file access, whole lines in the log, a fixed date."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("INPUTS")}
    return {
        **inherited,
        "HOME": home,
        "openin_any": "p",
        "openout_any": "p",
        "max_print_line": "10000",
        "error_line": "254",
        "half_error_line": "238",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", EPOCH),
        "FORCE_SOURCE_DATE": "1",
    }


def _run(command: list[str], folder: Path, home: str, seconds: float) -> tuple[int, str]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise BuildError(
            f"LaTeX did not finish {folder} within {seconds:g} seconds: look for a command that "
            "calls itself"
        ) from None
    except BaseException:
        _end(process)
        raise
    return process.returncode, output


def _end(process: "subprocess.Popen[str]") -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):  # latexmk's own pdflatex too
            os.killpg(process.pid, 9)
    process.kill()
    process.communicate()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _failure(stem: Path, log: str, output: str, origin: Path) -> str:
    error = texlog.first_error(log)
    if error is None:
        bibtex = [line for line in output.splitlines() if "bib" in line.lower() and "rror" in line]
        reason = bibtex[0].strip() if bibtex else "it left no error in its log"
        return f"latexmk failed on {stem}.tex: {reason}; the log is {stem}.log"
    source = origin / error.file if (origin / error.file).is_file() else stem.parent / error.file
    where = place(source, error.line) if error.line else str(stem.parent)
    return f"{where}: LaTeX stopped: {error.text}: {error.advice} (the log is {stem}.log)"
