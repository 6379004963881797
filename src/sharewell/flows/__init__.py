"""Carry records from sources to a recipient: ``run.py`` is the contents page of the product."""
