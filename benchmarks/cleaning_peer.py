"""frictionless or pandera on the messy sample, run by a Python that has it; see ``benchmarks.cleaning``."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from benchmarks.measure import Answer, Stopwatch, serve

Peer = Any
"""Something of a library that sharewell's own Python does not have."""

REQUIRED = (
    "record_id", "nhs_number", "full_name", "date_of_birth", "sex", "address", "postcode", "balance",
)  # fmt: skip
PATTERNS = {
    "nhs_number": "^[0-9]{10}$",
    "nino": "^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$",
    "upn": "^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$",
    "postcode": "^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}$",
    "uprn": "^[1-9][0-9]{0,11}$",
    "phone": r"^\+44[0-9]{9,10}$",
    "balance": r"^-?[0-9]+\.[0-9]{2}$",
}
COLUMNS = (
    "record_id", "nhs_number", "nino", "upn", "full_name", "date_of_birth", "sex", "address", "postcode",
    "uprn", "phone", "balance",
)  # fmt: skip
CODES = ("0", "1", "2", "9")
UNUSED_PREFIXES = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
LONGEST = {"full_name": 70, "address": 200}
FIRST, LAST = date(1900, 1, 2), date(2026, 1, 1)


def frictionless(file: str) -> Answer:
    """Validate with frictionless: a Table Schema and three checks of its own kind, no limit on errors."""
    from frictionless import Checklist, Resource, Schema, system

    with system.use_context(trusted=True):
        watch = Stopwatch()
        with watch.step("validate"):
            resource = Resource(path=file, schema=Schema.from_descriptor({"fields": _table_schema()}))
            report = resource.validate(Checklist(checks=[_digits()]), limit_errors=10_000_000)
            found = report.flatten(["rowNumber", "fieldName", "type"])
    cells = Counter(str(name) for name, _ in {(name, row) for row, name, _ in found})
    return watch.figures() | {"failing": cells.total(), "by_column": dict(cells)}


def _table_schema() -> list[dict[str, Any]]:
    return [{"name": name, "type": _type(name), "constraints": _constraints(name)} for name in COLUMNS]


def _type(name: str) -> str:
    return "date" if name == "date_of_birth" else "string"


def _constraints(name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"required": True} if name in REQUIRED else {}
    if name in PATTERNS:
        told["pattern"] = PATTERNS[name].strip("^$")
    if name in LONGEST:
        told["maxLength"] = LONGEST[name]
    if name == "date_of_birth":
        told |= {"minimum": str(FIRST), "maximum": str(LAST)}
    if name == "sex":
        told["enum"] = list(CODES)
    if name == "record_id":
        told["unique"] = True
    return told


def _digits() -> Peer:
    from frictionless import Check, errors

    class Digits(Check):  # type: ignore[misc]
        """NHS check digit, UPN check letter, NINO prefix."""

        type = "check-digits"
        Errors: ClassVar = [errors.CellError]

        def validate_row(self, row: Peer) -> Iterator[Peer]:
            for name, test in (("nhs_number", _nhs), ("upn", _upn), ("nino", _nino)):
                value = row[name]
                if value and not test(value):
                    yield errors.CellError.from_row(row, note="check", field_name=name)

    return Digits()


def _nhs(value: str) -> bool:
    if len(value) != 10 or not value.isascii() or not value.isdigit():
        return True
    return sum((10 - place) * int(digit) for place, digit in enumerate(value)) % 11 == 0


def _upn(value: str) -> bool:
    if len(value) != 13 or not value[1:].isascii() or not value[1:].isdigit():
        return True
    return LETTERS[sum((at + 2) * int(digit) for at, digit in enumerate(value[1:])) % 23] == value[0]


def _nino(value: str) -> bool:
    return value[:2] not in UNUSED_PREFIXES


def pandera(file: str) -> Answer:
    """Validate with pandera on an eager polars frame, and write every failing cell."""
    import polars as pl
    from pandera.errors import SchemaErrors

    watch, found = Stopwatch(), None
    with watch.step("read"):
        frame = pl.read_csv(file, infer_schema=False)
    with watch.step("validate"), tempfile.TemporaryDirectory() as folder:
        try:
            _pandera_schema().validate(frame, lazy=True)
        except SchemaErrors as errors:
            found = errors.failure_cases
            found.write_parquet(Path(folder) / "failing.parquet")
    assert found is not None
    cells = dict(found.select("column", "index").unique().group_by("column").len().iter_rows())
    return watch.figures() | {"failing": sum(cells.values()), "by_column": cells}


def _pandera_schema() -> Peer:
    import pandera.polars as pa
    import polars as pl

    told: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for name, pattern in PATTERNS.items():
        told[name].append(pa.Check.str_matches(pattern))
    for name, most in LONGEST.items():
        told[name].append(pa.Check.str_length(1, most))
    told["sex"].append(pa.Check.isin(CODES))
    for name, test in _pandera_tests().items():
        told[name] += [pa.Check(one) for one in test]
    return pa.DataFrameSchema(
        {
            name: pa.Column(pl.String, checks, nullable=name not in REQUIRED, unique=name == "record_id")
            for name, checks in told.items()
        }
    )


def _pandera_tests() -> dict[str, list[Any]]:
    """Return check digits, prefixes and days as expressions over whole columns."""

    def test(make: Peer) -> Peer:
        import polars as pl

        return lambda data: data.lazyframe.select(make(pl.col(data.key)))

    return {
        "nhs_number": [test(_nhs_of)],
        "upn": [test(_upn_of)],
        "nino": [test(lambda of: ~of.str.slice(0, 2).is_in(UNUSED_PREFIXES))],
        "date_of_birth": [
            test(lambda of: _day(of).is_not_null()),
            test(lambda of: _day(of).is_between(FIRST, LAST).fill_null(True)),
        ],
    }


def _day(of: Peer) -> Peer:
    return of.str.to_date("%Y-%m-%d", strict=False)


def _nhs_of(of: Peer) -> Peer:
    right = _weighed(of, range(10), range(10, 0, -1)) % 11 == 0
    return ~of.str.contains(PATTERNS["nhs_number"]) | right


def _upn_of(of: Peer) -> Peer:
    place = _weighed(of, range(1, 13), range(2, 14)) % 23
    letter = place.replace_strict(dict(enumerate(LETTERS)), default=None)
    return ~of.str.contains(PATTERNS["upn"]) | (of.str.slice(0, 1) == letter)


def _weighed(of: Peer, places: range, weights: range) -> Peer:
    import polars as pl

    pairs = zip(places, weights, strict=True)
    return pl.sum_horizontal(
        [of.str.slice(at, 1).cast(pl.Int32, strict=False) * weight for at, weight in pairs]
    )


if __name__ == "__main__":
    serve({"frictionless": frictionless, "pandera": pandera})
