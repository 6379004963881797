"""How a check says what it found."""

from __future__ import annotations

from sharewell.agreements.terms import Finding, Severity


def refuse(code: str, clause: str, what: str, instead: str) -> Finding:
    """Return a finding that keeps the agreement from being signed."""
    return Finding(Severity.REFUSE, code, clause, what, instead)


def attest(code: str, clause: str, what: str, instead: str) -> Finding:
    """Return a finding that a named person must still answer for."""
    return Finding(Severity.ATTEST, code, clause, what, instead)


def warn(code: str, clause: str, what: str, instead: str) -> Finding:
    """Return a finding for people to look at: it cannot be settled from here."""
    return Finding(Severity.WARN, code, clause, what, instead)
