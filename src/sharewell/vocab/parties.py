"""Who may be a party: body types, what each implies, and the roles of data protection law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

BODY_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "la_upper": "Upper-tier/unitary council (children's and adult social care authority)",
        "la_district": "District council (housing, council tax, environmental health)",
        "la_any": "Any local authority (county, district, unitary, London borough, City, Scilly)",
        "combined_authority": "Combined (county) authority",
        "fire": "Fire and rescue authority",
        "police": "Chief officer of police",
        "local_policing_body": "PCC or equivalent",
        "probation": "Probation service",
        "prison": "Prison, YOI, secure training centre",
        "yot": "Youth offending team",
        "icb": "Integrated care board",
        "nhs_provider": "NHS trust or foundation trust",
        "nhs_england": "NHS England",
        "gp": "General practice (health service contractor)",
        "asc_provider": "Adult social care provider under contract to a public body",
        "ukhsa": "UK Health Security Agency",
        "school": "Maintained school, academy or independent school",
        "fe": "Further education institution",
        "early_years": "Registered childcare provider",
        "dwp": "Secretary of State for Work and Pensions",
        "hmrc": "HM Revenue and Customs",
        "dfe": "Secretary of State for Education",
        "moj": "Secretary of State for Justice / Lord Chancellor",
        "mhclg": "Secretary of State for housing and local government",
        "desnz_ofgem": "Energy department or Gas and Electricity Markets Authority",
        "energy_supplier": "Licensed gas or electricity supplier",
        "water": "Water or sewerage undertaker",
        "landlord_social": "Registered provider of social housing",
        "voluntary": "Voluntary or community organisation",
        "contractor": "Person providing services to a listed public body for that objective",
        "any_person": "Any person",
        "sab": "Safeguarding Adults Board",
        "safeguarding_partner": "Local authority, ICB or chief officer of police as safeguarding partner",
        "cat1": "Category 1 responder (CCA 2004 Sch 1)",
        "cat2": "Category 2 responder (CCA 2004 Sch 1)",
    }
)

IMPLIES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "la_upper": frozenset({"la_any", "cat1"}),
        "la_district": frozenset({"la_any", "cat1"}),
        "la_any": frozenset({"cat1"}),
        "police": frozenset({"cat1"}),
        "fire": frozenset({"cat1"}),
        "nhs_provider": frozenset({"cat1"}),
        "ukhsa": frozenset({"cat1"}),
    }
)
"""What a body is besides its own type. Category 1 responders: Civil Contingencies Act 2004 Sch. 1."""

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "controller": "decides why and how the data is used",
        "joint_controller": "decides together with another party (UK GDPR Art. 26)",
        "processor": "acts on a controller's instructions (UK GDPR Art. 28)",
        "recipient": "is given the data",
    }
)


def implied_types(types: Iterable[str]) -> frozenset[str]:
    """Return the types a party lists with all they imply; every body is ``any_person``."""
    listed = frozenset(types)
    return listed.union({"any_person"}, *(IMPLIES.get(each, frozenset()) for each in listed))
