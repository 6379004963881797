"""How the memory a run is allowed is shared between the engine and what works beside it."""

from __future__ import annotations

from typing import Final

from sharewell.store.duckdb import Limits

_BESIDE: Final = 450
"""MB that Python, Arrow and the pre-flight's blocks hold beside the engine."""

_LEAST: Final = 200


def engine_limits(threads: int, memory: str) -> Limits:
    """Return the engine's limits so that the whole run stays within ``memory`` (such as ``1GB``)."""
    number, unit = float(memory[:-2]), memory[-2:].upper()
    told = number * 1000 if unit == "GB" else number
    return Limits(threads=threads, memory=f"{max(told - _BESIDE, _LEAST, told / 3):.0f}MB")
