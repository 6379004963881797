"""Every way sharewell refuses, each with a code people can look up and its own exit code.

A message says what is wrong and what to do next. It may name a file, a row number and a column; it never
carries a value from a person's record.
"""

from __future__ import annotations

from sharewell.vocab.arrivals import DeliveryChanged as DeliveryChanged
from sharewell.vocab.arrivals import FileTooLarge as FileTooLarge
from sharewell.vocab.arrivals import OutputTaken as OutputTaken
from sharewell.vocab.arrivals import SeveralLists as SeveralLists
from sharewell.vocab.arrivals import SourceInvalid as SourceInvalid
from sharewell.vocab.arrivals import SourceUnreachable as SourceUnreachable
from sharewell.vocab.faults import Faults, as_dicts
from sharewell.vocab.refusal import SharewellError as SharewellError
from sharewell.vocab.refusal import Where as Where

# --- input files: 10 to 29 ---------------------------------------------------------------------------


class FileMissing(SharewellError):
    """The file named does not exist."""

    code, exit_code = "file-missing", 10


class FileEmpty(SharewellError):
    """The file has no bytes, or nothing but blank lines."""

    code, exit_code = "file-empty", 11


class FileUnreadable(SharewellError):
    """The file is not what its name says: binary, truncated, locked by a password."""

    code, exit_code = "file-unreadable", 12


class EncodingUnknown(SharewellError):
    """The text is in no encoding that public services use."""

    code, exit_code = "encoding-unknown", 13


class HeaderDuplicate(SharewellError):
    """Two columns of the file have one name, so a value cannot be told from another."""

    code, exit_code = "header-duplicate", 14


class NoRecords(SharewellError):
    """The file has a header and nothing under it."""

    code, exit_code = "no-records", 15


class HeaderMissing(SharewellError):
    """No line of the file looks like a header."""

    code, exit_code = "header-missing", 16


class MappingUnconfirmed(SharewellError):
    """A column's meaning was guessed and a person must confirm it."""

    code, exit_code = "mapping-unconfirmed", 17


class UnknownColumn(SharewellError):
    """A column is named that the file or the standard does not have."""

    code, exit_code = "unknown-column", 18


class StandardMissing(SharewellError):
    """No standard of that name is shipped or in the place's folder."""

    code, exit_code = "standard-missing", 19


class StandardInvalid(SharewellError):
    """A standard's file breaks the Table Schema or our rules for it."""

    code, exit_code = "standard-invalid", 20


class GazetteerInvalid(SharewellError):
    """The gazetteer has no UPRNs or addresses to use, or its prepared folder is damaged or another's."""

    code, exit_code = "gazetteer-invalid", 21


class OutputIsInput(SharewellError):
    """The file to write is one of the files to read."""

    code, exit_code = "output-is-input", 23


class FormatUnknown(SharewellError):
    """The file's format is none that sharewell reads."""

    code, exit_code = "format-unknown", 22


# --- agreements and releases: 30 to 49 ---------------------------------------------------------------


class AgreementInvalid(SharewellError):
    """The agreement file breaks its grammar or may not be signed; ``findings`` holds every fault."""

    code, exit_code = "agreement-invalid", 30

    def __init__(self, what: str, next_step: str, where: Where | None = None, findings: Faults = ()) -> None:
        super().__init__(what, next_step, where)
        self.findings = tuple(findings)

    def as_dict(self) -> dict[str, object]:
        """Return the refusal as JSON-ready data, with every fault."""
        return {**super().as_dict(), "findings": as_dicts(self.findings)}


class AgreementMissing(SharewellError):
    """No agreement of that id is in the place."""

    code, exit_code = "agreement-missing", 31


class AgreementUnsigned(SharewellError):
    """A party has not signed, or the file has changed since it was signed."""

    code, exit_code = "agreement-unsigned", 32


class AgreementNotStarted(SharewellError):
    """The agreement starts on a later day."""

    code, exit_code = "agreement-not-started", 33


class AgreementEnded(SharewellError):
    """The agreement's last day has passed."""

    code, exit_code = "agreement-ended", 34


class AgreementNotActive(SharewellError):
    """The agreement is a draft, in review, suspended or ended by its status."""

    code, exit_code = "agreement-not-active", 35


class NotCovered(SharewellError):
    """No agreement lets this recipient, role or level have this dataset."""

    code, exit_code = "not-covered", 36


class FieldNotCovered(SharewellError):
    """The agreement does not let this field out, or says it never may."""

    code, exit_code = "field-not-covered", 37


class ReleaseClash(SharewellError):
    """A delivery does not lie where it was written down, or another lies there."""

    code, exit_code = "release-clash", 38


class EncodingsDiffer(SharewellError):
    """Two encoded lists were not made with one key for one agreement, or cannot be compared."""

    code, exit_code = "encodings-differ", 39


# --- the place and its machine: 50 to 69 -------------------------------------------------------------


class PlaceMissing(SharewellError):
    """The folder is not a place: it has no sharewell.toml."""

    code, exit_code = "place-missing", 50


class PlaceExists(SharewellError):
    """The folder already is a place, or is not empty."""

    code, exit_code = "place-exists", 51


class FlowInvalid(SharewellError):
    """The flow file breaks its grammar or names something that is not there."""

    code, exit_code = "flow-invalid", 52


class RunInProgress(SharewellError):
    """Another run holds the place."""

    code, exit_code = "run-in-progress", 53


class DiskFull(SharewellError):
    """The disk filled up; nothing half-made was left."""

    code, exit_code = "disk-full", 54


class FolderReadOnly(SharewellError):
    """The folder cannot be written."""

    code, exit_code = "folder-read-only", 55


class KeyMissing(SharewellError):
    """A key is missing, damaged or has been destroyed."""

    code, exit_code = "key-missing", 56


class SettingsInvalid(SharewellError):
    """sharewell.toml or the environment holds a setting that cannot be used."""

    code, exit_code = "settings-invalid", 57


class ExtraMissing(SharewellError):
    """An optional package is needed; the message names the command that installs it."""

    code, exit_code = "extra-missing", 58


class TraceNotFound(SharewellError):
    """No run has seen that file and row."""

    code, exit_code = "trace-not-found", 59


class OutOfMemory(SharewellError):
    """The memory allowed for a run was not enough."""

    code, exit_code = "out-of-memory", 60


class SnapshotMissing(SharewellError):
    """No snapshot of that table is held, or its key has been destroyed."""

    code, exit_code = "snapshot-missing", 61


class PersonUnknown(SharewellError):
    """No person or record of that reference is held, or nothing of the kind was done to it."""

    code, exit_code = "person-unknown", 62


class RuleUnknown(SharewellError):
    """No cleaning rule of that name is known, or it is not written as COLUMN:RULE."""

    code, exit_code = "rule-unknown", 63


class MendedRowsWrong(SharewellError):
    """Rows came back that were not given out, came twice, or have another row's number; none was taken."""

    code, exit_code = "mended-rows-wrong", 64


class TooLittleToHold(SharewellError):
    """The lists hold nothing to compare, so no later batch could be linked against them."""

    code, exit_code = "too-little-to-hold", 65


# --- proof: 70 to 79 ---------------------------------------------------------------------------------


class AuditBroken(SharewellError):
    """The audit log has been edited, cut, added to or reordered."""

    code, exit_code = "audit-broken", 70


class RowsNotConserved(SharewellError):
    """A step lost or made rows: rows in is not rows kept plus rows set aside. Nothing was released."""

    code, exit_code = "rows-not-conserved", 71


class Unforeseen(SharewellError):
    """Something failed that nobody foresaw. The message names the place in the code, never a value."""

    code, exit_code = "unforeseen", 79


def every_error() -> tuple[type[SharewellError], ...]:
    """Return every kind of refusal, in the order of its exit code."""
    return tuple(sorted(SharewellError.__subclasses__(), key=lambda kind: kind.exit_code))
