"""Django's settings for the control plane. The database's file is named when a place is opened.

Records about people never come here: this holds organisations, keys (wrapped), runs and the audit log.
"""

from __future__ import annotations

from typing import Any

SECRET_KEY = "set when the pages are served"  # noqa: S105 - replaced by a random key for each server
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "sharewell.web.urls"
INSTALLED_APPS = [
    "sharewell.store",
    "sharewell.accounts",
    "sharewell.audit",
    "sharewell.flows",
]
MIDDLEWARE = ["sharewell.web.guard.Guard", "django.middleware.common.CommonMiddleware"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"environment": "sharewell.web.jinja.environment"},
    }
]
# FULL makes a committed run survive a power cut; secure_delete overwrites a destroyed key.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
            ),
        },
    }
}
