"""A made-up town for the gate's tests: an agreement, two standards, rows, and a release request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from sharewell.agreements.terms import (
    Agreement,
    DataTerm,
    FieldTerm,
    Form,
    Level,
    Party,
    RowTest,
    SmallNumbers,
    Status,
    Test,
    TimeTerm,
    UseTerm,
)
from sharewell.releases.actions import ReleaseRequest
from sharewell.releases.terms import Dataset, PeopleRule
from sharewell.sources.terms import Field, FieldType, Role, Standard
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation
from sharewell.vocab.sensitivity import Sensitivity

KEY = bytes(range(32))
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
GATE = {"source": "list", "as_of": "2026-11-01", "objected": False, "protected": False}

BENEFITS = Standard(
    "low_income",
    "1",
    "Low-income benefits",
    "",
    (
        Field("nhs_number", FieldType.NHS_NUMBER, "NHS number", sensitivity=Sensitivity.DIRECT),
        Field("name", FieldType.PERSON_NAME, "Name", sensitivity=Sensitivity.DIRECT),
        Field("phone", FieldType.PHONE, "Phone", sensitivity=Sensitivity.DIRECT),
        Field(
            "date_of_birth",
            FieldType.DATE,
            "Date of birth",
            role=Role.DATE_OF_BIRTH,
            sensitivity=Sensitivity.QUASI,
        ),
        Field("postcode", FieldType.POSTCODE, "Postcode", sensitivity=Sensitivity.QUASI),
        Field("pension_credit", FieldType.BOOLEAN, "Pension credit"),
        Field("tenure", FieldType.CODE, "Tenure", categories={"owned": ("owned",), "rented": ("rented",)}),
        Field("lad", FieldType.CODE, "District"),
        Field("claimed_on", FieldType.DATE, "Claimed on"),
        Field("children", FieldType.INTEGER, "Children"),
        Field("award", FieldType.NUMBER, "Award"),
        Field("nino", FieldType.NINO, "NINO", sensitivity=Sensitivity.DIRECT),
    ),
)
CALLS = Standard(
    "calls",
    "1",
    "Households already called",
    "",
    (
        Field("name", FieldType.PERSON_NAME, "Name", sensitivity=Sensitivity.DIRECT),
        Field("called_on", FieldType.DATE, "Called on"),
    ),
)

BENEFIT_FIELDS = (
    FieldTerm("name", Form.IDENTIFIABLE, "Ask for the right person."),
    FieldTerm("phone", Form.IDENTIFIABLE, "Ring the household to offer the check."),
    FieldTerm("date_of_birth", Form.AGE_BAND_5, "Ring people over 75 first."),
    FieldTerm("postcode", Form.WARD, "Send the adviser who works there."),
    FieldTerm("tenure", Form.AS_IS, "Owners and tenants get different offers."),
)
BENEFIT_TERM = DataTerm(
    "dwp",
    "benefits",
    (RowTest("lad", Test.IS_PLACE, ("E06000008",)), RowTest("pension_credit", Test.IS, (True,))),
    BENEFIT_FIELDS,
    ("nino", "award"),
)
CALLS_TERM = DataTerm(
    "council", "calls", (), (FieldTerm("called_on", Form.AS_IS, "Do not ring the same household twice."),), ()
)


def agreement(
    *data: DataTerm, id: str = "bwd-2026-014", ends: date = date(2027, 3, 31), k: int | None = None
) -> Agreement:
    """A signed, live agreement between DWP and a council, with a use at every level."""
    uses = (
        UseTerm("council", ("adviser",), Level.IDENTIFIABLE, ("contact_resident",)),
        UseTerm("council", ("analyst",), Level.PSEUDONYMISED, ("analyse",), k),
        UseTerm("council", ("analyst",), Level.AGGREGATE, ("count",)),
        UseTerm("council", ("adviser",), Level.EXISTENCE, ("ring_service",)),
    )
    parties = {
        "council": Party("council", "E06000008", ("la_upper",), "controller", "dpo@council.example"),
        "dwp": Party("dwp", "DWP", ("dwp",), "controller", "dpo@dwp.example"),
    }
    return Agreement(
        id=id,
        title="Winter calls",
        status=Status.ACTIVE,
        place="E06000008",
        purpose="reduce_energy_costs",
        plain_words="Phone households in cold homes.",
        parties=parties,
        lawful=(),
        data=data or (BENEFIT_TERM, CALLS_TERM),
        use=uses,
        small_numbers=SmallNumbers(7, 5),
        time=TimeTerm(date(2026, 11, 1), date(2027, 1, 15), ends, 30),
        document={},
        canonical=id,
        sha256=hashlib.sha256(id.encode()).hexdigest(),
    )


def with_forms(term: DataTerm, **forms: Form) -> DataTerm:
    """The same data term with these fields in these forms and no others."""
    fields = tuple(FieldTerm(name, form, f"Why {name} is needed.") for name, form in forms.items())
    return replace(term, fields=fields)


def person(number: int, **values: object) -> dict[str, object]:
    """One row of the benefits list, passing every test unless told otherwise."""
    return {
        **GATE,
        "person": f"P{number:05}",
        "source_row": number,
        "nhs_number": f"94347{number:05}",
        "name": f"Canary{number} Name",
        "phone": f"+4477009{number:05}",
        "date_of_birth": f"{1930 + number % 60}-0{1 + number % 9}-15",
        "postcode": f"BB{1 + number % 3} {number % 9}AA",
        "pension_credit": "true",
        "tenure": "owned" if number % 2 else "rented",
        "lad": "E06000008",
        "claimed_on": "2026-01-15",
        "children": str(number % 4),
        "award": f"{number}.50",
        "nino": f"QQ{number:06}C",
        "ward": f"E0500{number % 3}",
        **values,
    }


def call(number: int, **values: object) -> dict[str, object]:
    """One row of the council's own list of calls."""
    row = {**GATE, "person": f"P{number:05}", "source_row": number, "name": f"Own{number}"}
    return {**row, "called_on": "2026-11-20", **values}


_TYPES = {"source_row": pa.int64(), "objected": pa.bool_(), "protected": pa.bool_()}


def loaded(
    engine: DuckDB, name: str, standard: Standard, rows: Sequence[Mapping[str, object]], *extra: str
) -> Relation:
    """The rows as a table at the gate's door, every column text but the gate's own."""
    columns = ["person", "source", "source_row", "as_of", "objected", "protected", *standard.names, *extra]
    arrays = {
        column: pa.array([row.get(column) for row in rows], _TYPES.get(column, pa.string()))
        for column in columns
    }
    return engine.load(name, pa.table(arrays))


def benefits(engine: DuckDB, rows: Sequence[Mapping[str, object]], name: str = "benefits_list") -> Dataset:
    return Dataset("benefits", loaded(engine, name, BENEFITS, rows, "ward"), BENEFITS)


def calls(engine: DuckDB, rows: Sequence[Mapping[str, object]], name: str = "calls_list") -> Dataset:
    return Dataset("calls", loaded(engine, name, CALLS, rows), CALLS, own=True)


def request(folder: Path, datasets: Sequence[Dataset], **changes: object) -> ReleaseRequest:
    """A request of the adviser at the identifiable level for the people on the benefits list."""
    asked = ReleaseRequest(
        flow="winter-calls",
        agreement=agreement(),
        party="council",
        role="adviser",
        level=Level.IDENTIFIABLE,
        recipient="council",
        datasets={item.name: item for item in datasets},
        people=PeopleRule(("benefits",)),
        as_of=TODAY,
        at=NOW,
        key=KEY,
        staging=folder / "staging",
        outbox=folder / "outbox",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]
