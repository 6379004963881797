"""The gate's verbs: prepare a release, then hand it over. Nothing leaves by any other way.

``prepare_release`` stages; the caller writes the audit entry and the new ledger in one transaction; then
``hand_over`` renames the staged folder into the outbox. ``finish_hand_over`` does that last step again after
a kill. Whether the parties have signed is the caller's question (``agreements.sign``); whether the agreement
is live is asked here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from sharewell.releases import deliver
from sharewell.releases.describe import Papers
from sharewell.releases.gate import Gate, open_gate
from sharewell.releases.layout import describe_columns
from sharewell.releases.prepare import Made, Making, Prepared, ReleaseRequest
from sharewell.releases.pseudonyms import key_in
from sharewell.releases.rules import decide, narrow
from sharewell.releases.terms import Decision
from sharewell.store.engine import Engine
from sharewell.vocab.errors import FlowInvalid

__all__ = [
    "Prepared",
    "ReleaseRequest",
    "audit_details",
    "finish_hand_over",
    "hand_over",
    "prepare_release",
]

_SAFE_NAME = re.compile("^[A-Za-z0-9][A-Za-z0-9._-]*$")


def prepare_release(request: ReleaseRequest, engine: Engine) -> Prepared:
    """Decide, compile, run and stage what is new; nothing is staged when nothing is.

    Raises what ``rules.decide``, ``rules.narrow`` and ``gate.open_gate`` raise, KeyMissing, DiskFull,
    FolderReadOnly.
    """
    _require_safe_names(request)
    decision = narrow(_decide(request), request.asked)
    gate = open_gate(decision, request.datasets, request.people, as_of=request.as_of, now=request.at)
    with ExitStack() as afterwards:
        afterwards.enter_context(key_in(engine, request.key))
        making = Making(request, gate, engine, afterwards)
        made = making.make()
        staged = _stage(making, made)
        return _prepared(request, decision, made, staged)


def hand_over(prepared: Prepared) -> bool:
    """Move a prepared release to where its recipient finds it; return whether there was anything to move.

    Call it only after the audit entry and the ledger are committed. Raises ReleaseClash, DiskFull,
    FolderReadOnly.
    """
    if prepared.staged is None or prepared.final is None:
        return False
    return finish_hand_over(prepared.staged, prepared.final)


def finish_hand_over(staging: Path, final: Path) -> bool:
    """Do a hand-over that was written down as ready, once, however often this is called.

    Raises as ``hand_over``.
    """
    return deliver.move_into_place(staging, final)


def audit_details(prepared: Prepared) -> Mapping[str, object]:
    """Return what the audit entry says of a release: counts, names of fields, ids and hashes; no value."""
    decision = prepared.decision
    return {
        "release": prepared.release_id,
        "flow": prepared.flow,
        "agreement_sha256": decision.agreement_sha256,
        "party": decision.party,
        "role": decision.role,
        "level": decision.level.value,
        "fields": list(prepared.fields_released),
        "fields_withheld": [name for name, _ in prepared.fields_withheld],
        "released": prepared.released,
        "released_new": prepared.released_new,
        "withheld": dict(prepared.withheld),
        "sql_sha256": prepared.sql_sha256,
        "content_sha256": prepared.content_sha256,
    }


def _stage(making: Making, made: Made) -> Path | None:
    if made.release_id is None:
        return None
    request = making.request
    folder = request.staging / made.release_id
    rows = making.engine.stream(making.delivery(made.new))
    deliver.stage_delivery(folder, rows, _papers(request, making.gate, made.release_id, made.new.count()))
    return folder


def _papers(request: ReleaseRequest, gate: Gate, release_id: str, rows: int) -> Papers:
    return Papers(
        release_id=release_id,
        flow=request.flow,
        recipient=request.recipient,
        decision=gate.decision,
        columns=describe_columns(gate.decision, gate.parts),
        as_of=request.as_of,
        prepared_at=request.at,
        rows=rows,
    )


def _prepared(request: ReleaseRequest, decision: Decision, made: Made, staged: Path | None) -> Prepared:
    return Prepared(
        flow=request.flow,
        recipient=request.recipient,
        decision=decision,
        fields_released=_released(decision),
        fields_withheld=_withheld(decision),
        released=made.rows.count(),
        released_new=made.new.count(),
        withheld=made.withheld,
        outcomes=made.outcomes,
        ledger=made.ledger,
        subjects=made.subjects,
        sql=made.sql,
        sql_sha256=hashlib.sha256(made.sql.encode()).hexdigest(),
        content_sha256=made.content_sha256,
        release_id=made.release_id,
        staged=staged,
        final=_final(request, made.release_id) if made.release_id else None,
    )


def _decide(request: ReleaseRequest) -> Decision:
    """Decide over every list but the recipient's own that the agreement does not name."""
    named = {term.dataset for term in request.agreement.data}
    standards = {
        name: item.standard for name, item in request.datasets.items() if name in named or not item.own
    }
    return decide(
        request.agreement,
        party=request.party,
        role=request.role,
        level=request.level,
        at=request.at,
        standards=standards,
    )


def _released(decision: Decision) -> tuple[str, ...]:
    return tuple(f"{held.dataset}.{item.field}" for held in decision.datasets for item in held.shown)


def _withheld(decision: Decision) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{held.dataset}.{item.field}", item.why)
        for held in decision.datasets
        for item in held.fields
        if item.form is None
    )


def _final(request: ReleaseRequest, release_id: str) -> Path:
    return request.outbox / request.recipient / request.flow / release_id


def _require_safe_names(request: ReleaseRequest) -> None:
    for name in (request.recipient, request.flow):
        if not _SAFE_NAME.fullmatch(name):
            raise FlowInvalid(
                "The flow's or the recipient's name cannot be the name of a folder.",
                "Use letters, digits, dots, hyphens and underscores.",
            )
