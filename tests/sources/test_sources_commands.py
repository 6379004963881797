"""The commands: what columns mean, what lists should hold."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from sharewell.sources.commands import register
from sharewell.sources.map import load_confirmed
from sharewell.vocab.errors import PlaceMissing, StandardMissing, UnknownColumn

CSV = "Last name,Zzz,Dat of birth,colour\n" + "".join(
    f"Smith,BN1 {n % 10}AA,1980-01-01,red\n" for n in range(9)
)


@pytest.fixture
def place(tmp_path):
    (tmp_path / "sharewell.toml").write_text("")
    (tmp_path / "list.csv").write_text(CSV)
    return tmp_path


@pytest.fixture
def run(place):
    app = typer.Typer()
    register(app)

    def invoke(*words):
        result = CliRunner().invoke(app, [*words, "--dir", str(place)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def test_map_shows_its_guesses_and_keeps_nothing(run, place):
    result = run("map", str(place / "list.csv"), "--standard", "people")
    assert "postcode" in result.stdout
    assert "To confirm: sharewell map" in result.stdout
    assert not (place / "standards").exists()


def test_map_confirms_and_the_next_delivery_is_certain(run, place):
    file = str(place / "list.csv")
    told = ["--set", "Dat of birth=date_of_birth", "--leave-out", "colour"]
    first = json.loads(run("map", file, "--standard", "people", *told, "--confirm", "--json").stdout)
    assert first["confirmed"]
    assert first["certain"]
    second = json.loads(run("map", file, "-s", "people", "--json").stdout)
    assert second["certain"]
    assert second["next"] is None
    assert {item["column"]: item["field"] for item in second["columns"]} == {
        "Last name": "surname", "Zzz": "postcode", "Dat of birth": "date_of_birth", "colour": None,
    }  # fmt: skip
    assert load_confirmed(place / "standards", "people", ["Last name", "Zzz", "Dat of birth", "colour"])


def test_map_prints_no_value_of_any_record(run, place):
    for extra in ([], ["--json"]):
        shown = run("map", str(place / "list.csv"), "-s", "people", *extra).stdout
        assert not any(value in shown for value in ("Smith", "BN1", "1980-01-01", "red\n"))


def test_map_remembers_a_supplier_and_says_what_changed(run, place):
    inbox = place / "inbox" / "X26"
    inbox.mkdir(parents=True)
    file = inbox / "list.csv"
    file.write_text(CSV)
    told = ["--set", "Dat of birth=date_of_birth", "--leave-out", "colour", "--confirm", "--json"]
    first = json.loads(run("map", str(file), "-s", "people", *told).stdout)
    assert (first["supplier"], first["certain"], first["changes"]) == ("X26", True, [])
    file.write_text(CSV.replace("Zzz", "Post area").replace("colour", "Colours"))
    shown = run("map", str(file), "-s", "people").stdout
    assert "Since the last confirmed delivery of 'X26':" in shown
    assert "'Zzz' is probably now called 'Post area'" in shown
    second = json.loads(run("map", str(file), "-s", "people", "--json").stdout)
    assert not second["certain"]
    assert {item["kind"] for item in second["changes"]} == {"renamed"}
    assert "--supplier X26" in second["next"]
    run(*shlex.split(second["next"])[1:])
    assert json.loads(run("map", str(file), "-s", "people", "--json").stdout)["certain"]


def test_another_supplier_can_be_named(run, place):
    told = ["--set", "Dat of birth=date_of_birth", "--supplier", "Hub & Co", "--confirm", "--json"]
    shown = json.loads(run("map", str(place / "list.csv"), "-s", "people", *told).stdout)
    assert shown["supplier"] == "Hub & Co"
    assert shown["certain"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["-s", "people", "--set", "Nope=surname"], UnknownColumn),
        (["-s", "people", "--set", "Zzz=nope"], UnknownColumn),
        (["-s", "people", "--set", "Zzz"], UnknownColumn),
        (["-s", "people", "--leave-out", "Nope"], UnknownColumn),
        (["-s", "nope"], StandardMissing),
    ],
)
def test_map_refuses_what_is_not_there(run, place, options, error):
    with pytest.raises(error):
        run("map", str(place / "list.csv"), *options)


def test_map_needs_a_place(run, place):
    (place / "sharewell.toml").unlink()
    with pytest.raises(PlaceMissing):
        run("map", str(place / "list.csv"), "-s", "people")


def test_standards_are_listed_and_shown(run):
    assert "council-tax" in run("standard", "list").stdout
    assert "single_person_discount" in run("standard", "show", "council-tax").stdout
    names = [item["name"] for item in json.loads(run("standard", "list", "--json").stdout)]
    assert names == sorted(names)
    shown = json.loads(run("standard", "show", "council_tax", "--json").stdout)
    assert shown["name"] == "council-tax"
    assert shown["fields"][0]["name"] == "record_id"


def test_importing_the_commands_loads_nothing_heavy():
    code = "import sys, sharewell.sources.commands; print({'duckdb', 'pyarrow', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
