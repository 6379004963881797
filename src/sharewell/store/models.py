"""The store's own tables in the control plane: which snapshot is current, and the wrapped keys.

They hold counts, dates and ciphertext; no value of a person's record.
"""

from __future__ import annotations

from django.db import models


class Snapshot(models.Model):
    """One immutable encrypted table. Its row outlives its key, as proof that it was held and destroyed."""

    id = models.CharField(
        primary_key=True,
        max_length=32,
        help_text="Random id, also the file's name. Open. Kept for good.",
    )
    organisation = models.CharField(
        max_length=100,
        help_text="Code of the organisation whose key opens it. Open. Kept for good.",
    )
    table = models.CharField(
        max_length=100,
        help_text="Name of the table. Open. Kept for good.",
    )
    file = models.CharField(
        max_length=400,
        help_text="Path below store/records. Open. Kept for good, though the file goes with its key.",
    )
    rows = models.BigIntegerField(help_text="Number of rows. Open. Kept for good.")
    as_of = models.DateField(help_text="The date the table is a picture for. Open. Kept for good.")
    run = models.CharField(max_length=64, help_text="Id of the run that wrote it. Open. Kept for good.")
    created_at = models.DateTimeField(help_text="When it became visible, UTC. Open. Kept for good.")
    wrapped_key = models.BinaryField(
        null=True,
        help_text="Its key under the organisation's. Secret, ciphertext. Kept until destroyed.",
    )
    is_current = models.BooleanField(
        default=False,
        help_text="Readers see this one. Open. Kept for good.",
    )
    destroyed_at = models.DateTimeField(
        null=True,
        help_text="When its key was destroyed, UTC. Open. Kept for good.",
    )

    class Meta:
        """One current snapshot of a table, held by the database itself."""

        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "table"),
                condition=models.Q(is_current=True),
                name="one_current_snapshot",
            ),
        )
        indexes = (models.Index(fields=("organisation", "table"), name="snapshot_of_table"),)

    def __str__(self) -> str:
        return f"{self.organisation} {self.table} {self.id}"


class WrappedKey(models.Model):
    """A key under the root key. The root key itself is never in the database."""

    class Kind(models.TextChoices):
        """What a key is for: whose records, whose pseudonyms, whose signature, the log's signature."""

        ORGANISATION = "organisation"
        AGREEMENT = "agreement"
        SIGNING = "signing"
        LOG = "log"

    kind = models.CharField(
        max_length=20,
        choices=Kind.choices,
        help_text="What the key is for. Open. Kept as long as the key.",
    )
    owner = models.CharField(
        max_length=200,
        blank=True,
        help_text="Organisation code or agreement id; empty for the log. Open. Kept as long as the key.",
    )
    wrapped = models.BinaryField(
        help_text="The key under the root key. Secret, ciphertext. Kept until rotated or destroyed.",
    )
    made_at = models.DateTimeField(help_text="When the key was made, UTC. Open. Kept as long as the key.")
    root_fingerprint = models.CharField(
        max_length=16,
        help_text="Which root key wraps it, by fingerprint. Open. Kept as long as the key.",
    )

    class Meta:
        """One key of a kind for each owner."""

        constraints = (models.UniqueConstraint(fields=("kind", "owner"), name="one_key_of_a_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} key of {self.owner or 'the place'}"
