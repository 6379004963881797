"""Runs, as the control plane keeps them: counts, states and hashes, never a value from a record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Run(models.Model):
    """One run of a flow, from its start to its end or refusal."""

    id = models.CharField(
        primary_key=True, max_length=32, help_text="Random id of the run. Open. Kept with the audit log."
    )
    flow = models.CharField(max_length=200, help_text="Id of the flow file. Open. Kept with the audit log.")
    title = models.CharField(max_length=400, help_text="Title of the flow. Open. Kept with the audit log.")
    state = models.CharField(max_length=20, help_text="RunState. Open. Kept with the audit log.")
    by = models.CharField(max_length=200, help_text="Who ran it: a role or account. Staff data. Six years.")
    agreement = models.CharField(
        max_length=200, blank=True, help_text="Id of the agreement. Open. Kept with the audit log."
    )
    recipient = models.CharField(
        max_length=200, blank=True, help_text="Code of the recipient. Open. Kept with the audit log."
    )
    started_at = models.DateTimeField(help_text="Instant in UTC. Open. Kept with the audit log.")
    finished_at = models.DateTimeField(null=True, help_text="Instant in UTC. Open. Kept with the audit log.")
    release_id = models.CharField(
        max_length=64, blank=True, help_text="Id of the release handed over. Open. Kept with the audit log."
    )
    staging = models.CharField(
        max_length=500, blank=True, help_text="Where the release waits, inside the place. Open. Six years."
    )
    final = models.CharField(
        max_length=500, blank=True, help_text="Folder it is handed over in. Open. Six years."
    )
    report = models.JSONField(default=dict, help_text="RunReport: counts only. Open. Six years.")
    problem = models.JSONField(default=dict, help_text="The refusal, if refused. Open. Six years.")

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.flow} {self.id}"
