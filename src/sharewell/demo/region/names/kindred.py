"""Surnames within families whose custom is not that all bear the same one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sharewell.demo.region.chance import Chance, Ints, Texts, texts

KEPT: Final[Mapping[str, float]] = {
    "somali": 0.97, "eritrean": 0.97, "arab": 0.6, "kurdish": 0.7, "iranian": 0.7, "afghan": 0.5,
    "chinese": 0.6, "vietnamese": 0.8, "spanish": 0.8, "congolese": 0.5,
    "west_african": 0.7, "indian_muslim": 0.2,
}  # fmt: skip
"""Share of wives who keep the surname they were born with, by custom (assumptions)."""
OF_WOMEN: Final[Mapping[str, tuple[float, float, tuple[str, ...]]]] = {
    "bangladeshi": (0.75, 0.4, ("Begum", "Begum", "Khatun", "Bibi", "Akter", "Sultana", "Khanom")),
    "pakistani": (0.25, 0.08, ("Begum", "Bibi", "Bibi", "Akhtar", "Kausar", "Parveen")),
    "indian_muslim": (0.08, 0.03, ("Begum", "Bibi")),
    "indian_sikh": (0.45, 0.35, ("Kaur",)),
}
"""Surnames that women alone bear: the share of wives and of daughters who do, and which (assumptions)."""
OF_SONS: Final[Mapping[str, tuple[str, ...]]] = {
    "bangladeshi": ("Miah", "Ahmed", "Ali", "Uddin"),
    "pakistani": ("Ahmed", "Hussain", "Khan", "Mahmood"),
    "indian_muslim": ("Patel", "Ahmed"),
    "indian_sikh": ("Singh",),
}
"""What sons are called whose mother's surname is a woman's."""
VOWELS: Final = "aeiouyáéíóúý"


def polish(surname: str, is_wife: bool) -> str:
    """Return a Polish surname as a woman bears it: Kowalska for Kowalski."""
    return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname


def czech(surname: str, is_wife: bool) -> str:
    """Return a Czech or Slovak surname as a woman bears it: Nováková for Novák, Černá for Černý."""
    if surname.endswith(("ová", "á")):
        return surname
    if surname.endswith("ý"):
        return surname[:-1] + "á"
    for ending in ("ek", "ec"):
        if surname.endswith(ending):
            return f"{surname[:-2]}{ending[1]}ová"
    return (surname[:-1] if surname[-1] in VOWELS else surname) + "ová"


def slavic(surname: str, is_wife: bool) -> str:
    """Return a Bulgarian or Russian surname as a woman bears it: Ivanova for Ivanov."""
    return surname + "a" if surname.endswith(("ov", "ev", "in")) else surname


def lithuanian(surname: str, is_wife: bool) -> str:
    """Return a Lithuanian surname as a wife or a daughter bears it: Butkienė, Butkutė for Butkus."""
    for ending, of_daughter in (("ius", "iūtė"), ("us", "utė"), ("as", "aitė"), ("is", "ytė"), ("ys", "ytė")):
        if surname.endswith(ending):
            return surname.removesuffix(ending) + ("ienė" if is_wife else of_daughter)
    return surname


FEMININE: Final[Mapping[str, Callable[[str, bool], str]]] = {
    "polish": polish,
    "czech": czech,
    "bulgarian": slavic,
    "ukrainian": slavic,
    "lithuanian": lithuanian,
}
_ENDINGS: Final = {
    "polish": (("ska", "ski"), ("cka", "cki"), ("dzka", "dzki")),
    "czech": (("ková", "k"), ("ová", ""), ("á", "ý")),
    "bulgarian": (("ova", "ov"), ("eva", "ev"), ("ina", "in")),
    "ukrainian": (("ova", "ov"), ("eva", "ev"), ("ina", "in")),
    "lithuanian": (("ienė", "as"), ("iūtė", "ius"), ("utė", "us"), ("aitė", "as"), ("ytė", "is")),
}
"""Endings that women's surnames have and men's have in their place."""


def surnames_of_wives(chance: Chance, husband: Texts, own: Texts, heritage: Texts) -> Texts:
    """Return the husband's surname as his wife bears it, or her own where she keeps it by custom."""
    number = chance.random(len(husband)).tolist()
    which = chance.integers(0, 1 << 30, len(husband)).tolist()
    made = husband.copy()
    for row in _rows(heritage, _NOT_ALIKE):
        of = heritage[row]
        if number[row] < KEPT.get(of, 0.0):
            made[row] = own[row]
        else:
            made[row] = _woman(husband[row], of, 1.0 - number[row], which[row], is_wife=True)
    return made


def surnames_of_women(chance: Chance, surname: Texts, heritage: Texts) -> Texts:
    """Return surnames as daughters of men so called bear them."""
    return surnames_of_children(chance, surname, texts(["2"] * len(surname)), heritage)


def surnames_of_children(chance: Chance, parent: Texts, sex: Texts, heritage: Texts) -> Texts:
    """Return a parent's surname as the son or daughter bears it."""
    number = chance.random(len(parent)).tolist()
    which = chance.integers(0, 1 << 30, len(parent)).tolist()
    made = parent.copy()
    for row in _rows(heritage, _NOT_ALIKE):
        man = _man(parent[row], heritage[row], which[row])
        is_woman = sex[row] == "2"
        made[row] = _woman(man, heritage[row], number[row], which[row], is_wife=False) if is_woman else man
    return made


_NOT_ALIKE: Final = {**KEPT, **dict.fromkeys(OF_WOMEN), **dict.fromkeys(FEMININE)}


def _rows(heritage: Texts, among: Mapping[str, object]) -> Ints | list[int]:
    return [row for row, of in enumerate(heritage.tolist()) if of in among]


def _woman(surname: str, of: str, number: float, which: int, *, is_wife: bool) -> str:
    if of in FEMININE:
        return FEMININE[of](surname, is_wife)
    wives, daughters, names = OF_WOMEN.get(of, (0.0, 0.0, ()))
    if names and (number < (wives if is_wife else daughters) or surname == "Singh"):
        return names[which % len(names)]
    return surname


def _man(surname: str, of: str, which: int) -> str:
    if of in OF_WOMEN:
        is_womans = surname in OF_WOMEN[of][2] and surname != "Akhtar"
        return OF_SONS[of][which % len(OF_SONS[of])] if is_womans else surname
    for ending, of_man in _ENDINGS.get(of, ()):
        if surname.endswith(ending):
            return surname.removesuffix(ending) + of_man
    return surname
