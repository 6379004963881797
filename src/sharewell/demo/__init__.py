"""A made-up town with the truth known, small enough for a laptop: eight messy lists of five organisations."""
