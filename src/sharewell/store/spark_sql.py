"""A query written for DuckDB, said once more for Spark so that it answers the same, or refused.

sqlglot carries over the grammar. What both engines have under one name and mean differently is said again
here in words of Spark that mean what DuckDB means; a function that nobody has compared is refused, because
an engine that quietly answers otherwise would change people's records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlglot
from sqlglot import exp

from sharewell.store.engine import Query
from sharewell.store.spark_regex import ALSO, ANY_CASE, OPAQUE, java_pattern, java_replacement

_SAME: Final = frozenset({
    "and", "or", "xor", "case", "if", "exists", "cast", "coalesce", "nullif", "greatest", "least", "abs",
    "count", "sum", "min", "max", "logical_or", "row_number", "rank", "dense_rank",
    "concat_ws", "starts_with", "ends_with", "length", "substring", "replace",
    "explode", "array_contains", "array_distinct",
})  # fmt: skip
"""Functions, by sqlglot's names, that answer alike on both engines."""

_DIGITS: Final = "[0-9]+(?:_[0-9]+)*"
_AMOUNT: Final = f"inf|infinity|(?:{_DIGITS}[.]?(?:{_DIGITS})?|[.]{_DIGITS})(?:e[+-]?{_DIGITS})?"
_NUMBER, _NO_NUMBER = (
    f"\\A(?i)[\\t-\\r ]*[+]?-?(?:{found})[\\t-\\r ]*\\z" for found in (_AMOUNT, "nan(?:[(][0-9a-z_]*[)])?")
)
"""Texts that DuckDB takes for numbers. Spark takes 1d and trims more signs, and knows no 1_000 or +-1."""

_SPACES: Final = (
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
"""What DuckDB trims when it is told nothing: Unicode's space separators. Spark trims plain spaces."""


def _grown() -> tuple[str, ...]:
    letters = (chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000)
    return tuple(letter for letter in letters if len(letter.upper()) > 1)


_GROWN: Final = "".join(_grown())
"""Letters that Spark's upper makes two or three letters of; DuckDB keeps one letter for one."""

_CAPITALS: Final = "".join(
    "ẞ" if letter == "ß" else (letter.title() if len(letter.title()) == 1 else letter) for letter in _GROWN
)


def spark_sql(query: Query) -> str:
    """Return a query of DuckDB's in Spark's words. Raises NotImplementedError where that cannot be done."""
    tree = sqlglot.parse_one(query, read="duckdb") if isinstance(query, str) else query.copy()
    for found in tree.find_all(exp.Func):
        if not _is_known(found):
            raise NotImplementedError(f"{found.name or found.sql_name()} was never compared on both engines.")
    for node in reversed(list(tree.walk())):  # the innermost first
        say = _SAID.get(type(node))
        if say and node is not (said := say(node)):
            node.replace(said)
    return tree.sql("spark")


def _is_known(node: exp.Func) -> bool:
    if isinstance(node, exp.Anonymous):
        return _is_json(node)
    return node.sql_name().lower() in _SAME or node.__class__ in _SAID


def _call(name: str, *arguments: exp.Expr | str) -> exp.Anonymous:
    given = [exp.Literal.string(each) if isinstance(each, str) else each for each in arguments]
    return exp.Anonymous(this=name, expressions=given)


def _full_match(node: exp.Expr) -> exp.Expr:
    return _rlike(node, "(?d)\\A(?:", ")\\z")


def _match(node: exp.Expr) -> exp.Expr:
    return _rlike(node, "", "")


def _rlike(node: exp.Expr, before: str, after: str) -> exp.Expr:
    if any(node.args.get(name) for name in ("flag", "options", "full_match")):
        raise NotImplementedError("A pattern says its flags itself, as (?i).")
    return _call("regexp_like", node.this, _pattern(node.expression, before, after))


def _replaced(node: exp.Expr) -> exp.Expr:
    """Return a replacement of the first match, as DuckDB does when it is not told ``g``; Spark takes all."""
    flags = node.args.get("modifiers")
    wanted = flags.name if flags else ""
    if wanted not in ("", "g"):
        raise NotImplementedError("A pattern says its flags itself, as (?i).")
    new = node.args["replacement"].name
    if wanted == "g":
        return _call("regexp_replace", node.this, _pattern(node.expression), java_replacement(new))
    found = _pattern(node.expression, "(?d)\\A((?s:.*?))(", ")")
    return _call("regexp_replace", node.this, found, "$1" + java_replacement(new, skipped=2))


def _pattern(pattern: exp.Expr, before: str = "", after: str = "") -> exp.Expr:
    """Return a pattern for Java. Pieces that are not literals must be plain text when the query runs."""
    pieces = list(pattern.flatten()) if isinstance(pattern, exp.DPipe) else [pattern]
    said = "".join(piece.name if piece.is_string else OPAQUE for piece in pieces)
    translated = f"{before}{java_pattern(said)}{after}".split(OPAQUE)
    parts: list[exp.Expr | str] = [translated[0]]
    for piece, text in zip((piece for piece in pieces if not piece.is_string), translated[1:], strict=True):
        parts += [_either_case(piece) if said.startswith(ANY_CASE) else piece, text]
    return exp.Literal.string(translated[0]) if len(translated) == 1 else _call("concat", *parts)


def _either_case(piece: exp.Expr) -> exp.Expr:
    """Return a piece of a pattern whose letters may also be the signs that RE2 takes for them."""
    for letter, sign in ALSO.items():
        piece = _call("regexp_replace", piece, f"[{letter}{letter.upper()}]", f"[{letter}{sign}]")
    return piece


def _ordered_list(node: exp.Expr) -> exp.Expr:
    """Return a list in order; wrapped, because Spark's own list has no order and leaves NULLs out."""
    order = node.this
    if not isinstance(order, exp.Order) or any(key.args.get("desc") for key in order.expressions):
        raise NotImplementedError("A list says its order, from small to large.")
    keys = [key.this for key in order.expressions]
    named = [part for place, key in enumerate(keys) for part in (exp.Literal.string(f"k{place}"), key)]
    wrapped = _call("named_struct", *named, "v", order.this)
    inner = exp.Lambda(
        this=exp.Dot(this=exp.to_identifier("s"), expression=exp.to_identifier("v")),
        expressions=[exp.to_identifier("s")],
    )
    return _call("transform", _call("array_sort", _call("collect_list", wrapped)), inner)


def _is_json(node: exp.Expr) -> bool:
    return node.name.lower() == "to_json" and [type(each) for each in node.expressions] == [exp.Struct]


def _json(node: exp.Expr) -> exp.Expr:
    """Return a record as JSON with its NULLs, which Spark leaves out unless told."""
    return _call("to_json", *node.expressions, _call("map", "ignoreNullFields", "false"))


def _struct(node: exp.Expr) -> exp.Expr:
    named = [part for item in node.expressions for part in (_key(item), item.expression)]
    return _call("named_struct", *named)


def _key(item: exp.Expr) -> exp.Expr:
    if not isinstance(item, exp.PropertyEQ):
        raise NotImplementedError("A record says the names of its fields.")
    return exp.Literal.string(item.name)


def _like(node: exp.Expr) -> exp.Expr:
    """Return a LIKE whose backslashes are plain signs, as they are in DuckDB."""
    if not node.expression.is_string:
        raise NotImplementedError("LIKE needs a literal.")
    if "\\" not in node.expression.name:
        return node
    return exp.Like(this=node.this, expression=exp.Literal.string(node.expression.name.replace("\\", "\\\\")))


def _trim(node: exp.Expr) -> exp.Expr:
    if not node.expression:
        node.set("expression", exp.Literal.string(_SPACES))
    return node


def _number(node: exp.TryCast) -> exp.Expr:
    """Return a number where DuckDB finds one in a text, else NULL."""
    if not node.to.is_type("double"):
        raise NotImplementedError(f"TRY_CAST to {node.to.sql()} was never compared on both engines.")
    plain = exp.cast(_call("translate", node.this.copy(), "_+", ""), "double")
    is_plain, is_odd = (_call("regexp_like", node.this.copy(), form) for form in (_NUMBER, _NO_NUMBER))
    odd = exp.cast(exp.Literal.string("NaN"), "double")
    return exp.Case(ifs=[exp.If(this=is_plain, true=plain), exp.If(this=is_odd, true=odd)])


def _lower(node: exp.Expr) -> exp.Expr:
    return exp.Lower(this=_call("translate", node.this, "İΣ", "iσ"))


def _upper(node: exp.Expr) -> exp.Expr:
    """Return capitals, one letter for one letter."""
    sign = exp.to_identifier("c")
    kept = exp.In(this=_call("instr", _GROWN, exp.column("c")), expressions=[exp.Literal.number(0)])
    one = exp.If(
        this=kept,
        true=_call("upper", exp.column("c")),
        false=_call("translate", exp.column("c"), _GROWN, _CAPITALS),
    )
    letters = _call(
        "transform", _call("split", node.this.copy(), ""), exp.Lambda(this=one, expressions=[sign])
    )
    plain = _call("regexp_like", node.this.copy(), "\\A[\\x00-\\x7f]*\\z")
    joined = _call("array_join", letters, "")
    return exp.If(this=plain, true=_call("upper", node.this), false=joined)


_SAID: Final[dict[type[exp.Expr], Callable[[Any], exp.Expr]]] = {
    exp.RegexpFullMatch: _full_match,
    exp.RegexpLike: _match,
    exp.RegexpReplace: _replaced,
    exp.ArrayAgg: _ordered_list,
    exp.Anonymous: _json,
    exp.Struct: _struct,
    exp.Like: _like,
    exp.Trim: _trim,
    exp.TryCast: _number,
    exp.Lower: _lower,
    exp.Upper: _upper,
}
