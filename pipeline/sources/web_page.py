"""One article a page of HTML, its text found among menus and advertisements by trafilatura."""

import codecs
import logging
import re
from collections.abc import Iterator
from typing import IO, Any

from pipeline.sources.documents import Document, Reject
from pipeline.sources.lines import too_large

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\slang\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_SITE_NAME = re.compile(
    r"""<meta[^>]{0,200}og:site_name["'][^>]{0,50}content\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE
)
# Browsers read the first as the second.
_READ_AS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
# original_date: not the last update. No extensive search: it takes a year in a footer for 1 January.
_DATES = {
    "original_date": True,
    "extensive_search": False,
    "min_date": "1900-01-01",
    "max_date": "2100-01-01",
}
_SHORT_TEXT = 600


def read_web_page(path: str, stream: IO[bytes], largest_bytes: int) -> Iterator[Document | Reject]:
    """The article of a saved page: title, text, day of publication, outlet, address, language."""
    raw = stream.read(largest_bytes + 1)
    if len(raw) > largest_bytes:
        yield too_large(path, 0, largest_bytes)
        return
    page = _decode(raw)
    if page is None:
        detail = "neither UTF-8 nor in the encoding that it declares; save the page as UTF-8"
        yield Reject(path, 0, "wrong_encoding", detail)
    elif page.strip():
        yield _read_page(path, page)


def _decode(raw: bytes) -> str | None:
    """A page as text: UTF-8, else what it declares, else what its bytes look like."""
    declared = _CHARSET.search(raw[:4096])
    names = ["utf-16"] if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ["utf-8-sig"]
    if declared:
        name = declared[1].decode("ascii").lower()
        names.append(_READ_AS.get(name, name))
    for name in names:
        try:
            return raw.decode(name).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    return str(best).replace("\0", "") if best else None


def _read_page(path: str, page: str) -> Document | Reject:
    try:
        return Document(path, 1, _extract(page))
    except Exception as error:  # whatever a malformed page makes the extractor raise, other pages go on
        detail = f"the extractor fails on this page ({type(error).__name__}); save its text as a .txt file"
        return Reject(path, 0, "unreadable_file", detail)


def _extract(page: str) -> dict[str, Any]:
    import trafilatura  # late: it takes a second, and most corpora hold no page
    from trafilatura.settings import Document as Extracted

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # Menus stay out best when precision is favoured; where that leaves little, it has taken text for menus.
    values: dict[str, Any] = {}
    for favor_precision in (True, False):
        found = trafilatura.bare_extraction(
            page,
            with_metadata=True,
            include_comments=False,
            favor_precision=favor_precision,
            date_extraction_params=_DATES,
        )
        if isinstance(found, Extracted) and len(found.text or "") > len(values.get("text") or ""):
            values = found.as_dict()
        if len(values.get("text") or "") >= _SHORT_TEXT:
            break
    # A page without a text that can be told from its menus may still have a title.
    values = values or trafilatura.extract_metadata(page, date_config=_DATES).as_dict()
    language = _LANGUAGE.search(page[:20000])
    fields = {
        "title": values["title"],
        "body": values["text"],
        "published_at": values["date"],
        "outlet": _site_name(page, values["sitename"], values["hostname"]),
        "url": values["url"],
        "language": language[1] if language else None,
        "author": values["author"],
        "section": ", ".join(values["categories"] or ()),
        "page_description": values["description"],
    }
    return {name: value for name, value in fields.items() if value}


def _site_name(page: str, name: str | None, host: str | None) -> str | None:
    """The name that is most like the host: a page may name the agency whose story it runs as its publisher."""
    stated = _SITE_NAME.search(page)
    names = [candidate for candidate in (name, stated[1].strip() if stated else None) if candidate]
    letters = _letters((host or "").rsplit(".", 1)[0])
    like_host = [
        name for name in names if _letters(name) in letters or (letters and letters in _letters(name))
    ]
    best = next(iter([*like_host, *names]), None)
    return best.split(" | ")[0] if best else host


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())
