"""What each kind of dirt claims to have done to a cell, said without looking at how it is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

Saying = Callable[[str, str], bool]
FORMS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d-%b-%Y", "%d %B %Y", "%d.%m.%Y", "%d/%m/%y")
EXCEL = date(1899, 12, 30)
PETS = {("Margaret", "Peggy"), ("Margaret", "Peg"), ("Margaret", "Rita"), ("Mary", "Polly")}
"""Short names that share no two letters with the long ones."""
LOOK_ALIKE = (
    {"rn", "m", "nn"}, {"cl", "d"}, {"l", "1", "I", "i"}, {"o", "0"}, {"O", "0"}, {"S", "5"}, {"B", "8"},
    {"h", "b"}, {"u", "v"}, {"w", "vv"}, {"e", "c"}, {"g", "q"}, {"Z", "2"}, {"G", "6"},
)  # fmt: skip
SOUNDS = (
    ("cz", "k"), ("ph", "f"), ("gh", ""), ("kn", "n"), ("wr", "r"), ("x", "ks"), ("ck", "k"), ("q", "k"),
    ("c", "k"), ("z", "s"), ("v", "f"), ("g", "j"), ("d", "t"),
)  # fmt: skip
NEEDS = {
    "Age": ("elderly", "old", "frail"),
    "Mobility": ("mobility", "wheelchair"),
    "Disability": ("disabled",),
    "Temporary injury": ("injury", "leg", "operation"),
}
TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr)"


def day(text: str) -> date | None:
    """Return the day a text names, None where it names none."""
    for form in FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def days(test: Callable[[date, date], bool]) -> Saying:
    """Say something of two texts that both name a day, written alike."""

    def says(before: str, after: str) -> bool:
        one, two = day(before), day(after)
        return (
            one is not None
            and two is not None
            and one != two
            and shape(before) == shape(after)
            and test(one, two)
        )

    return says


def shape(text: str) -> str:
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d", "9", text))


def anniversary(years: int) -> Saying:
    return days(
        lambda one, two: abs(one.year - two.year) == years and (one.month, one.day) == (two.month, two.day)
    )


def as_figures(before: str, after: str) -> bool:
    return len(before) == len(after) and before.isdigit() and after.isdigit()


def one_figure_wrong(before: str, after: str) -> bool:
    return as_figures(before, after) and sum(a != b for a, b in zip(before, after, strict=True)) == 1


def neighbours_swapped(before: str, after: str) -> bool:
    if len(before) != len(after):
        return False
    at = [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    return len(at) == 2 and at[1] == at[0] + 1 and sorted(before) == sorted(after)


def core(before: str, after: str) -> tuple[str, str]:
    """Return what differs between two texts: both without what they begin and end with alike."""
    while before and after and before[0] == after[0]:
        before, after = before[1:], after[1:]
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return before, after


def one_slip(before: str, after: str) -> bool:
    """Say that one letter is too many, too few or another, or that two neighbours are swapped."""
    gone, new = core(before, after)
    return gone != new and (max(len(gone), len(new)) == 1 or (len(gone) == 2 and gone == new[::-1]))


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def is_name(text: str) -> bool:
    return re.search(r"[\d@,.]", text) is None and not text.isupper() and not text.islower()


def sound(name: str) -> str:
    key = folded(name)
    for old, new in SOUNDS:
        key = key.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouwyh'\- ]", "", key))


def key_slip(before: str, after: str) -> bool:
    has_letter = any(sign.isalpha() for sign in "".join(core(before, after)))
    return one_slip(before, after) and has_letter and not re.search(r"[\d@]", before)


def sounds_alike(before: str, after: str) -> bool:
    one, two = sound(before), sound(after)
    is_near = SequenceMatcher(None, folded(before), folded(after), autojunk=False).ratio() >= 0.7
    is_heard = one == two or one_slip(one, two) or is_near
    return is_name(before) and is_name(after) and folded(before) != folded(after) and is_heard


def is_short_for(before: str, after: str) -> bool:
    """Say that a short name begins as the long one, or as it sounds, or shares two letters in a row."""
    one, two = folded(before), folded(after)
    if one == two or not (is_name(before) and is_name(after)):
        return False
    longest = SequenceMatcher(None, one, two, autojunk=False).find_longest_match().size
    begin = one[0] == two[0] or sound(before)[:1] == sound(after)[:1] != ""
    return begin or longest > 1 or (before, after) in PETS


def known_as(before: str, after: str) -> bool:
    names = re.sub(r'[()"]|known as', " ", after).split()
    return len(names) == 2 and before in names and is_short_for(before, names[names[0] == before])


def letters_lost(before: str, after: str) -> bool:
    before = before.replace("ß", "ßß")
    odd = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return bool(odd) and all(not a.isascii() and b.isascii() and b.isalpha() for a, b in odd)


def letter_asked(before: str, after: str) -> bool:
    odd = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    return bool(odd) and all(b == "?" and not a.encode("cp1252", "ignore") for a, b in odd)


def lost(sign: str) -> Saying:
    return lambda before, after: (
        sign in before and after in (before.replace(sign, ""), before.replace(sign, " "))
    )


def lost_all(pattern: str) -> Saying:
    """Say that a value of this look is not there any more."""
    return lambda before, after: after == "" and re.fullmatch(pattern, before) is not None


def respaced(before: str, after: str) -> bool:
    return before != after and before.replace(" ", "") == after.replace(" ", "")


def grouped(*sizes: int, sign: str = " ") -> Saying:
    pattern = sign.join(rf"\w{{{size}}}" for size in sizes)
    return lambda before, after: bool(re.fullmatch(pattern, after)) and after.replace(sign, "") == before


def scientific(before: str, after: str) -> bool:
    return bool(re.fullmatch(r"\d\.\d{5}E\+\d\d", after)) and abs(float(after) - int(before)) < 10 ** (
        len(before) - 6
    )


def in_words(before: str, after: str) -> bool:
    return (
        before == ""
        and re.fullmatch(r"none|n/a|-|not known|no \w+|none@example\.com", after.lower()) is not None
    )


def national(phone: str) -> str:
    return re.sub(r"^(?:0044|\+44)(?:\(0\))?", "0", phone.replace(" ", ""))


def dialled(pattern: str) -> Saying:
    return lambda before, after: bool(re.fullmatch(pattern, after)) and national(after) == before


def recast(form: str) -> Callable[[str], str]:
    return lambda before: datetime.strptime(before, "%Y-%m-%d %H:%M:%S").strftime(form)


def instant(form: str) -> Saying:
    return lambda before, after: after == recast(form)(before)


def counted(before: str, after: str) -> bool:
    when = datetime.strptime(before, "%Y-%m-%d %H:%M:%S") - datetime(1899, 12, 30)
    return after[-5] == "." and 0 <= when / timedelta(1) - float(after) < 0.001


def nhs_valid(number: str) -> bool:
    weighted = sum(int(figure) * weight for figure, weight in zip(number, range(10, 0, -1), strict=True))
    return weighted % 11 == 0


CELLS: dict[str, Saying] = {
    "date_day_month_swapped": days(
        lambda one, two: (one.year, one.month, one.day) == (two.year, two.day, two.month)
    ),
    "date_year_off_by_one": anniversary(1),
    "date_year_off_by_ten": anniversary(10),
    "date_century": anniversary(100),
    "date_year_digits_swapped": days(
        lambda one, two: (
            neighbours_swapped(str(one.year), str(two.year)) and (one.month, one.day) == (two.month, two.day)
        )
    ),
    "date_default": days(lambda one, two: two == date(1900, 1, 1)),
    "date_first_of_january": days(lambda one, two: two == date(one.year, 1, 1)),
    "date_impossible": lambda before, after: (
        day(before) is not None and day(after) is None and shape(before) == shape(after)
    ),
    "date_missing": lost_all(r"\d{5}|\d{8}|\d+[/.\-]\w+[/.\-]\d+(?: 00:00)?|\d+ \w+ \d{4}.*"),
    "date_other_form": lambda before, after: (
        day(before) == day(after) is not None and shape(before) != shape(after)
    ),
    "date_serial": lambda before, after: after.isdigit() and EXCEL + timedelta(int(after)) == day(before),
    "date_two_figure_year": lambda before, after: (
        bool(re.fullmatch(r"\d\d/\d\d/\d\d", after)) and day(before).strftime("%d/%m/%y") == after  # type: ignore[union-attr]
    ),
    "date_with_time": lambda before, after: after == f"{before} 00:00",
    "instant_iso": instant("%Y-%m-%dT%H:%M:%S.000Z"),
    "instant_british": instant("%d/%m/%Y %H:%M"),
    "instant_day_only": instant("%Y-%m-%d"),
    "instant_serial": counted,
    "email_at_in_words": lambda before, after: "@" in before and after == before.replace("@", " at "),
    "email_capitals": lambda before, after: after == before.upper() != before,
    "email_comma": lambda before, after: "," in after and after.replace(",", ".") == before,
    "email_missing": lost_all(r"\S+@\S+"),
    "email_none_in_words": in_words,
    "email_space_behind": lambda before, after: after == f"{before} ",
    "email_wrong_ending": lambda before, after: (
        after.endswith(".con") and after[:-4] == before.rpartition(".")[0]
    ),
    "name_missing": lost_all(r".*[^\W\d].*"),
    "name_nickname": is_short_for,
    "name_known_as": known_as,
    "name_title": lambda before, after: bool(re.fullmatch(rf"{TITLE} {re.escape(before)}", after)),
    "name_misheard": sounds_alike,
    "name_key_slip": key_slip,
    "name_misread": lambda before, after: any(
        set(core(before, after)) == pair or set(core(before, after)) < pair for pair in LOOK_ALIKE
    ),
    "name_initial_only": lambda before, after: after in (before[0], f"{before[0]}."),
    "name_half": lambda before, after: after in before.split("-") and after != before,
    "name_hyphen_lost": lost("-"),
    "name_apostrophe_lost": lost("'"),
    "name_accent_lost": letters_lost,
    "name_mojibake": lambda before, after: after.encode("cp1252").decode("utf-8") == before != after,
    "name_capitals": lambda before, after: after == before.upper() != before,
    "name_small_letters": lambda before, after: after == before.lower() != before,
    "name_stray_space": lambda before, after: not re.search(r"[\d@]", before) and respaced(before, after),
    "lost_letter": letter_asked,
    "nhs_number_digits_swapped": neighbours_swapped,
    "nhs_number_wrong_check_digit": lambda before, after: before[:-1] == after[:-1] and not nhs_valid(after),
    "nhs_number_spaced": grouped(3, 3, 4),
    "nhs_number_hyphened": grouped(3, 3, 4, sign="-"),
    "nhs_number_decimal": lambda before, after: after == f"{before}.0",
    "nhs_number_scientific": scientific,
    "nhs_number_missing": lost_all(r"\d{10}"),
    "nino_digits_swapped": neighbours_swapped,
    "nino_last_letter_lost": lambda before, after: after == before[:-1] and before[-1].isalpha(),
    "nino_small_letters": lambda before, after: after == before.lower() != before,
    "nino_spaced": grouped(2, 2, 2, 2, 1),
    "nino_missing": lost_all(r"[A-Z]{2}\d{6}[A-Z]"),
    "upn_digits_swapped": neighbours_swapped,
    "upn_wrong_letter": lambda before, after: (
        before[1:] == after[1:] and before[0] != after[0] and after[0].isupper()
    ),
    "upn_small_letter": lambda before, after: after == before.lower() != before,
    "upn_missing": lost_all(r"[A-Z]\d{11}[A-Z\d]"),
    "uprn_decimal": lambda before, after: after == f"{before}.0",
    "uprn_scientific": scientific,
    "uprn_missing": lost_all(r"\d{12}"),
    "phone_0044": dialled(r"0044\d{10}"),
    "phone_plus_44": dialled(r"\+44\d{10}"),
    "phone_bracketed_zero": dialled(r"\+44 \(0\)\d{4} \d{6}"),
    "phone_spaced": lambda before, after: respaced(before, after) and " " in after,
    "phone_zero_lost": lambda before, after: before == f"0{after}",
    "phone_extension": lambda before, after: bool(re.fullmatch(rf"{before} ext \d{{3}}", after)),
    "phone_two_in_cell": lambda before, after: bool(re.fullmatch(rf"{re.escape(before)} / 0\d{{10}}", after)),
    "phone_none_in_words": in_words,
    "phone_missing": lost_all(r"0\d{10}"),
    "phone_wrong_figure": one_figure_wrong,
    "phone_figures_swapped": neighbours_swapped,
    "postcode_missing": lost_all(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
    "postcode_unspaced": lambda before, after: " " in before and after == before.replace(" ", ""),
    "postcode_small": lambda before, after: after == before.lower() != before,
    "postcode_wrong_sign": lambda before, after: (
        len(core(before[-3:], after[-3:])[0]) == 1
        and shape(before) == shape(after)
        and before[:-3] == after[:-3]
    ),
    "postcode_letter_for_figure": lambda before, after: core(before, after) in (("0", "O"), ("1", "I")),
    "business": lambda before, after: (
        before == "The Owner" and bool(re.search(r"(?:Ltd|Limited|plc|& Co|Investments)$", after))
    ),
    "executors": lambda before, after: (
        before in after and bool(re.match(r"(?:The )?(?:Executors|Exors|Personal Reps) of ", after))
    ),
    "initials_only": lambda before, after: bool(
        re.fullmatch(
            rf"(?:{TITLE} )?{before.split()[1][0]}(?: [^\W\d_])? {re.escape(before.split(' ', 2)[2])}", after
        )
    ),
    "comma_lost": lambda before, after: after == before.replace(",", "", 1) != before,
    "described_not_named": lambda before, after: bool(
        re.match(rf"{TITLE} ", before)
        and re.match(r"(?:The (?:lady|gentleman) at|Old lady,|Elderly man,) \S", after)
    ),
    "reason_in_words": lambda before, after: any(word in after.lower().split() for word in NEEDS[before]),
    "stale_discount": lambda before, after: (before, after) == ("N", "Y"),
}
"""Of kinds that fall on one cell: what must be so of it before and after."""
