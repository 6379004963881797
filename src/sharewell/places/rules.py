"""How the words of a British address are read: abbreviations, units, floors, numbers. Pure.

The vocabulary follows BS 7666 (secondary and primary addressable objects) and Royal Mail's abbreviations;
the synonyms include those the ONS address index publishes (MIT). Every rule decides one distinct token at
a time, so the cost grows with the vocabulary of a file and not with its rows.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from sharewell.places.terms import Atom, Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAINT_OR_STREET = "ST"
COMMA = ","
LETTER_CODE = 10_000_000
"""Codes below are numbers as they stand; a single letter is this plus its place in the alphabet."""
MIXED_CODE = 100_000_000
"""Codes from here are hashes of ids such as 5B, B12 or 2/1."""

UNIT_WORDS = _words(
    "FLAT FLT FLAAT APARTMENT APT APPT APPARTMENT UNIT STUDIO SUITE MAISONETTE MAISONNETTE PENTHOUSE "
    "DUPLEX BEDSIT"
)
OUTBUILDING_WORDS = _words("GARAGE GARAGES PARKING CARPORT ANNEXE ANNEX STORE SHED LOCKUP")
ROOM_WORDS = _words("ROOM RM BEDROOM PLOT")
FLOOR_WORDS = _words("FLOOR FLOORS FLR FLOO STOREY")
FILLERS = _words("AT THE AND OF NO NUMBER OVER ABOVE SEE C/O")

STOREYS = {
    "BASEMENT": "BASEMENT", "BSMT": "BASEMENT", "BASMENT": "BASEMENT", "GROUND": "GROUND", "GRD": "GROUND",
    "GRND": "GROUND", "GND": "GROUND", "G/F": "GROUND", "FIRST": "1", "1ST": "1", "1/F": "1", "SECOND": "2",
    "2ND": "2", "2/F": "2", "THIRD": "3", "3RD": "3", "3/F": "3", "FOURTH": "4", "4TH": "4", "FIFTH": "5",
    "5TH": "5", "SIXTH": "6", "6TH": "6", "SEVENTH": "7", "7TH": "7", "EIGHTH": "8", "8TH": "8", "TOP": "TOP",
    "ATTIC": "TOP", "LOWER": "LOWER", "UPPER": "UPPER", "MIDDLE": "MIDDLE", "GARDEN": "GARDEN",
    "REAR": "REAR", "FRONT": "FRONT", "LEFT": "LEFT", "RIGHT": "RIGHT",
}  # fmt: skip
STOREY_FLATS = {"GFF": "GROUND", "FFF": "1", "SFF": "2", "TFF": "TOP", "LGFF": "BASEMENT"}

SYNONYMS = {
    "RD": "ROAD", "AVE": "AVENUE", "AV": "AVENUE", "AVEN": "AVENUE", "DR": "DRIVE", "DRV": "DRIVE",
    "CL": "CLOSE", "CLSE": "CLOSE", "CLO": "CLOSE", "CT": "COURT", "CRT": "COURT", "HSE": "HOUSE",
    "HO": "HOUSE", "GDNS": "GARDENS", "GDN": "GARDEN", "GARDEN": "GARDEN", "GRDNS": "GARDENS",
    "CRES": "CRESCENT", "CRESC": "CRESCENT", "CR": "CRESCENT", "PL": "PLACE", "PLCE": "PLACE",
    "TER": "TERRACE", "TERR": "TERRACE", "TCE": "TERRACE", "LN": "LANE", "LA": "LANE", "SQ": "SQUARE",
    "PK": "PARK", "GRN": "GREEN", "GR": "GROVE", "GRO": "GROVE", "GRV": "GROVE", "STR": "STREET",
    "BLDG": "BUILDING", "BLDGS": "BUILDINGS", "MANS": "MANSIONS", "COTT": "COTTAGE", "COTTS": "COTTAGES",
    "WY": "WAY", "WLK": "WALK", "MT": "MOUNT", "UPR": "UPPER", "LWR": "LOWER", "GT": "GREAT",
    "LT": "LITTLE", "LTL": "LITTLE", "BLVD": "BOULEVARD", "CTR": "CENTRE", "CEN": "CENTRE",
    "CENTER": "CENTRE", "APTS": "APARTMENTS", "FM": "FARM", "LDG": "LODGE", "LGE": "LODGE",
    "HTS": "HEIGHTS", "STN": "STATION", "VLG": "VILLAGE", "YD": "YARD", "IND": "INDUSTRIAL",
    "EST": "ESTATE", "BUS": "BUSINESS", "VW": "VIEW", "TWR": "TOWER", "VLS": "VILLAS", "PDE": "PARADE",
    "MWS": "MEWS", "BK": "BANK", "BR": "BRIDGE", "HL": "HILL", "CHU": "CHURCH", "SAINT": "SAINT",
    "STH": "SOUTH", "NTH": "NORTH", "NR": "NEAR", "YORKS": "YORKSHIRE", "HERTS": "HERTFORDSHIRE",
    "HANTS": "HAMPSHIRE", "STAFFS": "STAFFORDSHIRE", "WILTS": "WILTSHIRE", "WARKS": "WARWICKSHIRE",
    "LINCS": "LINCOLNSHIRE", "LEICS": "LEICESTERSHIRE", "LANCS": "LANCASHIRE", "GLOS": "GLOUCESTERSHIRE",
    "CAMBS": "CAMBRIDGESHIRE", "BEDS": "BEDFORDSHIRE", "BUCKS": "BUCKINGHAMSHIRE", "NOTTS": "NOTTINGHAMSHIRE",
    "NORTHANTS": "NORTHAMPTONSHIRE", "OXON": "OXFORDSHIRE", "BERKS": "BERKSHIRE", "MIDDX": "MIDDLESEX",
    "SALOP": "SHROPSHIRE",
}  # fmt: skip

STREET_TYPES = _words(
    "ROAD STREET AVENUE DRIVE CLOSE GARDENS CRESCENT PLACE TERRACE LANE SQUARE GREEN GROVE WAY WALK HILL "
    "RISE ROW PARADE MEWS VIEW BOULEVARD GATE"
)
ROADS = _words("ROAD STREET AVENUE DRIVE CLOSE CRESCENT LANE")
"""Street words that houses are seldom named for, as they are for hills, views and greens."""
BUILDING_TYPES = _words(
    "HOUSE COURT TOWER LODGE MANSIONS POINT HEIGHTS APARTMENTS BUILDING BUILDINGS LOFTS VILLA VILLAS "
    "COTTAGE COTTAGES FARM HALL MANOR BARN WHARF MILL CENTRE"
)
SAINTS = _words(
    "AGNES AIDANS ALBANS ALBAN ALDATES ANDREW ANDREWS ANN ANNE ANNES ANNS ANTHONYS AUGUSTINE AUGUSTINES "
    "AUSTELL BARNABAS BARTHOLOMEWS BEDES BENEDICTS BERNARDS BOTOLPHS BRIDES CATHERINES CECILIAS CHADS "
    "CLEMENT CLEMENTS CUTHBERTS DAVID DAVIDS DUNSTANS EDMUND EDMUNDS EDWARDS ELMO FRANCIS GEORGE GEORGES "
    "GILES HELEN HELENS HELIER HILDAS IVES JAMES JOHN JOHNS JOSEPH JOSEPHS JUDES JULIANS KILDAS LAWRENCE "
    "LEONARDS LUKE LUKES MARGARET MARGARETS MARK MARKS MARTIN MARTINS MARY MARYS MATTHEW MATTHEWS MAUR "
    "MICHAEL MICHAELS MILDREDS NEOTS NICHOLAS OLAVES OSWALD OSWALDS PANCRAS PATRICK PATRICKS PAUL PAULS "
    "PETER PETERS PHILIPS SAVIOURS SEPULCHRE STEPHEN STEPHENS SWITHINS THOMAS VINCENT VINCENTS WILFRIDS"
)

NO_PLACE_CLASSES = ("PS",)
"""Classification codes (OS AddressBase, BLPU classification) of records that no one can be at: streets."""
ANCILLARY_CLASSES = ("RB", "RC", "RG", "CT", "CU", "CZ", "L", "O", "Z")
"""Ancillary buildings, parking, garages, transport, utilities (telephone boxes too), signs, land, objects."""
WORK_CLASSES = ("C", "M")
"""Commercial and military: people are there, and it is no one's home."""
REJECTED = r"^(rejected|[79]$)"
HISTORIC = r"^(hist|8$)"
PROVISIONAL = r"^(prov|6$)"
"""LPI logical statuses (BS 7666): 1 approved, 3 alternative, 6 provisional, 8 historic, 7 and 9 rejected."""

_NUMBER = re.compile(r"([0-9]{1,5})([A-Z]?)")
_RANGE = re.compile(r"([0-9]{1,5})([A-Z]?)[-/]([0-9]{1,5})([A-Z]?)")
_TENEMENT = re.compile(r"[0-9]{1,2}(/[0-9]{1,3}|F[0-9]{1,2})")
_GLUED_UNIT = re.compile(r"(FLAT|FLT|APARTMENT|APT|UNIT|STUDIO|ROOM|RM|GARAGE)([0-9]+[A-Z]?|[A-RT-Z])")
_MIXED = re.compile(r"[A-Z]{1,2}[0-9]{1,4}[A-Z]?")
_GLUED_WORD = re.compile(r"([0-9]{1,4})([A-Z]{3,})|([A-Z]{3,})([0-9]{1,4})")
_PARTS = re.compile(r"[0-9A-Z]+")


def mixed_code(text: str) -> int:
    """Return a stable code for a unit id that is neither a plain number nor a single letter."""
    return MIXED_CODE + zlib.crc32(text.encode())


def letter_code(letter: str) -> int:
    """Return the code of a one-letter unit or number suffix."""
    return LETTER_CODE + ord(letter) - 64


def storey_code(storey: str) -> int:
    """Return the code of a floor."""
    return int(storey) if storey in "12345678" else MIXED_CODE + zlib.crc32(storey.encode())


@lru_cache(maxsize=200_000)
def atoms_of(token: str) -> tuple[Atom, ...]:
    """Return what one upper-case token of an address may be, as one or more atoms.

    ``39A`` is a number and its suffix, ``FLT10`` a unit word and its id, ``12-14`` a number and how far it
    goes, ``2/1`` a tenement flat.
    """
    if token.isalpha():
        return _letters(token)
    return _numbers(token) or _compound(token)


def _letters(token: str) -> tuple[Atom, ...]:
    if len(token) == 1:
        return (Atom(Kind.LETTER, token, letter_code(token)),)
    if token in STOREY_FLATS:
        return (
            Atom(Kind.STOREY, token, storey_code(STOREY_FLATS[token])),
            Atom(Kind.FLOOR, "FLOOR"),
            Atom(Kind.UNIT, "FLAT"),
        )
    glued = _GLUED_UNIT.fullmatch(token)
    if glued and token not in STRUCTURAL:
        return (*_letters(glued[1]), *atoms_of(glued[2]))
    return (_word(token),)


def _word(token: str) -> Atom:
    if token in UNIT_WORDS:
        return Atom(Kind.UNIT, "FLAT")
    if token in OUTBUILDING_WORDS:
        return Atom(Kind.OUTBUILDING, token.removesuffix("S"), mixed_code(token[:5]))
    if token in ROOM_WORDS:
        return Atom(Kind.ROOM, "ROOM")
    if token in FLOOR_WORDS:
        return Atom(Kind.FLOOR, "FLOOR")
    if token in STOREYS:
        return Atom(Kind.STOREY, SYNONYMS.get(token, token), storey_code(STOREYS[token]))
    if token in FILLERS:
        return Atom(Kind.FILLER, token)
    return Atom(Kind.SAINT_OR_STREET if token == SAINT_OR_STREET else Kind.WORD, SYNONYMS.get(token, token))


def _numbers(token: str) -> tuple[Atom, ...]:
    if token in STOREYS:
        return (Atom(Kind.STOREY, token, storey_code(STOREYS[token])),)
    if plain := _NUMBER.fullmatch(token):
        return _numbered(plain[1], plain[2])
    if span := _RANGE.fullmatch(token):
        low, high = int(span[1]), int(span[3])
        if "-" in token or 10 <= low < high:
            return (*_numbered(span[1], span[2]), Atom(Kind.UPTO, span[3], high))
    if _TENEMENT.fullmatch(token) or _MIXED.fullmatch(token):
        return (Atom(Kind.MIXED, token, mixed_code(token)),)
    if glued := _GLUED_UNIT.fullmatch(token):
        return (*_letters(glued[1]), *atoms_of(glued[2]))
    return ()


def _numbered(digits: str, suffix: str) -> tuple[Atom, ...]:
    number = Atom(Kind.NUMBER, str(int(digits)), int(digits))
    return (number, Atom(Kind.SUFFIX, suffix, letter_code(suffix))) if suffix else (number,)


def _compound(token: str) -> tuple[Atom, ...]:
    if token == COMMA:
        return (Atom(Kind.COMMA, COMMA),)
    if glued := _GLUED_WORD.fullmatch(token):
        return tuple(atom for part in glued.groups() if part for atom in atoms_of(part))
    parts = _PARTS.findall(token)
    if parts == [token]:
        return (Atom(Kind.WORD, token),)
    return tuple(atom for part in parts for atom in atoms_of(part))


STRUCTURAL = (
    UNIT_WORDS | OUTBUILDING_WORDS | ROOM_WORDS | FLOOR_WORDS | frozenset(STOREYS) | frozenset(SYNONYMS)
    | STREET_TYPES | BUILDING_TYPES | FILLERS | {SAINT_OR_STREET}
)  # fmt: skip
ANNEXE = mixed_code("ANNEX")
"""An annexe is known by the house it belongs to and seldom by a number of its own."""
