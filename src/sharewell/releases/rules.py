"""The gate's decision: deny by default, ``never`` always wins, every answer names its clause.

Pure: the same agreement, request and instant give the same decision. Start with ``decide``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sharewell.agreements.rules import ends_at, require_live, sunset_at
from sharewell.agreements.rules.dates import rests_on_emergency
from sharewell.agreements.rules.levels import QUASI
from sharewell.agreements.terms import Agreement, DataTerm, FieldTerm, Form, Level, UseTerm
from sharewell.releases.ladder import WARD_FIELD, strongest
from sharewell.releases.terms import NOT_NAMED, DatasetDecision, Decision, FieldDecision
from sharewell.sources.terms import Field, FieldType, Standard
from sharewell.vocab.clock import LONDON
from sharewell.vocab.errors import AgreementInvalid, FieldNotCovered, NotCovered, UnknownColumn, Where
from sharewell.vocab.sensitivity import Sensitivity

_WARD = Field(WARD_FIELD, FieldType.CODE, "Ward", sensitivity=Sensitivity.QUASI)


def decide(
    agreement: Agreement,
    *,
    party: str,
    role: str,
    level: Level,
    at: datetime,
    standards: Mapping[str, Standard],
) -> Decision:
    """Return what an agreement lets a role of a party have at a level, for the datasets of ``standards``.

    ``at`` is an aware instant. A use must name the party, the role and exactly that level.
    Raises AgreementNotActive, AgreementNotStarted or AgreementEnded; NotCovered for a party, role, level or
    dataset that the agreement does not name; UnknownColumn when it names a field its standard lacks.
    """
    require_live(agreement, at)
    uses = _uses(agreement, party, role, level)
    _require_datasets(agreement, standards)
    datasets = tuple(
        _dataset(place, term, standards[term.dataset], party, level)
        for place, term in enumerate(agreement.data)
        if term.dataset in standards
    )
    return Decision(
        agreement_id=agreement.id,
        agreement_sha256=agreement.sha256,
        party=party,
        role=role,
        level=level,
        datasets=datasets,
        small_numbers=agreement.small_numbers,
        starts=_london_midnight(agreement.time.starts),
        ends=_last_instant(agreement),
        may=tuple(sorted({item for use in uses for item in use.may})),
        k=max((use.k for use in uses if use.k is not None), default=None),
        delete_within_days=agreement.time.delete_within_days,
    )


def require_field(decision: Decision, field: str, dataset: str | None = None) -> tuple[FieldDecision, ...]:
    """Return how a field leaves, one answer a dataset that shows it; ``dataset`` narrows the question.

    Raises FieldNotCovered with the clause and the nearest thing allowed when no dataset shows it.
    """
    asked = [
        item
        for held in decision.datasets
        if dataset in (None, held.dataset)
        for item in held.fields
        if item.field == field
    ]
    shown = tuple(item for item in asked if item.form is not None)
    if shown:
        return shown
    raise FieldNotCovered(
        f"Agreement {decision.agreement_id} does not let {field} out at the {decision.level} level. "
        + " ".join(f"{item.clause}: {item.why}" for item in asked),
        _nearest_field(decision, asked),
        Where(column=field),
    )


def narrow(decision: Decision, asked: Mapping[str, Sequence[str]]) -> Decision:
    """Return the decision with only the fields a flow asks for; what it does not ask for is withheld.

    ``asked`` maps a dataset to field names. When it names any, a dataset that is not in it shows nothing;
    when it is empty the flow asks for all that was agreed.
    Raises FieldNotCovered for a field the agreement does not give, NotCovered for an unknown dataset.
    """
    for name, fields in asked.items():
        if decision.dataset(name) is None:
            raise _uncovered_dataset(
                decision.agreement_id, [name], [item.dataset for item in decision.datasets]
            )
        for field in fields:
            require_field(decision, field, name)
    if not asked:
        return decision
    return replace(decision, datasets=tuple(_narrowed(item, asked) for item in decision.datasets))


def explain(decision: Decision) -> tuple[str, ...]:
    """Return the decision in words, one sentence a field."""
    return tuple(_sentence(dataset.dataset, item) for dataset in decision.datasets for item in dataset.fields)


def _sentence(dataset: str, item: FieldDecision) -> str:
    if item.form is None:
        nearest = f" {item.nearest}" if item.nearest else ""
        return f"{dataset}.{item.field} is withheld: {item.why} ({item.clause}){nearest}"
    lowered = "" if item.agreed is item.form else f" (agreed as {item.agreed}; the level shows no more)"
    return f"{dataset}.{item.field} leaves as {item.form}{lowered}: {item.why} ({item.clause})"


def _london_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _last_instant(agreement: Agreement) -> datetime:
    """Return when nothing more may leave: the end, or the sunset of an emergency that it rests on."""
    sunset = sunset_at(agreement)
    ends = ends_at(agreement)
    return min(ends, sunset) if sunset is not None and rests_on_emergency(agreement) else ends


def _uses(agreement: Agreement, party: str, role: str, level: Level) -> list[UseTerm]:
    """Return the uses that name the party, the role and the level, or refuse with the nearest one."""
    of_party = [use for use in agreement.use if use.party == party]
    of_role = [use for use in of_party if role in use.roles]
    found = [use for use in of_role if use.level is level]
    if found:
        return found
    allowed = "; ".join(
        f"{use.party} as {', '.join(use.roles)} at the {use.level} level"
        for use in (of_role or of_party or agreement.use)
    )
    raise NotCovered(
        f"Agreement {agreement.id} does not let {party} as {role} have the {level} level.",
        f"The nearest it allows: {allowed or 'nothing'}.",
    )


def _require_datasets(agreement: Agreement, standards: Mapping[str, Standard]) -> None:
    named = [term.dataset for term in agreement.data]
    missing = sorted(set(standards) - set(named))
    if missing:
        raise _uncovered_dataset(agreement.id, missing, named)
    if len(set(named)) != len(named):
        raise AgreementInvalid(
            f"Agreement {agreement.id} names one dataset twice under `data`.",
            "Give each list its own dataset name, so that a clause can be told from another.",
        )


def _uncovered_dataset(agreement_id: str, missing: Sequence[str], named: Sequence[str]) -> NotCovered:
    return NotCovered(
        f"Agreement {agreement_id} does not cover {', '.join(missing)}.",
        f"The nearest it allows: {', '.join(named) or 'nothing'}.",
    )


def _dataset(place: int, term: DataTerm, standard: Standard, recipient: str, level: Level) -> DatasetDecision:
    """Decide every field that the agreement or the standard names."""
    clause = f"data[{place}]"
    own_key = level is Level.EXISTENCE and term.party == recipient
    named = list(dict.fromkeys([*(item.name for item in term.fields), *term.never, *standard.names]))
    fields = tuple(_field(name, term, clause, standard, level, own_key) for name in named)
    return DatasetDecision(term.dataset, term.party, clause, term.rows, fields, term.never)


def _field(
    name: str, term: DataTerm, clause: str, standard: Standard, level: Level, own_key: bool
) -> FieldDecision:
    agreed = term.field(name)
    if name in term.never:
        return FieldDecision(name, None, f"{clause}.never", "The agreement says it may never leave.")
    if agreed is None:
        return FieldDecision(name, None, f"{clause}.fields", NOT_NAMED, _instead(term, level))
    if own_key:
        return FieldDecision(name, None, clause, "The recipient's own list is only the key of the answer.")
    field = standard.field(name) or (_WARD if name == WARD_FIELD else None)
    if field is None:
        raise UnknownColumn(
            f"The agreement names {name} at {clause}.fields.{name}, but {standard.name} has no such field.",
            f"It has: {', '.join(standard.names)}.",
            Where(column=name),
        )
    return _shown(field, agreed, f"{clause}.fields.{name}", level)


def _shown(field: Field, agreed: FieldTerm, clause: str, level: Level) -> FieldDecision:
    form = strongest(field, agreed.form, level)
    decided = FieldDecision(
        field.name, form, clause, agreed.why, None, agreed.form, field.type, _is_quasi(field, form)
    )
    return decided if form is not None else _lowered_away(decided, level)


def _is_quasi(field: Field, form: Form | None) -> bool:
    return form in QUASI or (form is Form.AS_IS and field.sensitivity is Sensitivity.QUASI)


def _lowered_away(item: FieldDecision, level: Level) -> FieldDecision:
    """Say why a field that the agreement names still does not leave, and what would."""
    if item.agreed is Form.COUNT:
        why = f"It is agreed as a count, which the {level} level cannot show beside a person."
        return replace(item, why=why, nearest="A count at the aggregate level.")
    return replace(
        item,
        why=f"A {item.type} cannot be given as {item.agreed}.",
        nearest="flag, or a form that fits its type, if the agreement said so.",
    )


def _instead(term: DataTerm, level: Level) -> str | None:
    named = ", ".join(item.name for item in term.fields if item.name not in term.never)
    return f"At the {level} level the agreement names {named}." if named else None


def _nearest_field(decision: Decision, asked: Sequence[FieldDecision]) -> str:
    said = [item.nearest for item in asked if item.nearest]
    if said:
        return " ".join(dict.fromkeys(said))
    shown = [f"{item.field} as {item.form}" for held in decision.datasets for item in held.shown]
    return f"The nearest allowed: {', '.join(dict.fromkeys(shown)) or 'nothing'}."


def _narrowed(dataset: DatasetDecision, asked: Mapping[str, Sequence[str]]) -> DatasetDecision:
    wanted = set(asked.get(dataset.dataset, ()))
    fields = tuple(
        item
        if item.form is None or item.field in wanted
        else replace(item, form=None, why="The flow does not ask for it.", quasi=False)
        for item in dataset.fields
    )
    return replace(dataset, fields=fields)
