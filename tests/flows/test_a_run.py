"""One flow, end to end: what it reports, what it hands over, and that a second run hands over nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sharewell.audit.queries import verify_place
from sharewell.flows.models import Run
from sharewell.flows.terms import RunReport, RunState
from sharewell.settings import Place
from sharewell.store.control import open_control_plane

Go = Callable[..., RunReport]


def delivered(town: Place) -> list[dict[str, str]]:
    rows = []
    for path in sorted(town.outbox.rglob("release.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def test_every_row_in_is_kept_or_set_aside_with_a_reason(run: Go):
    report = run()
    for source in report.sources:
        assert source.rows_in == source.kept + source.set_aside
        assert sum(source.reasons.values()) >= source.set_aside


def test_what_is_handed_over_is_what_the_report_counts(run: Go, town: Place):
    report = run()
    assert report.released > 0
    assert report.released == report.released_new == len(delivered(town))
    folder = town.folder / (report.went_to or "")
    assert pq.read_table(folder / "release.parquet").num_rows == report.released
    assert json.loads((folder / "about.json").read_text())["release"] == report.release_id


def test_a_second_run_with_the_same_inputs_releases_nothing_new_and_says_so(run: Go, town: Place):
    first, second = run(), run()
    assert (second.released, second.released_new, second.went_to) == (first.released, 0, None)
    assert len(delivered(town)) == first.released


def test_people_keep_their_reference_from_run_to_run(run: Go, town: Place):
    references = []
    for _ in range(2):
        run()
        references.append({row["reference"] for row in delivered(town)})
    assert references[0] == references[1]


def test_a_changed_row_is_released_again_and_no_other(run: Go, town: Place):
    run()
    before = len(delivered(town))
    path = town.inbox / "X26" / "shielded-patients.csv"
    reference = delivered(town)[0]
    text = path.read_text(encoding="utf-8-sig")
    line = next(each for each in text.splitlines() if reference["surname"] in each.title())
    path.write_text(
        text.replace(line, line.replace(reference["surname"], reference["surname"] + "son", 1)),
        encoding="utf-8",
    )
    report = run()
    assert report.released_new <= 2
    assert len(delivered(town)) == before + report.released_new


def test_the_recipient_never_sees_what_the_agreement_withholds(run: Go, town: Place):
    run()
    with (town.inbox / "X26" / "shielded-patients.csv").open(encoding="utf-8-sig") as file:
        numbers = {row["Traced_NHSNUMBER"].replace(" ", "").replace("-", "") for row in csv.DictReader(file)}
    for path in town.outbox.rglob("*"):
        if path.is_file():
            content = path.read_bytes().replace(b" ", b"")
            assert not [number for number in numbers if number and number.encode() in content]


def test_protected_people_are_held_back_and_counted(run: Go, town: Place):
    path = town.inbox / "QMB" / "gp register.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["Sensitivity Flag"] = "Y"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = run("over-75-alone")
    assert report.released == 0
    assert report.withheld_people["protected"] > 0


def test_a_dry_run_counts_the_same_and_leaves_nothing(run: Go, town: Place):
    dry = run(is_dry_run=True)
    assert dry.is_dry_run and dry.went_to is None and dry.audit_entries == 0
    assert delivered(town) == []
    open_control_plane(town)
    assert Run.objects.count() == 0
    assert run().released == dry.released


def test_the_log_is_whole_and_has_the_entries_the_report_counts(run: Go, town: Place):
    open_control_plane(town)
    before = verify_place(town).entries
    report = run()
    open_control_plane(town)
    verified = verify_place(town)
    assert verified.ok
    assert verified.entries == before + report.audit_entries


def test_nothing_is_left_in_scratch_or_staging(run: Go, town: Place):
    run()
    assert [path for path in town.scratch.rglob("*") if path.is_file()] == []
    assert [path for path in (town.store / "staging").rglob("*") if path.is_file()] == []


def test_the_day_after_the_end_nothing_leaves(run: Go, town: Place):
    from sharewell.vocab.errors import AgreementEnded

    with pytest.raises(AgreementEnded):
        run(clock=lambda: datetime.now(UTC) + timedelta(days=200))
    assert delivered(town) == []
    open_control_plane(town)
    refused = Run.objects.get()
    assert (refused.state, refused.problem["error"]) == (RunState.REFUSED, "agreement-ended")
    assert verify_place(town).ok


def test_no_personal_value_is_on_disk_outside_the_inbox_the_outbox_and_the_truth(run: Go, town: Place):
    run()
    with (town.inbox / "X26" / "shielded-patients.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    canaries = {row["PatientAddress_Line1"].encode() for row in rows if len(row["PatientAddress_Line1"]) > 12}
    for path in (path for path in town.store.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [canary for canary in canaries if canary in content], Path(path).name
