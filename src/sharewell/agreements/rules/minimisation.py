"""No more than is needed: rows tested, every item with its own reason, the lowest level that does the work.

UK GDPR Art. 5(1)(c).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sharewell.agreements.rules.dates import is_emergency_live
from sharewell.agreements.rules.levels import BANDS, EXACT, QUASI, forms_at
from sharewell.agreements.rules.parts import has_use_at, part, parts, text
from sharewell.agreements.rules.say import refuse, warn
from sharewell.agreements.rules.words import same_words, words_in
from sharewell.agreements.terms import Agreement, FieldTerm, Finding, Form, Level, UseTerm

FEWEST_WORDS: Final = 3
FEWEST_K: Final = 3
USUAL_K: Final = 5
USUAL_SUPPRESSION: Final = 5
EMERGENCY_OVER: Final = refuse(
    "emergency_over",
    "emergency.sunset_hours",
    "The emergency is over, or its request is for a later day.",
    "Write why.tried_first, or why.not_tried with the statutory exception.",
)
NOTHING_TRIED: Final = refuse(
    "nothing_tried_first",
    "why.tried_first",
    "People would be identified and nothing less was tried first.",
    "Try counts or pseudonyms and say why they were not enough, or name the exception in why.not_tried.",
)
BIRTH_NAMES: Final = frozenset({"date_of_birth", "birth_date", "dob", "birthdate", "dateofbirth"})


def check_minimisation(agreement: Agreement, today: date) -> Iterator[Finding]:
    """Yield where more would leave than is needed, or than can be justified from the file."""
    yield from _named_twice(agreement)
    yield from _rows_and_fields(agreement)
    yield from _reasons(agreement)
    yield from _bands_and_exact(agreement)
    yield from _never_shown(agreement)
    yield from _lower_first(agreement, today)
    for number, use in enumerate(agreement.use):
        yield from _k(agreement, use, f"use[{number}]")
        yield from _beyond_counts(use, f"use[{number}]")
    yield from _small_numbers(agreement)


def _items(agreement: Agreement) -> Iterator[tuple[str, FieldTerm]]:
    for number, term in enumerate(agreement.data):
        for field in term.fields:
            yield f"data[{number}].fields.{field.name}", field


def _named_twice(agreement: Agreement) -> Iterator[Finding]:
    names = [term.dataset for term in agreement.data]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield refuse(
                "dataset_twice",
                f"data[{number}].dataset",
                f"The dataset {name} is named twice, so one clause cannot be told from another.",
                "Give each list its own dataset name, or make one clause of the two.",
            )


def _rows_and_fields(agreement: Agreement) -> Iterator[Finding]:
    for number, term in enumerate(agreement.data):
        if not term.rows:
            yield refuse(
                "no_row_test",
                f"data[{number}].rows",
                "Every row of the dataset would leave.",
                "Say which rows are needed with at least one test.",
            )
        for field in term.fields:
            if field.name in term.never:
                yield refuse(
                    "field_in_never",
                    f"data[{number}].fields.{field.name}",
                    "This field may leave and may never leave.",
                    "Take it out of `fields` or out of `never`.",
                )


def _reasons(agreement: Agreement) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for clause, field in _items(agreement):
        if words_in(field.why) < FEWEST_WORDS:
            yield refuse(
                "why_too_short",
                f"{clause}.why",
                "The reason is too short to be one.",
                f"Say in at least {FEWEST_WORDS} words what this item is needed for.",
            )
            continue
        original = first.setdefault(same_words(field.why), clause)
        if original != clause:
            yield refuse(
                "why_copied",
                f"{clause}.why",
                f"The reason is copied from {original}.",
                "Say what this item is needed for.",
            )


def _bands_and_exact(agreement: Agreement) -> Iterator[Finding]:
    named = [
        ("date_of_birth" if f.name in BIRTH_NAMES else f.name, clause, f) for clause, f in _items(agreement)
    ]
    banded = {name: clause for name, clause, field in named if field.form in BANDS}
    for name, clause, field in named:
        if field.form in EXACT and name in banded:
            yield refuse(
                "band_and_exact",
                clause,
                f"It leaves exactly here and as a band under {banded[name]}.",
                "Let it out in one form throughout; a band is enough if it is enough there.",
            )


def _never_shown(agreement: Agreement) -> Iterator[Finding]:
    shown = frozenset[Form]().union(*(forms_at(use.level) for use in agreement.use))
    for clause, field in _items(agreement):
        if field.form not in shown:
            yield warn(
                "never_shown",
                clause,
                f"No use is at a level that may see this item as {field.form}.",
                "Choose a form that a use's level allows, or drop the item.",
            )


def _lower_first(agreement: Agreement, today: date) -> Iterator[Finding]:
    if not has_use_at(agreement, Level.IDENTIFIABLE) or is_emergency_live(agreement, today):
        return
    tried = {text(each, "level") for each in parts(agreement, "why", "tried_first")}
    if tried - {Level.IDENTIFIABLE} or part(agreement, "why", "not_tried"):
        return
    yield EMERGENCY_OVER if part(agreement, "emergency") else NOTHING_TRIED


def _k(agreement: Agreement, use: UseTerm, clause: str) -> Iterator[Finding]:
    if use.level is not Level.PSEUDONYMISED:
        return
    leaves = [field for term in agreement.data if term.party != use.party for field in term.fields]
    if use.k is None and any(field.form in QUASI for field in leaves):
        yield refuse(
            "no_k",
            f"{clause}.k",
            "Ages, years or areas leave beside a pseudonym with no floor on how many people share them.",
            f"Add `k: {USUAL_K}`: the fewest people who must share each combination.",
        )
    elif use.k is not None and use.k < FEWEST_K:
        yield refuse(
            "k_too_small", f"{clause}.k", "k is too small to hide anyone.", f"Write at least {FEWEST_K}."
        )
    elif use.k is not None and use.k < USUAL_K:
        yield warn(
            "k_low", f"{clause}.k", f"k is below the usual {USUAL_K}.", "Say why in the DPIA, or raise it."
        )


def _beyond_counts(use: UseTerm, clause: str) -> Iterator[Finding]:
    if use.level is Level.AGGREGATE and set(use.may) - {"count"}:
        yield warn(
            "may_beyond_level",
            f"{clause}.may",
            "A use of counts alone can only count.",
            "Write `may: [count]`, or say which level it needs.",
        )


def _small_numbers(agreement: Agreement) -> Iterator[Finding]:
    rule = agreement.small_numbers
    if rule.suppress_at_or_below < 1:
        yield refuse(
            "no_suppression",
            "small_numbers.suppress_at_or_below",
            "Small counts would not be hidden.",
            "Write 7, or the number your disclosure rule gives.",
        )
    elif rule.suppress_at_or_below < USUAL_SUPPRESSION:
        yield warn(
            "suppression_low",
            "small_numbers.suppress_at_or_below",
            f"Hiding counts at or below {rule.suppress_at_or_below} is less than is usual.",
            f"Write {USUAL_SUPPRESSION} or more, or say why in the DPIA.",
        )
    if rule.round_to < 1:
        yield refuse(
            "bad_rounding", "small_numbers.round_to", "Counts cannot be rounded so.", "Write 5, or 1."
        )
