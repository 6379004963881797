"""Rows set aside go back to the sender as a workbook; mended and returned, they re-enter the same run.

Start with ``takeback.py``. A returned row keeps its number in the file and is cleaned again against the same
standard, on the same day, with the same evidence for the order of day and month; no kept row changes.
"""

from sharewell.cleaning.giveback.answers import open_answers as open_answers
from sharewell.cleaning.giveback.returned import read_giveback as read_giveback
from sharewell.cleaning.giveback.takeback import take_back as take_back
from sharewell.cleaning.giveback.workbook import write_giveback as write_giveback
