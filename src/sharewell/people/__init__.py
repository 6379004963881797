"""Link the records of one person across services; keep each person's reference from run to run.

Start with ``link.py`` (Splink 5: Fellegi and Sunter, 1969) and ``references.py``, where every merge is logged
and can be undone.
"""
