"""What the sharing rests on: a lawful basis for each party, an assessment, nothing dated in the future.

Whether the power named carries what is shared is law as data, and is checked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sharewell.agreements.rules.dates import is_emergency_live
from sharewell.agreements.rules.parts import (
    day,
    has_use_at,
    is_matched,
    is_only_counts,
    part,
    parts,
    releasers,
)
from sharewell.agreements.rules.say import attest, refuse, warn
from sharewell.agreements.terms import Agreement, Finding, Level
from sharewell.vocab.lawful import NEEDS_LAW, SPECIAL


def check_basis(agreement: Agreement, today: date) -> Iterator[Finding]:
    """Yield the parties without a lawful basis, a missing assessment, and dates that have not come."""
    yield from _basis_of_each(agreement)
    yield from _basis_in_full(agreement)
    yield from _assessment(agreement, today)
    yield from _onward(agreement)
    for clause, on in _dated(agreement):
        if on is not None and on > today:
            yield refuse("dated_ahead", clause, "This is dated in the future.", "Write the day it was done.")


def _basis_of_each(agreement: Agreement) -> Iterator[Finding]:
    if is_only_counts(agreement):
        return
    given = {term.party for term in agreement.lawful}
    users = {use.party for use in agreement.use if use.level is not Level.AGGREGATE}
    for key in sorted((releasers(agreement) | users) & agreement.parties.keys() - given):
        if agreement.parties[key].role != "processor":
            yield refuse(
                "no_lawful_basis",
                f"lawful.{key}",
                f"`{key}` has no lawful basis.",
                "Write its article6 and gateway under `lawful`.",
            )


def _basis_in_full(agreement: Agreement) -> Iterator[Finding]:
    for term in agreement.lawful:
        clause = f"lawful.{term.party}"
        if term.article6 in NEEDS_LAW and term.gateway is None:
            yield refuse(
                "no_gateway",
                f"{clause}.gateway",
                f"Article 6(1)({term.article6}) needs the law it rests on.",
                "Name the power as `gateway`.",
            )
        if term.special is not None and term.special not in SPECIAL:
            yield warn(
                "condition_unknown",
                f"{clause}.special",
                "This condition is not one of those known here.",
                "Check its paragraph of Schedule 1 with your information governance lead.",
            )


def _assessment(agreement: Agreement, today: date) -> Iterator[Finding]:
    fires = has_use_at(agreement, Level.IDENTIFIABLE) or is_matched(agreement)
    if not fires or part(agreement, "dpia") is not None:
        return
    what = "Identifiable or matched data is shared with no data protection impact assessment."
    instead = "Add `dpia` with its reference, the day it was approved and who approved it (UK GDPR Art. 35)."
    if is_emergency_live(agreement, today):
        follow = "Have the data protection officer record that one follows, and add `dpia` when it is done."
        yield attest("no_dpia", "dpia", what, follow)
    elif is_only_counts(agreement):
        yield warn("no_dpia", "dpia", "Several sources are used for counts.", instead)
    else:
        yield refuse("no_dpia", "dpia", what, instead)


def _onward(agreement: Agreement) -> Iterator[Finding]:
    for number, _ in enumerate(parts(agreement, "onward")):
        yield warn(
            "onward",
            f"onward[{number}]",
            "The data may go on to someone outside this agreement.",
            "Make them a party, or check that the power lets it go on.",
        )


def _dated(agreement: Agreement) -> Iterator[tuple[str, date | None]]:
    for number, attestation in enumerate(parts(agreement, "attestations")):
        yield f"attestations[{number}].on", day(attestation, "on")
    yield "dpia.approved_on", day(part(agreement, "dpia"), "approved_on")
    yield "why.not_tried.on", day(part(agreement, "why", "not_tried"), "on")
