"""What is in a file: a profile as one page and as JSON, with small counts hidden and no person's value shown.

Start with ``make.py``. ``count.py`` asks the engine; ``rules.py`` decides what may be seen (counts of 1 to 7
are hidden, others told to the nearest 5: NHS England's rule for hospital episode statistics); ``drift.py``
compares with last time; ``page.py`` draws.
"""

from sharewell.cleaning.profile.make import profile_file as profile_file
from sharewell.cleaning.profile.page import write_profile as write_profile
