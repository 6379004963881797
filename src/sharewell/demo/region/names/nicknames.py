"""What people of a forename are called for short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sharewell.demo.region.names.wordlists import sections, words

NICKNAMES: Final[Mapping[str, tuple[str, ...]]] = {
    called: tuple(words(short)) for called, short in sections("nicknames.txt")["short"].items() if called
}
"""By forename, the short names and pet names that people of that name go by in the United Kingdom."""
