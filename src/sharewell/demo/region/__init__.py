"""A made-up region with the truth known: one truth about people, homes and lives, and the many lists of it.

Start at ``make.py``: it takes whole areas until there are people enough (``frame``), builds each part of the
region (``world``), writes every list of that part as its service would (``lists``, ``dirt``) and joins the
parts into files. Everything is drawn by ``chance.py`` from one seed, so a seed gives the same bytes anywhere.
"""
