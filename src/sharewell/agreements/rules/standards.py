"""Does the agreement fit its datasets: fields that are there, forms that suit, tests that can be made."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sharewell.agreements.rules.levels import BANDS, EXACT
from sharewell.agreements.rules.rowvalues import check_row_values
from sharewell.agreements.rules.say import refuse, warn
from sharewell.agreements.terms import Agreement, DataTerm, FieldTerm, Finding, Form, Level
from sharewell.sources.terms import Field, FieldType, Role, Standard
from sharewell.vocab.sensitivity import Sensitivity

ADDED: Final = (
    Field("person", FieldType.TEXT, "Reference of the person", sensitivity=Sensitivity.DIRECT),
    Field("ward", FieldType.CODE, "Ward", sensitivity=Sensitivity.QUASI),
)
"""What linking and matching add to every dataset."""

SUITED: Final[Mapping[Form, frozenset[FieldType]]] = {
    Form.AGE_BAND_5: frozenset({FieldType.DATE}),
    Form.AGE_BAND_10: frozenset({FieldType.DATE}),
    Form.YEAR: frozenset({FieldType.DATE, FieldType.DATETIME}),
    Form.OUTCODE: frozenset({FieldType.POSTCODE}),
    Form.WARD: frozenset({FieldType.POSTCODE, FieldType.UPRN, FieldType.ADDRESS, FieldType.CODE}),
    Form.PSEUDONYM: frozenset(FieldType)
    - {FieldType.BOOLEAN, FieldType.DATE, FieldType.DATETIME, FieldType.INTEGER, FieldType.NUMBER},
}
"""The types a form can be made from; a form that is not here suits every type."""

LOCATING: Final = frozenset({FieldType.POSTCODE, FieldType.UPRN, FieldType.USRN, FieldType.ADDRESS})


def check_standards(agreement: Agreement, standards: Mapping[str, Standard]) -> Iterator[Finding]:
    """Yield where a field, form or row test does not fit the dataset it is about."""
    for number, term in enumerate(agreement.data):
        clause = f"data[{number}]"
        standard = standards.get(term.dataset)
        if standard is None:
            yield warn(
                "no_standard",
                f"{clause}.dataset",
                f"No standard describes the dataset {term.dataset}, so its fields were not checked.",
                "Add its standard to the place's standards folder.",
            )
        else:
            yield from _term(agreement, term, _with_added(standard), clause)
    yield from _births(agreement, standards)


def _term(agreement: Agreement, term: DataTerm, standard: Standard, clause: str) -> Iterator[Finding]:
    for item in term.fields:
        at = f"{clause}.fields.{item.name}"
        field = standard.field(item.name)
        if field is None:
            yield _missing(item.name, standard, at)
        else:
            yield from _form(agreement, term, item, field, at)
    for place, test in enumerate(term.rows):
        at = f"{clause}.rows[{place}]"
        field = standard.field(test.field)
        if field is None:
            yield _missing(test.field, standard, f"{at}.field")
        else:
            yield from check_row_values(test, field, at)
    for place, name in enumerate(term.never):
        if standard.field(name) is None:
            yield warn(
                "never_unknown",
                f"{clause}.never[{place}]",
                f"The dataset has no field {name}.",
                "Check its spelling; if the dataset never held it, this is harmless.",
            )


def _form(
    agreement: Agreement, term: DataTerm, item: FieldTerm, field: Field, clause: str
) -> Iterator[Finding]:
    if not _suits(item.form, field):
        yield refuse(
            "form_unsuited",
            clause,
            f"{field.name} ({field.type}) cannot leave as {item.form}.",
            f"Write one of {', '.join(_forms_for(field))}.",
        )
    elif item.form is Form.AS_IS and field.sensitivity is Sensitivity.QUASI and _lacks_k(agreement, term):
        yield refuse(
            "as_is_without_k",
            clause,
            f"{field.name} points at people together with other items, and a use has no k.",
            "Write `k` on the pseudonymised use.",
        )


def _suits(form: Form, field: Field) -> bool:
    if form is Form.AS_IS:
        locates = field.type in LOCATING or field.role is Role.DATE_OF_BIRTH
        return field.sensitivity is not Sensitivity.DIRECT and not locates
    if form in {Form.AGE_BAND_5, Form.AGE_BAND_10} and field.role not in {None, Role.DATE_OF_BIRTH}:
        return False
    return form not in SUITED or field.type in SUITED[form]


def _forms_for(field: Field) -> tuple[str, ...]:
    return tuple(form for form in Form if _suits(form, field))


def _lacks_k(agreement: Agreement, term: DataTerm) -> bool:
    uses = (use for use in agreement.use if use.party != term.party and use.level is Level.PSEUDONYMISED)
    return any(use.k is None for use in uses)


def _missing(name: str, standard: Standard, clause: str) -> Finding:
    near = difflib.get_close_matches(name, standard.names, 1)
    instead = f"Did you mean `{near[0]}`?" if near else f"Its fields are {', '.join(standard.names)}."
    return refuse("unknown_column", clause, f"The dataset {standard.name} has no field {name}.", instead)


def _with_added(standard: Standard) -> Standard:
    added = tuple(field for field in ADDED if standard.field(field.name) is None)
    return replace(standard, fields=standard.fields + added)


def _births(agreement: Agreement, standards: Mapping[str, Standard]) -> Iterator[Finding]:
    """Yield dates of birth that leave exactly in one place and as a band in another, whatever their names."""
    births = [
        (f"data[{number}].fields.{item.name}", item)
        for number, term in enumerate(agreement.data)
        for item in term.fields
        if term.dataset in standards and _is_birth(standards[term.dataset].field(item.name))
    ]
    banded = [(clause, item) for clause, item in births if item.form in BANDS]
    for clause, item in births:
        twin = next((at for at, other in banded if other.name != item.name), None)
        if item.form in EXACT and twin:
            yield refuse(
                "band_and_exact",
                clause,
                f"A date of birth leaves exactly here and as a band under {twin}.",
                "Let it out in one form throughout.",
            )


def _is_birth(field: Field | None) -> bool:
    return field is not None and field.role is Role.DATE_OF_BIRTH
