"""Settle what a list's columns mean against its supplier's last delivery, and remember its layout."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sharewell.flows.fetch import shown_file
from sharewell.flows.terms import RunReport, SourceReport, SourceSpec
from sharewell.sources.delivery import Settled, keep_layout, require_settled, sample_of, settle_mapping
from sharewell.sources.origin import is_origin
from sharewell.sources.read import Read
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import DeliveryChanged, MappingUnconfirmed, SharewellError

if TYPE_CHECKING:
    from sharewell.flows.actions import Work
    from sharewell.flows.prepare import PreparedList

_UNSHOWN = "ADDRESS"
_NOT_KEPT = "How this list was laid out could not be remembered: {}"


def settle_columns(run: Work, spec: SourceSpec, read: Read, standard: Standard, path: Path) -> Settled:
    """Return what a list's columns mean, stopping where a person must say so; nothing is written.

    Raises DeliveryChanged (not laid out as the supplier's last delivery) or MappingUnconfirmed (a column was
    only guessed), with the command that settles it from the folder the run was started in. Where the list's
    address has more than may be shown, the command says ``ADDRESS`` for it: a refusal is stored and shown.
    """
    settled = settle_mapping(
        read.facts.columns, standard, sample_of(read.kept), run.place.standards, run.supplier(spec)
    )
    settled = replace(settled, options=_options(run, spec))
    named, advice = _named(spec, path)
    try:
        require_settled(settled, named)
    except (DeliveryChanged, MappingUnconfirmed) as refusal:
        refusal.where = replace(refusal.where, file=shown_file(spec.file))
        refusal.next_step += advice
        raise
    return settled


def _named(spec: SourceSpec, path: Path) -> tuple[str, str]:
    """Return how the settling command names the list, and what else must be said of that."""
    if not is_origin(spec.file):
        return os.path.relpath(path), ""
    if spec.file == shown_file(spec.file):
        return spec.file, ""
    return _UNSHOWN, f" Write the list's address, as the flow file has it in quotes, for {_UNSHOWN}."


def _options(run: Work, spec: SourceSpec) -> tuple[str, ...]:
    """Return what the settling command must be told beside the file: its sheet; from outside, the place."""
    sheet = ("--sheet", spec.sheet) if spec.sheet else ()
    is_inside = Path.cwd().is_relative_to(run.place.folder)
    return (*sheet, *(() if is_inside else ("--dir", os.path.relpath(run.place.folder))))


def told_of_layout(settled: Settled) -> tuple[str, ...]:
    """Return what people should know of a delivery that goes unattended: its columns in another order."""
    return tuple(change.text for change in settled.changes)


def remember_layouts(run: Work, lists: Sequence[PreparedList], report: RunReport) -> RunReport:
    """Keep how each list was laid out for its supplier's next delivery, once the run has counted.

    The run stands even where that cannot be: the report then says why, list by list.
    """
    sources = (_told(each, _kept(run, item)) for each, item in zip(report.sources, lists, strict=True))
    return replace(report, sources=tuple(sources))


def _kept(run: Work, item: PreparedList) -> str:
    """Keep a list's layout; return what stood in the way, or nothing."""
    try:
        if item.settled is not None:
            keep_layout(run.place.standards, item.settled, item.facts.columns)
    except SharewellError as error:
        return f"{error.what} {error.next_step}"
    except OSError:
        return "The standards folder cannot be read or written."
    return ""


def _told(source: SourceReport, problem: str) -> SourceReport:
    return replace(source, notes=(*source.notes, _NOT_KEPT.format(problem))) if problem else source
