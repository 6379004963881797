"""Draw a region: one page of charts and a map that needs nothing else, and how like the census it is."""

from __future__ import annotations

from sharewell.demo.region.describe.likeness import likeness
from sharewell.demo.region.describe.page import Described, describe
from sharewell.demo.region.describe.terms import Likeness

__all__ = ["Described", "Likeness", "describe", "likeness"]
