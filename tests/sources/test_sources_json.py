"""JSON of every shape: lines, arrays, a list under a key; numbers as written, nothing lost between."""

from __future__ import annotations

import json

import pytest

from sharewell.vocab.errors import FileUnreadable, SeveralLists, UnknownColumn


def table(found):
    return [dict(list(row.items())[2:]) for row in found.kept.arrow().to_pylist()]


WRAPPED = {"count": 2, "data": {"people": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Zoë"}]}, "next": None}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_under_a_key_is_read_and_said(read, indent):
    found = read(json.dumps(WRAPPED, indent=indent), "list.json")
    assert table(found) == [{"id": "1", "name": "Ann"}, {"id": "2", "name": "Zoë"}]
    assert found.facts.format == "json"
    [note] = found.notes
    assert (note.code, note.rows) == ("json_list", 2)
    assert "'data.people'" in note.text


def test_of_several_lists_one_must_be_named(read):
    text = json.dumps({"new": [{"id": 1}], "old": [{"id": 2}], "tags": ["x"]})
    with pytest.raises(SeveralLists, match="new, old"):
        read(text, "list.json")
    assert table(read(text, "list.json", sheet="old")) == [{"id": "2"}]
    with pytest.raises(UnknownColumn):
        read(text, "list.json", sheet="tags")


def test_one_object_alone_is_one_record(read):
    assert table(read('{\n "id": 1,\n "name": "Ann"\n}\n', "list.json")) == [{"id": "1", "name": "Ann"}]


def test_objects_are_flattened_one_level_and_what_lies_deeper_stays_json(read):
    text = '[{"id": 1.50, "home": {"at": {"uprn": 10, "x": [1e3, true, null]}, "town": "Hove"}, "n": [1, 2]}]'
    assert table(read(text, "list.json")) == [
        {"id": "1.50", "home.at": '{"uprn": 10, "x": [1e3, true, null]}', "home.town": "Hove", "n": "[1, 2]"}
    ]


def test_a_dotted_name_that_two_values_would_share_loses_neither(read):
    found = read('{"id": 1, "a.b": 2, "a": {"b": 3}}\n{"id": 2}\n', "list.jsonl")
    assert table(found) == [{"id": "2"}]
    assert found.set_aside.count() == 1


def test_a_broken_first_line_does_not_make_a_document_of_lines(read):
    found = read('{"id": 1, "name": \n{"id": 2}\n{"id": 3}\n', "list.jsonl")
    assert table(found) == [{"id": "2"}, {"id": "3"}]
    assert [row["line"] for row in found.set_aside.arrow().to_pylist()] == [1]


@pytest.mark.parametrize("text", ['[{"id": 1}, %s]', '{"rows": [{"id": 1}, %s]}', '{"id": 1}\n%s\n'])
def test_half_a_letter_sets_its_record_aside(read, text):
    found = read(text % '{"id": "a\\udc00"}', "list.json")
    assert table(found) == [{"id": "1"}]
    [aside] = found.set_aside.arrow().to_pylist()
    assert "udc00" in aside["raw"]


def test_a_long_array_is_read_block_by_block(read, monkeypatch):
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 61)
    items = [{"id": n, "text": "é" * (n % 90), "home": {"n": -n}} for n in range(500)]
    expected = [{"id": str(n), "text": "é" * (n % 90), "home.n": str(-n)} for n in range(500)]
    for indent in (None, 1):
        assert table(read(json.dumps(items, indent=indent), "list.json")) == expected
        assert table(read(json.dumps({"rows": items}, indent=indent), "list.json")) == expected
    found = read("[1234567, " + json.dumps(items)[1:], "list.json")
    assert [row["raw"] for row in found.set_aside.arrow().to_pylist()] == ["1234567"]
    assert [row["source_row"] for row in found.kept.arrow().to_pylist()] == list(range(2, 502))


@pytest.mark.parametrize(
    "text",
    [
        '{"rows": [{"id": 1}, {"id": 2',
        '{"rows": [{"id": 1}]} {"rows": []}',
        '[{"id": 1}] x',
        '[{"id": 1},, {"id": 2}]',
        '[{"id": "never closed}]',
        "[" * 100_000,
        '[{"id": ' + "[" * 100_000 + "]" * 100_000 + "}]",
    ],
)
def test_damaged_json_is_refused_and_leaves_nothing(engine, read, text):
    with pytest.raises(FileUnreadable):
        read(text, "list.json")
    assert engine.fetch("SHOW TABLES").num_rows == 0
