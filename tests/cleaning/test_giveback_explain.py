"""A row given back and taken in mended is explained: why it was out, what was mended, which rule after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaning.cleaning_files import run
from cleaning.giveback_cases import GOOD, LIST, SCHEMA, mend, written

STILL_WRONG = {(6, "Seen"): "88/88/2025"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list cleaned, given back, mended by hand and taken back, all by the commands."""
    folder = tmp_path_factory.mktemp("mended")
    (folder / "clinic.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (folder / "clinic.csv").write_text(LIST, encoding="utf-8")
    standard = ("--standard", folder / "clinic.json")
    told = (
        ("clean", folder / "clinic.csv", *standard, "--out", folder / "answers", "--as-of", "2026-01-01"),
        ("giveback", folder / "answers", *standard, "--out", folder / "rows.xlsx"),
    )
    for words in told:
        answer = run(*words)
        assert answer.exit_code == 0, answer.output
    mend(folder / "rows.xlsx", written({**GOOD, **STILL_WRONG}))
    answer = run("takeback", folder / "answers", folder / "rows.xlsx", *standard)
    assert answer.exit_code == 0, answer.output
    return folder


def ask(folder: Path, row: int, *options: object) -> Any:
    words = (f"{folder / 'clinic.csv'}:{row}", "--standard", folder / "clinic.json")
    return run("explain", *words, "--answers", folder / "answers", *options)


def explain(folder: Path, row: int) -> dict[str, Any]:
    answer = ask(folder, row, "--json")
    assert answer.exit_code == 0, answer.output
    told: dict[str, Any] = json.loads(answer.output)
    return told


def test_a_mended_row_shows_why_it_was_out_what_was_mended_and_that_it_is_kept(folder: Path) -> None:
    told = explain(folder, 2)
    assert (told["fate"], [each["reason"] for each in told["reasons"]]) == (
        "set_aside",
        ["nhs_number_bad_check_digit"],
    )
    back = told["taken_back"]
    assert (back["fate"], back["reasons"]) == ("kept", [])
    [mended] = [cell for cell in back["cells"] if cell["column"] == "nhs_number"]
    assert (mended["before"], mended["after"]) == ("9434765918", "9434765919")
    rule, *after = mended["rule"].split("+")
    assert rule == "mended_by_sender" and after
    assert mended["why"].startswith("The sender wrote this cell anew")


def test_a_line_that_could_not_be_read_shows_the_cells_its_sender_made_of_it(folder: Path) -> None:
    told = explain(folder, 5)
    assert told["raw"].startswith("a5,") and told["cells"] == []
    back = {cell["column"]: cell for cell in told["taken_back"]["cells"]}
    assert told["taken_back"]["fate"] == "kept"
    assert (back["note"]["before"], back["note"]["after"]) == (None, "too, many, cells")
    assert back["seen_on"]["after"] == "2025-05-07"


def test_a_row_mended_in_vain_says_why_it_is_still_set_aside(folder: Path) -> None:
    back = explain(folder, 6)["taken_back"]
    assert back["fate"] == "set_aside" and back["reasons"][0]["why"]


def test_a_row_that_nobody_mended_has_nothing_of_it(folder: Path) -> None:
    told = explain(folder, 1)
    assert (told["fate"], told["taken_back"]) == ("kept", None)


def test_in_words_it_says_the_same(folder: Path) -> None:
    said = ask(folder, 2).output
    assert "row 2, line 3: set aside" in said
    assert "Taken back, mended by its sender: kept" in said
    assert "9434765919" in said


def test_a_folder_of_another_file_is_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "clinic.csv"
    other.write_text(LIST.replace("fine", "well"), encoding="utf-8")
    words = (f"{other}:2", "--standard", folder / "clinic.json", "--answers", folder / "answers")
    answer = run("explain", *words)
    assert answer.exit_code != 0 and "another file" in str(answer.exception)
