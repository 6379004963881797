"""Packages that only some places need: found when they are needed, else named with the command for them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from sharewell.vocab.errors import ExtraMissing


def needed(module: str, extra: str, purpose: str) -> ModuleType:
    """Return a module of an optional package.

    Raises ExtraMissing with the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError:
        raise extra_missing(extra, purpose) from None


def extra_missing(extra: str, purpose: str) -> ExtraMissing:
    """Return the refusal for want of an optional package."""
    return ExtraMissing(
        f"{purpose} needs packages that are not installed.",
        f"Run `pip install 'sharewell[{extra}]'`, then run again.",
    )
