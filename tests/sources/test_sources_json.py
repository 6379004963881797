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
        '{"rows": [{"id": 1}]} {"rows": []}',
        '{"rows": [{"id": 1}], "next" [{"id": 2}]}',
        '{"id": 1, "name": "An',
        '[{"id": "never closed}]',
        "[" * 100_000,
        '[{"id": ' + "[" * 100_000 + "]" * 100_000 + "}]",
        '[{"id": 1, "id": 2}]',
        '[["id", "name"], [1, "Ann"]]',
    ],
)
def test_json_in_which_no_item_can_be_told_is_refused_and_leaves_nothing(engine, read, text):
    with pytest.raises(FileUnreadable):
        read(text, "list.json")
    assert engine.fetch("SHOW TABLES").num_rows == 0


@pytest.mark.parametrize(
    ("text", "kept", "aside"),
    [
        ('[{"id": 1}, {"id": 2', ["1"], [("truncated_row", '{"id": 2')]),
        ('{"rows": [{"id": 1}, {"id": 2', ["1"], [("truncated_row", '{"id": 2')]),
        ('[{"id": 1}, {"id": 2}', ["1", "2"], []),
        ('[{"id": 1}, {"id": 2}, ', ["1", "2"], []),
        ('[{"id": 1},, {"id": 2}]', ["1", "2"], []),
        ('[{"id": 1} {"id": 2}]', ["1", "2"], []),
        ('[{"id": 1}], {"id": 2}]', ["1", "2"], []),
        ('{"rows": [{"id": 1}], {"id": 2}], "n": 1}', ["1", "2"], []),
        ('[{"id": 1}, {"id": @}, {"id": 3}]', ["1", "3"], [("bad_json", '{"id": @}')]),
        ('[{"id": 1}, {"id": 2", "n": "}, {"}, {"id": 3}]', ["1", "3"], [("bad_json", '{"id": 2", "n": "}, {"}')]),  # noqa: E501
        ('[{"id": 1}, {"id": 2}, "n": 5}, {"id": 3}]', ["1", "3"], [("bad_json", '{"id": 2}, "n": 5}')]),
        ('[{"id": 1}, {"id": 2, "id": 9}, {"id": 3}]', ["1", "3"], [("bad_json", '{"id": 2, "id": 9}')]),
        ('[{"id": 1}, 7, {"id": 3}]', ["1", "3"], [("bad_json", "7")]),
        ('[{"id": 1}] x', ["1"], [("truncated_row", "x")]),
        ('{"id": 1}\n{"id": 2', ["1"], [("truncated_row", '{"id": 2')]),
        ('{"id": 1}\n{"id": 2\n', ["1"], [("bad_json", '{"id": 2')]),
        ('{\n"id": 1\n}\n{\n"id": 2\n}\n', ["1", "2"], []),
    ],
)  # fmt: skip
def test_damage_costs_the_item_it_hits_and_its_text_is_kept(read, text, kept, aside):
    found = read(text, "list.json")
    assert [row["id"] for row in table(found)] == kept
    assert [(*row["reasons"], row["raw"]) for row in found.set_aside.arrow().to_pylist()] == aside
    assert found.facts.records == len(kept) + len(aside)
    assert sum(found.facts.lines.values()) == len(text.splitlines())


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": 2, "name": "x", "kids": [{"id": 7, "name": "y"}, {"id": 8, "name": "z"}, {"id": 9}], @}',
        '{"id": 2, @, "name": "x", "kids": [{"id": 7, "name": "y"}, {"id": 8, "name": "z"}, {"id": 9}]}',
        '{"id": 2, "partner": {"id": 7, "name": "y"}, "name": @, "home": {"id": 8, "name": "z"}}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", ["", '{"id": 1, "name": "x"}, '])
def test_an_object_inside_a_damaged_item_is_never_taken_for_a_record(read, broken, first):
    found = read(f'[{first}{broken}, {{"id": 3, "name": "x"}}]', "list.json")
    assert [row["id"] for row in table(found)] == (["1", "3"] if first else ["3"])
    assert [row["raw"] for row in found.set_aside.arrow().to_pylist()] == [broken]


def test_a_list_that_breaks_off_is_said(read):
    assert "cut_short" in {note.code for note in read('[{"id": 1}, {"id": 2}', "list.json").notes}
    assert "cut_short" in {note.code for note in read('{"a": [{"id": 1}], "b": tr', "list.json").notes}
    assert "cut_short" not in {note.code for note in read('[{"id": 1}, {"id": 2}]', "list.json").notes}


def test_every_line_has_one_fate_by_the_most_telling_thing_on_it(read):
    text = '{"of":\r\n [\r\n{"id": 1}, {"id": 2}, 5\r\n, 6\r\n\r\n,{"id":\r\n\r\n3}]\r\n}\r\n'
    found = read(text, "list.json")
    assert found.facts.lines == {"around": 3, "record": 2, "set_aside": 1, "blank": 1, "continuation": 2}
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [3, 3, 6]
    assert [row["line"] for row in found.set_aside.arrow().to_pylist()] == [3, 4]


def test_one_odd_byte_costs_one_value_its_reading_as_utf_8_and_not_the_whole_line(read):
    text = b'[{"id": 1, "name": "Zo\xc3\xab"}, {"id": 2, "name": "Zo\xeb"}, {"id": 3, "name": "Zo\xc3\xab"}]'
    found = read(text, "list.json")
    assert [row["name"] for row in table(found)] == ["Zoë"] * 3
    assert found.facts.encoding == "utf-8 and windows-1252"
    assert {note.code: note.rows for note in found.notes} == {"windows_1252": 1}


def test_one_long_first_line_does_not_make_a_document_of_lines(read):
    found = read(f'{{"id": "{"x" * 70_000}"}}\n{{"id": "2"}}\n', "list.jsonl")
    assert [len(row["id"]) for row in table(found)] == [70_000, 1]


def test_more_names_than_any_list_has_are_refused(read):
    with pytest.raises(FileUnreadable, match="20,000 different names"):
        read(json.dumps({f"P{n}": {"name": "Ann"} for n in range(20_001)}), "list.json")


@pytest.mark.parametrize("place", ["", "data"])
@pytest.mark.parametrize("column", [["a", "b", None], {"0": "a", "1": "b", "2": None}])
def test_columns_one_after_the_other_are_no_record(read, column, place):
    document = {"id": column, "name": column, "born": column}
    with pytest.raises(FileUnreadable, match="column after the other") as caught:
        read(json.dumps({place: document} if place else document), "list.json")
    assert "one object a record" in caught.value.next_step


def test_one_record_with_lists_in_it_is_a_record(read):
    text = json.dumps({"id": 1, "phones": ["a", "b"], "emails": ["c", "d"]})
    assert table(read(text, "list.json")) == [{"id": "1", "phones": '["a", "b"]', "emails": '["c", "d"]'}]
