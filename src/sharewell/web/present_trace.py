"""What the page of one row's way shows: plain sentences, step by step, and never a value of the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sharewell.flows.terms import Trace
from sharewell.web.names import Names
from sharewell.web.present_run import Rows, instant, released_items
from sharewell.web.wording import (
    LINKED_BY,
    OUTCOMES,
    PERSON_LEFT_OUT,
    PLACE_ANSWERS,
    PLACE_EVIDENCE,
    PLACE_PARTS,
    PLACE_STANDING,
    say,
)

Section = Mapping[str, Any]
EVEN, CERTAIN = 2, 1_000_000


@dataclass(frozen=True)
class TraceStep:
    """One step of a row's way: sentences, then a table if it has one. ``folded`` titles a table shut away."""

    title: str
    lines: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    folded: str = ""


def trace_title(trace: Trace, names: Names) -> str:
    """Return which row of which list this is."""
    return _("Row %(row)s of %(list)s") % {"row": f"{trace.row:,}", "list": names.list_title(trace.source)}


def trace_outcome(trace: Trace) -> str:
    """Return what became of the row, in one sentence."""
    return say(OUTCOMES, trace.outcome)


def trace_steps(trace: Trace, names: Names) -> list[TraceStep]:
    """Return a row's way as steps, in the order in which they happened."""
    if trace.set_aside:
        return [_read(trace, names), _set_aside(trace, names)]
    steps = (
        _read(trace, names),
        _cleaned(trace, names),
        _place(trace.place),
        _person(trace.link),
        _decision(trace.decision, names),
        _delivery(trace.delivery, names),
        _proof(trace.audit),
    )
    return [step for step in steps if step is not None]


def _read(trace: Trace, names: Names) -> TraceStep:
    told = {"row": f"{trace.row:,}", "file": trace.file, "who": names.organisation(trace.organisation)}
    return TraceStep(_("Read"), (_("Row %(row)s of the file %(file)s, given by %(who)s.") % told,))


def _set_aside(trace: Trace, names: Names) -> TraceStep:
    reasons = tuple(f"{names.reason(trace.source, code)}." for code in trace.set_aside)
    back = _("It can go back to %s to be mended, and be sent again.") % names.organisation(trace.organisation)
    return TraceStep(_("Set aside"), (*reasons, back))


def _cleaned(trace: Trace, names: Names) -> TraceStep:
    if not trace.changes:
        return TraceStep(_("Cleaned"), (_("Nothing had to be changed."),))
    changed = len(trace.changes)
    line = ngettext("%(count)d value was changed.", "%(count)d values were changed.", changed)
    return TraceStep(
        _("Cleaned"),
        (line % {"count": changed},),
        header=(_("Data item"), _("What was done, and why")),
        rows=tuple((names.item_title(trace.source, each.column), _(each.why)) for each in trace.changes),
    )


_JOINT = "+joint:"
"""What stands before the list that named the flat."""
_STANDING = tuple(f"+{word}" for word in PLACE_STANDING)
"""What may stand after a place's evidence: that it is gone, or not there yet."""


def _place(place: Section | None) -> TraceStep | None:
    if place is None:
        return None
    lines = [say(PLACE_ANSWERS, place["answer"]), *_evidence(place["evidence"] or "")]
    if place["answer"] != "none" and place["probability"]:
        lines.append(_("How sure that is: %s.") % _share(place["probability"]))
    return TraceStep(_("Place"), tuple(lines))


def _evidence(evidence: str) -> Iterable[str]:
    evidence, _plus, last = evidence.rpartition("+") if evidence.endswith(_STANDING) else (evidence, "", "")
    if last:
        yield say(PLACE_STANDING, last)
    evidence, _joint, knew = evidence.partition(_JOINT)
    if knew:
        yield _("Which home it is, another row of the same person tells: %s.") % knew
    if evidence in PLACE_EVIDENCE:
        yield say(PLACE_EVIDENCE, evidence)
        return
    parts = [part for part in evidence.removeprefix("search:").split("+") if part]
    if parts:
        yield _("What agrees: %s.") % ", ".join(say(PLACE_PARTS, part) for part in parts)
    if evidence.startswith("search:"):
        yield _("The postcode did not lead to it; it was found by searching.")


def _share(probability: float) -> str:
    """Return a probability as hundredths, never rounded up to certainty."""
    return _("more than 99.9%%") % () if probability > 0.999 else f"{100 * probability:.1f}%"


def _person(link: Section | None) -> TraceStep | None:
    if link is None:
        return None
    count = link["records_of_this_person"]
    records = ngettext(
        "The lists hold %(count)d record of this person.",
        "The lists hold %(count)d records of this person.",
        count,
    )
    known = _("Known here as %s, a reference that says nothing about the person.") % link["person"]
    return TraceStep(_("Person"), (known, records % {"count": count}, *_linked(link)))


def _linked(link: Section) -> Iterable[str]:
    if link["strength"] is None:
        yield _("No other record was close enough to be the same person.")
        return
    parts = [say(LINKED_BY, part) for part in str(link["linked_by"]).split("+") if part]
    yield _("What joins it to the closest other record: %s.") % ", ".join(parts)
    yield _odds(float(str(link["strength"]).split()[0]))


def _odds(bits: float) -> str:
    """Return the strength of a link, in bits (log2 of the odds), as odds that people can judge."""
    odds = 2.0 ** min(bits, 60)
    if odds < EVEN:
        return _("By itself that is weak: the odds that both are one person are about even or less.")
    if odds > CERTAIN:
        return _("The odds that both are one person are more than a million to 1.")
    return _("The odds that both are one person are about %s to 1.") % f"{_rounded(odds):,}"


def _rounded(odds: float) -> int:
    """Return a number with two figures that count."""
    return int(float(f"{odds:.2g}"))


def _decision(decision: Section | None, names: Names) -> TraceStep | None:
    if decision is None:
        return None
    agreement = decision["agreement"]
    if decision["reason"]:
        why = _("Agreement %s does not let this person out.") % agreement
        lines = why, say(PERSON_LEFT_OUT, decision["reason"]), *_said_by(decision["clause"], names)
        return TraceStep(_("Decision"), lines)
    return TraceStep(
        _("Decision"),
        (_("Agreement %s lets this person into the release.") % agreement,),
        header=(_("Data item"), _("List"), _("Leaves as"), _("Clause")),
        rows=tuple(_allowed(decision["fields_released"], names)),
        folded=_("The data items that the agreement lets out"),
    )


def _said_by(clause: str, names: Names) -> Iterable[str]:
    """Return where it stands that a person is left out: in a list, or in a clause of the agreement."""
    by_list = {
        "objection.": _("The objection stands in this list: %s."),
        "people.in_all.": _("The person is missing from this list: %s."),
        "people.not_in.": _("The person is in this list: %s."),
    }
    for start, words in by_list.items():
        if clause.startswith(start):
            yield words % names.list_title(clause.removeprefix(start))
            return
    if "[" in clause or "." in clause:
        yield _("The agreement's clause that says so: %s.") % clause


def _allowed(fields: Mapping[str, str] | list[str] | None, names: Names) -> Rows:
    clauses = fields if isinstance(fields, Mapping) else {}
    return released_items(fields or (), clauses, names)


def _delivery(delivery: Section | None, names: Names) -> TraceStep | None:
    if delivery is None:
        return None
    at = instant(datetime.fromisoformat(delivery["handed_over"]))
    told = {"who": names.organisation(delivery["recipient"]), "at": at}
    return TraceStep(
        _("Delivery"),
        (
            _("Handed over to %(who)s on %(at)s.") % told,
            _("The release lies in %s.") % delivery["folder"],
        ),
    )


def _proof(audit: Section | None) -> TraceStep | None:
    if audit is None:
        return None
    entries = f"{audit['entries_verified']:,}"
    lines = [_("The audit log was checked just now: its %s entries are whole and unchanged.") % entries]
    if not audit["log_is_whole"]:
        lines = [_("The audit log has been changed or damaged. Do not rely on this page."), _what_next()]
    if audit.get("release_names_this_person") is True:
        lines.append(_("The log's entry of that release covers this person."))
    elif "release_names_this_person" in audit:
        lines.append(_("The log's entry of that release cannot be shown to cover this person."))
    return TraceStep(_("Proof"), tuple(lines))


def _what_next() -> str:
    return _("Run `sharewell audit verify` to see what is wrong with it.")
