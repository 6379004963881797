"""One line into its cells, the patient way: for the few lines that are not plain good CSV."""

from __future__ import annotations


def split_cells(text: str, delimiter: str, *, skip_spaces: bool = False) -> list[str]:
    """Split a record's text into cells. A quote that is never closed is a letter like any other.

    ``skip_spaces`` lets spaces stand between a delimiter and the opening quote.
    """
    cells, at = list[str](), 0
    while True:
        cell, at = _next_cell(text, at, delimiter, skip_spaces)
        cells.append(cell)
        if at >= len(text):
            return cells
        at += 1
        if at == len(text):
            return [*cells, ""]


def _next_cell(text: str, at: int, delimiter: str, skip_spaces: bool) -> tuple[str, int]:
    start = at
    while skip_spaces and text[start : start + 1] == " ":
        start += 1
    if text[start : start + 1] == '"' and (close := _closing_quote(text, start + 1, delimiter)) >= 0:
        return text[start + 1 : close].replace('""', '"'), close + 1
    end = text.find(delimiter, at)
    end = len(text) if end < 0 else end
    return text[at:end], end


def _closing_quote(text: str, at: int, delimiter: str) -> int:
    while (at := text.find('"', at)) >= 0:
        after = text[at + 1 : at + 2]
        if after == '"':
            at += 2
        elif after in ("", delimiter):
            return at
        else:
            at += 1
    return -1


def is_well_quoted(text: str, delimiter: str) -> bool:
    """Return whether every quote of a record's text opens, closes or is doubled as RFC 4180 has it."""
    at = 0
    while at <= len(text):
        if text[at : at + 1] == '"':
            at = _strict_close(text, at + 1) + 1
            if at == 0 or text[at : at + 1] not in ("", delimiter):
                return False
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            if '"' in text[at:end]:
                return False
            at = end
        at += 1
    return True


def _strict_close(text: str, at: int) -> int:
    while (at := text.find('"', at)) >= 0:
        if text[at + 1 : at + 2] != '"':
            return at
        at += 2
    return -1


def join_cells(cells: list[str], delimiter: str) -> bytes:
    """Return cells as one record of CSV in UTF-8, every cell quoted."""
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells).encode() + b"\n"
