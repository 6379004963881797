"""What people call the lists, data items and organisations that a run knows by their codes."""

from __future__ import annotations

from dataclasses import dataclass, field

from sharewell.accounts.queries import organisations
from sharewell.cleaning.rules import RULES
from sharewell.flows import household
from sharewell.settings import Place
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import StandardInvalid, StandardMissing
from sharewell.web.wording import SET_ASIDE, plain, say

MISSING = "missing_required_"


@dataclass
class Names:
    """The names a place uses; its control plane must be open. Made for one page, so never out of date."""

    place: Place
    standards: dict[str, Standard | None] = field(default_factory=dict)
    held: dict[str, str] | None = None

    def organisation(self, code: str) -> str:
        """Return an organisation's name with its code, or the code where it is not registered."""
        if self.held is None:
            self.held = {each.code: each.name for each in organisations()}
        name = self.held.get(code)
        return f"{name} ({code})" if name else code

    def list_title(self, name: str) -> str:
        """Return a list's title by its standard: ``gp_register`` and ``gp-register`` are both GP register."""
        standard = self._standard(name)
        return standard.title if standard else plain(name)

    def item_title(self, dataset: str, item: str) -> str:
        """Return a data item's title by its list's standard."""
        standard = self._standard(dataset)
        found = standard.field(item) if standard else None
        return found.title if found else plain(item)

    def reason(self, source: str, code: str) -> str:
        """Return why a row of a list was set aside, without a full stop."""
        if code.startswith(MISSING):
            return f"{self.item_title(source, code.removeprefix(MISSING))}: required, and missing"
        return RULES[code].rstrip(".") if code in RULES else say(SET_ASIDE, code)

    def _standard(self, name: str) -> Standard | None:
        if name not in self.standards:
            self.standards[name] = _load(name, self.place)
        return self.standards[name]


def _load(name: str, place: Place) -> Standard | None:
    if name == household.NAME:
        return household.STANDARD
    try:
        return load_standard(name, place.standards)
    except (StandardInvalid, StandardMissing):
        return None
