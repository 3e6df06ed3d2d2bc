"""Places and peoples, and the side that each stands on: us, canada or other."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.text.words import Word, word_keys, word_set

_US_REGIONS = """
U.S.|US|USA|U.S.A.|United States|America|American|Americans|North Carolina|North Carolinian|South Carolina|
North Dakota|North Dakotan|South Dakota|South Dakotan|New York|New Yorker|New Yorkers|New Jersey|New Mexico|
New Hampshire|New England|West Virginia|Rhode Island|Alabama|Alabaman|Alaska|Alaskan|Alaskans|Arizona|Arizonan|
Arkansas|California|Californian|Californians|Colorado|Coloradan|Connecticut|Delaware|Florida|Floridian|
Floridians|Georgia|Hawaii|Hawaiian|Idaho|Idahoan|Illinois|Illinoisan|Indiana|Hoosier|Iowa|Iowan|Iowans|Kansas|
Kansan|Kentucky|Kentuckian|Louisiana|Maine|Mainer|Mainers|Maryland|Marylander|Massachusetts|Michigan|
Michigander|Michiganders|Minnesota|Minnesotan|Minnesotans|Mississippi|Missouri|Missourian|Montana|Montanan|
Montanans|Nebraska|Nebraskan|Nebraskans|Nevada|Nevadan|Ohio|Ohioan|Ohioans|Oklahoma|Oklahoman|Oregon|Oregonian|
Oregonians|Pennsylvania|Pennsylvanian|Pennsylvanians|Tennessee|Tennessean|Texas|Texan|Texans|Utah|Utahn|Vermont|
Vermonter|Vermonters|Virginia|Virginian|Washington|Washingtonian|Wisconsin|Wisconsinite|Wisconsinites|Wyoming|
Puerto Rico|District of Columbia|N.C.|N.D.|N.H.|N.J.|N.M.|N.Y.|R.I.|S.C.|S.D.|W.Va.|D.C.|White House|
Capitol Hill|Pentagon|Wall Street|Silicon Valley|Midwest|Midwestern|Appalachia|Appalachian|Rust Belt|Gulf Coast|
Great Plains|Upper Peninsula|Puget Sound|Hudson Valley|Texan|Dixie|Manhattan|Brooklyn|Bronx|Harvard|Yale|
Stanford|Princeton|Cornell|Georgetown|Georgetown University|Columbia University|Rutgers|Purdue|MIT|Notre Dame
"""
_US_CITIES = """
Abilene|Akron|Albany|Albuquerque|Alexandria Bay|Aliquippa|Allentown|Amarillo|Anaheim|Anchorage|Ann Arbor|
Ashland|Ashtabula|Astoria|Atlanta|Augusta|Aurora|Austin|Bakersfield|Bakken|Baltimore|Bangor|Bar Harbor|
Baton Rouge|Bay City|Bellevue|Bellingham|Bemidji|Bethlehem|Billings|Birmingham|Bismarck|Blaine|Bloomington|
Boise|Boston|Boulder|Bozeman|Braddock|Bridgeport|Buffalo|Burke|Burlington|Butte|Calais|Canton|Caribou|Casper|
Cedar Rapids|Champlain|Charleston|Charlotte|Chattanooga|Cheyenne|Chicago|Chippewa Falls|Cincinnati|Clayton|
Cleveland|Colorado Springs|Columbia|Columbus|Concord|Corpus Christi|Cushing|Dallas|Davenport|Dayton|Dearborn|
Decatur|Denver|Derby Line|Des Moines|Detroit|Downriver|Dubuque|Duluth|Durham|Eagle Pass|East Lansing|Eau Claire|
El Paso|Erie|Eugene|Eureka|Evanston|Evansville|Everett|Fairbanks|Fargo|Flint|Fort Kent|Fort Lauderdale|
Fort Wayne|Fort Worth|Frankfort|Fresno|Gary|Gillette|Grand Forks|Grand Marais|Grand Rapids|Granite City|
Great Falls|Green Bay|Greensboro|Greenville|Hamtramck|Harrisburg|Hartford|Havre|Helena|Hibbing|Hollywood|
Honolulu|Houlton|Houston|Huntsville|Indianapolis|International Falls|Iron Range|Jackson|Jacksonville|Jamestown|
Jefferson City|Jersey City|Juneau|Kalamazoo|Kalispell|Kansas City|Kenosha|Ketchikan|Knoxville|Kokomo|La Crosse|
Lake Placid|Lansing|Laramie|Laredo|Las Vegas|Lewiston|Lexington|Lima|Lincoln|Little Rock|Long Beach|Lorain|
Lordstown|Los Angeles|Louisville|Lowell|Lubbock|Lynden|Mackinaw City|Madawaska|Madison|Malone|Mar-a-Lago|
Marquette|Massena|McAllen|Memphis|Mesa|Miami|Midland|Milwaukee|Minneapolis|Minot|Mobile|Modesto|Monroe|
Montpelier|Mount Clemens|Muncie|Muskegon|Nashville|New Haven|New Orleans|Newark|Newport|Nogales|Nome|Norfolk|
North Slope|Oakland|Ogdensburg|Oklahoma City|Olympia|Omaha|Orlando|Oshkosh|Palm Beach|Palm Springs|Pembina|
Pensacola|Peoria|Philadelphia|Phoenix|Pierre|Pittsburgh|Pittsburgher|Plattsburgh|Point Roberts|Port Huron|
Portal|Portland|Portsmouth|Poughkeepsie|Presque Isle|Providence|Pueblo|Racine|Raleigh|Rapid City|Reno|Rochester|
Rockford|Roosville|Roseau|Rouses Point|Sacramento|Saginaw|Salem|Salt Lake City|San Antonio|San Bernardino|
San Diego|San Francisco|San Jose|Santa Fe|Sarasota|Savannah|Scottsdale|Scranton|Seattle|Shreveport|Sioux City|
Sioux Falls|Skagit|Sodus Point|South Bend|Spokane|Springfield|St. Albans|St. Cloud|St. Ignace|St. Louis|
St. Paul|St. Petersburg|Stamford|Sterling Heights|Stockton|Superior|Swanton|Sweetgrass|Syracuse|Tacoma|
Tallahassee|Tampa|Toledo|Topeka|Traverse City|Tucson|Tulsa|Utica|Walla Walla|Warren|Warroad|Watertown|Waukegan|
Wausau|Wauseon|Weirton|Whatcom|Whatcom County|Wichita|Williston|Wilmington|Winona|Worcester|Yakima|Yonkers|
Youngstown
"""
_CANADIAN_REGIONS = """
Canada|Canadian|Canadians|Ottawa|Alberta|Albertan|Albertans|British Columbia|British Columbian|
British Columbians|B.C.|BC|Manitoba|Manitoban|Manitobans|New Brunswick|New Brunswicker|New Brunswickers|
Newfoundland|Newfoundlander|Newfoundlanders|Labrador|Nova Scotia|Nova Scotian|Nova Scotians|Nunavut|Nunavummiut|
Northwest Territories|N.W.T.|Ontario|Ontarian|Ontarians|Prince Edward Island|P.E.I.|PEI|Quebec|Québec|Quebecer|
Quebecers|Québécois|Quebecois|Saskatchewan|Saskatchewanian|Yukon|Yukoner|Yukoners|N.B.|N.S.|N.L.|
Parliament Hill|Bay Street|Rideau Hall|Queen's Park|Maritimes|Maritime|Maritimer|Maritimers|Prairies|Prairie|
Inuvialuit|Inuit|Inuk|Métis|Metis|First Nation|First Nations|Acadian|Cape Breton|Gaspé|Okanagan|Kootenay|
Kootenays|Peace River|Vancouver Island|Lower Mainland|Niagara Peninsula|Golden Horseshoe|Eastern Townships|
Beauce|Haida Gwaii|Haida|Ktunaxa|Secwepemc|Syilx|McGill|McGill University|Dalhousie|Carleton University|
Queen's University|Western University|McMaster|University of Toronto|University of Calgary|
University of British Columbia|UBC|Simon Fraser University|Laval|Ryerson|York University|University of Waterloo
"""
_CANADIAN_CITIES = """
Abbotsford|Aklavik|Alliston|Altona|Antigonish|Arnprior|Bagotville|Baie-Comeau|Baker Lake|Banff|Barrie|Bathurst|
Belleville|Bowmanville|Brampton|Brandon|Brantford|Brockville|Burnaby|Calgarian|Calgary|Cambridge Bay|
Campbell River|Campbellton|Castlegar|Charlevoix|Charlottetown|Chatham|Chatham-Kent|Chicoutimi|Chilliwack|
Clarington|Cobourg|Cochrane|Cold Lake|Collingwood|Corner Brook|Cornwall|Coutts|Cranbrook|Creston|Dartmouth|
Dawson City|Dawson Creek|Delta|Dieppe|Drummondville|Dryden|Edmonton|Edmontonian|Edmundston|Elliot Lake|Emerson|
Esquimalt|Essex County|Estevan|Flin Flon|Fort Erie|Fort Frances|Fort McMurray|Fort St. John|Fredericton|
Gananoque|Gander|Gatineau|Goderich|Goose Bay|Granby|Grande Prairie|Gretna|Guelph|Halifax|Haligonian|Hamilton|
Happy Valley-Goose Bay|Hardisty|Hay River|Hudson Bay|Igloolik|Ingersoll|Innisfil|Inuvik|Iqaluit|Jasper|Joliette|
Jonquière|Kamloops|Kananaskis|Kapuskasing|Kelowna|Kemptville|Kenora|Kingston|Kirkland Lake|Kitchener|
Kitchener-Waterloo|Kitimat|Kuujjuaq|Labrador City|Lac-Mégantic|Lacolle|Lacombe|Ladysmith|Langley|Leamington|
Lethbridge|Levis|Lindsay|Lloydminster|Longueuil|Lunenburg|Lévis|Maple Ridge|Markham|Medicine Hat|Melfort|
Merritt|Milton|Miramichi|Mississauga|Moncton|Mont-Tremblant|Montreal|Montrealer|Montréal|Moose Jaw|Moosonee|
Morden|Nanaimo|Nelson|New Glasgow|New Westminster|Newmarket|Niagara-on-the-Lake|Nipigon|Norman Wells|
North Battleford|North Bay|North Vancouver|Nunavik|Oakville|Oka|Orillia|Oshawa|Osoyoos|Owen Sound|Oxford County|
Oyen|Parksville|Parry Sound|Peace Arch|Pembroke|Penticton|Perth|Petawawa|Peterborough|Pickering|Picton|
Point Edward|Pond Inlet|Port Alberni|Port Colborne|Portage la Prairie|Powell River|Prescott|Prince Albert|
Prince Edward County|Prince George|Prince Rupert|Quebec City|Quesnel|Québec City|Rankin Inlet|Red Deer|Regina|
Repentigny|Resolute|Revelstoke|Richmond Hill|Rimouski|Rivière-du-Loup|Rossland|Rouyn-Noranda|Roxham Road|
Saanich|Sackville|Saguenay|Saint John|Saint-Bernard-de-Lacolle|Salaberry-de-Valleyfield|Sarnia|Sarnia-Lambton|
Saskatoon|Sault Ste. Marie|Scarborough|Selkirk|Sept-Iles|Sept-Îles|Shawinigan|Shediac|Sherbrooke|Simcoe|
Smiths Falls|Sorel-Tracy|Squamish|St. Andrews|St. Boniface|St. Catharines|St. John's|St. Stephen|St. Thomas|
Steinbach|Stoney Creek|Stratford|Strathroy|Sudbury|Summerside|Surrey|Swift Current|Terrace|Thetford Mines|
Thompson|Thorold|Thunder Bay|Tilbury|Tillsonburg|Timmins|Tofino|Toronto|Torontonian|Trail|Trois-Rivières|Truro|
Tsawwassen|Tuktoyaktuk|Val-d'Or|Vancouver|Vancouverite|Vaughan|Vavenby|Vernon|Victoria|Wabush|Walkerville|
Wallaceburg|Wasaga Beach|Waterloo|Wawa|Weyburn|Whistler|White Rock|Whitehorse|Williams Lake|Windsor|Windsorite|
Winkler|Winnipeg|Winnipegger|Wood Buffalo|Woodstock|Yarmouth|Yellowknife|Yorkton
"""
_OTHER_REGIONS = """
Afghanistan|Afghan|Africa|African|Argentina|Argentine|Argentinian|Asia|Asian|Australia|Australian|
Australians|Austria|Austrian|Bahamas|Bangladesh|Belarus|Belgium|Belgian|Bolivia|Brazil|Brazilian|Brazilians|
Britain|British|Briton|Britons|Bulgaria|Bulgarian|Cambodia|Chile|Chilean|China|Chinese|Colombia|Colombian|
Costa Rica|Croatia|Cuba|Cuban|Cyprus|Czech|Czech Republic|Denmark|Danish|Dane|Danes|Dutch|Ecuador|Egypt|
Egyptian|El Salvador|England|English|Estonia|Estonian|EU|E.U.|Europe|European|Europeans|European Union|
European Commission|European Parliament|Finland|Finnish|Finn|Finns|France|French|Gaza|German|Germans|
Germany|Ghana|Greece|Greek|Greenland|Greenlander|Greenlandic|Guatemala|Haiti|Haitian|Honduras|Hong Kong|
Hungary|Hungarian|Iceland|Icelandic|India|Indian|Indonesia|Indonesian|Iran|Iranian|Iraq|Iraqi|Ireland|Irish|
Israel|Israeli|Israelis|Italy|Italian|Italians|Jamaica|Japan|Japanese|Jordan|Kenya|Korea|Korean|Koreans|
Kremlin|Latin America|Latvia|Latvian|Lebanon|Libya|Lithuania|Lithuanian|Luxembourg|Malaysia|Malaysian|
Mexican|Mexicans|Mexico|Middle East|NATO|Netherlands|New Zealand|New Zealander|Nicaragua|Nigeria|Nigerian|
North Korea|North Korean|Norway|Norwegian|Norwegians|OPEC|Pakistan|Pakistani|Palestinian|Palestinians|
Panama|Panamanian|Paraguay|Peru|Peruvian|Philippines|Filipino|Poland|Polish|Poles|Portugal|Portuguese|Qatar|
Romania|Romanian|Russia|Russian|Russians|Saudi|Saudi Arabia|Saudis|Scotland|Scottish|Serbia|Singapore|
Singaporean|Slovakia|Slovenia|South Africa|South African|South Korea|South Korean|Spain|Spanish|Sweden|
Swedish|Swede|Swedes|Swiss|Switzerland|Syria|Syrian|Taiwan|Taiwanese|Thai|Thailand|Turkey|Turkish|UAE|U.K.|
UK|Ukraine|Ukrainian|Ukrainians|U.N.|UN|United Arab Emirates|United Kingdom|United Nations|Uruguay|
Venezuela|Venezuelan|Vietnam|Vietnamese|Wales|Welsh|WTO|World Trade Organization|G7|G-7|G20|IMF|OECD|
International Monetary Fund
"""
_OTHER_CITIES = """
Beijing|Berlin|Brasília|Brussels|Copenhagen|Frankfurt|Geneva|Kiev|Kyiv|Lisbon|London|Londoner|Madrid|
Mexico City|Monterrey|Moscow|Mumbai|New Delhi|Nuuk|Oslo|Paris|Riyadh|Rome|Rotterdam|Saltillo|Seoul|Shanghai|
Stockholm|Sydney|Taipei|Tehran|Tijuana|Tokyo|Vienna|Zurich|Davos|Ciudad Juárez|Ciudad Juarez
"""
# these are places only with their full stop
_ABBREVIATIONS = {
    "us": "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo",
    "canada": "Ont Que Sask Man Alta Nfld",
}
# words that are names of places but as often something else; alone they say nothing
_WEAK = word_set("""
    Indian Jordan Turkey Paris Georgia Concord Lincoln Jackson Madison Monroe Warren Columbia Superior
    Mobile Delta Trail Nelson Vernon Thompson Perth Victoria Resolute Terrace Prairie Maritime Burke Butte
    Canton Portal Clayton Champlain Augusta Helena Pierre Charlotte Austin Houston Dayton Gary Carson Jasper
    Selkirk Simcoe Lindsay Milton Brandon Dallas Chatham Wawa Waterloo Durham Newport Salem Savannah Eureka
    Phoenix Lexington Warren Mesa Reno
""")


_BEFORE_PLACE = frozenset({"in", "from", "of", "near", "at", "outside", "around", "to", "through", "across"})


class Place(NamedTuple):
    """words[first:last] name a place or a people of a side; `is_city` for a town rather than a country."""

    first: int
    last: int
    side: str
    is_city: bool


def find_places(words: Sequence[Word]) -> list[Place]:
    """The places and peoples among words, in order; of a town and its province or state the latter counts."""
    names, longest = _names()
    found: list[Place] = []
    at = 0
    while at < len(words):
        place = _place_at(words, at, names, longest)
        if place is None:
            at += 1
            continue
        behind = found and found[-1].is_city and not place.is_city and found[-1].last == place.first
        if behind and words[place.first].start - words[place.first - 1].end <= 2:
            found[-1] = Place(found[-1].first, place.last, place.side, True)
        else:
            found.append(place)
        at = place.last
    return found


def _place_at(
    words: Sequence[Word], at: int, names: dict[tuple[str, ...], tuple[str, bool]], longest: int
) -> Place | None:
    """The longest place that begins at a word."""
    if not words[at].key[0].isupper():
        return None
    for length in range(min(longest, len(words) - at), 0, -1):
        key = tuple(_spelled(word.key) for word in words[at : at + length])
        if key in names:
            if length == 1 and key[0] in _WEAK and not (at and words[at - 1].key.lower() in _BEFORE_PLACE):
                return None
            return Place(at, at + length, *names[key])
    if words[at].dotted:
        for side, abbreviations in _abbreviations().items():
            if words[at].key in abbreviations:
                return Place(at, at + 1, side, False)
    return None


def _spelled(key: str) -> str:
    """A word of a dateline in capitals as it is spelled elsewhere."""
    return key.capitalize() if len(key) > 3 and key.isupper() else key


@cache
def _names() -> tuple[dict[tuple[str, ...], tuple[str, bool]], int]:
    """Side of each place by its words, and whether it is a town; and the words of the longest."""
    lists = (
        (_OTHER_REGIONS, "other", False),
        (_OTHER_CITIES, "other", True),
        (_US_CITIES, "us", True),
        (_CANADIAN_CITIES, "canada", True),
        (_US_REGIONS, "us", False),
        (_CANADIAN_REGIONS, "canada", False),
    )
    names = {
        word_keys(name): (side, is_city)
        for text, side, is_city in lists
        for name in text.replace("\n", "").split("|")
        if name
    }
    return names, max(len(key) for key in names)


@cache
def _abbreviations() -> dict[str, frozenset[str]]:
    return {side: frozenset(words.split()) for side, words in _ABBREVIATIONS.items()}
