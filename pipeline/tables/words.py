"""Closed lists that several tables share: one idea, one name, one list."""

SIDES = ("us", "canada", "other", "unknown")
COUNTRIES = ("us", "canada", "other", "unknown")
KINDS = (
    "government",
    "opposition",
    "business",
    "labour",
    "civil_society",
    "expert",
    "public",
    "outlet",
    "unknown",
)
GENRES = ("news", "opinion", "official", "transcript", "unknown")
STANCES = ("favor", "neutral", "against")
ATTRIBUTION_KINDS = ("direct", "indirect", "mixed", "act", "own_voice", "narrator")
PERIOD_KINDS = ("day", "week", "month", "quarter", "year")
