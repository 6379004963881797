"""The templates' environment: the Design System's macros, our own, and words through gettext."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)

TEMPLATES = Path(__file__).parent / "templates"


def environment(**options: object) -> Environment:
    """Return the environment. ChainableUndefined, because the Design System's macros lean on it."""
    design_system = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), design_system]),
        undefined=ChainableUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return env
