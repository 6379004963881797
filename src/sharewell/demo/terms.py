"""The organisations of the demo's place, and which list comes from which of them."""

from __future__ import annotations

from collections.abc import Mapping

ORGANISATIONS: Mapping[str, str] = {
    "E06999901": "Marlbeck Council",
    "X26": "NHS England",
    "QMB": "NHS Marlbeck Integrated Care Board",
    "LH9901": "Tannery Homes",
    "CH9901": "Marlbeck Food Hub",
}
"""Five organisations by code. The town is invented; X26 is NHS England's own code."""

COUNCIL, NHS_ENGLAND, CARE_BOARD, LANDLORD, FOOD_HUB = ORGANISATIONS
TOWN_NAME = "Marlbeck"
SENDERS: Mapping[str, str] = {
    "council": COUNCIL,
    "nhs_england": NHS_ENGLAND,
    "care_board": CARE_BOARD,
    "landlord": LANDLORD,
    "food_hub": FOOD_HUB,
}
"""Whose code stands for each sender of the made-up region's lists."""
