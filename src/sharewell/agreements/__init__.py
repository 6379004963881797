"""What was agreed: who shares what with whom, in what form, why, on which power, until when.

Start with ``read``, which parses the file strictly, and ``rules``, which says what may not be signed.
Shaped by the ICO's data sharing code of practice (DPA 2018 s.121).
"""
