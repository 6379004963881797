"""Triggers that refuse to change or remove what was recorded.

Defence in depth, no more: whoever may write to the file may drop a trigger, which is what the hashes and the
signature are for. Django makes a SQLite table anew when a column changes and loses its triggers with it, so a
migration that alters these tables must run ``add_triggers`` again.
"""

from typing import Any

from django.db import migrations

ADDED_TO_ONLY = "RAISE(ABORT, 'the audit log is only ever added to')"
COLUMN_OF = {"audit_entry": "sequence", "audit_checkpoint": "number"}


def add_triggers(apps: Any, editor: Any) -> None:
    """Refuse UPDATE, DELETE and any INSERT but at the end (INSERT OR REPLACE would not fire a DELETE trigger)."""
    if editor.connection.vendor != "sqlite":
        return
    for table, column in COLUMN_OF.items():
        for verb in ("UPDATE", "DELETE"):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT {ADDED_TO_ONLY}; END"
            )
        editor.execute(
            f"CREATE TRIGGER {table}_at_end BEFORE INSERT ON {table} "
            f"WHEN NEW.{column} <> (SELECT coalesce(max({column}), 0) + 1 FROM {table}) "
            f"BEGIN SELECT {ADDED_TO_ONLY}; END"
        )
    editor.execute(
        f"CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT {ADDED_TO_ONLY}; END"
    )


def drop_triggers(apps: Any, editor: Any) -> None:
    """Take the triggers away again."""
    if editor.connection.vendor != "sqlite":
        return
    for table in COLUMN_OF:
        for name in ("no_update", "no_delete", "at_end"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
    editor.execute("DROP TRIGGER IF EXISTS audit_head_no_delete")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
