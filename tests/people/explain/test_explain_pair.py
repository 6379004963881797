"""One pair explained: the sums of the model, in words, with what forbids it, and never a value unasked."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import typer
from people_cases import crowd, records_table
from playwright.sync_api import Page
from typer.testing import CliRunner

from sharewell.people.explain import commands
from sharewell.people.explain.card_page import write_card
from sharewell.people.explain.expected import compare_again, expect, people_of
from sharewell.people.explain.pair import PairExplained, explain_pair
from sharewell.people.explain.scene import Scene
from sharewell.people.explain.waterfall import render_pair, waterfall, write_pair
from sharewell.people.explain.words import odds, one_in, percent
from sharewell.people.held import opened_held
from sharewell.people.hold import hold_people
from sharewell.people.link import link_people
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.errors import FileMissing, OutputIsInput, PersonUnknown, TooLittleToHold
from web.accessibility import axe
from web.conftest import base_url, browser_type_launch_args  # noqa: F401 (fixtures)

PEOPLE = 350
CROWD = crowd(PEOPLE, 3)
TRUTH = {(row[0], row[1]): row[8] for row in CROWD}
FATHER, SON = ("gp", 1), ("tax", 2)
FAMILY = [
    ("gp", 1, "John", "Quillfeather", "1950-02-03", "E1 1AA", "100000000001", None),
    ("tax", 2, "John", "Quillfeather", "1981-07-19", "E1 1AA", "100000000001", None),
    ("gp", 3, "Jane", "Quillfeather", "1952-05-06", "E1 1AA", "100000000001", None),
]
TOLERANCE = 0.02
"""How far the model's own estimate may be from the truth, on the made-up crowd."""


def made(rows: list[tuple[object, ...]]) -> Scene:
    engine = DuckDB(limits=Limits(threads=1, memory="2GB"))
    records = engine.load("records", records_table([row[:8] for row in rows]))
    return Scene.of(link_people(records, engine, "linked", is_held=True))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    found = made(CROWD)
    yield found
    found.engine.close()


@pytest.fixture(scope="module")
def family() -> Iterator[Scene]:
    found = made(FAMILY)
    yield found
    found.engine.close()


@pytest.fixture(scope="module")
def tied(scene: Scene) -> PairExplained:
    return explain_pair(scene, *ties(scene)[0])


def ties(scene: Scene) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    rows = scene.engine.fetch("SELECT * FROM linked WHERE tie_row IS NOT NULL ORDER BY ALL").to_pylist()
    return [((r["source"], r["source_row"]), (r["tie_source"], r["tie_row"])) for r in rows]


# --- a pair ------------------------------------------------------------------------------------------------


def test_a_waterfall_ends_at_the_weight_that_the_linkage_gave(scene: Scene):
    weights = {
        (row["source"], row["source_row"]): row["match_weight"]
        for row in scene.engine.fetch("SELECT * FROM linked WHERE match_weight IS NOT NULL").to_pylist()
    }
    for one, other in ties(scene)[:160:40]:
        pair = explain_pair(scene, one, other)
        assert pair.total == pytest.approx(pair.start + sum(rung.bits for rung in pair.rungs), abs=1e-5)
        assert pair.total == pytest.approx(weights[one], abs=0.01)
        assert pair.is_joined and pair.blocks and 0 < pair.probability <= 1


def test_the_order_of_the_two_is_of_no_account(scene: Scene):
    one, other = ties(scene)[7]
    assert explain_pair(scene, one, other) == explain_pair(scene, other, one)


def test_a_father_and_his_son_are_vetoed_in_words(family: Scene):
    pair = explain_pair(family, FATHER, SON)
    assert pair.vetoes == ("two_births",) and pair.is_vetoed and not pair.is_joined
    assert pair.verdict == (
        "These two cannot be one person: births years apart, which no single slip explains."
    )
    assert [rung.found for rung in pair.rungs[:3]] == ["the same", "the same", "different"]
    assert pair.place == "One address, two lists"


def test_two_whom_nothing_brings_together_were_never_compared(scene: Scene):
    pair = explain_pair(scene, ("list0", 1), ("list1", PEOPLE))
    assert pair.blocks == () and not pair.is_joined and pair.total < pair.threshold
    assert "Too little" in pair.verdict
    assert "they were not" in render_pair(pair)


def test_a_rare_value_says_how_rare(scene: Scene):
    found = [
        rung.found
        for one, other in ties(scene)[::300]
        for rung in explain_pair(scene, one, other).rungs
        if rung.level == "exact"
    ]
    assert found and all(words.startswith("the same") for words in found)
    apart = explain_pair(scene, *_apart_of_one_surname(scene))
    [surname] = [rung.found for rung in apart.rungs if rung.what == "surname"]
    assert "1 in" in surname


def _apart_of_one_surname(scene: Scene) -> tuple[tuple[str, int], tuple[str, int]]:
    found = scene.engine.fetch(f"""
        SELECT l.source AS a, l.source_row AS b, r.source AS c, r.source_row AS d
        FROM {scene.prepared.table} AS l JOIN {scene.prepared.table} AS r
        ON l.surname = r.surname AND l.postcode <> r.postcode AND l.id < r.id ORDER BY l.id, r.id LIMIT 1""")
    [row] = found.to_pylist()
    return (row["a"], row["b"]), (row["c"], row["d"])


def test_no_value_is_told_unless_asked(family: Scene, tmp_path: Path):
    hidden, shown = (explain_pair(family, FATHER, SON, show_values=show) for show in (False, True))
    for path in write_pair(hidden, tmp_path / "hidden"):
        text = path.read_text(encoding="utf-8").lower()
        assert not [value for value in ("quillfeather", "john", "1950", "1981", "e1 1aa") if value in text]
    page, kept = write_pair(shown, tmp_path / "shown.html")
    assert "quillfeather" in page.read_text(encoding="utf-8")
    assert json.loads(kept.read_text(encoding="utf-8"))["rungs"][1]["values"] == ["quillfeather"] * 2
    assert "treat it as the lists themselves" in page.read_text(encoding="utf-8")


def test_the_drawing_has_a_title_words_and_a_bar_for_all_that_counts(tied: PairExplained):
    drawn = ET.fromstring(waterfall(tied))
    names = {each.tag.rpartition("}")[2] for each in drawn}
    assert {"title", "desc", "rect", "line", "text"} <= names
    bars = [each for each in drawn if each.tag.endswith("rect")]
    assert len(bars) == 2 + sum(rung.bits != 0 for rung in tied.rungs)


@pytest.mark.parametrize("other", [("gp", 99), ("nowhere", 1), ("gp' OR 1=1 --", 1), ("gp", 1), "nokey"])
def test_a_record_that_is_not_there_or_is_itself_is_refused(family: Scene, other: object):
    with pytest.raises(PersonUnknown) as refused:
        explain_pair(family, FATHER, other)  # type: ignore[arg-type]
    assert "Quill" not in str(refused.value)


def test_lists_with_nothing_to_compare_have_a_card_and_no_pair(tmp_path: Path):
    scene = made([("a", 1, *[None] * 6), ("a", 2, *[None] * 6)])
    with pytest.raises(TooLittleToHold):
        explain_pair(scene, ("a", 1), ("a", 2))
    page, kept = write_card(scene, tmp_path / "card.html")
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert told["compared"] == 0 and told["expected"]["precision"] is None
    assert "nothing: no column tells two records apart" in page.read_text(encoding="utf-8")


def test_a_linkage_that_kept_nothing_laid_out_cannot_be_explained(tmp_path: Path):
    engine = DuckDB(limits=Limits(threads=1, memory="1GB"))
    linkage = link_people(engine.load("records", records_table(FAMILY)), engine, "linked")
    with pytest.raises(ValueError, match="is_held"):
        write_card(linkage, tmp_path / "card.html")


# --- the card ----------------------------------------------------------------------------------------------


def test_the_expected_error_is_near_the_truth(scene: Scene):
    compared, people = compare_again(scene), people_of(scene)
    found = expect(scene, compared.pairs, people)
    ids = scene.engine.fetch(f"SELECT source, source_row FROM {scene.prepared.table} ORDER BY id").to_pylist()
    truth = np.array([int(str(TRUTH[row["source"], row["source_row"]])) for row in ids])
    same = truth[compared.pairs.left] == truth[compared.pairs.right]
    joined = people[compared.pairs.left] == people[compared.pairs.right]
    assert found.joined == joined.sum()
    assert found.precision == pytest.approx(same[joined].mean(), abs=TOLERANCE)
    assert found.recall == pytest.approx(same[joined].sum() / same.sum(), abs=TOLERANCE)


def test_every_pair_is_weighed_as_it_was_and_counted_in_its_blocks(scene: Scene, tmp_path: Path, monkeypatch):
    whole = compare_again(scene)
    monkeypatch.setattr("sharewell.people.explain.expected.PAIRS_AT_ONCE", 500)
    sliced = compare_again(scene)
    assert np.array_equal(whole.pairs.bits, sliced.pairs.bits)
    assert np.array_equal(whole.pairs.left, sliced.pairs.left) and (whole.blocks > 0).all()


def test_a_card_tells_the_model_and_hides_small_counts(scene: Scene, tmp_path: Path):
    page, kept = write_card(scene, tmp_path / "card")
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert page.name == "card.html" and told["sharewell"] == "model-card/1"
    assert told["records"] == len(CROWD) and told["expected"]["is_estimate_by_the_model"]
    assert {each["column"] for each in told["weights"]} >= {"first name", "surname", "date of birth"}
    for each in told["weights"]:
        assert each["bits"] == pytest.approx(np.log2(each["m"] / each["u"]), abs=0.006)
    counts = [count for _, count in [*told["sizes"], *told["doubts"]]]
    counts += [each["pairs"] for each in [*told["histogram"], *told["blocks"]]]
    assert not [count for count in counts if count is not None and 0 < count < 10]
    assert None in counts
    text = page.read_text(encoding="utf-8")
    assert "own estimate" in text and "never compared" in text and text.count('role="img"') >= 6


# --- held people, by command -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained") / "people"
    with opened_held(folder):
        engine = DuckDB(limits=Limits(threads=1, memory="2GB"))
        records = engine.load("records", records_table(FAMILY))
        linkage = link_people(records, engine, "linked", is_held=True)
        hold_people(folder, records, linkage, engine, at=datetime(2026, 3, 1, tzinfo=UTC), run="first")
    return folder


def run(*words: object) -> object:
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, [*map(str, words)], catch_exceptions=True)


def test_held_records_are_explained_as_they_were_when_linked(store: Path, family: Scene, tmp_path: Path):
    answer = run("explain-link", store, "gp:1", "tax:2", "--out", tmp_path / "pair.html", "--json")
    assert answer.exit_code == 0
    told, now = json.loads(answer.stdout), explain_pair(family, FATHER, SON).as_dict()
    assert {**told, "doubt": None} == json.loads(json.dumps({**now, "doubt": None}))
    assert (tmp_path / "pair.html").is_file() and (tmp_path / "pair.json").is_file()
    said = run("explain-link", store, "gp:1", "tax:2")
    assert "cannot be one person" in " ".join(said.stdout.split()) and "quill" not in said.stdout.lower()


def test_a_card_of_held_people_is_written_by_command(store: Path, tmp_path: Path):
    answer = run("model-card", store, "--out", tmp_path / "card.html", "--json")
    assert json.loads(answer.stdout)["records"] == 3 and json.loads(answer.stdout)["doubts"] is None


def test_commands_refuse_a_folder_without_people_and_a_page_over_its_files(store: Path, tmp_path: Path):
    assert isinstance(run("explain-link", tmp_path, "a:1", "b:2").exception, FileMissing)
    assert isinstance(run("explain-link", store, "gp:1", "no-such-key").exception, PersonUnknown)
    over = run("model-card", store, "--out", store / "store.html")
    assert isinstance(over.exception, OutputIsInput)


# --- words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (percent(0.99999), "over 99.9\u00a0%"), (percent(0.00001), "under 0.1\u00a0%"),
        (percent(1.0), "100.0\u00a0%"),
        (percent(0.5), "50.0\u00a0%"), (one_in(0.00025), "1 in 4,000"), (one_in(0.4), "1 in 2.5"),
        (odds(3.0), "8 to 1 for"), (odds(-1.0), "2 to 1 against"), (odds(0.0), "even"),
        (odds(44.0), "over a million to 1 for"),
    ],
)  # fmt: skip
def test_numbers_are_said_no_surer_than_they_are(said: str, words: str):
    assert said == words


# --- in a browser ------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_axe_has_nothing_against_the_pages_and_words_stay_inside(
    scene: Scene, family: Scene, page: Page, tmp_path: Path
):
    write_pair(explain_pair(family, FATHER, SON, show_values=True), tmp_path / "pair.html")
    write_card(scene, tmp_path / "card.html")
    for name in ("pair.html", "card.html"):
        page.goto((tmp_path / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in (1280, 640, 375, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert (
                page.evaluate(
                    """() => [...document.querySelectorAll('svg text')].filter(each => {
                const box = each.getBoundingClientRect();
                return box.left < 0 || box.right > innerWidth }).map(each => each.textContent)"""
                )
                == []
            )
        assert axe(page) == []  # at 320, the last; the same parts are there at every width
