"""Nouns for people and bodies that can speak or act, and what kind of holder each is."""

import re
from collections.abc import Iterable
from functools import cache

from pipeline.text.words import word_set

_ROLES = {
    "government": """
        administration adviser advisor agency aide alderman ambassador attaché authority bureau bureaucrat cabinet
        chancellor commander commissioner congress congressman congresswoman consul consulate councillor councilman
        councilwoman councilor counselor counsellor country court czar department deputy diplomat embassy envoy
        government governor admiral army brigadier captain colonel coordinator general
        house judge justice king lawmaker legislator legislature lieutenant magistrate mayor mep minister ministry
        monarch mp mpp mla nation navy negotiator officer official ombudsman parliament parliamentarian
        police policymaker pope premier president-elect prosecutor queen reeve regulator
        secretariat senate senator sergeant sheriff soldier speaker state territory treasurer treasury tribunal trooper
        undersecretary under-secretary aide warden province municipality city town troops military superintendent cop
        politician statesman vice-president trustee sanders commission force forces guard trooper strategist
        staffer whip nominee regime capitol jurist
    """,
    "opposition": "opposition challenger candidate contender",
    "business": """
        advertiser airline automaker baker bakery boatbuilder bookkeeper bookseller bottler brand brewer brewery broker
        builder business businessman businessperson businesswoman buyer canner carmaker carrier cattleman ceo cfo
        cheesemaker chef company conglomerate consortium contractor cooper cooperative co-operative corporation dairyman
        dealer dealership developer distiller distillery distributor driller drugmaker entrepreneur executive exporter
        fabricator farmer financier firm fisherman fishmonger forester franchisee garage greenhouse grocer grower guide
        hauler homebuilder hotelier importer industrialist industry innkeeper insurer investor jeweler jeweller
        landlord landowner lender lobbyist logger lumberman maker management manufacturer marina marketer merchant miller
        miner mill motelkeeper nursery operator orchardist outfitter owner packer planter printer processor producer
        promoter proprietor publisher purchaser railroad railway rancher realtor refiner refinery restaurateur retailer
        roaster salesman saleswoman salesperson sawmill seller shareholder shipbuilder shipper shipyard shop shopkeeper
        smelter startup start-up steelmaker storekeeper subsidiary supplier trader tycoon utility vendor vintner
        wholesaler winemaker winery billionaire beekeeper barkeeper caterer chipmaker miner potter florist
        hardware-seller accountant
    """,
    "labour": """
        union steward worker steelworker autoworker millworker labourer laborer machinist welder pipefitter electrician
        carpenter trucker teamster longshoreman stevedore assembler apprentice unionist foreman millwright ironworker
        railwayman lineman boilermaker lumberjack faller sawyer deckhand crewman nurse teacher cook waiter waitress
        bartender janitor driver pilot seaman sailor cashier employee roughneck rigger fitter plumber mechanic staff
        shopworker autoworker dockworker millhand farmhand farmworker roofer bricklayer
    """,
    "civil_society": """
        activist campaigner charity church ngo nonprofit non-profit foundation tribe band elder environmentalist
        conservationist volunteer pastor priest bishop rabbi imam protester demonstrator marcher congregation movement
        watchdog humanitarian veteran society advocate organizer organiser legion clan choir
    """,
    "expert": """
        academic agronomist analyst arbitrator archivist attorney auditor author biographer biologist chemist
        climatologist consultant counsel criminologist demographer doctor dean ecologist economist engineer
        epidemiologist expert fellow forecaster geographer geologist historian hydrologist investigator lawyer
        lecturer litigator mediator meteorologist modeller observer pathologist physician physicist planner pollster
        professor psychologist researcher scholar scientist sociologist specialist statistician think-tank
        university veterinarian virologist toxicologist actuary appraiser surveyor technician rater banker bank
        strategist teacher-scholar paramedic
    """,
    "public": """
        american briton bystander camper canadian citizen commuter consumer couple cottager customer cyclist diner family
        father fan golfer grandfather grandmother guest homeowner household householder hunter immigrant mexican migrant
        mother motorist neighbor neighbour newcomer onlooker parent passenger patient people pensioner person public
        ratepayer reader refugee renter resident respondent retiree shopper skier snowbird spectator student taxpayer
        teenager tenant tourist traveler traveller tripper viewer villager visitor voter widow widower woman man boy girl
        youth caller patron husband wife daughter son brother sister uncle aunt cousin asylum-seeker angler boater
        hiker dad mom mum crowd user
    """,
    "outlet": "newspaper magazine tabloid broadcaster columnist editorialist",
    # these take their kind from the words around them, and have it here where those are silent
    "government by default": """
        caucus committee critic delegate delegation leader member panel representative secretary spokesman spokesperson
        spokeswoman subcommittee team party side board council insider source office campaign proponent ally partner rival
        counterpart colleague panelist panellist host sponsor
    """,
    "business by default": """
        association chamber manager federation group coalition alliance founder lobby maker boss president chairman
        chairwoman chair chief director head vice-chair
    """,
    "labour by default": "local crew hand brother",
    "public by default": "survivor winner skeptic sceptic opponent supporter backer defender foe agent",
    "civil_society by default": "organization organisation network community club chapter",
    "expert by default": "institute center centre college laboratory teacher",
}
_DEFAULT = " by default"
_BODIES = word_set("""
    administration agency army authority bureau cabinet congress consulate council country court department embassy force
    government house legislature ministry navy parliament regime secretariat senate state territory treasury tribunal
    province municipality city town military commission force airline automaker bakery brand brewery business carmaker
    carrier company conglomerate consortium cooperative co-operative corporation dealership distillery firm garage
    greenhouse industry insurer marina mill nursery producer railroad railway refinery sawmill shipyard shop smelter
    startup start-up subsidiary utility winery union staff charity church ngo nonprofit non-profit foundation tribe band
    congregation movement watchdog society university think-tank bank newspaper magazine tabloid broadcaster caucus committee
    delegation panel subcommittee team party side board association chamber federation group coalition alliance lobby local
    organization organisation network community club chapter institute center centre college laboratory regulator opposition
    capitol crew police guard office campaign management
""")
_FORMER = word_set("former ex retired onetime one-time late emeritus")
_SIGNS = (
    (
        "labour",
        word_set("""
        union unions unionized local unifor steelworkers autoworkers teamsters machinists pipefitters labour labor steward
        laid-off boilermakers electricians ironworkers millwrights workers afl cio trades
    """),
    ),
    (
        "civil_society",
        word_set("""
        tribal tribe band advocacy environmental environment civil rights peace indigenous aboriginal inuit métis metis
        inuvialuit conservation refugee refugees church conservationists environmentalists activists
        ktunaxa secwepemc syilx haida nation nations campaigners watershed
    """),
    ),
    (
        "expert",
        word_set("""
        university professor economist analyst bank banks research institute think-tank tank school college
        economists studies scholar scholars polling economics law capital markets securities strategist
        insights analytics consultancy consulting academic academics
    """),
    ),
    (
        "business",
        word_set("""
        inc corp corporation ltd llc plc company companies industries industry industrial manufacturers manufacturer producers
        producer growers growers' farmers farm farms exporters importers retailers dealers brewers distillers processors
        commerce business businesses mining oil gas lumber steel aluminum aluminium dairy motors airline airlines
        foods food holdings enterprises builders ranchers cattlemen cattle packers shippers traders brewery distillery
        sales firm firms shop plant mill mills auto automotive parts automakers makers trucking truckers restaurant
        restaurants hotel hotels tourism retail grocers utilities utility factory yard winery orchard pork wheat grain
        canola potash fertilizer forest forestry tool marine boat railway railroad shipping logistics petroleum
        pipeline advertising ad tech technology
    """),
    ),
    (
        "government",
        word_set("""
        government governments ministry department agency federal provincial state municipal cabinet white house senate
        congressional parliament congress border customs police military administration minister president premier governor
        commons parliamentary city county defense defence foreign
    """),
    ),
)


_AGENT = re.compile(r".{3,}(?:er|or|ist|man|woman|eer|ian|smith|ee)$")
_THINGS = word_set("""
    number order letter paper offer answer border power river water tower matter corner winter summer quarter dollar sector
    factor lumber timber weather chapter figure computer fertilizer mirror error terror harbor harbour labor motor tractor
    corridor theater theatre fever cover danger finger shoulder sticker filter trailer trigger disaster chamber copper silver
    pier layer cancer hunger butter sugar shelter transfer gender barrier career carrier meter metre calendar vector reactor
    generator sensor radar freighter tanker fighter bomber icebreaker cutter cruiser ladder register folder server newspaper
    other another either neither ever never however whether parameter minor major prior senior junior tee fee committee guarantee
    coffee starter degree tree three free knee center twist mist fist human ocean median plan dinner rather further lower higher newer
    older better worse former latter over under after later earlier sooner smaller larger bigger greater per
""")


def role_of(word: str) -> str | None:
    """The role noun that a word is, in the singular and in lower case, or None."""
    lower = word.lower()
    for singular in _singulars(lower):
        if singular in _kinds():
            return singular
    return None


def is_agent(word: str) -> bool:
    """Whether a word looks like what someone does for a living ('chandler'), though it is none of the list."""
    singular = word.lower().removesuffix("s")
    return singular.isalpha() and bool(_AGENT.match(singular)) and singular not in _THINGS


def kind_of_role(role: str, around: Iterable[str]) -> str:
    """Kind of a holder by its role noun and the words that stand with it.

    Args:
        role: as `role_of` gives it.
        around: the other words of the description, nearest first, in any case.
    """
    words = [word.lower() for word in around]
    kind = _kinds()[role]
    if kind.endswith(_DEFAULT):
        kind = kind_of_signs(words) or kind.removesuffix(_DEFAULT)
    if kind == "government" and any(word in _FORMER for word in words):
        return "expert"
    return kind


def kind_of_signs(words: Iterable[str]) -> str | None:
    """Kind of a body or its people by tell-tale words in its name, or None."""
    found = {word.lower() for word in words}
    for kind, signs in _SIGNS:
        if found & signs:
            return kind
    return None


def is_body(role: str) -> bool:
    """Whether a role noun stands for a body rather than a person."""
    return role in _BODIES


def is_plural(word: str) -> bool:
    """Whether a role noun stands for several."""
    lower = word.lower()
    return (
        lower in ("people", "police")
        or (lower.endswith("s") and role_of(lower) not in (lower, None))
        or lower.endswith("men")
    )


def _singulars(word: str) -> tuple[str, ...]:
    """What a word may be in the singular, itself first."""
    forms = [word]
    if word.endswith("men"):
        forms.append(word[:-2] + "an")
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s"):
        forms.append(word[:-1])
    return tuple(forms)


@cache
def _kinds() -> dict[str, str]:
    return {role: kind for kind, roles in _ROLES.items() for role in roles.split()}
