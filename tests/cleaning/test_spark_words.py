"""A query of DuckDB's said for Spark, without Spark: what is translated how, and what is refused."""

from __future__ import annotations

import pytest

from sharewell.store.engine import literal, quoted
from sharewell.store.spark_regex import java_pattern, java_replacement
from sharewell.store.spark_sql import spark_sql

SAID = [
    ('SELECT "a`b" FROM "t"', "SELECT `a``b` FROM `t`"),
    ("SELECT v // 3 FROM t", "SELECT v DIV 3 FROM t"),
    ("SELECT 'it''s \\' FROM t", r"SELECT 'it\'s \\' FROM t"),
    ("SELECT v LIKE 'a\\%' FROM t", r"SELECT v LIKE 'a\\\\%' FROM t"),
    ("SELECT CAST(v AS VARCHAR) FROM t", "SELECT CAST(v AS STRING) FROM t"),
    ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a NULLS LAST"),
    (
        "SELECT list(a ORDER BY b) AS c FROM t",
        "SELECT TRANSFORM(ARRAY_SORT(COLLECT_LIST(NAMED_STRUCT('k0', b, 'v', a))), s -> s.v) AS c FROM t",
    ),
    (
        "SELECT to_json(struct_pack(a := b)) FROM t",
        "SELECT TO_JSON(NAMED_STRUCT('a', b), MAP('ignoreNullFields', 'false')) FROM t",
    ),
    (
        "SELECT regexp_full_match(lower(v), 'a|b') FROM t",
        r"SELECT REGEXP_LIKE(LOWER(TRANSLATE(v, 'İΣ', 'iσ')), '(?d)\\A(?:(?d)a|b)\\z') FROM t",
    ),
    (
        "SELECT regexp_replace(v, 'a$', '$') FROM t",
        r"SELECT REGEXP_REPLACE(v, '(?d)\\A((?s:.*?))((?d)a\\z)', '$1\\$') FROM t",
    ),
]


@pytest.mark.parametrize(("query", "said"), SAID)
def test_a_query_is_said_for_spark(query: str, said: str):
    assert spark_sql(query) == said


def test_names_and_values_stay_names_and_values():
    name, value = 'a"b`c', "o'n\\e;\n"
    said = spark_sql(f"SELECT {literal(value)} AS v FROM {quoted(name)}")
    assert said == r"SELECT 'o\'n\\e;\n' AS v FROM " + '`a"b``c`'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT md5(v) FROM t",
        "SELECT to_json(v) FROM t",
        "SELECT list(v) FROM t",
        "SELECT list(v ORDER BY v DESC) FROM t",
        "SELECT regexp_matches(v, 'a', 'i') FROM t",
        "SELECT regexp_matches(v, '\\bA') FROM t",
        "SELECT regexp_replace(v, 'a', 'b', 'i') FROM t",
        "SELECT v LIKE w FROM t",
        "SELECT count(*) FROM (SELECT sha256(v) FROM t)",
        "SELECT strptime(v, '%Y') FROM t",
        "SELECT TRY_CAST(v AS INTEGER) FROM t",
    ],
)
def test_what_engines_may_read_differently_is_refused(query: str):
    with pytest.raises(NotImplementedError):
        spark_sql(query)


@pytest.mark.parametrize(
    ("pattern", "java"),
    [
        ("a.b$", "(?d)a.b\\z"),
        ("[A-Z&&x]", "(?d)[A-Z\\&\\&x]"),
        ("[[]", "(?d)[\\[]"),
        ("[]a]", "(?d)[\\]a]"),
        ("[^^]", "(?d)[^\\^]"),
        ("\\s\\d\\.", "(?d)[\\t\\n\\f\\r ][0-9]\\."),
        ("[\\w]", "(?d)[0-9A-Za-z_]"),
        ("(?:a)", "(?d)(?:a)"),
        ("a{2}b{1,}c{0,3}?", "(?d)a{2}b{1,}c{0,3}?"),
        ("a{,3}b{02}x{", "(?d)a\\{,3}b\\{02}x\\{"),
        ("(?i)k[a-j]s", "(?di)[k\u212a][a-j][s\u017f]"),
        ("(?i)[a-z]", "(?di)[a-z\u212a\u017f]"),
    ],
)
def test_a_pattern_is_said_for_java(pattern: str, java: str):
    assert java_pattern(pattern) == java


NOT_SHARED = [
    "(?=a)",
    "(a)\\1",
    "\\bA",
    "[[:a:]]",
    "\\pL",
    "a(?i)b",
    "(?i)é",
    "[\\b]",
    "a++",
    "a{2}+",
    "a?+b",
]


@pytest.mark.parametrize("pattern", NOT_SHARED)
def test_a_pattern_that_java_reads_differently_is_refused(pattern: str):
    with pytest.raises(NotImplementedError):
        java_pattern(pattern)


def test_a_replacement_is_said_for_java():
    assert java_replacement("\\2 \\1 $5") == "$2 $1 \\$5"
    assert java_replacement("\\1\\0", skipped=2) == "$3$2"
    assert java_replacement("\\10") == "$1\\0"
    with pytest.raises(NotImplementedError):
        java_replacement("\\n")
