"""Lines of a page that are not the article: site furniture, the repeated headline, what recurs in an outlet.

The rules look at form (length, end punctuation, separators, list marks) and at the standing phrases of
English-language sites; none knows an outlet or a page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

FURNITURE = "site_furniture"
REPEATED_TITLE = "repeated_title"
RECURS = "recurs_within_outlet"

_END = r"[.!?…][\"”’')\]]*\s*$"
_SENTENCE_END = re.compile(_END)
_PROSE_WORDS = 8
_PROSE_LINES = 3
_LABEL_WORDS = 10
_HEADLINE_WORDS = 20
_BULLET_WORDS = 35
_NOTICE_WORDS = 60
_LIST_MARK = re.compile(r"^\s*(?:[-–—•·▪▸►‣∙*→»>✓]|\d{1,2}[.)])\s*\S")
_SUMMARY_HEADING = re.compile(
    r"\b(?:quick (?:looks?|reads?|facts)|key (?:takeaways?|points?|facts|findings)|takeaways?|at a glance|in brief"
    r"|fast facts|what (?:you need )?to know|need to know|the gist|short version|highlights|main points|bullet points"
    r"|in short|the basics|summary|tl;?dr|story highlights|why it matters|things to know|the details)\W*$",
    re.IGNORECASE,
)
_LIST_HEADING = re.compile(
    r"^\W*(?:related(?: \w+){0,3}|more (?:from|on|stories|news|in|like this)\b.{0,40}|(?:most|top|trending|popular)\b.{0,25}"
    r"|trending|read (?:more|next|also)|see also|recommended(?: \w+){0,3}|you (?:may|might) (?:also )?like|latest (?:news|stories|headlines).{0,20}"
    r"|editors?['’]? picks?|what (?:others|people) are reading|up next|don['’]t miss|elsewhere.{0,20}|also in.{0,30}|further reading)\W*$",
    re.IGNORECASE,
)
_SHARE_WORD = (
    r"share|facebook|twitter|x|e-?mail|print|copy(?: link)?|linkedin|whatsapp|reddit|pinterest|flipboard|bluesky|threads|telegram"
    r"|messenger|tumblr|pocket|save|link|comments?|gift|bookmark|tweet|like|follow|text|sms|more|this|article|story|page|on|via|to|the|post|listen|icon"
)
_SHARE_BAR = re.compile(rf"^\W*(?:(?:{_SHARE_WORD}|\d+)\W*){{2,14}}$", re.IGNORECASE)
_STANDING_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # who wrote, took or handled it
        r"^\W*(?:by|words|posted by|written by|story by|reporting by|edited by|editing by|compiled by|text|pictures|photos?|photography|video|illustration)\s*:\s*\S.{0,100}$",
        r"^(?:additional )?(?:reporting|editing|writing|compiled|production) (?:and \w+ )?by\b.{0,200}$",
        r"^(?:posted|written|edited|compiled|reviewed) by\b.{0,80}$",
        r"^[\[(]?\s*(?:file )?(?:photo|image|picture|video|graphic|illustration|map|chart)s?\b\s*(?:credit|by|courtesy|:|\(|/|-|–|—).{0,300}$",
        r"^[\[(].{0,300}\b(?:photo|image|picture|credit|courtesy|handout|illustration)s?\b.{0,120}[\])]\s*$",
        r"^.{0,300}[\[(](?:file )?(?:photo|image|picture|credit|photograph|illustration|courtesy|handout)s?\b[^()\[\]]{0,120}[\])]\W*$",
        r"^.{0,300}\b(?:photo|image|picture|photograph|illustration) (?:credit|by|courtesy)\b.{0,120}$",
        r"^.{0,300}(?:^|[.!?]\s+)(?:[\w.'’-]+ ){0,3}[\w.'’-]+/(?:[\w.'’-]+ ?){1,5}$",
        r"^.{10,300}\b(?:getty images|handout|shutterstock|istock|via ap|ap photo|/reuters|afp photo)\)?\W*$",
        # when, and how long a read
        r"^\W*(?:first )?(?:published|posted|updated|last (?:updated|modified)|issued|created|modified|date|released)\b\s*(?:on|at|:|\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).{0,120}$",
        r"^\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}\b.{0,40}$",
        r"^\W*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.{0,40}$",
        r"^\W*(?:listen to (?:this|the) (?:article|story)|reading time|read time|time to read|duration)\b.{0,60}$",
        r"^.{0,40}\b\d+[ -]?(?:min(?:ute)?s?)[ -](?:read|listen)\b.{0,40}$",
        r"^\W*(?:outlet|url|link|author|byline|source)\s*:\s*\S.{0,200}$",
        # advertising and jumps
        r"^\W*(?:advert(?:isement|ising)|ads?|sponsored(?: content| by\b.{0,60})?|paid (?:content|post)|promoted)\W*(?:[-–—|:]?\s*(?:scroll|continue|skip|story|article).{0,60})?$",
        r"^\W*(?:(?:the )?(?:story|article|text|report)s? )?continues? (?:below|after|reading)\b.{0,60}$",
        r"^\W*scroll (?:down |to )?.{0,40}$",
        r"^\W*(?:read more|read next|read also|also read|read the full|see also|see more|more|related|watch(?: live| now)?|listen|recommended|up next|explore|don['’]t miss|editor['’]s note)\s*[:|»>].{0,250}$",
        r"^\W*(?:click|tap) (?:here|to|on|through)\b.{0,120}$",
        r"^\W*(?:skip|jump|back|return) to (?:main |the )?(?:content|navigation|top|search|footer|story|home).{0,30}$",
        r"^\W*(?:loading|please wait|play video|watch video|view (?:in|on|this|all|comments|gallery)|open in|text size|font size|print (?:this|page|article)|download (?:our|the) app)\b.{0,100}$",
        # asking of the reader
        r"^.{0,120}\b(?:sign|log)[ -]?(?:in|up|on)\b.{0,100}\b(?:comment|newsletter|inbox|account|access|repl(?:y|ies)|read|continue|alerts?|save|free|updates?)\b.{0,120}$",
        r"^.{0,80}\b(?:register|subscribe|log ?in|sign ?in|login)\b.{0,40}\bto (?:post|leave|comment|continue|read|reply|save|view|join|access|unlock)\b.{0,100}$",
        r"^\W*(?:please )?(?:subscribe|sign up|register|donate|become a (?:member|subscriber|supporter)|support (?:our|us|local|independent)|join (?:us|our|the (?:conversation|discussion|newsletter)))\b.{0,250}$",
        r"^.{0,160}\b(?:in|to) your (?:inbox|e-?mail)\b.{0,120}$",
        r"^.{0,160}\b(?:free trial|(?:free|trial) for \d+ (?:days|weeks|months))\b.{0,120}$",
        r"^.{0,160}\b(?:our|this|daily|weekly|free|morning|evening|e-?mail) newsletters?\b.{0,160}$",
        r"^.{0,100}\b(?:unsubscribe|manage (?:your )?(?:preferences|subscription|cookies)|(?:you are|you['’]re) receiving this|forwarded (?:this|to you)|view in (?:your )?browser)\b.{0,200}$",
        r"^.{0,200}\b(?:we|site|website|page|continuing|browsing)\b.{0,100}\bcookies?\b.{0,250}$",
        r"^.{0,200}\bcookies?\b.{0,60}\b(?:polic(?:y|ies)|settings|notice|consent|preferences|accept)\b.{0,200}$",
        r"^.{0,200}\b(?:privacy (?:policy|notice)|terms of (?:use|service))\b.{0,200}$",
        r"^\W*follow (?:us|our|me|him|her|them|@|\w+ on)\b.{0,150}$",
        r"^.{0,100}\bfollow (?:us|me|him|her) (?:on|at)\b.{0,100}$",
        r"^\W*(?:comments?|leave a (?:comment|reply)|post a comment|view comments?|join the conversation|\d+ comments?)\b\W*.{0,60}$",
        r"^.{0,120}\b(?:free (?:articles?|stories|reads?)|articles? (?:left|remaining))\b.{0,150}$",
        r"^.{0,150}\b(?:have|got|send|share|spotted?|see|report|seen) (?:us )?(?:a |an |your )?(?:tips?|story ideas?|news tips?|corrections?|errors?|typos?|mistakes?|feedback|letters?)\b.{0,150}(?:@|\bemail\b|\bwrite\b|\bcontact\b|\blet us know\b).{0,100}$",
        r"^.{0,200}\b[\w.+-]+@[\w-]+\.\w{2,}\W*$",
        # rights and origin
        r"^.{0,60}(?:©|\(c\)|&copy;|\bcopyright\b).{0,20}\b(?:19|20)\d\d\b.{0,200}$",
        r"^.{0,200}\ball rights reserved\b.{0,150}$",
        r"^\W*this (?:story|article|report|column|piece|content|post|analysis) (?:was|is|has been|first|originally|may not|can(?:not)?|appeared)\b.{0,60}\b(?:published|appeared|produced|republish\w*|reproduced|licen[cs]ed|distributed|written|funded|made|supported|updated|corrected|generated|translated)\b.{0,250}$",
        r"^.{0,120}\b(?:republish|creative commons)\b.{0,250}$",
        r"^\W*(?:our standards|about the author|about us|contact us|advertise with us|masthead|disclaimer)\b\s*(?:[:|-].{0,120})?$",
        r"^\W*(?:tags?|topics?|filed under|keywords?|categor(?:y|ies)|in this (?:story|article)|sections?|posted in)\s*[:|].{0,250}$",
        r"^.{0,60}\b\d[\d,.]*k? (?:views?|shares?|likes?|comments?|reads?|reactions?|people (?:like|are reading))\b.{0,40}$",
        r"^\W*(?:this is a modal window|no compatible source|beginning of dialog|end of dialog|video player|an error occurred).{0,200}$",
        r"^\W*#+\W*$",
        r"^[\W_]+$",
    )
)
_BYLINE = re.compile(
    r"^by (?:[A-Z][\w.'’-]*\.?(?: |$)){1,4}(?:(?:and|&|,) ?(?:[A-Z][\w.'’-]*\.?(?: |$)){0,4})*.{0,60}$"
)
_SEPARATOR = re.compile(r"\s*[/|·•»>‹›]\s+|\s+[/|·•»>‹›]\s*")
_TURN = re.compile(r"^(?:Q\b|[A-Z][A-Z .'’-]{2,40}(?:\([^)]*\))?:)")


def furniture(lines: Sequence[str], title: str, official: bool) -> list[str | None]:
    """For each line, the reason to remove it, or None to keep it.

    Args:
        lines: the document's repaired lines, in order.
        title: the document's headline.
        official: a statement, order or transcript: its headings and lists are content, and only
            standing phrases are removed.
    """
    reasons: list[str | None] = [None] * len(lines)
    prose = [_is_prose(line) for line in lines]
    for i, line in enumerate(lines):
        if _is_standing(line) and not (official and prose[i]):
            reasons[i] = FURNITURE
        elif title and _repeats(_without_site(line, lines, ""), title) and not (official and i > 5):
            reasons[i] = REPEATED_TITLE
    if official:
        return reasons
    for block in (*_summary_boxes(lines), *_link_lists(lines)):
        for i in block:
            reasons[i] = reasons[i] or FURNITURE
    if sum(prose) >= _PROSE_LINES:
        for i, line in enumerate(lines):
            if reasons[i] is None and _is_label(
                line, after_lead_in=bool(i) and lines[i - 1].rstrip().endswith(":")
            ):
                reasons[i] = FURNITURE
    return reasons


def recurring(
    documents: Iterable[tuple[str, Sequence[str]]], share: float, articles: int, words: int
) -> set[tuple[str, str]]:
    """Lines that recur within an outlet, as (outlet, recurrence key).

    A line recurs if at least `articles` articles of the outlet and at least `share` of them hold it;
    lines over `words` words are never taken.
    """
    counts: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    for outlet, lines in documents:
        totals[outlet] += 1
        counts.update({(outlet, recurrence_key(line)) for line in lines if len(line.split()) <= words})
    return {
        (outlet, line)
        for (outlet, line), count in counts.items()
        if line and count >= articles and count >= share * totals[outlet]
    }


def recurrence_key(line: str) -> str:
    """By what a line recurs: a footer whatever its date or number, a sentence with its numbers."""
    return " ".join(line.casefold().split()) if _is_prose(line) else folded(line)


def folded(line: str) -> str:
    """A line's words, without case, marks and digits."""
    return " ".join(re.sub(r"[\d\W_]+", " ", line.casefold()).split())


def slug_parts(line: str) -> list[tuple[int, int]]:
    """Intervals of a line's parts if it is a slug or breadcrumb (three separators or more), else none."""
    marks = list(_SEPARATOR.finditer(line))
    if len(marks) < 3:
        return []
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(line)]
    parts = [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    short = sum(len(line[start:end].split()) <= 6 for start, end in parts)
    return parts if short >= len(parts) - 2 else []


def headline(title: str, lines: Sequence[str], outlet: str, stated: bool) -> str:
    """The headline of a document.

    A slug gives its first part that could be a headline; a site's name behind the headline is taken
    off. Where the title is only the page's first line (not `stated` as a title by the source) and
    could not be a headline, it gives way to a line that the page repeats, else to the first line
    that could be one.
    """
    for start, end in slug_parts(title):
        if _could_be_headline(title[start:end]):
            return title[start:end]
    bare = _without_site(title, lines, outlet)
    if stated or not title or _could_be_headline(bare):
        return bare
    candidates = [_without_site(line, lines, outlet) for line in lines[:15]]
    candidates = [line for line in candidates if _could_be_headline(line)]
    repeated = [line for line in candidates if sum(folded(line) == folded(other) for other in lines) > 1]
    return (repeated or candidates or [bare])[0]


def _without_site(title: str, lines: Sequence[str], outlet: str) -> str:
    """The title before ' | Site | Section', or before ' - Site' where the outlet's name or a repeated headline shows it."""
    bar = re.match(r"^(.{15,}?)\s+[|·»]\s+\S.{0,60}$", title)
    if bar and len(bar.group(1).split()) >= 5:
        return bar.group(1)
    dash = re.match(r"^(.{15,})\s+[-–—]\s+([^-–—]{2,40})$", title)
    if not dash:
        return title
    head, site = dash.groups()
    if folded(site) == folded(outlet) or any(folded(line) == folded(head) for line in lines[:15]):
        return head
    return title


def _could_be_headline(line: str) -> bool:
    count = len(re.findall(r"[^\W\d_]+", line))
    return (
        4 <= count <= _HEADLINE_WORDS
        and not _is_standing(line)
        and not _SEPARATOR.search(line)
        and not _LIST_MARK.match(line)
        and not line.rstrip().endswith((".", ":", ","))
        and not (line.isupper() and count < 6)
    )


def _is_title_case(line: str) -> bool:
    """Most longer words begin with a capital, as in an American headline."""
    longer = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if len(word) > 3]
    return len(longer) >= 3 and sum(word[0].isupper() for word in longer) >= 0.85 * len(longer)


def _is_prose(line: str) -> bool:
    return len(line.split()) >= _PROSE_WORDS and bool(_SENTENCE_END.search(line))


def _is_standing(line: str) -> bool:
    if len(line.split()) > _NOTICE_WORDS:
        return False
    if _BYLINE.match(line) and not _SENTENCE_END.search(line):
        return True
    return bool(_SHARE_BAR.match(line)) or any(pattern.match(line) for pattern in _STANDING_LINES)


def _repeats(line: str, title: str) -> bool:
    if abs(len(line) - len(title)) > 0.3 * len(title) + 10:
        return False
    return folded(line) == folded(title) or (
        len(title) > 20 and fuzz.ratio(folded(line), folded(title)) >= 92
    )


def _is_label(line: str, after_lead_in: bool) -> bool:
    """A short line without an end mark between paragraphs: kicker, section label, navigation, byline."""
    if _SENTENCE_END.search(line) or line.rstrip().endswith((":", ",", ";", "—", "-", "”", '"', "’")):
        return False
    if line.lstrip()[:1] in "\"“‘'" or _TURN.match(line):
        return False
    if _LIST_MARK.match(line):
        return False
    if slug_parts(line):
        return True
    longest = _HEADLINE_WORDS if _is_title_case(line) else _LABEL_WORDS
    return not after_lead_in and len(line.split()) <= longest


def _summary_boxes(lines: Sequence[str]) -> list[range]:
    """A heading such as 'Key takeaways' and the list below it."""
    boxes = []
    for i, line in enumerate(lines):
        if len(line.split()) > 9 or not _SUMMARY_HEADING.search(line):
            continue
        end = i + 1
        while end < len(lines) and _LIST_MARK.match(lines[end]) and len(lines[end].split()) <= _BULLET_WORDS:
            end += 1
        if end - i >= 3:
            boxes.append(range(i, end))
        elif not _SENTENCE_END.search(line):
            boxes.append(range(i, i + 1))
    return boxes


def _link_lists(lines: Sequence[str]) -> list[range]:
    """A heading such as 'Related stories' and the headlines below it."""
    found = []
    for i, line in enumerate(lines):
        if len(line.split()) > 8 or not _LIST_HEADING.match(line):
            continue
        end = i + 1
        while (
            end < len(lines)
            and len(lines[end].split()) <= _HEADLINE_WORDS
            and not _SENTENCE_END.search(lines[end])
        ):
            end += 1
        found.append(range(i, end))
    return found
