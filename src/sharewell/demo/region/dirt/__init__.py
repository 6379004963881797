"""The mess of real lists: what happens to names, dates, numbers, phones and addresses on the way."""
