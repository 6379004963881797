"""Reading: good files read, every fault is told at once with its line, and the canonical form holds fast."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from agreement_samples import DROP, GOOD, TODAY, WINTER, broken, changed, document, findings_of, good
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.agreements.read import LARGEST, parse_agreement, read_agreement
from sharewell.agreements.rules import check_agreement, may_be_signed
from sharewell.agreements.terms import Form, RowTest, Severity, SmallNumbers, Status
from sharewell.agreements.terms import Test as Ask
from sharewell.vocab.errors import AgreementInvalid, AgreementMissing

NAMES = sorted(path.stem for path in GOOD.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_good_agreement_may_be_signed(name: str) -> None:
    findings = check_agreement(good(name), TODAY)
    assert may_be_signed(findings), findings
    assert all(each.severity is not Severity.WARN for each in findings)


def test_the_example_of_the_specification_has_nothing_against_it(shared: Path) -> None:
    specification = (shared / "design" / "agreement-format.md").read_text(encoding="utf-8")
    example = specification.split("```yaml\n")[1].split("```")[0]
    assert findings_of(example) == ()


def test_an_emergency_without_an_assessment_waits_for_a_person_and_not_for_paper() -> None:
    assert [(each.severity, each.code) for each in check_agreement(good("flood"), TODAY)] == [
        (Severity.ATTEST, "no_dpia")
    ]


def test_the_terms_say_what_the_file_says() -> None:
    agreement = good("winter-calls")
    assert (agreement.id, agreement.status, agreement.place) == ("bwd-2026-014", Status.ACTIVE, "E06000008")
    assert agreement.data[0].rows[1] == RowTest("pension_credit", Ask.IS, (True,))
    birth = agreement.data[0].field("date_of_birth")
    assert birth is not None
    assert birth.form is Form.AGE_BAND_5
    assert agreement.data[0].never == ("nino", "bank_account", "award_amount")
    assert agreement.time.ends == date(2027, 3, 31)
    assert agreement.parties["dwp"].requested_by is None
    assert agreement.lines["data[0].fields.phone"] == 28


def test_small_numbers_may_be_left_out() -> None:
    assert good("counts-only").small_numbers == SmallNumbers(7, 5)


def test_every_fault_is_told_at_once_with_clause_and_line() -> None:
    text = WINTER.replace("status: active", "status: live").replace(
        "  dwp:     {article6: e", "  dwp:  {artcle6: e"
    )
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(text, "winter.yaml")
    findings = caught.value.findings
    assert [(each.code, each.clause, each.line) for each in findings] == [
        ("not_in_list", "status", 4),
        ("unknown_key", "lawful.dwp.artcle6", 17),
        ("missing_key", "lawful.dwp.article6", 17),
    ]
    assert "Did you mean `article6`?" in findings[1].instead
    assert "winter.yaml" in str(caught.value)
    assert "status (line 4)" in str(caught.value)
    told = json.loads(json.dumps(caught.value.as_dict()))["findings"]
    assert (told[0]["clause"], told[0]["line"]) == ("status", 4)


def test_a_look_alike_letter_is_named() -> None:
    finding = findings_of(
        broken("winter-calls", {"data/0/fields/n\u0430me": {"as": "flag", "why": "a b c"}})
    )[0]
    assert "CYRILLIC SMALL LETTER A" in finding.what


def test_a_value_of_a_row_test_is_never_repeated_in_a_message() -> None:
    with pytest.raises(AgreementInvalid) as caught:
        changed("winter-calls", {"data/0/rows/0/is": "9434765919%"})
    assert "9434765919" not in str(caught.value) + json.dumps(caught.value.as_dict())


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(AgreementMissing):
        read_agreement(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WINTER.encode("utf-16"), "not_utf8"),
        (WINTER.encode() + b"# caf\xe9", "not_utf8"),
        (WINTER.encode() + b"#" * LARGEST, "too_large"),
        (b"", "wrong_type"),
        (b"\x00\x01", "not_yaml"),
    ],
)
def test_a_file_that_is_no_small_utf8_text_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(AgreementInvalid) as caught:
        read_agreement(path)
    assert caught.value.findings[0].code == code


def test_the_size_is_counted_in_bytes() -> None:
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement(WINTER + "#" + "é" * (LARGEST // 2), "a.yaml")
    assert caught.value.findings[0].code == "too_large"


def test_a_byte_order_mark_and_windows_lines_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + WINTER.replace("\n", "\r\n").encode())
    assert read_agreement(path).sha256 == good("winter-calls").sha256


def test_a_file_of_nothing_but_faults_is_read_no_further_than_needed() -> None:
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement("".join(f"k{n}: 1\n" for n in range(5_000)), "a.yaml")
    assert len(caught.value.findings) == 500


def test_a_file_of_very_many_parts_is_given_up() -> None:
    with pytest.raises(AgreementInvalid) as caught:
        parse_agreement("[" + "a," * 20_001 + "]", "a.yaml")
    assert caught.value.findings[0].code == "too_large"


def test_the_canonical_form_is_sorted_json_without_the_status() -> None:
    canonical = good("winter-calls").canonical
    assert "status" not in json.loads(canonical)
    assert canonical == json.dumps(
        json.loads(canonical), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def test_two_spellings_of_one_letter_are_one_text() -> None:
    composed, decomposed = (changed("winter-calls", {"title": text}) for text in ("Caf\u00e9", "Cafe\u0301"))
    assert composed.sha256 == decomposed.sha256


def test_the_status_alone_may_change() -> None:
    assert changed("winter-calls", {"status": "suspended"}).sha256 == good("winter-calls").sha256


def shuffled(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        keys = chance.sample(sorted(node), len(node))
        return {key: shuffled(node[key], chance) for key in keys}
    return [shuffled(each, chance) for each in node] if isinstance(node, list) else node


@given(chance=st.randoms(use_true_random=False), comment=st.text("abc: #-{}", max_size=20))
@settings(max_examples=25, deadline=None)
def test_the_canonical_form_forgets_key_order_layout_and_comments(
    chance: random.Random, comment: str
) -> None:
    body = json.dumps(shuffled(document(), chance), indent=chance.choice([None, 2]))
    assert (
        parse_agreement(f"# {comment}\n{body} # {comment}\n", "a").canonical == good("winter-calls").canonical
    )


def leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(node, dict):
        return [leaf for key, inside in node.items() for leaf in leaves(inside, (*path, key))]
    if isinstance(node, list):
        return [leaf for number, inside in enumerate(node) for leaf in leaves(inside, (*path, number))]
    return [path]


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_canonical_form_keeps_every_value(data: st.DataObject) -> None:
    whole = document()
    path = data.draw(st.sampled_from([leaf for leaf in leaves(whole) if leaf != ("status",)]))
    node: Any = whole
    for step in path[:-1]:
        node = node[step]
    old = node[path[-1]]
    new = data.draw(st.booleans() | st.integers(0, 999) | st.text("abc-029E", min_size=1, max_size=12))
    node[path[-1]] = new
    try:
        agreement = parse_agreement(json.dumps(whole), "a")
    except AgreementInvalid:
        return
    is_same = type(new) is type(old) and new == old
    assert (agreement.sha256 == good("winter-calls").sha256) == is_same


@given(text=st.text(max_size=300) | st.text("{}[]&*!%:-#?|>\"'\\,\n\t ax10<~=@`UuxN", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(AgreementInvalid):
        parse_agreement(text, "a.yaml")


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_good_file_with_a_piece_cut_out_or_put_in_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WINTER)))
    end = data.draw(st.integers(start, min(len(WINTER), start + 30)))
    piece = data.draw(
        st.text(max_size=10) | st.sampled_from(["\\UFFFFFFFF", '"\\U99999999"', "\ud800", "\x00"])
    )
    try:
        parse_agreement(WINTER[:start] + piece + WINTER[end:], "a.yaml")
    except AgreementInvalid as error:
        assert error.findings


@given(
    node=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inside: (
            st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4)
        ),
        max_leaves=12,
    ),
    key=st.sampled_from(sorted(document())),
)
@settings(max_examples=80, deadline=None)
def test_any_value_in_any_place_is_read_or_refused(node: Any, key: str) -> None:
    text = yaml.safe_dump({**document(), key: node}, allow_unicode=True)
    try:
        check_agreement(parse_agreement(text, "a.yaml"), TODAY)
    except AgreementInvalid as error:
        assert error.findings


def test_a_key_may_be_left_out_where_the_grammar_lets_it() -> None:
    for key in ("attestations", "register_entry", "onward", "small_numbers"):
        assert may_be_signed(findings_of(broken("winter-calls", {key: DROP})))
