"""How the memory a run is allowed is shared between the engine and what works beside it."""

from __future__ import annotations

from typing import Final

from sharewell.store.duckdb import Limits

_BESIDE: Final = 450
"""MB that Python, Arrow and the pre-flight's blocks hold beside the engine."""

_LEAST: Final = 200


def engine_limits(threads: int, memory: str) -> Limits:
    """Return the engine's limits so that the whole run stays within ``memory`` (such as ``1GB``)."""
    told = Limits(memory=memory).megabytes
    return Limits(threads=threads, memory=f"{max(told - _BESIDE, _LEAST, told / 3):.0f}MB")
