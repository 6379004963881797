"""Refusals about where a list comes from and how it arrives; use them through ``errors.py``."""

from __future__ import annotations

from sharewell.vocab.refusal import SharewellError


class SeveralLists(SharewellError):
    """The file holds several lists and none is named."""

    code, exit_code = "several-lists", 24


class FileTooLarge(SharewellError):
    """The file unpacks to more than it should, or one line of it is longer than any record."""

    code, exit_code = "file-too-large", 25


class DeliveryChanged(SharewellError):
    """A supplier's file is not laid out as its last confirmed one; a person must say what it means now."""

    code, exit_code = "delivery-changed", 26


class SourceUnreachable(SharewellError):
    """A database or server that holds a list cannot be reached, refused us or broke off; nothing was kept."""

    code, exit_code = "source-unreachable", 27


class SourceInvalid(SharewellError):
    """The address of a list cannot be used: of no kind we read, or with a password in it."""

    code, exit_code = "source-invalid", 28


class OutputTaken(SharewellError):
    """The folder to write holds something that sharewell did not put there."""

    code, exit_code = "output-taken", 29
