"""Which forms each level of use may show."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sharewell.agreements.terms import Form, Level

BANDS: Final = frozenset({Form.AGE_BAND_5, Form.AGE_BAND_10, Form.YEAR})
QUASI: Final = BANDS | {Form.OUTCODE, Form.WARD}
"""Forms that point at one person together, so that k people at least must share them."""

EXACT: Final = frozenset({Form.IDENTIFIABLE, Form.AS_IS})

_AGGREGATE: Final = frozenset({Form.COUNT})
_EXISTENCE: Final = _AGGREGATE | {Form.EXISTENCE, Form.FLAG}
_PSEUDONYMISED: Final = _EXISTENCE | QUASI | {Form.PSEUDONYM, Form.AS_IS}

FORMS: Final[Mapping[Level, frozenset[Form]]] = MappingProxyType(
    {
        Level.AGGREGATE: _AGGREGATE,
        Level.EXISTENCE: _EXISTENCE,
        Level.PSEUDONYMISED: _PSEUDONYMISED,
        Level.IDENTIFIABLE: frozenset(Form),
    }
)


def forms_at(level: Level) -> frozenset[Form]:
    """Return the forms a use at this level may show."""
    return FORMS[level]
