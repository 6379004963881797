"""What people of the region are called: forenames by year of birth, surnames, and how both go by heritage."""

from sharewell.demo.region.names.draw import Names
from sharewell.demo.region.names.nicknames import NICKNAMES

__all__ = ["NICKNAMES", "Names"]
