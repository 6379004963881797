"""Open a workbook, or say why it cannot be opened: locked with a password, damaged, cut short."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sharewell.sources.archives import Wrap
from sharewell.sources.formats import Format, Found
from sharewell.sources.marks_of_xls import has_stray_columns
from sharewell.sources.ole import runs_away
from sharewell.sources.sheet_marks import DAMAGED
from sharewell.vocab.errors import FileUnreadable, SharewellError, Where

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def open_book(found: Found) -> CalamineWorkbook:
    """Open a workbook. Raises FileUnreadable (locked with a password, damaged)."""
    import python_calamine

    if found.format is Format.ODS and _is_locked_ods(found):
        raise _locked(found.path.name)
    if found.format is Format.XLS:
        with found.content.file() as file:
            if runs_away(file, ("Workbook", "Book")) or has_stray_columns(file):
                raise damaged(found.path.name)
    book = python_calamine.CalamineWorkbook
    try:
        with telling_damage(found.path.name, python_calamine.PasswordError):
            if found.content.wrap is Wrap.NONE:
                return book.from_path(str(found.path))
            with found.content.file() as file:
                return book.from_object(file)
    except python_calamine.PasswordError:
        raise _locked(found.path.name) from None


@contextmanager
def telling_damage(name: str, *others: type[Exception]) -> Iterator[None]:
    """Turn what goes wrong inside the reader of workbooks into a refusal, but for ``others`` and our own.

    On damaged files it may panic, which comes as no ordinary exception. Raises FileUnreadable.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (SharewellError, *others)):
            raise
        raise damaged(name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(name) from None


def _is_locked_ods(found: Found) -> bool:
    """Return whether the manifest of an open workbook says that its content is encrypted."""
    with suppress(*DAMAGED), found.content.file() as file, zipfile.ZipFile(file) as archive:
        return b"encryption-data" in archive.read("META-INF/manifest.xml")
    return False


def _locked(name: str) -> FileUnreadable:
    return FileUnreadable(
        "The workbook is locked with a password.",
        "Save it without a password (in Excel: File, Info, Protect Workbook), then run again.",
        Where(file=name),
    )


def damaged(name: str) -> FileUnreadable:
    """Return the refusal of a workbook that is damaged."""
    return FileUnreadable(
        "The workbook is damaged or cut short.", "Ask the sender to send it again.", Where(file=name)
    )
