"""Let out only what an agreement allows: rows, fields, forms, small numbers, expiry.

Start with ``rules.py`` (the decision) and ``ladder.py`` (the forms a field can take), then ``compile.py``
(one SQL tree a decision) and ``actions.py`` (prepare, hand over). Only ``actions.py`` may import
``deliver.py``: there is one way out. Follows the ICO's data sharing code (DPA 2018 s.121) on data
minimisation and its guidance on pseudonymisation; objections are those of UK GDPR Article 21.
"""
