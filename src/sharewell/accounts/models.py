"""Organisations of the place, in the control plane."""

from __future__ import annotations

from django.db import models


class Organisation(models.Model):
    """A public service that takes part: it signs agreements, sends lists or receives releases."""

    code = models.CharField(
        max_length=100,
        unique=True,
        help_text="The code agreements and flows call it by. Open. Kept for good.",
    )
    name = models.CharField(max_length=200, help_text="Its name as people say it. Open. Kept for good.")
    signing_public_key = models.BinaryField(
        null=True,
        help_text="Ed25519 public key, 32 bytes; its signatures are checked by it. Open. Kept for good.",
    )
    joined_at = models.DateTimeField(help_text="When it was registered, UTC. Open. Kept for good.")
    registered_by = models.CharField(
        max_length=200,
        help_text="Who registered it. Personal (staff). Kept as long as the organisation.",
    )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
