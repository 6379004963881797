"""Reads: what a place can say about an agreement beyond its file: datasets' standards, and signatures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sharewell.accounts.queries import public_keys
from sharewell.agreements.rules import check_against_standards, in_file_order
from sharewell.agreements.rules.say import attest
from sharewell.agreements.sign import signature_state
from sharewell.agreements.terms import Agreement, Finding
from sharewell.settings import Place
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import StandardMissing


def place_findings(place: Place, agreement: Agreement, path: Path) -> tuple[Finding, ...]:
    """Return what the place's standards and signatures give reason to say; its control plane must be open.

    A dataset is held against the standard of its own name. Raises StandardInvalid, AgreementUnsigned when
    the signatures' file is damaged.
    """
    fits = check_against_standards(agreement, dict(_standards(place, agreement)))
    return in_file_order(agreement, (*fits, *_unsigned(agreement, path)))


def _standards(place: Place, agreement: Agreement) -> Iterator[tuple[str, Standard]]:
    for dataset in sorted({term.dataset for term in agreement.data}):
        try:
            yield dataset, load_standard(dataset, place.standards)
        except StandardMissing:
            continue


def _unsigned(agreement: Agreement, path: Path) -> Iterator[Finding]:
    state = signature_state(agreement, path, public_keys())
    said = {
        "unsigned": (state.missing, "This party has not signed."),
        "signature_stale": (state.stale, "This party signed another text, or the signature is not theirs."),
        "signature_unknown": (state.unknown, "This signature cannot be checked: no public key is held."),
    }
    for code, (parties, what) in said.items():
        for party in parties:
            instead = f"Sign it: `sharewell agreement sign {path.name} --party {party} --by ROLE --dir DIR`."
            yield attest(code, f"parties.{party}", what, instead)
