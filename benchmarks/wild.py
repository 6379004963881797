"""Reading a hostile file and a thousand mutations of it: lines unaccounted for, records lost.

The base is the messy sample's ``wild.csv``: a byte order mark, title rows, Windows-1252 lines in UTF-8,
ragged and shifted rows, repeated headers, NULs, an unclosed quote in mid-file, a footer, a last row cut off.
Each mutation cuts it at a random byte, puts a quote in, takes a line out or flips an encoding. A record is
lost when the mutation left its bytes alone and a reader neither gives it back with every cell as it was, nor
sets it aside with its text, nor refuses the file.

pandas, DuckDB and polars read the same files, told how many title rows there are and to be lenient. Name a
Python that has them in ``SHAREWELL_CLEANING_PEERS`` (``pip install pandas polars duckdb pyarrow``), or they
are skipped.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Answer, in_its_own_process, machine, serve, shared, table
from benchmarks.mess import GENERATOR, make_sample

MODULE, PEER_MODULE = "benchmarks.wild", "benchmarks.wild_peer"
PEERS = "SHAREWELL_CLEANING_PEERS"
ROWS, SEED, MUTATIONS = 5_000, 7, 1_000
WAYS = ("cut", "quote", "deleted", "flipped_line", "flipped_file")
TITLES = 3

Record = tuple[str, ...]

_UNREAD: Answer = {"refused": "", "unaccounted": 0, "lost": 0, "aside": []}


@dataclass(frozen=True)
class Reading:
    """What came of reading one file: the kept rows with their lines, texts set aside, lines accounted for."""

    rows: list[tuple[int, Record]]
    aside: list[str]
    lines: int


@dataclass(frozen=True)
class Span:
    """Where a record's bytes lie in the base file, and its cells as they must be read."""

    start: int
    end: int
    cells: Record


@dataclass(frozen=True)
class Mutation:
    """One damaged copy: what was done, and to which bytes of the base. From ``gone`` on nothing is left."""

    way: str
    start: int
    end: int
    gone: int
    content: bytes

    def untouched(self, spans: Sequence[Span]) -> list[int]:
        """Return the places of the records whose every byte is still in the file as it was."""
        return [place for place, span in enumerate(spans) if span.end <= self.gone and not self._meets(span)]

    def _meets(self, span: Span) -> bool:
        return span.start < self.end and self.start < span.end


def mutations(base: bytes, header: int, count: int, seed: int) -> Iterator[Mutation]:
    """Make so many damaged copies of a file, all ways in turn. ``header`` is where the records begin.

    The lines above the records are damaged only by flipping the encoding of the whole: without its header
    a file is refused, which is no loss.
    """
    rng = random.Random(seed)
    for number in range(count):
        yield _mutate(base, header, WAYS[number % len(WAYS)], rng)


def _mutate(base: bytes, header: int, way: str, rng: random.Random) -> Mutation:
    at, size = rng.randrange(header, len(base)), len(base)
    start, end = _line_around(base, at)
    if way == "cut":
        return Mutation(way, start, end, at, base[:at])
    if way == "quote":
        return Mutation(way, start, end, size, base[:at] + b'"' + base[at:])
    if way == "deleted":
        return Mutation(way, start, end, size, base[:start] + base[end:])
    if way == "flipped_line":
        return Mutation(way, start, end, size, base[:start] + _flipped(base[start:end], rng) + base[end:])
    text, _ = _decoded(base)
    return Mutation(
        way, 0, 0, size, ("\ufeff" + text).encode(rng.choice(("utf-16-le", "utf-16-be", "utf-8")))
    )


def _line_around(base: bytes, at: int) -> tuple[int, int]:
    end = base.find(b"\n", at) + 1
    return base.rfind(b"\n", 0, at) + 1, end or len(base)


def _flipped(line: bytes, rng: random.Random) -> bytes:
    """Return a line in Windows-1252, with a letter beyond ASCII in it."""
    at = rng.randrange(max(len(line) - 2, 1))
    return (line[:at].decode("utf-8", "replace") + "é" + line[at:].decode("utf-8", "replace")).encode(
        "cp1252", "replace"
    )


def _decoded(content: bytes) -> tuple[str, int]:
    """Return the text of a file, line by line UTF-8 or else Windows-1252, and its number of lines."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16")
    else:
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        text = "\n".join(_decoded_line(line) for line in lines)
    ended = re.sub("\r\n?", "\n", text.replace("\0", ""))
    return text, ended.count("\n") + (not ended.endswith("\n"))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def find_spans(base: Path) -> tuple[list[Span], int]:
    """Return the base's records with the bytes that each came from, and where the first one starts."""
    read = _read(base)
    rows, content = read.rows, base.read_bytes()
    starts = [0, *(found.end() for found in re.finditer(rb"\r\n?|\n", content))]
    edges = [*(line for line, _ in rows), read.lines + 1]
    spans = [
        Span(starts[line - 1], starts[after - 1] if after <= len(starts) else len(content), cells)
        for (line, cells), after in zip(rows, edges[1:], strict=True)
    ]
    return spans, spans[0].start


def _read(path: Path) -> Reading:
    from sharewell.sources.read import read_source
    from sharewell.store.duckdb import DuckDB, Limits

    engine = DuckDB(limits=Limits(threads=1, memory="1GB"))
    try:
        read = read_source(path, engine, "raw")
        columns = read.kept.arrow().to_pydict()
        lines, cells = columns["line"], [columns[name] for name in columns][2:]
        rows = list(zip(lines, zip(*cells, strict=True), strict=True))
        aside = read.set_aside.arrow()["raw"].to_pylist()
        assert read.facts.records == len(rows) + len(aside)
        return Reading(rows, aside, sum(read.facts.lines.values()))
    finally:
        engine.close()


def judge(path: Path, mutation: Mutation, spans: Sequence[Span]) -> Answer:
    """Read one damaged copy and tell whether it was refused, lines unaccounted for and records lost."""
    from sharewell.vocab.errors import RowsNotConserved, SharewellError

    path.write_bytes(mutation.content)
    try:
        read = _read(path)
    except RowsNotConserved:
        return {**_UNREAD, "unaccounted": 1}
    except SharewellError as error:
        return {**_UNREAD, "refused": error.code}
    there = Counter(spans[place].cells for place in mutation.untouched(spans))
    gone = there - Counter(cells for _, cells in read.rows)
    aside = [cells for cells in gone if any(_is_text_of(cells, text) for text in read.aside)]
    return {
        "refused": "",
        "unaccounted": abs(_decoded(mutation.content)[1] - read.lines),
        "lost": gone.total() - sum(gone[cells] for cells in aside),
        "aside": [cells[0] for cells in aside],
    }


def _is_text_of(cells: Record, text: str) -> bool:
    """Return whether a set-aside text is a record's: its every word, in order."""
    words = re.findall(r"\w+", " ".join(cells))
    return words == re.findall(r"\w+", text)


def sharewell(folder: str) -> Answer:
    """Read every damaged copy of a folder with sharewell."""
    spans, made = load_made(Path(folder))
    copy = Path(folder) / "copy.csv"
    return total([{**judge(copy, mutation, spans), "way": mutation.way} for mutation in made])


def total(answers: Sequence[Answer]) -> Answer:
    """Return the sums over many files."""
    lost: Counter[str] = Counter(dict.fromkeys(WAYS, 0))
    for answer in answers:
        lost[answer["way"]] += answer["lost"]
    return {
        "files": len(answers),
        "refused": sum(bool(answer["refused"]) for answer in answers),
        "files_with_losses": sum(answer["lost"] > 0 for answer in answers),
        "lost": dict(lost),
        "set_aside": sum(len(answer["aside"]) for answer in answers),
        "unaccounted": sum(answer["unaccounted"] for answer in answers),
        "reasons": dict(Counter(answer["refused"] for answer in answers if answer["refused"])),
    }


def make_copies(folder: Path, base: Path, count: int, seed: int) -> None:
    """Write the base's records and every damaged copy into a folder, for readers of any kind."""
    spans, header = find_spans(base)
    (folder / "spans.json").write_text(json.dumps([asdict(span) for span in spans]))
    told: list[dict[str, Any]] = []
    for number, made in enumerate(mutations(base.read_bytes(), header, count, seed)):
        (folder / f"{number}.csv").write_bytes(made.content)
        told.append({"way": made.way, "start": made.start, "end": made.end, "gone": made.gone})
    (folder / "mutations.json").write_text(json.dumps(told))


def load_made(folder: Path) -> tuple[list[Span], Iterator[Mutation]]:
    """Return what ``make_copies`` wrote."""
    spans = [
        Span(one["start"], one["end"], tuple(one["cells"]))
        for one in json.loads((folder / "spans.json").read_text())
    ]
    told = json.loads((folder / "mutations.json").read_text())
    made = (
        Mutation(**one, content=(folder / f"{number}.csv").read_bytes()) for number, one in enumerate(told)
    )
    return spans, made


def main() -> None:
    """Make the copies, read them with every reader, and print what was lost."""
    print(machine())
    generator = shared(*GENERATOR)
    if not generator:
        return
    with tempfile.TemporaryDirectory() as folder:
        make_sample(generator, Path(folder), ROWS, SEED)
        make_copies(Path(folder), Path(folder) / "wild.csv", MUTATIONS, SEED)
        answers = {"sharewell": in_its_own_process(MODULE, "sharewell", folder), **_peers(folder)}
    print(f"\n{MUTATIONS:,} mutations of wild.csv ({ROWS:,} rows made)")
    _print_totals(answers)


def _print_totals(answers: dict[str, Answer]) -> None:
    told = ("refused", "files_with_losses", "unaccounted")
    rows: list[list[object]] = [
        [name, *(answer[key] for key in told), *(answer["lost"][way] for way in WAYS)]
        for name, answer in answers.items()
    ]
    ways = [f"records lost: {way.replace('_', ' ')}" for way in WAYS]
    table(["", "files refused", "files with losses", "lines unaccounted for", *ways], rows)
    ours = answers["sharewell"]
    print(
        f"sharewell refused for {ours['reasons'] or 'nothing'}, set {ours['set_aside']} aside with their text"
    )


def _peers(folder: str) -> dict[str, Answer]:
    python = os.environ.get(PEERS)
    if not python:
        print(f"pandas, DuckDB and polars are skipped: {PEERS} names no Python that has them.")
        return {}
    names = ("pandas", "duckdb", "polars")
    return {name: in_its_own_process(PEER_MODULE, "read", name, folder, python=python) for name in names}


if __name__ == "__main__":
    serve({"sharewell": sharewell})
