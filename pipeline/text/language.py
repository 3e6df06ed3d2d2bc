"""Which language a text is in."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE_CHARACTERS = 3000
_SURE_WORDS = 20
_SURE_PROBABILITY = 0.99
_WORD = re.compile(r"[^\W\d_]{3,}")
# Languages that news is written in; creoles of English and "no language" draw in market tables.
# fmt: off
_CANDIDATES = [
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tl",
    "tr", "uk", "ur", "vi", "zh",
]
# fmt: on


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier


def detect_language(text: str, stated: str) -> str:
    """ISO 639-1 code of a text's language (py3langid; Lui and Baldwin 2012).

    Too little text to tell (under 20 words of three letters or more) gets the language that the source
    states, or English: market tables look like any language.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    language, probability = _identifier().classify(sample)
    if len(_WORD.findall(sample)) < _SURE_WORDS and (language != "en" or probability < _SURE_PROBABILITY):
        return stated or "en"
    return str(language)
