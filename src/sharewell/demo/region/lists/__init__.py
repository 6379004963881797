"""The lists that services hold of the region: who is on each, what it knew and when, how it writes it down.

One module a list: its native form (``FORM``), its rates of dirt with their sources (``RATES``), ``draft``.
Start at ``every.py``; ``known.py`` says what a service knew on a day, ``form.py`` what a file's form is.
"""
