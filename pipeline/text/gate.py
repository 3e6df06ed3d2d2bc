"""A broad gate before the classifiers: an article that names only one of the two countries is none of ours."""

import re
from collections.abc import Mapping


def passes_gate(title: str, text: str, outlet_country: str, terms: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether an article names both countries, or the other one from an outlet of one of them.

    A U.S. outlet need not name the United States, nor a Canadian one Canada; an outlet that is at home
    elsewhere, or nobody knows where, must name both. A government, leader, place or shared institution
    of a country counts as its name.

    Args:
        title: of the article, cleaned.
        text: of the article, cleaned.
        outlet_country: us, canada, other or unknown.
        terms: what names a country, by country.
    """
    whole = f"{title}\n{text}"
    return all(pattern.search(whole) for country, pattern in terms.items() if country != outlet_country)
