"""One fault each: what an agreement may not say, the code it gets and the clause that is named."""

from __future__ import annotations

import dataclasses

import pytest
from agreement_samples import DROP, TODAY, WINTER, broken, findings_of, good

from sharewell.agreements.rules import check_agreement
from sharewell.agreements.terms import Level, Severity, UseTerm

FIELDS = "data/0/fields"

WRITTEN = [
    # what the file says, what it is turned into, the code, the clause
    ("status: active", "status: active\nstatus: draft", "duplicate_key", "status"),
    ("role: controller,", "role: controller, role: recipient,", "duplicate_key", "parties.council.role"),
    ("place: E06000008", "place: &here E06000008", "anchor", "place"),
    ("place: E06000008", "place: *here", "alias", "place"),
    ("place: E06000008", "place: !!str E06000008", "tag", "place"),
    ("place: E06000008", "place: !ons E06000008", "tag", "place"),
    ("dpia: {", "dpia: {<<: {a: b}, ", "merge_key", "dpia.\\u003c\\u003c"),
    ("onward: none", "onward: none\n---\nsharewell: agreement/1", "many_documents", "file"),
    ("sharewell: agreement/1", "%YAML 1.1\n---\nsharewell: agreement/1", "directive", "file"),
    ('starts: "2026-11-01"', "starts: 2026-11-01", "unquoted_date", "time.starts"),
    ('ends: "2027-03-31"', "ends: 2027-03-31T00:00:00Z", "unquoted_date", "time.ends"),
    ("is: true", "is: yes", "yaml_1_1_boolean", "data[0].rows[1].is"),
    ("is: true", "is: Off", "yaml_1_1_boolean", "data[0].rows[1].is"),
    ("is: true", "is: True", "yaml_1_1_boolean", "data[0].rows[1].is"),
    ("round_to: 5", "round_to: 5.0", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: 05", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: 0x5", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: 1_0", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: 1:30", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: .inf", "unquoted_number", "small_numbers.round_to"),
    ("round_to: 5", "round_to: 99999999999999999999", "unquoted_number", "small_numbers.round_to"),
    ("onward: none", "onward: null", "null_value", "onward"),
    ("onward: none", "onward:", "null_value", "onward"),
    ("title: Winter", "title: ? Winter", "not_yaml", "file"),
    ("title: Winter", "? [title]\n: Winter", "bad_key", "file"),
    ("title: Winter", 'title: "\\u202eWinter"\nx: ', "invisible_character", "title"),
    ("title: Winter", 'title: "\\ud800"\nx: ', "invisible_character", "title"),
    (
        "onward: none",
        "onward: [[[[[[[[[[[[[[1]]]]]]]]]]]]]]",
        "too_deep",
        "onward[0][0][0][0][0][0][0][0][0][0][0]",
    ),
]

MADE = [
    # what is changed (path to value), the code, the clause
    ({"sharewell": "agreement/2"}, "not_in_list", "sharewell"),
    ({"status": "live"}, "not_in_list", "status"),
    ({"id": "bwd 2026"}, "bad_name", "id"),
    ({"id": "bwd-2026-\u0430"}, "look_alike", "id"),
    ({"id": "../../bwd"}, "bad_name", "id"),
    ({"place": "Blackburn"}, "bad_name", "place"),
    ({"titel": "Twice titled"}, "unknown_key", "titel"),
    ({"title": DROP}, "missing_key", "title"),
    ({"title": "   "}, "empty_text", "title"),
    ({"title": 7}, "wrong_type", "title"),
    ({"why/purpose": "reduce_energy_cost"}, "not_in_list", "why.purpose"),
    ({"parties/council/role": "owner"}, "not_in_list", "parties.council.role"),
    ({"parties/council/types/0": "council"}, "not_in_list", "parties.council.types[0]"),
    ({"parties/council/types": []}, "empty_list", "parties.council.types"),
    ({"parties/dwp/contact": DROP}, "missing_key", "parties.dwp.contact"),
    ({"parties/dwр": {}}, "look_alike", "parties.dw\\u0440"),
    ({"lawful/council/article6": "g"}, "not_in_list", "lawful.council.article6"),
    ({"lawful/council/special": "schedule 1"}, "bad_name", "lawful.council.special"),
    ({"lawful/council/article10": "police"}, "bad_name", "lawful.council.article10"),
    ({f"{FIELDS}/phone/as": "exact"}, "not_in_list", "data[0].fields.phone.as"),
    ({f"{FIELDS}/phone/why": DROP}, "missing_key", "data[0].fields.phone.why"),
    ({f"{FIELDS}/phone/kept": 3}, "unknown_key", "data[0].fields.phone.kept"),
    ({f"{FIELDS}/*": {"as": "identifiable", "why": "All of it is needed."}}, "wildcard", "data[0].fields.*"),
    ({"data/0/dataset": "low_%"}, "wildcard", "data[0].dataset"),
    ({"data/0/fields": {}}, "wrong_type", "data[0].fields"),
    ({"data/0/rows": "lad = 'E06000008'"}, "wrong_type", "data[0].rows"),
    ({"data/0/rows/0": "lad = 'E06000008' OR 1=1"}, "wrong_type", "data[0].rows[0]"),
    ({"data/0/rows/0/is": "E06%"}, "not_a_value", "data[0].rows[0].is"),
    ({"data/0/rows/0/is": "^E0[0-9]+$"}, "not_a_value", "data[0].rows[0].is"),
    ({"data/0/rows/0/is": "x' OR 1=1 --"}, "not_a_value", "data[0].rows[0].is"),
    ({"data/0/rows/0/like": "E06"}, "unknown_key", "data[0].rows[0].like"),
    ({"data/0/rows/0/in": ["a", "b"]}, "not_one_test", "data[0].rows[0]"),
    ({"data/0/rows/0": {"field": "lad"}}, "not_one_test", "data[0].rows[0]"),
    ({"data/0/rows/0": {"is": "E06000008"}}, "missing_key", "data[0].rows[0].field"),
    ({"data/0/rows/0": {"field": "age", "between": [9, 1]}}, "out_of_order", "data[0].rows[0].between"),
    ({"data/0/rows/0": {"field": "age", "between": [9]}}, "wrong_type", "data[0].rows[0].between"),
    ({"data/0/rows/0": {"field": "age", "in": [1, "1"]}}, "wrong_type", "data[0].rows[0].in"),
    ({"data/0/rows/0": {"field": "lad", "is_place": "here"}}, "bad_name", "data[0].rows[0].is_place"),
    ({"use/0/roles/0": "*"}, "wildcard", "use[0].roles[0]"),
    ({"use/0/roles": "home_energy_adviser"}, "wrong_type", "use[0].roles"),
    ({"use/0/roles/1": "home_energy_adviser"}, "listed_twice", "use[0].roles[1]"),
    ({"use/0/level": "named"}, "not_in_list", "use[0].level"),
    ({"use": []}, "empty_list", "use"),
    ({"time/ends": DROP}, "missing_key", "time.ends"),
    ({"time/delete_within_days": DROP}, "missing_key", "time.delete_within_days"),
    ({"time/delete_within_days": "30"}, "wrong_type", "time.delete_within_days"),
    ({"time/ends": "31/03/2027"}, "bad_date", "time.ends"),
    ({"time/ends": "2027-02-29"}, "bad_date", "time.ends"),
    ({"time/ends": "20270331"}, "bad_date", "time.ends"),
    ({"small_numbers/round_to": True}, "wrong_type", "small_numbers.round_to"),
    ({"small_numbers/round_to": 0}, "out_of_range", "small_numbers.round_to"),
    ({"onward": "all"}, "not_in_list", "onward"),
    ({"rights/privacy_notice": "on request"}, "bad_name", "rights.privacy_notice"),
    ({"rights/my_log": "hidden"}, "not_in_list", "rights.my_log"),
    ({"rights/my_log": 1}, "wrong_type", "rights.my_log"),
]

CHECKED = [
    # people
    ({"parties/dwp": DROP, "lawful/dwp": DROP, "data/0/from": "council"}, "one_party", "parties"),
    ({"parties/dwp/org": "e06000008"}, "same_organisation", "parties"),
    ({"data/0/from": "dpw"}, "unknown_party", "data[0].from"),
    ({"use/1/party": "nhs"}, "unknown_party", "use[1].party"),
    ({"lawful/nhs": {"article6": "a"}}, "unknown_party", "lawful.nhs"),
    ({"data/0/from": "council"}, "nobody_receives", "use"),
    (
        {"parties/council/approved_by": "Head of  housing"},
        "approves_own_request",
        "parties.council.approved_by",
    ),
    ({"parties/council/approved_by": DROP}, "no_approval", "parties.council.approved_by"),
    ({"parties/council/approved_by": "svc-sharewell"}, "machine_account", "parties.council.approved_by"),
    (
        {"parties/council/requested_by": "noreply@council.example"},
        "machine_account",
        "parties.council.requested_by",
    ),
    ({"attestations/0/by": "Approval bot"}, "machine_account", "attestations[0].by"),
    ({"dpia/approved_by": "System"}, "machine_account", "dpia.approved_by"),
    ({"parties/dwp/contact": "the front desk"}, "no_contact", "parties.dwp.contact"),
    ({"parties/dwp/contact": "no-reply@dwp.example"}, "no_contact", "parties.dwp.contact"),
    # what it rests on
    ({"lawful": DROP}, "no_lawful_basis", "lawful.dwp"),
    ({"lawful/dwp": DROP}, "no_lawful_basis", "lawful.dwp"),
    ({"lawful/dwp/gateway": DROP}, "no_gateway", "lawful.dwp.gateway"),
    ({"dpia": DROP}, "no_dpia", "dpia"),
    ({"dpia/approved_on": "2026-12-01"}, "dated_ahead", "dpia.approved_on"),
    ({"attestations/0/on": "2026-12-01"}, "dated_ahead", "attestations[0].on"),
    # no more than is needed
    ({"data/0/rows": []}, "no_row_test", "data[0].rows"),
    ({"data/0/never/0": "phone"}, "field_in_never", "data[0].fields.phone"),
    ({f"{FIELDS}/phone/why": "To ring."}, "why_too_short", "data[0].fields.phone.why"),
    ({f"{FIELDS}/phone/why": "- - 1 2 3"}, "why_too_short", "data[0].fields.phone.why"),
    (
        {f"{FIELDS}/phone/why": "ask for the right person when the phone is answered"},
        "why_copied",
        "data[0].fields.phone.why",
    ),
    (
        {f"{FIELDS}/dob": {"as": "identifiable", "why": "Tell two people of one name apart."}},
        "band_and_exact",
        "data[0].fields.dob",
    ),
    ({"why/tried_first": DROP}, "nothing_tried_first", "why.tried_first"),
    (
        {"why/tried_first": [{"level": "identifiable", "result": "It works well.", "evidence": "run:1"}]},
        "nothing_tried_first",
        "why.tried_first",
    ),
    ({"use/1/level": "pseudonymised"}, "no_k", "use[1].k"),
    ({"use/1/level": "pseudonymised", "use/1/k": 2}, "k_too_small", "use[1].k"),
    ({"small_numbers/suppress_at_or_below": 0}, "no_suppression", "small_numbers.suppress_at_or_below"),
    # time
    (
        {"time/ends": "2026-10-31", "time/review_by": "2026-10-31", "status": "draft"},
        "ends_before_start",
        "time.ends",
    ),
    ({"time/review_by": "2026-10-01"}, "review_before_start", "time.review_by"),
    ({"time/review_by": "2027-04-01"}, "review_after_end", "time.review_by"),
    ({"time/ends": "2028-11-02"}, "over_24_months", "time.ends"),
    ({"time/ends": "2026-11-22", "time/review_by": "2026-11-10"}, "active_after_end", "status"),
    ({"time/delete_within_days": -1}, "negative_deletion", "time.delete_within_days"),
    # openness
    ({"rights": DROP}, "no_privacy_notice", "rights.privacy_notice"),
    ({"rights/privacy_notice": DROP}, "no_privacy_notice", "rights.privacy_notice"),
    ({"rights/my_log": {"reason": "Crime", "reviewer": "DPO"}}, "log_hidden_unclear", "rights.my_log"),
]

HIDDEN = [
    ("reason", "log_hidden_without_reason"),
    ("reviewer", "log_hidden_without_reviewer"),
    ("on", "log_hidden_without_date"),
]

WARNED = [
    ({"use/1/may/0": "contact_resident"}, "may_beyond_level", "use[1].may"),
    ({"small_numbers/suppress_at_or_below": 4}, "suppression_low", "small_numbers.suppress_at_or_below"),
    ({f"{FIELDS}/phone/as": "as_is", "use/0/level": "existence"}, "never_shown", "data[0].fields.phone"),
    ({"use/1/level": "pseudonymised", "use/1/k": 4}, "k_low", "use[1].k"),
    ({"time/review_by": "2026-11-20"}, "review_due", "time.review_by"),
    ({"onward": [{"to": "ACME", "why": "They make the calls."}]}, "onward", "onward[0]"),
    ({"lawful/dwp/special": "art9-2-d"}, "condition_unknown", "lawful.dwp.special"),
    ({"rights/my_log": DROP}, "my_log_unsaid", "rights.my_log"),
]


def found(text: str, severity: Severity) -> list[tuple[str, str]]:
    return [(each.code, each.clause) for each in findings_of(text) if each.severity is severity]


@pytest.mark.parametrize(("old", "new", "code", "clause"), WRITTEN, ids=lambda value: str(value)[:40])
def test_yaml_that_two_programs_may_read_differently_is_refused(
    old: str, new: str, code: str, clause: str
) -> None:
    assert old in WINTER
    text = WINTER.replace(old, new, 1)
    assert (code, clause) in found(text, Severity.REFUSE)


@pytest.mark.parametrize(("changes", "code", "clause"), MADE, ids=lambda value: str(value)[:40])
def test_what_breaks_the_grammar_is_refused_where_it_stands(
    changes: dict[str, object], code: str, clause: str
) -> None:
    assert (code, clause) in found(broken("winter-calls", changes), Severity.REFUSE)


@pytest.mark.parametrize(("changes", "code", "clause"), CHECKED, ids=lambda value: str(value)[:40])
def test_what_may_not_be_signed_is_refused_where_it_stands(
    changes: dict[str, object], code: str, clause: str
) -> None:
    assert (code, clause) in found(broken("winter-calls", changes), Severity.REFUSE)


@pytest.mark.parametrize(("changes", "code", "clause"), WARNED, ids=lambda value: str(value)[:40])
def test_what_people_should_look_at_is_a_warning(changes: dict[str, object], code: str, clause: str) -> None:
    assert (code, clause) in found(broken("winter-calls", changes), Severity.WARN)


@pytest.mark.parametrize(("key", "code"), HIDDEN)
def test_a_log_is_hidden_only_with_a_reason_a_reviewer_and_a_date(key: str, code: str) -> None:
    text = broken("one-field", {f"rights/my_log/{key}": DROP})
    assert found(text, Severity.REFUSE) == [(code, f"rights.my_log.{key}")]


def test_an_emergency_that_has_sunset_must_say_what_was_tried() -> None:
    text = broken("flood", {"emergency/made_on": "2026-11-10"})
    assert ("emergency_over", "emergency.sunset_hours") in found(text, Severity.REFUSE)
    assert ("no_dpia", "dpia") in found(text, Severity.REFUSE)


def test_matched_data_needs_an_assessment_even_under_pseudonyms() -> None:
    assert found(broken("pseudonyms", {"dpia": DROP}), Severity.REFUSE) == [("no_dpia", "dpia")]


def test_a_dataset_is_named_once() -> None:
    text = broken("pseudonyms", {"data/1/dataset": "asthma"})
    assert ("dataset_twice", "data[1].dataset") in found(text, Severity.REFUSE)


def test_an_exact_date_of_birth_beside_an_age_band_is_refused_across_datasets() -> None:
    birth = {"as": "as_is", "why": "Work out the age at diagnosis."}
    band = {"as": "age_band_10", "why": "Compare the ages of tenants."}
    text = broken("pseudonyms", {"data/0/fields/date_of_birth": birth, "data/1/fields/date_of_birth": band})
    assert found(text, Severity.REFUSE) == [("band_and_exact", "data[0].fields.date_of_birth")]


def test_party_names_that_are_easily_confused_are_refused() -> None:
    party = {"org": "GP2", "types": ["gp"], "role": "recipient", "contact": "ig@gp2.example"}
    text = broken("pseudonyms", {"parties/gp5": party})
    assert ("confusable_names", "parties.gp5") in found(text, Severity.REFUSE)


def test_a_role_for_everybody_is_refused_however_the_agreement_was_made() -> None:
    agreement = good("winter-calls")
    everybody = dataclasses.replace(agreement, use=(UseTerm("council", ("*",), Level.AGGREGATE, ("count",)),))
    codes = [(each.code, each.clause) for each in check_agreement(everybody, TODAY)]
    assert ("role_wildcard", "use[0].roles") in codes


@pytest.mark.parametrize(
    "name", ["Head of Systems", "App Support Lead", "Mrs Abbot", "Practice Administrator", "Sa Nguyen"]
)
def test_a_role_or_a_person_is_not_taken_for_a_machine(name: str) -> None:
    text = broken("winter-calls", {"parties/council/approved_by": name})
    assert found(text, Severity.REFUSE) == []
