"""What cleaning makes of each value, type by type: the tables of the handbook.

Each line is a value as it came, the value it becomes (None: left empty; SAME: not touched) and the rules.
"""

from __future__ import annotations

from datetime import date

import pytest

from sharewell.cleaning.compile import recipe
from sharewell.sources.terms import Field, FieldType, Role

AS_OF = date(2026, 1, 1)
SAME = "(same)"
Case = tuple[str, str | None, str]

NHS_NUMBERS: list[Case] = [
    ("9434765919", SAME, ""),
    ("943 476 5919", "9434765919", "separators"),
    ("943-476-5919", "9434765919", "separators"),
    ("943\u00a0476\u00a05919", "9434765919", "spaces+separators"),
    ("9434765919.0", "9434765919", "decimal_added"),
    ("'9434765919", "9434765919", "text_marker"),
    ("NHS No: 943 476 5919", "9434765919", "label_removed+separators"),
    ("９４３４７６５９１９", "9434765919", "full_width_digits"),
    ("9.434765919E+09", "9434765919", "scientific_exact"),
    ("9.43E+09", None, "digits_lost"),
    ("9434765918", None, "nhs_number_bad_check_digit"),
    ("943476591", None, "nhs_number_wrong_length"),
    ("943476591O", None, "nhs_number_not_digits"),
    ("1111111111", None, "nhs_number_placeholder"),
    ("unknown", None, "missing_marker"),
]
NINOS: list[Case] = [
    ("AB123456C", SAME, ""),
    ("ab 12 34 56 c", "AB123456C", "capitals+separators"),
    ("AB12O456C", "AB120456C", "letter_for_digit"),
    ("TN010160M", None, "nino_temporary"),
    ("BG123456A", None, "nino_unused_prefix"),
    ("AB123456", None, "nino_no_suffix"),
    ("AB123456E", None, "nino_wrong_form"),
]
UPNS: list[Case] = [
    ("Q651695112951", SAME, ""),
    ("q651695112951 ", "Q651695112951", "spaces+capitals"),
    ("Q65I695112951", "Q651695112951", "letter_for_digit"),
    ("A651695112951", None, "upn_bad_check_letter"),
    ("A6.27E+11", None, "upn_wrong_form"),
]
UPRNS: list[Case] = [
    ("100012", SAME, ""),
    ("100012.0", "100012", "decimal_added"),
    ("000000100012", "100012", "leading_zeros"),
    ("10,001,234", "10001234", "thousands_commas"),
    ("1.00012E+11", None, "digits_lost"),
    ("10,0012", None, "uprn_wrong_form"),
    ("0", None, "uprn_wrong_form"),
    ("-1", None, "uprn_wrong_form"),
    ("999999999999999", None, "uprn_wrong_form"),
]
POSTCODES: list[Case] = [
    ("SW1A 1AA", SAME, ""),
    ("sw1a1aa", "SW1A 1AA", "capitals+postcode_spacing"),
    ("SW 1A1AA", "SW1A 1AA", "postcode_spacing"),
    ("SW1A  1AA", "SW1A 1AA", "spaces"),
    ("SW1A 1AA.", "SW1A 1AA", "postcode_punctuation"),
    ("SW1A-1AA", "SW1A 1AA", "postcode_punctuation"),
    ("M1 OAB", "M1 0AB", "postcode_letter_for_digit"),
    ("0X1 2AB", "OX1 2AB", "postcode_letter_for_digit"),
    ("LI 8JQ", "L1 8JQ", "postcode_letter_for_digit"),
    ("SO1 4AB", SAME, ""),
    ("B?1 4AB", None, "postcode_wrong_form"),
    ("ZZ99 9ZZ X", None, "postcode_wrong_form"),
    ("12345", None, "postcode_wrong_form"),
    ("BN1", None, "postcode_incomplete"),
    ("BN1 4", None, "postcode_incomplete"),
    ("ZZ99 3VZ", None, "postcode_pseudo"),
    ("No fixed abode", None, "no_fixed_abode"),
]
PHONES: list[Case] = [
    ("+447700900123", SAME, ""),
    ("+33612345678", SAME, ""),
    ("07700900123", "+447700900123", "phone_international"),
    ("01632 960123", "+441632960123", "phone_separators+phone_international"),
    ("7700900123", "+447700900123", "phone_zero_lost"),
    ("7700900123.0", "+447700900123", "decimal_added+phone_zero_lost"),
    ("00447700900123", "+447700900123", "phone_international"),
    ("+44 (0)7700 900123", "+447700900123", "phone_international+phone_separators"),
    ("07700900123 (mum)", "+447700900123", "phone_note_removed+phone_international"),
    ("07700900123 ext 12", "+447700900123", "phone_note_removed+phone_international"),
    ("07700900123 / 01632960123", "+447700900123", "phone_first_of_several+phone_international"),
    ("tel: 07700900123", "+447700900123", "phone_label_removed+phone_international"),
    ("7.7009E+09", None, "digits_lost"),
    ("07700", None, "phone_wrong_length"),
    ("00000000000", None, "phone_wrong_length"),
    ("+100000000", SAME, ""),
    ("ask reception", None, "phone_not_a_number"),
]
EMAILS: list[Case] = [
    ("o'neil@example.org", SAME, ""),
    ("A.Smith@Example.ORG", "a.smith@example.org", "email_lower_case"),
    ("ann smith <ann@example.org>", "ann@example.org", "email_unwrapped"),
    ("mailto:ann@example.org;", "ann@example.org", "email_unwrapped"),
    ("none@none.com", None, "email_placeholder"),
    ("ann@example.org; bob@example.org", None, "email_wrong_form"),
    ("ann@example", None, "email_wrong_form"),
]
FULL_NAMES: list[Case] = [
    ("Siân O’Neill", SAME, ""),
    ("Male Infant", SAME, ""),
    ("Baby", SAME, ""),
    ("Lord Taylor", SAME, ""),
    ("Smith, MBE", SAME, ""),
    ("Mr & Mrs Smith", SAME, ""),
    ("  Ann   Smith ", "Ann Smith", "spaces"),
    ("\u200bAnn Smith", "Ann Smith", "invisible_characters"),
    ("Ann\x0b Smith", "Ann Smith", "invisible_characters"),
    ("Zoe\u0308 Smith", "Zoë Smith", "composed_letters"),
    ("SiÃ¢n O&#39;Brien", "Siân O'Brien", "encoding+html_entities"),
    ("Smith, Ann", "Ann Smith", "name_order"),
    ("SMITH, Mrs ANN", "Ann Smith", "name_order+name_title_removed+name_capitals"),
    ("Dr. A. Smith", "A. Smith", "name_title_removed"),
    ("RENÉE MÜLLER", "Renée Müller", "name_capitals"),
    ("MARIA DE SOUZA", "Maria de Souza", "name_capitals"),
    ("VAN NGUYEN", "Van Nguyen", "name_capitals"),
    ("TEST", None, "name_placeholder"),
    ("XXXX", None, "name_placeholder"),
    ("123", None, "name_without_letters"),
    (".", None, "missing_marker"),
    ("N/A", None, "missing_marker"),
]
SURNAMES: list[Case] = [
    ("de Souza", SAME, ""),
    ("MacDonald", SAME, ""),
    ("Null", SAME, ""),
    ("None", SAME, ""),
    ("'t Hooft", SAME, ""),
    ("NULL", None, "missing_marker"),
    ("MCKENZIE", "McKenzie", "name_capitals"),
    ("MACKIE", "Mackie", "name_capitals"),
    ("o'brien-smith", "O'Brien-Smith", "name_capitals"),
    ("VAN DER BERG", "van der Berg", "name_capitals"),
    ("NG", "Ng", "name_capitals"),
]
BIRTHS: list[Case] = [
    ("1985-03-12", SAME, ""),
    ("2000-02-29", SAME, ""),
    ("12/03/1985", "1985-03-12", "date_day_first"),
    ("12.03.1985", "1985-03-12", "date_day_first"),
    ("03/25/1985", "1985-03-25", "date_month_first"),
    ("12/03/85", "1985-03-12", "date_day_first+date_two_figure_year"),
    ("12/03/27", "1927-03-12", "date_day_first+date_two_figure_year"),
    ("1985/3/12", "1985-03-12", "date_year_first"),
    ("12-Mar-1985", "1985-03-12", "date_month_named"),
    ("1 August 1985", "1985-08-01", "date_month_named"),
    ("1 Awst 1985", "1985-08-01", "date_month_named"),
    ("22nd of Sept, 1985", "1985-09-22", "date_month_named"),
    ("March 12, 1985", "1985-03-12", "date_month_named"),
    ("19850312", "1985-03-12", "date_run_together"),
    ("12031985", "1985-03-12", "date_run_together"),
    ("31118", "1985-03-12", "date_serial"),
    ("1985-03-12 00:00:00", "1985-03-12", "date_time_removed"),
    ("1985-06-12T00:00:00Z", "1985-06-12", "date_time_removed"),
    ("1985-06-11T23:00:00Z", "1985-06-12", "date_time_removed"),
    ("31/02/1985", None, "date_impossible"),
    ("00/05/1985", None, "date_impossible"),
    ("2091-03-12", None, "date_in_future"),
    ("01/01/1900", None, "date_sentinel"),
    ("9999-12-31", None, "date_sentinel"),
    ("00/00/0000", None, "date_sentinel"),
    ("12/03/1885", None, "date_too_early"),
    ("1985", None, "date_not_understood"),
    ("NK", None, "missing_marker"),
]
OLD_DATES: list[Case] = [
    ("1900-01-01", SAME, ""),
    ("01/01/1900", "1900-01-01", "date_day_first"),
    ("23 April 1564", "1564-04-23", "date_month_named"),
    ("1564-04-23T00:00:00Z", "1564-04-23", "date_time_removed"),
    ("9999-12-31", None, "date_sentinel"),
]
INSTANTS: list[Case] = [
    ("2021-03-04T09:30:00+01:00", SAME, ""),
    ("2021-03-04 09:30", "2021-03-04T09:30:00", "instant_written"),
    ("04/03/2021 9:30 pm", "2021-03-04T21:30:00", "instant_written"),
    ("04/03/2021", "2021-03-04T00:00:00", "instant_without_time"),
    ("04/03/2021 25:30", None, "time_impossible"),
]
SEXES: list[Case] = [
    ("1", SAME, ""),
    ("m", "1", "code_from_word"),
    (" FEMALE ", "2", "code_from_word"),
    ("1.0", "1", "code_from_word"),
    ("02", "2", "code_from_word"),
    ("1 - Male", "1", "code_from_word"),
    ("1 - Female", None, "code_not_in_list"),
    ("X?", None, "code_not_in_list"),
    ("3", None, "code_not_in_list"),
    ("Unknown", "0", "code_from_word"),
    ("#N/A", None, "missing_marker"),
]
BOOLEANS: list[Case] = [
    ("true", SAME, ""),
    ("Y", "true", "boolean_from_word"),
    ("0", "false", "boolean_from_word"),
    ("No", "false", "boolean_from_word"),
    ("perhaps", None, "boolean_not_understood"),
]
INTEGERS: list[Case] = [
    ("-3", SAME, ""),
    ("1,000", "1000", "thousands_commas"),
    ("5.0", "5", "decimal_added"),
    ("007", "7", "number_written_plainly"),
    ("5.5", None, "number_not_whole"),
    ("1E+09", None, "digits_lost"),
]
AMOUNTS: list[Case] = [
    ("-13.39", SAME, ""),
    ("51.5000001", SAME, ""),
    ("£1,234.50", "1234.50", "currency_sign_removed+thousands_commas"),
    ("£-13.39", "-13.39", "currency_sign_removed"),
    ("(864.92)", "-864.92", "brackets_mean_minus"),
    ("864.92-", "-864.92", "minus_sign"),
    ("\u2212864.92", "-864.92", "minus_sign"),
    ("864.92 CR", "-864.92", "credit_debit"),
    ("864.92 DR", "864.92", "credit_debit"),
    ("672.390000001", "672.39", "float_noise"),
    ("1e-05", "0.00001", "number_written_plainly"),
    ("1.234,56", None, "number_not_understood"),
    ("45%", None, "number_not_understood"),
    ("#REF!", None, "spreadsheet_error"),
    ("########", None, "spreadsheet_error"),
    ("tbc", None, "missing_marker"),
]
ADDRESSES: list[Case] = [
    ("Flat 4, 163 Manor Close, Norwich", SAME, ""),
    ("SW1A 1AA", SAME, ""),
    ("12 High Street\nHove", "12 High Street, Hove", "address_line_breaks"),
    ("12 High Street, , Hove,", "12 High Street, Hove", "address_commas"),
    ('"12 High Street, Hove"', "12 High Street, Hove", "quotes_removed"),
    ("12\u00a0High Street", "12 High Street", "spaces"),
    ("12 THE GREEN, STOCKTON-ON-TEES", "12 The Green, Stockton-on-Tees", "address_capitals"),
    ("163 HEOL Y PARC", "163 Heol y Parc", "address_capitals"),
    ("1ST FLOOR, ST JOHN'S ROAD", "1st Floor, St John's Road", "address_capitals"),
    ("po box 12, hove", "PO Box 12, Hove", "address_capitals"),
    ("NFA", None, "no_fixed_abode"),
    ("N/A", None, "missing_marker"),
]
TEXTS: list[Case] = [
    ("None", SAME, ""),
    ("Unknown", SAME, ""),
    ("two  spaces stay", SAME, ""),
    ("cost Â£20", "cost £20", "encoding"),
    (" a\r\nb ", "a\nb", "line_ends+spaces"),
    ("N/A", None, "missing_marker"),
]
SEX_CODES = {"0": ("Unknown",), "1": ("M", "Male"), "2": ("F", "Female")}
TABLES: list[tuple[Field, list[Case]]] = [
    (Field("nhs_number", FieldType.NHS_NUMBER, ""), NHS_NUMBERS),
    (Field("nino", FieldType.NINO, ""), NINOS),
    (Field("upn", FieldType.UPN, ""), UPNS),
    (Field("uprn", FieldType.UPRN, ""), UPRNS),
    (
        Field("usrn", FieldType.USRN, ""),
        [("00100012", "100012", "leading_zeros"), ("123456789", None, "usrn_wrong_form")],
    ),
    (Field("postcode", FieldType.POSTCODE, ""), POSTCODES),
    (Field("phone", FieldType.PHONE, ""), PHONES),
    (Field("email", FieldType.EMAIL, ""), EMAILS),
    (Field("full_name", FieldType.PERSON_NAME, "", role=Role.FULL_NAME), FULL_NAMES),
    (Field("surname", FieldType.PERSON_NAME, "", role=Role.SURNAME), SURNAMES),
    (
        Field("initials", FieldType.PERSON_NAME, "", role=Role.FIRST_NAME),
        [("TJ", SAME, ""), ("J.R.", SAME, "")],
    ),
    (
        Field("born", FieldType.DATE, "", role=Role.DATE_OF_BIRTH, earliest="1900-01-01", latest="today"),
        BIRTHS,
    ),
    (Field("old_date", FieldType.DATE, ""), OLD_DATES),
    (Field("instant", FieldType.DATETIME, ""), INSTANTS),
    (Field("sex", FieldType.CODE, "", categories=SEX_CODES), SEXES),
    (Field("free_code", FieldType.CODE, ""), [(" A1 ", "A1", "spaces"), ("A-1", SAME, "")]),
    (Field("boolean", FieldType.BOOLEAN, ""), BOOLEANS),
    (Field("integer", FieldType.INTEGER, ""), INTEGERS),
    (Field("amount", FieldType.NUMBER, ""), AMOUNTS),
    (Field("address", FieldType.ADDRESS, ""), ADDRESSES),
    (Field("text", FieldType.TEXT, ""), TEXTS),
]


@pytest.mark.parametrize(
    ("field", "value", "after", "rule"),
    [
        pytest.param(field, *case, id=f"{field.name}: {case[0]!a}")
        for field, cases in TABLES
        for case in cases
    ],
)
def test_a_value_becomes_what_the_handbook_says(
    field: Field, value: str, after: str | None, rule: str
) -> None:
    decision = recipe(field, AS_OF).rule([value])(value)
    assert (decision.after if decision else SAME, decision.rule if decision else "") == (after, rule)


def test_every_type_of_field_has_a_table() -> None:
    assert {field.type for field, _ in TABLES} == set(FieldType)


def test_a_two_figure_year_outside_births_may_lie_a_little_ahead() -> None:
    due = Field("due", FieldType.DATE, "")
    decision = recipe(due, AS_OF).rule(["01/06/30"])("01/06/30")
    assert decision is not None
    assert decision.after == "2030-06-01"
