"""Let out only what an agreement allows: rows, fields, forms, small numbers, expiry.

Start with ``rules.py`` (the decision), then ``compile.py`` (one SQL tree per decision). Only
``actions.py`` may
import ``deliver.py``: there is one way out.
"""
