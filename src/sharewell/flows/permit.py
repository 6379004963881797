"""Find the flow's agreement and refuse, before a byte of a list is read, whatever it does not cover."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sharewell.accounts.queries import public_keys
from sharewell.agreements.read import read_agreement
from sharewell.agreements.rules import check_against_standards, check_agreement, require_live
from sharewell.agreements.sign import require_signed
from sharewell.agreements.terms import Agreement, Finding, Severity
from sharewell.flows import household
from sharewell.releases.rules import decide, require_field
from sharewell.sources.origin import is_origin, parse_origin
from sharewell.sources.standards import load_standard
from sharewell.vocab.errors import (
    AgreementInvalid,
    AgreementMissing,
    FileMissing,
    FlowInvalid,
    NotCovered,
    SharewellError,
    Where,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sharewell.flows.actions import Work


def permitted(run: Work) -> Agreement:
    """Return the flow's agreement: well-formed, signed, live, and covering this recipient and these lists.

    Raises AgreementMissing, AgreementInvalid, AgreementUnsigned, AgreementNotActive, AgreementNotStarted,
    AgreementEnded, NotCovered or FieldNotCovered.
    """
    path = _agreement_file(run)
    agreement = read_agreement(path)
    run.agreement = agreement
    run.standards = {
        source.dataset: load_standard(source.standard, run.place.standards) for source in run.flow.sources
    }
    if any(term.dataset == household.NAME for term in agreement.data):
        run.standards[household.NAME] = household.STANDARD
    with naming(path.name):
        require_live(agreement, run.at)
    _require_files(run)
    _require_sound(agreement, path, run)
    require_signed(agreement, path, public_keys())
    with naming(path.name):
        _require_covered(run, agreement)
    return agreement


@contextmanager
def naming(file: str) -> Iterator[None]:
    """Let a refusal that names no file name this one."""
    try:
        yield
    except SharewellError as refusal:
        if refusal.where.file is None:
            refusal.where = replace(refusal.where, file=file)
        raise


def _agreement_file(run: Work) -> Path:
    path = run.place.agreements / f"{run.flow.agreement}.yaml"
    if path.parent != run.place.agreements or not path.is_file():
        raise AgreementMissing(
            f"There is no agreement {run.flow.agreement} in this place.",
            "Put its file into the agreements folder, named for its id, or mend the flow's `agreement`.",
            Where(file=path.name),
        )
    return path


def _require_files(run: Work) -> None:
    """Refuse a missing list at once, not after the lists before it were read.

    An address is only looked at: nothing is fetched before the agreement is known to cover it.
    """
    for source in run.flow.sources:
        if is_origin(source.file):
            parse_origin(source.file)
            continue
        path = run.source_path(source)
        if not path.is_file():
            raise FileMissing(
                f"The list of source {source.name} is not there.",
                f"Put it at {source.file} inside the place, or mend the flow's `file`.",
                Where(file=path.name),
            )


def _require_sound(agreement: Agreement, path: Path, run: Work) -> None:
    """Refuse an agreement that may not be signed, whoever has signed it."""
    if agreement.id != run.flow.agreement:
        raise FlowInvalid(
            f"The file {path.name} holds the agreement {agreement.id}.",
            "Name an agreement's file for its id.",
            Where(file=path.name),
        )
    findings = (*check_agreement(agreement, run.today), *check_against_standards(agreement, run.standards))
    refused = [each for each in findings if each.severity is Severity.REFUSE]
    if refused:
        raise AgreementInvalid(
            _said(refused), f"Run `sharewell agreement check {path.name}`.", Where(file=path.name)
        )


def _said(refused: Iterable[Finding]) -> str:
    return " ".join(f"{each.clause}: {each.what}" for each in refused)


def _require_covered(run: Work, agreement: Agreement) -> None:
    """Refuse a recipient, a list or a field that the agreement does not cover, and a list from a stranger."""
    to = run.flow.to
    decision = decide(
        agreement, party=to.party, role=to.role, level=to.level, at=run.at, standards=run.standards
    )
    givers = {term.dataset: term.party for term in agreement.data}
    for source in run.flow.sources:
        if givers.get(source.dataset) != source.party:
            raise NotCovered(
                f"The agreement does not have {source.dataset} from {source.party}.",
                f"It names it from {givers.get(source.dataset, 'nobody')}; mend the flow or the agreement.",
                Where(file=f"{run.flow.id}.yaml"),
            )
    for field in run.flow.fields:
        dataset, _, name = field.partition(".")
        require_field(decision, name, dataset)
