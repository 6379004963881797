"""Pages in one file that needs no other: drawn from a template, and written whole with their data beside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sharewell.store.disk import require_other, writing

TEMPLATES: Final = Path(__file__).parent / "templates"


def render(template: str, *folders: Path, **values: object) -> str:
    """Return a page's HTML with its style inside; ``folders`` hold templates beside this folder's own."""
    environment = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]), undefined=StrictUndefined, autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["svg"] = Markup
    css = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
    return environment.get_template(template).render(css=css, **values)


def write_whole(path: Path, text: str) -> None:
    """Write a text file beside its name and move it there, so that nobody reads half of it.

    Raises DiskFull, FolderReadOnly.
    """
    beside = path.with_name(f".{path.name}.writing")
    with writing(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def write_page(out: Path, page: str, told: str, inputs: Iterable[Path] = ()) -> tuple[Path, Path]:
    """Write a page to ``out`` and the JSON that it shows beside it, and return both paths.

    A name that does not end in .html is given that ending. ``inputs``: files that may not be written over.
    Raises OutputIsInput, DiskFull, FolderReadOnly.
    """
    path = out if out.suffix.lower() in (".html", ".htm") else out.with_name(f"{out.name}.html")
    kept = path.with_suffix(".json")
    for each in (path, kept):
        require_other(each, inputs)
    write_whole(kept, told)
    write_whole(path, page)
    return path, kept
