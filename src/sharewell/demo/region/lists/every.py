"""Every list of the region, in the order they are made."""

from __future__ import annotations

from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import (
    adult_social_care,
    assisted_bins,
    childrens_social_care,
    contact_tracing,
    council_tax,
    council_tax_support,
    electoral_roll,
    food_hub,
    gp_register,
    housing_tenancy,
    school_census,
    shielded_patient_list,
    shielding_support_submissions,
)
from sharewell.demo.region.lists.form import Form


def _no_draft(world: object, chance: object) -> Draft:
    raise NotImplementedError("The gazetteer is not a list of people.")


GAZETTEER_FORM = Form("gazetteer", "council", "gazetteer.csv", "csv", _no_draft)
EVERY: tuple[Form, ...] = tuple(
    module.FORM
    for module in (
        shielded_patient_list, shielding_support_submissions, contact_tracing, gp_register,
        adult_social_care,
        council_tax, council_tax_support, assisted_bins, housing_tenancy, school_census,
        childrens_social_care, electoral_roll, food_hub,
    )
)  # fmt: skip
BY_NAME = {form.name: form for form in EVERY}
