"""``sharewell explain FILE:ROW``, and a plain sentence for everything that cleaning and reading can say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cleaning.cleaning_files import GOOD, HEADER, people, run, write_list
from sharewell.cleaning import queries
from sharewell.cleaning.keys import RULES as KEY_RULES
from sharewell.cleaning.rules import MODULES, RULES
from sharewell.cleaning.sentences import READING, every_rule, why
from sharewell.vocab.errors import TraceNotFound

SOURCES = Path(queries.__file__).parents[1] / "sources"


def explain(file: Path, row: int, *options: str) -> dict[str, Any]:
    answer = run("explain", f"{file}:{row}", "--standard", "messy-sample", "--as-of", "2026-01-01", *options)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    told: dict[str, Any] = json.loads(answer.output)
    return told


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        GOOD | {"full_name": "SMITH, ANN", "nino": ""},
        GOOD | {"record_id": "P2", "nhs_number": "9434765918", "sex": "F"},
        GOOD | {"record_id": "P1", "address": "1 New Street"},
    ]
    path = write_list(tmp_path_factory.mktemp("lists") / "list.csv", rows)
    path.write_text(path.read_text("utf-8") + "P9,cut\n" + '"P10",also,cut\n', encoding="utf-8")
    return path


def test_a_kept_row_shows_each_cell_before_and_after_with_why(file: Path) -> None:
    told = explain(file, 1, "--json")
    assert (told["fate"], told["line"], told["reasons"]) == ("kept", 2, [])
    assert [cell["column"] for cell in told["cells"]] == list(HEADER)
    name = told["cells"][4]
    assert (name["before"], name["after"]) == ("SMITH, ANN", "Ann Smith")
    assert name["rule"] == "name_order+name_capitals"
    assert name["why"] == f"{RULES['name_order']} {RULES['name_capitals']}"
    assert [cell["after"] for cell in told["cells"] if not cell["rule"]] == [
        GOOD[column] if column != "nino" else None for column in HEADER if column != "full_name"
    ]


def test_a_row_set_aside_says_why(file: Path) -> None:
    told = explain(file, 2, "--json")
    assert told["fate"] == "set_aside"
    assert told["reasons"] == [
        {"reason": "nhs_number_bad_check_digit", "why": RULES["nhs_number_bad_check_digit"]}
    ]
    assert explain(file, 3, "--json")["reasons"][0]["why"] == KEY_RULES["duplicate_conflicting"]


def test_a_row_that_could_not_be_read_shows_its_text(file: Path) -> None:
    told = explain(file, 4, "--json")
    assert (told["fate"], told["raw"], told["cells"]) == ("set_aside", "P9,cut", [])
    assert told["reasons"] == [{"reason": "ragged_row", "why": READING["ragged_row"]}]


def test_in_words_it_says_the_same(file: Path) -> None:
    answer = run("explain", f"{file}:2", "--standard", "messy-sample")
    assert "row 2, line 3: set aside" in answer.output
    assert RULES["nhs_number_bad_check_digit"] in answer.output


def test_a_row_beyond_the_end_is_refused(file: Path) -> None:
    with pytest.raises(TraceNotFound, match="no row 9"):
        explain(file, 9)
    assert run("explain", str(file), "--standard", "messy-sample").exit_code == 2


def test_a_rule_undone_is_undone_here_too(file: Path) -> None:
    told = explain(file, 1, "--json", "--without", "full_name:name_order")
    assert told["cells"][4]["after"] == "SMITH, ANN"


def test_every_rule_and_every_reason_has_a_plain_sentence() -> None:
    known = every_rule()
    assert {rule for module in MODULES for rule in module.RULES} <= set(known)
    assert {queries.POSTCODE_RULE, queries.NO_TEXT_RULE, "code_from_empty"} <= set(known)
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in known.values())
    assert why("missing_required_x", {"x": "The x"}) == "The x must be filled in, and it is missing."


def test_every_reason_that_reading_gives_has_its_sentence() -> None:
    given = set()
    for path in SOURCES.glob("*.py"):
        text = path.read_text("utf-8")
        if "aside" in text:
            given |= set(re.findall(r'"([a-z]+_(?:row|json|element|record|quote))"', text))
    noted = {"source_row", "stray_quote"}
    assert given - noted - set(READING) == set(), "say why in cleaning/sentences.py"


def test_people_are_right_in_every_cell(tmp_path: Path) -> None:
    told = explain(write_list(tmp_path / "list.csv", people(1)), 1, "--json")
    assert {cell["rule"] for cell in told["cells"]} == {None}
