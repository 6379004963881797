"""Who is in the agreement: two parties at least, one releases and one uses, people and not machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sharewell.agreements.rules.parts import Part, part, parts, releasers, text
from sharewell.agreements.rules.say import refuse, warn
from sharewell.agreements.rules.words import is_machine, same_words, skeleton
from sharewell.agreements.terms import Agreement, Finding, Party

NAME_A_ROLE = "Name a role that a person holds."


def check_people(agreement: Agreement, today: date) -> Iterator[Finding]:
    """Yield what is wrong with the parties, who uses what, and who answers for it."""
    yield from _enough_parties(agreement)
    yield from _unknown_parties(agreement)
    yield from _uses(agreement)
    for party in agreement.parties.values():
        yield from _approval(party)
    yield from _looks_alike(agreement)
    yield from _machines(agreement)


def check_signer(agreement: Agreement, party: str, by: str) -> tuple[Finding, ...]:
    """Return why this role may not sign for this party: no party, a machine, or the one who requested."""
    if party not in agreement.parties:
        near = ", ".join(agreement.parties)
        found = refuse(
            "unknown_party", "parties", "That is no party of this agreement.", f"Write one of {near}."
        )
        return (found,)
    if is_machine(by):
        return (refuse("machine_account", f"parties.{party}", "A machine account cannot sign.", NAME_A_ROLE),)
    requested = agreement.parties[party].requested_by
    if requested and _is_same(by, requested):
        clause = f"parties.{party}.requested_by"
        what = "The one who requests may not be the one who signs."
        return (refuse("approves_own_request", clause, what, "Have someone else sign."),)
    return ()


def _enough_parties(agreement: Agreement) -> Iterator[Finding]:
    organisations = {party.org.casefold() for party in agreement.parties.values()}
    if len(agreement.parties) < 2:
        yield refuse(
            "one_party", "parties", "There is only one party.", "Name everyone who releases or uses."
        )
    elif len(organisations) < len(agreement.parties):
        yield refuse(
            "same_organisation",
            "parties",
            "Two parties are one organisation.",
            "Name each organisation once.",
        )
    idle = agreement.parties.keys() - releasers(agreement) - {use.party for use in agreement.use}
    for party in sorted(idle):
        yield warn(
            "party_idle",
            f"parties.{party}",
            "This party neither releases nor uses.",
            "Say what it does, or drop it.",
        )


def _unknown_parties(agreement: Agreement) -> Iterator[Finding]:
    named = [(f"data[{n}].from", term.party) for n, term in enumerate(agreement.data)]
    named += [(f"use[{n}].party", term.party) for n, term in enumerate(agreement.use)]
    named += [(f"lawful.{term.party}", term.party) for term in agreement.lawful]
    for clause, party in named:
        if party not in agreement.parties:
            yield refuse(
                "unknown_party",
                clause,
                f"`{party}` is no party of this agreement.",
                f"Write one of {', '.join(agreement.parties)}, or add it to the parties.",
            )


def _uses(agreement: Agreement) -> Iterator[Finding]:
    if all(use.party == term.party for term in agreement.data for use in agreement.use):
        yield refuse(
            "nobody_receives",
            "use",
            "Nobody but the party that releases may use anything.",
            "Add a use by the party that needs it.",
        )
    for number, use in enumerate(agreement.use):
        if any("*" in role or role == "all" for role in use.roles):
            yield refuse(
                "role_wildcard",
                f"use[{number}].roles",
                "A role may not stand for everybody.",
                "Name the roles.",
            )


def _approval(party: Party) -> Iterator[Finding]:
    clause = f"parties.{party.key}"
    if party.approved_by is None and party.role in {"controller", "joint_controller"}:
        yield refuse(
            "no_approval",
            f"{clause}.approved_by",
            "No one approves for this controller.",
            "Name the role that does.",
        )
    if party.approved_by and party.requested_by and _is_same(party.approved_by, party.requested_by):
        yield refuse(
            "approves_own_request",
            f"{clause}.approved_by",
            "The one who requests is the one who approves.",
            "Have someone else approve.",
        )
    if not _can_be_reached(party.contact):
        yield refuse(
            "no_contact",
            f"{clause}.contact",
            "Nobody can be reached at this contact.",
            "Write an e-mail address or a telephone number.",
        )


def _can_be_reached(contact: str) -> bool:
    local, at, domain = contact.strip().partition("@")
    if at:
        return bool(local and "." in domain and not is_machine(local))
    return sum(each.isdigit() for each in contact) >= 10


def _is_same(one: str, other: str) -> bool:
    return same_words(one) == same_words(other)


def _looks_alike(agreement: Agreement) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key in agreement.parties:
        twin = seen.setdefault(skeleton(key), key)
        if twin != key:
            yield refuse(
                "confusable_names",
                f"parties.{key}",
                f"`{key}` is easily read as `{twin}`.",
                "Give the parties names that cannot be confused.",
            )


def _machines(agreement: Agreement) -> Iterator[Finding]:
    for clause, name in _named(agreement):
        if name and is_machine(name):
            yield refuse(
                "machine_account",
                clause,
                "A machine account cannot answer for this.",
                NAME_A_ROLE,
            )


def _named(agreement: Agreement) -> Iterator[tuple[str, str]]:
    for party in agreement.parties.values():
        yield f"parties.{party.key}.requested_by", party.requested_by or ""
        yield f"parties.{party.key}.approved_by", party.approved_by or ""
    for number, attestation in enumerate(parts(agreement, "attestations")):
        yield f"attestations[{number}].by", text(attestation, "by")
    singles: tuple[tuple[str, Part | None, str], ...] = (
        ("dpia", part(agreement, "dpia"), "approved_by"),
        ("why.not_tried", part(agreement, "why", "not_tried"), "by"),
        ("emergency", part(agreement, "emergency"), "by"),
        ("rights.my_log", part(agreement, "rights", "my_log"), "reviewer"),
    )
    for clause, found, key in singles:
        yield f"{clause}.{key}", text(found, key)
