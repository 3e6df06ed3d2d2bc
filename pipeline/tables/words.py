"""Closed lists that several tables share: one idea, one name, one list."""

CODED_SIDES = ("us", "canada", "other")  # a coder always knows
SIDES = (*CODED_SIDES, "unknown")
COUNTRIES = ("us", "canada", "other", "unknown")
CODED_KINDS = (
    "government",
    "opposition",
    "business",
    "labour",
    "civil_society",
    "expert",
    "public",
    "outlet",
)
KINDS = (*CODED_KINDS, "unknown")
GENRES = ("news", "opinion", "official", "transcript", "unknown")
STANCES = ("favor", "neutral", "against")
ATTRIBUTION_KINDS = ("direct", "indirect", "mixed", "act", "own_voice", "narrator")
PERIOD_KINDS = ("day", "week", "month", "quarter", "year")
FREQUENCIES = {
    "day": "D",
    "week": "W-SUN",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
}  # pandas' names of the kinds of period
