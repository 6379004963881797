"""What the pages say, without a browser: presenters, words and charts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.agreements.terms import Form, Level
from sharewell.flows.models import Run
from sharewell.flows.terms import ChangedCell, RunState, Trace
from sharewell.places.decide import ANSWERS, evidence_text
from sharewell.places.terms import Answer
from sharewell.releases.terms import NOT_NAMED, Outcome, Reason
from sharewell.settings import Place, Settings
from sharewell.web import present_run, present_trace, wording
from sharewell.web.chart import THINNEST, Bar, bar_chart
from sharewell.web.forms import read_row
from sharewell.web.names import Names

SOURCE: dict[str, Any] = {
    "name": "gp-register",
    "organisation": "QMB",
    "file": "inbox/QMB/gp register.csv",
    "rows_in": 1200,
    "kept": 1190,
    "set_aside": 10,
    "reasons": {"missing_required_surname": 4, "ragged_row": 6},
    "matched_uprn": 1100,
    "matched_building": 20,
    "people": 1188,
    "notes": ["Date of birth: 9 values were put into one form.", "6 rows were set aside: ragged_row."],
}
REPORT: dict[str, Any] = {
    "recipient": "E06999901",
    "role": "welfare_caller",
    "level": "identifiable",
    "people": 1188,
    "released": 140,
    "released_new": 0,
    "went_to": None,
    "audit_entries": 1,
    "sources": [SOURCE],
    "fields_released": ["gp_register.date_of_birth"],
    "clauses": {"gp_register.date_of_birth": "data[0].fields.date_of_birth, age_band_5"},
    "fields_withheld": {
        "gp_register.nhs_number": "The agreement says it may never leave.",
        "gp_register.sex": NOT_NAMED,
        "household.people_known": NOT_NAMED,
    },
    "withheld_people": {"objection": 52, "row_test": 4593},
}
KEPT = Trace(
    file="inbox/QMB/gp register.csv",
    row=3,
    run="r1",
    flow="over-75-alone",
    source="gp-register",
    organisation="QMB",
    outcome="released",
    changes=(
        ChangedCell("date_of_birth", "date_day_first", "A date was written year-month-day.", "repaired"),
    ),
    place={"answer": "unit", "probability": 0.9959, "evidence": "postcode+number+street"},
    link={
        "person": "PVQ6NERN9YWNSS2D9",
        "records_of_this_person": 2,
        "linked_by": "first_name+postcode+uprn+similar_surname",
        "strength": "12.3 bits",
    },
    decision={
        "agreement": "a-1",
        "answer": "released",
        "reason": None,
        "clause": None,
        "fields_released": REPORT["clauses"],
    },
    delivery={
        "recipient": "E06999901",
        "release": "r",
        "handed_over": "2026-07-01T09:05:00+00:00",
        "folder": "outbox/E06999901/f/r",
    },
    audit={"log_is_whole": True, "entries_verified": 1016, "release_names_this_person": True},
)


@pytest.fixture
def names(tmp_path: Path) -> Names:
    held = {"QMB": "NHS Marlbeck", "E06999901": "Marlbeck Council"}
    return Names(Place(tmp_path, Settings()), held=held)


def run(**given: Any) -> Run:
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    told = {"id": "r1", "flow": "f", "title": "T", "state": "finished", "by": "demo", "agreement": "a-1"}
    return Run(**{**told, "started_at": at, "finished_at": at.replace(second=11), **given})


def lines(trace: Trace, names: Names, title: str) -> str:
    return " ".join(next(s for s in present_trace.trace_steps(trace, names) if s.title == title).lines)


def test_instants_are_told_on_the_clock_people_live_by():
    assert present_run.instant(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026, 00:30"
    assert present_run.instant(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "1 December 2026, 23:30"


def test_lists_data_items_and_organisations_go_by_their_names(names: Names):
    assert names.list_title("gp-register") == names.list_title("gp_register") == "GP register"
    assert names.item_title("gp_register", "nhs_number") == "NHS number"
    assert names.list_title("household") == "Household"
    assert names.organisation("QMB") == "NHS Marlbeck (QMB)"


def test_what_has_no_name_is_written_out_plainly(names: Names):
    assert names.list_title("north_town-list") == "North town list"
    assert names.item_title("north_town", "shoe_size") == "Shoe size"
    assert names.item_title("gp_register", "ward") == "Ward"
    assert names.organisation("ZZ1") == "ZZ1"
    assert names.list_title("../../etc/passwd") == "../../etc/passwd", "no file is opened by that name"


def test_reasons_are_sentences(names: Names):
    assert names.reason("gp-register", "missing_required_surname") == "Surname: required, and missing"
    assert names.reason("gp-register", "ragged_row") == "The row has more or fewer cells than the header"
    assert "last digit does not agree" in names.reason("gp-register", "nhs_number_bad_check_digit")


def test_every_code_that_the_product_has_is_in_words():
    for codes, words in (
        (RunState, wording.STATES),
        (Level, wording.LEVELS),
        (Form, wording.FORMS),
        (Reason, wording.PEOPLE_LEFT_OUT),
        (Reason, wording.PERSON_LEFT_OUT),
        (Outcome, wording.OUTCOMES),
        (Answer, wording.PLACE_ANSWERS),
        (ANSWERS, wording.PLACE_ANSWERS),
    ):
        assert {str(code) for code in codes} <= set(words)


def test_every_evidence_of_a_match_is_in_words(names: Names):
    for evidence in {evidence_text(bits) for bits in range(512)}:
        place = {"answer": "unit", "probability": 0.5, "evidence": evidence}
        shown = lines(replace(KEPT, place=place), names, "Place")
        assert not re.search(r"[a-z][+_:][a-z]", shown), evidence
        assert shown.count(". ") >= 2, evidence


def test_the_facts_of_a_run_are_labels_and_words(names: Names):
    facts = dict(present_run.facts(run(report=REPORT), names))
    assert facts["State"] == "Finished"
    assert facts["Took"] == "11 seconds"
    assert facts["Recipient"] == "Marlbeck Council (E06999901)"
    assert facts["Role"] == "Welfare caller"
    assert facts["People in these lists"] == "1,188"
    assert facts["Handed over in"] == "Nothing was new, so nothing was handed over"
    assert facts["Written to the audit log"] == "1 entry"


def test_a_run_that_goes_on_has_only_the_facts_there_are(names: Names):
    found = run(state="running", finished_at=None, agreement="", report={})
    assert [label for label, _text in present_run.facts(found, names)] == ["State", "Started", "Run by"]
    assert present_run.ending(found) == "This run has not finished. It has let nothing out so far."
    assert present_run.run_line(found).released == "None"


def test_a_refusal_is_told_as_sentences():
    told = {"what": "It is empty.", "next": "Send it again.", "file": "a.csv", "row": 1200, "column": None}
    assert present_run.problem(run(problem=told)) == [
        "File: a.csv. Row: 1,200.",
        "It is empty.",
        "Send it again.",
    ]
    assert present_run.problem(run(state="stopped", problem={"error": "stopped"}))[1] == "Run it again."


def test_the_counts_chart_says_its_finding(names: Names):
    chart = present_run.counts_chart(run(report=REPORT), names)
    assert chart.title == "1,190 of 1,200 rows could be used"
    assert chart.rows[0].words == "1,190 kept, 10 set aside"
    assert chart.table == (("GP register", "1,190", "10"),)
    whole = {**REPORT, "sources": [{**SOURCE, "kept": 1200, "set_aside": 0}]}
    assert present_run.counts_chart(run(report=whole), names).title == "All 1,200 rows could be used"


def test_the_reasons_chart_says_its_finding_most_frequent_first(names: Names):
    chart = present_run.reasons_chart(run(report=REPORT), names)
    assert chart.title.endswith("most often: The row has more or fewer cells than the header")
    assert [row.label for row in chart.rows][1] == "Surname: required, and missing"
    none = {**REPORT, "sources": [{**SOURCE, "reasons": {}}]}
    empty = present_run.reasons_chart(run(report=none), names)
    assert (empty.title, empty.rows) == ("No row was set aside", ())
    assert "more than one reason" not in empty.summary


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=6))
def test_a_chart_never_runs_off_its_side_and_shows_every_number(parts: list[tuple[int, int]]):
    bars = [Bar(f"bar {place}", each) for place, each in enumerate(parts)]
    chart = bar_chart(bars, id="c", title="t", summary="s", header=("a", "b", "c"), csv="")
    for row, bar in zip(chart.rows, bars, strict=True):
        assert len(row.marks) == sum(part > 0 for part in bar.parts)
        assert all(mark.width >= THINNEST / 2 for mark in row.marks)
        assert sum(mark.width for mark in row.marks) <= 100.1
        assert all(f"{part:,}" in row.words for part in bar.parts)
        assert all(right.x >= left.x for left, right in zip(row.marks, row.marks[1:], strict=False))


def test_what_was_let_out_is_told_with_its_form_and_clause(names: Names):
    [row] = present_run.released_items(REPORT["fields_released"], REPORT["clauses"], names)
    assert row == (
        "Date of birth",
        "GP register",
        "An age band of five years",
        "data[0].fields.date_of_birth",
    )


def test_what_the_agreement_never_named_is_counted_and_folded_away(names: Names):
    assert present_run.withheld_items(REPORT, names) == [
        ("NHS number", "GP register", "The agreement says it may never leave.")
    ]
    assert present_run.unnamed_count(REPORT).startswith("2 more data items are withheld")
    assert present_run.unnamed_items(REPORT, names) == [
        ("GP register", "Sex"),
        ("Household", "People known at this address"),
    ]
    assert present_run.unnamed_count({"fields_withheld": {}}) == ""


def test_people_left_out_are_counted_by_reason():
    assert present_run.people_left_out(REPORT) == [
        ("They objected to sharing", "52"),
        ("Their row does not meet the agreement's conditions", "4,593"),
    ]


def test_notes_that_only_repeat_a_reason_by_its_code_are_left_to_the_chart(names: Names):
    [each] = present_run.lists_read(REPORT, names)
    assert each.notes == ("Date of birth: 9 values were put into one form.",)
    assert each.cells == ("NHS Marlbeck (QMB)", "1,200", "1,100", "20", "1,188")


def test_a_released_row_is_told_step_by_step(names: Names):
    titles = [step.title for step in present_trace.trace_steps(KEPT, names)]
    assert titles == ["Read", "Cleaned", "Place", "Person", "Decision", "Delivery", "Proof"]
    assert present_trace.trace_title(KEPT, names) == "Row 3 of GP register"
    assert present_trace.trace_outcome(KEPT) == "This row's person is in the release."
    assert "What agrees: postcode, number, street." in lines(KEPT, names, "Place")
    assert "How sure that is: 99.6%." in lines(KEPT, names, "Place")
    assert "a similar surname" in lines(KEPT, names, "Person")
    assert "about 5,000 to 1" in lines(KEPT, names, "Person")
    assert "on 1 July 2026, 10:05." in lines(KEPT, names, "Delivery")
    assert "its 1,016 entries are whole" in lines(KEPT, names, "Proof")


def test_a_trace_that_does_not_apply_is_left_out(names: Names):
    aside = replace(KEPT, outcome="set_aside", set_aside=("missing_required_surname",))
    assert [step.title for step in present_trace.trace_steps(aside, names)] == ["Read", "Set aside"]
    assert lines(aside, names, "Set aside").startswith(
        "Surname: required, and missing. It can go back to NHS"
    )
    bare = replace(KEPT, changes=(), place=None, link=None, decision=None, delivery=None, audit=None)
    assert [step.title for step in present_trace.trace_steps(bare, names)] == ["Read", "Cleaned"]


@pytest.mark.parametrize(
    ("reason", "clause", "said"),
    [
        (Reason.PROTECTED, "protected", ""),
        (Reason.NOT_IN_ALL, "people.in_all.council_tax", "missing from this list: Council tax accounts."),
        (Reason.OBJECTION, "objection.gp_register", "The objection stands in this list: GP register."),
        (Reason.ROW_TEST, "data[0].rows[0]", "The agreement's clause that says so: data[0].rows[0]."),
        (Reason.IN_EXCLUDED_LIST, "people.not_in.food_hub", "in this list: Food hub and help requests."),
        (Reason.SMALL_GROUP, "use.k", "The agreement's clause that says so: use.k."),
        (Reason.NOTHING_KNOWN, "use.existence", "The agreement's clause that says so: use.existence."),
    ],
)
def test_a_withheld_row_says_why_and_where_that_stands(reason: Reason, clause: str, said: str, names: Names):
    decision = {"agreement": "a-1", "reason": str(reason), "clause": clause, "fields_released": None}
    shown = lines(replace(KEPT, outcome="withheld", decision=decision), names, "Decision")
    assert "Agreement a-1 does not let this person out." in shown
    assert str(wording.PERSON_LEFT_OUT[reason]) in shown
    assert shown.endswith(said)


def test_a_broken_log_is_said_loudly(names: Names):
    broken = replace(
        KEPT, audit={"log_is_whole": False, "entries_verified": 3, "release_names_this_person": False}
    )
    shown = lines(broken, names, "Proof")
    assert "Do not rely on this page." in shown
    assert "unchanged" not in shown
    assert "cannot be shown to cover" in shown


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        ("-3.0", "about even or less"),
        ("0.5", "about even or less"),
        ("1.0", "about 2 to 1"),
        ("7.5", "about 180 to 1"),
        ("19.9", "about 980,000 to 1"),
        ("25.0", "more than a million to 1"),
        ("999.0", "more than a million to 1"),
    ],
)
def test_the_strength_of_a_link_is_told_as_odds(bits: str, said: str, names: Names):
    assert KEPT.link is not None
    shown = lines(replace(KEPT, link={**KEPT.link, "strength": f"{bits} bits"}), names, "Person")
    assert said in shown
    assert "bits" not in shown


def test_a_record_that_stands_alone_says_so(names: Names):
    assert KEPT.link is not None
    alone = {**KEPT.link, "strength": None, "linked_by": "nothing", "records_of_this_person": 1}
    shown = lines(replace(KEPT, link=alone), names, "Person")
    assert "The lists hold 1 record of this person." in shown
    assert "No other record was close enough" in shown


def test_certainty_is_never_rounded_up_to_a_hundred(names: Names):
    for probability in (0.9991, 0.99999, 1.0):
        place = {"answer": "unit", "probability": probability, "evidence": "exact+postcode"}
        assert "more than 99.9%." in lines(replace(KEPT, place=place), names, "Place")


def test_a_place_that_is_gone_or_planned_is_told(names: Names):
    place = {"answer": "unit", "probability": 0.9, "evidence": "number+street+postcode+historic"}
    shown = lines(replace(KEPT, place=place), names, "Place")
    assert "The place stood once and is gone." in shown
    assert "What agrees: number, street, postcode." in shown


def test_the_list_that_named_the_flat_is_told(names: Names):
    place = {"answer": "unit", "probability": 0.9, "evidence": "postcode+number+joint:gp-register"}
    shown = lines(replace(KEPT, place=place), names, "Place")
    assert "Which home it is, another row of the same person tells: gp-register." in shown
    assert "What agrees: postcode, number." in shown


@pytest.mark.parametrize(
    ("row", "number"), [("1", 1), (" 17 ", 17), ("1,200", 1200), ("999999999999", 999_999_999_999)]
)
def test_a_row_number_is_read_as_people_write_it(row: str, number: int):
    asked = read_row({"source": "a", "row": row}, ["a"])
    assert (asked.error, asked.number) == ("", number)


@given(st.text())
def test_any_other_text_is_an_error_at_its_own_field(row: str):
    asked = read_row({"source": "a", "row": row}, ["a"])
    assert asked.error == "" or asked.field == "row"
    assert asked.error or asked.number > 0
    assert read_row({"source": "b", "row": row}, ["a"]).field == "source"


TEMPLATES = Path(present_run.__file__).parent / "templates"


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_no_template_says_anything_past_gettext(template: str):
    """What is left of a template without its tags, blocks and scripts holds no letters."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for pattern in (
        r"{#.*?#}",
        r"{% trans.*?{% endtrans %}",
        r"{%.*?%}",
        r"{{.*?}}",
        r"<script.*?</script>",
        r"<[^>]*>",
        r"sharewell",
    ):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    assert not re.search(r"[A-Za-z]", text), text.split()
