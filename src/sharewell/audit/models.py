"""The log as the control plane keeps it: entries, signed checkpoints and the head. Only ever added to.

No foreign keys: the log must outlive whatever it speaks of. Django refuses changes here, triggers refuse
them in the database, and ``verify.py`` finds what was done in spite of both.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

from sharewell.vocab.errors import AuditBroken

ID = 200
HASH = 64


Kept = TypeVar("Kept", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Kept]):
    """Rows that may be added and read, and nothing else."""

    def update(self, **values: object) -> NoReturn:
        """Refuse."""
        refuse_change()

    def bulk_update(self, *args: object, **options: object) -> NoReturn:
        """Refuse."""
        refuse_change()

    def delete(self) -> NoReturn:
        """Refuse."""
        refuse_change()


class AppendOnly(models.Model):
    """A row that is written once. Raises AuditBroken when it is saved again or deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        """Not a table of its own."""

        abstract = True

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's own
        """Write a new row; refuse to write over one."""
        if not self._state.adding:
            refuse_change()
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: object, **options: object) -> NoReturn:
        """Refuse."""
        refuse_change()


class Entry(AppendOnly):
    """One thing that happened."""

    sequence = models.BigAutoField(
        primary_key=True, help_text="Place in the log, from 1 without a gap. Open. Kept for good."
    )
    recorded_at = models.CharField(
        max_length=32, help_text="Instant in UTC, as it is hashed. Open. Kept for good."
    )
    by = models.CharField(max_length=ID, help_text="Who acted: a role or account. Staff data. Kept for good.")
    action = models.CharField(max_length=100, help_text="What was done, a code. Open. Kept for good.")
    run = models.CharField(max_length=ID, blank=True, help_text="Id of the run. Open. Kept for good.")
    agreement = models.CharField(max_length=ID, blank=True, help_text="Agreement's id. Open. Kept for good.")
    recipient = models.CharField(
        max_length=ID, blank=True, help_text="Recipient's code. Open. Kept for good."
    )
    details = models.TextField(
        help_text="Canonical JSON of counts, codes and hashes, no personal value. Open. Kept for good."
    )
    subjects_count = models.BigIntegerField(help_text="How many people it is about. Open. Kept for good.")
    subjects_digest = models.CharField(
        max_length=HASH,
        help_text="SHA-256 over their sorted keyed tokens. Pseudonymous until their keys go. Kept for good.",
    )
    previous_hash = models.CharField(
        max_length=HASH, help_text="Hash of the entry before. Open. Kept for good."
    )
    hash = models.CharField(
        max_length=HASH, help_text="Over the hash before and this entry. Open. Kept for good."
    )

    class Meta:
        """In the order of the log."""

        ordering: ClassVar[list[str]] = ["sequence"]
        indexes = (models.Index(fields=("run",), name="audit_entry_of_run"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class SignedState(models.Model):
    """What a checkpoint and the head both say. ``SignedCheckpoint`` in ``terms.py`` explains each."""

    size = models.BigIntegerField(help_text="Number of entries covered. Open. Kept for good.")
    root = models.CharField(max_length=HASH, help_text="Merkle root of the entries. Open. Kept for good.")
    chain = models.CharField(max_length=HASH, help_text="Hash of the last entry. Open. Kept for good.")
    at = models.CharField(max_length=32, help_text="When it was signed, UTC. Open. Kept for good.")
    previous = models.CharField(
        max_length=HASH, help_text="Digest of the checkpoint before. Open. Kept for good."
    )
    public_key = models.CharField(
        max_length=HASH, help_text="Public half of the log key. Open. Kept for good."
    )
    signature = models.CharField(max_length=128, help_text="Ed25519 signature. Open. Kept for good.")

    class Meta:
        """Not a table of its own."""

        abstract = True


class Checkpoint(SignedState, AppendOnly):
    """A signed state of the log, one for each batch of entries."""

    number = models.BigAutoField(
        primary_key=True, help_text="Place among the checkpoints, from 1. Open. Kept for good."
    )

    class Meta:
        """In the order they were signed."""

        ordering: ClassVar[list[str]] = ["number"]

    def __str__(self) -> str:
        return f"checkpoint {self.number} at {self.size}"


class Head(SignedState):
    """The log's newest state: the last checkpoint again, and the frontier the tree grows from. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1, help_text="Always 1. Open. Kept for good.")
    number = models.BigIntegerField(help_text="Number of the last checkpoint. Open. Kept for good.")
    frontier = models.TextField(
        help_text="Roots of the full subtrees, hex, largest first. Open. Replaced at each entry."
    )

    class Meta:
        """One row, held by the database itself."""

        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head"),)

    def __str__(self) -> str:
        return f"head at {self.size}"

    def delete(self, *args: object, **options: object) -> NoReturn:
        """Refuse."""
        refuse_change()


def refuse_change() -> NoReturn:
    """Raise AuditBroken: the log is only ever added to."""
    raise AuditBroken(
        "The audit log is only ever added to: no entry may be changed or removed.",
        "Record a new entry that says what was wrong with the old one.",
    )
