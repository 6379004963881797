"""Read an agreement file strictly: what the grammar does not name is refused, every fault told at once.

``tree`` reads the YAML, ``walk`` holds it against ``grammar``, ``build`` makes the terms, ``canonical``
what is signed.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from sharewell.agreements.read.build import build_agreement
from sharewell.agreements.read.faults import Faults, TooManyFaults
from sharewell.agreements.read.grammar import AGREEMENT
from sharewell.agreements.read.tree import read_tree
from sharewell.agreements.read.walk import walk
from sharewell.agreements.terms import Agreement
from sharewell.vocab.errors import AgreementInvalid, AgreementMissing, Where

__all__ = ["LARGEST", "parse_agreement", "read_agreement"]

LARGEST = 256 * 1024
"""Bytes. A file larger than this is no agreement that a person could read."""


def read_agreement(path: Path) -> Agreement:
    """Read an agreement from its file.

    Raises AgreementMissing when there is no such file, AgreementInvalid with every fault when it breaks the
    grammar.
    """
    if not path.is_file():
        raise AgreementMissing(
            "There is no agreement file of that name.",
            "Check the name, or list the place's agreements folder.",
            Where(file=path.name),
        )
    with path.open("rb") as file:
        written = file.read(LARGEST + 1)
    return parse_agreement(_text(written, path.name), path.name)


def parse_agreement(text: str, name: str) -> Agreement:
    """Parse an agreement's text; ``name`` is what messages call the file.

    Raises AgreementInvalid, whose ``findings`` hold every fault with its clause and line, and nothing else
    whatever the text.
    """
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise _too_large(name)
    faults = Faults(name)
    tree = read_tree(text, faults)
    with contextlib.suppress(TooManyFaults):
        walk(AGREEMENT, tree, "", faults)
    faults.raise_if_any()
    return build_agreement(tree, faults.lines)


def _text(written: bytes, name: str) -> str:
    if len(written) > LARGEST:
        raise _too_large(name)
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults = Faults(name)
        faults.add("", "not_utf8", "The file is not UTF-8 text.", "Save it as UTF-8.")
        raise faults.refusal() from None


def _too_large(name: str) -> AgreementInvalid:
    faults = Faults(name)
    faults.add(
        "", "too_large", "The file is larger than 256 kB.", "Keep the agreement to what people can read."
    )
    return faults.refusal()
