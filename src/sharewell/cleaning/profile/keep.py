"""A profile as JSON and back, so that the next one can say what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sharewell.cleaning.profile.terms import ColumnProfile, Days, Drift, Fill, Profile, Range, Tallies, Tally
from sharewell.vocab.errors import FileMissing, FileUnreadable, Where

FORMAT: Final = "sharewell-profile-1"


def as_json(profile: Profile) -> str:
    """Return a profile as JSON text."""
    return json.dumps(as_dict(profile), ensure_ascii=False, indent=1) + "\n"


def as_dict(profile: Profile) -> dict[str, Any]:
    """Return a profile as data ready for JSON."""
    return {"profile": FORMAT, **asdict(profile)}


def read_profile(path: Path) -> Profile:
    """Read a profile kept earlier. Raises FileMissing, FileUnreadable."""
    where = Where(file=path.name)
    try:
        written: Any = json.loads(path.read_bytes())
        if written["profile"] != FORMAT:
            raise ValueError
        return _profile(written)
    except FileNotFoundError:
        raise FileMissing(
            "There is no such profile.", "Name the JSON that the last profile wrote.", where
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise FileUnreadable(
            "This is not a profile that sharewell wrote.",
            "Name the JSON that `sharewell profile` wrote beside its page.",
            where,
        ) from None


def _profile(told: Mapping[str, Any]) -> Profile:
    keys = ("file", "format", "standard", "rows", "set_aside", "last_file")
    return Profile(
        **{key: told[key] for key in keys},
        columns=tuple(_column(each) for each in told["columns"]),
        last_fill=tuple((name, float(share)) for name, share in told["last_fill"]),
        drifts=tuple(Drift(**each) for each in told["drifts"]),
    )


def _column(told: Mapping[str, Any]) -> ColumnProfile:
    made = {
        "fill": Fill(**told["fill"]),
        "lengths": _tallies(told["lengths"]),
        "shapes": _tallies(told["shapes"]),
        "codes": _tallies(told["codes"]) if told["codes"] else None,
        "days": _days(told["days"]) if told["days"] else None,
        "range": Range(**told["range"]) if told["range"] else None,
    }
    return ColumnProfile(**{**told, **made})


def _tallies(told: Mapping[str, Any]) -> Tallies:
    shown = tuple(Tally(str(each["label"]), int(each["rows"])) for each in told["shown"])
    return Tallies(shown, told["pooled"], told["pooled_rows"])


def _days(told: Mapping[str, Any]) -> Days:
    return Days(told["unit"], _tallies(told["by"]), told["not_read"])
