"""XML lists: a repeated element is a record; nothing reaches outside the file, and no value is lost."""

from __future__ import annotations

import gzip

import pytest

from sharewell.vocab.errors import (
    EncodingUnknown,
    FileUnreadable,
    FormatUnknown,
    HeaderDuplicate,
    SeveralLists,
    SharewellError,
    UnknownColumn,
)


def table(found):
    return [dict(list(row.items())[2:]) for row in found.kept.arrow().to_pylist()]


PEOPLE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a case system -->
<export xmlns="urn:example" made="2020-04-01">
  <count>2</count>
  <people>
    <person id="1"><name>Ann &amp; Co</name><home><postcode>BN1 1AA</postcode></home>
      <phone>01273 000001</phone><phone>01273 000002</phone></person>
    <person id="2"><name><![CDATA[Zoë <3]]></name><home/><born/></person>
  </people>
</export>
"""


def test_the_repeated_element_is_a_record(read):
    found = read(PEOPLE, "list.xml")
    assert found.facts.columns == ("id", "name", "home", "home.postcode", "phone", "born")
    assert table(found) == [
        {
            "id": "1", "name": "Ann & Co", "home.postcode": "BN1 1AA",
            "phone": '["01273 000001", "01273 000002"]', "home": None, "born": None,
        },
        {"id": "2", "name": "Zoë <3", "home.postcode": None, "phone": None, "home": "", "born": ""},
    ]  # fmt: skip
    assert found.facts.format == "xml"
    assert [note.code for note in found.notes] == ["xml_list", "outside"]
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [6, 8]


def test_prefixes_nil_and_attributes_of_a_child_s_name(read):
    found = read(
        '<r xmlns:c="urn:c" xmlns:xsi="x"><c:p id="a"><c:id>1</c:id><c:dob xsi:nil="true"/></c:p>'
        '<c:p id="b"><c:id>2</c:id><c:dob>1980-01-01</c:dob></c:p></r>',
        "list.xml",
    )
    assert table(found) == [
        {"@id": "a", "id": "1", "dob": None},
        {"@id": "b", "id": "2", "dob": "1980-01-01"},
    ]


def test_records_of_attributes_or_of_text_alone_are_read(read):
    assert table(read('<r><p id="1" n="Ann"/><p id="2" n="Bob"/></r>', "list.xml")) == [
        {"id": "1", "n": "Ann"},
        {"id": "2", "n": "Bob"},
    ]
    assert table(read("<names><name>Ann</name><name>Bob</name></names>", "a.xml")) == [
        {"name": "Ann"},
        {"name": "Bob"},
    ]


def test_one_record_is_a_list_too(read):
    assert table(read("<people><person><id>1</id><name>Ann</name></person></people>", "a.xml")) == [
        {"id": "1", "name": "Ann"}
    ]


def test_a_structured_element_among_the_records_is_set_aside_and_not_lost(read):
    text = "<r><p><id>1</id></p><q><id>9</id></q><p><id>2</id></p></r>"
    found = read(text, "list.xml")
    assert table(found) == [{"id": "1"}, {"id": "2"}]
    [aside] = found.set_aside.arrow().to_pylist()
    assert (aside["source_row"], aside["reasons"], aside["raw"]) == (2, ["other_element"], '{"id": "9"}')


def test_a_list_within_a_list_asks_which_is_meant(read):
    ward = "<ward>" + "".join(f"<p><id>{n}</id></p>" for n in range(20)) + "</ward>"
    with pytest.raises(SeveralLists, match="data/ward/p"):
        read(f"<data>{ward}{ward}</data>", "list.xml")
    found = read(f"<data>{ward}{ward}</data>", "list.xml", sheet="p")
    assert found.kept.count() == 40
    with pytest.raises(UnknownColumn):
        read(PEOPLE, "list.xml", sheet="nobody")


def test_encodings_gzip_and_one_long_line_are_read(read, monkeypatch):
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 64)
    text = PEOPLE.replace("\n", "")
    expected = table(read(text, "list.xml"))
    assert table(read(text.replace("UTF-8", "utf-16").encode("utf-16"), "list.xml")) == expected
    assert table(read(text.replace("UTF-8", "windows-1252").encode("cp1252"), "list.xml")) == expected
    assert table(read(gzip.compress(text.encode()), "list.xml.gz")) == expected
    assert table(read(b"\xef\xbb\xbf\r\n" + text.encode(), "list")) == expected


BILLION = '<!DOCTYPE r [<!ENTITY a "Secretname"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REFUSED = [
    (f'<?xml version="1.0"?>{BILLION}<r><p>&b;</p><p>&b;</p></r>', FileUnreadable),
    (f'<?xml version="1.0"?>{OUTSIDE}<r><p>&x;</p></r>', FileUnreadable),
    ('<!DOCTYPE r SYSTEM "http://127.0.0.1/r.dtd"><r><p>1</p></r>', FileUnreadable),
    ("<?xml version='1.0'?><r><p>&nbsp;Secretname</p></r>", FileUnreadable),
    (PEOPLE[:-160], FileUnreadable),
    ("<r><ps><p><id>1</id><kid><a>1</a></kid><kid><a>2</a></kid><kid><a", FileUnreadable),
    ("<?xml version='1.0'?>", FileUnreadable),
    ("<a>" * 60 + "</a>" * 60, FileUnreadable),
    ("<r>" + "".join(f"<e{n}>1</e{n}>" for n in range(20_001)) + "</r>", FileUnreadable),
    ('<?xml version="1.0" encoding="koi8-r"?><r><p><id>1</id></p></r>', EncodingUnknown),
    ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>', FormatUnknown),
    (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        "<Worksheet/></Workbook>",
        FormatUnknown,
    ),
    ("<?xml version='1.0'?><r><p><id>1</id><ID>2</ID></p><p/></r>", HeaderDuplicate),
    ("<?xml version='1.0'?><r/>", SharewellError),
]


@pytest.mark.parametrize(("text", "error"), REFUSED, ids=range(len(REFUSED)))
def test_xml_that_attacks_or_is_no_list_is_refused_and_leaves_nothing(engine, read, text, error):
    with pytest.raises(error) as caught:
        read(text, "list.xml")
    assert caught.value.where.file == "list.xml"
    assert "Secretname" not in str(caught.value)
    assert engine.fetch("SHOW TABLES").num_rows == 0


def test_a_record_that_is_cut_off_is_set_aside_with_its_text(read):
    found = read(PEOPLE[:-30], "list.xml")
    assert [row["id"] for row in table(found)] == ["1"]
    [aside] = found.set_aside.arrow().to_pylist()
    assert (aside["source_row"], aside["line"], aside["reasons"]) == (2, 8, ["truncated_row"])
    assert aside["raw"].startswith('<person id="2"><name>')
    assert "cut_short" in {note.code for note in found.notes}


@pytest.mark.parametrize(
    "record",
    [
        "<p><id>2</di></p>",
        "<p><id>a & b</id></p>",
        "<p><id>2</id>&nbsp;</p>",
        "<p><id>2\x01</id></p>",
        "<p@><id>2</id></p>",
        "<p><id>2</id></p@>",
    ],
)
def test_a_damaged_record_is_set_aside_and_the_next_is_read(read, record):
    found = read(
        f"<r>\n<p><id>0</id></p>\n<p><id>1</id></p>\n{record}\n<p><id>3</id></p>\n</r>\n", "list.xml"
    )
    assert table(found) == [{"id": "0"}, {"id": "1"}, {"id": "3"}]
    [aside] = found.set_aside.arrow().to_pylist()
    assert (aside["source_row"], aside["line"], aside["reasons"]) == (3, 4, ["bad_xml"])
    assert aside["raw"] == record
    assert found.facts.lines == {"around": 2, "record": 3, "set_aside": 1}
    assert "bad_xml" in {note.code for note in found.notes}


def test_every_line_has_one_fate_by_the_most_telling_thing_on_it(read):
    text = "\n<?xml version='1.0'?>\r\n<r>\r\n<p><id>1</id></p><p>\r\n<id>2</id>\r\n</p>\r\n\r\n"
    text += "<q><id>9</id></q>\n<p id='3'/></r>"
    found = read(text, "list.xml")
    assert found.facts.lines == {"blank": 2, "around": 2, "record": 2, "continuation": 2, "set_aside": 1}
    assert [row["line"] for row in found.kept.arrow().to_pylist()] == [4, 4, 9]


def test_other_lists_of_the_file_are_named(read):
    text = "<r><ps>" + "<p><id>1</id></p>" * 3 + "</ps><cs><c><id>2</id></c><c><id>3</id></c></cs></r>"
    found = read(text, "list.xml")
    assert found.kept.count() == 3
    assert [note.text for note in found.notes if note.code == "other_lists"] == [
        "Other lists in the file were not read: 'r/cs/c'."
    ]


@pytest.mark.parametrize("stray", ["", "<p><broken></p>"])
def test_as_many_columns_as_a_list_may_have_are_read_however_often(read, monkeypatch, stray):
    monkeypatch.setattr("sharewell.sources.xml_survey.MOST_PATHS", 13)
    row = "<p>" + "".join(f"<c{n}>1</c{n}>" for n in range(10)) + "</p>"
    found = read(f"<r>{row * 3}{stray}{row}</r>", "list.xml")
    assert (len(found.facts.columns), found.kept.count()) == (10, 4)
    with pytest.raises(FileUnreadable, match="kinds of elements"):
        read(f"<r>{row * 3}{stray}{row.replace('c', 'd')}</r>", "list.xml")
