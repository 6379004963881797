"""Cedar as a second opinion: the same agreements, written as policies, must give the same answers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import cedarpy
import pytest
from gate_town import BENEFIT_TERM, BENEFITS, CALLS, CALLS_TERM, agreement, with_forms

from sharewell.agreements.terms import Agreement, Form, Level
from sharewell.releases.rules import decide
from sharewell.vocab.errors import SharewellError

STANDARDS = {"benefits": BENEFITS, "calls": CALLS}
STARTS, ENDS = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 31, 23, tzinfo=UTC)
REQUESTS = 600
AGREEMENTS = 6

# Written out again on purpose: what each kind of field can be lowered to, most telling first.
DATE = ["identifiable", "year", "age_band_5", "age_band_10", "flag", "existence", "count"]
DAY = ["identifiable", "as_is", "year", "age_band_5", "age_band_10", "flag", "existence", "count"]
PLACE = ["identifiable", "outcode", "ward", "flag", "existence", "count"]
DIRECT = ["identifiable", "pseudonym", "flag", "existence", "count"]
VALUE = ["identifiable", "as_is", "flag", "existence", "count"]
KINDS = {
    ("benefits", "nhs_number"): DIRECT,
    ("benefits", "name"): DIRECT,
    ("benefits", "phone"): DIRECT,
    ("benefits", "nino"): DIRECT,
    ("benefits", "date_of_birth"): DATE,
    ("benefits", "postcode"): PLACE,
    ("benefits", "claimed_on"): DAY,
    ("benefits", "pension_credit"): VALUE,
    ("benefits", "tenure"): VALUE,
    ("benefits", "lad"): VALUE,
    ("benefits", "children"): VALUE,
    ("benefits", "award"): VALUE,
    ("calls", "name"): DIRECT,
    ("calls", "called_on"): DAY,
}
LOWEST = ["flag", "existence", "count"]
PSEUDONYMISED = ["as_is", "pseudonym", "year", "age_band_5", "age_band_10", "outcode", "ward"]
AT_LEVEL = {
    "aggregate": ["count"],
    "existence": LOWEST,
    "pseudonymised": [*PSEUDONYMISED, *LOWEST],
    "identifiable": ["identifiable", *PSEUDONYMISED, *LOWEST],
}


def no_more_than(order: list[str], agreed: str) -> list[str]:
    """The forms that tell no more than the agreed one; a bare value must be agreed as such."""
    if agreed == "as_is" and "as_is" not in order:
        agreed = "identifiable"
    if agreed not in order:
        return []
    return [form for form in order[order.index(agreed) :] if form != "as_is" or agreed == "as_is"]


def as_cedar(made: Agreement) -> str:
    """The agreement as Cedar policies: what uses permit, and the layer that always forbids."""
    uses = [
        f"""permit (principal == Party::"{use.party}", action == Action::"see",
              resource in Agreement::"{made.id}")
        when {{ {list_of(use.roles)}.contains(context.role) && context.level == "{use.level}"
                && {list_of(AT_LEVEL[use.level])}.contains(context.form)
                && resource.forms.contains(context.form)
                && context.now >= {int(STARTS.timestamp())} && context.now < {int(ENDS.timestamp())} }};"""
        for use in made.use
    ]
    forbids = [
        f'forbid (principal, action, resource in Never::"{made.id}");',
        """forbid (principal, action, resource)
        when { context.form == "count" && context.level != "aggregate" };""",
        """forbid (principal, action, resource)
        when { context.level == "existence" && resource.owner == principal };""",
    ]
    return "\n".join([*uses, *forbids])


def list_of(words: object) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"  # type: ignore[attr-defined]


def entities(made: Agreement) -> list[dict[str, object]]:
    """Every field as Cedar knows it: its owner, its forms, and whether it may never leave."""
    known: list[dict[str, object]] = []
    for (dataset, field), order in KINDS.items():
        term = next(item for item in made.data if item.dataset == dataset)
        agreed = term.field(field)
        parents = [{"type": "Agreement", "id": made.id}] if agreed else []
        if field in term.never:
            parents.append({"type": "Never", "id": made.id})
        attributes = {
            "owner": {"__entity": {"type": "Party", "id": term.party}},
            "forms": no_more_than(order, agreed.form) if agreed else [],
        }
        uid = {"type": "Field", "id": f"{dataset}.{field}"}
        known.append({"uid": uid, "attrs": attributes, "parents": parents})
    return known


def some_agreement(chance: random.Random) -> Agreement:
    """An agreement with fields, forms and never-fields picked at random."""

    def term(dataset: str, base: object) -> object:
        names = [field for held, field in KINDS if held == dataset]
        chosen = chance.sample(names, chance.randint(1, len(names)))
        formed = with_forms(base, **{name: chance.choice(list(Form)) for name in chosen})  # type: ignore[arg-type]
        return replace(formed, never=tuple(chance.sample(names, chance.randint(0, 2))))

    return agreement(term("benefits", BENEFIT_TERM), term("calls", CALLS_TERM))  # type: ignore[arg-type]


Request = tuple[str, str, str, str, str, datetime]


def some_request(chance: random.Random) -> Request:
    boundary = chance.choice([STARTS, ENDS]) + timedelta(seconds=chance.choice([-1, 0, 1]))
    inside = STARTS + (ENDS - STARTS) * chance.random()
    dataset, field = chance.choice(list(KINDS))
    return (
        chance.choice(["council", "council", "council", "dwp", "police"]),
        chance.choice(["adviser", "analyst", "adviser", "analyst", "cleaner"]),
        str(chance.choice(list(Level))),
        dataset,
        field,
        chance.choice([boundary, inside, inside]).replace(microsecond=0),
    )


def ours(made: Agreement, asked: Request) -> str | None:
    party, role, level, dataset, field, at = asked
    try:
        decision = decide(
            made, party=party, role=role, level=Level(level), at=at, standards={dataset: STANDARDS[dataset]}
        )
    except SharewellError:
        return None
    held = decision.dataset(dataset)
    assert held is not None
    return next((item.form and str(item.form) for item in held.fields if item.field == field), None)


def cedars(made: Agreement, asked: list[Request]) -> list[str | None]:
    """The most telling form that Cedar permits for each request, or none."""
    questions = [
        {
            "principal": {"type": "Party", "id": party},
            "action": {"type": "Action", "id": "see"},
            "resource": {"type": "Field", "id": f"{dataset}.{field}"},
            "context": {"role": role, "level": level, "form": form, "now": int(at.timestamp())},
        }
        for party, role, level, dataset, field, at in asked
        for form in KINDS[dataset, field]
    ]
    policies = cedarpy.PolicySet.from_str(as_cedar(made))
    answers = iter(cedarpy.is_authorized_batch(questions, policies, entities(made)))
    best: list[str | None] = []
    for _, _, _, dataset, field, _ in asked:
        order = KINDS[dataset, field]
        permitted = [
            form for form, answer in zip(order, [next(answers) for _ in order], strict=True) if answer.allowed
        ]
        best.append(permitted[0] if permitted else None)
    return best


@pytest.mark.parametrize("seed", range(AGREEMENTS))
def test_cedar_gives_the_same_answer_to_every_request(seed: int) -> None:
    chance = random.Random(seed)
    made = some_agreement(chance)
    asked = [some_request(chance) for _ in range(REQUESTS)]
    said = cedars(made, asked)
    differing = [
        (request, mine, second)
        for request, second in zip(asked, said, strict=True)
        if (mine := ours(made, request)) != second
    ]
    assert differing == []
    assert any(said) and not all(said)
