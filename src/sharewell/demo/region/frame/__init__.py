"""The frame: how many people of which age, households of which kind and homes of which sort each area has.

With reference data it is Greater Manchester and London by census area (``reference.py``); without, a made-up
county from the product's own small tables (``small.py``). Both are fitted the same way (``fit.py``).
"""
