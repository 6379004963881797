"""``sharewell encode-key``, ``encode`` and ``overlap``: two organisations and somebody between them."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
from encoded_cases import COUNCIL, ENDS, TRUST, a_key, two_lists
from typer.testing import CliRunner, Result

from sharewell.people.encoded import keys
from sharewell.people.encoded.commands import register
from sharewell.people.encoded.keys import check_value, make_key, read_key, write_key
from sharewell.vocab.errors import (
    AgreementEnded,
    FolderReadOnly,
    KeyMissing,
    OutputIsInput,
    OutputTaken,
    SettingsInvalid,
)

NAMED = ["--first-name", "First", "--surname", "Last", "--dob", "Born", "--postcode", "Postcode"]
MAKE = ["encode-key", "--agreement", "parcels", "--between", COUNCIL, "--between", TRUST, "--records", 600]


@pytest.fixture
def run():
    app = typer.Typer()
    register(app)

    def call(*words: object) -> Result:
        answer = CliRunner().invoke(app, [*map(str, words)])
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer

    return call


@pytest.fixture
def made(run, tmp_path):
    """A key file and both lists as their holders have them, one with dates the British way."""
    run(*MAKE, "--ends", "2099-03-31", "--out", tmp_path / "key.json")
    for name, rows in zip((COUNCIL, TRUST), two_lists(), strict=True):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            written = csv.writer(file)
            written.writerow(["First", "Last", "Born", "Postcode"])
            for row in rows[-150:] if name == COUNCIL else rows[:150]:
                born = row[4]
                if name == TRUST and born:
                    born = date.fromisoformat(str(born)).strftime("%d/%m/%Y")
                written.writerow([row[2], row[3], born, row[5]])
    return tmp_path


def encode(run, folder: Path, name: str, *more: object) -> Result:
    words = ["--as", name, "--out", folder / f"{name}.parquet", "--handles", folder / f"{name}.handles"]
    return run("encode", folder / f"{name}.csv", "--key", folder / "key.json", *words, *NAMED, *more)


def test_two_lists_are_encoded_by_their_holders_and_counted_by_a_third(run, made):
    told = json.loads(encode(run, made, COUNCIL, "--json").stdout)
    assert told["records"] == told["encoded"] + told["set_aside"] == 150
    encode(run, made, TRUST)
    (made / "key.json").unlink()
    files = [made / f"{name}.parquet" for name in (COUNCIL, TRUST)]
    counted = json.loads(run("overlap", *files, "--out", made / "counts.json", "--json").stdout)
    assert counted == json.loads((made / "counts.json").read_text()) | {"out": "counts.json"}
    assert counted["on_both"] == "fewer than 10"


def test_linked_handles_lead_each_holder_to_its_own_rows(run, made):
    for name in (COUNCIL, TRUST):
        (made / f"{name}.csv").write_text(
            "First,Last,Born,Postcode\nAnn,Hall,1950-03-12,E1 1AA\nBo,Lee,1999-01-05,N1 2BB\n"
        )
        encode(run, made, name)
    run(
        "overlap",
        made / "council.parquet",
        made / "trust.parquet",
        "--linked",
        "--out",
        made / "linked.parquet",
    )
    linked = pq.read_table(made / "linked.parquet")
    assert linked.column_names == ["handle_a", "handle_b"]
    own = pq.read_table(made / "council.handles").join(linked, "handle", "handle_a", join_type="inner")
    assert sorted(own["source_row"].to_pylist()) == [1, 2]


def test_the_key_is_never_shown_nor_written_over_and_its_file_is_closed(run, tmp_path):
    path = tmp_path / "key.json"
    told = run(*MAKE, "--ends", "2099-03-31", "--out", path)
    secret = json.loads(path.read_text())["key"]
    assert secret not in told.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OutputTaken):
        run(*MAKE, "--ends", "2099-03-31", "--out", path)
    assert json.loads(path.read_text())["key"] == secret
    with pytest.raises(AgreementEnded):
        run(*MAKE, "--ends", "2020-01-01", "--out", tmp_path / "late.json")


def test_a_key_comes_back_as_it_was_and_a_changed_one_has_another_check(tmp_path):
    key = a_key()
    write_key(key, tmp_path / "key.json")
    assert read_key(tmp_path / "key.json") == key
    held = json.loads((tmp_path / "key.json").read_text()) | {"agreement": "visits"}
    (tmp_path / "key.json").write_text(json.dumps(held))
    assert check_value(read_key(tmp_path / "key.json")) != check_value(key)
    assert key.secret.hex()[:8] not in check_value(key)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "no key", '{"kind": "sharewell encoding key/1", "key": "AAAA"}']
)
def test_a_file_that_is_no_key_is_refused_without_being_quoted(tmp_path, text):
    (tmp_path / "key.json").write_text(text)
    with pytest.raises(KeyMissing) as refused:
        read_key(tmp_path / "key.json")
    assert "AAAA" not in str(refused.value)
    with pytest.raises(KeyMissing, match="not there"):
        read_key(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("agreement", "between", "records", "fields"),
    [
        ("", (COUNCIL, TRUST), 10, ("first_name", "surname", "postcode")),
        ("a", (COUNCIL, COUNCIL), 10, ("first_name", "surname", "postcode")),
        ("a", (COUNCIL,), 10, ("first_name", "surname", "postcode")),
        ("a", (COUNCIL, TRUST), 0, ("first_name", "surname", "postcode")),
        ("a", (COUNCIL, TRUST), 10, ("first_name", "surname")),
        ("a", (COUNCIL, TRUST), 10, ("nhs_number",)),
        ("a", (COUNCIL, TRUST), 10, ("first_name", "shoe_size")),
    ],
)
def test_terms_that_cannot_be_used_are_refused(agreement, between, records, fields):
    with pytest.raises(SettingsInvalid):
        make_key(agreement, between, ENDS, records, fields)


def test_one_file_for_two_uses_is_refused(run, made):
    with pytest.raises(OutputIsInput):
        encode(run, made, COUNCIL, "--out", made / "key.json")
    same = encode(run, made, COUNCIL, "--handles", made / "council.parquet")
    assert same.exit_code == 2
    assert run("overlap", made / "council.csv", made / "trust.csv", "--linked").exit_code == 2


def test_a_folder_that_may_not_be_written_is_said(monkeypatch, tmp_path):
    def closed(*_: object) -> int:
        raise PermissionError(13, "no")

    monkeypatch.setattr(keys.os, "open", closed)
    with pytest.raises(FolderReadOnly):
        write_key(a_key(), tmp_path / "key.json")


def test_a_standard_can_say_what_the_columns_mean(run, made):
    (made / "council.csv").write_text(
        "first_name,surname,date_of_birth,postcode\nAnn,Hall,12/03/1950,E1 6AN\nBo,Lee,05/01/1999,N1 9GU\n"
    )
    words = [
        "--as",
        COUNCIL,
        "--out",
        made / "c.parquet",
        "--handles",
        made / "c.handles",
        "--standard",
        "people",
    ]
    told = run("encode", made / "council.csv", "--key", made / "key.json", *words, "--json")
    assert json.loads(told.stdout)["encoded"] == 2
