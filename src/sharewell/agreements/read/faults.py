"""Every fault of one file, gathered so that they can be told together."""

from __future__ import annotations

from sharewell.agreements.terms import Finding, Severity
from sharewell.vocab.errors import AgreementInvalid, Where

SHOWN = 5
"""How many faults the message spells out; ``findings`` holds them all."""

MOST = 500
"""How many faults are gathered before reading stops."""


class TooManyFaults(Exception):
    """The file is so broken that reading on would tell nobody anything."""


class Faults:
    """What is wrong with one file, and the line on which each of its clauses stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[str, int] = {}
        self.found: list[Finding] = []

    def add(self, clause: str, code: str, what: str, instead: str, line: int | None = None) -> None:
        """Note a fault; the line is the clause's own, or its parent's, unless one is given."""
        at = line or line_of(clause, self.lines)
        self.found.append(Finding(Severity.REFUSE, code, clause or "file", what, instead, at))
        if len(self.found) >= MOST:
            raise TooManyFaults

    def raise_if_any(self) -> None:
        """Raise AgreementInvalid with all that was found, if anything was."""
        if self.found:
            raise self.refusal()

    def refusal(self) -> AgreementInvalid:
        """Return the refusal that names the first few faults and carries them all."""
        findings = tuple(sorted(self.found, key=lambda finding: finding.line or 0))
        return refusal(findings, "The agreement file breaks its grammar", self.name)


def refusal(findings: tuple[Finding, ...], why: str, name: str) -> AgreementInvalid:
    """Return the refusal for these findings: the first few in words, all of them as ``findings``."""
    count = "one fault" if len(findings) == 1 else f"{len(findings)} faults"
    told = " ".join(_told(finding) for finding in findings[:SHOWN])
    more = f" And {len(findings) - SHOWN} more." if len(findings) > SHOWN else ""
    return AgreementInvalid(
        f"{why}: {count}. {told}{more}",
        "Mend the file and run `sharewell agreement check FILE`, which lists every fault.",
        Where(file=name),
        findings,
    )


def line_of(clause: str, lines: dict[str, int]) -> int | None:
    """Return the line of a clause, or of the nearest clause around it that the file has."""
    while clause:
        if clause in lines:
            return lines[clause]
        clause = clause[: max(clause.rfind("."), clause.rfind("["), 0)]
    return None


def _told(finding: Finding) -> str:
    line = f" (line {finding.line})" if finding.line else ""
    return f"{finding.clause}{line}: {finding.what} {finding.instead}"
