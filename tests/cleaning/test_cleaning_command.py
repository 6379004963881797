"""``sharewell clean``: what it writes and prints, and that every raw cell can be built again."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaning.cleaning_files import GOOD, HEADER, Answers, clean, people, run, write_list
from sharewell.vocab.errors import MappingUnconfirmed, OutputIsInput, OutputTaken, RuleUnknown, UnknownColumn

CELL = st.one_of(
    st.sampled_from(["", " ", "N/A", "943 476 5919", "12/03/85", "F", "bn32qz", "£1,000", '"x"', "a\nb"]),
    st.text("abcÉ0123456789,'\"; \n£&", max_size=12),
)


def test_it_prints_what_became_of_every_line(tmp_path: Path) -> None:
    rows = [*people(2), GOOD | {"record_id": "P3", "nhs_number": "1"}, GOOD | {"record_id": "P4", "sex": "F"}]
    file = write_list(tmp_path / "list.csv", rows)
    answer = run("clean", file, "--standard", "messy-sample", "--out", tmp_path / "out", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.output) == {
        "rows_in": 4,
        "kept": 3,
        "set_aside": 1,
        "not_records": 1,
        "changes": 2,
    }


def test_without_json_it_says_so_in_words(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", people(2))
    answer = run("clean", file, "--standard", "messy-sample", "--out", tmp_path / "out")
    assert "2 kept, 0 set aside, 0 cells changed" in answer.output


def test_the_kept_rows_are_the_standards_columns_as_canonical_text(tmp_path: Path) -> None:
    dirty = GOOD | {"sex": "F", "nino": "", "balance": "£10.50", "date_of_birth": "12/03/1985"}
    answers = clean(write_list(tmp_path / "list.csv", [dirty]), tmp_path / "out")
    assert pq.read_schema(tmp_path / "out" / "kept.parquet").names == ["source_row", *HEADER]
    assert answers.rows("kept") == [{"source_row": 1, **GOOD, "nino": None}]


def test_changes_are_told_of_kept_and_of_set_aside_rows_with_why(tmp_path: Path) -> None:
    kept = GOOD | {"sex": "F"}
    aside = GOOD | {"record_id": "P2", "nhs_number": "9434765918", "postcode": "bn32qz", "nino": "x"}
    answers = clean(write_list(tmp_path / "list.csv", [kept, aside]), tmp_path / "out")
    told = {(row["source_row"], row["column"]): row for row in answers.rows("changes")}
    assert {place: row["verdict"] for place, row in told.items()} == {
        (1, "sex"): "repaired",
        (2, "nhs_number"): "set_aside",
        (2, "postcode"): "repaired",
        (2, "nino"): "blanked",
    }
    assert told[2, "nhs_number"]["before"] == "9434765918"
    assert told[2, "nhs_number"]["after"] is None
    assert all(row["why"].endswith(".") for row in told.values())


def test_rows_that_could_not_be_read_are_set_aside_with_their_text(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", people(3))
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines[:2], "P9,only,four,cells", *lines[2:]]) + "\n", encoding="utf-8")
    answers = clean(file, tmp_path / "out")
    assert answers.reasons() == {2: ["ragged_row"]}
    assert answers.rows("set_aside")[0]["raw"] == "P9,only,four,cells"
    assert [row["source_row"] for row in answers.rows("kept")] == [1, 3, 4]


def test_titles_blank_lines_and_footers_are_no_records(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", people(3))
    body = file.read_text("utf-8")
    blank = "," * (len(HEADER) - 1)
    file.write_text(
        f"Extract of people{blank}\n{body}{blank}\nTotal records,3{blank[1:]}\n", encoding="utf-8"
    )
    answers = clean(file, tmp_path / "out")
    assert answers.about["rows"] == {"rows_in": 3, "kept": 3, "set_aside": 0, "not_records": 4, "changes": 0}
    assert answers.about["file"]["lines"] == {
        "record": 3,
        "title": 1,
        "header": 1,
        "blank": 1,
        "footer": 1,
    }


def test_about_says_how_it_was_made_and_never_a_value(tmp_path: Path) -> None:
    rows = [GOOD | {"sex": "F", "full_name": "SECRETIVE, ANN"}, GOOD | {"record_id": ""}]
    about = clean(write_list(tmp_path / "list.csv", rows), tmp_path / "out").about
    assert about["standard"] == {"name": "messy-sample", "version": "1.0"}
    assert about["as_of"] == "2026-01-01"
    assert [(rule["column"], rule["rule"], rule["cells"]) for rule in about["rules"]] == [
        ("full_name", "name_order+name_capitals", 1),
        ("sex", "code_from_word", 1),
    ]
    assert about["reasons"] == [
        {
            "reason": "missing_required_record_id",
            "rows": 1,
            "why": "Record id must be filled in, and it is missing.",
        }
    ]
    assert "ecretive" not in json.dumps(about).lower()


def test_a_table_schema_file_may_be_the_standard(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "Ref", "type": "string"}, {"name": "Born", "type": "date"}],
        "primaryKey": "Ref",
    }
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    file = write_list(
        tmp_path / "list.csv", [{"Ref": "a", "Born": "12/03/1985"}, {"Ref": "a", "Born": "1985-03-12"}],
        ("Ref", "Born"),
    )  # fmt: skip
    answers = clean(file, tmp_path / "out", standard=str(tmp_path / "schema.json"))
    assert answers.rows("kept") == [{"source_row": 1, "Ref": "a", "Born": "1985-03-12"}]
    assert answers.reasons() == {2: ["duplicate_exact"]}


def test_a_column_of_unknown_meaning_stops_it_before_anything_is_written(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", people(3), (*HEADER, "zzz"))
    with pytest.raises(MappingUnconfirmed):
        clean(file, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_renamed_and_reordered_columns_are_put_under_the_standards_names(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    write_list(file, people(2), tuple(reversed(HEADER)))
    text = file.read_text("utf-8").replace('"nhs_number"', '"NHS No."', 1)
    file.write_text(text, encoding="utf-8")
    assert clean(file, tmp_path / "out").rows("kept")[0] == {"source_row": 1, **GOOD}


def test_a_rule_undone_for_a_column_leaves_its_cells_as_they_came(tmp_path: Path) -> None:
    rows = [
        GOOD | {"full_name": "SMITH, ANN", "address": "12 High Street, Hove, BN3 2QZ", "phone": "07700"},
        GOOD | {"record_id": "P2", "full_name": "  Ann Smith", "nhs_number": "1111111111"},
        GOOD | {"record_id": "P2", "full_name": "Ann Jones"},
    ]
    file = write_list(tmp_path / "list.csv", rows)
    undo = (
        *("--without", "full_name:name_order", "--without", "address:postcode_in_address"),
        *("--without", "phone:phone_wrong_length", "--without", "nhs_number:nhs_number_placeholder"),
        *("--without", "record_id:duplicate_conflicting"),
    )
    answers = clean(file, tmp_path / "out", *undo)
    assert [(row["full_name"], row["address"], row["phone"]) for row in answers.rows("kept")] == [
        ("SMITH, ANN", "12 High Street, Hove, BN3 2QZ", "07700"),
        ("Ann Smith", GOOD["address"], GOOD["phone"]),
        ("Ann Jones", GOOD["address"], GOOD["phone"]),
    ]
    assert answers.about["without"][0] == "address:postcode_in_address"


@pytest.mark.parametrize(
    ("undo", "refusal"),
    [("nobody:spaces", UnknownColumn), ("sex:nothing_known", RuleUnknown), ("sex", RuleUnknown)],
)
def test_a_rule_that_is_none_is_refused(tmp_path: Path, undo: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        clean(write_list(tmp_path / "list.csv", people(1)), tmp_path / "out", "--without", undo)


def test_running_again_replaces_the_answers_and_nothing_else(tmp_path: Path) -> None:
    file = write_list(tmp_path / "list.csv", people(2))
    clean(file, tmp_path / "out")
    write_list(file, people(3))
    assert clean(file, tmp_path / "out").about["rows"]["kept"] == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv", "out"]
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with pytest.raises(OutputTaken):
        clean(file, tmp_path / "notes")
    with pytest.raises(OutputIsInput):
        clean(file, tmp_path)
    assert (tmp_path / "notes" / "mine.txt").read_text() == "mine"


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER[1:], CELL)), min_size=1, max_size=6))
def test_every_raw_cell_can_be_built_again(tmp_path: Path, cells: list[dict[str, str]]) -> None:
    written = [row | {"record_id": f"P{number}"} for number, row in enumerate(cells)] + people(3)
    written += [GOOD | row | {"record_id": f"Q{number}", "nhs_number": GOOD["nhs_number"]} for number, row in
                enumerate(cells)]  # fmt: skip
    answers = clean(write_list(tmp_path / "list.csv", written), tmp_path / "out")
    rebuilt = rebuild(answers)
    assert rebuilt == dict(enumerate(written, start=1))


def rebuild(answers: Answers) -> dict[int, dict[str, str]]:
    before = {(row["source_row"], row["column"]): row["before"] for row in answers.rows("changes")}
    kept = {
        row["source_row"]: {name: before.get((row["source_row"], name), row[name] or "") for name in HEADER}
        for row in answers.rows("kept")
    }
    aside = {row["source_row"]: json.loads(row["raw"]) for row in answers.rows("set_aside")}
    for (number, name), cell in before.items():
        assert (kept.get(number) or aside[number])[name] == cell
    return kept | aside
