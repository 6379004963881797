"""What people are told: a privacy notice, and their own log, hidden only for a reason that is reviewed.

UK GDPR Arts 13 to 15.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sharewell.agreements.rules.parts import Part, is_only_counts, part, text
from sharewell.agreements.rules.say import refuse, warn
from sharewell.agreements.terms import Agreement, Finding


def check_openness(agreement: Agreement, today: date) -> Iterator[Finding]:
    """Yield where people are not told, or their log is hidden without a reason, a reviewer and a date."""
    rights = part(agreement, "rights")
    if not text(rights, "privacy_notice"):
        say = warn if is_only_counts(agreement) else refuse
        yield say(
            "no_privacy_notice",
            "rights.privacy_notice",
            "People are not told: there is no privacy notice.",
            "Write its address under `rights`.",
        )
    log = part(agreement, "rights", "my_log")
    if log is not None:
        yield from _hidden_log(log)
    elif rights is not None and not text(rights, "my_log"):
        yield warn(
            "my_log_unsaid",
            "rights.my_log",
            "It is not said whether people see their log.",
            "Write `my_log: shown`.",
        )


def _hidden_log(log: Part) -> Iterator[Finding]:
    clause = "rights.my_log"
    if bool(text(log, "delayed_until")) == bool(text(log, "exempt")):
        yield refuse(
            "log_hidden_unclear",
            clause,
            "The log is hidden neither until a day nor under one exemption.",
            "Write `delayed_until` or `exempt`, one of them.",
        )
    needs = ("reason", "reviewer", "on") if text(log, "exempt") else ("reason", "reviewer")
    for key in needs:
        if not text(log, key):
            yield refuse(
                f"log_hidden_without_{'date' if key == 'on' else key}",
                f"{clause}.{key}",
                f"The log is hidden without {'the day this was decided' if key == 'on' else f'a {key}'}.",
                f"Write `{key}`.",
            )
