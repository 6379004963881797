"""One form for names, dates, NHS numbers, phones and addresses, with every change explained.

Start with ``clean.py``: the engine finds the distinct values that are not canonical, a plain rule decides
each once, the engine joins the decisions back. ``rules`` says what is done and why. NHS number check digit:
NHS Data Dictionary; NINO: HMRC NIM39110; UPN: DfE unique pupil numbers guide; UPRN: GeoPlace.
"""
