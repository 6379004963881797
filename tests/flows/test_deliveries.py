"""A supplier's next delivery: laid out as before it goes through; changed, it stops until a person says."""

from __future__ import annotations

import csv
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook
from typer.testing import CliRunner

from sharewell.cli import build_app
from sharewell.flows.terms import RunReport
from sharewell.settings import Place
from sharewell.sources.delivery import keep_layout, remember, sample_of, settle_mapping
from sharewell.sources.layout import layout_path
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.store.duckdb import DuckDB
from sharewell.vocab import errors

Go = Callable[..., RunReport]
Rows = list[dict[str, str]]
Settles = Callable[..., None]
STANDARD = "shielded-patient-list"


@pytest.fixture
def town(ran_town: Place) -> Place:
    """A town whose flow has run once, so that its supplier's layout is remembered."""
    return ran_town


@pytest.fixture
def first(ran_once: tuple[Path, RunReport]) -> RunReport:
    return ran_once[1]


def the_list(town: Place) -> Path:
    return town.inbox / "X26" / "shielded-patients.csv"


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def renamed(rows: Rows, old: str, new: str) -> Rows:
    return [{new if name == old else name: value for name, value in row.items()} for row in rows]


def deliver(town: Place, change: Callable[[Rows], Rows]) -> None:
    write(the_list(town), change(read(the_list(town))))


def run_command(line: str) -> str:
    """Run the command that a refusal names, as it stands between its backquotes."""
    [_, command, _] = line.split("`")
    words = shlex.split(command)
    assert words[0] == "sharewell"
    done = CliRunner().invoke(build_app(), words[1:])
    assert done.exit_code == 0, done.output
    return done.output


def remembered(town: Place) -> Path:
    return layout_path(town.standards, "X26", STANDARD)


def forget(town: Place) -> None:
    shutil.rmtree(town.standards / "mappings")


def test_the_same_delivery_again_goes_through_and_changes_no_memory(
    run: Go, town: Place, first: RunReport
) -> None:
    kept = remembered(town).read_bytes()
    second = run()
    assert second.released == first.released > 0 and second.released_new == 0
    assert remembered(town).read_bytes() == kept


def test_columns_in_another_order_go_through_and_are_told(run: Go, town: Place, first: RunReport) -> None:
    deliver(town, lambda rows: [dict(reversed(row.items())) for row in rows])
    second = run()
    assert second.released == first.released and second.released_new == 0
    assert any("another order" in note for note in second.sources[0].notes)


def test_a_renamed_column_stops_the_flow_and_the_command_it_names_settles_it(
    run: Go, town: Place, first: RunReport
) -> None:
    deliver(town, lambda rows: renamed(rows, "PatientSurname", "FamName"))
    with pytest.raises(errors.DeliveryChanged) as caught:
        run()
    assert (caught.value.where.file, caught.value.where.column) == (
        "inbox/X26/shielded-patients.csv",
        "FamName",
    )
    assert "PatientSurname" in caught.value.what
    run_command(caught.value.next_step)
    second = run()
    assert (second.released, second.released_new) == (first.released, 0)


def test_the_command_works_from_inside_the_place_too(
    run: Go, settles: Settles, town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town.inbox)
    deliver(town, lambda rows: renamed(rows, "PatientSurname", "FamName"))
    with pytest.raises(errors.DeliveryChanged) as caught:
        run()
    assert "--dir" not in caught.value.next_step
    run_command(caught.value.next_step)
    settles()


def month_first(rows: Rows) -> Rows:
    days = [(row["DateOfBirth"][:4], row["DateOfBirth"][4:6], row["DateOfBirth"][6:]) for row in rows]
    told = [f"{month}/{day}/{year}" for year, month, day in days]
    return [row | {"DateOfBirth": day} for row, day in zip(rows, told, strict=True)]


def swapped(rows: Rows) -> Rows:
    one, other = "PatientAddress_PostCode", "Traced_NHSNUMBER"
    return [row | {one: row[other], other: row[one]} for row in rows]


def without(rows: Rows) -> Rows:
    return [{name: value for name, value in row.items() if name != "mobile"} for row in rows]


def with_more(rows: Rows) -> Rows:
    return [row | {"Practice": "A81001"} for row in rows]


def emptied(rows: Rows) -> Rows:
    return [row | {"PatientFirstName": ""} for row in rows]


@pytest.mark.parametrize("change", [month_first, swapped, without, with_more, emptied])
def test_any_other_change_stops_the_flow_too(change: Callable[[Rows], Rows], run: Go, town: Place) -> None:
    kept = remembered(town).read_bytes()
    deliver(town, change)
    with pytest.raises(errors.DeliveryChanged):
        run()
    assert remembered(town).read_bytes() == kept
    assert len(list(town.outbox.rglob("release.csv"))) == 1


def add_source(town: Place, line: str, *, is_first: bool) -> None:
    path = town.flows / "food-parcels.yaml"
    [known] = [each for each in path.read_text().splitlines() if each.startswith("  - {party: ")]
    both = (line, known) if is_first else (known, line)
    path.write_text(path.read_text().replace(known, "\n".join(both)))


def two_sheets(path: Path, heading: str) -> None:
    """Make the sheet with the list the second one of two, and name its column of residents."""
    book = load_workbook(path)
    sheet = book.worksheets[-1]
    sheet.title = "Bins 2"
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Resident"]
    cell.value = heading
    if len(book.worksheets) == 1:
        book.create_sheet("Another", 0).append(["Surname", "Postcode"])
        book["Another"].append(["Smith", "BN1 1AA"])
    book.save(path)


def test_the_sheet_that_a_flow_names_is_in_the_command(run: Go, settles: Settles, town: Place) -> None:
    path = town.inbox / "E06999901" / "assisted bins.xlsx"
    two_sheets(path, "Resident")
    named = (
        "{party: council, file: inbox/E06999901/assisted bins.xlsx, sheet: Bins 2, standard: assisted-bins}"
    )
    add_source(town, f"  - {named}", is_first=True)
    settles()
    told = ["--sheet", "Bins 2", "--standard", "assisted-bins", "--dir", str(town.folder)]
    run_command(f"`{shlex.join(['sharewell', 'map', str(path), *told, '--confirm'])}`")
    two_sheets(path, "Who it is")
    with pytest.raises(errors.DeliveryChanged) as caught:
        run()
    assert "--sheet 'Bins 2'" in caught.value.next_step
    run_command(caught.value.next_step)
    settles()


def test_a_dry_run_remembers_nothing(run: Go, town: Place) -> None:
    forget(town)
    run(is_dry_run=True)
    assert not (town.standards / "mappings").exists()


def test_a_dry_run_of_a_changed_delivery_stops_as_well(run: Go, town: Place) -> None:
    deliver(town, with_more)
    with pytest.raises(errors.DeliveryChanged):
        run(is_dry_run=True)


def test_a_run_whose_second_list_is_refused_remembers_nothing_of_its_first(run: Go, town: Place) -> None:
    forget(town)
    add_source(town, "  - {party: hub, file: inbox/CH9901/food hub.txt, standard: food-hub}", is_first=False)
    (town.inbox / "CH9901" / "food hub.txt").write_bytes(b"")
    with pytest.raises(errors.FileEmpty):
        run()
    assert not (town.standards / "mappings").exists()


def test_a_run_that_is_stopped_before_it_counts_remembers_nothing(
    run: Go, town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sharewell.flows import finish

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    forget(town)
    monkeypatch.setattr(finish, "_commit", stopped)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not (town.standards / "mappings").exists()


@pytest.mark.parametrize(("rows", "says_more"), [(6, False), (24, False), (25, True)])
def test_only_a_longer_delivery_changes_what_is_known(rows: int, says_more: bool, town: Place) -> None:
    kept = remembered(town).read_bytes()
    deliver(town, lambda known: [*known, known[0]][:rows])
    read_in = read_source(the_list(town), DuckDB(), "raw")
    standard, columns = load_standard(STANDARD, town.standards), read_in.facts.columns
    settled = settle_mapping(columns, standard, sample_of(read_in.kept), town.standards, "X26")
    assert settled.is_settled
    keep_layout(town.standards, settled, columns)
    assert (remembered(town).read_bytes() != kept) == says_more


def test_what_a_person_confirmed_while_a_flow_ran_stays(town: Place) -> None:
    read_in = read_source(the_list(town), DuckDB(), "raw")
    standard, columns, sample = load_standard(STANDARD), read_in.facts.columns, sample_of(read_in.kept)
    settled = settle_mapping(columns, standard, sample, town.standards, "X26")
    remember(
        town.standards,
        settle_mapping(columns, standard, sample, town.standards, "X26", {"mobile": None}),
        columns,
    )
    confirmed = remembered(town).read_bytes()
    keep_layout(town.standards, settled, columns)
    assert remembered(town).read_bytes() == confirmed


@pytest.mark.parametrize(
    "problem",
    [
        errors.FolderReadOnly("It cannot be written.", "Ask for leave to write to it."),
        errors.StandardInvalid("It cannot be read.", "Delete the file."),
        PermissionError("suppliers"),
    ],
)
def test_where_nothing_can_be_remembered_the_run_counts_and_says_so(
    run: Go, town: Place, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from sharewell.flows import settle
    from sharewell.flows.models import Run

    def refuse(*_: object) -> None:
        raise problem

    monkeypatch.setattr(settle, "keep_layout", refuse)
    deliver(town, lambda rows: [row | {"mobile": "07700 900123"} for row in rows])
    report = run()
    assert report.released_new > 0 and report.went_to
    assert all("could not be remembered" in source.notes[-1] for source in report.sources)
    assert {each.state for each in Run.objects.all()} == {"finished"}


def test_what_was_fetched_is_deleted_even_where_the_engine_does_not_close(
    run: Go, town: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: DuckDB) -> None:
        raise errors.DiskFull("The disk is full.", "Free some space.")

    monkeypatch.setattr(DuckDB, "close", refuse)
    (town.scratch / "fetched.csv").write_text("a list that was fetched")
    with pytest.raises(errors.DiskFull):
        run()
    assert not list(town.scratch.iterdir())


def test_a_flow_confirms_nothing_in_a_persons_name(town: Place) -> None:
    assert [path.name for path in (town.standards / "mappings").iterdir()] == ["suppliers"]


def test_what_is_remembered_holds_no_value_of_a_record(town: Place) -> None:
    known = {value for row in read(the_list(town)) for value in row.values() if len(value) > 5}
    text = remembered(town).read_text(encoding="utf-8")
    named = {each["heading"] for each in yaml.safe_load(text)["columns"]}
    assert not [value for value in known - named if value in text]


def suppliers(town: Place) -> list[str]:
    """Return whose layout is remembered of each source of the flow."""
    from sharewell.agreements.read import read_agreement
    from sharewell.flows.actions import Work
    from sharewell.flows.read import read_flow

    flow = read_flow(town.flows / "food-parcels.yaml")
    work = Work.__new__(Work)
    work.flow, work.agreement = flow, read_agreement(town.agreements / f"{flow.agreement}.yaml")
    return [work.supplier(source) for source in flow.sources]


LATER = "  - {party: nhs, file: later.csv, standard: shielded-patient-list, name: later, dataset: later_list"


def test_two_lists_of_one_organisation_and_standard_have_memories_of_their_own(town: Place) -> None:
    assert suppliers(town) == ["X26"]
    add_source(town, LATER + "}", is_first=True)
    assert suppliers(town) == ["X26 later", "X26"]


def test_two_sources_of_one_supplier_and_standard_are_refused(town: Place) -> None:
    both = (LATER + ", supplier: NHS England}", LATER.replace("later", "latest") + ", supplier: NHS England}")
    add_source(town, "\n".join(both), is_first=True)
    with pytest.raises(errors.FlowInvalid, match="NHS England"):
        suppliers(town)


def test_a_source_may_name_its_supplier(town: Place) -> None:
    add_source(town, LATER + ", supplier: NHS England}", is_first=True)
    assert suppliers(town) == ["NHS England", "X26"]
