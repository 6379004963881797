"""Everything that can be wrong with what a run is given: a clear refusal, and nothing half-made."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sharewell.agreements.read import read_agreement
from sharewell.agreements.sign import sign_agreement
from sharewell.flows.actions import right_now
from sharewell.flows.terms import RunReport
from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.store.keys import KeyRing
from sharewell.store.lock import only_run
from sharewell.vocab import errors

Go = Callable[..., RunReport]
LIST = "inbox/X26/shielded-patients.csv"
AGREEMENT = "agreements/marlbeck-2026-001.yaml"
FLOW = "flows/food-parcels.yaml"


def text(change: Callable[[str], str], name: str = LIST, encoding: str = "utf-8-sig"):
    def apply(town: Place) -> None:
        path = town.folder / name
        path.write_text(change(path.read_text(encoding=encoding)), encoding="utf-8")

    return apply


def raw(change: Callable[[bytes], bytes], name: str = LIST):
    def apply(town: Place) -> None:
        path = town.folder / name
        path.write_bytes(change(path.read_bytes()))

    return apply


def sign_again(town: Place) -> None:
    open_control_plane(town)
    keys, path = KeyRing.open(town), town.folder / AGREEMENT
    for party in read_agreement(path).parties.values():
        sign_agreement(
            path, party.key, keys.signing_key(party.org), by=party.approved_by or "", at=right_now()
        )


def gzipped_and_cut(town: Place) -> None:
    path = town.folder / LIST
    packed = gzip.compress(path.read_bytes())
    path.with_name("shielded.csv.gz").write_bytes(packed[: len(packed) // 2])
    text(lambda flow: flow.replace("shielded-patients.csv", "shielded.csv.gz"), FLOW, "utf-8")(town)


def cut_workbook(town: Place) -> None:
    path = town.folder / "inbox/E06999901/adult social care.xlsx"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def ended(town: Place) -> None:
    text(lambda old: old.replace("status: active", "status: ended"), AGREEMENT, "utf-8")(town)


CASES = {
    "missing file": (lambda town: (town.folder / LIST).unlink(), errors.FileMissing),
    "empty file": (raw(lambda _: b""), errors.FileEmpty),
    "blank lines only": (raw(lambda _: b"\r\n\r\n  \r\n"), errors.FileEmpty),
    "binary file": (raw(lambda _: bytes(range(256)) * 64), errors.FileUnreadable),
    "truncated gzip": (gzipped_and_cut, errors.FileUnreadable),
    "truncated workbook": (cut_workbook, errors.FileUnreadable),
    "duplicate header": (
        text(lambda old: old.replace("PatientOtherName", "PatientFirstName", 1)),
        errors.HeaderDuplicate,
    ),
    "header only": (text(lambda old: old.splitlines()[0] + "\n"), errors.NoRecords),
    "a column the standard lacks": (
        text(lambda old: old.replace("SPL_Version", "Qzx Fmbl", 1)),
        errors.MappingUnconfirmed,
    ),
    "an agreement that ended": (ended, errors.AgreementNotActive),
    "an agreement that is not there": (
        text(lambda old: old.replace("marlbeck-2026-001", "marlbeck-2026-999"), FLOW, "utf-8"),
        errors.AgreementMissing,
    ),
    "an agreement changed after it was signed": (
        text(lambda old: old.replace("as: age_band_10", "as: age_band_5"), AGREEMENT, "utf-8"),
        errors.AgreementUnsigned,
    ),
    "an unsigned agreement": (
        lambda town: (town.agreements / "marlbeck-2026-001.signatures.json").unlink(),
        errors.AgreementUnsigned,
    ),
    "a broken agreement": (
        text(lambda old: old.replace("onward: none", "onward: none\nonward: none"), AGREEMENT, "utf-8"),
        errors.AgreementInvalid,
    ),
    "a field not covered": (
        text(lambda old: old + "fields: [shielded_patient_list.nhs_number]\n", FLOW, "utf-8"),
        errors.FieldNotCovered,
    ),
    "a role not covered": (
        text(lambda old: old.replace("role: food_hub_coordinator", "role: driver"), FLOW, "utf-8"),
        errors.NotCovered,
    ),
    "a list from a party that does not give it": (
        text(lambda old: old.replace("{party: nhs,", "{party: landlord,"), FLOW, "utf-8"),
        errors.NotCovered,
    ),
    "a gazetteer without UPRNs": (
        text(
            lambda old: old.replace(",uprn,parent_uprn", ",id,parent", 1), "reference/gazetteer.csv", "utf-8"
        ),
        errors.GazetteerInvalid,
    ),
    "a flow that is not YAML": (raw(lambda _: b"sharewell: [flow/1", FLOW), errors.FlowInvalid),
    "a flow with a key twice": (
        text(lambda old: old + "title: again\n", FLOW, "utf-8"),
        errors.FlowInvalid,
    ),
    "a file outside the place": (
        text(lambda old: old.replace(LIST, "../../../etc/hosts"), FLOW, "utf-8"),
        errors.FlowInvalid,
    ),
    "an unknown standard": (
        text(lambda old: old.replace("standard: food-hub", "standard: no-such-list"), FLOW, "utf-8"),
        errors.StandardMissing,
    ),
    "a lost root key": (lambda town: (town.keys / "root.key").unlink(), errors.KeyMissing),
}


def flow_of(case: str) -> str:
    return "over-75-alone" if case == "truncated workbook" else "food-parcels"


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_with_what_to_do_next_and_nothing_is_left(case: str, run: Go, town: Place):
    spoil, refusal = CASES[case]
    spoil(town)
    with pytest.raises(refusal) as caught:
        run(flow_of(case))
    assert len(caught.value.next_step) > 15
    assert list(town.outbox.rglob("*.csv")) == []
    assert not (town.store / "staging").is_dir() or list((town.store / "staging").iterdir()) == []


def test_ragged_rows_are_set_aside_and_the_rest_goes_on(run: Go, town: Place):
    text(lambda old: old + "one,two,three\r\n")(town)
    report = run()
    assert report.sources[0].reasons["ragged_row"] == 1
    assert report.released > 0


def test_after_a_refusal_is_mended_the_run_goes_through(run: Go, town: Place):
    path = town.folder / LIST
    kept = path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(errors.FileEmpty):
        run()
    path.write_bytes(kept)
    assert run().released > 0


def test_a_second_run_while_one_is_running_is_refused(run: Go, town: Place):
    with only_run(town), pytest.raises(errors.RunInProgress):
        run()


def test_a_signed_change_to_the_agreement_is_obeyed(run: Go, town: Place):
    text(lambda old: old.replace("as: age_band_10", "as: age_band_5"), AGREEMENT, "utf-8")(town)
    sign_again(town)
    assert run().released > 0


def test_a_full_disk_is_said_and_leaves_nothing(run: Go, town: Place, monkeypatch: pytest.MonkeyPatch):
    import errno

    from sharewell.releases import deliver

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(deliver, "_write_rows", full)
    with pytest.raises((errors.DiskFull, OSError)):
        run()
    assert list(town.outbox.rglob("*")) == []
    monkeypatch.undo()
    assert run().released > 0


def test_a_missing_inbox_folder_names_the_list_and_not_its_content(run: Go, town: Place):
    shutil.rmtree(town.inbox / "X26")
    with pytest.raises(errors.FileMissing) as caught:
        run()
    assert "shielded-patient-list" in str(caught.value)
    assert str(Path(town.folder)) not in str(caught.value)
