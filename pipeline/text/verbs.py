"""Verbs, adjectives and nouns by which someone speaks, takes a position or acts on one."""

from functools import cache
from typing import NamedTuple

from pipeline.text.words import word_set

SPEECH, STANCE, ACT = "speech", "stance", "act"

_SPEECH = """
allude accuse acknowledge add admit advise affirm allege announce answer appeal applaud argue ask assail assert assure
attack attest beg blame blast boast brag brand call caution characterize charge chide claim comment commend
complain concede conclude condemn confess confirm congratulate contend counter credit criticize cite decry defend
declare deflect demand denounce deny deplore deride describe detail disagree disclose dismiss dispute dub echo elaborate
emphasize endorse estimate exclaim exhort explain express fault forecast fume gripe grumble hail herald highlight
hint implore imply indicate inform insist instruct joke judge label lambaste lament laud liken maintain mention mock
muse note notify object observe opine pitch plead pledge praise predict press proclaim profess
project promise propose protest question quip quote rail rebuff rebuke rebut recall reckon recommend recount reiterate
reject remark remind repeat reply report respond retort reveal ridicule salute say scoff scold shout signal slam
speculate state stress suggest swear tell term testify thank tout tweet underline underscore urge vent vow
warn welcome whisper wonder worry write yell
"""
_STANCE = """
accept advocate agree anticipate appreciate balk believe brace bristle campaign celebrate champion
bet consider cringe decline deem deplore detest disapprove dislike distrust doubt dread embrace envision
expect favor favour fear feel gamble guess hate hope intend like lobby loathe love mistrust mull opt
oppose plan prefer refuse regard regret rejoice relish resent resist seek support
suspect sympathize think treasure cherish trust understand value view want wish yearn
"""
_ACT = """
abandon abolish adopt amend approve authorize ban block blockade boycott cancel cede challenge commit delay deploy
discriminate ease eliminate enact end enforce escalate exclude exempt expand extend fast-track file finalize
freeze halt hike impose implement initiate introduce invoke launch levy lift match modernize negotiate offer order
overturn partner pause penalize petition picket postpone prohibit pull punish ratify reimpose relent
remove renegotiate reopen repeal replace rescind restore restrict resume retaliate reverse revoke sanction scrap
shelve sign slap spare strip subsidize sue suspend target threaten tighten triple unveil uphold veto vote
waive withdraw withhold discuss require allow permit table forbid sell-off raise lower cut double publish release issue  open limit pursue request grant
"""
# these count only with one of the words among the next few
_WITH_WORD = {
    SPEECH: {
        "go": "on after public",
        "hit": "back out",
        "fire": "back",
        "lash": "out",
        "lay": "blame out",
        "make": "clear secret case plain argument point promise pledge plea appeal",
        "play": "down",
        "point": "to out",
        "post": "on that in",
        "pour": "scorn cold",
        "pronounce": "it them himself herself the",
        "put": "it odds down chance chances price cost forward whole total",
        "read": "as statement",
        "count": "as",
        "sell": "as",
        "tear": "into",
        "sum": "up",
        "compare": "to with",
        "see": "as no little that different risk need room reason chance benefit it them him her threat risks reasons minimal limited",
        "look": "at as",
        "treat": "as",
        "use": "word words",
        "choose": "word words",
        "rule": "out that",
        "refer": "to",
        "single": "out",
        "sound": "alarm note warning",
        "speak": "out against about of up",
        "strike": "note tone",
        "take": "issue aim exception credit swipe umbrage",
        "talk": "about of up tough",
        "throw": "cold support",
        "voice": "concern concerns support opposition hope doubt doubts fear fears confidence optimism",
        "weigh": "in",
        "outline": "plan plans steps",
    },
    STANCE: {
        "aim": "to at",
        "change": "mind minds",
        "back": "the a an it him her them down off away",
        "care": "about little more less",
        "come": "around out",
        "count": "on",
        "find": "that it them little no .",
        "have": "word words wish doubts doubt concerns concern worries reservations objection objections complaint complaints hope hopes "
        "plans intention interest faith quarrel sympathy patience misgivings",
        "hold": "that out firm off back",
        "know": "that no",
        "let": "off go in",
        "long": "for",
        "look": "forward for",
        "mean": "to",
        "mind": "if that the",
        "push": "back for to ahead",
        "root": "for",
        "share": "view concern concerns goal goals worry worries aim aims",
        "side": "with",
        "stand": "by firm with behind against up for",
        "stick": "to with by",
        "take": "steps action stand side sides view position comfort heart measures note pride as",
        "turn": "down aside away",
        "weigh": "whether options",
        "work": "to together",
    },
    ACT: {
        "move": "ahead forward",
        "name": "as ambassador envoy czar negotiator coordinator",
        "begin": "talks negotiations review",
        "start": "talks negotiations review",
        "close": "border borders door doors plant mill loophole loopholes airspace crossing crossings ports bridge office offices",
        "back": "out",
        "break": "off",
        "bring": "back action case complaint",
        "crack": "down",
        "draw": "line",
        "give": "up in support reception welcome blessing nod way notice consent credit assurances details figures reasons",
        "put": "tariffs tariff duties tax in on back into",
        "leave": "pact agreement treaty deal door",
        "roll": "back out",
        "send": "troops letter ships planes jets notice",
        "set": "up out quota tariff tariffs duty duties target targets deadline aside rate rates",
        "shut": "border gate door down pipeline line",
        "tear": "up",
        "drop": "tariff tariffs duty duties tax plan threat mandate rule case suit lawsuit surtax it",
        "help": "to speed pass",
        "refuse": "entry",
        "pour": "out",
        "stop": "buying selling short",
        "strike": "deal agreement pact down back",
        "reach": "deal agreement pact",
        "step": "up back",
        "use": "tariffs tariff powers authority emergency leverage",
        "walk": "away out",
        "join": "talks call calls pact agreement alliance",
        "take": "off court",
        "charge": "duty duties tariff tariffs fee fees tax",
        "apply": "tariffs tariff duties quota tax",
        "keep": "tariffs tariff duties border promise closed open place",
    },
}
_IRREGULAR = {
    "break": "broke broken",
    "bring": "brought",
    "come": "came",
    "draw": "drew drawn",
    "feel": "felt",
    "find": "found",
    "forecast": "",
    "freeze": "froze frozen",
    "get": "got gotten",
    "give": "gave given",
    "go": "went gone goes",
    "have": "had has",
    "hit": "",
    "hold": "held",
    "keep": "kept",
    "know": "knew known",
    "lay": "laid",
    "leave": "left",
    "let": "",
    "make": "made",
    "mean": "meant",
    "plead": "pled pleaded",
    "put": "",
    "read": "",
    "cut": "",
    "choose": "chose chosen",
    "say": "said",
    "sell": "sold",
    "tear": "tore torn",
    "bet": "",
    "shut": "",
    "see": "saw seen",
    "seek": "sought",
    "send": "sent",
    "set": "",
    "speak": "spoke spoken",
    "stand": "stood",
    "stick": "stuck",
    "strike": "struck",
    "swear": "swore sworn",
    "take": "took taken",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "understand": "understood",
    "uphold": "upheld",
    "withdraw": "withdrew withdrawn",
    "withhold": "withheld",
    "write": "wrote written",
    "be": "is are was were been am 's 're",
    "become": "became",
    "begin": "began begun",
    "build": "built",
    "burn": "burnt burned",
    "buy": "bought",
    "catch": "caught",
    "deal": "dealt",
    "do": "does did done",
    "drink": "drank",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "feed": "fed",
    "fly": "flew flown",
    "grow": "grew grown",
    "hear": "heard",
    "lead": "led",
    "lie": "lay lain",
    "lose": "lost",
    "meet": "met",
    "pay": "paid",
    "ride": "rode ridden",
    "rise": "rose risen",
    "run": "ran",
    "show": "shown showed",
    "sit": "sat",
    "sleep": "slept",
    "spend": "spent",
    "sweep": "swept",
    "teach": "taught",
    "wake": "woke",
    "wear": "wore worn",
    "win": "won",
}
_DOUBLING = word_set("""
    ban beg bet brag commit cut drop dub get hit let plan permit shut prefer put quip rebut refer regret rip scrap set slam
    slap stop strip admit step
""")
POSITION_ADJECTIVES = word_set("""
    adamant afraid alarmed angry anxious appalled ashamed bullish certain cautious cheerful clear
    comfortable committed concerned confident content convinced persuaded unpersuaded steadfast poised critical cynical defiant delighted
    determined disappointed disgusted dismayed dismissive doubtful dubious eager encouraged enthusiastic
    fearful firm frustrated furious glad grateful happy heartened hesitant hopeful indifferent insistent
    keen leery lukewarm nervous neutral noncommittal open opposed optimistic outraged pessimistic pleased
    prepared proud puzzled ready relieved reluctant resigned resolute sceptical skeptical scared serious
    scathing shocked sorry suspicious supportive sure surprised sympathetic thankful thrilled torn
    unconvinced uneasy unhappy unimpressed unmoved unsure unwilling upset vocal wary weary willing worried
    blunt upbeat philosophical unrepentant interested uninterested satisfied dissatisfied guarded
""")
POSITION_NOUNS = word_set("""
    accusation aim ambition anger answer appeal approach argument assertion assessment backing bid call
    campaign case caution claim comment complaint concern contempt contention criticism decision
    defence defense demand denial desire doubt estimate expectation explanation fear forecast goal grievance
    guess hope insistence intention line message mood move objection objective offer opinion opposition
    order outlook plan plea pledge point policy position preference priority proposal prediction promise
    protest push quarrel reaction reading refusal regret remark remarks reply request resistance response
    retaliation rhetoric skepticism scepticism stance stand statement suggestion support suspicion theme
    theory threat tone tweet ultimatum verdict view vow warning wish word words worry advice speech letter
    testimony post praise surcharge surtax tariff duty boycott ban countermeasure
""")
DOCUMENT_NOUNS = word_set("""
    text
    affidavit analysis announcement brief budget bulletin communique communiqué complaint document draft
    editorial filing forecast guidance lawsuit letter memo memorandum minutes notice order paper petition platform
    policy poll proclamation readout release report review ruling sheet statement strategy study survey testimony
    throne tweet verdict website
""")
# what a document does when it speaks for its author; "suggests" and "shows" are the reader's inference
DOCUMENT_VERBS = word_set("""
    accuse acknowledge add argue ask blame call caution charge cite claim conclude condemn confirm contend
    declare demand describe estimate expect explain find forecast insist list maintain mention note order
    pledge predict promise propose recommend reject say read see state stress urge vow warn welcome express
""")
REACTION_NOUNS = word_set("""
    anger applause approval backlash backing complaint complaints condemnation criticism endorsement fury
    objection objections opposition outcry outrage praise pressure protest protests pushback rebuke
    resistance support warning warnings scepticism skepticism
""")


_NARRATION = word_set("""
    appear arrive attend be become begin bear belong breathe bring build burn buy call carry catch change climb  come contain
    continue cost cross cover deal dial die do drink drive  dwell earn eat employ encounter  enjoy enter exist export
    face fall feed feel fill find finish fit fly follow gain gather get give go grow happen have haul head hear help hold host hunt
    import include   join jump keep know land last laugh lead learn leave let lie like line  listen live lose make
    manage mark marry mean meet milk miss move need number  operate own park pass pay place play post pour prepare produce provide pull
    rank reach read receive remain rent repair represent retire return ride rise roll run sail see sell send serve  ship shop show shut sign
    sit sleep slip smile sound spend stand start stay step   supply surround sweep take talk teach tend total track trade travel try
    turn  visit wait wake walk watch wear win work worked yield
""")


class Verb(NamedTuple):
    """A verb of the lists; `words` holds what must follow, empty where nothing must."""

    lemma: str
    kind: str
    words: frozenset[str]


@cache
def verb_forms() -> dict[str, tuple[Verb, ...]]:
    """Every inflected form of the lists, in lower case, with the verbs that it may be."""
    verbs = [
        Verb(lemma, kind, frozenset())
        for kind, words in ((SPEECH, _SPEECH), (STANCE, _STANCE), (ACT, _ACT))
        for lemma in words.split()
    ]
    verbs += [
        Verb(lemma, kind, frozenset(words.split()))
        for kind, group in _WITH_WORD.items()
        for lemma, words in group.items()
    ]
    forms: dict[str, tuple[Verb, ...]] = {}
    for verb in verbs:
        for spelling in _spellings(verb.lemma):
            for form in _inflections(spelling):
                if verb not in forms.get(form, ()):
                    forms[form] = (*forms.get(form, ()), verb)
    return forms


def is_narration(form: str) -> bool:
    """Whether a verb's form is of what people and bodies do in narration, and takes no position by itself."""
    return form.lower() in _narration_forms()


@cache
def _narration_forms() -> frozenset[str]:
    return frozenset(
        form for verb in _NARRATION for form in (*_inflections(verb), *_inflections(verb, doubled=True))
    )


def _spellings(lemma: str) -> tuple[str, ...]:
    """A verb in American and British spelling."""
    return (lemma, lemma[:-3] + "ise") if lemma.endswith("ize") else (lemma,)


def _inflections(lemma: str, doubled: bool = False) -> set[str]:
    """Present, past and participles of a verb, its last letter doubled or as the list of such verbs says."""
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = lemma + "es"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    stem = (
        lemma + lemma[-1] if doubled or lemma in _DOUBLING else lemma[:-1] if lemma.endswith("e") else lemma
    )
    if lemma.endswith("ee"):
        stem = lemma
    if lemma in _IRREGULAR:
        past = set(_IRREGULAR[lemma].split())
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = {lemma[:-1] + "ied"}
    else:
        past = {(lemma[:-1] if lemma.endswith("e") else stem) + "ed"}
    return {lemma, third, stem + "ing"} | past
