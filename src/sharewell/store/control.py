"""Open a place's control plane: Django, set up without a server, pointed at that place's database."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharewell.settings import Place


def set_up_django() -> None:
    """Set Django up once in this process."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharewell.store.django_settings")
    if not apps.ready:
        django.setup()


def open_control_plane(place: Place) -> None:
    """Point Django at the place's database and bring its tables up to date."""
    place.store.mkdir(parents=True, exist_ok=True)
    point_at(place.control)
    _migrate()


def point_at(file: Path) -> None:
    """Point Django at a database file, closing the one that was open."""
    set_up_django()
    from django.db import connections

    connection = connections["default"]
    connection.close()
    connections.databases["default"]["NAME"] = str(file)
    connection.settings_dict["NAME"] = str(file)


def close_control_plane() -> None:
    """Close the database, so that its write-ahead log is folded into the file."""
    from django.db import connections

    connections.close_all()


def forget_overwritten() -> None:
    """Fold the write-ahead log into the file and empty it, so that a destroyed key lies in neither.

    SQLite only, outside any transaction; where a reader is in the way, the next time does it.
    """
    from django.db import OperationalError, connections

    connection = connections["default"]
    if connection.vendor == "sqlite":
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
