"""The grammar of an agreement file as one table. Any key that is not here is refused."""

from __future__ import annotations

import re
from typing import Final

from sharewell.agreements.read.specs import (
    Choice,
    Day,
    Either,
    Items,
    Key,
    Name,
    Record,
    RowTestSpec,
    Spec,
    Table,
    Whole,
    Words,
)
from sharewell.agreements.terms import Form, Level, Status
from sharewell.vocab.lawful import ARTICLE6, ARTICLE10_ID, SPECIAL_ID
from sharewell.vocab.parties import BODY_TYPES, ROLES
from sharewell.vocab.purposes import PURPOSES

ID: Final = Name(
    re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}"),
    "an id of small letters, digits and hyphens, such as bwd-2026-014",
)
WORD: Final = Name(
    re.compile(r"[a-z][a-z0-9_]{0,63}"),
    "a name of small letters, digits and underscores, starting with a letter",
)
DATASET: Final = Name(
    re.compile(r"[a-z][a-z0-9_-]{0,63}"), "a dataset's name in small letters, such as low_income_benefits"
)
ORG: Final = Name(re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"), "an organisation's code, such as E06000008")
PLACE: Final = Name(re.compile(r"[EWSNK][0-9]{8}"), "an ONS code, such as E06000008")
GATEWAY: Final = Name(
    re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+){0,9}"), "a gateway's id, such as dea2017-s35-fuel-poverty"
)
SPECIAL: Final = Name(SPECIAL_ID, "a condition such as art9-2-g/sch1-6")
ARTICLE10: Final = Name(ARTICLE10_ID, "official-authority, or a condition such as sch1-10")
REFERENCE: Final = Words("a reference, such as DPIA-2026-031")
ROLE_OR_PERSON: Final = Words("a role, such as Data Protection Officer")
NOTICE: Final = Name(
    re.compile(r"(https://|doc:)[!-~]{1,500}"),
    "the notice's address (https://...), or doc: and its reference",
)


def needed(spec: Spec) -> Key:
    """Return a key that must be there."""
    return Key(spec, required=True)


def optional(spec: Spec) -> Key:
    """Return a key that may be left out."""
    return Key(spec, required=False)


TRIED: Final = Record(
    {
        "level": needed(Choice(tuple(Level))),
        "result": needed(Words("what it showed and why it was not enough")),
        "evidence": needed(Words("where the evidence lies, such as run:2026-10-02/a41f")),
    },
    "a map of level, result and evidence",
)
NOT_TRIED: Final = Record(
    {
        "exception": needed(Words("the statutory exception that says why")),
        "by": needed(ROLE_OR_PERSON),
        "on": needed(Day()),
    },
    "a map of exception, by and on",
)
WHY: Final = Record(
    {
        "purpose": needed(Choice(tuple(sorted(PURPOSES)))),
        "plain_words": needed(Words("the purpose in words that the public would understand")),
        "tried_first": optional(Items(TRIED, "a list of what was tried first")),
        "not_tried": optional(NOT_TRIED),
    },
    "a map of purpose, plain_words and tried_first",
)
PARTY: Final = Record(
    {
        "org": needed(ORG),
        "types": needed(Items(Choice(tuple(BODY_TYPES)), "a list of body types")),
        "role": needed(Choice(tuple(ROLES))),
        "contact": needed(Words("an e-mail address or telephone number")),
        "requested_by": optional(ROLE_OR_PERSON),
        "approved_by": optional(ROLE_OR_PERSON),
    },
    "a map of org, types, role, contact and approved_by",
)
LAWFUL: Final = Record(
    {
        "article6": needed(Choice(tuple(ARTICLE6))),
        "gateway": optional(GATEWAY),
        "special": optional(SPECIAL),
        "policy_document": optional(REFERENCE),
        "article10": optional(ARTICLE10),
        "confidentiality": optional(Words("the route that lifts the duty of confidence")),
        "request": optional(REFERENCE),
    },
    "a map of article6 and gateway",
)
ATTESTATION: Final = Record(
    {
        "gateway": needed(GATEWAY),
        "condition": needed(WORD),
        "by": needed(ROLE_OR_PERSON),
        "on": needed(Day()),
        "evidence": needed(Words("where the evidence lies, such as doc:FP-2026-3")),
    },
    "a map of gateway, condition, by, on and evidence",
)
DPIA: Final = Record(
    {"reference": needed(REFERENCE), "approved_on": needed(Day()), "approved_by": needed(ROLE_OR_PERSON)},
    "a map of reference, approved_on and approved_by",
)
FIELD: Final = Record(
    {
        "as": needed(Choice(tuple(Form))),
        "why": needed(Words("why this item is needed, in at least three words")),
    },
    "a map of as and why",
)
DATA: Final = Record(
    {
        "from": needed(WORD),
        "dataset": needed(DATASET),
        "rows": needed(Items(RowTestSpec(WORD, PLACE), "a list of row tests", least=0)),
        "fields": needed(Table(WORD, FIELD, "a map of the fields that may leave")),
        "never": optional(Items(WORD, "a list of fields that may never leave", least=0)),
        "redaction": optional(Words("how free text is redacted, and by whom")),
    },
    "a map of from, dataset, rows, fields and never",
)
USE: Final = Record(
    {
        "party": needed(WORD),
        "roles": needed(Items(WORD, "a list of roles")),
        "level": needed(Choice(tuple(Level))),
        "may": needed(Items(WORD, "a list of what they may do, such as contact_resident")),
        "k": optional(Whole(1, 100_000)),
    },
    "a map of party, roles, level and may",
)
SMALL_NUMBERS: Final = Record(
    {"suppress_at_or_below": needed(Whole(0, 1000)), "round_to": needed(Whole(1, 1000))},
    "a map of suppress_at_or_below and round_to",
)
TIME: Final = Record(
    {
        "starts": needed(Day()),
        "review_by": needed(Day()),
        "ends": needed(Day()),
        "delete_within_days": needed(Whole(-36_500, 36_500)),
    },
    "a map of starts, review_by, ends and delete_within_days",
)
HIDDEN_LOG: Final = Record(
    {
        "delayed_until": optional(Day()),
        "exempt": optional(Words("the exemption relied on")),
        "reason": optional(Words("the reason")),
        "reviewer": optional(ROLE_OR_PERSON),
        "on": optional(Day()),
    },
    "a map of delayed_until or exempt, with reason and reviewer",
)
RIGHTS: Final = Record(
    {
        "contact": needed(Words("an e-mail address or telephone number")),
        "privacy_notice": optional(NOTICE),
        "my_log": optional(Either("shown", HIDDEN_LOG)),
    },
    "a map of contact, privacy_notice and my_log",
)
EMERGENCY: Final = Record(
    {
        "request": needed(REFERENCE),
        "made_on": needed(Day()),
        "by": needed(ROLE_OR_PERSON),
        "sunset_hours": needed(Whole(1, 720)),
    },
    "a map of request, made_on, by and sunset_hours",
)
ONWARD: Final = Record(
    {"to": needed(ORG), "why": needed(Words("why it goes on")), "gateway": optional(GATEWAY)},
    "a map of to, why and gateway",
)
AGREEMENT: Final = Record(
    {
        "sharewell": needed(Choice(("agreement/1",))),
        "id": needed(ID),
        "title": needed(Words("a title")),
        "status": needed(Choice(tuple(Status))),
        "place": needed(PLACE),
        "why": needed(WHY),
        "parties": needed(Table(WORD, PARTY, "a map of the parties by a short name each")),
        "lawful": optional(Table(WORD, LAWFUL, "a map from party to lawful basis")),
        "attestations": optional(Items(ATTESTATION, "a list of attestations", least=0)),
        "dpia": optional(DPIA),
        "register_entry": optional(REFERENCE),
        "data": needed(Items(DATA, "a list of what each party releases")),
        "use": needed(Items(USE, "a list of who may use it")),
        "small_numbers": optional(SMALL_NUMBERS),
        "time": needed(TIME),
        "onward": optional(Either("none", Items(ONWARD, "a list of who it may go on to"))),
        "rights": optional(RIGHTS),
        "emergency": optional(EMERGENCY),
    },
    "an agreement: a map that starts with `sharewell: agreement/1`",
)
