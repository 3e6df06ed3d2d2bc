"""From documents as sources have them to rows of articles, or rows of quarantine with the reason."""

import datetime
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pipeline.sources.dates import DateError, parse_date
from pipeline.sources.documents import Document, Reject

# Compared by letters and digits only, case ignored: pubDate, pub_date and "Pub Date" are one name.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "heading", "head", "article_title", "news_title", "headline_main", "hd"),
    "body": (
        *(
            "body",
            "text",
            "content",
            "article",
            "body_text",
            "article_body",
            "article_text",
            "article_content",
        ),
        *(
            "full_text",
            "main_text",
            "story_text",
            "content_text",
            "plain_text",
            "raw_text",
            "news_text",
            "story",
        ),
        *("description", "summary", "abstract", "excerpt", "snippet"),
    ),
    "published_at": (
        *("published_at", "published", "publication_date", "pub_date", "published_date", "published_time"),
        *("published_on", "date_published", "date_publish", "publish_date", "first_published"),
        *("date", "datetime", "timestamp", "pd"),
    ),
    "outlet": (
        *("outlet", "outlet_name", "publisher", "publication", "publication_name", "newspaper", "pub_title"),
        *("media_name", "site_name", "site", "source_name", "source", "journal", "source_hostname"),
        *("source_domain", "hostname", "domain"),
    ),
    "url": (
        "url",
        "link",
        "article_url",
        "web_url",
        "page_url",
        "source_url",
        "document_url",
        "permalink",
        "href",
    ),
    "source_id": (
        "source_id",
        "id",
        "uid",
        "guid",
        "uuid",
        "article_id",
        "document_id",
        "doc_id",
        "accession_number",
    ),
    "language": ("language", "lang", "language_code"),
}

_EMPTY = frozenset({"", "nan", "nat", "none", "null", "n/a", "na", "<na>", "\\n"})
# Where exports nest a value: {"name": "CBC"}, {"rendered": "..."}, {"main": "..."}, {"$date": "..."}.
_INNER_KEYS = ("name", "title", "main", "rendered", "value", "text", "#text", "$date", "$oid")
_LANGUAGES = {
    **{"english": "en", "eng": "en", "french": "fr", "français": "fr", "fra": "fr", "fre": "fr"},
    **{"spanish": "es", "español": "es", "spa": "es", "german": "de", "deu": "de", "ger": "de"},
    **{"italian": "it", "ita": "it", "portuguese": "pt", "por": "pt", "chinese": "zh", "zho": "zh"},
}
_TRACKING = re.compile(
    r"(?:utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|cmpid|ocid|_ga)", re.IGNORECASE
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime.date(1970, 1, 1)


class FieldsError(ValueError):
    """params.yaml names a field that articles do not have."""


def field_names(fields: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each field of articles the source's names for it, those of params.yaml first, ready to compare.

    Raises:
        FieldsError: a key of `fields` is no field of articles; the message lists those that are.
    """
    unknown = [field for field in fields if field not in FIELDS]
    if unknown:
        raise FieldsError(f"ingest.fields: no field {unknown[0]!r}; the fields are {', '.join(FIELDS)}")
    return {
        field: tuple(dict.fromkeys(_squeeze(name) for name in (*fields.get(field, ()), *known)))
        for field, known in FIELDS.items()
    }


def recognise(fields: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each field of articles the source's field that holds it: the first of its names that is not empty."""
    present: dict[str, list[str]] = {}
    for name in fields:
        present.setdefault(_squeeze(name), []).append(name)
    found = {}
    for field, candidates in names.items():
        held = (
            name for candidate in candidates for name in present.get(candidate, ()) if _text(fields[name])
        )
        taken = next(held, None)
        if taken is not None:
            found[field] = taken
    return found


def article_id(corpus: str, source_id: str, url: str, title: str, body: str) -> str:
    """16 hex digits of the corpus and the source's own id, else the canonical address, else the text."""
    identity = source_id or canonical_url(url) or title + body
    return hashlib.sha256(f"{corpus}\0{identity}".encode()).hexdigest()[:16]


def canonical_url(url: str) -> str:
    """An address without scheme, www., fragment, tracking parameters and trailing slash, the host lower-case."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return url
    query = "&".join(
        item for item in parts.query.split("&") if item and not _TRACKING.fullmatch(item.split("=")[0])
    )
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def build_articles(
    documents: Iterable[Document | Reject],
    *,
    corpus: str,
    fields: Mapping[str, Sequence[str]],
    earliest_date: datetime.date,
    latest_date: datetime.date,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of articles and rows of quarantine: every document becomes one of either.

    Args:
        documents: in the order in which the first of two with one id is kept.
        corpus: name of the corpus; part of every article_id.
        fields: further names of a field, by field; they come before the known ones.
        earliest_date: a document dated before goes to quarantine.
        latest_date: a document dated after goes to quarantine.

    Raises:
        FieldsError: a key of `fields` is no field of articles.
    """
    names = field_names(fields)
    articles: dict[str, dict[str, Any]] = {}
    quarantine = []
    for document in documents:
        outcome = document if isinstance(document, Reject) else _read_safely(document, corpus, names)
        if isinstance(outcome, dict):
            outcome = (
                _within(outcome, earliest_date, latest_date) or _first_of_its_id(outcome, articles) or outcome
            )
        if isinstance(outcome, dict):
            articles[outcome["article_id"]] = outcome
        else:
            quarantine.append({key: _clean(value) for key, value in vars(outcome).items()})
    return list(articles.values()), quarantine


def _read_safely(
    document: Document, corpus: str, names: Mapping[str, Sequence[str]]
) -> dict[str, Any] | Reject:
    try:
        return _read(document, corpus, names)
    except RecursionError:
        return _reject(document, "broken_row", "its fields are nested too deeply to be read; flatten them")


def _read(document: Document, corpus: str, names: Mapping[str, Sequence[str]]) -> dict[str, Any] | Reject:
    """One document as a row of articles, whatever its date and id."""
    source = document.fields
    found = recognise(source, names)
    text = {field: _text(source[name]) for field, name in found.items() if field != "published_at"}
    title, body = text.get("title", "").strip(), text.get("body", "")
    if not title and not body:
        return _reject(document, "no_text", _why_no_text(source))
    published_at = None
    if "published_at" in found:
        try:
            published_at = parse_date(_inner(source[found["published_at"]]))
        except DateError as error:
            return _reject(document, "bad_date", f"field {found['published_at']}: {error}")
    url, source_id = text.get("url", "").strip(), text.get("source_id", "").strip()
    language = _language(text.get("language", ""))
    if language is None:
        found.pop("language", None)
    used = set(found.values())
    return {
        "article_id": article_id(corpus, source_id, url, title, body),
        "source_id": source_id,
        "path": _clean(document.path),
        "line": document.line,
        "url": url or None,
        "outlet": _outlet(text.get("outlet", ""), url),
        "title": title,
        "body": body,
        "published_at": published_at,
        "language": language,
        "extra": _as_json({name: value for name, value in source.items() if name not in used}),
    }


def _within(article: dict[str, Any], earliest: datetime.date, latest: datetime.date) -> Reject | None:
    """Why an article's date cannot be right, if so."""
    if article["published_at"] is None:
        return None
    date = article["published_at"].date()
    if date == _EPOCH:
        detail = (
            "1970-01-01 is what an empty timestamp becomes; mend the date, or leave it empty if it is unknown"
        )
    elif date < earliest:
        detail = (
            f"{date} is before {earliest}; mend the date, or change earliest_date of ingest in params.yaml"
        )
    elif date > latest:
        detail = f"{date} is after {latest}; mend the date, or change latest_date of ingest in params.yaml"
    else:
        return None
    return Reject(article["path"], article["line"], "date_out_of_range", detail)


def _first_of_its_id(article: dict[str, Any], articles: Mapping[str, dict[str, Any]]) -> Reject | None:
    """Where the first article of the same id stands, if there is one."""
    first = articles.get(article["article_id"])
    if first is None:
        return None
    shared = (
        f"id {article['source_id'][:80]!r}"
        if article["source_id"]
        else "address"
        if article["url"]
        else "text"
    )
    detail = (
        f"the same {shared} as {first['path']}, line {first['line']}, which is kept; "
        "if they are two documents, give each an id of its own"
    )
    return Reject(article["path"], article["line"], "duplicate_id", detail)


def _why_no_text(source: Mapping[str, Any]) -> str:
    known = {_squeeze(name) for names in FIELDS.values() for name in names}
    if not source:
        return "neither title nor text was found; if it is an article, save its text as a .txt file"
    if any(_squeeze(name) in known for name in source):
        return f"title and text are empty; fields found: {', '.join(map(str, source))[:300]}"
    return (
        f"no field is known as title or text; fields found: {', '.join(map(str, source))[:300]}. "
        "Name them in params.yaml, for example ingest: {fields: {body: [that_name]}}"
    )


def _reject(document: Document, reason: str, detail: str) -> Reject:
    return Reject(document.path, document.line, reason, detail)


@lru_cache(maxsize=4096)
def _squeeze(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _inner(value: Any) -> Any:
    """The value itself, or the one that an object wraps."""
    if not isinstance(value, dict):
        return value
    return next((value[key] for key in _INNER_KEYS if value.get(key)), None)


def _text(value: Any) -> str:
    """A value as text, empty where it says nothing; a list is paragraphs."""
    value = _inner(value)
    if isinstance(value, list):
        return "\n\n".join(part for part in map(_text, value) if part)
    if value is None or isinstance(value, bool | dict):
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text: str = _clean(value if isinstance(value, str) else str(value))
    stripped = text.strip()
    # Not stripped: gold labels count characters in the text as the source has it.
    return "" if len(stripped) <= 4 and stripped.lower() in _EMPTY else text


def _clean(value: Any) -> Any:
    """A text without what no table can hold: NUL, and halves of surrogate pairs."""
    if not isinstance(value, str):
        return value
    return _SURROGATE.sub("\ufffd", value.replace("\0", ""))


def _language(stated: str) -> str | None:
    """The ISO 639-1 code of a language as stated (en-US, eng, English), where that is plain."""
    stated = stated.strip().lower()
    code = re.split(r"[-_]", stated)[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else _LANGUAGES.get(stated)


def _outlet(stated: str, url: str) -> str:
    """The outlet as stated, its host if an address is stated, else the host of the document's address."""
    stated = stated.strip()
    if stated and "://" not in stated:
        return stated
    address = stated or url
    return canonical_url(address).split("/")[0].split("?")[0] if "://" in address else ""


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {_clean(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str | int | float) or value is None:
        return _clean(value)
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else _clean(str(value))
