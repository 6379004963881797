"""Open, refuse and recover runs: what is written when, so that a run counts wholly or not at all."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import DatabaseError, transaction

from sharewell.accounts.queries import public_keys
from sharewell.agreements.read import read_agreement
from sharewell.agreements.rules import require_live
from sharewell.agreements.sign import require_signed
from sharewell.agreements.terms import Agreement
from sharewell.audit.actions import heal_checkpoints, record
from sharewell.flows.memory import forget_peak, peak_mb
from sharewell.flows.models import Run
from sharewell.flows.terms import Flow, RunState, SourceSpec
from sharewell.releases.actions import finish_hand_over
from sharewell.settings import Place
from sharewell.sources.connect import connect
from sharewell.sources.origin import is_origin
from sharewell.sources.terms import Standard
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.store.disk import as_refusal
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Relation
from sharewell.store.keys import KeyRing
from sharewell.store.snapshots import Snapshots
from sharewell.vocab.clock import LONDON
from sharewell.vocab.errors import FlowInvalid, SharewellError, SnapshotMissing, Where

Clock = Callable[[], datetime]
Tell = Callable[[str], None]
STAGING = "staging"
SMALL = 1_000_000
"""Bytes of a small list."""


def right_now() -> datetime:
    """Return the instant it is, in UTC."""
    return datetime.now(UTC)


def silently(message: str) -> None:
    """Say nothing."""


@dataclass
class Work:
    """Everything one run holds while it works. ``agreement`` and ``standards`` are set by ``permitted``.

    ``fetched`` has the local copy of each list that lies elsewhere, by its address.
    """

    id: str
    place: Place
    flow: Flow
    by: str
    at: datetime
    is_dry_run: bool
    engine: DuckDB
    keys: KeyRing
    snapshots: Snapshots
    say: Tell
    agreement: Agreement | None = None
    standards: dict[str, Standard] = field(default_factory=dict)
    fetched: dict[str, Path] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_mb: dict[str, float] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the day it is in London."""
        return self.at.astimezone(LONDON).date()

    @property
    def operator(self) -> str:
        """Return the organisation that runs the place, which holds what belongs to no single list."""
        return self.place.operator

    @property
    def staging(self) -> Path:
        """Return the folder in which this run's release waits to be handed over."""
        return self.place.store / STAGING / self.id

    def tell(self, message: str) -> None:
        """Say what the run is doing now."""
        self.say(message)

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the seconds spent inside to a step's total, and note the memory it reached."""
        begun = time.perf_counter()
        forget_peak()
        try:
            yield
        finally:
            spent = time.perf_counter() - begun
            self.seconds[step] = round(self.seconds.get(step, 0.0) + spent, 3)
            self.peak_mb[step] = max(self.peak_mb.get(step, 0.0), peak_mb())

    def organisation(self, party: str) -> str:
        """Return the organisation's code of a party of the agreement."""
        assert self.agreement is not None  # noqa: S101 - set by permitted(), before any list is read
        return self.agreement.parties[party].org

    def supplier(self, spec: SourceSpec) -> str:
        """Return whose layout is remembered of a source: the one it names, or its party's organisation.

        A source with a name of its own has a memory of its own too, whatever other sources the flow has or
        will have.
        """
        own = self.organisation(spec.party)
        return spec.supplier or (own if spec.name == spec.standard else f"{own} {spec.name}")

    def source_path(self, spec: SourceSpec) -> Path:
        """Return where a source's list lies on this machine: in the place, or fetched to its scratch.

        Raises FlowInvalid when a file lies outside, and what ``connect`` raises.
        """
        if is_origin(spec.file):
            if spec.file not in self.fetched:
                self.fetched[spec.file] = connect(spec.file, self.place)
            return self.fetched[spec.file]
        return self.inside(spec.file, f"the file of source {spec.name}")

    def inside(self, name: str, what: str) -> Path:
        """Return the path of a file of the place; FlowInvalid when it lies outside."""
        path = (self.place.folder / name).resolve()
        if not path.is_relative_to(self.place.folder.resolve()):
            raise FlowInvalid(
                f"{what[0].upper()}{what[1:]} lies outside the place.",
                "Put it into the place's folder, and name it from there.",
                Where(file=path.name),
            )
        return path

    def held(self, table: str) -> pa.Table | None:
        """Return a table of the place from the last run that changed it, or None."""
        return self.snapshots.held(self.operator, table)

    def load_held(self, table: str, name: str) -> Relation | None:
        """Load that table into the engine under a name, or return None."""
        try:
            return self.snapshots.load(self.operator, table, self.engine, name)
        except SnapshotMissing:
            return None


@contextlib.contextmanager
def opened_run(place: Place, flow: Flow, *, by: str, clock: Clock, tell: Tell, dry: bool) -> Iterator[Work]:
    """Open everything a run needs, and write down how it ended if it does not finish by itself."""
    open_control_plane(place)
    if not dry:
        recover_runs(place)
    keys = KeyRing.open(place)
    place.scratch.mkdir(parents=True, exist_ok=True)
    limits = Limits(_threads(place, flow), place.settings.store.memory)
    work = Work(
        id=secrets.token_hex(8),
        place=place,
        flow=flow,
        by=by,
        at=clock(),
        is_dry_run=dry,
        engine=DuckDB(place.scratch, limits),
        keys=keys,
        snapshots=Snapshots(place, keys),
        say=tell,
    )
    with contextlib.ExitStack() as after:  # each is done, whatever becomes of the others
        after.callback(close_control_plane)
        after.callback(_empty, place.scratch)
        after.callback(work.engine.close)
        if dry:
            after.callback(shutil.rmtree, work.staging, ignore_errors=True)
        try:
            _begin(work)
            yield work
        except BaseException as error:
            _end_early(work, error)
            raise


def _threads(place: Place, flow: Flow) -> int:
    """Return one thread for small lists, which threads would only wait for each other over."""
    names = [*(source.file for source in flow.sources), *([flow.gazetteer] if flow.gazetteer else [])]
    if any(is_origin(name) for name in names):
        return place.settings.store.threads
    paths = [place.folder / name for name in names]
    is_small = all(path.is_file() and path.stat().st_size < SMALL for path in paths)
    return 1 if is_small else place.settings.store.threads


def recover_runs(place: Place) -> None:
    """Carry committed runs to their end, mark interrupted ones stopped, and sweep what they left.

    Called under the place's lock. A run that had not committed has let nothing out. A committed one is
    handed over now, unless its agreement was suspended or ended meanwhile: then it waits.
    """
    waiting = {run.pk for run in Run.objects.filter(state=RunState.COMMITTED) if not _handed_over(place, run)}
    Run.objects.filter(state=RunState.RUNNING).update(state=RunState.STOPPED, finished_at=right_now())
    heal_checkpoints()
    _empty(place.scratch)
    _empty(place.store / STAGING, but=waiting)
    Snapshots(place, KeyRing.open(place)).sweep()


def _handed_over(place: Place, run: Run) -> bool:
    """Hand a committed release over, and return whether it has left; one the recipient took is done too."""
    staging, final = place.folder / run.staging, place.folder / run.final
    if staging.exists() and not _may_leave(place, run):
        return False
    if staging.exists() or final.exists():
        finish_hand_over(staging, final)
    Run.objects.filter(pk=run.pk).update(state=RunState.FINISHED, finished_at=right_now())
    return True


def _may_leave(place: Place, run: Run) -> bool:
    """Return whether the run's agreement is still live and signed as it stands."""
    path = place.agreements / f"{run.agreement}.yaml"
    try:
        agreement = read_agreement(path)
        require_live(agreement, right_now())
        require_signed(agreement, path, public_keys())
    except SharewellError:
        return False
    return True


def _begin(work: Work) -> None:
    if work.is_dry_run:
        return
    Run.objects.create(
        id=work.id,
        flow=work.flow.id,
        title=work.flow.title,
        state=RunState.RUNNING,
        by=work.by,
        agreement=work.flow.agreement,
        recipient=work.flow.to.party,
        started_at=work.at,
    )


def _end_early(work: Work, error: BaseException) -> None:
    """Write a refusal to the run and the audit log; a machine that cannot write may prevent that.

    A run that has committed is left as it is: its release is certain, and the next run hands it over.
    """
    if work.is_dry_run:
        return
    refusal = as_refusal(error) if isinstance(error, Exception) else None
    with contextlib.suppress(DatabaseError, OSError, SharewellError), transaction.atomic():
        if _mark_ended(work, refusal) and refusal:
            _record_refusal(work, refusal)
    if not Run.objects.filter(pk=work.id, state=RunState.COMMITTED).exists():
        shutil.rmtree(work.staging, ignore_errors=True)


def _mark_ended(work: Work, refusal: SharewellError | None) -> int:
    problem: Mapping[str, Any] = refusal.as_dict() if refusal else {"error": "stopped"}
    return Run.objects.filter(pk=work.id, state=RunState.RUNNING).update(
        state=RunState.REFUSED if refusal else RunState.STOPPED, finished_at=right_now(), problem=problem
    )


def _record_refusal(work: Work, refusal: SharewellError) -> None:
    record(
        by=work.by,
        action="run.refused",
        run=work.id,
        agreement=work.flow.agreement,
        recipient=work.flow.to.party,
        details={"flow": work.flow.id, "error": refusal.code},
        at=work.at,
        key=work.keys.log_key(),
    )


def _empty(folder: Path, but: Collection[str] = ()) -> None:
    for left in folder.glob("*") if folder.is_dir() else ():
        if left.name in but:
            continue
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
