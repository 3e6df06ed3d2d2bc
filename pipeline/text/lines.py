"""A document as lines: markup off, Unicode repaired, hard wraps joined, each line aligned to the source."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

import ftfy
from ftfy.badness import is_bad

from pipeline.text.aligned import AlignedText, concatenate

# Elements whose text no reader sees, and comments: where they open and close.
_UNSEEN = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (
        re.compile(r"<(?:script|style|noscript)\b[^<>]{0,500}>", re.IGNORECASE),
        re.compile(r"</(?:script|style|noscript)\s*>", re.IGNORECASE),
    ),
)
_BLOCK = "p|div|br|hr|li|ul|ol|dl|dt|dd|tr|td|th|table|thead|tbody|tfoot|caption|figure|figcaption|h[1-6]|blockquote|section|article|header|footer|main|nav|aside|pre"
_INLINE = (
    "a|abbr|acronym|address|audio|b|big|body|button|center|cite|code|col|colgroup|data|del|details|em|embed|font|form|head|html|i|iframe"
    "|img|input|ins|label|link|mark|meta|object|param|path|picture|q|s|small|source|span|strike|strong|sub|summary|sup|svg|time|title|track"
    "|tt|u|var|video|wbr"
)
# A tag has no attributes, or has some with a value: "<b and c>" is none, nor is a company's "<Ace Ltd>".
_ATTRIBUTES = r"(?:\s+[^<>=]{0,200}=[^<>]{0,20000})?(?:\s+(?:nowrap|hidden|disabled|checked|allowfullscreen|itemscope))*\s*/?"
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE)
_TAG = re.compile(
    rf"</?(?:{_BLOCK}|{_INLINE}){_ATTRIBUTES}>|</?[a-z]+[:-][a-z0-9-]+{_ATTRIBUTES}>", re.IGNORECASE
)
_BRACKETED = re.compile(
    r"<((?:https?://|mailto:)[^<>\s]{1,500}|[\w.+-]{1,80}@[\w.-]{1,80}|[A-Z][^<>\n=]{0,80})>"
)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|a|span|b|i|strong|em|li|ul|h[1-6])\b", re.IGNORECASE)
_MARKDOWN_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}\)")
_MARKDOWN_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.){1,1000})\]\((?:https?:|mailto:|/|#)[^()\s]{0,2000}\)")
# Strong marks stand at a word's edge, in twos; "s**t" and "bull****" are not marked.
_MARKDOWN_STRONG = re.compile(r"(?<![\w*])\*\*(?!\*)|(?<!\*)\*\*(?![\w*])")
_MARKDOWN_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300})(?<=[^\s*])\*(?![\w*])")
_MARKDOWN_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~$])")
_MARKDOWN_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
# White space that is anything but one plain space (a plain one would be replaced by itself).
_SPACE = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9A-Fa-f]{2,6});")
# Control characters, surrogates, full-width forms and the like: what ftfy mends besides mojibake.
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\uff01-\uffee\ufeff\u200b\u2060\ufff9-\ufffc]")
_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_SENTENCE_END = re.compile(r"[.!?:;…\"”’')\]]\s*$")

_FTFY = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, unescape_html=True, normalization="NFC"
)
_WRAP_SHORTEST, _WRAP_LONGEST = 45, 90
_WRAP_LINES = 4
_CONTINUED = re.compile(r"\s*[\"“‘'(]?[a-z]")
_REPAIRED_AT_ONCE = 2000
_TABLE = re.compile(r"\S {3,}\S|\||\t|-{4,}")


def repaired(text: str) -> str:
    """One-line text with mojibake, entities, tags and white space mended (Unicode NFC)."""
    plain = _TAG.sub("", unicodedata.normalize("NFC", _mended(text)))
    return _SPACE.sub(" ", _BRACKETED.sub(r"\1", plain).replace("\n", " ")).strip()


def split_lines(raw: str) -> list[AlignedText]:
    """The lines of a document that hold text, repaired; a blank line in the source is dropped.

    Hard-wrapped paragraphs (many lines of like width that break within sentences) become one line.
    """
    document = _without_markup(AlignedText.of(raw).substitute(_NEWLINE, "\n"))
    blocks = _blocks(document)
    throughout = _is_hard_wrapped(blocks)
    blocks = [[_joined(block)] if throughout or _is_wrapped_block(block) else block for block in blocks]
    lines = (_repair_line(line) for block in blocks for line in block)
    return [line for line in lines if line.text]


def _without_markup(document: AlignedText) -> AlignedText:
    """HTML and Markdown that a source left in its text, taken off."""
    if _ESCAPED_TAG.search(document.text):
        document = document.substitute(_ENTITY, lambda match: html.unescape(match.group()))
    if "<" in document.text:
        for opening, closing in _UNSEEN:
            document = _without_between(document, opening, closing)
        document = document.substitute(_BLOCK_TAG, "\n").substitute(_TAG, "")
        document = document.substitute(_BRACKETED, lambda match: match.group(1))
    if "*" in document.text:
        document = document.substitute(_MARKDOWN_STRONG, "").substitute(
            _MARKDOWN_EMPHASIS, lambda m: m.group(1)
        )
    if "](" in document.text:
        document = document.substitute(_MARKDOWN_IMAGE, "").substitute(_MARKDOWN_LINK, lambda m: m.group(1))
    if "\\" in document.text:
        document = document.substitute(_MARKDOWN_ESCAPE, lambda m: m.group(1))
    return document


def _without_between(
    document: AlignedText, opening: re.Pattern[str], closing: re.Pattern[str]
) -> AlignedText:
    """The text without what stands between an opening and the next closing mark; an unclosed one stays."""
    pieces, last = [], 0
    while match := opening.search(document.text, last):
        end = closing.search(document.text, match.end())
        if end is None:
            break
        pieces.append(document.slice(last, match.start()))
        last = end.end()
    return concatenate([*pieces, document.slice(last, len(document))]) if last else document


def _blocks(document: AlignedText) -> list[list[AlignedText]]:
    """Lines, gathered into blocks between blank lines."""
    blocks: list[list[AlignedText]] = [[]]
    for match in re.finditer(r"[^\n]*\n|[^\n]+$", document.text):
        line = document.slice(match.start(), match.end())
        if line.text.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_hard_wrapped(blocks: list[list[AlignedText]]) -> bool:
    """Most lines that another follows within their block are of terminal width and end within a sentence."""
    inner = [line.text.rstrip() for block in blocks for line in block[:-1]]
    if len(inner) < _WRAP_LINES:
        return False
    widths = sorted(len(text) for text in inner)
    median = widths[len(widths) // 2]
    open_ended = sum(not _SENTENCE_END.search(text) for text in inner)
    return (
        _WRAP_SHORTEST <= median <= _WRAP_LONGEST
        and widths[-1] <= 2 * median
        and open_ended >= 0.6 * len(inner)
    )


def _is_wrapped_block(block: list[AlignedText]) -> bool:
    """The same within one block, in a document that mixes wrapped prose with tables."""
    inner = [line.text.strip() for line in block[:-1]]
    if len(inner) < _WRAP_LINES - 1 or any(_TABLE.search(text) for text in inner):
        return False
    open_ended = sum(not _SENTENCE_END.search(text) for text in inner)
    in_width = sum(_WRAP_SHORTEST <= len(text) <= _WRAP_LONGEST for text in inner)
    return in_width >= 0.9 * len(inner) and open_ended >= 0.6 * len(inner) and _run_on([block])


def _run_on(blocks: Iterable[list[AlignedText]]) -> bool:
    """Whether lines mostly go on in lower case, as wrapped prose does and a list of headlines does not."""
    following = [bool(_CONTINUED.match(line.text)) for block in blocks for line in block[1:]]
    return sum(following) >= 0.4 * len(following)


def _joined(block: list[AlignedText]) -> AlignedText:
    """A block's lines as one; each line break becomes a space."""
    return concatenate(block).substitute(re.compile(r"\n"), " ")


def _repair_line(line: AlignedText) -> AlignedText:
    text = line.text
    if not text.isascii() or "&" in text or _ODD.search(text):
        line = concatenate(
            piece.rewritten(unicodedata.normalize("NFC", _mended(piece.text)).replace("\n", " "))
            for piece in _in_pieces(line)
        )
    line = line.substitute(_MARKDOWN_HEADING, "")
    return line.substitute(_SPACE, " ").strip()


def _in_pieces(line: AlignedText) -> Iterator[AlignedText]:
    """A line cut at spaces: aligning an edit takes time that grows with the square of its length."""
    start = 0
    while len(line) - start > _REPAIRED_AT_ONCE:
        space = line.text.rfind(" ", start + 1, start + _REPAIRED_AT_ONCE)
        end = space if space > start else start + _REPAIRED_AT_ONCE
        yield line.slice(start, end)
        start = end
    yield line.slice(start, len(line))


def _mended(text: str) -> str:
    """The text after ftfy, which is asked only where it could find something (it is slow)."""
    for _ in range(2):
        if not (_ENTITY.search(text) or _ODD.search(text) or is_bad(text)):
            break
        text = ftfy.fix_text(text, _FTFY)
    return text
