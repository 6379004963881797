"""Pure decisions of the store: what folder an organisation's records lie in."""

from __future__ import annotations

import hashlib
import re

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


def folder_name(code: str) -> str:
    """Return a folder name for an organisation's code or a table's name.

    A plain code stands for itself; any other keeps what is plain of it and gains a hash of the whole, so that
    no code can climb out of the folder and no two codes share one.
    """
    if PLAIN.fullmatch(code):
        return code
    plain = re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")[:40]
    return f"{plain or 'x'}.{hashlib.sha256(code.encode()).hexdigest()[:16]}"
