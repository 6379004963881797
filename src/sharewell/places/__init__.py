"""Match an address to a UPRN and gather households.

Start with ``match.py``: a given UPRN, the exact address, the postcode's places with typed numbers (BS 7666),
last a search by number and word. The answer is a unit, a building whose unit is unknown, or none. A sibling
flat is never taken to look clever. ``tokens.py``, ``parse.py`` and ``index.py`` turn addresses into arrays;
``pair.py``, ``compare.py``, ``resolve.py``, ``score.py`` and ``decide.py`` are the steps of a pass.
"""
