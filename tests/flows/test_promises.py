"""Promises that only a second look found wanting: each was broken once."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sharewell.flows.actions import recover_runs
from sharewell.flows.models import Run
from sharewell.flows.read import read_flow
from sharewell.flows.terms import RunReport, RunState
from sharewell.flows.trace import trace_row
from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.vocab import errors

Go = Callable[..., RunReport]
AGREEMENT = "agreements/marlbeck-2026-001.yaml"
FLOW = "flows/food-parcels.yaml"


def change(town: Place, name: str, old: str, new: str, to: str | None = None) -> None:
    text = (town.folder / name).read_text(encoding="utf-8")
    assert old in text
    (town.folder / (to or name)).write_text(text.replace(old, new), encoding="utf-8")


def deliveries(town: Place) -> list[Path]:
    return sorted(town.outbox.rglob("release.csv"))


def as_if_killed_before_the_hand_over(town: Place, report: RunReport) -> Run:
    open_control_plane(town)
    run = Run.objects.get(pk=report.run)
    (town.folder / run.staging).parent.mkdir(parents=True, exist_ok=True)
    (town.folder / run.final).rename(town.folder / run.staging)
    Run.objects.filter(pk=run.pk).update(state=RunState.COMMITTED)
    return run


def test_a_release_that_was_not_handed_over_waits_while_its_agreement_is_suspended(run: Go, town: Place):
    killed = as_if_killed_before_the_hand_over(town, run())
    change(town, AGREEMENT, "status: active", "status: suspended")
    recover_runs(town)
    assert deliveries(town) == []
    assert Run.objects.get(pk=killed.pk).state == RunState.COMMITTED
    change(town, AGREEMENT, "status: suspended", "status: active")
    recover_runs(town)
    assert len(deliveries(town)) == 1
    assert Run.objects.get(pk=killed.pk).state == RunState.FINISHED


def test_a_release_that_its_recipient_has_collected_blocks_nobody(run: Go, town: Place):
    killed = as_if_killed_before_the_hand_over(town, run())
    shutil.rmtree(town.folder / killed.staging)
    recover_runs(town)
    assert Run.objects.get(pk=killed.pk).state == RunState.FINISHED
    assert run("over-75-alone").released > 0


def test_an_outbox_on_another_disk_is_reached_all_the_same(run: Go, town: Place):
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == town.folder.stat().st_dev:
        pytest.skip("there is no second disk to write to")
    away = other / f"sharewell-test-{town.folder.parent.name}"
    try:
        shutil.rmtree(town.outbox)
        away.mkdir()
        town.outbox.symlink_to(away)
        assert run().released_new > 0
        assert list(away.rglob("release.csv"))
        assert not list(away.rglob("*.part"))
    finally:
        shutil.rmtree(away, ignore_errors=True)


def test_a_dry_run_leaves_no_release_on_the_disk_and_hands_nothing_over(run: Go, town: Place):
    first = run()
    as_if_killed_before_the_hand_over(town, first)
    run("over-75-alone", is_dry_run=True)
    assert deliveries(town) == []
    left = {path.name for path in (town.store / "staging").iterdir()}
    assert left == {first.run}


def test_two_sources_of_one_dataset_are_refused(town: Place):
    change(
        town,
        FLOW,
        "sources:\n",
        "sources:\n  - {party: nhs, name: more, file: inbox/X26/shielded-patients.csv,"
        " standard: shielded-patient-list}\n",
    )
    with pytest.raises(errors.FlowInvalid, match="shielded_patient_list"):
        read_flow(town.folder / FLOW)


def test_a_flow_can_ask_for_some_of_the_agreed_fields(run: Go, town: Place):
    change(
        town,
        FLOW,
        "people:\n",
        "fields: [shielded_patient_list.first_name, shielded_patient_list.phone]\npeople:\n",
    )
    report = run()
    assert report.fields_released == ("shielded_patient_list.first_name", "shielded_patient_list.phone")
    with deliveries(town)[0].open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["reference", "first_name", "phone"]


def test_a_field_asked_for_must_name_its_dataset(town: Place):
    change(town, FLOW, "people:\n", "fields: [phone]\npeople:\n")
    with pytest.raises(errors.FlowInvalid, match="dataset"):
        read_flow(town.folder / FLOW)


def test_another_role_is_sent_its_own_release(run: Go, town: Place):
    from flows.test_bad_input import sign_again

    first = run()
    change(town, AGREEMENT, "roles: [food_hub_coordinator]", "roles: [food_hub_coordinator, van_driver]")
    change(town, FLOW, "role: food_hub_coordinator", "role: van_driver")
    sign_again(town)
    second = run()
    assert second.released_new == second.released == first.released


def test_people_merged_by_another_flow_are_not_sent_again(run: Go, town: Place):
    """A flow over one list, then one over more lists that joins its people, then the first again."""
    text = (town.folder / FLOW).read_text(encoding="utf-8")
    hub = [line for line in text.splitlines() if "food hub" in line]
    nhs = [line for line in text.splitlines() if "shielded-patients" in line]
    kept = [line for line in text.splitlines() if "- {party" not in line]
    place = kept.index("sources:") + 1

    def write(name: str, lines: list[str], dataset: str) -> None:
        made = "\n".join([*kept[:place], *lines, *kept[place:]])
        made = made.replace("id: food-parcels", f"id: {name}").replace(
            "[shielded_patient_list]", f"[{dataset}]"
        )
        (town.flows / f"{name}.yaml").write_text(made + "\n", encoding="utf-8")

    write("hub-only", hub, "food_hub")
    write("nhs-only", nhs, "shielded_patient_list")
    write("both", [*hub, *nhs], "shielded_patient_list")
    assert run("hub-only").released_new > 0
    assert run("nhs-only").released_new > 0
    run("both")
    from sharewell.flows.steward import merges

    assert merges(town), "the two lists share people, so some must have merged"
    again = [run("hub-only"), run("nhs-only")]
    assert [report.released_new for report in again] == [0, 0]


def test_a_trace_shows_the_file_that_was_named_and_no_other_like_it(run: Go, town: Place):
    (town.inbox / "X26" / "shielded-patients.csv").rename(town.inbox / "X26" / "aa.csv")
    change(town, FLOW, "shielded-patients.csv", "aa.csv")
    run()
    open_control_plane(town)
    assert [each.file for each in trace_row(town, "aa.csv", 1, show=False, by="test")] == ["inbox/X26/aa.csv"]
    with pytest.raises(errors.TraceNotFound):
        trace_row(town, "a.csv", 1, show=False, by="test")


def test_what_nobody_foresaw_is_said_without_a_value(tmp_path: Path):
    code = (
        "import sys; from sharewell import cli\n"
        "def broken(): raise ValueError('Ann Bell, born 1950')\n"
        "cli.build_app = lambda: (lambda **_: broken())\n"
        "sys.argv = ['sharewell', '--json']; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 79
    assert "Ann Bell" not in done.stdout + done.stderr
    assert '"error": "unforeseen"' in done.stdout
