"""What may not be signed, and when an agreement holds: pure decisions on the terms.

``check_agreement`` is the whole list of core checks; each file beside this one holds one family of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sharewell.agreements.rules.basis import check_basis
from sharewell.agreements.rules.dates import check_dates, ends_at, require_live, sunset_at
from sharewell.agreements.rules.levels import FORMS, forms_at
from sharewell.agreements.rules.minimisation import check_minimisation
from sharewell.agreements.rules.openness import check_openness
from sharewell.agreements.rules.people import check_people, check_signer
from sharewell.agreements.rules.standards import check_standards
from sharewell.agreements.terms import Agreement, Finding, Severity
from sharewell.sources.terms import Standard

__all__ = [
    "FORMS",
    "check_against_standards",
    "check_agreement",
    "check_signer",
    "ends_at",
    "forms_at",
    "in_file_order",
    "may_be_signed",
    "require_live",
    "sunset_at",
]

CHECKS: tuple[Callable[[Agreement, date], Iterable[Finding]], ...] = (
    check_people,
    check_basis,
    check_minimisation,
    check_dates,
    check_openness,
)


def check_agreement(agreement: Agreement, today: date) -> tuple[Finding, ...]:
    """Return everything the file alone gives reason to say, in the order of the file, refusals first.

    ``today`` is the day in Europe/London.
    """
    return in_file_order(agreement, (finding for check in CHECKS for finding in check(agreement, today)))


def check_against_standards(agreement: Agreement, standards: Mapping[str, Standard]) -> tuple[Finding, ...]:
    """Return where the agreement and its datasets do not fit; ``standards`` is by the name of the dataset."""
    return in_file_order(agreement, check_standards(agreement, standards))


def may_be_signed(findings: Iterable[Finding]) -> bool:
    """Return whether none of the findings refuses."""
    return all(finding.severity is not Severity.REFUSE for finding in findings)


def in_file_order(agreement: Agreement, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with the lines of their clauses: refusals first, then in the order of the file."""
    placed = (replace(finding, line=_line(agreement, finding.clause)) for finding in findings)
    severities = tuple(Severity)
    return tuple(sorted(placed, key=lambda each: (severities.index(each.severity), each.line or 0)))


def _line(agreement: Agreement, clause: str) -> int | None:
    """Return the line of the clause, or of the nearest clause around it that the file has."""
    while clause and clause not in agreement.lines:
        clause = clause[: max(clause.rfind("."), clause.rfind("["), 0)]
    return agreement.lines.get(clause) if clause else None
