"""A profile as one HTML page that needs no other file, with its JSON beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sharewell.cleaning.profile import words
from sharewell.cleaning.profile.keep import as_json
from sharewell.cleaning.profile.likeness import codes_section, shapes_section
from sharewell.cleaning.profile.sections import columns_section, drift_section, fill_section
from sharewell.cleaning.profile.spread import days_section, lengths_section
from sharewell.cleaning.profile.terms import Profile
from sharewell.look import pages
from sharewell.look.terms import Section

TEMPLATES: Final = Path(__file__).parent / "templates"
_SECTIONS: Final = (
    drift_section, fill_section, columns_section, days_section, codes_section, shapes_section,
    lengths_section,
)  # fmt: skip


def write_profile(profile: Profile, out: Path, inputs: Iterable[Path] = ()) -> tuple[Path, Path]:
    """Write a profile's page to ``out`` and its JSON beside it, and return both paths.

    Each is written whole and then moved to its name. ``inputs`` are files that may not be written over.
    Raises OutputIsInput, DiskFull, FolderReadOnly.
    """
    return pages.write_page(out, render(profile), as_json(profile), inputs)


def render(profile: Profile) -> str:
    """Return the page's HTML."""
    sections = [section for make in _SECTIONS if (section := make(profile))]
    return pages.render(
        "profile.html", TEMPLATES, title=_title(profile), facts=_facts(profile), sections=sections,
        lead=_lead(profile, sections),
    )  # fmt: skip


def _rows(profile: Profile) -> str:
    return "fewer than 8 rows" if profile.rows is None else f"{profile.rows:,} rows"


def _title(profile: Profile) -> str:
    return f"{profile.file}: {_rows(profile)} in {words.many(len(profile.columns), 'column')}"


def _lead(profile: Profile, sections: Iterable[Section]) -> str:
    if profile.rows is None:
        return "The file has too few rows to say more than its columns: every count would be small."
    first = next((each.title for each in sections if each.id in ("drift", "fill")), "")
    return f"{first}." if first else ""


def _facts(profile: Profile) -> tuple[tuple[str, str], ...]:
    aside = "a few (hidden)" if profile.set_aside is None else f"{profile.set_aside:,}"
    return (
        ("Rows", _rows(profile)),
        ("Set aside", f"{aside} records that could not be read" if profile.set_aside != 0 else "none"),
        ("Format", profile.format),
        ("Standard", profile.standard or "none: types are told by the values"),
        ("Compared with", profile.last_file or "nothing: this is the first profile"),
    )
