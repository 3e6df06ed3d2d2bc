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
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?"
_CLOCK = r"(?:[\s,|·]|at|\d{1,2}[:.]\d{2}|[ap]\.?m\.?|\b[a-z]{2,4}\b)"
_LIST_HEADING = re.compile(
    r"^\W*(?:related(?: (?:stories|articles|news|coverage|reading|content|links|posts|topics)){0,2}|more (?:from|on|stories|news|like this)\b.{0,40}"
    r"|(?:most|top|trending|popular) (?:read|viewed|popular|shared|commented|watched|stories|headlines|news|videos|picks|posts|articles|trending|now|this week){1,3}"
    r"|trending|read (?:more|next|also)|see also|recommended(?: (?:for you|stories|reading|videos|articles))?|you (?:may|might) (?:also )?(?:like|be interested in)"
    r"|latest (?:news|stories|headlines|videos)|editors?['’]? picks?|what (?:others|people) are reading|up next|don['’]t miss|also in the news|further reading)\W*$",
    re.IGNORECASE,
)
# fmt: off
_SHARE_WORDS = frozenset({
    "share", "facebook", "twitter", "x", "e", "mail", "email", "print", "copy", "link", "linkedin",
    "whatsapp", "reddit", "pinterest", "flipboard", "bluesky", "threads", "telegram", "messenger",
    "tumblr", "pocket", "save", "comment", "comments", "gift", "bookmark", "tweet", "like", "follow",
    "text", "sms", "more", "this", "article", "story", "page", "on", "via", "to", "the", "post",
    "listen", "icon",
})
# fmt: on
# Standing phrases that no article's own sentence has: these take a sentence too.
_SURE_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^.{0,60}(?:©|\(c\)|\bcopyright\b).{0,20}\b(?:19|20)\d\d\b.{0,250}$",
        r"^.{0,250}\ball rights reserved\b.{0,200}$",
        r"^.{0,200}\b(?:this|our|the|my) (?:web ?)?(?:site|page|newsletter)\b.{0,40}\buses? cookies\b.{0,250}$",
        r"^.{0,60}\bwe use cookies\b.{0,250}$",
        r"^.{0,200}\bcookies?\b.{0,30}\b(?:polic(?:y|ies)|settings|notice|consent|preferences)\b.{0,200}$",
        r"^.{0,250}\b(?:read and accept|agree to|accept|see|subject to)\b.{0,30}\b(?:privacy (?:policy|notice)|terms of (?:use|service))\b.{0,250}$",
        r"^.{0,250}\b(?:in|to) your (?:e-?mail )?inbox\b.{0,250}$",
        r"^.{0,250}\bsign(?:ing)?[ -]?up\b.{0,60}\b(?:newsletters?|e-?mails?|alerts?|inbox|bulletin|here)\b.{0,250}$",
        r"^.{0,150}\bnewsletters?\b.{0,80}\b(?:sign[ -]?up|subscribe|every (?:morning|evening|day|week|sunday|friday))\b.{0,200}$",
        r"^\W*this (?:is|was) (?:the |our |a )?.{0,40}\bnewsletter\b.{0,200}$",
        r"^.{0,60}\bthis (?:article|story) is a text version of\b.{0,150}$",
        r"^.{0,100}\b(?:register|subscribe|log ?in|sign ?in|login)\b.{0,30}\bto (?:post|leave|comment|continue|reply|unlock|join the)\b.{0,100}$",
        r"^.{0,100}\b(?:unsubscribe|manage (?:your )?(?:preferences|subscription|cookies)|(?:you are|you['’]re) receiving this|was this (?:e-?mail )?forwarded|forwarded to you|view in (?:your )?browser)\b.{0,200}$",
        r"^.{0,160}\b(?:free trial|free for \d+ (?:days|weeks|months))\b.{0,120}$",
        r"^.{0,120}\b(?:free (?:articles?|stories|reads?)|articles? (?:left|remaining))\b.{0,40}\b(?:month|week|left|remaining|subscribe)\b.{0,100}$",
        r"^\W*(?:please )?(?:donate|subscribe|sign[ -]?up|become a (?:member|subscriber|supporter)|support (?:our|local|independent) (?:journalism|work|newsroom|reporting))\b.{0,250}$",
        r"^.{0,160}\b(?:become a (?:member|subscriber|supporter)|make a donation|supported by (?:readers|members)|(?:members|readers) like you|pay(?:s)? for (?:our|this) journalism)\b.{0,200}$",
        r"^\W*follow (?:us|me|@\w+|[\w. ]{2,40}? on (?:twitter|x|facebook|instagram|threads|bluesky|linkedin)|us)\b.{0,150}$",
        r"^.{0,100}\bfollow (?:us|me|him|her) on (?:twitter|x|facebook|instagram|threads|bluesky|linkedin)\b.{0,100}$",
        r"^\W*(?:click|tap) here\b.{0,200}$",
        r"^\W*listen to (?:this|the) (?:article|story)\b.{0,80}$",
        r"^\W*(?:the )?(?:story|article|text) continues (?:below|after)\b.{0,60}$",
        r"^\W*(?:read more|read next|read also|also read|read the full|see also|see more|more|also|related|watch(?: live| now)?|listen|recommended|up next|more from [\w ]{2,30})\s*[:|»>].{0,250}$",
        r"^.{0,250}[.?!…]\s+read more\W*$",
        r"^[\[(]?\s*(?:file )?(?:photo|image|picture|video|graphic|illustration)s?\s*(?:credit|by|courtesy|:|/).{0,300}$",
        r"^\W*file photo\b.{0,300}$",
        r"^.{0,300}[\[(](?:file )?(?:photo|image|picture|photograph|illustration)s?\b\s*(?:credit|by|courtesy|:|/|provided|via).{0,120}[\])]\W*$",
        r"^.{10,300}\b(?:getty images|ap photo|afp photo|shutterstock|istockphoto)\)?\W*$",
        r"^.{10,300}\breuters/\w+(?: \w+)?\W*$",
        r"^(?:additional )?(?:reporting|editing|writing) (?:and \w+ )?by\b.{0,200}$",
        r"^\W*this (?:story|article|report|column|piece|content|post|analysis) (?:was (?:first|originally) |first |originally |was (?:produced|funded|supported|translated|corrected|updated|generated)|has been (?:updated|corrected|edited|translated)|may not be |is (?:published|republished|licen[cs]ed)).{0,250}$",
        r"^\W*(?:editor['’]s|publisher['’]s) note\s*[:|].{0,300}$",
        r"^.{0,120}\b(?:republish|creative commons)\b.{0,40}\b(?:licen[cs]e|article|story|free|online|print|attribution)\b.{0,250}$",
        r"^\W*(?:write|e-?mail) (?:to|us)\b.{0,150}[\w.+-]+@[\w-]+\.\w{2,}.{0,60}$",
        r"^.{0,150}\b(?:tips?|story ideas?|corrections?|errors?|typos?|feedback|letters)\b.{0,100}\b[\w.+-]+@[\w-]+\.\w{2,}\W*$",
        r"^\W*(?:last )?updated (?:on|at)\b.{0,60}$",
        r"^\W*(?:first )?(?:published|posted|(?:last )?updated)\s*:\s*\S.{0,150}$",
    )
)
# Phrases that head or foot a page; a line that is a sentence of the article may have them too and stays.
_STANDING_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # who wrote, took or handled it
        r"^\W*(?:by|words|posted by|written by|story by|reporting by|edited by|editing by|compiled by|text|pictures|photos?|photography|video|illustration|photographer)\s*:\s*\S.{0,100}$",
        r"^(?:posted|written|edited|compiled|reviewed) by\b.{0,80}$",
        r"^[\[(]?\s*(?:photo|image|picture|video|graphic|illustration|map|chart)s?\b\s*(?:credit|by|courtesy|:|\(|/|-|–|—).{0,300}$",
        r"^[\[(].{0,300}\b(?:photo|image|picture|courtesy|handout|illustration)s?\b.{0,120}[\])]\s*$",
        r"^.{0,300}[\[(](?:file )?(?:photo|image|picture|credit|photograph|illustration|courtesy|handout)s?\b[^()\[\]]{0,120}[\])]\W*$",
        r"^.{0,300}\b(?:photo|image|picture|photograph|illustration) (?:credit|by|courtesy)\b.{0,120}$",
        r"^.{10,300}(?:/|\bvia\b|\bcourtesy\b).{0,60}\b(?:handout|ap|reuters|afp|getty)\)?\W*$",
        r"^[\[(][^()\[\]]{2,60}/[^()\[\]]{2,60}[\])]$",
        r"^[-–—]\s?[A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{1,20}){1,2}$",
        r"^\W*(?:reuters?|ap|afp|upi|the canadian press|(?:the )?associated press|end|ends)\W*$",
        # when, and how long a read
        rf"^\W*(?:first )?(?:published|posted|updated|last (?:updated|modified)|issued|created|modified|date|released)\b\s*(?:on|at|:)?\s*(?:{_WEEKDAY}|{_MONTH}|\d).{{0,120}}$",
        rf"^\W*(?:{_WEEKDAY}\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}\b{_CLOCK}{{0,20}}\W*$",
        rf"^\W*\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\b{_CLOCK}{{0,20}}\W*$",
        r"^\W*(?:reading time|read time|time to read)\b.{0,60}$",
        r"^.{0,40}\b\d+[ -]?(?:min(?:ute)?s?)[ -](?:read|listen)\b.{0,40}$",
        r"^\W*(?:date|outlet|url|link|author|byline|source)\s*:\s*\S.{0,200}$",
        # advertising and jumps
        r"^\W*(?:advert(?:isement|ising)|ads?|sponsored(?: content| by\b.{0,60})?|paid (?:content|post)|promoted)\W*(?:[-–—|:]?\s*(?:scroll|continue|skip|story|article).{0,60})?$",
        r"^\W*(?:(?:the )?(?:story|article|text|report)s? )?continues? (?:below|after|reading)\b.{0,60}$",
        r"^\W*scroll (?:down |to )?.{0,40}$",
        r"^\W*(?:click|tap) (?:to|on|through)\b.{0,120}$",
        r"^\W*(?:skip|jump|back|return) to (?:main |the )?(?:content|navigation|top|search|footer|story|home).{0,30}$",
        r"^\W*(?:loading|please wait|play video|watch video|view (?:in|on|this|all|comments|gallery)|open in|text size|font size|print (?:this|page|article)|download (?:our|the) app|get (?:our|the) app)\b.{0,100}$",
        # asking of the reader
        r"^.{0,120}\b(?:sign|log)[ -]?(?:in|up)\b.{0,100}\b(?:comment|newsletter|inbox|account|access|repl(?:y|ies)|read|continue|alerts?|save|updates?)\b.{0,120}$",
        r"^\W*(?:please )?(?:register|join (?:us|our|the (?:conversation|discussion|newsletter)))\b.{0,250}$",
        r"^.{0,160}\b(?:our|this|daily|weekly|free|morning|evening|e-?mail) newsletters?\b.{0,160}$",
        r"^.{0,200}\bcookies?\b.{0,100}$",
        r"^.{0,100}\b(?:privacy (?:policy|notice)|terms of (?:use|service))\b.{0,100}$",
        r"^\W*(?:comments?|leave a (?:comment|reply)|post a comment|view comments?|join the conversation|\d+ comments?)\b\W*.{0,60}$",
        r"^.{0,120}\b(?:free (?:articles?|stories|reads?)|articles? (?:left|remaining))\b.{0,150}$",
        r"^.{0,200}\b[\w.+-]+@[\w-]+\.\w{2,}\W*$",
        r"^.{0,120}\bhttps?://\S+\W*$",
        # rights and origin
        r"^\W*(?:our standards|about the author|about us|contact us|advertise with us|masthead|disclaimer)\b\s*(?:[:|-].{0,120})?$",
        r"^\W*(?:tags?|topics?|filed under|keywords?|categor(?:y|ies)|in this (?:story|article)|sections?|posted in|this article tagged under)\s*[:|].{0,250}$",
        r"^.{0,60}\b\d[\d,.]*k? (?:views?|shares?|likes?|comments?|reads?|reactions?|people (?:like|are reading))\b.{0,40}$",
        r"^\W*(?:this is a modal window|no compatible source|beginning of dialog|end of dialog|video player|an error occurred).{0,200}$",
        r"^\W*#+\W*$",
        r"^[\W_]+$",
    )
)
# A photographer and an agency: "A bus leaves. Theo Marsh/The Notebook".
_CREDIT = re.compile(
    r"^(?:.{0,300}[.!?]\s+)?(?:[A-Z][\w.'’-]{0,30} ){0,3}[A-Z][\w.'’-]{0,30}/[A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){0,4}$"
)
_BYLINE = re.compile(
    r"^(?i:by) (?:[A-Z][\w.'’-]{0,30}(?: |$)){1,4}(?:(?:and|&|,) ?(?:[A-Z][\w.'’-]{0,30}(?: |$)){0,4}){0,6}.{0,60}$"
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
        if is_standing(line) and not (official and prose[i]):
            reasons[i] = FURNITURE
        elif title and _repeats(_without_site(line, lines, ""), title) and not (official and i > 5):
            reasons[i] = REPEATED_TITLE
    if official:
        return reasons
    for block in (*_summary_boxes(lines), *_link_lists(lines)):
        for i in block:
            reasons[i] = reasons[i] or FURNITURE
    if sum(prose) >= _PROSE_LINES:
        in_list = False
        for i, line in enumerate(lines):
            # Items below "five demands:" belong to the article, however short.
            in_list = bool(i) and (lines[i - 1].rstrip().endswith(":") or (in_list and not prose[i - 1]))
            if reasons[i] is None and _is_label(line, in_list):
                reasons[i] = FURNITURE
    return reasons


def recurring(
    documents: Iterable[tuple[str, Sequence[str]]], share: float, articles: int, words: int
) -> set[tuple[str, str]]:
    """Lines that recur within an outlet, as (outlet, recurrence key).

    A line recurs if at least `articles` articles of the outlet and at least `share` of them hold it;
    a sentence of prose must stand in twice as many, since updates of one story share sentences. Lines
    over `words` words and those of documents without an outlet are never taken.
    """
    counts: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    sentences: set[str] = set()
    for outlet, lines in documents:
        totals[outlet] += 1
        keys = {recurrence_key(line): _is_prose(line) for line in lines if len(line.split()) <= words}
        counts.update((outlet, key) for key in keys)
        sentences |= {key for key, is_prose in keys.items() if is_prose}
    return {
        (outlet, key)
        for (outlet, key), count in counts.items()
        if outlet
        and key
        and count >= articles * (2 if key in sentences else 1)
        and count >= share * totals[outlet]
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
        and not is_standing(line)
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


def is_standing(line: str) -> bool:
    """Whether a line is a standing phrase of a site; a sentence of prose only if no article would have it."""
    if len(line.split()) > _NOTICE_WORDS:
        return False
    if any(pattern.match(line) for pattern in _SURE_LINES):
        return True
    if _is_prose(line):
        return False
    if _BYLINE.match(line) and not _SENTENCE_END.search(line):
        return True
    return _is_share_bar(line) or bool(_CREDIT.match(line)) or any(p.match(line) for p in _STANDING_LINES)


def _is_share_bar(line: str) -> bool:
    """Nothing but names of networks and words of sharing, two or more."""
    words = re.findall(r"[^\W_]+", line.casefold())
    return (
        2 <= len(words) <= 14
        and all(word in _SHARE_WORDS or word.isdigit() for word in words)
        and not all(word.isdigit() for word in words)
    )


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the headline again; another number or a 'not' makes another line."""
    if abs(len(line) - len(title)) > 0.3 * len(title) + 10 or _particulars(line) != _particulars(title):
        return False
    return folded(line) == folded(title) or (
        len(title) > 20 and fuzz.ratio(folded(line), folded(title)) >= 92
    )


def _particulars(line: str) -> list[str]:
    """Numbers and negations, in order."""
    return re.findall(r"\d+|\b(?:not|no|never|without)\b|n['’]t\b", line.casefold())


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
    """A heading such as 'Related stories' and the headlines below it, each of four words or more."""
    found = []
    for i, line in enumerate(lines):
        if len(line.split()) > 8 or not _LIST_HEADING.match(line):
            continue
        end = i + 1
        while end < len(lines) and _is_linked_headline(lines[end]):
            end += 1
        found.append(range(i, end))
    return found


def _is_linked_headline(line: str) -> bool:
    return 4 <= len(line.split()) <= _HEADLINE_WORDS and not _SENTENCE_END.search(line)
