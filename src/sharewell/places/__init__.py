"""Match an address to a UPRN and gather households.

Start with ``match.py``: exact key, then postcode block with typed numbers; the answer is a unit, a building
whose unit is unknown, or none. A sibling flat is never taken to look clever.
"""
