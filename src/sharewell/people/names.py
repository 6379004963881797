"""Read what a name says besides a name: a title, a generation, two people, nobody at all.

SQL over lower-case text without accents. A cell that names a company, an owner or an estate names no person
who could be linked; one that names two people is read as two names.
"""

from __future__ import annotations

from sharewell.people.terms import Reading
from sharewell.store.engine import literal

MALE_TITLES = ("mr", "sir", "master")
FEMALE_TITLES = ("mrs", "miss", "ms", "dame")
OTHER_TITLES = ("mx", "dr", "prof", "professor", "rev", "revd", "reverend")
TITLE = f"(?:{'|'.join((*MALE_TITLES, *FEMALE_TITLES, *OTHER_TITLES))})[.]?"

SENIOR = ("snr", "sr", "senior", "the elder")
JUNIOR = ("jnr", "jr", "junior", "the younger")
_GENERATION = f"[, (]+({'|'.join((*SENIOR, *JUNIOR))})[.)]*$"

COMPANIES = (
    "ltd limited plc llp cic lettings properties investments holdings developments estates "
    "housing&association borough&council county&council city&council district&council nhs&trust "
    "foundation&trust & co"
)
HOLDERS = "owners? owner/occupiers? occupiers? occupants? residents? tenants? householders? landlord landlady"
SOMEBODY = (
    "lady gentleman man woman person couple family managers? proprietor company directors? executors? estate "
    "trustees? liquidators? receivers?"
)
"""Who is meant after "the", but may be a surname alone."""
_HOLDER = "|".join(HOLDERS.split())
_COMPANY = "|".join(COMPANIES.removesuffix(" & co").replace("&", "_").split()).replace("_", " ")
NOBODY = (
    f"^the (?:(?:{_HOLDER}|{'|'.join(SOMEBODY.split())})(?: .*|$)|[0-9].*)"
    f"|^(?:{_HOLDER})(?: [0-9].*)?$|^(?:empty|void|vacant|unoccupied)(?: (?:property|home|flat|house)|$)"
    f"|(?:^| )(?:{_COMPANY})[.]?$|& co(?:mpany)?[.]?$"
    "|^(?:test|dummy) (?:patient|record|person|test|client)$|^a[.]? ?n[.]? other$"
)
"""No person is named: a company, an owner, whoever lives there."""

ESTATE = (
    "^(?:the )?(?:executors?|executrix|exors?|personal reps?|personal representatives?)[.]?(?: .*|$)"
    "|^(?:the )?(?:execs?|administrators?|estate|trustees?)[.]? (?:of|for)(?: .*|$)"
    "|[(, ](?:deceased|dec'?d)[.)]*$|^(?:the )?late (?:mr|mrs|ms|miss|dr) "
)
"""A dead person's affairs: whoever answers is not the person named, and no one is to be contacted."""

NEWBORN = (
    "^(?:(?:new ?born|baby|infant)(?: (?:boy|girl|male|female|one|two|[a-d1-4]))?"
    "|(?:male|female|boy|girl|unnamed|unknown)(?: twin)? (?:infant|baby|child|twin)(?: (?:one|two|[a-d1-4]))?"
    "|(?:infant|baby|child|son|daughter)(?: (?:boy|girl))? of(?: .*)?"
    "|(?:boy|girl )?twin (?:one|two|[a-d1-4i]+)|triplet (?:one|two|three|[a-d1-4]))$"
)
"""What a child without a forename yet is called: it agrees with nothing."""

UNKNOWN = "^(?:unknown|not known|unnamed|test|test patient|dummy|forename|firstname|n/?a|xx+|no name)$"

_TWO = " ?& ?| and | ?[+] ?"
NOT_ONE_PERSON = f"{NOBODY}|{ESTATE}|{_TWO}|^(?:baby|infant|male|female|twin)( .*)? "
_MAY_BE_ODD = (
    f"^(?:the |{TITLE}(?: |$)|exec|exor|personal rep|administrator|estate|trustee|late |new ?born|baby|infant"
    "|male|female|boy|girl|unnamed|unknown|child |son of|daughter of|twin|triplet|not known|test|dummy"
    f"|forename|firstname|n/?a|xx|no name|a[.]? ?n[.]? other|empty|void|vacant|unoccupied|{_HOLDER})"
    f"|&| and |[+]|[(]|(?: |,)(?:{'|'.join((*SENIOR, *JUNIOR))}|deceased|dec'?d)[.]?$"
    f"|(?:^| )(?:{_COMPANY})[.]?$"
)


def named_sql(table: str) -> str:
    """Return SQL that reads the names of a table's rows.

    ``table`` has first_text, last_text, title_text: lower case, no accents, NULL where empty. Added are
    first_name and surname without titles, reading (a ``Reading``), title_sex (m or f), generation (senior or
    junior); of the second of two people named, other_name (NULL where only a title stands) and other_sex.
    """
    titled = (
        "CASE WHEN reading = 'couple' THEN one WHEN odd THEN coalesce(title_text, first_text) "
        "ELSE title_text END"
    )
    generation = f"regexp_extract(said, {literal(_GENERATION)}, 1)"
    return f"""
        WITH said AS (
          SELECT *, concat_ws(' ', first_text, last_text) AS said FROM {table}
        ), noted AS (
          SELECT *, coalesce(regexp_matches(said, {literal(_MAY_BE_ODD)}), false) AS odd FROM said
        ), read AS (
          SELECT *, CASE WHEN NOT odd THEN {literal(Reading.PERSON)} {_readings()} END AS reading FROM noted
        ), parted AS (
          SELECT *, CASE WHEN reading = 'couple' THEN trim(regexp_extract(said, '^(.*?)(?:{_TWO})', 1)) END
            AS one,
            CASE WHEN reading = 'couple' THEN trim(regexp_replace(said, '^.*?(?:{_TWO})', '')) END AS two
          FROM read
        ), bare AS (
          SELECT *, CASE
              WHEN NOT odd THEN first_text
              WHEN reading = 'couple' THEN coalesce(nullif({_untitled("one", all_of_it=True)}, ''),
                {_given("two")})
              WHEN reading = 'person' AND NOT regexp_matches(coalesce(first_text, ''), {literal(UNKNOWN)})
                THEN {_untitled("first_text")} END AS bare_first,
            CASE WHEN NOT odd THEN last_text WHEN reading IN ('person', 'newborn', 'couple')
              AND NOT regexp_matches(coalesce(last_text, ''), {literal(UNKNOWN)})
              THEN regexp_replace(last_text, {literal(_GENERATION)}, '') END AS bare_last
          FROM parted
        )
        SELECT * EXCLUDE (said, odd, one, two, bare_first, bare_last), {plain_name("bare_first")} AS
          first_name,
          {plain_name("bare_last")} AS surname,
          {_sex(titled)} AS title_sex,
          CASE WHEN odd AND {generation} IN ({_listed(SENIOR)}) THEN 'senior'
            WHEN odd AND {generation} IN ({_listed(JUNIOR)}) THEN 'junior' END AS generation,
          CASE WHEN reading = 'couple' AND {_untitled("one", all_of_it=True)} <> ''
            THEN {plain_name(_given("two"))} END AS other_name,
          CASE WHEN reading = 'couple' THEN {_sex("two")} END AS other_sex
        FROM bare"""


def title_within(text: str) -> str:
    """Return SQL for the title anywhere in a name as it was written, in lower case."""
    return f"nullif(regexp_extract(lower({text}), '(?:^|[ ,(])({TITLE})(?:$|[ ,)])', 1), '')"


def plain_name(column: str) -> str:
    """Return SQL for a lower-case name without accents, less its punctuation; a hyphen parts two words."""
    spaced = rf"regexp_replace({column}, '[\p{{Pd}}\s]+', ' ', 'g')"
    bare = rf"nullif(trim(regexp_replace({spaced}, '[\p{{P}}\p{{S}}]+', '', 'g')), '')"
    return f"CASE WHEN regexp_full_match({column}, '[a-z]+') THEN {column} ELSE {bare} END"


def _readings() -> str:
    tests = (
        (f"regexp_matches(said, {literal(ESTATE)})", Reading.ESTATE),
        (f"regexp_matches(said, {literal(NOBODY)})", Reading.NOBODY),
        (f"regexp_matches(first_text, {literal(NEWBORN)})", Reading.NEWBORN),
        (f"regexp_matches(said, {literal(_TWO)})", Reading.COUPLE),
    )
    return "".join(f"WHEN {test} THEN {literal(word)} " for test, word in tests) + "ELSE 'person'"


def _untitled(text: str, *, all_of_it: bool = False) -> str:
    """Return SQL for a name without the title in front; ``all_of_it`` takes a title that stands alone too."""
    end = "(?: +|$)" if all_of_it else " +"
    return f"regexp_replace({text}, '^(?:{TITLE}{end})+', '')"


def _given(text: str) -> str:
    """Return SQL for the given names of a title, given names and a surname: all but the last word."""
    return f"nullif(trim(regexp_replace({_untitled(text, all_of_it=True)}, '(?:^| )[^ ]+$', '')), '')"


def _sex(text: str) -> str:
    title = f"regexp_extract({text}, '^({TITLE})(?: |$)', 1)"
    return (
        f"CASE WHEN rtrim({title}, '.') IN ({_listed(MALE_TITLES)}) THEN 'm' "
        f"WHEN rtrim({title}, '.') IN ({_listed(FEMALE_TITLES)}) THEN 'f' END"
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(literal, words))
