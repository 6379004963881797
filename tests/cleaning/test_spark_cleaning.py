"""Cleaning is defined once and gives the same cells on DuckDB and on Spark: whole lists, awkward values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
import pytest
from benchmarks.spark import AS_OF, Job, clean_table, messy_sample, region
from benchmarks.spark_values import AWKWARD, RIGHT, VALUES
from tests.cleaning.spark_engines import FEW_VALUES, Engines, open_engines, same

from sharewell.cleaning.check import check_file
from sharewell.cleaning.clean import clean
from sharewell.cleaning.terms import Undone
from sharewell.sources.standards import load_standard
from sharewell.sources.terms import Bounds, Field, FieldType, Standard
from sharewell.store.engine import Relation

MESSY_ROWS = 10_000
"""Rows asked for; the sample adds some that come twice."""
UNDONE = frozenset({Undone("address", "address_commas"), Undone("line_2", "postcode_in_address")})


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    yield from open_engines()


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """The cleaning of the messy sample and of its wild twin, by the file's name."""
    made = dict(messy_sample(tmp_path_factory.mktemp("messy"), MESSY_ROWS))
    return made or pytest.skip("the messy sample's generator is not beside the repository")


@pytest.mark.real
def test_messy_rows_are_cleaned_alike(engines: Engines, messy: dict[str, Job]):
    done = same(engines, messy["messy.csv, seed 7"])
    assert done.rows >= MESSY_ROWS
    assert done.cells > 300_000


@pytest.mark.slow
@pytest.mark.real
def test_wild_rows_are_cleaned_alike(engines: Engines, messy: dict[str, Job]):
    assert same(engines, messy["wild.csv, seed 7"]).rows > 9_000


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """The cleaning of every list of a made-up region, by its standard's name."""
    return dict(region(tmp_path_factory.mktemp("spark"), 300, 5))


def test_a_region_list_is_cleaned_alike(engines: Engines, lists: dict[str, Job]):
    assert same(engines, lists["assisted-bins"]).rows


@pytest.mark.slow
def test_all_region_lists_are_cleaned_alike(engines: Engines, lists: dict[str, Job]):
    for job in lists.values():
        same(engines, job)


@pytest.mark.slow
def test_all_region_lists_are_checked_alike(engines: Engines, lists: dict[str, Job]):
    for name, job in lists.items():
        path, standard = job.args[0], load_standard(name)
        mine, theirs = (check_file(path, standard, as_of=AS_OF, engine=engine) for engine in engines)
        assert mine.as_dict() == theirs.as_dict(), name


@pytest.mark.parametrize("name", ["asked", "bounded", "set_aside", "addresses", "repeated"])
def test_awkward_values_are_cleaned_alike(engines: Engines, name: str):
    made = AWKWARD[name](FEW_VALUES)
    assert same(engines, partial(clean_table, made.mapped, made.standard)).rows >= FEW_VALUES


@pytest.mark.slow
@pytest.mark.parametrize("name", AWKWARD)
def test_many_awkward_values_are_cleaned_alike(engines: Engines, name: str):
    made = AWKWARD[name](VALUES)
    assert same(engines, partial(clean_table, made.mapped, made.standard)).rows >= VALUES


@pytest.mark.parametrize("kind", [FieldType.ADDRESS, FieldType.TEXT])
def test_a_cell_of_a_million_signs_is_cleaned_alike(engines: Engines, kind: FieldType):
    first = RIGHT[kind][0]
    values = pa.array([first + " Ab" * 300_000, first + ", Ab" * 200_000, "a." * 400_000 + first])
    numbers = pa.array(range(len(values)), pa.int64())
    rows = pa.table({"source_row": numbers, "line": numbers, "v": values})
    field = Field("v", kind, "V", bounds=Bounds(pattern="(.|[a-z])*"))
    same(engines, partial(clean_table, rows, Standard("long", "1", "Long", "", (field,))))


class Known:
    """A memory of what was decided before."""

    def __init__(self) -> None:
        self.kept: dict[str, pa.Table] = {}
        self.before: dict[str, pa.Table] = {}

    def recall(self, field: Field, mapped: Relation, table: str) -> Relation | None:
        known = self.before.get(field.name)
        return None if known is None else mapped.engine.load(table, known)

    def keep(self, field: Field, decisions: pa.Table) -> None:
        self.kept[field.name] = decisions


def test_decisions_are_remembered_and_rules_undone_alike(engines: Engines):
    made = AWKWARD["addresses"](FEW_VALUES)
    answers = []
    for engine in engines:
        known = Known()
        half = engine.load("mapped", made.mapped.slice(0, FEW_VALUES // 2))
        clean(half, made.standard, "people", as_of=AS_OF, memory=known)
        known.before = known.kept
        mapped = engine.load("mapped", made.mapped)
        done = clean(mapped, made.standard, "people", as_of=AS_OF, memory=known, without=UNDONE)
        found = [table.arrow() for table in (done.kept, done.set_aside, done.changes)]
        answers.append([sorted(map(repr, table.to_pylist())) for table in (*found, *known.kept.values())])
    assert answers[0] == answers[1]
    assert all(answers[0])
