"""What changed between two versions of a standard, in words, and whether it breaks what people do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from sharewell.sources.rules import normal_heading
from sharewell.sources.terms import Field, FieldType, OnFailure, Standard

_LIKE: Final = 0.75
_TOLD: Final = 6


class Change(StrEnum):
    """What kind of change it is."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RETYPED = "retyped"
    WIDENED = "widened"
    NARROWED = "narrowed"
    RECLASSED = "reclassed"
    REWORDED = "reworded"
    REORDERED = "reordered"


@dataclass(frozen=True)
class Difference:
    """One change of one field. ``breaks`` says that a file that passed, or a reader, no longer does."""

    change: Change
    field: str
    text: str
    breaks: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return it as data ready for JSON."""
        return {"change": self.change.value, "field": self.field, "text": self.text, "breaks": self.breaks}


def differences(old: Standard, new: Standard) -> tuple[Difference, ...]:
    """Return what changed from one standard to another, what breaks first."""
    renamed = _renamed(old, new)
    found = [*_gone_and_come(old, new, renamed)]
    for field in old.fields:
        then = new.field(renamed.get(field.name, field.name))
        if then is not None:
            found += [change for compare in _COMPARED for change in compare(field, then)]
    found += _keys(old, new)
    found += _order(old, new)
    return tuple(sorted(found, key=lambda each: not each.breaks))


def _renamed(old: Standard, new: Standard) -> dict[str, str]:
    """Return the fields that go by another name now: told by a synonym, else by role or a like name."""
    gone = [field for field in old.fields if not new.field(field.name)]
    come = [field for field in new.fields if not old.field(field.name)]
    found: dict[str, str] = {}
    for same in (_is_told, _plays_the_part, _is_alike):
        for field in gone:
            heirs = [each for each in come if each.name not in found.values() and same(field, each)]
            if field.name not in found and len(heirs) == 1:
                found[field.name] = heirs[0].name
    return found


def _is_told(old: Field, new: Field) -> bool:
    return normal_heading(old.name) in {normal_heading(text) for text in (*new.synonyms, new.title)}


def _plays_the_part(old: Field, new: Field) -> bool:
    return old.role is not None and old.role is new.role and old.type is new.type


def _is_alike(old: Field, new: Field) -> bool:
    return old.type is new.type and SequenceMatcher(None, old.name, new.name).ratio() >= _LIKE


def _gone_and_come(old: Standard, new: Standard, renamed: dict[str, str]) -> Iterator[Difference]:
    for field in old.fields:
        heir = new.field(renamed.get(field.name, ""))
        if heir:
            known = "; files with the old heading are still understood" if _is_told(field, heir) else ""
            yield Difference(Change.RENAMED, field.name, f"is now called {heir.name}{known}", True)
        elif not new.field(field.name):
            yield Difference(Change.REMOVED, field.name, "is no longer part of the standard", True)
    for field in new.fields:
        if not old.field(field.name) and field.name not in renamed.values():
            needed = "must be filled in" if field.required else "may be left empty"
            yield Difference(Change.ADDED, field.name, f"is new, and {needed}", field.required)


def _types(old: Field, new: Field) -> Iterator[Difference]:
    if old.type is new.type:
        return
    wider = new.type is FieldType.TEXT or (old.type, new.type) == (FieldType.INTEGER, FieldType.NUMBER)
    text = f"held {old.type.value} and now holds {new.type.value}"
    yield Difference(Change.WIDENED if wider else Change.RETYPED, new.name, text, not wider)


def _demands(old: Field, new: Field) -> Iterator[Difference]:
    pairs = {
        "filled in": (old.required, new.required),
        "unique": (old.unique, new.unique),
    }
    for what, (was, now) in pairs.items():
        if was != now:
            text = f"must now be {what}" if now else f"need no longer be {what}"
            yield Difference(Change.NARROWED if now else Change.WIDENED, new.name, text, now)
    if old.on_failure is not new.on_failure and not (old.required or new.required):
        stricter = new.on_failure is OnFailure.SET_ASIDE
        text = "a value that cannot be right now " + ("sets its row aside" if stricter else "is left empty")
        yield Difference(Change.NARROWED if stricter else Change.WIDENED, new.name, text, stricter)


def _codes(old: Field, new: Field) -> Iterator[Difference]:
    lost = [code for code in old.categories if code not in new.categories]
    added = [code for code in new.categories if code not in old.categories]
    if old.categories and not new.categories:
        yield Difference(Change.WIDENED, new.name, "no longer keeps to a list of codes")
    elif new.categories and not old.categories:
        yield Difference(Change.NARROWED, new.name, f"now keeps to {len(added)} codes", True)
    else:
        if lost:
            yield Difference(Change.NARROWED, new.name, f"no longer has the codes {_listed(lost)}", True)
        if added:
            yield Difference(Change.WIDENED, new.name, f"has the new codes {_listed(added)}")
        yield from _meanings(old, new)


def _meanings(old: Field, new: Field) -> Iterator[Difference]:
    for code, words in old.categories.items():
        then = new.categories.get(code, words)
        if words[:1] != then[:1]:
            text = f"the code {code} was called {_named(words)} and is now called {_named(then)}"
            yield Difference(Change.REWORDED, new.name, text)
        if gone := [word for word in words if word and word not in then]:
            text = f"the code {code} no longer goes by {_listed(gone)}"
            yield Difference(Change.NARROWED, new.name, text, True)


def _named(words: Sequence[str]) -> str:
    return words[0] if words else "nothing"


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _TOLD} more" if len(words) > _TOLD else ""
    return ", ".join(words[:_TOLD]) + more


def _limits(old: Field, new: Field) -> Iterator[Difference]:
    """Compare what bounds a value: a bound that rises from below, or falls from above, narrows."""
    was, now = old.bounds, new.bounds
    yield from _limit(new.name, "earliest day", old.earliest, new.earliest, low=True)
    yield from _limit(new.name, "latest day", old.latest, new.latest, low=False)
    if old.date_order != new.date_order:
        said = new.date_order.replace("-", " ") if new.date_order else "by what the column shows"
        yield Difference(Change.NARROWED, new.name, f"dates with two readings are now read {said}", True)
    yield from _limit(new.name, "fewest characters", was.shortest, now.shortest, low=True)
    yield from _limit(new.name, "most characters", was.longest, now.longest, low=False)
    yield from _limit(new.name, "least amount", _amount(was.least), _amount(now.least), low=True)
    yield from _limit(new.name, "greatest amount", _amount(was.most), _amount(now.most), low=False)
    if was.pattern != now.pattern:
        change = Change.WIDENED if now.pattern is None else Change.NARROWED
        text = "has no pattern any more" if now.pattern is None else f"must now match {now.pattern}"
        yield Difference(change, new.name, text, now.pattern is not None)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


Limit = str | int | Decimal | None


def _limit(name: str, what: str, was: Limit, now: Limit, *, low: bool) -> Iterator[Difference]:
    if was == now:
        return
    narrower = now is not None and (was is None or _is_beyond(now, was) is low)
    text = f"the {what} was {'not set' if was is None else was} and is {'not set' if now is None else now}"
    yield Difference(Change.NARROWED if narrower else Change.WIDENED, name, text, narrower)


def _is_beyond(now: Limit, was: Limit) -> bool:
    """Return whether one bound lies above another; today lies above every day that a standard names."""
    if isinstance(now, str) and isinstance(was, str):
        return now == "today" or (was != "today" and now > was)
    return bool(now > was)  # type: ignore[operator]


def _classes(old: Field, new: Field) -> Iterator[Difference]:
    if old.sensitivity is not new.sensitivity:
        text = (
            f"was {old.sensitivity.value} and is {new.sensitivity.value}: read agreements that name it again"
        )
        yield Difference(Change.RECLASSED, new.name, text, True)
    if old.role is not new.role:
        told = [role.value if role else "none" for role in (old.role, new.role)]
        yield Difference(Change.RECLASSED, new.name, f"its role was {told[0]} and is {told[1]}", True)


def _words(old: Field, new: Field) -> Iterator[Difference]:
    known = {normal_heading(text) for text in (new.name, new.title, *new.synonyms)}
    lost = [text for text in (old.title, *old.synonyms) if normal_heading(text) not in known]
    if lost:
        text = f"is no longer known by {_listed(lost)}: such headings must be confirmed"
        yield Difference(Change.NARROWED, new.name, text, True)
    before = {normal_heading(text) for text in (old.name, old.title, *old.synonyms)}
    if come := [text for text in new.synonyms if normal_heading(text) not in before]:
        yield Difference(Change.WIDENED, new.name, f"is now known by {_listed(come)} too")
    pairs = {"title": (old.title, new.title), "description": (old.description, new.description)}
    for what, (was, now) in pairs.items():
        if was != now:
            yield Difference(
                Change.REWORDED, new.name, f"its {what} is now “{now}”" if now else f"has no {what} now"
            )


def _keys(old: Standard, new: Standard) -> Iterator[Difference]:
    was, now = ({*each.unique_keys, each.primary_key} - {()} for each in (old, new))
    for key in sorted(now - was):
        yield Difference(Change.NARROWED, " + ".join(key), "no two rows may share these values now", True)
    for key in sorted(was - now):
        yield Difference(Change.WIDENED, " + ".join(key), "rows may share these values now")


def _order(old: Standard, new: Standard) -> Iterator[Difference]:
    shared = set(old.names) & set(new.names)
    was, now = ([name for name in each.names if name in shared] for each in (old, new))
    if was != now:
        moved = next(name for name, other in zip(now, was, strict=True) if name != other)
        yield Difference(Change.REORDERED, moved, "the fields stand in another order from here on")


_COMPARED: Final[tuple[Callable[[Field, Field], Iterator[Difference]], ...]] = (
    _types, _demands, _codes, _limits, _classes, _words,
)  # fmt: skip
