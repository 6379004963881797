"""OS AddressBase Plus: its columns, whose files carry no header, and the addresses that each row holds.

The columns and their order are those of the product's published header file (from epoch 39, 2016). A row has
the council's address (LPI), Royal Mail's (DPA), and either in Welsh: all are addresses of its one UPRN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sharewell.places.split import squeezed
from sharewell.store.engine import quoted

_HEADER = (
    "UPRN UDPRN CHANGE_TYPE STATE STATE_DATE CLASS PARENT_UPRN X_COORDINATE Y_COORDINATE LATITUDE "
    "LONGITUDE RPC LOCAL_CUSTODIAN_CODE COUNTRY LA_START_DATE LAST_UPDATE_DATE ENTRY_DATE "
    "RM_ORGANISATION_NAME LA_ORGANISATION DEPARTMENT_NAME LEGAL_NAME SUB_BUILDING_NAME BUILDING_NAME "
    "BUILDING_NUMBER SAO_START_NUMBER SAO_START_SUFFIX SAO_END_NUMBER SAO_END_SUFFIX SAO_TEXT "
    "ALT_LANGUAGE_SAO_TEXT PAO_START_NUMBER PAO_START_SUFFIX PAO_END_NUMBER PAO_END_SUFFIX PAO_TEXT "
    "ALT_LANGUAGE_PAO_TEXT USRN USRN_MATCH_INDICATOR AREA_NAME LEVEL OFFICIAL_FLAG OS_ADDRESS_TOID "
    "OS_ADDRESS_TOID_VERSION OS_ROADLINK_TOID OS_ROADLINK_TOID_VERSION OS_TOPO_TOID "
    "OS_TOPO_TOID_VERSION VOA_CT_RECORD VOA_NDR_RECORD STREET_DESCRIPTION "
    "ALT_LANGUAGE_STREET_DESCRIPTION DEPENDENT_THOROUGHFARE THOROUGHFARE WELSH_DEPENDENT_THOROUGHFARE "
    "WELSH_THOROUGHFARE DOUBLE_DEPENDENT_LOCALITY DEPENDENT_LOCALITY LOCALITY WELSH_DEPENDENT_LOCALITY "
    "WELSH_DOUBLE_DEPENDENT_LOCALITY TOWN_NAME ADMINISTRATIVE_AREA POST_TOWN WELSH_POST_TOWN POSTCODE "
    "POSTCODE_LOCATOR POSTCODE_TYPE DELIVERY_POINT_SUFFIX ADDRESSBASE_POSTAL PO_BOX_NUMBER WARD_CODE "
    "PARISH_CODE RM_START_DATE MULTI_OCC_COUNT VOA_NDR_P_DESC_CODE VOA_NDR_SCAT_CODE ALT_LANGUAGE"
)
PLUS = tuple(_HEADER.split())
_NEEDED = ("paostartnumber", "paotext", "streetdescription")


def plus_variants(plain: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return SQL for each address of an AddressBase Plus row with its postcode; none for other shapes.

    ``plain`` has the file's column for each heading in letters and digits.
    """
    if any(heading not in plain for heading in _NEEDED):
        return []
    plus = _Plus(plain)
    council, mail = squeezed(plain.get("postcodelocator")), squeezed(plain.get("postcode"))
    postcode = f"coalesce(nullif({council}, ''), {mail})"
    return [
        (plus.council("saotext", "paotext", "streetdescription"), postcode),
        (plus.council("altlanguagesaotext", "altlanguagepaotext", "altlanguagestreetdescription"), postcode),
        (plus.mail(("dependentthoroughfare", "thoroughfare"), "dependentlocality", "posttown"), mail),
        (plus.mail(("welshdependentthoroughfare", "welshthoroughfare"), "welshdependentlocality",
                   "welshposttown"), mail),
    ]  # fmt: skip


class _Plus:
    """SQL over an AddressBase Plus row."""

    def __init__(self, plain: Mapping[str, str]) -> None:
        self.plain = plain

    def council(self, secondary: str, primary: str, street: str) -> str:
        """Return SQL for the council's address; '' without a street in its language."""
        sao, number = self._range("sao"), self._range("pao")
        # a bare secondary number is a flat's: "1, 12 HIGH STREET" could be read as a range
        unit = _spaced(f"CASE WHEN {self.of(secondary)} IS NULL AND {sao} <> '' THEN 'FLAT' END",
                       self.of(secondary), f"nullif({sao}, '')")  # fmt: skip
        house = _spaced(f"nullif({number}, '')", self.of(street))
        text = _listed(f"nullif({unit}, '')", self.of(primary), f"nullif({house}, '')", self.of("locality"),
                       self.of("townname"))  # fmt: skip
        return f"CASE WHEN {self.of(street)} IS NULL THEN '' ELSE {text} END"

    def mail(self, streets: tuple[str, str], locality: str, town: str) -> str:
        """Return SQL for Royal Mail's address; '' without a town in its language."""
        road = _listed(*(self.of(street) for street in streets))
        house = _spaced(self.of("buildingnumber"), f"nullif({road}, '')")
        text = _listed(self.of("rmorganisationname"), self.of("subbuildingname"), self.of("buildingname"),
                       f"nullif({house}, '')", self.of(locality), self.of(town))  # fmt: skip
        return f"CASE WHEN {self.of(town)} IS NULL OR {road} = '' THEN '' ELSE {text} END"

    def of(self, heading: str) -> str:
        """Return SQL for a column's value, NULL where it is blank or the file has none."""
        if heading not in self.plain:
            return "CAST(NULL AS VARCHAR)"
        return f"nullif(trim({quoted(self.plain[heading])}), '')"

    def _range(self, kind: str) -> str:
        """Return SQL for 12, 12A or 12-14 of a secondary or primary object; '' where it has no number."""
        start, end = (
            f"concat({self._text(f'{kind}{which}number')}, {self._text(f'{kind}{which}suffix')})"
            for which in ("start", "end")
        )
        return f"concat({start}, CASE WHEN {end} <> '' THEN concat('-', {end}) ELSE '' END)"

    def _text(self, heading: str) -> str:
        return f"coalesce({self.of(heading)}, '')"


def _spaced(*cells: str) -> str:
    return f"concat_ws(' ', {', '.join(cells)})"


def _listed(*cells: str) -> str:
    return f"concat_ws(', ', {', '.join(cells)})"
