"""How each form of a data item is computed, as SQL trees over one dataset's columns.

Every form comes out as text. Nothing is shown that cannot be computed: a postcode with no space has no
outcode, a date that is no date has no age.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from sharewell.agreements.terms import Form
from sharewell.releases.pseudonyms import pseudonym
from sharewell.releases.terms import FieldDecision
from sharewell.releases.tree import (
    Node,
    called,
    case,
    cast,
    col,
    joined,
    missing,
    present,
    tried,
    whole,
    words,
)
from sharewell.sources.terms import FieldType

OLDEST_BAND = 90
_YEAR = 10_000
WARD = "ward"


def shown_value(item: FieldDecision, form: Form, source: str, as_of: date) -> Node:
    """Return the text of a field in a form, from the rows aliased ``source`` (one a person, or none)."""
    value = exp.Nullif(this=col(item.field, source), expression=words(""))
    match form:
        case Form.IDENTIFIABLE | Form.AS_IS:
            return value
        case Form.PSEUDONYM:
            return pseudonym(value, item.type)
        case Form.AGE_BAND_5:
            return age_band(value, as_of, 5)
        case Form.AGE_BAND_10:
            return age_band(value, as_of, 10)
        case Form.YEAR:
            return cast(_part(_day(value), "year"), "text")
        case Form.OUTCODE:
            return outcode(value)
        case Form.WARD:
            return col(WARD, source)
        case Form.FLAG:
            return cast(_flag(item, value), "text")
        case Form.EXISTENCE:
            return cast(known(source), "text")
        case Form.COUNT:
            raise AssertionError("A count is made of many people; see tabulate.py.")


def known(source: str) -> Node:
    """Return whether the person has a row in a dataset joined under the alias ``source``."""
    return exp.Not(this=missing(col("person", source)))


def age_band(value: Node, as_of: date, years: int) -> Node:
    """Return the age in whole years on ``as_of`` as a band 'NN-NN', '90+' at the top, NULL before birth.

    A person born on 29 February comes of age on 1 March (Family Law Reform Act 1969, s.9).
    """
    lived = _lived(value, as_of)
    low = exp.Mul(this=_floor_div(lived, years * _YEAR), expression=whole(years))
    high = exp.Add(this=low.copy(), expression=whole(years - 1))
    return case(
        (exp.LT(this=lived.copy(), expression=whole(0)), exp.Null()),
        (exp.GTE(this=lived.copy(), expression=whole(OLDEST_BAND * _YEAR)), words("90+")),
        otherwise=joined(_two_digits(low), words("-"), _two_digits(high)),
    )


def outcode(value: Node) -> Node:
    """Return a postcode's part before the space; NULL where there is no space to cut at."""
    cut = called("STRPOS", value.copy(), words(" "))
    return case((exp.GT(this=cut, expression=whole(1)), called("SPLIT_PART", value, words(" "), whole(1))))


def _flag(item: FieldDecision, value: Node) -> Node:
    """Return what a yes-or-no field says, NULL where nobody said; of another field, whether it is filled."""
    return tried(value, "boolean") if item.type is FieldType.BOOLEAN else present(value)


def _day(value: Node) -> Node:
    """Return the calendar day of a canonical date or date and time."""
    return tried(called("LEFT", value, whole(10)), "date")


def _lived(value: Node, as_of: date) -> Node:
    """Return two days' difference written as YYYYMMDD: the digits before the last four are whole years."""
    born = cast(exp.TimeToStr(this=_day(value), format=words("%Y%m%d")), "bigint")
    today = as_of.year * _YEAR + as_of.month * 100 + as_of.day
    return exp.Sub(this=whole(today), expression=born)


def _part(day: Node, part: str) -> exp.Extract:
    return exp.Extract(this=exp.Var(this=part), expression=day)


def _floor_div(value: Node, by: int) -> Node:
    divided = exp.Div(this=exp.Paren(this=value), expression=cast(whole(by), "double"))
    return cast(exp.Floor(this=divided), "bigint")


def _two_digits(value: Node) -> Node:
    return called("LPAD", cast(value, "text"), whole(2), words("0"))
