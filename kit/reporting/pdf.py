"""A finished PDF: its pages and fonts are checked, its facts and run keys are put into it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kit.errors import BuildError
from kit.experiments.results import Results
from kit.reporting.findings import Finding

ATTACHMENT = "facts.json"


def attach(path: Path, results: Results, title: str, author: str) -> None:
    """Put the facts and the keys of their runs into the PDF, and its title and author.

    The same PDF and facts give the same bytes.
    """
    import pikepdf  # of the extra `report`

    data = json.dumps(provenance(results), indent=1, sort_keys=True).encode()
    whole = path.with_suffix(".attached.pdf")
    with pikepdf.open(path) as document:
        document.attachments[ATTACHMENT] = pikepdf.AttachedFileSpec(
            document, data, filename=ATTACHMENT, mime_type="application/json"
        )
        document.docinfo["/Title"] = title
        document.docinfo["/Author"] = author
        document.docinfo["/Keywords"] = " ".join(run.key[:12] for run in results.runs.values())
        document.save(whole, deterministic_id=True)
    whole.replace(path)


def provenance(results: Results) -> dict[str, Any]:
    """What is attached: the facts, the keys of the runs, the configurations."""
    return {
        "assignment": results.slug,
        "configurations": dict(results.config_names),
        "published": results.published,
        "facts": {name: asdict(fact) for name, fact in results.facts.items()},
        "runs": {name: run.key for name, run in results.runs.items()},
        "data": {
            run.dataset["title"]: run.dataset["sha256"]
            for run in results.runs.values()
            if run.dataset
        },
    }


def attached(path: Path) -> Mapping[str, Any]:
    """The facts and run keys that a report of ours carries.

    Raises:
        BuildError: it carries none.
    """
    import pikepdf

    with pikepdf.open(path) as document:
        if ATTACHMENT not in document.attachments:
            raise BuildError(f"{path} carries no {ATTACHMENT}: it was not built by the kit")
        found: dict[str, Any] = json.loads(document.attachments[ATTACHMENT].get_file().read_bytes())
    return found


def pages(path: Path) -> int:
    """The number of pages."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def font_findings(path: Path) -> Iterator[Finding]:
    """Fonts that are not embedded, and Type 3 fonts, which publishers refuse."""
    import pikepdf

    with pikepdf.open(path) as document:
        for font in document.objects:
            if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
                continue
            name = str(font.get("/BaseFont", "a font"))
            if font.get("/Subtype") == "/Type3":
                yield Finding("font", f"{name.lstrip('/')} is a Type 3 font", path.name)
            descriptor = font.get("/FontDescriptor")
            embedded = ("/FontFile", "/FontFile2", "/FontFile3")
            if descriptor is not None and not any(key in descriptor for key in embedded):
                yield Finding("font", f"{name.lstrip('/')} is not embedded", path.name)
