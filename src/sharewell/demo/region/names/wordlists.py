"""Read the word lists that lie beside this module: sections in brackets, and in them lines with a key."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

Section = dict[str, str]


@cache
def sections(name: str) -> dict[str, Section]:
    """Return the sections of a list by what stands in their brackets; what stands behind is under ""."""
    made: dict[str, Section] = {}
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    section: Section = {}
    for line in lines:
        if line.startswith("["):
            title, _, rest = line[1:].partition("]")
            section = made.setdefault(title, {"": rest.strip()})
        elif line and not line.startswith("#"):
            key, _, rest = line.partition(": ")
            section[key] = rest
    return made


def words(text: str) -> list[str]:
    """Return the names of a line; "_" stands for a space inside one."""
    return [word.replace("_", " ") for word in text.split()]


def shares(text: str) -> dict[str, float]:
    """Return the numbers that stand behind words, as in "polish 30 czech 70"; one word alone has all."""
    parts = text.split()
    return {parts[0]: 1.0} if len(parts) == 1 else dict(zip(parts[::2], map(float, parts[1::2]), strict=True))


def options(text: str) -> dict[str, str]:
    """Return what stands behind a section's brackets, as in "faker=pl_PL tail=0.5"."""
    return dict(part.split("=", 1) for part in text.split())
