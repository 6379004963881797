from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    tree_root,
)

# The eight leaves, and the roots of the first n, that every Certificate Transparency log is tested with.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

HASHED = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
sizes = st.integers(1, 70)


def naive_root(hashed: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if len(hashed) < 2:
        return hashed[0] if hashed else EMPTY_ROOT
    half = 1
    while half * 2 < len(hashed):
        half *= 2
    return node_hash(naive_root(hashed[:half]), naive_root(hashed[half:]))


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert tree_root(HASHED[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[4]]), (2, 3, [ROOTS[2]])],
)
def test_inclusion_proofs_are_those_of_certificate_transparency(
    index: int, size: int, path: list[str]
) -> None:
    assert [step.hex() for step in inclusion_proof(HASHED[:size], index)] == path


@pytest.mark.parametrize(
    ("old", "new", "path"), [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]
)
def test_consistency_proofs_are_those_of_certificate_transparency(
    old: int, new: int, path: list[str]
) -> None:
    assert [step.hex() for step in consistency_proof(HASHED[:new], old)] == path


@settings(deadline=None)
@given(sizes)
def test_the_frontier_gives_the_root_of_the_whole_tree(size: int) -> None:
    assert tree_root(leaves(size)) == naive_root(leaves(size))


@settings(deadline=None)
@given(sizes, sizes)
def test_a_kept_frontier_grows_as_if_it_had_never_been_put_away(first: int, more: int) -> None:
    hashed = leaves(first + more)
    frontier = Frontier()
    for each in hashed[:first]:
        frontier.append(each)
    kept = Frontier.from_hex(first, frontier.hex())
    for each in hashed[first:]:
        kept.append(each)
    assert kept.root() == naive_root(hashed)


@pytest.mark.parametrize(("size", "text"), [(1, ""), (2, "ab"), (3, "00" * 32), (0, "00" * 32)])
def test_a_frontier_of_another_size_is_refused(size: int, text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        Frontier.from_hex(size, text)


@settings(deadline=None)
@given(sizes, st.data())
def test_every_leaf_is_proved_and_no_other_passes_for_it(size: int, data: st.DataObject) -> None:
    hashed, index = leaves(size), data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(hashed, index), naive_root(hashed)
    assert is_included(hashed[index], index, size, path, root)
    assert not is_included(leaf_hash(b"another"), index, size, path, root)
    assert not is_included(hashed[index], index, size, [*path, root], root)
    assert not is_included(hashed[index], size, size, path, root)
    if path:
        assert not is_included(hashed[index], index, size, path[:-1], root)
        other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
        assert not is_included(hashed[index], other, size, path, root)


@settings(deadline=None)
@given(sizes, st.data())
def test_a_log_only_added_to_is_proved_and_a_rewritten_one_is_not(size: int, data: st.DataObject) -> None:
    hashed, old = leaves(size), data.draw(st.integers(0, size))
    path, then, now = consistency_proof(hashed, old), naive_root(hashed[:old]), naive_root(hashed)
    assert is_consistent(old, then, size, now, path)
    assert not is_consistent(old, leaf_hash(b"another"), size, now, path)
    assert not is_consistent(old, then, size, now, [*path, now])
    assert not is_consistent(size + 1, then, size, now, path)
    if path:
        assert not is_consistent(old, then, size, now, path[:-1])
        assert not is_consistent(old, then, size, leaf_hash(b"another"), path)


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(HASHED, 8)
    with pytest.raises(IndexError):
        consistency_proof(HASHED, 9)
