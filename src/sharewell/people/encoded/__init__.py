"""Find who is on two lists whose holders may not exchange identifiers: keyed encodings, compared by a third.

Start with ``encode.py`` (each holder, with the key) and ``overlap.py`` (whoever compares, without it);
docs/private-linking.md says which attacks this withstands and which it does not.
"""
