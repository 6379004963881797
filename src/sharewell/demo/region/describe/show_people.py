"""Charts of the people and their homes: ages, household sizes, tenure and accommodation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sharewell.demo.region.describe.bars import Bar, above, beside, longest
from sharewell.demo.region.describe.counted import Counted
from sharewell.demo.region.describe.pyramid import pyramid, widest
from sharewell.demo.region.describe.rules import expected, shares, summed
from sharewell.demo.region.describe.terms import BANDS, CATEGORIES, SIZES, Counts
from sharewell.demo.region.describe.words import band, category, many, number, percent
from sharewell.look.svg import GREEN, ORANGE
from sharewell.look.terms import Drawing, Section, Table

OUTLINE = ("Published", "")
YOUNG, OLD = BANDS[:3], BANDS[13:]
Code = str


def ages_section(counted: Counted) -> Section:
    """Return the age pyramid: of the whole region, and of the district that stands out from the rest."""
    made = counted.made["district", "sex_by_age"]
    published = counted.published["district", "sex_by_age"]
    found = _stands_out(counted.made["district", "age"])
    title = _ages_title(counted, found)
    places = {"The whole region": made} | (
        {counted.name_of(found[0]): _only(made, found[0])} if found else {}
    )
    shown = {name: (summed(each.values()), expected(each, published)) for name, each in places.items()}
    most = widest(*(counts for pair in shown.values() for counts in pair))
    drawings = [
        Drawing(
            pyramid(f"ages-{at}", f"Age pyramid: {name}", _told(own), own, wanted, most),
            name if found else "",
        )
        for at, (name, (own, wanted)) in enumerate(shown.items())
    ]
    return Section(
        "ages", title, _ages_summary(counted), tuple(drawings),
        tuple(_ages_table(name, own, wanted) for name, (own, wanted) in shown.items()),
        layout="pair" if found else "one",
        legend=(("Men made", GREEN), ("Women made", ORANGE), OUTLINE),
    )  # fmt: skip


def _only(made: Mapping[Code, Counts], code: Code) -> dict[Code, Counts]:
    return {code: made[code]}


def _stands_out(ages: Mapping[Code, Counts]) -> tuple[Code, str, float, float] | None:
    """Return the district and band furthest above the rest of the region: code, band, its share, theirs."""
    if len(ages) < 2:
        return None
    total = summed(ages.values())
    found = []
    for code, counts in ages.items():
        rest = shares({name: total[name] - counts.get(name, 0) for name in total})
        found += [(code, name, share, rest.get(name, 0.0)) for name, share in shares(counts).items()]
    return max(found, key=lambda each: each[2] - each[3])


def _ages_title(counted: Counted, found: tuple[Code, str, float, float] | None) -> str:
    if found:
        code, name, own, rest = found
        return (
            f"{counted.name_of(code)}’s pyramid bulges at {band(name)}: "
            f"{percent(own)} of its people against {percent(rest)} elsewhere"
        )
    own_ages = shares(summed(counted.made["district", "age"].values()))
    widest = max(own_ages, key=lambda name: own_ages[name])
    return f"The age pyramid is widest at {band(widest)}: {percent(own_ages[widest])} of everybody"


def _ages_summary(counted: Counted) -> str:
    own = shares(summed(counted.made["district", "age"].values()))
    young, old = (sum(own.get(name, 0.0) for name in names) for names in (YOUNG, OLD))
    return (
        f"{percent(young)} of people are under 15 and {percent(old)} are 65 or over. Bars are the people "
        "made, as shares of everybody; outlines are the published ages and sexes of their districts."
    )


def _told(made: Counts) -> str:
    men = sum(share for name, share in shares(made).items() if name.startswith("1"))
    return f"Five-year bands from 0 to 90 and over; men on the left ({percent(men)}), women on the right."


def _ages_table(name: str, made: Counts, published: Counts) -> Table:
    rows = tuple(
        (band(each), *(_whole(counts, f"{sex} {each}") for counts in (made, published) for sex in "12"))
        for each in BANDS
    )
    header = ("Age", "Men made", "Women made", "Men published", "Women published")
    return Table(f"{name}: people by age and sex, published figures at the same size", header, rows)


def _whole(counts: Counts, name: str) -> str:
    return number(counts.get(name, 0)) if counts else "none published"


def sizes_section(counted: Counted) -> Section:
    """Return household sizes, a small chart for each district."""
    made, published = (
        counted.made["district", "household_size"],
        counted.published.get(("district", "household_size"), {}),
    )
    bars = {code: _bars(counts, published.get(code, {}), SIZES, str) for code, counts in made.items()}
    most = max(longest(each) for each in bars.values())
    drawings = []
    for code, each in bars.items():
        name = counted.name_of(code)
        svg = beside(f"sizes-{code}", f"Household sizes in {name}", _sizes_told(made[code]), each, most)
        drawings.append(Drawing(svg, name if published.get(code) else f"{name}: none published"))
    return Section(
        "sizes", _sizes_title(counted, made), _sizes_summary(counted, made, published), tuple(drawings),
        (_made_and_published(counted, "household_size", str),), layout="small",
        legend=(("Made", GREEN), OUTLINE),
    )  # fmt: skip


def _sizes_title(counted: Counted, made: Mapping[Code, Counts]) -> str:
    alone = {code: shares(counts).get("1", 0.0) for code, counts in made.items()}
    most, least = max(alone, key=lambda code: alone[code]), min(alone, key=lambda code: alone[code])
    if most == least:
        return f"{percent(alone[most])} of households in {counted.name_of(most)} are people living alone"
    return (
        f"Living alone is commonest in {counted.name_of(most)}, {percent(alone[most])} of households, "
        f"and rarest in {counted.name_of(least)}, {percent(alone[least])}"
    )


def _sizes_told(made: Counts) -> str:
    return "; ".join(f"{name}: {percent(share)}" for name, share in shares(made).items()) + " of households."


def _sizes_summary(counted: Counted, made: Mapping[Code, Counts], published: Mapping[Code, Counts]) -> str:
    total = summed(made.values())
    lone = sum(total.values())
    people = counted.region.told["residents"]
    said = (
        f"{number(lone)} households hold most of the {number(people)} people; the rest live in care homes "
        "and halls. Bars are the share of households of each size; outlines are what is published."
    )
    bare = sum(1 for code in made if not published.get(code))
    return said + (f" Nothing is published here for {many(bare, 'district')}." if bare else "")


def _bars(made: Counts, published: Counts, names: Sequence[str], words: Callable[[str], str]) -> list[Bar]:
    own, wanted = shares(made), shares(published)
    return [
        Bar(
            words(name),
            (own.get(name, 0.0),),
            percent(own.get(name, 0.0)),
            wanted.get(name, 0.0) if wanted else None,
        )
        for name in names
    ]


def homes_section(counted: Counted) -> Section:
    """Return tenure and accommodation of the whole region's households."""
    drawings, commonest = [], []
    for margin in ("tenure", "accommodation"):
        made, published = counted.made["district", margin], counted.published["district", margin]
        total, wanted = summed(made.values()), expected(made, published)
        bars = _bars(total, wanted, CATEGORIES[margin], _words_of(margin))
        name = margin.capitalize()
        drawings.append(
            Drawing(above(f"homes-{margin}", f"{name} of households", _homes_told(bars), bars), name)
        )
        commonest.append(max(bars, key=lambda bar: bar.parts[0]))
    tenure, home = commonest
    return Section(
        "homes",
        f"The commonest home is a {home.label.lower()} ({home.words}); the commonest tenure is "
        f"{tenure.label.lower()} ({tenure.words})",
        "Bars are the share of all households; outlines are what is published for the areas that were taken.",
        tuple(drawings),
        tuple(_made_and_published(counted, each, _words_of(each)) for each in ("tenure", "accommodation")),
        layout="pair", legend=(("Made", GREEN), OUTLINE),
    )  # fmt: skip


def _words_of(margin: str) -> Callable[[str], str]:
    return lambda name: category(margin, name)


def _homes_told(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.words}" for bar in bars) + "."


def _made_and_published(counted: Counted, margin: str, words: Callable[[str], str]) -> Table:
    """Return two rows a district: the shares made and the shares published."""
    names, rows = CATEGORIES[margin], []
    for code, counts in counted.made["district", margin].items():
        wanted = shares(counted.published.get(("district", margin), {}).get(code, {}))
        own = shares(counts)
        place = counted.name_of(code)
        rows.append((f"{place}: made", *(percent(own.get(name, 0.0)) for name in names)))
        said = [percent(wanted.get(name, 0.0)) if wanted else "none" for name in names]
        rows.append((f"{place}: published", *said))
    caption = {"household_size": "Household sizes", "tenure": "Tenure"}.get(margin, "Accommodation")
    return Table(f"{caption} by district, share of households", ("District", *map(words, names)), tuple(rows))
