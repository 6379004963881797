"""From request to folder: what leaves, what never does, what a second run sends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import pytest
from gate_town import (
    BENEFIT_TERM,
    CALLS_TERM,
    KEY,
    agreement,
    benefits,
    call,
    calls,
    person,
    request,
    with_forms,
)

from sharewell.agreements.terms import Form, Level
from sharewell.releases.actions import (
    Prepared,
    ReleaseRequest,
    audit_details,
    finish_hand_over,
    hand_over,
    prepare_release,
)
from sharewell.releases.deliver import neutral
from sharewell.releases.pseudonyms import KEY_TABLE
from sharewell.releases.terms import PeopleRule
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import (
    AgreementEnded,
    DiskFull,
    FieldNotCovered,
    FlowInvalid,
    FolderReadOnly,
    KeyMissing,
    ReleaseClash,
)

FILES = {"release.csv", "release.parquet", "release.csv-metadata.json", "data-dictionary.csv", "about.json"}


def rows_of(prepared: Prepared) -> list[dict[str, object]]:
    assert prepared.staged is not None
    return parquet.read_table(prepared.staged / "release.parquet").to_pylist()


def all_bytes(folder: Path) -> bytes:
    """Every byte of a delivery, Parquet unpacked too, since its pages are compressed."""
    plain = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return plain + repr(parquet.read_table(folder / "release.parquet").to_pylist()).encode()


def test_a_release_holds_the_agreed_fields_in_the_agreed_forms_and_nothing_else(
    engine: DuckDB, tmp_path: Path
) -> None:
    born = {"date_of_birth": "1950-06-15", "ward": "E05001", "tenure": "owned"}
    prepared = prepare_release(request(tmp_path, [benefits(engine, [person(1, **born)])]), engine)
    [row] = rows_of(prepared)
    assert row.pop("reference") is not None
    assert row == {
        "name": "Canary1 Name",
        "phone": "+447700900001",
        "date_of_birth": "75-79",
        "postcode": "E05001",
        "tenure": "owned",
    }


def test_a_delivery_is_a_folder_with_its_papers(engine: DuckDB, tmp_path: Path) -> None:
    prepared = prepare_release(request(tmp_path, [benefits(engine, [person(1), person(2)])]), engine)
    assert prepared.staged is not None
    assert {path.name for path in prepared.staged.iterdir()} == FILES
    about = json.loads((prepared.staged / "about.json").read_text())
    assert (
        about["rows"] == 2
        and about["agreement"] == "bwd-2026-014"
        and about["release"] == prepared.release_id
    )
    for name, said in about["files"].items():
        assert hashlib.sha256((prepared.staged / name).read_bytes()).hexdigest() == said["sha256"]
    described = json.loads((prepared.staged / "release.csv-metadata.json").read_text())
    columns = [column["name"] for column in described["tableSchema"]["columns"]]
    header = (prepared.staged / "release.csv").read_bytes().split(b"\r\n")[0]
    assert header.decode() == ",".join(f'"{name}"' for name in columns)
    dictionary = (prepared.staged / "data-dictionary.csv").read_text()
    assert "data[0].fields.phone" in dictionary and "Ring the household to offer the check." in dictionary


def test_csv_and_parquet_hold_the_same_rows(engine: DuckDB, tmp_path: Path) -> None:
    rows = [person(number, name='Say "hi", é\nworld' if number == 3 else None) for number in range(1, 6)]
    prepared = prepare_release(request(tmp_path, [benefits(engine, rows)]), engine)
    assert prepared.staged is not None
    text = arrow_csv.ConvertOptions(strings_can_be_null=True, column_types={"date_of_birth": pa.string()})
    plain = arrow_csv.read_csv(
        prepared.staged / "release.csv",
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=text,
    )
    exact = parquet.read_table(prepared.staged / "release.parquet")
    assert plain.column("name").to_pylist() == exact.column("name").to_pylist()
    assert plain.column("reference").to_pylist() == sorted(exact.column("reference").to_pylist())


def test_what_is_withheld_is_in_no_delivered_byte(engine: DuckDB, tmp_path: Path) -> None:
    canary = person(
        1,
        nino="QQCANARYC",
        nhs_number="9999999468",
        award="31337.25",
        date_of_birth="1941-02-03",
        postcode="ZZ9 9ZZ",
        children="77",
        claimed_on="2019-09-19",
    )
    prepared = prepare_release(request(tmp_path, [benefits(engine, [canary, person(2)])]), engine)
    assert prepared.staged is not None
    delivered = all_bytes(prepared.staged) + prepared.sql.encode() + repr(audit_details(prepared)).encode()
    secrets = ("QQCANARYC", "9999999468", "31337", "1941-02-03", "ZZ9", "2019-09-19", "P00001", KEY.hex())
    for secret in secrets:
        assert secret.encode() not in delivered
    assert KEY not in delivered
    assert "phone" in delivered.decode(errors="replace")


@pytest.mark.parametrize("field", ["nino", "award", "nhs_number", "children", "shoe_size"])
def test_a_flow_that_asks_for_more_than_was_agreed_is_refused(
    engine: DuckDB, tmp_path: Path, field: str
) -> None:
    asked = request(tmp_path, [benefits(engine, [person(1)])], asked={"benefits": ("name", field)})
    with pytest.raises(FieldNotCovered):
        prepare_release(asked, engine)
    assert not (tmp_path / "staging").exists()


def test_a_field_that_is_both_agreed_and_never_does_not_leave(engine: DuckDB, tmp_path: Path) -> None:
    term = replace(
        with_forms(BENEFIT_TERM, name=Form.IDENTIFIABLE, nino=Form.IDENTIFIABLE), never=("nino", "award")
    )
    prepared = prepare_release(
        request(tmp_path, [benefits(engine, [person(1)])], agreement=agreement(term)), engine
    )
    assert set(rows_of(prepared)[0]) == {"reference", "name"}
    assert ("benefits.nino", "The agreement says it may never leave.") in prepared.fields_withheld


def test_a_flow_may_ask_for_less(engine: DuckDB, tmp_path: Path) -> None:
    asked = request(tmp_path, [benefits(engine, [person(1)])], asked={"benefits": ("phone",)})
    prepared = prepare_release(asked, engine)
    assert set(rows_of(prepared)[0]) == {"reference", "phone"}
    assert ("benefits.name", "The flow does not ask for it.") in prepared.fields_withheld


def test_a_second_run_releases_nothing_twice(engine: DuckDB, tmp_path: Path) -> None:
    asked = request(tmp_path, [benefits(engine, [person(number) for number in range(1, 9)])])
    first = prepare_release(asked, engine)
    assert (first.released, first.released_new) == (8, 8)
    second = prepare_release(replace(asked, ledger=first.ledger), engine)
    assert (second.released, second.released_new) == (8, 0)
    assert second.release_id is None and second.staged is None and second.final is None
    assert second.ledger.count() == 8 and second.subjects.count() == 0
    assert hand_over(second) is False


def test_a_changed_row_and_a_new_person_are_released_anew(engine: DuckDB, tmp_path: Path) -> None:
    asked = request(tmp_path, [benefits(engine, [person(1), person(2), person(3)])])
    first = prepare_release(asked, engine)
    ledger = engine.create("held_before", f'SELECT * FROM "{first.ledger.name}"')
    changed = [person(1), person(2, phone="+447700912345"), person(3), person(4)]
    second = prepare_release(
        replace(asked, datasets={"benefits": benefits(engine, changed, "later")}, ledger=ledger), engine
    )
    assert second.released_new == 2 and second.release_id != first.release_id
    assert {row["phone"] for row in rows_of(second)} == {"+447700912345", "+447700900004"}
    assert second.ledger.count() == 4
    assert sorted(second.subjects.arrow().column("person").to_pylist()) == ["P00002", "P00004"]


def test_a_row_that_changes_back_is_released_again_under_another_name(engine: DuckDB, tmp_path: Path) -> None:
    asked = request(tmp_path, [])
    ledger, seen = None, []
    for step, phone in enumerate(["+441", "+442", "+441"]):
        rows = {"benefits": benefits(engine, [person(1, phone=phone)], f"step{step}")}
        made = prepare_release(replace(asked, datasets=rows, ledger=ledger), engine)
        ledger = engine.create(f"held{step}", f'SELECT * FROM "{made.ledger.name}"')
        seen.append(made.release_id)
    assert len(set(seen)) == 3 and None not in seen


def test_the_same_inputs_give_the_same_release_whatever_the_order_of_rows(
    engine: DuckDB, tmp_path: Path
) -> None:
    rows = [person(number) for number in range(1, 30)]
    one = prepare_release(request(tmp_path / "a", [benefits(engine, rows, "forwards")]), engine)
    other = prepare_release(request(tmp_path / "b", [benefits(engine, rows[::-1], "backwards")]), engine)
    assert one.release_id == other.release_id and one.content_sha256 == other.content_sha256
    assert one.staged and other.staged
    assert (one.staged / "release.csv").read_bytes() == (other.staged / "release.csv").read_bytes()


def test_two_agreements_give_one_person_different_references(engine: DuckDB, tmp_path: Path) -> None:
    lists = [benefits(engine, [person(1)])]
    one = prepare_release(request(tmp_path, lists), engine)
    other = prepare_release(request(tmp_path, lists, agreement=agreement(id="other"), key=bytes(32)), engine)
    assert rows_of(one)[0]["reference"] != rows_of(other)[0]["reference"]


def test_the_key_is_gone_afterwards_and_so_are_the_rows(engine: DuckDB, tmp_path: Path) -> None:
    lists = [benefits(engine, [person(1)])]
    prepared = prepare_release(request(tmp_path, lists), engine)
    tables = set(engine.fetch("SELECT table_name FROM duckdb_tables()").column(0).to_pylist())
    assert KEY_TABLE not in tables
    kept = {prepared.outcomes.name, prepared.ledger.name, prepared.subjects.name, "benefits_list"}
    assert tables == kept


def test_the_key_is_gone_when_the_release_fails(
    engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ParquetWriter", _full_disk)
    with pytest.raises(DiskFull):
        prepare_release(request(tmp_path, [benefits(engine, [person(1)])]), engine)
    tables = set(engine.fetch("SELECT table_name FROM duckdb_tables()").column(0).to_pylist())
    assert KEY_TABLE not in tables and not any(name.endswith(("_rows", "_new")) for name in tables)


def _full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_nothing_half_made(
    engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ParquetWriter", _full_disk)
    with pytest.raises(DiskFull):
        prepare_release(request(tmp_path, [benefits(engine, [person(1)])]), engine)
    assert list((tmp_path / "staging").iterdir()) == []
    assert not (tmp_path / "outbox").exists()


def test_a_folder_that_may_not_be_written_is_said_plainly(
    engine: DuckDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", closed)
    with pytest.raises(FolderReadOnly):
        prepare_release(request(tmp_path, [benefits(engine, [person(1)])]), engine)


def test_a_damaged_key_releases_nothing(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        prepare_release(request(tmp_path, [benefits(engine, [person(1)])], key=b"short"), engine)
    assert not (tmp_path / "staging").exists()


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "", ".hidden", "a b"])
def test_a_name_that_is_no_folder_name_is_refused(engine: DuckDB, tmp_path: Path, name: str) -> None:
    lists = [benefits(engine, [person(1)])]
    for change in ({"flow": name}, {"recipient": name}):
        with pytest.raises(FlowInvalid):
            prepare_release(request(tmp_path, lists, **change), engine)


def test_the_agreement_ends_at_midnight_in_london(engine: DuckDB, tmp_path: Path) -> None:
    lists = [benefits(engine, [person(1)])]
    just_before = datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)
    assert prepare_release(request(tmp_path, lists, at=just_before), engine).released == 1
    with pytest.raises(AgreementEnded):
        prepare_release(request(tmp_path, lists, at=datetime(2027, 3, 31, 23, 0, tzinfo=UTC)), engine)


def test_hand_over_moves_the_folder_once_however_often_it_is_called(engine: DuckDB, tmp_path: Path) -> None:
    prepared = prepare_release(request(tmp_path, [benefits(engine, [person(1)])]), engine)
    assert prepared.staged and prepared.final and prepared.release_id
    assert prepared.final == tmp_path / "outbox" / "council" / "winter-calls" / prepared.release_id
    assert hand_over(prepared) is True
    assert hand_over(prepared) is False
    assert finish_hand_over(prepared.staged, prepared.final) is False
    assert {path.name for path in prepared.final.iterdir()} == FILES and not prepared.staged.exists()


def test_a_delivery_that_is_in_neither_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseClash):
        finish_hand_over(tmp_path / "gone", tmp_path / "nowhere")


def test_a_twin_of_what_was_handed_over_is_dropped_and_another_is_refused(
    engine: DuckDB, tmp_path: Path
) -> None:
    asked = request(tmp_path, [benefits(engine, [person(1)])])
    prepared = prepare_release(asked, engine)
    hand_over(prepared)
    again = prepare_release(asked, engine)
    assert again.staged and again.final == prepared.final
    assert hand_over(again) is False and not again.staged.exists()
    third = prepare_release(asked, engine)
    assert third.staged and third.final
    (third.final / "release.csv").write_text("edited")
    with pytest.raises(ReleaseClash):
        hand_over(third)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 7700", "'+44 7700"),
        ("+447700900001", "+447700900001"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("O'Neill", "O'Neill"),
        ("a=b", "a=b"),
        ("", ""),
        (None, None),
    ],
)
def test_no_cell_runs_in_a_spreadsheet(cell: str | None, written: str | None) -> None:
    batch = pa.record_batch({"cell": pa.array([cell], pa.string())})
    assert neutral(batch).column(0).to_pylist() == [written]


def test_parquet_keeps_the_cell_that_csv_makes_safe(engine: DuckDB, tmp_path: Path) -> None:
    asked = request(tmp_path, [benefits(engine, [person(1, name="=HYPERLINK(1)")])])
    prepared = prepare_release(asked, engine)
    assert prepared.staged and rows_of(prepared)[0]["name"] == "=HYPERLINK(1)"
    assert b'"\'=HYPERLINK(1)"' in (prepared.staged / "release.csv").read_bytes()


def test_counts_are_delivered_whole_and_only_when_they_change(engine: DuckDB, tmp_path: Path) -> None:
    rows = [person(number) for number in range(1, 61)]
    asked = request(tmp_path, [benefits(engine, rows)], role="analyst", level=Level.AGGREGATE)
    first = prepare_release(asked, engine)
    assert first.staged and first.released == first.released_new > 0
    assert first.ledger.count() == 1 and first.subjects.count() == 60
    ledger = engine.create("held_before", f'SELECT * FROM "{first.ledger.name}"')
    same = prepare_release(replace(asked, ledger=ledger), engine)
    assert same.released_new == 0 and same.staged is None and same.ledger.count() == 1
    more = {"benefits": benefits(engine, [*rows, *(person(number) for number in range(61, 90))], "more")}
    changed = prepare_release(replace(asked, ledger=ledger, datasets=more), engine)
    assert changed.released_new == changed.released and changed.ledger.count() == 1


def test_a_suppressed_count_says_so_in_the_csv(engine: DuckDB, tmp_path: Path) -> None:
    rows = [person(number) for number in range(1, 5)]
    asked = request(tmp_path, [benefits(engine, rows)], role="analyst", level=Level.AGGREGATE)
    prepared = prepare_release(asked, engine)
    assert prepared.staged
    assert b'"suppressed"' in (prepared.staged / "release.csv").read_bytes()


def test_an_empty_release_stages_nothing(engine: DuckDB, tmp_path: Path) -> None:
    for level, role in ((Level.IDENTIFIABLE, "adviser"), (Level.AGGREGATE, "analyst")):
        asked = request(tmp_path, [benefits(engine, [])], level=level, role=role)
        prepared = prepare_release(asked, engine)
        assert prepared.staged is None and prepared.ledger.count() == 0 and prepared.outcomes.count() == 0


def test_the_audit_details_hold_counts_and_hashes_only(engine: DuckDB, tmp_path: Path) -> None:
    rows = [person(1), person(2, protected=True), person(3, pension_credit="false")]
    prepared = prepare_release(request(tmp_path, [benefits(engine, rows)]), engine)
    details = json.loads(json.dumps(audit_details(prepared)))
    assert details["withheld"] == {"protected": 1, "row_test": 1}
    assert details["released"] == 1 and details["release"] == prepared.release_id
    assert len(details["sql_sha256"]) == len(details["content_sha256"]) == 64


def test_the_request_does_not_print_its_key(tmp_path: Path) -> None:
    assert repr(KEY) not in repr(request(tmp_path, []))


def test_own_rows_not_named_in_the_agreement_may_still_choose_people(engine: DuckDB, tmp_path: Path) -> None:
    lists = [benefits(engine, [person(1), person(2)]), calls(engine, [call(2)])]
    asked: ReleaseRequest = request(
        tmp_path, lists, agreement=agreement(BENEFIT_TERM), people=PeopleRule(("benefits",), ("calls",))
    )
    prepared = prepare_release(asked, engine)
    assert [row["name"] for row in rows_of(prepared)] == ["Canary1 Name"]
    assert prepared.withheld == {"in_excluded_list": 1}


def test_existence_answers_name_the_recipients_rows_only(engine: DuckDB, tmp_path: Path) -> None:
    term = with_forms(BENEFIT_TERM, name=Form.EXISTENCE, phone=Form.IDENTIFIABLE)
    lists = [
        benefits(engine, [person(1), person(2, phone=None), person(4, protected=True), person(9)]),
        calls(engine, [call(1), call(2), call(3), call(4), call(2, source_row=7)]),
    ]
    asked = request(
        tmp_path,
        lists,
        agreement=agreement(term, CALLS_TERM),
        level=Level.EXISTENCE,
        people=PeopleRule(("calls",)),
    )
    prepared = prepare_release(asked, engine)
    assert rows_of(prepared) == [
        {"your_list": "list", "your_row": "1", "name": "true", "phone": "true"},
        {"your_list": "list", "your_row": "2", "name": "true", "phone": "false"},
        {"your_list": "list", "your_row": "7", "name": "true", "phone": "false"},
    ]
    assert prepared.withheld == {"not_in_all": 1, "nothing_known": 1, "protected": 1}


def test_dates_are_reckoned_on_as_of(engine: DuckDB, tmp_path: Path) -> None:
    lists = [benefits(engine, [person(1, date_of_birth="1951-12-02")])]
    before = prepare_release(request(tmp_path, lists, as_of=date(2026, 12, 1)), engine)
    after = prepare_release(request(tmp_path, lists, as_of=date(2026, 12, 2)), engine)
    assert (rows_of(before)[0]["date_of_birth"], rows_of(after)[0]["date_of_birth"]) == ("70-74", "75-79")
